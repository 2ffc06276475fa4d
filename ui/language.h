// SPDX-License-Identifier: GPL-3.0-or-later
// The language of the window: that of the system where there is a translation (resources/translations), else
// English, whose plural forms need a translator too.
#pragma once

#include <QString>
#include <QStringList>

class QCoreApplication;

namespace mantissa::ui {

/// Codes of the translations that ship, without English.
QStringList shippedLanguages();
/// Installs translators for the whole run. `code` ("de", "en"): instead of the system's language; numbers
/// then follow it too.
void installLanguage(QCoreApplication& application, const QString& code);

} // namespace mantissa::ui
