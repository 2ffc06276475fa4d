// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/findings.h"

#include "engine/plan/guards.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace mantissa {

namespace {

constexpr std::size_t kNamesShown = 3;
/// Weights of another dtype that make up less than this are norms and embeddings of odd width, not news.
constexpr double kFewBytes = 0.01;

std::int64_t countOf(std::size_t count)
{
    return static_cast<std::int64_t>(count);
}

/// "a, b, c, …"
std::string someOf(const std::vector<std::string>& names)
{
    const std::size_t shown = std::min(names.size(), kNamesShown);
    return fmt::format("{}{}",
        fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
        names.size() > shown ? ", …" : "");
}

PlanFix keepThem(std::string label = "keep them as they are")
{
    PlanFix fix;
    fix.label = std::move(label);
    return fix;
}

PlanFix storeThem(const Choice& choice)
{
    PlanFix fix;
    fix.label = "store them as " + choice.format;
    fix.choice = choice;
    return fix;
}

/// Collects what is to be said about one resolved plan.
class Collector {
public:
    Collector(const QuantPlan& plan, const Model& model, const PlanUse& use,
        const std::vector<Decision>& decisions, RecipeLevel recipe)
        : m_plan(plan)
        , m_model(model)
        , m_use(use)
        , m_decisions(decisions)
        , m_recipe(recipe)
    { }

    void architecture();
    Status rules(const std::vector<Pattern>& patterns);
    void names();
    void formats();
    void mixture();
    void keys();
    void critical();
    void noGain();
    void sources();
    void dtypes();
    void nothing();

    std::vector<Finding> out;

private:
    Finding& add(std::string id, Severity severity, Message text)
    {
        Finding& finding = out.emplace_back();
        finding.id = std::move(id);
        finding.severity = severity;
        finding.text = std::move(text);
        return finding;
    }
    void ofRule(std::size_t index, bool inOtherLayers);

    const QuantPlan& m_plan;
    const Model& m_model;
    const PlanUse& m_use;
    const std::vector<Decision>& m_decisions;
    RecipeLevel m_recipe;
};

void Collector::architecture()
{
    if (!m_plan.architecture.empty() && m_plan.architecture != m_model.architecture.id)
        add("other-architecture", Severity::Warning,
            {messageSource("Engine", "the plan was made for %1, and this is %2"),
                {m_plan.architecture, m_model.architecture.id}});
}

Status Collector::rules(const std::vector<Pattern>& patterns)
{
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        if (isOfPreset(m_plan.rules[i]))
            continue; // presets speak of every variant of a family
        bool elsewhere = false;
        for (auto layer = m_model.layers.begin();
             !m_use.rules[i].matched && !elsewhere && layer != m_model.layers.end(); ++layer) {
            auto found = patterns[i].search(layer->name);
            if (!found)
                return forward(std::move(found));
            elsewhere = *found;
        }
        ofRule(i, elsewhere);
    }
    return {};
}

void Collector::ofRule(std::size_t index, bool inOtherLayers)
{
    const Rule& rule = m_plan.rules[index];
    const RuleUse& use = m_use.rules[index];
    const Message name = ruleName(m_plan, index);
    Finding* finding = nullptr;
    if (!use.matched && !inOtherLayers) {
        const bool suffix = rule.pattern.find("weight") != std::string::npos;
        finding = &add("rule-matches-nothing", Severity::Warning,
            {suffix ? messageSource("Engine", "%1 matches no layer; layer names do not end in .weight")
                    : messageSource("Engine", "%1 matches no layer"),
                {name}});
    } else if (!use.reached && !rule.choice.keeps()) {
        finding = &add("rule-without-use", Severity::Warning,
            {messageSource("Engine", "%1 matches only layers that cannot be quantized"), {name}});
    }
    if (finding == nullptr)
        return;
    PlanFix fix;
    fix.kind = PlanFix::Kind::RemoveRules;
    fix.label = "remove the rule";
    fix.rules.push_back(index);
    finding->fixes.push_back(std::move(fix));
}

void Collector::names()
{
    std::set<std::string_view> known;
    if (!m_plan.overrides.empty())
        for (const Layer& layer : m_model.layers)
            known.insert(layer.name);
    std::vector<std::string> unknown;
    for (const auto& [name, choice] : m_plan.overrides)
        if (!known.contains(name))
            unknown.push_back(name);
    if (!unknown.empty()) {
        Finding& finding = add("unknown-names", Severity::Warning,
            {countedSource("Engine", "%n override(s) (names|name) no layer of this model: %1"),
                {someOf(unknown)}, countOf(unknown.size())});
        PlanFix fix;
        fix.kind = PlanFix::Kind::RemoveOverrides;
        fix.label = "remove them from the plan";
        fix.names = unknown;
        finding.fixes.push_back(std::move(fix));
    }
    for (const std::string& role : m_plan.components) {
        const bool has = std::any_of(m_model.components.begin(), m_model.components.end(),
            [&role](const Component& component) { return component.role == role; });
        if (!has)
            add("unknown-component", Severity::Warning,
                {messageSource("Engine", "this file has no component \"%1\""), {role}});
    }
}

