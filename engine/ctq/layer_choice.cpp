// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/layer_choice.h"

#include "engine/ctq/format_fit.h"
#include "engine/ctq/matrix_reader.h"

#include <algorithm>
#include <array>
#include <map>

namespace mantissa::ctq {

namespace {

constexpr std::string_view kWeight = ".weight";

bool isMatrix(const TensorInfo& tensor)
{
    return tensor.name.ends_with(kWeight) && tensor.shape.size() == 2;
}

/// A filter with the substrings that depend on the file: the last block of a language model.
struct ResolvedFilter {
    const CtqFilter* filter = nullptr;
    std::vector<std::string> parts;
    std::optional<Pattern> preserve;
};

/// The number after `prefix` where it stands at the start of a part of the name, as "prefix", "12" and a dot.
std::optional<std::uint64_t> blockNumber(std::string_view name, std::string_view prefix)
{
    for (std::size_t at = name.find(prefix); at != std::string_view::npos; at = name.find(prefix, at + 1)) {
        const std::size_t begin = at + prefix.size();
        const std::size_t end = name.find_first_not_of("0123456789", begin);
        constexpr std::size_t kMaxDigits = 18;
        const bool atStart = at == 0 || name[at - 1] == '.';
        if (atStart && end != std::string_view::npos && end > begin && end - begin <= kMaxDigits
            && name[end] == '.')
            return std::stoull(std::string(name.substr(begin, end - begin)));
    }
    return std::nullopt;
}

Result<ResolvedFilter> resolveFilter(const CtqFilter& filter, const TensorSource& source)
{
    ResolvedFilter resolved{&filter, filter.exclude, {}};
    resolved.parts.insert(resolved.parts.end(), filter.keep.begin(), filter.keep.end());
    std::map<std::string, std::uint64_t> last;
    for (const TensorInfo& tensor : source.tensors())
        for (const std::string& prefix : filter.lastLayerPrefixes)
            if (const auto number = blockNumber(tensor.name, prefix)) {
                std::uint64_t& highest = last[prefix];
                highest = std::max(highest, *number);
                break; // the prefixes are listed longest first
            }
    for (const auto& [prefix, number] : last)
        resolved.parts.push_back(fmt::format("{}{}.", prefix, number));
    if (filter.preserveDtype.empty())
        return resolved;
    Result<Pattern> pattern = Pattern::compile(filter.preservePattern);
    if (!pattern)
        return forward(std::move(pattern));
    resolved.preserve = std::move(*pattern);
    return resolved;
}

int bytesOf(DType dtype)
{
    return bitsOf(dtype) / 8;
}

class Chooser {
public:
    Chooser(const ChoiceRules& rules, const TensorSource& source)
        : m_rules(rules)
        , m_source(source)
    { }

    Result<Choices> run()
    {
        const auto tensors = m_source.tensors();
        for (const CtqFilter* filter : m_rules.filters) {
            Result<ResolvedFilter> resolved = resolveFilter(*filter, m_source);
            if (!resolved)
                return forward(std::move(resolved));
            m_filters.push_back(std::move(*resolved));
            m_textInputScale |= filter->textInputScale;
        }
        m_choices.removed.resize(tensors.size());
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            m_choices.dtypes.push_back(tensors[i].dtype);
            if (isMatrix(tensors[i]))
                m_order.push_back(i);
            for (const CtqFilter* filter : m_rules.filters)
                if (!m_rules.dedicated && containsAny(tensors[i].name, filter->remove))
                    m_choices.removed[i] = true;
        }
        std::sort(m_order.begin(), m_order.end(),
            [&](auto a, auto b) { return tensors[a].name < tensors[b].name; });
        for (const std::size_t weight : m_order)
            if (!m_choices.removed[weight])
                if (Status status = one(weight); !status)
                    return tl::unexpected(std::move(status.error()).at(tensors[weight].name));
        return std::move(m_choices);
    }

private:
    Status one(std::size_t weight)
    {
        const TensorInfo& tensor = m_source.tensors()[weight];
        LayerChoice choice;
        choice.weight = weight;
        choice.layer = tensor.name.substr(0, tensor.name.size() - kWeight.size());
        Result<const FormatWish*> wish = wishFor(tensor.name, choice);
        if (!wish)
            return forward(std::move(wish));
        if (*wish) {
            if (Status status = quantize(**wish, tensor, choice); !status)
                return status;
        }
        if (!choice.format) {
            Result<DType> dtype = dtypeOf(tensor);
            if (!dtype)
                return forward(std::move(dtype));
            m_choices.dtypes[weight] = *dtype;
        }
        m_choices.layers.push_back(std::move(choice));
        return {};
    }

