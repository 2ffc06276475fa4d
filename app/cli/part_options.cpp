// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/part_options.h"

#include "app/cli/plan_options.h"
#include "engine/calibration/calibration.h"

namespace mantissa::cli {

void PartOptions::declare(Options& options, const std::string& heading)
{
    const OptionHandle declared[] = {
        options.add("--with", m_companions,
            "Another file, for a VAE or text encoder that the model lacks (repeatable)"),
        options.add("--tokenizer", m_tokenizer,
            "T5's spiece.model or its folder, where the text encoder's file has none"),
        options.add("--embeddings", m_embeddings,
            "Text embeddings (.safetensors: context, negative_context, y), where the text encoder cannot run "
            "here")};
    for (const OptionHandle& option : declared)
        if (!heading.empty())
            option.group(heading);
}

Status PartOptions::open(const Console& console, GeneratorOptions& options) const
{
    for (const std::string& file : m_companions) {
        auto companion = openNativeModel(console, file);
        if (!companion)
            return tl::unexpected(companion.error());
        options.companions.push_back(std::move(*companion));
    }
    options.tokenizer = m_tokenizer;
    options.embeddings = m_embeddings;
    return {};
}

Result<std::vector<std::string>> promptsToSample(
    const std::string& path, const GeneratorOptions& options, std::size_t count)
{
    std::vector<std::string> given;
    if (!path.empty()) {
        auto lines = readPrompts(path);
        if (!lines)
            return lines;
        given = std::move(*lines);
    }
    return mantissa::promptsToSample(std::move(given), options.embeddings, count);
}

} // namespace mantissa::cli
