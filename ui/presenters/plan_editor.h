// SPDX-License-Identifier: GPL-3.0-or-later
// Turns what a person asks for ("these layers in NVFP4") into named undo steps on the plan.
#pragma once

#include "ui/document.h"

#include <QObject>
#include <QStringList>

#include <functional>
#include <vector>

namespace mantissa::ui {

/// What is selected in the tree. Layers below a selected branch are meant as a group: those that cannot take
/// a format, or are critical, are passed over. Layers that were picked themselves are meant one by one.
struct LayerSelection {
    std::vector<std::size_t> picked, below;

    bool isEmpty() const { return picked.empty() && below.empty(); }
    std::vector<std::size_t> all() const;
};

class PlanEditor : public QObject {
    Q_OBJECT
public:
    explicit PlanEditor(PlanDocument& document, QObject* parent = nullptr);

    void setFormat(const LayerSelection& selection, const Choice& choice);
    void keep(const LayerSelection& selection);
    void clear(const LayerSelection& selection);
    void clearAll();

    void addRule(const Rule& rule);
    void changeRule(std::size_t index, const Rule& rule);
    void removeRule(std::size_t index);
    /// Later rules win: moving one down makes it stronger.
    void moveRule(std::size_t index, std::size_t to);

    void setBase(const Choice& base);
    void setRecipe(const QString& recipe);
    void setOutputDtype(const QString& dtype);
    void setPreserveCritical(bool preserve);
    /// Roles of the components to quantize; none means that nothing is left to quantize, and is refused.
    void setComponents(const QStringList& roles);
    /// Replaces the rules that came from a preset; rules of the user stay. Empty: no preset.
    void applyPreset(const QString& id);
    void replacePlan(QuantPlan plan, const QString& step);
    /// One fix of a finding; choices become the shortest rule that says them.
    void mend(const Finding& finding, const PlanFix& fix);
    /// Where the runtime cuts the layer's inputs (Choice::inputClip); 0 takes it back. Says why not where the
    /// layer's format has no place for it.
    void setInputClip(const QString& layer, double clip);
    /// A person's own words about a layer; empty takes them back.
    void setNote(const QString& layer, const QString& note);
    /// The tree's check boxes: on is the plan's base format, or the first that is offered where there is
    /// none.
    void setQuantized(const LayerSelection& selection, bool quantized);

    /// Why a layer cannot be stored so, as a sentence; empty if it can.
    static QString obstacle(const Layer& layer, const Choice& choice, RecipeLevel recipe);
    static RecipeLevel recipeOf(const QuantPlan& plan);

Q_SIGNALS:
    /// Something that the person should know about the last request.
    void notice(const QString& text);

private:
    void change(const QString& step, const std::function<void(QuantPlan&)>& edit);
    QString ruleStep(const QString& verb, const std::string& pattern) const;
    PlanDocument& m_document;
};

} // namespace mantissa::ui
