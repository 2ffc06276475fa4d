// SPDX-License-Identifier: GPL-3.0-or-later
// Catalogues of translations as files, and a language as the program installs it.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QTranslator>

#include <memory>
#include <vector>

namespace mantissa::ui::test {

struct Translation {
    QByteArray context, source;
    QStringList forms;
    bool numerus = false;
};

/// Of a .ts file; fails the test where one is unfinished.
std::vector<Translation> readMessages(const QString& file);

/// The language as the program installs it, for as long as this lives.
struct InstalledLanguage {
    explicit InstalledLanguage(const QString& code);
    std::vector<std::unique_ptr<QTranslator>> translators; ///< take themselves off when they end
};

} // namespace mantissa::ui::test
