// SPDX-License-Identifier: GPL-3.0-or-later
// How engine values read to a person: sizes, counts, shapes, errors. Locale numbers; everything else in the
// engine's own spelling, so that what the window says can be typed into the command line.
#pragma once

#include "engine/base/dtype.h"
#include "engine/base/error.h"
#include "engine/base/message.h"
#include "engine/formats/storage_format.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"

#include <QString>

#include <filesystem>

namespace mantissa::ui {

QString toQt(std::string_view text);
std::string toStd(const QString& text);
std::filesystem::path toPath(const QString& file);
QString fromPath(const std::filesystem::path& path);

/// The names that checkpoints have, for file dialogs: "*.safetensors *.sft …".
QString checkpointPatterns();
/// The filter of a file dialog that takes checkpoints.
QString checkpointFilter();

/// Text that reads from left to right whatever surrounds it: values with units, paths, what became of what.
/// Unchanged in a window that runs from left to right.
QString leftToRight(const QString& text);
/// "6.46 GB" (decimal units, as file managers show them).
QString sizeText(std::uint64_t bytes);
/// What becomes of a size: "13.4 MB → 12.5 MB".
QString sizesText(std::uint64_t before, std::uint64_t after);
/// The same of what may stay as large as it is: its one size then.
QString storedSizeText(std::uint64_t before, std::uint64_t after);
/// "2,567,463,684" in the user's locale.
QString countText(std::uint64_t count);
/// "2.57 billion"-like short form: "2.57 B", "85.9 M".
QString shortCountText(std::uint64_t count);
/// "−59.3 %" for less, "+4.0 %" for more; "0 %" when nothing changes.
QString savedText(std::uint64_t before, std::uint64_t after);
/// Share saved in [-inf, 1]; 0 for an empty original.
double savedShare(std::uint64_t before, std::uint64_t after);
/// "2.61 %" of a share, with as many digits as small ones need.
QString percentText(double share);
/// "31.7 dB" without the unit, of an error as a power ratio; "∞" where there is none.
QString decibelText(double power);
/// "320×768".
QString shapeText(const Shape& shape);
/// "1 min 20 s".
QString durationText(double seconds);

QString loaderText(LoaderSupport loader);
/// "NVFP4", or the id where no format of ours has it; "keep" for an empty id.
QString formatName(std::string_view id);
QString kindText(LayerKind kind);
QString provenanceText(Provenance provenance);
QString confidenceText(Confidence confidence);
QString roleText(std::string_view role);
QString hyperText(const HyperValue& value);
/// "NVFP4, block 16" for a choice with its parameters.
QString choiceText(const Choice& choice);

/// One capitalised sentence with a full stop: what is wrong and where.
QString errorSentence(const Error& error);
QString hintSentence(const Error& error);
/// Of an error, a note or a line of a log, as messageText(). Not yet a sentence with capital and full stop.
QString sentenceText(const Sentence& sentence);
/// What the engine says, in the language of the window; in English where it has no translation.
QString messageText(const Message& message);
/// A sentence that the engine's data files and formats hold as it is ("ComfyUI 0.29 or newer"), the same way;
/// names and what a person wrote have no translation and stay.
QString engineText(std::string_view text);
/// First letter upper case, full stop at the end.
QString asSentence(QString text);

} // namespace mantissa::ui
