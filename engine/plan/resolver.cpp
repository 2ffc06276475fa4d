// SPDX-License-Identifier: GPL-3.0-or-later
// Applies a plan to a model: collects every claim on a layer, lets the strongest win, and asks the guards.
#include "engine/plan/guards.h"
#include "engine/plan/layer_bytes.h"
#include "engine/base/pattern.h"
#include "engine/plan/plan.h"
#include "engine/plan/findings.h"

namespace mantissa {

namespace {

/// One source of a choice for one layer.
struct Claim {
    Provenance from = Provenance::Base;
    const Choice* choice = nullptr;
    std::ptrdiff_t rule = -1;
    bool asked = false; ///< the user named this layer (not a preset, not the base)
};

const Choice kKeep;

class Resolver {
public:
    Resolver(const QuantPlan& plan, const Model& model)
        : m_plan(plan)
        , m_model(model)
        , m_selected(selectedComponents(plan, model))
    { }
    Status prepare();
    Result<ResolvedPlan> run();

private:
    Status checkRules();
    Status checkOverrides();
    Result<std::vector<Claim>> claimsOn(const Layer& layer);
    Result<Decision> decide(const Layer& layer);
    Status settle(Decision& decision, const Layer& layer, const std::vector<Claim>& claims) const;
    void refuse(
        Decision& decision, const Layer& layer, const Claim& winner, Message reason, bool mayFallBack) const;
    bool keepsStored(Decision& decision, const Layer& layer, const Claim& winner);
    Message words(const Claim& claim, const Layer& layer) const;
    Message reasonOf(const Claim& claim, const Layer& layer) const;
    void tally(Decision& decision, std::size_t index);

