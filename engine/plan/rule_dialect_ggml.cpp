// SPDX-License-Identifier: GPL-3.0-or-later
// Rules of stable-diffusion.cpp: "PATTERN=TYPE,PATTERN=TYPE", the first that is found in the name of a tensor
// counts (leejet/stable-diffusion.cpp: src/model_loader.cpp, parse_tensor_type_rules). No two of the patterns
// written here fit the same name but for the last, which fits all that are left.
#include "engine/base/pattern.h"
#include "engine/io/gguf_types.h"
#include "engine/plan/name_patterns.h"
#include "engine/plan/rule_dialects.h"
#include "engine/plan/rule_names.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace mantissa {

namespace {

/// What a rule never converts (src/model_loader.cpp, tensor_should_be_converted).
constexpr std::array<std::string_view, 14> kNeverConverted{"img_in.", "txt_in.", "time_in.", "vector_in.",
    "guidance_in.", "final_layer.", "x_embedder.", "t_embedder.", "y_embedder.", "pos_embed",
    "context_embedder.", "time_embed.", "label_emb.", "embedding"};

struct Type {
    std::string name; ///< empty: no rule
    bool plain = false; ///< floats as they are
};

class Rules {
public:
    Rules(const RuleExport& request, ExportNotes& notes)
        : m_request(request)
        , m_notes(notes)
    { }

    Result<std::string> write()
    {
        m_types.push_back({});
        for (std::size_t i = 0; i < m_request.model.layers.size(); ++i)
            add(m_request.model.layers[i], m_request.resolved.decisions[i]);
        std::vector<std::size_t>
            candidates; // for what is left: none where something must stay without a rule
        for (std::size_t i = 1; i < m_types.size() && !m_hasUnruled; ++i)
            if (m_types[i].plain)
                candidates.push_back(i);
        if (candidates.empty())
            candidates.push_back(0);
        std::string text;
        for (const std::size_t rest : candidates) {
            auto written = line(rest);
            if (!written)
                return written;
            if (text.empty() || written->size() < text.size())
                text = std::move(*written);
        }
        return text + "\n";
    }

private:
    void add(const Layer& layer, const Decision& decision)
    {
        const TensorInfo& weight = m_request.weightOf(layer);
        if (!weight.name.ends_with(kWeightEnd)) {
            noteWhatIsNotFound(m_request, decision, m_notes);
            return;
        }
        const Type type
            = decision.choice.keeps() ? keptType(layer, weight) : storedType(layer, weight, decision);
        auto found = std::ranges::find(m_types, type.name, &Type::name);
        if (found == m_types.end())
            found = m_types.insert(m_types.end(), type);
        m_hasUnruled |= type.name.empty();
        m_names.push_back({withoutWeightEnd(weight.name), static_cast<std::size_t>(found - m_types.begin())});
    }

    Type keptType(const Layer& layer, const TensorInfo& weight)
    {
        if (!layer.holdsPlainNumbers()) {
            m_notes.count(countedSource(
                "Engine", "%n layer(s) (is|are) quantized already, and the rules leave (it|them) alone"));
            return {};
        }
        const DType dtype = writtenDtype(m_request.plan, layer, weight);
        switch (dtype) {
        case DType::F32:
            return {"f32", true};
        case DType::F16:
            return {"f16", true};
        case DType::BF16:
            return {"bf16", true};
        case DType::F64:
            m_notes.count(
                countedSource("Engine", "%n tensor(s) of %1 become(s|) %2: GGML has no nearer type"),
                {std::string(nameOf(dtype)), "f32"});
            return {"f32", true};
        case DType::F8E4M3:
        case DType::F8E5M2:
            m_notes.count(
                countedSource("Engine", "%n tensor(s) of %1 become(s|) %2: GGML has no nearer type"),
                {std::string(nameOf(dtype)), "f16"});
            return {"f16", true};
        default:
            return {};
        }
    }

    Type storedType(const Layer& layer, const TensorInfo& weight, const Decision& decision)
    {
        const std::string type(nearestGgmlType(decision.choice));
        if (!isSameInGgml(decision.choice))
            m_notes.count(
                countedSource("Engine", "%n layer(s) in %1 become(s|) %2, the nearest type of GGML"),
                {decision.choice.format, type});
        const bool never = std::ranges::any_of(kNeverConverted,
            [&](std::string_view part) { return weight.name.find(part) != std::string::npos; });
        std::string capitals = type;
        std::ranges::transform(
            capitals, capitals.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        const GgufType* const blocks = findGgufType(capitals);
        if (never)
            m_notes.count(
                countedSource("Engine",
                    "%n layer(s) stay(s|) as (it is|they are): %1 never converts tensors of such names"),
                {m_request.toolName()});
        else if (blocks != nullptr && !layer.shape.empty() && layer.shape.back() % blocks->blockValues != 0)
            m_notes.count(
                countedSource("Engine",
                    "%n layer(s) stay(s|) as (it is|they are): blocks of %1 values do not divide the rows"),
                {std::to_string(blocks->blockValues)});
        return {type, false};
    }

    Result<std::string> line(std::size_t rest) const
    {
        std::string text;
        for (const NamePattern& pattern : namePatterns(m_names, rest)) {
            auto regex = regexFor(pattern);
            if (!regex)
                return regex;
            text += fmt::format("{}{}={}", text.empty() ? "" : ",", *regex, m_types[pattern.group].name);
        }
        if (!m_types[rest].name.empty())
            text += fmt::format("{}\\{}$={}", text.empty() ? "" : ",", kWeightEnd, m_types[rest].name);
        return text;
    }

    /// Names of the network without what stands before all of them, which depends on how the tool is called,
    /// where that says the same.
    Result<std::string> regexFor(const NamePattern& pattern) const
    {
        const std::string end = pattern.below ? "\\..*\\.weight$" : "\\.weight$";
        std::string whole = fmt::format("^{}{}", regexOf(pattern), end);
        NamePattern inside = pattern;
        const std::string& prefix = m_request.model.architecture.prefix;
        for (std::size_t begin = 0; begin < prefix.size();) {
            const std::size_t dot = std::min(prefix.find('.', begin), prefix.size());
            const bool same = inside.parts.size() > 1 && inside.parts.front().kind == NamePart::Kind::Word
                && inside.parts.front().words.front() == std::string_view(prefix).substr(begin, dot - begin);
            if (!same)
                return whole;
            inside.parts.erase(inside.parts.begin());
            begin = dot + 1;
        }
        std::string anywhere = fmt::format("(^|\\.){}{}", regexOf(inside), end);
        const auto compiled = Pattern::compile(anywhere);
        if (!compiled)
            return tl::unexpected(compiled.error());
        for (const auto& [name, group] : m_names) {
            if (group == pattern.group)
                continue;
            const auto found = compiled->search(fmt::format("{}{}", name, kWeightEnd));
            if (!found)
                return tl::unexpected(found.error());
            if (*found)
                return whole;
        }
        return anywhere;
    }

    const RuleExport& m_request;
    ExportNotes& m_notes;
    std::vector<Type> m_types; ///< the first: none
    std::vector<GroupedName> m_names;
    bool m_hasUnruled = false;
};

} // namespace

Result<std::string> writeTensorTypes(const RuleExport& request, ExportNotes& notes)
{
    return Rules(request, notes).write();
}

} // namespace mantissa
