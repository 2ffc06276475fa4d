// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/plan_editor.h"

#include "engine/formats/activation_grid.h"
#include "engine/plan/guards.h"
#include "engine/sensitivity/sensitivity.h"
#include "ui/presenters/findings_presenter.h"
#include "ui/rule_writer.h"
#include "ui/text.h"

#include <QLocale>

#include <algorithm>
#include <map>

namespace mantissa::ui {

namespace {
// Rules that a preset brought carry "preset <id>" as their origin (plan.h, Rule::origin).
constexpr std::string_view kPresetOrigin = "preset";
} // namespace

std::vector<std::size_t> LayerSelection::all() const
{
    std::vector<std::size_t> layers = picked;
    layers.insert(layers.end(), below.begin(), below.end());
    std::sort(layers.begin(), layers.end());
    layers.erase(std::unique(layers.begin(), layers.end()), layers.end());
    return layers;
}

PlanEditor::PlanEditor(PlanDocument& document, QObject* parent)
    : QObject(parent)
    , m_document(document)
{ }

RecipeLevel PlanEditor::recipeOf(const QuantPlan& plan)
{
    return recipeLevelOf(plan.recipe).value_or(RecipeLevel::Fast);
}

QString PlanEditor::obstacle(const Layer& layer, const Choice& choice, RecipeLevel recipe)
{
    const StorageFormat* format = findFormat(choice.format);
    if (format == nullptr)
        return tr("There is no format “%1”.").arg(toQt(choice.format));
    const bool matrix = layer.kind == LayerKind::Linear
        || (layer.kind == LayerKind::Embedding && format->info().embeddings);
    if (!matrix || layer.shape.size() != 2)
        return tr("%1 stores the weights of linear layers, not those of kind %2.")
            .arg(formatName(choice.format), kindText(layer.kind));
    const Result<FormatParams> params = fitFormat(layer, choice, recipe);
    return params ? QString() : errorSentence(params.error());
}

void PlanEditor::change(const QString& step, const std::function<void(QuantPlan&)>& edit)
{
    if (m_document.isEmpty())
        return;
    QuantPlan next = m_document.plan();
    edit(next);
    m_document.edit(std::move(next), step);
}

void PlanEditor::setFormat(const LayerSelection& selection, const Choice& choice)
{
    if (m_document.isEmpty() || selection.isEmpty())
        return;
    const Model& model = *m_document.model();
    const RecipeLevel recipe = recipeOf(m_document.plan());
    const std::vector<bool> selected = selectedComponents(m_document.plan(), model);
    std::map<std::pair<LayerKind, Shape>, QString> known; // thousands of layers have a few shapes
    const QString notSelected = tr("Other components are left alone; choose them under “Quantize” above.");
    const auto why = [&](const Layer& layer) -> const QString& {
        if (layer.component < selected.size() && !selected[layer.component])
            return notSelected;
        const auto [at, isNew] = known.try_emplace({layer.kind, layer.shape});
        if (isNew)
            at->second = obstacle(layer, choice, recipe);
        return at->second;
    };
    std::vector<std::size_t> takers;
    QString firstObstacle;
    int unable = 0, critical = 0;
    for (const std::size_t idx : selection.picked) {
        const QString& against = why(model.layers[idx]);
        if (against.isEmpty()) {
            takers.push_back(idx);
        } else {
            ++unable;
            firstObstacle = firstObstacle.isEmpty() ? against : firstObstacle;
        }
    }
    const bool fourBits = isFourBit(choice);
    for (const std::size_t idx : selection.below) {
        const Layer& layer = model.layers[idx];
        if (!isWeight(layer.kind))
            continue;
        const QString& against = why(layer);
        if (!against.isEmpty())
            firstObstacle = firstObstacle.isEmpty() ? against : firstObstacle;
        else if (layer.critical || (fourBits && layer.criticalAt4Bits))
            ++critical;
        else
            takers.push_back(idx);
    }
    if (takers.empty()) {
        Q_EMIT notice(
            critical > 0 ? tr(
                "All %n layer(s) here that could take it are critical; select them themselves to set them.",
                nullptr, critical)
                         : tr("Nothing to set here. %1").arg(firstObstacle));
        return;
    }
    change(
        tr("Set %n layer(s) to %1", nullptr, static_cast<int>(takers.size())).arg(formatName(choice.format)),
        [&](QuantPlan& plan) { writeChoice(plan, model, *m_document.tree(), takers, choice); });
    if (unable > 0)
        Q_EMIT notice(tr("%n layer(s) stay as they are. %1", nullptr, unable).arg(firstObstacle));
    else if (critical > 0)
        Q_EMIT notice(tr("%n critical layer(s) below stay as they are; select them themselves to set them.",
            nullptr, critical));
}

void PlanEditor::keep(const LayerSelection& selection)
{
    std::vector<std::size_t> layers = selection.picked;
    for (const std::size_t idx : selection.below)
        if (isWeight(m_document.model()->layers[idx].kind))
            layers.push_back(idx);
    if (layers.empty())
        return;
    change(tr("Keep %n layer(s)", nullptr, static_cast<int>(layers.size())), [&](QuantPlan& plan) {
        writeChoice(plan, *m_document.model(), *m_document.tree(), layers, Choice{});
    });
}

void PlanEditor::clear(const LayerSelection& selection)
{
    if (m_document.isEmpty())
        return;
    QuantPlan next = m_document.plan();
    std::size_t left = 0;
    const std::size_t freed = eraseChoices(next, *m_document.model(), selection.all(), left);
    if (freed > 0)
        m_document.edit(
            std::move(next), tr("Clear what is set on %n layer(s)", nullptr, static_cast<int>(freed)));
    if (left > 0)
        Q_EMIT notice(
            tr("A rule of yours about more than these layers still decides about %n of them; change it "
               "in the list of rules.",
                nullptr, static_cast<int>(left)));
    else if (freed == 0)
        Q_EMIT notice(
            tr("Nothing is set on these layers; their format comes from the base format, rules or guards."));
}

void PlanEditor::clearAll()
{
    change(tr("Clear everything set by hand"), [](QuantPlan& plan) {
        plan.overrides.clear();
        std::erase_if(plan.rules, isOfUser);
    });
}

QString PlanEditor::ruleStep(const QString& verb, const std::string& pattern) const
{
    constexpr int kShown = 40;
    QString text = toQt(pattern);
    return verb.arg(text.size() > kShown ? text.left(kShown) + QStringLiteral("…") : text);
}

void PlanEditor::addRule(const Rule& rule)
{
    change(ruleStep(tr("Add rule %1"), rule.pattern), [&](QuantPlan& plan) { plan.rules.push_back(rule); });
}

void PlanEditor::changeRule(std::size_t index, const Rule& rule)
{
    change(ruleStep(tr("Change rule %1"), rule.pattern), [&](QuantPlan& plan) {
        if (index < plan.rules.size())
            plan.rules[index] = rule;
    });
}

void PlanEditor::removeRule(std::size_t index)
{
    if (m_document.isEmpty() || index >= m_document.plan().rules.size())
        return;
    change(ruleStep(tr("Remove rule %1"), m_document.plan().rules[index].pattern),
        [&](QuantPlan& plan) { plan.rules.erase(plan.rules.begin() + static_cast<std::ptrdiff_t>(index)); });
}

void PlanEditor::moveRule(std::size_t index, std::size_t to)
{
    if (m_document.isEmpty() || index >= m_document.plan().rules.size()
        || to >= m_document.plan().rules.size())
        return;
    change(ruleStep(tr("Move rule %1"), m_document.plan().rules[index].pattern), [&](QuantPlan& plan) {
        Rule rule = std::move(plan.rules[index]);
        plan.rules.erase(plan.rules.begin() + static_cast<std::ptrdiff_t>(index));
        plan.rules.insert(plan.rules.begin() + static_cast<std::ptrdiff_t>(to), std::move(rule));
    });
}

void PlanEditor::setBase(const Choice& base)
{
    const std::string architecture
        = m_document.isEmpty() ? std::string() : m_document.model()->architecture.id;
    change(base.keeps() ? tr("Keep all layers by default")
                        : tr("Set base format to %1").arg(formatName(base.format)),
        [&](QuantPlan& plan) {
            // The rules of a preset depend on the width of the base format, and a preset with an aim names
            // its own.
            const Preset* preset = plan.preset.empty() ? nullptr : findPreset(plan.preset);
            if (preset != nullptr && !preset->aim.empty() && preset->base.format != base.format)
                preset = presetFor(architecture);
            plan.base = base;
            if (preset != nullptr)
                mantissa::applyPreset(plan, *preset);
            plan.base = base;
        });
}

void PlanEditor::setRecipe(const QString& recipe)
{
    change(tr("Set recipe to %1").arg(recipe), [&](QuantPlan& plan) { plan.recipe = toStd(recipe); });
}

void PlanEditor::setOutputDtype(const QString& dtype)
{
    change(tr("Store other tensors as %1").arg(dtype),
        [&](QuantPlan& plan) { plan.outputDtype = toStd(dtype); });
}

void PlanEditor::setPreserveCritical(bool preserve)
{
    change(preserve ? tr("Preserve critical layers") : tr("Quantize critical layers too"),
        [&](QuantPlan& plan) { plan.preserveCritical = preserve; });
}

void PlanEditor::setComponents(const QStringList& roles)
{
    if (roles.isEmpty()) {
        Q_EMIT notice(tr("One component at least has to be quantized; set the base format to keep instead."));
        Q_EMIT m_document.planChanged(); // the menu shows the plan again
        return;
    }
    change(tr("Quantize %1").arg(roles.join(QStringLiteral(", "))), [&](QuantPlan& plan) {
        plan.components.clear();
        for (const QString& role : roles)
            plan.components.push_back(toStd(role));
    });
}

void PlanEditor::applyPreset(const QString& id)
{
    const Preset* preset = id.isEmpty() ? nullptr : findPreset(toStd(id));
    if (!id.isEmpty() && preset == nullptr) {
        Q_EMIT notice(tr("There is no preset “%1”.").arg(id));
        return;
    }
    change(
        preset != nullptr ? tr("Apply preset %1").arg(toQt(preset->name)) : tr("Remove the preset's rules"),
        [&](QuantPlan& plan) {
            if (preset != nullptr) {
                mantissa::applyPreset(plan, *preset);
                return;
            }
            std::erase_if(
                plan.rules, [](const Rule& rule) { return rule.origin.starts_with(kPresetOrigin); });
            plan.fallback = {};
            plan.preset.clear();
        });
}

void PlanEditor::replacePlan(QuantPlan plan, const QString& step)
{
    m_document.edit(std::move(plan), step);
}

void PlanEditor::mend(const Finding& finding, const PlanFix& fix)
{
    if (m_document.isEmpty())
        return;
    const Model& model = *m_document.model();
    change(tr("Mend: %1").arg(fixText(fix)), [&](QuantPlan& plan) {
        if (fix.kind == PlanFix::Kind::SetChoice)
            writeChoice(plan, model, *m_document.tree(), finding.layers, fix.choice);
        else if (fix.kind != PlanFix::Kind::SetBase)
            plan = withFix(std::move(plan), model, finding, fix);
        else
            plan = withBase(plan, fix.choice);
    });
}

void PlanEditor::setInputClip(const QString& layer, double clip)
{
    const auto state = m_document.state();
    if (m_document.isEmpty() || !state)
        return;
    const auto& layers = m_document.model()->layers;
    const std::string name = toStd(layer);
    const auto found
        = std::find_if(layers.begin(), layers.end(), [&](const Layer& each) { return each.name == name; });
    if (found == layers.end())
        return;
    Choice choice = state->resolved.decisions[static_cast<std::size_t>(found - layers.begin())].choice;
    if (choice.inputClip == clip)
        return;
    if (inputScaleRange(choice.format, choice.params) == 0) {
        Q_EMIT notice(choice.keeps() ? tr("This layer is kept as it is, so there is nothing to clip.")
                                     : tr("%1 has no place for a clip: its runtimes scale inputs as they "
                                          "come. FP8 and NVFP4 store one.")
                                           .arg(formatName(choice.format)));
        return;
    }
    choice.inputClip = clip;
    change(clip > 0 ? tr("Clip the inputs of %1 at %2").arg(layer, QLocale().toString(clip, 'g', 4))
                    : tr("Let the runtime scale the inputs of %1").arg(layer),
        [&](QuantPlan& plan) { plan.overrides[name] = choice; });
}

void PlanEditor::setNote(const QString& layer, const QString& note)
{
    const QString text = note.trimmed();
    change(text.isEmpty() ? tr("Remove the note on %1").arg(layer) : tr("Write a note on %1").arg(layer),
        [&](QuantPlan& plan) {
            if (text.isEmpty())
                plan.notes.erase(toStd(layer));
            else
                plan.notes[toStd(layer)] = toStd(text);
        });
}

void PlanEditor::setQuantized(const LayerSelection& selection, bool quantized)
{
    if (m_document.isEmpty())
        return;
    if (!quantized) {
        keep(selection);
        return;
    }
    const std::vector<Choice> offered = defaultBudgetFormats();
    const Choice& base = m_document.plan().base;
    setFormat(selection, base.keeps() && !offered.empty() ? offered.front() : base);
}

} // namespace mantissa::ui
