// SPDX-License-Identifier: GPL-3.0-or-later
// What engine and window say in errors, notes and log lines, read from their sources. lupdate cannot: it
// knows neither fail() nor the functions that take a Sentence.
#pragma once

#include <QSet>
#include <QString>

namespace mantissa::ui::test {

struct EngineSources {
    QSet<QString> sentences; ///< that must have a translation
    QSet<QString> literals; ///< all there are
};

/// From the working directory, the source root. Sentences are the literals of sentence(), fail(),
/// raise(), Error{}, Sentence(), of assignments to a hint or message, of what is added to warnings, and of
/// every function that takes a Sentence.
EngineSources readEngineSources();

} // namespace mantissa::ui::test