void Collector::formats()
{
    for (const auto& [id, layers] : m_use.layersByFormat) {
        const StorageFormat* format = findFormat(id);
        if (!format || format->info().loader == LoaderSupport::Stock)
            continue;
        const bool none = format->info().loader == LoaderSupport::None;
        Message text(none ? countedSource("Engine", "%n layer(s) in %1: no known runtime loads it")
                          : countedSource("Engine",
                              "%n layer(s) in %1: stock ComfyUI does not load it, a custom node is needed"),
            {id}, countOf(layers.size()));
        if (!format->info().loaderNote.empty())
            text
                = Message(messageSource("Engine", "%1 – %2"), {text, std::string(format->info().loaderNote)});
        Finding& finding = add("not-stock", none ? Severity::Problem : Severity::Warning, std::move(text));
        finding.layers = layers;
        const Choice near = nearestChoice(id, m_model, layers, m_recipe,
            [](const StorageFormat& other) { return other.info().loader == LoaderSupport::Stock; });
        if (!near.keeps())
            finding.fixes.push_back(storeThem(near));
    }
}

/// bitsandbytes' layers and ComfyUI's describe themselves in different ways, and no loader reads both.
void Collector::mixture()
{
    std::vector<std::string_view> own, others;
    std::size_t ownLayers = 0, otherLayers = 0;
    for (const auto& [id, layers] : m_use.layersByFormat)
        if (const StorageFormat* format = findFormat(id)) {
            (format->writesSettings() ? own : others).push_back(id);
            (format->writesSettings() ? ownLayers : otherLayers) += layers.size();
        }
    if (own.empty() || others.empty())
        return;
    Finding& finding = add("mixed-conventions", Severity::Problem,
        {messageSource("Engine", "%1 and %2 in one file: no known loader reads both"),
            {fmt::format("{}", fmt::join(own, ", ")), fmt::format("{}", fmt::join(others, ", "))}});
    // The smaller part gives way.
    const bool ownGives = ownLayers <= otherLayers;
    const auto& giving = ownGives ? own : others;
    for (const std::string_view id : giving) {
        const auto& layers = m_use.layersByFormat.at(std::string(id));
        finding.layers.insert(finding.layers.end(), layers.begin(), layers.end());
    }
    std::sort(finding.layers.begin(), finding.layers.end());
    const auto& staying = ownGives ? others : own;
    const Choice near
        = nearestChoice(giving.front(), m_model, finding.layers, m_recipe, [&](const StorageFormat& other) {
              return std::find(staying.begin(), staying.end(), other.info().id) != staying.end();
          });
    if (!near.keeps())
        finding.fixes.push_back(storeThem(near));
}

void Collector::keys()
{
    if (m_model.architecture.form == "diffusers" && !m_use.layersByFormat.empty())
        add("diffusers-keys", Severity::Warning,
            messageSource("Engine",
                "the keys are spelled as diffusers spells them: stock ComfyUI may not load the file"));
}

void Collector::critical()
{
    std::vector<std::size_t> atAll, byBase, inFourBits;
    for (std::size_t i = 0; i < m_decisions.size(); ++i) {
        const Layer& layer = m_model.layers[i];
        const Decision& decision = m_decisions[i];
        if (decision.choice.keeps() || !layer.holdsPlainNumbers())
            continue;
        const bool narrow = !layer.critical && layer.criticalAt4Bits && isFourBit(decision.choice);
        if (!layer.critical && !narrow)
            continue;
        (narrow ? inFourBits : atAll).push_back(i);
        if (decision.provenance == Provenance::Base)
            byBase.push_back(i);
    }
    const auto report = [&](const std::vector<std::size_t>& layers, std::string_view id, MessageSource what) {
        if (layers.empty())
            return;
        const Message reason = m_model.layers[layers.front()].reason.translatable();
        Message text(what, {}, countOf(layers.size()));
        if (!reason.empty())
            text = Message(messageSource("Engine", "%1: %2"), {text, reason});
        Finding& finding = add(std::string(id), Severity::Warning, std::move(text));
        finding.layers = layers;
        if (!m_plan.preserveCritical && !byBase.empty()) {
            PlanFix fix;
            fix.kind = PlanFix::Kind::PreserveCritical;
            fix.label = "preserve critical layers";
            finding.fixes.push_back(std::move(fix));
        }
        finding.fixes.push_back(keepThem());
        if (id == "critical-in-4-bits") {
            const Choice wide = nearestChoice(m_decisions[layers.front()].choice.format, m_model, layers,
                m_recipe, [](const StorageFormat& other) {
                    return other.info().loader == LoaderSupport::Stock
                        && !isFourBit({std::string(other.info().id), {}});
                });
            if (!wide.keeps())
                finding.fixes.push_back(storeThem(wide));
        }
    };
    report(atAll, "critical-quantized",
        countedSource("Engine", "%n layer(s) that the model is sensitive to (is|are) quantized"));
    report(inFourBits, "critical-in-4-bits",
        countedSource("Engine", "%n layer(s) that the model is sensitive to (is|are) quantized to 4 bits"));
}

