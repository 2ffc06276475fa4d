// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/rule_export.h"

#include "engine/arch/native_keys.h"
#include "engine/plan/guards.h"
#include "engine/plan/rule_dialects.h"

#include <algorithm>
#include <array>

namespace mantissa {

std::span<const RuleDialect> ruleDialects()
{
    static constexpr std::array kDialects{
        RuleDialect{"ctq", "convert-to-quant", ".json",
            messageSource("Engine", "a layer config of convert-to-quant, for --layer-config"),
            &writeLayerConfig},
        RuleDialect{"comfy-quants", "comfy-quants", ".yaml",
            messageSource("Engine", "a config of comfy-quants, for its command quantize"), &writeComfyQuants,
            &formatsOfComfyQuants},
        RuleDialect{"stable-diffusion.cpp", "stable-diffusion.cpp", ".txt",
            messageSource("Engine", "rules of stable-diffusion.cpp, for --tensor-type-rules"),
            &writeTensorTypes},
    };
    return kDialects;
}

const RuleDialect* findRuleDialect(std::string_view id)
{
    const auto all = ruleDialects();
    const auto found = std::ranges::find(all, id, &RuleDialect::id);
    return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> formatsToChoose(
    const RuleDialect& dialect, const QuantPlan& plan, const Model& model, const ResolvedPlan& resolved)
{
    if (dialect.formats == nullptr)
        return {};
    return dialect.formats({dialect, plan, model, resolved, {}});
}

void ExportNotes::say(Sentence note)
{
    if (std::ranges::find(m_said, note) == m_said.end())
        m_said.push_back(std::move(note));
}

void ExportNotes::count(MessageSource source, std::vector<Message> arguments)
{
    const auto found = std::ranges::find_if(m_counted,
        [&](const Counted& each) { return each.source.text == source.text && each.arguments == arguments; });
    if (found != m_counted.end())
        ++found->count;
    else
        m_counted.push_back({source, std::move(arguments), 1});
}

std::vector<Sentence> ExportNotes::take()
{
    for (Counted& each : m_counted)
        m_said.emplace_back(Message(each.source, std::move(each.arguments), each.count));
    m_counted.clear();
    return std::move(m_said);
}

void noteWhatIsLost(
    const RuleExport& request, const Layer& layer, const Decision& decision, Choice said, ExportNotes& notes)
{
    const auto params = fitFormat(layer, said, RecipeLevel::Absmax);
    if (params)
        said.params = *params;
    said.params.preQuantScale = decision.choice.params.preQuantScale; // comes with the recipe
    if (said == decision.choice)
        return;
    notes.count(countedSource("Engine", "%n layer(s): of %1, %2 can say %3 only"),
        {describe(decision.choice).translatable(), request.toolName(), describe(said).translatable()});
}

void noteWhatIsNotFound(const RuleExport& request, const Decision& decision, ExportNotes& notes)
{
    if (!decision.choice.keeps())
        notes.count(countedSource("Engine",
                        "%n layer(s) stay(s|) as (it is|they are): %1 finds matrices by their names, "
                        "which end in \".weight\""),
            {request.toolName()});
}

Result<ExportedRules> exportRules(const RuleDialect& dialect, const QuantPlan& plan, const Model& model,
    const ResolvedPlan& resolved, std::string_view format)
{
    if (!format.empty() && dialect.formats == nullptr)
        return fail(ErrorCode::Usage, "rules of {} speak about all formats of a plan: none can be chosen",
            dialect.name);
    const RuleExport request{dialect, plan, model, resolved, format};
    ExportNotes notes;
    if (hasTranslatedNames(*model.source))
        notes.say(sentence("the rules name layers as ComfyUI does, and the file has the names of diffusers: "
                           "{} finds them only in a file that was converted to ComfyUI's names",
            dialect.name));
    auto text = dialect.write(request, notes);
    if (!text)
        return forward(std::move(text));
    if (plan.recipe != nameOf(RecipeLevel::Absmax) && resolved.quantized > 0)
        notes.say(
            sentence("the recipe \"{}\" is no part of the rules: {} finds scales and codes in its own way",
                plan.recipe, dialect.name));
    return ExportedRules{std::move(*text), notes.take()};
}

} // namespace mantissa
