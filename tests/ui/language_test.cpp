// SPDX-License-Identifier: GPL-3.0-or-later
// Every sentence of the window can be translated, and the translation that ships is complete.
#include "engine/compare/metric.h"
#include "engine/compat/loaders.h"
#include "engine/formats/storage_format.h"
#include "tests/ui/support/translations.h"
#include "tests/ui/support/window_fixture.h"
#include "ui/language.h"
#include "ui/text.h"

#include <QAbstractButton>
#include <QDirIterator>
#include <QDockWidget>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMenu>
#include <QRegularExpression>
#include <QSet>
#include <QTranslator>

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

QStringList places(const QString& text)
{
    static const QRegularExpression kPlace(QStringLiteral("%(\\d|n)"));
    QStringList found;
    for (auto it = kPlace.globalMatch(text); it.hasNext();)
        found << it.next().captured();
    found.sort();
    return found;
}

/// A list of sentences, or such a list for each spelling of keys. Where a hyper-parameter stands, the
/// translation has "{}".
void addEvidence(const QJsonValue& value, QSet<QString>& sentences)
{
    static const QRegularExpression kName(QStringLiteral("\\{\\w+\\}"));
    if (value.isString())
        sentences += value.toString().replace(kName, QStringLiteral("{}"));
    for (const QJsonValue& each : value.toArray())
        addEvidence(each, sentences);
    for (const QJsonValue& each : value.toObject())
        addEvidence(each, sentences);
}

/// The texts under these keys, anywhere in the file.
void addSentences(const QJsonValue& value, const QStringList& keys, QSet<QString>& sentences)
{
    for (const QJsonValue& each : value.toArray())
        addSentences(each, keys, sentences);
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it.key() == QLatin1String("evidence") && keys.contains(it.key()))
            addEvidence(*it, sentences);
        else if (it->isString() && keys.contains(it.key()))
            sentences += it->toString();
        else
            addSentences(*it, keys, sentences);
    }
}

