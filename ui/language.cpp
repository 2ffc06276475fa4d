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
const QString kEnginePrefix = QStringLiteral("engine_"); ///< of the engine's errors, notes and log lines
} // namespace

QStringList shippedLanguages()
{
    static_cast<void>(icon({})); // the icons' resources hold the translations
    QStringList codes;
    for (QString name : QDir(kFolder).entryList({kPrefix + QStringLiteral("*.qm")}, QDir::Files, QDir::Name))
        codes << name.remove(kPrefix).remove(QStringLiteral(".qm"));
    return codes;
}

std::vector<std::unique_ptr<QTranslator>> translatorsOf(const QString& language)
{
    std::vector<std::unique_ptr<QTranslator>> loaded;
    if (!shippedLanguages().contains(language))
        return loaded;
    const auto add = [&loaded](const QString& file, const QString& folder) {
        auto translator = std::make_unique<QTranslator>();
        if (translator->load(file, folder))
            loaded.push_back(std::move(translator));
    };
    // Of the package qt6-translations-l10n: where it is not installed, these texts are English.
    add(QStringLiteral("qtbase_") + language, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    for (const QString& prefix : {kPrefix, kDataPrefix, kEnginePrefix})
        add(prefix + language, kFolder);
    return loaded;
}

void installLanguage(QCoreApplication& application, const QString& code)
{
    if (!code.isEmpty())
        QLocale::setDefault(QLocale(code));
    const QLocale locale;
    QCoreApplication::installTranslator(new PluralTranslator(&application));
    const QString language = locale.name().section(QLatin1Char('_'), 0, 0);
    for (auto& translator : translatorsOf(language)) {
        translator->setParent(&application);
        QCoreApplication::installTranslator(translator.release());
    }
}

} // namespace mantissa::ui
