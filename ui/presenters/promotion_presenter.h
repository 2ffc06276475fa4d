// SPDX-License-Identifier: GPL-3.0-or-later
// From a bad picture back to the plan: measures which layers contribute, and makes the cheapest promotion of
// them one step of editing.
#pragma once

#include "engine/compare/promotion.h"
#include "ui/document.h"

#include <QObject>

#include <optional>

namespace mantissa::ui {

class PromotionPresenter : public QObject {
    Q_OBJECT
public:
    explicit PromotionPresenter(PlanDocument& document, QObject* parent = nullptr);

    /// For the plan as it is now and a picture as it was asked for. Answers with measured() or failed().
    void measure(const GenerationRequest& picture);
    void cancel();
    bool isRunning() const { return m_job.isRunning(); }
    const std::optional<Promotion>& promotion() const { return m_promotion; }
    /// Makes the proposed promotion one undoable step; false where there is none.
    bool apply();

Q_SIGNALS:
    void progressed(const mantissa::ProgressSnapshot& snapshot);
    void runningChanged(bool running);
    void measured();
    void failed(const mantissa::Error& error); ///< Cancelled included
    void cleared(); ///< the plan is another one

private:
    PlanDocument& m_document;
    std::optional<Promotion> m_promotion;
    JobController m_job;
};

} // namespace mantissa::ui
