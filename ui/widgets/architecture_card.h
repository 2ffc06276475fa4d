// SPDX-License-Identifier: GPL-3.0-or-later
// What the open checkpoint is, how that was found out, and the place to say otherwise.
#pragma once

#include "engine/model/model.h"
#include "ui/model_parts.h"

#include <QScrollArea>

class QComboBox;
class QVBoxLayout;

namespace mantissa::ui {

class ArchitectureCard : public QScrollArea {
    Q_OBJECT
public:
    explicit ArchitectureCard(QWidget* parent = nullptr);
    /// Null shows the empty state.
    void setModel(const Model* model, const DetectionOverrides& overrides, const ModelParts& parts);

Q_SIGNALS:
    void partsRequested(); ///< the person wants to name other files
    void overrideRequested(const mantissa::DetectionOverrides& overrides);

private:
    void addTitle(const Model& model);
    void addChoices(const Model& model, const DetectionOverrides& overrides);
    void addComponents(const Model& model);
    void addParts(const Model& model, const ModelParts& parts);
    void addFacts(const Model& model);
    void addHeading(const QString& text);
    void addText(const QString& name, const QString& text, bool muted = false);
    void addRows(const QString& name, const QList<QPair<QString, QString>>& rows);
    void request();

    QWidget* m_body = nullptr;
    QVBoxLayout* m_column = nullptr;
    QComboBox* m_architecture = nullptr;
    QComboBox* m_variant = nullptr;
};

} // namespace mantissa::ui
