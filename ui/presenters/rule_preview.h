// SPDX-License-Identifier: GPL-3.0-or-later
// What a changed plan would change, before it is applied: resolved off the window's thread, one row a layer.
#pragma once

#include "ui/document.h"

#include <QObject>
#include <QString>

#include <optional>
#include <vector>

namespace mantissa::ui {

struct PreviewRow {
    std::size_t layer = 0;
    QString name, before, after;
};

struct PlanPreview {
    std::vector<PreviewRow> rows; ///< layers whose format changes
    std::uint64_t bytesBefore = 0, bytesAfter = 0; ///< of all layers
    QString problem; ///< why the plan makes no sense, as a sentence; empty: it does
};

class RulePreview : public QObject {
    Q_OBJECT
public:
    explicit RulePreview(PlanDocument& document, QObject* parent = nullptr);
    /// Answers with changed(); an older question that is still open is forgotten.
    void ask(QuantPlan plan);

Q_SIGNALS:
    void changed(const mantissa::ui::PlanPreview& preview);

private:
    PlanDocument& m_document;
    JobController m_job;
};

} // namespace mantissa::ui
