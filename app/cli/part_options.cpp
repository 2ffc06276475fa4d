// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/part_options.h"

#include "app/cli/plan_options.h"
#include "engine/calibration/calibration.h"

#include <algorithm>

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
    const std::string& file, const GeneratorOptions& options, std::size_t count)
{
    std::vector<std::string> prompts;
    if (!file.empty()) {
        auto lines = readPrompts(file);
        if (!lines)
            return forward(std::move(lines));
        prompts = std::move(*lines);
    }
    if (!options.embeddings.empty()) {
        const auto texts = embeddedTexts(options.embeddings);
        if (!texts)
            return tl::unexpected(texts.error());
        if (file.empty())
            prompts = embeddedPrompts(options.embeddings, *texts, count);
        else if (prompts.size() != *texts)
            return tl::unexpected(Error{ErrorCode::Usage,
                fmt::format(
                    "there are {} prompts and embeddings of {} texts; they belong together one to one",
                    prompts.size(), *texts),
                file, "leave --prompts out to have the texts numbered"});
    } else if (file.empty()) {
        prompts = defaultCalibrationPrompts();
    }
    prompts.resize(std::min(prompts.size(), count));
    return prompts;
}

} // namespace mantissa::cli
