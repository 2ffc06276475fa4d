// SPDX-License-Identifier: GPL-3.0-or-later
// All about the selected layer: what is stored now, what will be, which rule won, what it beat, and why.
#pragma once

#include "ui/plan_state.h"

#include <QScrollArea>

#include <optional>

class QLabel;
class QVBoxLayout;

namespace mantissa {
struct LayerSensitivity;
}

namespace mantissa::ui {

class LayerErrors;

class DetailsPane : public QScrollArea {
    Q_OBJECT
public:
    explicit DetailsPane(QWidget* parent = nullptr);

    void showNothing();
    /// `errors` null: nothing was measured.
    void showLayer(const Model& model, const QuantPlan& plan, const PlanState& state, std::size_t layer,
        const LayerErrors* errors);
    void showGroup(const QString& title, const NodeSummary& summary);

private:
    /// What becomes of the weight of a layer that is kept.
    static QString keptText(const Model& model, const QuantPlan& plan, const Layer& layer);
    void begin();
    void end();
    void addTitle(const QString& text);
    void addHeading(const QString& text);
    void addText(const QString& name, const QString& text, bool muted = false);
    void addBadge(const QString& format, const QString& text);
    void addErrors(const LayerSensitivity& known, const Choice& planned);

    QWidget* m_body = nullptr;
    QVBoxLayout* m_column = nullptr;
};

} // namespace mantissa::ui
