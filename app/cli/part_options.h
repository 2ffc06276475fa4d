// SPDX-License-Identifier: GPL-3.0-or-later
// The options that name what a network needs to run and its own file lacks; shared by generate, calibrate and
// compare.
#pragma once

#include "app/cli/console.h"
#include "app/cli/options.h"
#include "engine/base/error.h"
#include "engine/torch/generation.h"

#include <string>
#include <vector>

namespace mantissa::cli {

class PartOptions {
public:
    /// Under this heading of the help; empty: the usual one.
    void declare(Options& options, const std::string& heading = {});
    /// Opens the files and adds them to `options`.
    Status open(const Console& console, GeneratorOptions& options) const;

private:
    std::vector<std::string> m_companions;
    std::string m_tokenizer, m_embeddings;
};

} // namespace mantissa::cli
