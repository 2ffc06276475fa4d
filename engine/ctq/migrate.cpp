// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/modes.h"

#include "engine/base/pattern.h"

#include <algorithm>
#include <cmath>

namespace mantissa::ctq {

namespace {

/// A layer's tensors by what they are; -1: none.
struct LegacyLayer {
    std::ptrdiff_t weight = -1, scale = -1, input = -1, newScale = -1, newInput = -1;
};

struct Suffix {
    std::string_view text;
    std::ptrdiff_t LegacyLayer::*member;
};
constexpr Suffix kSuffixes[] = {{".weight", &LegacyLayer::weight}, {".scale_weight", &LegacyLayer::scale},
    {".scale_input", &LegacyLayer::input}, {".weight_scale", &LegacyLayer::newScale},
    {".input_scale", &LegacyLayer::newInput}};

struct Label {
    std::string format;
    std::int64_t group = 0; ///< 0: not said
};

JsonNode settingsOf(const Label& label, bool fullPrecision)
{
    JsonNode settings;
    settings.kind = JsonNode::Kind::Object;
    setMember(settings, "format", jsonText(label.format));
    if (label.group != 0)
        setMember(settings, "group_size", jsonInteger(label.group));
    if (fullPrecision)
        setMember(settings, "full_precision_matrix_mult", jsonFlag(true));
    return settings;
}

/// Side of the square tiles that a grid of scales implies; 0 if it is none.
std::int64_t tileSide(const Shape& weight, const Shape& grid)
{
    if (weight.size() != 2 || grid.size() != 2 || grid[0] < 1 || grid[1] < 1)
        return 0;
    if (weight[0] % grid[0] != 0 || weight[1] % grid[1] != 0)
        return 0;
    return std::min(weight[0] / grid[0], weight[1] / grid[1]);
}

class Migration {
public:
    Migration(std::shared_ptr<const TensorSource> source, const MigrateRequest& request)
        : m_source(source)
        , m_request(request)
        , m_draft(std::move(source))
    {
        m_table.kind = JsonNode::Kind::Object;
    }

    /// Sorts the tensors into layers; everything else is copied, but the markers.
    void group(bool newNamesToo)
    {
        for (std::size_t i = 0; i < m_source->tensors().size(); ++i) {
            const std::string& name = m_source->tensors()[i].name;
            if (name == "scaled_fp8" || (newNamesToo && name == "scaled_int8"))
                continue;
            const Suffix* found = nullptr;
            for (const Suffix& suffix : kSuffixes)
                if (name.ends_with(suffix.text)
                    && (newNamesToo || (suffix.text != ".weight_scale" && suffix.text != ".input_scale")))
                    found = &suffix;
            if (found)
                m_layers[name.substr(0, name.size() - found->text.size())].*found->member
                    = static_cast<std::ptrdiff_t>(i);
            else
                m_draft.copy(i);
        }
    }

    Result<Draft> fp8()
    {
        if (m_source->find("scaled_fp8") < 0)
            return tl::unexpected(Error{ErrorCode::InvalidInput,
                "this is no legacy scaled_fp8 checkpoint: the tensor scaled_fp8 that marks one is missing",
                m_source->info().path.string(), {}});
        group(false);
        if (Status checked = checkHighPrecision(); !checked)
            return forward(std::move(checked));
        for (const auto& [layer, parts] : m_layers) {
            const DType dtype = parts.weight < 0 ? DType::U8 : info(parts.weight).dtype;
            if (dtype == DType::F8E4M3 || dtype == DType::F8E5M2)
                migrate(layer, parts, fp8Label(layer, parts, dtype));
            else
                keep(layer, parts);
        }
        return finish();
    }

    Result<Draft> int8()
    {
        group(true);
        for (const auto& [layer, parts] : m_layers) {
            if (parts.weight < 0 || info(parts.weight).dtype != DType::I8)
                keep(layer, parts);
            else if (Status status = migrateInt8(layer, parts); !status)
                return forward(std::move(status));
        }
        return finish();
    }

private:
    const TensorInfo& info(std::ptrdiff_t tensor) const
    {
        return m_source->tensors()[static_cast<std::size_t>(tensor)];
    }
    void copy(std::ptrdiff_t tensor, std::string_view name)
    {
        m_draft.copy(static_cast<std::size_t>(tensor), name);
    }

