// SPDX-License-Identifier: GPL-3.0-or-later
// The options that name what a network needs to run and its own file lacks; shared by the verbs that run
// networks.
#pragma once

#include "app/cli/console.h"
#include "app/cli/options.h"
#include "engine/base/error.h"
#include "engine/torch/generation.h"

#include <string>
#include <vector>

namespace mantissa::cli {

/// --with, --tokenizer and --embeddings.
class PartOptions {
public:
    /// Under this heading of the help; empty: the usual one.
    void declare(Options& options, const std::string& heading = {});
    /// Opens the files of --with, under native keys, and adds all that is named to `options`.
    Status open(const Console& console, GeneratorOptions& options) const;

    /// Whether --with or --tokenizer was given.
    bool namesFiles() const { return !m_companions.empty() || !m_tokenizer.empty(); }
    bool namesEmbeddings() const { return !m_embeddings.empty(); }

private:
    std::vector<std::string> m_companions;
    std::string m_tokenizer, m_embeddings;
};

/// What a calibration of --prompts FILE (empty: none was named) samples (calibration.h: promptsToSample).
Result<std::vector<std::string>> promptsToSample(
    const std::string& path, const GeneratorOptions& options, std::size_t count);

} // namespace mantissa::cli
