// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/shipped_prompts.h"

#include "engine/base/resource.h"
#include "engine/calibration/calibration.h"
#include "engine/io/random_access_file.h"

namespace mantissa {

namespace {

/// The metadata entry that every file made of the sample carries on.
std::string configOf(const TensorSource& source)
{
    const auto it = source.info().metadata.find("config");
    return it == source.info().metadata.end() ? std::string() : it->second;
}

bool isSample(const Model& model)
{
    const auto sample = resourcePath("sample/tiny-sd.safetensors");
    if (!sample)
        return false;
    const auto source = openCheckpoint(*sample);
    const std::string config = configOf(*model.source);
    return source && !config.empty() && configOf(**source) == config;
}

} // namespace

Result<std::vector<std::string>> shippedPrompts(const Model& model)
{
    std::vector<std::string> prompts;
    if (isSample(model)) {
        if (const auto path = resourcePath("sample/prompts.txt")) {
            const auto file = RandomAccessFile::open(*path);
            if (!file)
                return tl::unexpected(file.error());
            const auto text = (*file)->readText(0, static_cast<std::size_t>((*file)->size()));
            if (!text)
                return tl::unexpected(text.error());
            prompts = parsePrompts(*text);
        }
    } else {
        prompts = defaultCalibrationPrompts();
    }
    if (prompts.empty())
        return tl::unexpected(Error{ErrorCode::System, "the prompts that ship with Mantissa are missing", {},
            "name a file with prompts"});
    return prompts;
}

} // namespace mantissa
