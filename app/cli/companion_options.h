// SPDX-License-Identifier: GPL-3.0-or-later
// What a model's file may lack and others have; shared by the verbs that run networks.
#pragma once

#include "app/cli/console.h"
#include "engine/torch/generation.h"

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace mantissa::cli {

/// --with, --tokenizer and --embeddings.
class CompanionOptions {
public:
    /// `options` gets the last two; it must outlive the parsing. `group` of the help.
    void declare(CLI::App& app, GeneratorOptions& options, const std::string& group);
    /// Opens the files of --with, under native keys, and adds them to `options`.
    Status open(const Console& console, GeneratorOptions& options) const;

    bool namesFiles() const { return !m_files.empty(); }

private:
    std::vector<std::string> m_files;
};

/// What a calibration samples: the lines of `file` (empty: those that ship), at most `count`. With embeddings
/// the lines belong to its texts, one to one; without a file the texts get names, and where there are fewer
/// than `count`, each gets several pictures. Usage where lines and texts differ in number.
Result<std::vector<std::string>> promptsToSample(
    const std::string& file, const GeneratorOptions& options, std::size_t count);

} // namespace mantissa::cli