    /// Null where the layer stays as it is; `choice.why` says so.
    Result<const FormatWish*> wishFor(const std::string& name, LayerChoice& choice)
    {
        const FormatWish* wish = &m_rules.primary;
        bool heuristics = m_rules.heuristics;
        bool decided = false;
        if (m_rules.layerConfig) {
            Result<const LayerSettingsEntry*> entry
                = m_rules.layerConfig->find(choice.layer, m_rules.wholeNames);
            if (!entry)
                return forward(std::move(entry));
            if (*entry) {
                if ((*entry)->skip) {
                    choice.why = "skipped by the layer config";
                    return nullptr;
                }
                std::string note;
                m_configured = wishOf(**entry, m_rules.primary, note);
                addNote(choice.layer, note);
                choice.why = "layer config";
                wish = &m_configured;
                decided = true;
            }
        }
        if (!decided && m_rules.custom) {
            Result<bool> matches = m_rules.customLayers->search(name);
            if (!matches)
                return forward(std::move(matches));
            if (*matches) {
                choice.why = "--custom-layers";
                wish = &*m_rules.custom;
                heuristics = m_rules.customHeuristics;
                decided = true;
            }
        }
        if (!decided) {
            Result<std::string> reason = exclusionOf(name);
            if (!reason)
                return forward(std::move(reason));
            choice.why = std::move(*reason);
            if (!choice.why.empty() && !m_rules.fallback)
                return nullptr;
            if (!choice.why.empty()) {
                choice.why += ", --fallback";
                wish = &*m_rules.fallback;
            }
        }
        return passesHeuristics(heuristics, choice) ? wish : nullptr;
    }

    bool passesHeuristics(bool enabled, LayerChoice& choice) const
    {
        const Shape& shape = m_source.tensors()[choice.weight].shape;
        if (shape[0] == 0 || shape[1] == 0) {
            choice.why = "empty";
            return false;
        }
        const int block = m_rules.heuristicBlock;
        if (!enabled || (shape[0] % block == 0 && shape[1] % block == 0))
            return true;
        choice.why = fmt::format("--heur: blocks of {} do not divide {} × {}", block, shape[0], shape[1]);
        return false;
    }

    /// Why a layer is excluded; empty if it is not.
    Result<std::string> exclusionOf(const std::string& name) const
    {
        Result<bool> excluded
            = m_rules.excludeLayers ? m_rules.excludeLayers->search(name) : Result<bool>(false);
        if (!excluded)
            return forward(std::move(excluded));
        if (*excluded)
            return std::string("--exclude-layers");
        if (m_rules.dedicated && containsAny(name, ctqAvoidList()))
            return std::string("always left as it is by this format");
        for (const ResolvedFilter& filter : m_filters)
            if (containsAny(name, filter.parts))
                return fmt::format("--{}", filter.filter->id);
        return std::string();
    }

    Status quantize(const FormatWish& wish, const TensorInfo& tensor, LayerChoice& choice)
    {
        if (!wish.simple && wish.onlyPrimarySimple)
            addNote(choice.layer,
                fmt::format("rounded plainly (convert-to-quant rounds it by learning unless {} is given "
                            "besides --simple; that comes in a later version)",
                    wish.simpleOption));
        else if (!wish.simple)
            return tl::unexpected(Error{ErrorCode::Unsupported,
                "learned rounding belongs to a later version, and this layer would get it", {},
                fmt::format(
                    "add {} for plain rounding, or convert with `mantissa quantize`, whose recipe `fast` "
                    "searches better scales",
                    wish.simpleOption)});
        if (!isReadableWeight(tensor.dtype) || isQuantized(choice.layer))
            return tl::unexpected(Error{ErrorCode::Unsupported,
                fmt::format("the layer is quantized already ({})", nameOf(tensor.dtype)), {},
                "start from the original checkpoint, or exclude the layer with --exclude-layers"});
        const MatrixShape shape{tensor.shape[0], tensor.shape[1]};
        Result<FittedFormat> fitted = fitFormat(wish, shape);
        if (!fitted)
            return forward(std::move(fitted));
        choice.format = fitted->format;
        choice.params = std::move(fitted->params);
        choice.arithmetic = m_rules.dedicated ? Arithmetic::CtqSimple : Arithmetic::CtqCustom;
        choice.rotatePrimary = fitted->rotatePrimary;
        addNote(choice.layer, fitted->note);
        setInputScale(choice);
        return noteZeros(choice);
    }

