// SPDX-License-Identifier: GPL-3.0-or-later
// Errors, notes and log lines of the engine can be said in the window's language, and all are translated.
#include "engine/arch/identify.h"
#include "engine/base/error.h"
#include "engine/base/shortage.h"
#include "tests/ui/support/engine_sources.h"
#include "tests/ui/support/translations.h"
#include "ui/job_messages.h"
#include "ui/text.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QSet>
#include <QTranslator>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

/// "{}{}", "{1} {0}", "{:.2f}": which arguments stand in it.
QList<int> bracedPlaces(const QString& text)
{
    static const QRegularExpression kPlace(QStringLiteral("\\{(\\d*)(?::[^{}]*)?\\}"));
    QSet<int> found;
    int next = 0;
    for (auto it = kPlace.globalMatch(text); it.hasNext();) {
        const QString number = it.next().captured(1);
        found += number.isEmpty() ? next++ : number.toInt();
    }
    QList<int> sorted = found.values();
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

} // namespace

TEST_CASE("Every sentence of an error, a note or a log line has its German one, and none is left over")
{
    const EngineSources sources = readEngineSources();
    REQUIRE(sources.sentences.size() > 800);
    // What the extraction must find: in fail(), as a hint, through a helper with a Sentence, in a ternary.
    for (const char* each : {"the document is nested more than {} levels deep", "create it first",
             "it takes a value from an empty stack", "it is no regular file: name another",
             "{} of its values decode to NaN or infinity"})
        CHECK(sources.sentences.contains(QString::fromLatin1(each)));

    QTranslator compiled;
    REQUIRE(compiled.load(QStringLiteral(":/translations/engine_de")));
    QSet<QString> translated;
    for (const Translation& each : readMessages(QStringLiteral(MANTISSA_TRANSLATIONS "/engine_de.ts"))) {
        INFO(each.source.toStdString());
        CHECK(each.context == "Engine");
        REQUIRE(each.forms.size() == 1);
        CHECK_FALSE(each.forms.front().isEmpty());
        CHECK(bracedPlaces(each.forms.front()) == bracedPlaces(QString::fromUtf8(each.source)));
        CHECK(compiled.translate("Engine", each.source) == each.forms.front());
        translated += QString::fromUtf8(each.source);
    }
    CHECK((sources.sentences - translated).values().join(QLatin1Char('\n')).toStdString() == "");
    QSet<QString> unused = translated - sources.literals;
    for (const int error : {ENOENT, EACCES, EPERM, EROFS, ENOSPC, EDQUOT, EIO, EISDIR, ENOTDIR, EEXIST, EFBIG,
             EMFILE, ELOOP, ESTALE, ENOMEM})
        unused.remove(QString::fromLocal8Bit(std::strerror(error))); // the system's own words
    CHECK(unused.values().join(QLatin1Char('\n')).toStdString() == "");
}

TEST_CASE("Errors are said in the language of the window, with their places and what they pass on")
{
    const InstalledLanguage german(QStringLiteral("de"));
    const auto tooBig
        = fail(ErrorCode::System, "the output needs {} bytes, but only {} are free there", 10, 3);
    Error error = tooBig.value();
    error.where = sentence("{}, byte {}", "a.pt", 7);
    error.hint = kDiskHint;
    CHECK(error.message == "the output needs 10 bytes, but only 3 are free there");
    CHECK(error.where == "a.pt, byte 7");
    CHECK(errorSentence(error)
        == QString::fromUtf8("Die Ausgabe braucht 10 Byte, aber dort sind nur 3 frei (a.pt, Byte 7)."));
    CHECK(hintSentence(error).startsWith(QString::fromUtf8("Auf diesem Datenträger Platz schaffen")));

    // A sentence inside another, and formatted numbers.
    const Sentence outer = sentence("the statistics are damaged: {}", sentence("{} is missing", "hessian"));
    CHECK(outer == "the statistics are damaged: hessian is missing");
    CHECK(sentenceText(outer) == QString::fromUtf8("die Statistik ist beschädigt: hessian fehlt"));
    CHECK(sentenceText(sentence("inputs cut at {:.6g}", 2.5))
        == QLatin1String("Eingaben abgeschnitten bei 2.5"));
    CHECK(sentenceText(sentence("patches of {0}×{0} are none", 3))
        == QString::fromUtf8("Kacheln von 3×3 gibt es nicht"));

    // Evidence of a data file, with hyper-parameters.
    const auto evidence = arch::fillIn(
        "{layers} layers are {width} wide", {{"layers", std::int64_t{12}}, {"width", std::int64_t{768}}});
    REQUIRE(evidence);
    CHECK(*evidence == "12 layers are 768 wide");
    CHECK(sentenceText(*evidence) == QLatin1String("12 Schichten sind 768 breit"));

    // What was changed after it was made, and what has no translation, is said as it stands.
    Sentence longer = sentence("{} is missing", "hessian");
    longer += "; so is the mean";
    CHECK(sentenceText(longer) == QLatin1String("hessian is missing; so is the mean"));
    CHECK(sentenceText(Sentence("{} of 3")) == QLatin1String("{} of 3"));

    // Qt's own buttons speak it too.
    CHECK(QCoreApplication::translate("QPlatformTheme", "Cancel") == QLatin1String("Abbrechen"));
}

TEST_CASE("What a worker process says can still be translated")
{
    const InstalledLanguage german(QStringLiteral("de"));
    Error error{ErrorCode::System,
        sentence("{}: {}", Sentence("the output could not be written"), Sentence("No space left on device")),
        sentence("tensor {}", "a"), "create it first"};
    const QByteArray line = toLine(Result<JobOutcome>(tl::unexpected(error)));
    CHECK(line.contains("\"message\":\"the output could not be written: No space left on device\""));
    const auto read = fromLine(line);
    REQUIRE(read);
    const Error& got = std::get<Result<JobOutcome>>(*read).error();
    CHECK(got.message == error.message);
    CHECK(errorSentence(got)
        == QString::fromUtf8("Die Ausgabe ließ sich nicht schreiben: auf dem Datenträger ist kein Platz mehr "
                             "(Tensor a)."));
    CHECK(hintSentence(got) == QLatin1String("Ihn zuerst anlegen."));

    const auto log = fromLine(
        toLine(LogLine{LogLevel::Warning, sentence("{} weights are NaN or infinity", 4), "net.0"}));
    REQUIRE(log);
    CHECK(std::get<LogLine>(*log).text == "4 weights are NaN or infinity");
    CHECK(sentenceText(std::get<LogLine>(*log).text)
        == QString::fromUtf8("4 Gewichte sind NaN oder unendlich"));
    const Message counted(
        countedSource("Engine", "%n layer(s) in %1: no known runtime loads it"), {"nf4"}, 3);
    const auto again = fromLine(toLine(LogLine{LogLevel::Info, counted, {}}));
    REQUIRE(again);
    CHECK(std::get<LogLine>(*again).text.translatable() == counted);
}
