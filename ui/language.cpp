// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/language.h"

#include "ui/icons.h"
#include "ui/plural_translator.h"

#include <QCoreApplication>
#include <QDir>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace mantissa::ui {

namespace {
const QString kFolder = QStringLiteral(":/translations");
const QString kPrefix = QStringLiteral("studio_"); ///< of the sentences in the source
const QString kDataPrefix
    = QStringLiteral("data_"); ///< of those that the engine's data files and formats hold
} // namespace

QStringList shippedLanguages()
{
    static_cast<void>(icon({})); // the icons' resources hold the translations
    QStringList codes;
    for (QString name : QDir(kFolder).entryList({kPrefix + QStringLiteral("*.qm")}, QDir::Files, QDir::Name))
        codes << name.remove(kPrefix).remove(QStringLiteral(".qm"));
    return codes;
}

void installLanguage(QCoreApplication& application, const QString& code)
{
    if (!code.isEmpty())
        QLocale::setDefault(QLocale(code));
    const QLocale locale;
    QCoreApplication::installTranslator(new PluralTranslator(&application));
    const QString language = locale.name().section(QLatin1Char('_'), 0, 0);
    if (!shippedLanguages().contains(language))
        return;
    auto* qt = new QTranslator(&application); // file dialogs and standard buttons
    if (qt->load(locale, QStringLiteral("qtbase"), QStringLiteral("_"),
            QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(qt);
    for (const QString& prefix : {kPrefix, kDataPrefix}) {
        auto* own = new QTranslator(&application);
        if (own->load(kFolder + QLatin1Char('/') + prefix + language))
            QCoreApplication::installTranslator(own);
    }
}

} // namespace mantissa::ui