void addSentences(const QString& name, const QStringList& keys, QSet<QString>& sentences)
{
    QFile file(name);
    INFO(name.toStdString());
    REQUIRE(file.open(QIODevice::ReadOnly));
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll());
    REQUIRE_FALSE(document.isNull());
    addSentences(
        document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object()), keys, sentences);
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
    const std::vector<Translation> messages
        = readMessages(QStringLiteral(MANTISSA_TRANSLATIONS "/studio_de.ts"));
    REQUIRE(messages.size() > 600);
    QTranslator compiled;
    REQUIRE(compiled.load(QStringLiteral(":/translations/studio_de")));
    for (const Translation& message : messages) {
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

TEST_CASE("Every sentence of the engine that can be translated has its German one, with the same places")
{
    // As lupdate finds them: messageSource("Engine", "…" "…") and countedSource.
    static const QRegularExpression kCall(QStringLiteral(
        "(messageSource|countedSource)\\(\\s*\"Engine\",\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*)+)\\)"));
    static const QRegularExpression kLiteral(QStringLiteral("\"((?:[^\"\\\\]|\\\\.)*)\""));
    QTranslator compiled;
    REQUIRE(compiled.load(QStringLiteral(":/translations/studio_de")));
    int sentences = 0, calls = 0;
    QDirIterator files(
        QStringLiteral("engine"), {QStringLiteral("*.cpp")}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        REQUIRE(file.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(file.readAll());
        static const QRegularExpression kAny(QStringLiteral("Source\\(\\s*\"Engine\""));
        calls += static_cast<int>(text.count(kAny));
        for (auto it = kCall.globalMatch(text); it.hasNext();) {
            const auto call = it.next();
            QString source;
            for (auto part = kLiteral.globalMatch(call.captured(2)); part.hasNext();)
                source += part.next().captured(1);
            source.replace(QLatin1String("\\\""), QLatin1String("\""));
            const bool counted = call.captured(1) == QLatin1String("countedSource");
            INFO(source.toStdString());
            for (const int count : {1, 2}) {
                const QString german = compiled.translate(
                    "Engine", source.toUtf8().constData(), nullptr, counted ? count : -1);
                CHECK_FALSE(german.isEmpty());
                CHECK(places(german) == places(source));
            }
            ++sentences;
        }
    }
    CHECK(sentences > 50);
    CHECK(sentences == calls); // none is written in a way that is not found
}

TEST_CASE("Every sentence of the data files and of the formats has its German one, and none is left over")
{
    QSet<QString> sentences;
    for (const char* folder : {"resources/architectures", "resources/presets"})
        for (const QFileInfo& file :
            QDir(QLatin1String(folder)).entryInfoList({QStringLiteral("*.json")}, QDir::Files))
            addSentences(file.filePath(),
                {QStringLiteral("reason"), QStringLiteral("because"), QStringLiteral("summary"),
                    QStringLiteral("evidence")},
                sentences);
    addSentences(QStringLiteral("resources/loaders.json"), {QStringLiteral("note")}, sentences);
    addSentences(QStringLiteral("resources/hardware.json"),
        {QStringLiteral("native"), QStringLiteral("emulated"), QStringLiteral("reason")}, sentences);
    FormatParams variant; // NVFP4 says something else of its blocks
    variant.blockSize = 8;
    for (const StorageFormat* format : storageFormats())
        sentences += {
            toQt(format->info().summary), toQt(format->info().loaderNote), toQt(format->loaderNote(variant))};
    for (const Metric* metric : pictureMetrics())
        sentences += toQt(metric->info().what);
    sentences.remove(QString());
    REQUIRE(sentences.size() > 100);

    QSet<QString> translated;
    QTranslator compiled;
    REQUIRE(compiled.load(QStringLiteral(":/translations/data_de")));
    for (const Translation& each : readMessages(QStringLiteral(MANTISSA_TRANSLATIONS "/data_de.ts"))) {
        INFO(each.source.toStdString());
        CHECK(each.context == "Engine");
        REQUIRE(each.forms.size() == 1);
        CHECK_FALSE(each.forms.front().isEmpty());
        CHECK(compiled.translate("Engine", each.source) == each.forms.front());
        translated += QString::fromUtf8(each.source);
    }
    CHECK((sentences - translated).values().join(QLatin1Char('|')).toStdString() == "");
    CHECK((translated - sentences).values().join(QLatin1Char('|')).toStdString() == "");
}

TEST_CASE("What a runtime does with a plan, and what a data file says, is German too")
{
    const auto& loaders = knownLoaders();
    const auto loader = std::find_if(
        loaders.begin(), loaders.end(), [](const Loader& each) { return each.id == "comfyui-0.29"; });
    REQUIRE(loader != loaders.end());
    const LoadAnswer answer = willItLoad({{"nvfp4", true, {}, 3}, {"nf4", true, {}, 1}}, *loader, nullptr);
    REQUIRE(answer.reasons.size() == 2);
    CHECK(answer.reasons[1].text()
        == "nf4 (1 layer): refused: this version does not know the format, so the file does not load");
    QTranslator source, data;
    REQUIRE(source.load(QStringLiteral(":/translations/studio_de")));
    REQUIRE(data.load(QStringLiteral(":/translations/data_de")));
    QCoreApplication::installTranslator(&source);
    QCoreApplication::installTranslator(&data);
    const QString said = messageText(answer.reasons[0]);
    const QString reason = engineText("the last layer writes the result directly");
    const QString name = engineText("flux1");
    QCoreApplication::removeTranslator(&source);
    QCoreApplication::removeTranslator(&data);
    CHECK(said
        == QString::fromUtf8(
            "nvfp4 (3 Schichten): emuliert: der schnelle Weg ist für GPUs von NVIDIA gemacht; "
            "hier wird es bei jeder Benutzung auf 16 Bit dekodiert"));
    CHECK(reason == QString::fromUtf8("die letzte Schicht schreibt unmittelbar das Ergebnis"));
    CHECK(name == QLatin1String("flux1"));
}

TEST_CASE("Findings speak the language of the window")
{
    const Message message(
        countedSource("Engine", "%n layer(s) in %1: no known runtime loads it"), {"nf4"}, 3);
    CHECK(messageText(message) == QLatin1String("3 layers in nf4: no known runtime loads it"));
    QTranslator german;
    REQUIRE(german.load(QStringLiteral(":/translations/studio_de")));
    QCoreApplication::installTranslator(&german);
    const QString said = messageText(message);
    QCoreApplication::removeTranslator(&german);
    CHECK(said == QString::fromUtf8("3 Schichten in nf4: keine bekannte Laufzeit lädt das"));
    CHECK(messageText(Message("nf4 (s)")) == QLatin1String("nf4 (s)"));
}