    /// A file that was quantized before keeps its scales under these names.
    bool isQuantized(const std::string& layer) const
    {
        static constexpr std::array<std::string_view, 3> kMarks
            = {".comfy_quant", ".weight_scale", ".scale_weight"};
        return std::any_of(kMarks.begin(), kMarks.end(),
            [&](std::string_view mark) { return m_source.find(layer + std::string(mark)) >= 0; });
    }

    void setInputScale(LayerChoice& choice)
    {
        const std::string_view id = choice.format->info().id;
        const bool fp8 = id.starts_with("float8"),
                   blocks = id == "int8_blockwise"; // has an input_scale of its own
        if (m_rules.dedicated || blocks)
            return;
        if (m_textInputScale && (fp8 || id == "int8_tensorwise"))
            choice.inputScale = InputScale::CopyOfWeightScale;
        else if (m_textInputScale)
            addNote(choice.layer,
                "no input_scale (convert-to-quant copies the block scales there, which mean nothing)");
        else if (m_rules.inputScaleOne && fp8)
            choice.inputScale = InputScale::One;
    }

    /// Says where convert-to-quant writes an unusable file for an all-zero layer
    /// (sections 3.5, 3.6, 3.9, 3.10).
    Status noteZeros(const LayerChoice& choice)
    {
        const std::string_view id = choice.format->info().id;
        const bool int8 = id == "int8_tensorwise"
            && !(choice.rotatePrimary && choice.params.convrotGroup.value_or(0) != 0);
        if (!int8 && id != "nvfp4" && !(id == "mxfp8" && !m_rules.dedicated))
            return {};
        const MatrixReader reader(m_source, choice.weight);
        std::vector<float> row(static_cast<std::size_t>(reader.shape().cols));
        for (std::int64_t i = 0; i < reader.shape().rows; ++i) {
            if (Status read = reader.read(i, row); !read)
                return read;
            if (std::any_of(row.begin(), row.end(), [](float value) { return value != 0.0f; }))
                return {};
        }
        addNote(
            choice.layer, "all zeros: stored with codes and scales that load (convert-to-quant's do not)");
        return {};
    }

    /// The dtype of an unquantized matrix: --output-dtype, unless it is preserved.
    Result<DType> dtypeOf(const TensorInfo& tensor) const
    {
        if (!isTrainingFloat(tensor.dtype))
            return tensor.dtype;
        if (m_rules.preserveLayers) {
            Result<bool> preserved = m_rules.preserveLayers->search(tensor.name);
            if (!preserved)
                return forward(std::move(preserved));
            if (*preserved)
                return tensor.dtype;
        }
        std::optional<DType> kept;
        for (const ResolvedFilter& filter : m_filters) {
            if (!filter.preserve || !containsAny(tensor.name, filter.parts))
                continue;
            Result<bool> matches = filter.preserve->search(tensor.name);
            if (!matches)
                return forward(std::move(matches));
            const DType dtype = filter.filter->preserveDtype == "float32" ? DType::F32 : DType::BF16;
            if (*matches && (!kept || bytesOf(dtype) > bytesOf(*kept)))
                kept = dtype;
        }
        if (!kept)
            return m_rules.outputDtype;
        return bytesOf(tensor.dtype) < bytesOf(*kept) ? tensor.dtype : *kept;
    }

    void addNote(const std::string& layer, const std::string& note)
    {
        if (!note.empty())
            m_choices.notes.push_back(fmt::format("{}: {}", layer, note));
    }

    const ChoiceRules& m_rules;
    const TensorSource& m_source;
    std::vector<ResolvedFilter> m_filters;
    bool m_textInputScale = false;
    std::vector<std::size_t> m_order;
    FormatWish m_configured;
    Choices m_choices;
};

} // namespace

Result<Choices> chooseLayers(const ChoiceRules& rules, const TensorSource& source)
{
    return Chooser(rules, source).run();
}

} // namespace mantissa::ctq
