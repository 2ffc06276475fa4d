// SPDX-License-Identifier: GPL-3.0-or-later
// Every sentence of the window can be translated, and the translation that ships is complete.
#include "tests/ui/support/window_fixture.h"
#include "ui/language.h"

#include <QAbstractButton>
#include <QDockWidget>
#include <QFile>
#include <QLabel>
#include <QMenu>
#include <QRegularExpression>
#include <QTranslator>
#include <QXmlStreamReader>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

const QString kOpen = QStringLiteral("⟦"), kClose = QStringLiteral("⟧");

/// A language in which everything is longer and stands in brackets.
class PseudoTranslator : public QTranslator {
public:
    bool isEmpty() const override { return false; }
    QString translate(const char* context, const char* source, const char*, int) const override
    {
        const bool ours = QByteArray(context).startsWith("mantissa") || QByteArray(context) == "Actions"
            || QByteArray(context) == "Text" || QByteArray(context) == "Queue"
            || QByteArray(context) == "ActivationText";
        return ours ? kOpen + QString::fromUtf8(source) + QStringLiteral(" ẅörd") + kClose : QString();
    }
};

struct Pseudo {
    Pseudo() { QCoreApplication::installTranslator(&translator); }
    ~Pseudo() { QCoreApplication::removeTranslator(&translator); }
    PseudoTranslator translator;
};

bool isWords(const QString& text)
{
    static const QRegularExpression kWord(QStringLiteral("[A-Za-z]{3,}"));
    return kWord.match(text).hasMatch();
}

struct Message {
    QByteArray context, source;
    QStringList forms;
    bool numerus = false;
};

std::vector<Message> readMessages(const QString& file)
{
    QFile in(file);
    REQUIRE(in.open(QIODevice::ReadOnly));
    QXmlStreamReader xml(&in);
    std::vector<Message> messages;
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

QStringList places(const QString& text)
{
    static const QRegularExpression kPlace(QStringLiteral("%(\\d|n)"));
    QStringList found;
    for (auto it = kPlace.globalMatch(text); it.hasNext();)
        found << it.next().captured();
    found.sort();
    return found;
}

} // namespace

TEST_CASE("In the pseudo-language every name, title and button is translated")
{
    const Pseudo pseudo;
    WindowFixture f;
    f.openSample();
    for (QDockWidget* dock : f.window.findChildren<QDockWidget*>()) {
        dock->show();
        CHECK(dock->windowTitle().startsWith(kOpen));
    }
    QStringList plain;
    // Facts of the file are the engine's words; parts inside Qt's own widgets are translated by Qt's
    // catalogues.
    const QStringList facts{QStringLiteral("architectureName"), QStringLiteral("evidence"),
        QStringLiteral("dtypeValue"), QStringLiteral("fileValue"), QStringLiteral("hyperKey"),
        QStringLiteral("detailsTitle")};
    const auto isOurs = [&](const QWidget* widget) {
        const QString name = widget->objectName();
        return !facts.contains(name) && !name.startsWith(QLatin1String("qt_"))
            && !name.startsWith(QLatin1String("Scroll"));
    };
    for (const QWidget* widget : f.window.findChildren<QWidget*>()) {
        if (!isOurs(widget))
            continue;
        if (!widget->accessibleName().isEmpty() && isWords(widget->accessibleName())
            && !widget->accessibleName().contains(kOpen))
            plain << QStringLiteral("name of %1: %2").arg(widget->objectName(), widget->accessibleName());
        const auto* button = qobject_cast<const QAbstractButton*>(widget);
        if (button != nullptr && isWords(button->text()) && !button->text().contains(kOpen))
            plain << QStringLiteral("button %1: %2").arg(button->objectName(), button->text());
    }
    for (const auto& [menu, actions] : f.window.actionTable().byMenu())
        for (const QAction* action : actions)
            if (!action->objectName().startsWith(QLatin1String("actionFormat_"))
                && !action->text().contains(kOpen))
                plain << action->objectName();
    CHECK(plain.join(QLatin1Char(';')).toStdString() == "");
}

TEST_CASE("The German translation is complete, keeps its places, and is the compiled one")
{
    REQUIRE(shippedLanguages() == QStringList{QStringLiteral("de")});
    const std::vector<Message> messages = readMessages(QStringLiteral(MANTISSA_TRANSLATIONS "/studio_de.ts"));
    REQUIRE(messages.size() > 600);
    QTranslator compiled;
    REQUIRE(compiled.load(QStringLiteral(":/translations/studio_de")));
    for (const Message& message : messages) {
        INFO(message.source.toStdString());
        REQUIRE(message.forms.size() == (message.numerus ? 2 : 1));
        for (const QString& form : message.forms) {
            CHECK_FALSE(form.isEmpty());
            CHECK(places(form) == places(QString::fromUtf8(message.source)));
        }
        const QString read
            = compiled.translate(message.context, message.source, nullptr, message.numerus ? 2 : -1);
        CHECK(read.toStdString() == message.forms.last().toStdString());
    }
}

TEST_CASE("The window speaks German")
{
    QTranslator german;
    REQUIRE(german.load(QStringLiteral(":/translations/studio_de")));
    QCoreApplication::installTranslator(&german);
    {
        WindowFixture f;
        f.openSample();
        CHECK(f.action(ActionId::Export)->text() == QStringLiteral("&Exportieren…"));
        CHECK(f.find<QDockWidget>("dockQueue")->windowTitle() == QStringLiteral("Warteschlange"));
    }
    QCoreApplication::removeTranslator(&german);
}
