// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/stored_formats.h"

#include "engine/base/json.h"
#include "engine/base/python_json.h"

#include <algorithm>
#include <array>
#include <map>

namespace mantissa::arch {

using Json = nlohmann::ordered_json;

namespace {

/// As Python spells it; bytes that are not UTF-8 are replaced.
std::string pythonText(const Json& value)
{
    return toPythonJson(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

/// Longest settings tensor that is read: genuine ones have about 100 bytes.
constexpr std::uint64_t kLongestSettings = 64 * 1024;
/// The id of a layout that no decoder reads.
constexpr std::string_view kTilePacked = "svdquant_w4a4_tile_packed";

bool isFp8(DType dtype)
{
    return dtype == DType::F8E4M3 || dtype == DType::F8E5M2;
}
bool isByte(DType dtype)
{
    return dtype == DType::U8 || dtype == DType::I8;
}

std::int64_t roundUp(std::int64_t value, std::int64_t step)
{
    return (value + step - 1) / step * step;
}

/// A positive multiple of a dimension, or nothing where it overflows.
std::optional<std::int64_t> times(std::int64_t value, std::int64_t factor)
{
    std::int64_t product = 0;
    if (value < 0 || __builtin_mul_overflow(value, factor, &product))
        return std::nullopt;
    return product;
}

class Reader {
public:
    Reader(const TensorSource& source, ModuleTable& table)
        : m_source(source)
        , m_table(table)
    { }

    void run()
    {
        readHeaderTable();
        findLegacyMarkers();
        for (Module& module : m_table.modules)
            if (const ContainerEncoding* encoding = tensor(module.weight).encoding)
                encoded(module, *encoding);
            else if (!module.bare || module.name.ends_with("in_proj_weight"))
                readModule(module);
        summarize();
    }

private:
    const TensorInfo& tensor(std::size_t index) const { return m_source.tensors()[index]; }

    /// The companion `L.suffix`; null if there is none.
    const TensorInfo* companion(const Module& module, std::string_view suffix) const
    {
        for (const std::size_t index : module.companions) {
            const std::string_view name = tensor(index).name;
            if (name.size() == module.name.size() + 1 + suffix.size() && name.ends_with(suffix))
                return &tensor(index);
        }
        return nullptr;
    }

    /// The companion whose name holds a word after the layer's own name.
    std::ptrdiff_t companionWith(const Module& module, std::string_view word) const
    {
        for (const std::size_t index : module.companions)
            if (std::string_view(tensor(index).name).substr(module.name.size()).find(word)
                != std::string_view::npos)
                return static_cast<std::ptrdiff_t>(index);
        return -1;
    }

    void warn(Sentence text)
    {
        constexpr std::size_t kMost = 50; // a hostile file could hold a hundred thousand
        if (m_table.warnings.size() < kMost)
            m_table.warnings.push_back(std::move(text));
    }

    void readHeaderTable()
    {
        const auto& metadata = m_source.info().metadata;
        const auto it = metadata.find("_quantization_metadata");
        if (it == metadata.end())
            return;
        auto json = parseOrderedJson(it->second);
        if (!json.is_object() || !json.contains("layers") || !json["layers"].is_object()) {
            warn("the header entry `_quantization_metadata` is not the JSON table of layers that it should "
                 "be");
            return;
        }
        m_hasHeaderTable = true;
        for (auto& [name, settings] : json["layers"].items())
            m_header.emplace(name, std::move(settings));
    }

    void findLegacyMarkers()
    {
        if (m_hasHeaderTable) // ComfyUI translates the legacy marks only without a table
            return;
        for (const Module& module : m_table.modules) {
            if (!module.bare || !module.name.ends_with("scaled_fp8"))
                continue;
            const std::string_view prefix = module.name.substr(0, module.name.size() - 10);
            if (prefix.empty() || prefix.ends_with('.'))
                m_legacy.emplace_back(prefix, elementCount(module.shape).value_or(0) == 2);
        }
    }

    std::optional<std::string> readText(std::size_t index)
    {
        const TensorInfo& info = tensor(index);
        if (info.bytes > kLongestSettings) {
            warn(sentence("`{}` has {} bytes, too many for a layer's settings", info.name, info.bytes));
            return std::nullopt;
        }
        std::string text(info.bytes, '\0');
        const Status status = m_source.read(index, 0, std::as_writable_bytes(std::span(text)));
        if (!status) {
            warn(sentence("`{}` cannot be read: {}", info.name, status.error().message));
            return std::nullopt;
        }
        return text;
    }

    std::optional<Json> readSettings(std::size_t index)
    {
        const auto text = readText(index);
        if (!text)
            return std::nullopt;
        auto json = parseOrderedJson(*text);
        if (!json.is_object()) {
            warn(sentence("the settings `{}` are not a JSON object", tensor(index).name));
            return std::nullopt;
        }
        return json;
    }

    void readModule(Module& module)
    {
        if (const auto it = m_header.find(std::string(module.name)); it != m_header.end()) {
            return fromSettings(module, it->second, "_quantization_metadata");
        }
        if (module.companions.empty()) {
            if (isFp8(tensor(module.weight).dtype))
                mark(module, std::string(kPlainFp8), kPlainFp8, {});
            return;
        }
        if (const TensorInfo* own = companion(module, "comfy_quant")) {
            const auto settings = readSettings(static_cast<std::size_t>(own - m_source.tensors().data()));
            if (!settings)
                return mark(module, "unknown", "comfy_quant", {});
            return fromSettings(module, *settings, own->name);
        }
        if (const std::ptrdiff_t state = companionWith(module, ".quant_state.bitsandbytes__"); state >= 0)
            return bitsandbytes(module, static_cast<std::size_t>(state));
        if (tensor(module.weight).name.ends_with(".qweight"))
            return packedWeight(module);
        others(module);
    }

    void mark(Module& module, std::string id, std::string_view scheme, std::string settings)
    {
        ++m_layersByFormat[id];
        ++m_layersByScheme[std::string(scheme)];
        module.stored = StoredFormat{std::move(id), std::move(settings)};
    }

    /// What the container says itself, whatever the tensors are called.
    void encoded(Module& module, const ContainerEncoding& encoding)
    {
        mark(module, std::string(encoding.id), encoding.container, {});
        module.stored->decodedByReader = encoding.readable;
    }

    // --- comfy_quant and the header table

    void fromSettings(Module& module, const Json& settings, std::string_view where)
    {
        std::string format;
        if (settings.is_object())
            if (const auto it = settings.find("format"); it != settings.end() && it->is_string())
                format = it->get<std::string>();
        const TensorInfo& weight = tensor(module.weight);
        // Comfy-Org's files for the INT8-Fast node leave the format out (spec/quant-formats 3.7).
        if (format.empty() && settings.is_object() && settings.contains("convrot")
            && weight.dtype == DType::I8)
            format = "int8_tensorwise";
        if (format.empty()) {
            warn(sentence("the settings of `{}` in `{}` name no format", module.name, where));
            return mark(module, "unknown", "comfy_quant", pythonText(settings));
        }
        setLogicalShape(module, format, settings);
        // Comfy-Org's files for one kernel: the tiles can be looked at, not decoded
        // (spec/quant-formats 3.16).
        if (format == "svdquant_w4a4" && weight.shape.size() == 4)
            format = kTilePacked;
        mark(module, format, "comfy_quant", pythonText(settings));
    }

    static std::optional<Shape> shapeIn(const Json& settings, const char* key)
    {
        const auto it = settings.find(key);
        if (it == settings.end() || !it->is_array() || it->empty() || it->size() > 8)
            return std::nullopt;
        Shape shape;
        for (const Json& dimension : *it) {
            if (!dimension.is_number_integer() || dimension.get<std::int64_t>() < 1)
                return std::nullopt;
            shape.push_back(dimension.get<std::int64_t>());
        }
        return elementCount(shape) ? std::optional(shape) : std::nullopt;
    }

    void setLogicalShape(Module& module, std::string_view format, const Json& settings)
    {
        const Shape& stored = tensor(module.weight).shape;
        if (format == "svdquant_w4a4" && stored.size() == 4) { // [M/128, K/64, 32, 128]
            const auto rows = times(stored[0], 128), columns = times(stored[1], 64);
            if (rows && columns)
                module.shape = {*rows, *columns};
            return;
        }
        if (stored.size() != 2)
            return;
        static constexpr std::array<std::string_view, 5> kHalfWidth{
            "nvfp4", "convrot_w4a4", "awq_w4a16", "svdquant_w4a4", "svdquant_nvfp4"};
        std::optional<std::int64_t> columns = stored[1];
        if (std::find(kHalfWidth.begin(), kHalfWidth.end(), format) != kHalfWidth.end())
            columns = times(stored[1], 2);
        if (format == "asym_w4a8_int8")
            columns = asymmetricColumns(module, settings);
        if (!columns)
            return warn(sentence("`{}` is too wide", module.name));
        Shape logical{stored[0], *columns};
        if (format == "nvfp4" || format.ends_with("mxfp8")) {
            const Shape padded = logical;
            const std::int64_t step = format == "nvfp4" ? 16 : 32;
            const auto original = shapeIn(settings, "orig_shape");
            if (original && original->size() == 2 && (*original)[0] <= padded[0]
                && (*original)[1] <= padded[1])
                logical = *original;
            else if (module.bias >= 0) // the file tells no shape, but a bias has the unpadded rows
                if (const Shape& bias = tensor(static_cast<std::size_t>(module.bias)).shape; bias.size() == 1
                    && bias[0] > 0 && bias[0] <= padded[0] && roundUp(bias[0], step) == padded[0])
                    logical[0] = bias[0];
        }
        if (format == "svdquant_nvfp4") { // padded as nvfp4; the branch has the weight's own sides
            const TensorInfo* up = companion(module, "weight_proj_up");
            const TensorInfo* down = companion(module, "weight_proj_down");
            if (up != nullptr && down != nullptr && up->shape.size() == 2 && down->shape.size() == 2)
                logical = {up->shape[0], down->shape[0]};
        }
        module.shape = logical;
    }

    /// 4 bits: two columns a byte; 6 bits: four in three. The relative scales tell (one a group of columns).
    std::optional<std::int64_t> asymmetricColumns(const Module& module, const Json& settings) const
    {
        std::int64_t group = 16;
        if (const auto it = settings.find("group_size"); it != settings.end() && it->is_number_integer())
            group = it->get<std::int64_t>();
        if (const TensorInfo* scales = companion(module, "weight_s_rel");
            scales != nullptr && scales->shape.size() == 2)
            if (group > 0)
                return times(scales->shape[1], group);
        return times(tensor(module.weight).shape[1], 2);
    }

    // --- other tools

    void bitsandbytes(Module& module, std::size_t state)
    {
        const std::string id = tensor(state).name.ends_with("__fp4") ? "fp4" : "nf4";
        const std::string scheme = "bnb_" + id;
        const auto settings = readSettings(state);
        if (!settings)
            return mark(module, "unknown", scheme, {});
        const auto shape = shapeIn(*settings, "shape");
        const auto packed = elementCount(tensor(module.weight).shape);
        const auto count = shape ? elementCount(*shape) : std::nullopt;
        if (!count || !packed || (*count + 1) / 2 != *packed) {
            warn(sentence("the shape in `{}` does not fit its weight", tensor(state).name));
            return mark(module, "unknown", scheme, pythonText(*settings));
        }
        module.shape = *shape;
        mark(module, id, scheme, pythonText(*settings));
    }

    /// Nunchaku's SVDQuant, GPTQ and AWQ: `qweight` with scales (marked "from general knowledge" in the
    /// spec).
    void packedWeight(Module& module)
    {
        const Shape& stored = tensor(module.weight).shape;
        if (companion(module, "wscales") != nullptr) {
            const TensorInfo* up = companion(module, "proj_up");
            const TensorInfo* down = companion(module, "proj_down");
            up = up != nullptr ? up : companion(module, "lora_up");
            down = down != nullptr ? down : companion(module, "lora_down");
            if (up != nullptr && down != nullptr && !up->shape.empty() && !down->shape.empty())
                module.shape = {up->shape[0], down->shape[0]};
            else if (const auto columns = stored.size() == 2 ? times(stored[1], 2) : std::nullopt)
                module.shape = {stored[0], *columns};
            return mark(module, "nunchaku", "nunchaku", {});
        }
        const TensorInfo* scales = companion(module, "scales");
        const bool gptq = companion(module, "g_idx") != nullptr;
        constexpr std::int64_t kPerWord = 8; // 4-bit codes in 32 bits
        if (stored.size() == 2 && scales != nullptr && scales->shape.size() == 2) {
            const std::int64_t rows = scales->shape[1]; // both keep one scale a group and output feature
            if (rows == stored[1]) { // packed along the inputs
                if (const auto columns = times(stored[0], kPerWord))
                    module.shape = {rows, *columns};
            } else if (times(stored[1], kPerWord) == rows) { // packed along the outputs
                module.shape = {rows, stored[0]};
            }
        }
        mark(module, gptq ? "gptq" : "awq", gptq ? "gptq" : "awq", {});
    }

    void others(Module& module)
    {
        const TensorInfo& weight = tensor(module.weight);
        if (companion(module, "SCB") != nullptr && weight.dtype == DType::I8)
            return mark(module, "bnb_int8", "bnb_int8", {});
        if (weight.name.ends_with(".weight._data"))
            return mark(module, "torchao", "torchao", {});
        if (companion(module, "scale_weight") != nullptr && isFp8(weight.dtype))
            return legacyFp8(module);
        if (companionWith(module, "_quantizer.") >= 0)
            return mark(module, "modelopt", "modelopt", {});
        if (companion(module, "weight_scale") != nullptr
            || companion(module, "weight_scale_inv") != nullptr) {
            if (isByte(weight.dtype) && companion(module, "weight_scale_2") != nullptr) {
                if (module.shape.size() == 2)
                    if (const auto columns = times(module.shape[1], 2))
                        module.shape[1] = *columns;
                return mark(module, "modelopt_nvfp4", "modelopt", {}); // its block scales are not tiled
            }
            if (isFp8(weight.dtype))
                return mark(module, nameOfFp8(weight.dtype), scaledScheme(), {});
            if (weight.dtype == DType::I8)
                return mark(module, "int8_tensorwise", scaledScheme(), {});
        }
        if (isFp8(weight.dtype))
            mark(module, std::string(kPlainFp8), kPlainFp8, {});
    }

    /// Scales without settings: ModelOpt's export says so in a file beside it; else only the scales are
    /// known.
    std::string_view scaledScheme() const
    {
        const auto& configs = m_source.info().configs;
        const bool modelOpt = std::any_of(configs.begin(), configs.end(),
            [](const auto& entry) { return entry.first.ends_with("hf_quant_config.json"); });
        return modelOpt ? "modelopt" : "weight_scale";
    }

    static std::string nameOfFp8(DType dtype)
    {
        return dtype == DType::F8E5M2 ? "float8_e5m2" : "float8_e4m3fn";
    }

    void legacyFp8(Module& module)
    {
        bool fullPrecision = false;
        for (const auto& [prefix, full] : m_legacy)
            fullPrecision = fullPrecision || (full && module.name.starts_with(prefix));
        const std::string id = nameOfFp8(tensor(module.weight).dtype);
        mark(module, id, "scaled_fp8",
            fmt::format(R"({{"format": "{}"{}}})", id,
                fullPrecision ? R"(, "full_precision_matrix_mult": true)" : ""));
    }

    // --- the whole file

    void summarize()
    {
        ExistingQuantization& result = m_table.quantization;
        const auto most = std::max_element(m_layersByScheme.begin(), m_layersByScheme.end(),
            [](const auto& a, const auto& b) { return a.second < b.second; });
        if (most == m_layersByScheme.end())
            return;
        result.scheme = most->first;
        for (const auto& [id, count] : m_layersByFormat)
            result.layersByFormat.emplace_back(id, count);
        std::stable_sort(result.layersByFormat.begin(), result.layersByFormat.end(),
            [](const auto& a, const auto& b) { return a.second > b.second; });
        result.by = tool();
        for (const auto& [name, settings] : m_header)
            if (m_source.find(name + ".weight") < 0)
                warn(sentence("the header table describes `{}`, which has no weight in the file", name));
    }

    std::string tool() const
    {
        const auto& metadata = m_source.info().metadata;
        for (const auto& [key, value] : metadata)
            if (key.starts_with("mantissa"))
                return "Mantissa";
        const std::string& scheme = m_table.quantization.scheme;
        if (scheme == "nunchaku")
            return "Nunchaku (DeepCompressor)";
        if (scheme == "modelopt")
            return "NVIDIA ModelOpt";
        if (scheme.starts_with("bnb_"))
            return "bitsandbytes";
        if (scheme == "torchao")
            return "torchao or quanto";
        if (const auto it = metadata.find("quantized_by"); it != metadata.end() && it->second.size() <= 200)
            return it->second;
        return {};
    }

    const TensorSource& m_source;
    ModuleTable& m_table;
    bool m_hasHeaderTable = false;
    std::map<std::string, Json> m_header;
    std::vector<std::pair<std::string_view, bool>>
        m_legacy; ///< prefix; whether matmuls run in full precision
    std::map<std::string, std::uint32_t> m_layersByFormat, m_layersByScheme;
};

} // namespace

void readStoredFormats(const TensorSource& source, ModuleTable& table)
{
    Reader(source, table).run();
}

} // namespace mantissa::arch
