// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/engine_sources.h"

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QStringList>

#include <catch2/catch.hpp>

#include <map>

namespace mantissa::ui::test {

namespace {

/// Where a literal begins: it, and those that follow it at once, as one text; `at` then stands behind them.
QString literalsAt(const QString& text, qsizetype& at)
{
    QString whole;
    while (at < text.size() && text[at] == QLatin1Char('"')) {
        for (++at; text[at] != QLatin1Char('"'); ++at) {
            if (text[at] == QLatin1Char('\\'))
                ++at;
            whole += text[at] == QLatin1Char('n') && text[at - 1] == QLatin1Char('\\') ? QLatin1Char('\n')
                                                                                       : text[at];
        }
        for (++at; at < text.size() && text[at].isSpace();)
            ++at;
    }
    return whole;
}

/// The source without comments, raw strings and characters in quotes, none of which is ever a sentence.
QString withoutComments(const QString& text)
{
    QString out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (QStringView(text).mid(i, 3) == QLatin1String("R\"(")) {
            i = text.indexOf(QLatin1String(")\""), i) + 1;
        } else if (c == QLatin1Char('"')) {
            const qsizetype begin = i;
            for (++i; text[i] != QLatin1Char('"'); ++i)
                i += text[i] == QLatin1Char('\\') ? 1 : 0;
            out += text.mid(begin, i - begin + 1);
        } else if (c == QLatin1Char('\'') && i > 0 && !text[i - 1].isLetterOrNumber()) {
            for (++i; text[i] != QLatin1Char('\''); ++i)
                i += text[i] == QLatin1Char('\\') ? 1 : 0;
        } else if (QStringView(text).mid(i, 2) == QLatin1String("//")) {
            i = text.indexOf(QLatin1Char('\n'), i);
            if (i < 0)
                break;
            out += QLatin1Char('\n');
        } else {
            out += c;
        }
    }
    return out;
}

/// The literals between the bracket at `at` (or, for an assignment, up to its semicolon) and its end, but not
/// those in brackets of their own.
QStringList directLiterals(const QString& text, qsizetype at, int depth)
{
    QStringList found;
    for (int open = depth; at < text.size();) {
        const QChar c = text[at];
        if (c == QLatin1Char('"')) {
            const QString literal = literalsAt(text, at);
            if (open == 1)
                found << literal;
            continue;
        }
        const bool closes = QStringLiteral(")}]").contains(c);
        if (closes)
            --open;
        else if (QStringLiteral("({[").contains(c))
            ++open;
        if ((closes && open <= 0) || (c == QLatin1Char(';') && open == 1))
            break;
        ++at;
    }
    return found;
}

} // namespace

EngineSources readEngineSources()
{
    std::map<QString, QString> files;
    for (const char* folder : {"engine", "ui"}) {
        QDirIterator names(QLatin1String(folder), {QStringLiteral("*.cpp"), QStringLiteral("*.h")},
            QDir::Files, QDirIterator::Subdirectories);
        while (names.hasNext()) {
            QFile file(names.next());
            if (file.fileName().startsWith(QLatin1String("engine/ctq"))) // the command line alone shows these
                continue;
            REQUIRE(file.open(QIODevice::ReadOnly));
            files[file.fileName()] = withoutComments(QString::fromUtf8(file.readAll()));
        }
    }
    static const QRegularExpression kTakesSentence(QStringLiteral(
        "\\b(\\w+)\\s*(?:=\\s*\\[[^\\]]*\\]\\s*)?\\((?:const )?[^(){};]*\\bSentence&?&? \\w+"));
    std::map<QString, QSet<QString>> takers; // name, and the files that see it: headers of the engine for all
    for (const auto& [name, text] : files)
        for (auto it = kTakesSentence.globalMatch(text); it.hasNext();)
            takers[it.next().captured(1)]
                += name.startsWith(QLatin1String("engine/")) && name.endsWith(QLatin1String(".h")) ? QString()
                                                                                                   : name;

    static const QRegularExpression kCall(QStringLiteral("\\b(\\w+)\\s*(?=[({])"));
    static const QRegularExpression kBare(
        QStringLiteral("\\{(?=\\s*ErrorCode::)|\\b(?:warnings|notes|evidence|problems)(?:\\.|->)(?:push|"
                       "emplace)_back(?=\\()"));
    static const QRegularExpression kAssigned(QStringLiteral("\\b(?:hint|message|problem|reason)\\s*=(?!=)"));
    static const QRegularExpression kWords(QStringLiteral("[A-Za-z] | [A-Za-z]"));
    static const QRegularExpression kLetters(QStringLiteral("[A-Za-z]{2}"));
    static const QRegularExpression kPlaces(QStringLiteral("\\{[^}]*\\}"));
    EngineSources found;
    const auto add = [&](const QStringList& literals, bool firstIsSource) {
        for (qsizetype i = 0; i < literals.size(); ++i) {
            QString words = literals[i];
            words.remove(kPlaces);
            if ((firstIsSource && i == 0 && kLetters.match(words).hasMatch())
                || kWords.match(words).hasMatch())
                found.sentences += literals[i];
        }
    };
    for (const auto& [name, text] : files) {
        for (qsizetype at = text.indexOf(QLatin1Char('"')); at >= 0; at = text.indexOf(QLatin1Char('"'), at))
            found.literals += literalsAt(text, at);
        for (auto it = kCall.globalMatch(text); it.hasNext();) {
            const auto call = it.next();
            const QString function = call.captured(1);
            const bool source = function == QLatin1String("fail") || function == QLatin1String("raise")
                || function == QLatin1String("sentence");
            const auto taker = takers.find(function);
            if (source || function == QLatin1String("Error") || function == QLatin1String("Sentence")
                || (taker != takers.end()
                    && (taker->second.contains(name) || taker->second.contains(QString()))))
                add(directLiterals(text, call.capturedEnd(), 0), source);
        }
        for (auto it = kBare.globalMatch(text); it.hasNext();) {
            const auto spot = it.next();
            add(directLiterals(text,
                    spot.captured() == QLatin1String("{") ? spot.capturedStart() : spot.capturedEnd(), 0),
                false);
        }
        for (auto it = kAssigned.globalMatch(text); it.hasNext();)
            add(directLiterals(text, it.next().capturedEnd(), 1), false);
    }
    return found;
}

} // namespace mantissa::ui::test
