// SPDX-License-Identifier: GPL-3.0-or-later
// The output of a run while it is put together: tensors by name, metadata, notes.
#pragma once

#include "engine/base/python_json.h"
#include "engine/export/assembly.h"

#include <map>

namespace mantissa::ctq {

class Draft {
public:
    explicit Draft(std::shared_ptr<const TensorSource> source);

    const TensorSource& source() const { return *m_source; }
    /// Null if the draft has no such tensor.
    const OutputTensor* find(std::string_view name) const;
    const std::map<std::string, OutputTensor, std::less<>>& tensors() const { return m_tensors; }

    /// A tensor of the source as it is, perhaps under another name or cast to another float type.
    void copy(std::size_t tensor, std::string_view name = {});
    void copyAs(std::size_t tensor, DType dtype);
    void copyAll();
    /// Adds or replaces.
    void put(OutputTensor tensor);
    void putScalar(const std::string& name, float value);
    void putSettings(const std::string& name, const std::string& json);
    void erase(std::string_view name);
    void addLayer(EncodedLayer layer, const std::vector<std::string>& outputs);

    /// Section 3.12: one-element scale tensors lose their dimensions.
    void normalizeScales();

    std::map<std::string, std::string> metadata; ///< starts as that of the source
    std::vector<std::string> notes;

    /// What the writer takes. The draft is empty afterwards.
    Assembly assemble();

private:
    std::shared_ptr<const TensorSource> m_source;
    std::map<std::string, OutputTensor, std::less<>> m_tensors;
    struct Layer {
        EncodedLayer layer;
        std::vector<std::string> outputs;
    };
    std::vector<Layer> m_layers;
};

/// The JSON object in a `comfy_quant` tensor or in the header. InvalidInput if it is none; `where` names the
/// tensor.
Result<JsonNode> readSettingsTensor(const TensorSource& source, std::size_t tensor);
/// The table `_quantization_metadata`; an object without "layers" if there is none. InvalidInput if it is
/// broken.
Result<JsonNode> readHeaderTable(const TensorSource& source);

/// The header table with these layers, as metadata value.
std::string headerTable(const JsonNode& layers);

inline constexpr std::string_view kHeaderTableKey = "_quantization_metadata";
inline constexpr std::string_view kSettingsSuffix = ".comfy_quant";

} // namespace mantissa::ctq