void Collector::noGain()
{
    std::vector<std::size_t> layers;
    for (std::size_t i = 0; i < m_decisions.size(); ++i)
        if (!m_decisions[i].choice.keeps() && m_decisions[i].bytesBefore > 0
            && m_decisions[i].bytesAfter >= m_decisions[i].bytesBefore
            && m_model.layers[i].holdsPlainNumbers() && !m_model.layers[i].isDecodedByReader())
            layers.push_back(i);
    if (layers.empty())
        return;
    Finding& finding = add("no-gain", Severity::Warning,
        {countedSource("Engine",
             "%n layer(s) (loses|lose) accuracy for nothing: stored as planned, (it is|they are) no smaller "
             "than before"),
            {}, countOf(layers.size())});
    finding.layers = std::move(layers);
    finding.fixes.push_back(keepThem());
}

void Collector::sources()
{
    if (!m_use.requantized.empty()) {
        Finding& finding = add("requantized", Severity::Warning,
            {countedSource("Engine",
                 "%n layer(s) (is|are) quantized already and will be decoded and quantized again, which adds "
                 "to the error; start from the original file if you have it"),
                {}, countOf(m_use.requantized.size())});
        finding.layers = m_use.requantized;
        if (std::ranges::none_of(
                finding.layers, [&](std::size_t i) { return m_model.layers[i].isDecodedByReader(); }))
            finding.fixes.push_back(keepThem("leave them as they are stored"));
    }
    if (!m_use.fromPlainFp8.empty()) {
        Finding& finding = add("from-plain-fp8", Severity::Warning,
            {countedSource("Engine",
                 "%n layer(s) (holds|hold) 8-bit floats without scales: what that cast lost stays lost, and "
                 "quantizing from it loses quality; start from the 16-bit original if you have it"),
                {}, countOf(m_use.fromPlainFp8.size())});
        finding.layers = m_use.fromPlainFp8;
    }
}

/// Weights of several widths hint at a merge, or at a file that was cast by halves.
void Collector::dtypes()
{
    std::map<DType, std::vector<std::size_t>> byType;
    std::map<DType, double> bytes;
    double all = 0;
    std::uint64_t castable = 0;
    for (std::size_t i = 0; i < m_model.layers.size(); ++i) {
        const Layer& layer = m_model.layers[i];
        if (layer.kind == LayerKind::Parameter || layer.kind == LayerKind::Buffer || layer.shape.size() < 2
            || !layer.holdsPlainNumbers() || layer.isDecodedByReader() || !m_model.source
            || layer.weight >= m_model.source->tensors().size())
            continue;
        const auto size = m_model.source->tensors()[layer.weight].bytes;
        byType[layer.dtype].push_back(i);
        bytes[layer.dtype] += static_cast<double>(size);
        all += static_cast<double>(size);
        if (layer.dtype == DType::F32 && m_decisions[i].choice.keeps())
            castable += size;
    }
    if (byType.size() < 2)
        return;
    const auto most = std::max_element(bytes.begin(), bytes.end(), [](auto& a, auto& b) {
        return a.second < b.second;
    })->first;
    Message parts;
    std::vector<std::size_t> odd;
    for (const auto& [dtype, layers] : byType) {
        if (dtype != most && bytes[dtype] < kFewBytes * all)
            continue;
        Message part(countedSource("Engine", "%1 (%n layer(s))"), {std::string(nameOf(dtype))},
            countOf(layers.size()));
        parts = parts.empty()
            ? std::move(part)
            : Message(messageSource("Engine", "%1, %2"), {std::move(parts), std::move(part)});
        if (dtype != most)
            odd.insert(odd.end(), layers.begin(), layers.end());
    }
    if (odd.empty())
        return;
    std::sort(odd.begin(), odd.end());
    Finding& finding = add("mixed-dtypes", Severity::Note,
        {messageSource("Engine",
             "the weights come in several dtypes: %1; layers of another dtype than most may be merged in, or "
             "cast before"),
            {std::move(parts)}});
    finding.layers = std::move(odd);
    if (castable > 0 && m_plan.outputDtype == "keep") {
        PlanFix fix;
        fix.kind = PlanFix::Kind::SetOutputDtype;
        fix.label = "write kept float32 matrices as bfloat16";
        fix.value = "bfloat16";
        finding.fixes.push_back(std::move(fix));
    }
}

