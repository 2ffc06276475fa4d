// SPDX-License-Identifier: GPL-3.0-or-later
// The choices that hold for the whole plan: preset, base format, recipe, the rest of the tensors, critical
// layers.
#pragma once

#include "engine/model/model.h"
#include "engine/plan/plan.h"

#include <QWidget>

class QAction;
class QCheckBox;
class QComboBox;
class QLabel;
class QToolButton;

namespace mantissa::ui {

class PlanBar : public QWidget {
    Q_OBJECT
public:
    PlanBar(QAction* baseOptions, QWidget* parent = nullptr);
    /// Offers the presets that fit the model.
    void setModel(const Model& model);
    void setPlan(const QuantPlan& plan, const Model& model);

Q_SIGNALS:
    void presetChosen(const QString& id);
    void baseChosen(const mantissa::Choice& base);
    void recipeChosen(const QString& recipe);
    void outputDtypeChosen(const QString& dtype);
    void preserveCriticalChosen(bool preserve);
    void componentsChosen(const QStringList& roles);

protected:
    bool event(QEvent* event) override;

private:
    void offerComponents(const Model& model);
    void componentToggled();
    void setComponents(const std::vector<bool>& selected, const Model& model);
    QComboBox* m_preset;
    QComboBox* m_base;
    QToolButton* m_options;
    QComboBox* m_recipe;
    QComboBox* m_dtype;
    QCheckBox* m_critical;
    QLabel* m_loader;
    QToolButton* m_components;
    QStringList m_roles; ///< of the model, once each
};

} // namespace mantissa::ui