    const QuantPlan& m_plan;
    const Model& m_model;
    std::vector<bool> m_selected;
    RecipeLevel m_recipe = RecipeLevel::Fast;
    bool m_baseIsFourBit = false;
    std::vector<Pattern> m_patterns;
    PlanUse m_use;
    PlannedBytes m_bytes;
    ResolvedPlan m_out;
};

Status Resolver::prepare()
{
    auto recipe = recipeOf(m_plan);
    if (!recipe)
        return forward(std::move(recipe));
    m_recipe = *recipe;
    if (m_plan.outputDtype != "keep" && m_plan.outputDtype != "bfloat16" && m_plan.outputDtype != "float16") {
        return fail(ErrorCode::Usage, "the output dtype is \"keep\", \"bfloat16\" or \"float16\", not \"{}\"",
            m_plan.outputDtype);
    }
    for (const Choice* choice : {&m_plan.base, &m_plan.fallback})
        if (auto status = checkChoice(*choice); !status)
            return status;
    m_baseIsFourBit = isFourBit(m_plan.base);
    if (auto status = checkRules(); !status)
        return status;
    return checkOverrides();
}

Status Resolver::checkRules()
{
    m_patterns.reserve(m_plan.rules.size());
    for (std::size_t i = 0; i < m_plan.rules.size(); ++i) {
        const Rule& rule = m_plan.rules[i];
        auto pattern = Pattern::compile(rule.pattern);
        if (!pattern)
            return forward(std::move(pattern));
        m_patterns.push_back(std::move(*pattern));
        if (auto status = checkChoice(rule.choice); !status)
            return tl::unexpected(
                std::move(status.error()).at(fmt::format("rule {} (\"{}\")", i + 1, rule.pattern)));
    }
    m_use.rules.resize(m_patterns.size());
    return {};
}

Status Resolver::checkOverrides()
{
    for (const auto& [name, choice] : m_plan.overrides)
        if (auto status = checkChoice(choice); !status)
            return tl::unexpected(std::move(status.error()).at(name));
    return {};
}

Result<ResolvedPlan> Resolver::run()
{
    m_out.decisions.reserve(m_model.layers.size());
    for (std::size_t i = 0; i < m_model.layers.size(); ++i) {
        auto decision = decide(m_model.layers[i]);
        if (!decision)
            return forward(std::move(decision));
        tally(*decision, i);
        m_out.decisions.push_back(std::move(*decision));
    }
    auto findings = planFindings(m_plan, m_model, m_patterns, m_use, m_out.decisions);
    if (!findings)
        return forward(std::move(findings));
    m_out.findings = std::move(*findings);
    return std::move(m_out);
}

/// Strongest first.
Result<std::vector<Claim>> Resolver::claimsOn(const Layer& layer)
{
    std::vector<Claim> claims;
    if (const auto found = m_plan.overrides.find(layer.name); found != m_plan.overrides.end())
        claims.push_back({Provenance::Override, &found->second, -1, true});
    const bool convolution = layer.kind == LayerKind::Conv1d || layer.kind == LayerKind::Conv2d
        || layer.kind == LayerKind::Conv3d;
    const bool preserved = m_plan.preserveCritical && !m_plan.base.keeps();
    std::vector<Claim> weakRules; // a preset's patterns sweep wide: they may not quantize what is critical
    for (std::size_t i = m_patterns.size(); i-- > 0;) {
        auto found = m_patterns[i].search(layer.name);
        if (!found)
            return forward(std::move(found));
        if (!*found)
            continue;
        m_use.rules[i].matched = true;
        m_use.rules[i].reached |= !convolution;
        const Rule& rule = m_plan.rules[i];
        const bool asked = !isOfPreset(rule);
        const bool weak = preserved && layer.critical && !asked && !rule.choice.keeps();
        (weak ? weakRules : claims)
            .push_back({Provenance::Rule, &rule.choice, static_cast<std::ptrdiff_t>(i), asked});
    }
    if (preserved && layer.critical)
        claims.push_back({Provenance::Critical, &kKeep, -1, false});
    else if (preserved && layer.criticalAt4Bits && m_baseIsFourBit)
        claims.push_back(
            {Provenance::Critical, isFourBit(m_plan.fallback) ? &kKeep : &m_plan.fallback, -1, false});
    claims.insert(claims.end(), weakRules.begin(), weakRules.end());
    claims.push_back({Provenance::Base, &m_plan.base, -1, false});
    return claims;
}

Result<Decision> Resolver::decide(const Layer& layer)
{
    Decision decision;
    const bool selected = layer.component < m_selected.size() && m_selected[layer.component];
    Message untouched = neverQuantized(layer);
    if (untouched.empty() && !selected) {
        untouched = {messageSource("Engine", "the %1 is not among the components to quantize"),
            {layer.component < m_model.components.size() ? m_model.components[layer.component].role
                                                         : std::string("component")}};
    }
    if (!untouched.empty()) {
        // Rules sweep over such layers all the time; only an override shows that somebody wanted this one.
        const auto found = m_plan.overrides.find(layer.name);
        decision.provenance = Provenance::Untouched;
        if (found != m_plan.overrides.end() && !found->second.keeps()) {
            decision.provenance = Provenance::Guard;
            decision.beaten.push_back(
                {messageSource("Engine", "override: %1"), {describe(found->second).translatable()}});
        }
        decision.why = std::move(untouched);
        return decision;
    }
    auto claims = claimsOn(layer);
    if (!claims)
        return forward(std::move(claims));
    if (keepsStored(decision, layer, claims->front()))
        return decision;
    if (auto status = settle(decision, layer, *claims); !status)
        return tl::unexpected(std::move(status.error()));
    return decision;
}

/// Quantized layers stay as they are unless the user asks for something else for them: decoding and encoding
/// again adds error. 8-bit floats without scales are a dtype that a whole checkpoint was cast to, so that the
/// base format means them too.
bool Resolver::keepsStored(Decision& decision, const Layer& layer, const Claim& winner)
{
    if (layer.holdsPlainNumbers() || winner.choice->keeps())
        return false;
    if (!winner.asked) {
        decision.provenance = Provenance::Untouched;
        decision.why = {messageSource("Engine",
                            "it is stored as %1 already; a rule or an override of yours can re-quantize it"),
            {std::string(nameOf(*layer.stored))}};
        return true;
    }
    const StorageFormat* format = findFormat(layer.stored->id);
    if (!format || winner.choice->format != layer.stored->id || layer.shape.size() != 2
        || winner.choice->inputClip != 0)
        return false;
    const auto present = format->paramsFromSettings(layer.stored->settings, {layer.shape[0], layer.shape[1]});
    const auto wanted = fitFormat(layer, *winner.choice, m_recipe);
    if (!present || !wanted || *present != *wanted)
        return false;
    decision.provenance = winner.from;
    decision.rule = winner.rule;
    decision.why = {messageSource("Engine", "it is stored as %1 already"), {layer.stored->id}};
    return true;
}

Status Resolver::settle(Decision& decision, const Layer& layer, const std::vector<Claim>& claims) const
{
    const Claim& winner = claims.front();
    for (std::size_t i = 1; i < claims.size(); ++i)
        if (!claims[i].choice->keeps() || claims[i].from != Provenance::Base)
            decision.beaten.push_back(words(claims[i], layer));
    decision.provenance = winner.from;
    decision.rule = winner.rule;
    decision.why = reasonOf(winner, layer);
    if (winner.choice->keeps()) {
        if (winner.from == Provenance::Base && layer.kind != LayerKind::Linear)
            decision.provenance = Provenance::Untouched;
        return {};
    }
    const Component& component = m_model.components[layer.component];
    if (Message refusal = refusesEveryFormat(layer, component, winner.asked); !refusal.empty()) {
        refuse(decision, layer, winner, std::move(refusal), false);
        return {};
    }
    auto params = fitFormat(layer, *winner.choice, m_recipe);
    if (!params && params.error().code == ErrorCode::Usage) // the settings are wrong, not the layer
        return tl::unexpected(std::move(params.error()).at(layer.name));
    if (!params) {
        refuse(decision, layer, winner, params.error().message.translatable(), true);
        return {};
    }
    decision.choice.format = winner.choice->format;
    decision.choice.params = std::move(*params);
    decision.choice.inputClip = winner.choice->inputClip;
    return {};
}

void Resolver::refuse(
    Decision& decision, const Layer& layer, const Claim& winner, Message reason, bool mayFallBack) const
{
    decision.beaten.insert(decision.beaten.begin(), words(winner, layer));
    decision.provenance = Provenance::Guard;
    decision.rule = -1;
    decision.why = std::move(reason);
    if (!mayFallBack || m_plan.fallback.keeps())
        return;
    if (auto params = fitFormat(layer, m_plan.fallback, m_recipe)) {
        decision.choice = {m_plan.fallback.format, std::move(*params), m_plan.fallback.inputClip};
        decision.why = {messageSource("Engine", "%1; it takes the fallback format %2"),
            {std::move(decision.why), m_plan.fallback.format}};
    }
}

Message Resolver::words(const Claim& claim, const Layer& layer) const
{
    switch (claim.from) {
    case Provenance::Override:
        return {messageSource("Engine", "override: %1"), {describe(*claim.choice).translatable()}};
    case Provenance::Rule:
        return {messageSource("Engine", "%1: %2"),
            {ruleName(m_plan, static_cast<std::size_t>(claim.rule)),
                describe(m_plan.rules[static_cast<std::size_t>(claim.rule)].choice).translatable()}};
    case Provenance::Critical:
        return {messageSource("Engine", "critical: %1"), {layer.reason.translatable()}};
    default:
        return {messageSource("Engine", "base: %1"), {describe(*claim.choice).translatable()}};
    }
}

Message Resolver::reasonOf(const Claim& claim, const Layer& layer) const
{
    switch (claim.from) {
    case Provenance::Override:
        if (claim.choice->keeps())
            return messageSource("Engine", "kept as it is by an override for this layer");
        if (claim.choice->inputClip == 0)
            return {messageSource("Engine", "set to %1 for this layer"), {claim.choice->format}};
        return {messageSource("Engine", "set to %1 for this layer, inputs cut at %2"),
            {claim.choice->format, fmt::format("{:.6g}", claim.choice->inputClip)}};
    case Provenance::Rule: {
        const Rule& rule = m_plan.rules[static_cast<std::size_t>(claim.rule)];
        const Message name = ruleName(m_plan, static_cast<std::size_t>(claim.rule));
        Message text = rule.choice.keeps()
            ? Message(messageSource("Engine", "kept by %1"), {name})
            : Message(messageSource("Engine", "set to %1 by %2"), {rule.choice.format, name});
        return rule.reason.empty() ? text : Message(messageSource("Engine", "%1: %2"), {text, rule.reason});
    }
    case Provenance::Critical: {
        const Message reason = layer.reason.empty()
            ? Message(messageSource("Engine", "the model is sensitive to it"))
            : layer.reason.translatable();
        if (!claim.choice->keeps())
            return {messageSource("Engine", "stored as %1 instead of the base format: %2"),
                {claim.choice->format, reason}};
        return {layer.critical ? messageSource("Engine", "preserved by default: %1")
                               : messageSource("Engine", "preserved by default in 4-bit formats: %1"),
            {reason}};
    }
    default:
        if (claim.choice->keeps())
            return messageSource("Engine", "nothing asks for a format");
        return {messageSource("Engine", "the base format %1, since nothing else decides"),
            {claim.choice->format}};
    }
}

void Resolver::tally(Decision& decision, std::size_t index)
{
    const Layer& layer = m_model.layers[index];
    if (m_model.source) {
        decision.bytesBefore = storedBytes(layer, *m_model.source);
        decision.bytesAfter = m_bytes.of(m_plan, decision.choice, layer, *m_model.source);
    }
    m_out.dataBytesBefore += decision.bytesBefore;
    m_out.dataBytesAfter += decision.bytesAfter;
    if (!decision.choice.keeps()) {
        ++m_out.quantized;
        m_use.layersByFormat[decision.choice.format].push_back(index);
        if (layer.stored)
            (layer.stored->id == kPlainFp8 ? m_use.fromPlainFp8 : m_use.requantized).push_back(index);
    } else if (decision.provenance != Provenance::Untouched && decision.provenance != Provenance::Guard) {
        ++m_out.kept;
    }
    m_use.leftStored += decision.provenance == Provenance::Untouched && !layer.holdsPlainNumbers() ? 1 : 0;
    m_out.guarded += decision.provenance == Provenance::Guard ? 1 : 0;
}

} // namespace

Result<ResolvedPlan> resolvePlan(const QuantPlan& plan, const Model& model)
{
    Resolver resolver(plan, model);
    if (auto status = resolver.prepare(); !status)
        return tl::unexpected(std::move(status.error()));
    return resolver.run();
}

} // namespace mantissa
