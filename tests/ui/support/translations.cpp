// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/translations.h"

#include "ui/language.h"

#include <QCoreApplication>
#include <QFile>
#include <QXmlStreamReader>

#include <catch2/catch.hpp>

namespace mantissa::ui::test {

std::vector<Translation> readMessages(const QString& file)
{
    QFile in(file);
    REQUIRE(in.open(QIODevice::ReadOnly));
    QXmlStreamReader xml(&in);
    std::vector<Translation> messages;
    QByteArray context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        const auto name = xml.name();
        if (name == QLatin1String("message")) {
            messages.push_back(
                {context, {}, {}, xml.attributes().value(QLatin1String("numerus")) == QLatin1String("yes")});
        } else if (name == QLatin1String("name")) {
            context = xml.readElementText().toUtf8();
        } else if (name == QLatin1String("source")) {
            messages.back().source = xml.readElementText().toUtf8();
        } else if (name == QLatin1String("translation")) {
            INFO(messages.back().source.toStdString());
            CHECK_FALSE(xml.attributes().hasAttribute(QLatin1String("type"))); // unfinished
            if (!messages.back().numerus)
                messages.back().forms << xml.readElementText();
        } else if (name == QLatin1String("numerusform")) {
            messages.back().forms << xml.readElementText();
        }
    }
    REQUIRE_FALSE(xml.hasError());
    return messages;
}

InstalledLanguage::InstalledLanguage(const QString& code)
    : translators(translatorsOf(code))
{
    for (const auto& translator : translators)
        QCoreApplication::installTranslator(translator.get());
}

} // namespace mantissa::ui::test