    Status checkHighPrecision() const
    {
        if (m_request.highPrecisionFilter.empty())
            return {};
        const Result<Pattern> pattern = Pattern::compile(m_request.highPrecisionFilter);
        if (!pattern)
            return tl::unexpected(pattern.error());
        std::vector<std::string> violations;
        for (const auto& [layer, parts] : m_layers) {
            if (parts.weight < 0 || info(parts.weight).dtype != DType::F8E4M3)
                continue;
            const Result<bool> matches = pattern->search(layer);
            if (!matches)
                return tl::unexpected(matches.error());
            if (*matches)
                violations.push_back(layer);
        }
        if (violations.empty())
            return {};
        return tl::unexpected(Error{ErrorCode::CheckFailed,
            fmt::format("{} layers match --hp-filter but hold FP8 weights, {} among them", violations.size(),
                violations[0]),
            {}, "make the FP8 file again with these layers excluded"});
    }

    Label fp8Label(const std::string& layer, const LegacyLayer& parts, DType dtype)
    {
        const bool wide = dtype == DType::F8E5M2;
        if (wide)
            m_draft.notes.push_back(layer
                + ": labelled float8_e5m2, what it holds (convert-to-quant takes it for "
                  "unquantized and drops its scale)");
        Label plain{wide ? "float8_e5m2" : "float8_e4m3fn", 0};
        if (parts.scale < 0) {
            m_draft.notes.push_back(layer + ": has no scale_weight; the file will not load as it should");
            return plain;
        }
        const Shape& weight = info(parts.weight).shape;
        const Shape& scale = info(parts.scale).shape;
        if (weight.size() != 2 || elementCount(scale) == 1)
            return plain;
        if (scale.size() == 1 && scale[0] == weight[0])
            return {"float8_e4m3fn_rowwise", 0};
        if (scale.size() == 1 && scale[0] > 0) { // a flattened grid: its tiles follow from their number
            const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(weight[0])
                * static_cast<double>(weight[1]) / static_cast<double>(scale[0]))));
            const bool fits = side > 0 && weight[0] % side == 0 && weight[1] % side == 0
                && (weight[0] / side) * (weight[1] / side) == scale[0];
            return fits ? Label{"float8_e4m3fn_blockwise", side} : plain;
        }
        if (const std::int64_t side = tileSide(weight, scale); side != 0)
            return {"float8_e4m3fn_blockwise", side};
        if (scale.size() == 3 && scale[0] == weight[0] && scale[2] == 1 && scale[1] > 0
            && weight[1] % scale[1] == 0)
            return {"float8_e4m3fn_block3d", 0};
        return plain;
    }

    /// Renames the scales and adds settings.
    void migrate(const std::string& layer, const LegacyLayer& parts, const Label& label)
    {
        copy(parts.weight, layer + ".weight");
        const std::ptrdiff_t scale = parts.newScale >= 0 ? parts.newScale : parts.scale;
        const std::ptrdiff_t input = parts.newScale >= 0 ? parts.newInput : parts.input;
        if (scale >= 0)
            copy(scale, layer + ".weight_scale");
        if (input >= 0)
            copy(input, layer + ".input_scale");
        else if (m_request.addInputScale)
            m_draft.putScalar(layer + ".input_scale", 1.0f);
        JsonNode settings = settingsOf(label, m_request.fullPrecision);
        m_draft.putSettings(layer + std::string(kSettingsSuffix), pythonDump(settings));
        setMember(m_table, layer, std::move(settings));
    }

    /// The scales of unquantized weights mean nothing and go; those without a weight stay.
    void keep(const std::string& layer, const LegacyLayer& parts)
    {
        if (parts.weight >= 0)
            return copy(parts.weight, layer + ".weight");
        for (const Suffix& suffix : kSuffixes)
            if (parts.*suffix.member >= 0)
                copy(parts.*suffix.member, layer + std::string(suffix.text));
    }

    /// 1.3.4 compares the number of scales with the columns, and takes a single scale for a tile.
    Label int8Label(const std::string& layer, const LegacyLayer& parts)
    {
        const Shape& weight = info(parts.weight).shape;
        const std::ptrdiff_t scaleTensor = parts.newScale >= 0 ? parts.newScale : parts.scale;
        if (scaleTensor < 0 || weight.size() != 2)
            return {"int8_blockwise", m_request.defaultBlock};
        const Shape& scale = info(scaleTensor).shape;
        const bool single = elementCount(scale) == 1;
        const bool byRow = !scale.empty() && scale[0] == weight[0]
            && (scale.size() == 1 || (scale.size() == 2 && scale[1] == 1));
        if (single || byRow) {
            if (single || weight[0] != weight[1])
                m_draft.notes.push_back(layer
                    + ": labelled int8_tensorwise after its scale (convert-to-quant calls it "
                      "blockwise)");
            return {"int8_tensorwise", 0};
        }
        const std::int64_t side = tileSide(weight, scale);
        return {"int8_blockwise", side != 0 ? side : m_request.defaultBlock};
    }

    Status migrateInt8(const std::string& layer, const LegacyLayer& parts)
    {
        Label label = int8Label(layer, parts);
        const std::ptrdiff_t existing = m_source->find(layer + std::string(kSettingsSuffix));
        if (existing < 0 || parts.newScale < 0) {
            migrate(layer, parts, label);
            return {};
        }
        Result<JsonNode> settings = readSettingsTensor(*m_source, static_cast<std::size_t>(existing));
        if (!settings)
            return forward(std::move(settings));
        const JsonNode* const format = settings->find("format");
        const JsonNode* const group = settings->find("group_size");
        const bool right = format && format->string == label.format
            && (label.group == 0 || (group && group->integer == label.group));
        migrate(layer, parts, label);
        if (right) { // what it says already, with keys that a new label would lack
            m_draft.copy(static_cast<std::size_t>(existing));
            setMember(m_table, layer, std::move(*settings));
        }
        return {};
    }

    /// An old mistake of the tool: settings one level down, under "params".
    Status flattenParams()
    {
        for (std::size_t i = 0; i < m_source->tensors().size(); ++i) {
            const std::string& name = m_source->tensors()[i].name;
            const OutputTensor* const copied = m_draft.find(name);
            if (!name.ends_with(kSettingsSuffix) || !copied
                || !std::holds_alternative<CopyTensor>(copied->content))
                continue;
            Result<JsonNode> settings = readSettingsTensor(*m_source, i);
            const JsonNode* const params = settings ? settings->find("params") : nullptr;
            if (!settings)
                return forward(std::move(settings));
            if (!params)
                continue;
            const JsonNode nested = *params;
            eraseMember(*settings, "params");
            for (const auto& [key, value] : nested.members)
                if (key == "group_size" || !settings->find(key))
                    setMember(*settings, key, value);
            m_draft.putSettings(name, pythonDump(*settings));
        }
        return {};
    }

    Result<Draft> finish()
    {
        if (Status status = flattenParams(); !status)
            return forward(std::move(status));
        if (m_request.saveTable && !m_table.members.empty())
            m_draft.metadata[std::string(kHeaderTableKey)] = headerTable(m_table);
        m_draft.notes.push_back(fmt::format("{} layers labelled", m_table.members.size()));
        m_draft.normalizeScales();
        return std::move(m_draft);
    }

    std::shared_ptr<const TensorSource> m_source;
    const MigrateRequest& m_request;
    Draft m_draft;
    std::map<std::string, LegacyLayer> m_layers;
    JsonNode m_table;
};

} // namespace

Result<Draft> draftMigratedFp8(std::shared_ptr<const TensorSource> source, const MigrateRequest& request)
{
    return Migration(std::move(source), request).fp8();
}

Result<Draft> draftMigratedInt8(std::shared_ptr<const TensorSource> source, const MigrateRequest& request)
{
    return Migration(std::move(source), request).int8();
}

} // namespace mantissa::ctq
