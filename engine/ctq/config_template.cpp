// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/modes.h"

#include <algorithm>

namespace mantissa::ctq {

// As json.dump(..., indent=2) lays it out.
std::string layerConfigTemplate(const TensorSource& source)
{
    constexpr std::string_view kWeight = ".weight";
    constexpr std::int64_t kSmallest = 16; // what the Python tool takes for worth quantizing
    std::vector<const TensorInfo*> weights;
    for (const TensorInfo& tensor : source.tensors())
        if (tensor.name.ends_with(kWeight) && tensor.shape.size() == 2 && tensor.shape[0] >= kSmallest
            && tensor.shape[1] >= kSmallest)
            weights.push_back(&tensor);
    std::sort(weights.begin(), weights.end(), [](auto* a, auto* b) { return a->name < b->name; });
    std::string text = "{\n  \"_default\": {\n    \"format\": \"\"\n  },\n  \"_exclusions\": []";
    for (const TensorInfo* weight : weights)
        text += fmt::format(
            ",\n  {}: {{\n    \"format\": \"\",\n    \"_shape\": [\n      {},\n      {}\n    ]\n  }}",
            pythonQuote(std::string_view(weight->name).substr(0, weight->name.size() - kWeight.size())),
            weight->shape[0], weight->shape[1]);
    return text + "\n}";
}

} // namespace mantissa::ctq
