// SPDX-License-Identifier: GPL-3.0-or-later
// The language of the window: that of the system where there is a translation (resources/translations), else
// English, whose plural forms need a translator too.
#pragma once

#include <QString>
#include <QStringList>

#include <memory>
#include <vector>

class QCoreApplication;
class QTranslator;

namespace mantissa::ui {

/// Codes of the translations that ship, without English.
QStringList shippedLanguages();
/// The translators of a language ("de"), Qt's own texts (standard buttons, file dialogs) first; none where we
/// have no translation. They are not installed yet; the last one that is installed is asked first.
std::vector<std::unique_ptr<QTranslator>> translatorsOf(const QString& language);
/// Installs translators for the whole run. `code` ("de", "en"): instead of the system's language; numbers
/// then follow it too.
void installLanguage(QCoreApplication& application, const QString& code);

} // namespace mantissa::ui
