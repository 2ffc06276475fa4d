// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/promotion_presenter.h"

namespace mantissa::ui {

PromotionPresenter::PromotionPresenter(PlanDocument& document, QObject* parent)
    : QObject(parent)
    , m_document(document)
{
    connect(&m_job, &JobController::progressed, this, &PromotionPresenter::progressed);
    connect(&m_job, &JobController::runningChanged, this, &PromotionPresenter::runningChanged);
    connect(&m_document, &PlanDocument::planChanged, this, [this] {
        m_job.requestStop();
        if (!m_promotion)
            return;
        m_promotion.reset();
        Q_EMIT cleared();
    });
}

void PromotionPresenter::measure(const GenerationRequest& picture)
{
    if (m_document.isEmpty())
        return;
    const auto plan = std::make_shared<const QuantPlan>(m_document.plan());
    const auto model = m_document.model();
    m_job.start<Promotion>(
        [plan, model, picture, parts = m_document.parts()](const JobContext& job) -> Result<Promotion> {
            const auto options = generatorOptions(parts);
            if (!options)
                return tl::unexpected(options.error());
            return proposePromotion(*plan, model, picture, *options, job);
        },
        [this, plan, model](Result<Promotion> result) {
            if (model != m_document.model() || !(*plan == m_document.plan()))
                return;
            if (!result) {
                Q_EMIT failed(result.error());
                return;
            }
            m_promotion = std::move(*result);
            Q_EMIT measured();
        });
}

void PromotionPresenter::cancel()
{
    m_job.requestStop();
}

bool PromotionPresenter::apply()
{
    if (!m_promotion || m_promotion->chosen.empty())
        return false;
    QuantPlan plan = m_promotion->plan;
    const int layers = static_cast<int>(m_promotion->chosen.size());
    m_document.edit(std::move(plan), tr("Promote %n layer(s)", nullptr, layers));
    return true;
}

} // namespace mantissa::ui
