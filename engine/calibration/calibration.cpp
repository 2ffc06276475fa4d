// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration/calibration.h"

#include "engine/base/resource.h"
#include "engine/torch/loader.h"

#include <algorithm>
#include <fmt/format.h>

namespace mantissa {

std::vector<std::string> parsePrompts(std::string_view text)
{
    constexpr std::string_view kBlank = " \t\r";
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    std::vector<std::string> prompts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
        line = line.substr(0, line.find_last_not_of(kBlank) + 1);
        if (!line.empty() && line.front() != '#')
            prompts.emplace_back(line);
    }
    return prompts;
}

std::vector<std::string> defaultCalibrationPrompts()
{
    return parsePrompts(embeddedResource("prompts/default.txt"));
}

std::vector<std::string> noisePrompts(std::size_t count)
{
    std::vector<std::string> names;
    for (std::size_t i = 1; i <= count; ++i)
        names.push_back(fmt::format("noise {}", i));
    return names;
}

std::vector<std::string> calibratedRoles(const Model& model)
{
    std::vector<std::string> roles;
    for (const Component& component : model.components)
        if ((component.role == "diffusion_model" || component.role.starts_with("text_encoder"))
            && std::find(roles.begin(), roles.end(), component.role) == roles.end())
            roles.push_back(component.role);
    return roles;
}

Result<std::vector<std::string>> promptsToSample(
    std::vector<std::string> given, const std::filesystem::path& embeddings, std::size_t count)
{
    std::vector<std::string> prompts = std::move(given);
    if (!embeddings.empty()) {
        const auto texts = embeddedTexts(embeddings);
        if (!texts)
            return tl::unexpected(texts.error());
        if (!prompts.empty() && prompts.size() != *texts)
            return tl::unexpected(Error{ErrorCode::Usage,
                sentence("there are {} prompts and embeddings of {} texts; they belong together one to one",
                    prompts.size(), *texts),
                embeddings.string(), "name no prompts to have the texts numbered"});
        if (prompts.empty())
            for (std::size_t i = 0; i < count; ++i)
                prompts.push_back(fmt::format(
                    "text {} of {}, noise {}", i % *texts + 1, embeddings.stem().string(), i / *texts + 1));
    } else if (prompts.empty()) {
        prompts = defaultCalibrationPrompts();
    }
    prompts.resize(std::min(prompts.size(), count));
    return prompts;
}

Result<std::unique_ptr<CalibrationRunner>> openCalibration(
    std::shared_ptr<const Model> model, const GeneratorOptions& options)
{
    auto torch = loadTorch();
    if (!torch)
        return forward(std::move(torch));
    return (*torch)->openCalibration(std::move(model), options);
}

} // namespace mantissa