void Collector::nothing()
{
    if (!m_use.layersByFormat.empty())
        return;
    Finding& finding = add("nothing-quantized", Severity::Problem,
        m_use.leftStored == 0
            ? Message(messageSource("Engine", "the plan quantizes no layer"))
            : Message(countedSource("Engine",
                          "the plan quantizes no layer: %n (is|are) quantized already and stay as they are; "
                          "--set REGEX=FORMAT quantizes them again"),
                {}, countOf(m_use.leftStored)));
    if (m_plan.base.keeps() && m_use.leftStored == 0) {
        PlanFix fix;
        fix.kind = PlanFix::Kind::SetBase;
        fix.choice.format = "float8_e4m3fn"; // what every runtime of resources/loaders.json reads
        fix.label = "make float8_e4m3fn the base format";
        finding.fixes.push_back(std::move(fix));
    }
}

} // namespace

Message ruleName(const QuantPlan& plan, std::size_t index)
{
    const Rule& rule = plan.rules[index];
    if (rule.origin.empty())
        return {messageSource("Engine", "rule %1 (\"%2\")"), {std::to_string(index + 1), rule.pattern}};
    return {messageSource("Engine", "rule %1 (%3 \"%2\")"),
        {std::to_string(index + 1), rule.pattern, rule.origin}};
}

bool isOfPreset(const Rule& rule)
{
    return rule.origin.rfind("preset ", 0) == 0;
}

Choice nearestChoice(std::string_view format, const Model& model, const std::vector<std::size_t>& layers,
    RecipeLevel recipe, const std::function<bool(const StorageFormat&)>& accepted)
{
    const StorageFormat* from = findFormat(format);
    if (!from)
        return {};
    Choice best;
    double distance = 0;
    for (const StorageFormat* other : storageFormats()) {
        const double away = std::abs(other->info().bitsPerWeight - from->info().bitsPerWeight);
        if (other == from || !accepted(*other) || (!best.keeps() && away >= distance))
            continue;
        const Choice choice{std::string(other->info().id), {}};
        std::set<std::pair<LayerKind, Shape>> tried; // thousands of layers have a few shapes
        const bool fits = std::all_of(layers.begin(), layers.end(), [&](std::size_t at) {
            const Layer& layer = model.layers[at];
            return !tried.emplace(layer.kind, layer.shape).second || fitFormat(layer, choice, recipe);
        });
        if (!fits)
            continue;
        best = choice;
        distance = away;
    }
    return best;
}

Result<std::vector<Finding>> planFindings(const QuantPlan& plan, const Model& model,
    const std::vector<Pattern>& patterns, const PlanUse& use, const std::vector<Decision>& decisions)
{
    Collector found(plan, model, use, decisions, recipeLevelOf(plan.recipe).value_or(RecipeLevel::Fast));
    found.architecture();
    if (Status status = found.rules(patterns); !status)
        return forward(std::move(status));
    found.names();
    found.formats();
    found.mixture();
    found.keys();
    found.critical();
    found.noGain();
    found.sources();
    found.nothing();
    found.dtypes();
    return std::move(found.out);
}

QuantPlan withFix(QuantPlan plan, const Model& model, const Finding& finding, const PlanFix& fix)
{
    switch (fix.kind) {
    case PlanFix::Kind::SetChoice:
        for (const std::size_t layer : finding.layers)
            plan.overrides[model.layers[layer].name] = fix.choice;
        break;
    case PlanFix::Kind::SetBase:
        plan.base = fix.choice;
        break;
    case PlanFix::Kind::PreserveCritical:
        plan.preserveCritical = true;
        break;
    case PlanFix::Kind::SetOutputDtype:
        plan.outputDtype = fix.value;
        break;
    case PlanFix::Kind::SetRecipe:
        plan.recipe = fix.value;
        break;
    case PlanFix::Kind::RemoveRules:
        for (auto index = fix.rules.rbegin(); index != fix.rules.rend(); ++index)
            if (*index < plan.rules.size())
                plan.rules.erase(plan.rules.begin() + static_cast<std::ptrdiff_t>(*index));
        break;
    case PlanFix::Kind::RemoveOverrides:
        for (const std::string& name : fix.names)
            plan.overrides.erase(name);
        break;
    }
    return plan;
}

} // namespace mantissa
