// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/scaled_fp8.h"

#include "engine/export/cast.h"

#include <algorithm>

namespace mantissa {

ScaledFp8Migration::ScaledFp8Migration(const Model& model)
    : m_model(model)
{
    if (!applies())
        return;
    const auto tensors = model.source->tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (tensors[i].name != "scaled_fp8" && !tensors[i].name.ends_with(".scaled_fp8"))
            continue;
        m_markers.push_back(i);
        m_fullPrecision = m_fullPrecision || elementCount(tensors[i].shape).value_or(0) == 2;
    }
}

bool ScaledFp8Migration::applies() const
{
    return m_model.quantization.scheme == "scaled_fp8";
}

Result<MigratedLayer> ScaledFp8Migration::migrate(const Layer& layer) const
{
    MigratedLayer out;
    if (std::find(m_markers.begin(), m_markers.end(), layer.weight) != m_markers.end())
        return out;
    const auto tensors = m_model.source->tensors();
    const auto keep = [&](std::size_t tensor) { out.tensors.emplace_back(tensor, tensors[tensor].name); };
    keep(layer.weight);
    if (layer.bias >= 0)
        keep(static_cast<std::size_t>(layer.bias));
    for (const std::size_t tensor : layer.companions) {
        const std::string& name = tensors[tensor].name;
        const bool coded = !layer.holdsPlainNumbers();
        if (coded && name == layer.name + ".scale_weight") {
            out.tensors.emplace_back(tensor, layer.name + ".weight_scale");
        } else if (coded && name == layer.name + ".scale_input") {
            const auto value = readScalar(tensor);
            if (!value)
                return tl::unexpected(value.error());
            if (*value != 1.0f)
                out.tensors.emplace_back(tensor, layer.name + ".input_scale");
        } else {
            keep(tensor);
        }
    }
    if (!layer.holdsPlainNumbers())
        out.settings = fmt::format(R"({{"format": "{}"{}}})",
            layer.dtype == DType::F8E5M2 ? "float8_e5m2" : "float8_e4m3fn",
            m_fullPrecision ? R"(, "full_precision_matrix_mult": true)" : "");
    return out;
}

Result<float> ScaledFp8Migration::readScalar(std::size_t tensor) const
{
    const TensorInfo& scalar = m_model.source->tensors()[tensor];
    if (elementCount(scalar.shape).value_or(0) != 1)
        return fail(ErrorCode::InvalidInput, "{} is not a single number", scalar.name);
    std::vector<std::byte> raw(static_cast<std::size_t>(scalar.bytes));
    if (Status status = m_model.source->read(tensor, 0, raw); !status)
        return forward(std::move(status));
    float value = 1;
    if (Status status = toFloats(scalar.dtype, raw, {&value, 1}); !status)
        return forward(std::move(status));
    return value;
}

} // namespace mantissa
