// SPDX-License-Identifier: GPL-3.0-or-later
// Layer configs as convert-to-quant 1.3.4 reads them (spec quant-formats, section 5.5). Its order among
// patterns that fit one layer is never asked: of those written here, no two fit the same.
#include "engine/base/json_tree.h"
#include "engine/plan/name_patterns.h"
#include "engine/plan/rule_dialects.h"
#include "engine/plan/rule_names.h"

#include <algorithm>

namespace mantissa {

namespace {

constexpr std::string_view kSkip = R"({"skip": true})";

struct Settings {
    std::string text;
    bool named = false; ///< no default: Mantissa reads embeddings as quantized only where a pattern asks
    std::size_t layers = 0;

    bool operator==(const Settings& other) const { return text == other.text && named == other.named; }
};

Choice saidBy(const Choice& choice)
{
    Choice said{choice.format, {}};
    said.params.scaling = choice.params.scaling;
    said.params.blockSize = choice.params.blockSize;
    said.params.fullPrecisionMatrixMult = choice.params.fullPrecisionMatrixMult;
    if (choice.params.convrotGroup)
        said.params.convrotGroup = 0;
    return said;
}

class Config {
public:
    Config(const RuleExport& request, ExportNotes& notes)
        : m_request(request)
        , m_notes(notes)
    { }

    std::string write()
    {
        m_settings.push_back({std::string(kSkip)});
        for (std::size_t i = 0; i < m_request.model.layers.size(); ++i)
            add(m_request.model.layers[i], m_request.resolved.decisions[i]);
        // The default is what needs fewer words.
        const auto often = std::ranges::max_element(
            m_settings, {}, [](const Settings& each) { return each.named ? 0 : each.layers; });
        std::string text = lines(0);
        if (often != m_settings.begin() && !often->named)
            if (std::string other = lines(static_cast<std::size_t>(often - m_settings.begin()));
                other.size() < text.size())
                text = std::move(other);
        return text;
    }

private:
    void add(const Layer& layer, const Decision& decision)
    {
        const TensorInfo& weight = m_request.weightOf(layer);
        const bool candidate = weight.name.ends_with(kWeightEnd) && weight.shape.size() == 2;
        if (!candidate) {
            noteWhatIsNotFound(m_request, decision, m_notes);
            return;
        }
        const Settings settings = settingsOf(layer, decision);
        auto found = std::ranges::find(m_settings, settings);
        if (found == m_settings.end())
            found = m_settings.insert(m_settings.end(), settings);
        ++found->layers;
        m_names.push_back(
            {withoutWeightEnd(weight.name), static_cast<std::size_t>(found - m_settings.begin())});
        if (found == m_settings.begin() && isTrainingFloat(weight.dtype)
            && writtenDtype(m_request.plan, layer, weight) != DType::BF16)
            m_notes.say("what is skipped becomes bfloat16 in convert-to-quant, unless --output-dtype names "
                        "another type");
    }

    Settings settingsOf(const Layer& layer, const Decision& decision)
    {
        const Choice& choice = decision.choice;
        if (choice.keeps())
            return m_settings.front();
        const auto known = layerConfigFormats();
        if (std::ranges::find(known, std::string_view(choice.format)) == known.end()) {
            m_notes.count(
                countedSource("Engine", "%n layer(s) in %1 (is|are) skipped: %2 has no such format"),
                {choice.format, m_request.toolName()});
            return m_settings.front();
        }
        if (choice.format == "nvfp4" || choice.format == "mxfp8" || choice.format == "hybrid_mxfp8")
            m_notes.say(sentence("where a layer config says {}, convert-to-quant 1.3.4 stores FP8; 'mantissa "
                                 "ctq' takes it at its word",
                choice.format));
        noteWhatIsLost(m_request, layer, decision, saidBy(choice), m_notes);
        std::string text = fmt::format("{{\"format\": {}", quoteJson(choice.format));
        if (const std::string_view scaling = layerConfigScaling(choice); !scaling.empty())
            text += fmt::format(", \"scaling_mode\": {}", quoteJson(scaling));
        if (choice.params.blockSize != 0 && layerConfigScaling(choice) == "block")
            text += fmt::format(", \"block_size\": {}", choice.params.blockSize);
        if (choice.params.fullPrecisionMatrixMult)
            text += ", \"full_precision_matrix_mult\": true";
        if (m_request.plan.recipe == nameOf(RecipeLevel::Absmax))
            text += ", \"simple\": true";
        return {text + "}", layer.kind == LayerKind::Embedding};
    }

    std::string lines(std::size_t byDefault) const
    {
        std::string text = fmt::format("{{\n  \"_default\": {}", m_settings[byDefault].text);
        for (const NamePattern& pattern : namePatterns(m_names, byDefault))
            text += fmt::format(",\n  {}: {}",
                quoteJson(fmt::format("^{}{}", regexOf(pattern), pattern.below ? "\\." : "$")),
                m_settings[pattern.group].text);
        return text + "\n}\n";
    }

    const RuleExport& m_request;
    ExportNotes& m_notes;
    std::vector<Settings> m_settings; ///< the first: skip
    std::vector<GroupedName> m_names;
};

} // namespace

Result<std::string> writeLayerConfig(const RuleExport& request, ExportNotes& notes)
{
    return Config(request, notes).write();
}

} // namespace mantissa
