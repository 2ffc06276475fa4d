// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/rule_preview.h"

#include "ui/text.h"

namespace mantissa::ui {

RulePreview::RulePreview(PlanDocument& document, QObject* parent)
    : QObject(parent)
    , m_document(document)
{ }

void RulePreview::ask(QuantPlan plan)
{
    const auto model = m_document.model();
    const auto state = m_document.state();
    if (!model || !state)
        return;
    m_job.start<PlanPreview>(
        [plan = std::move(plan), model, state](const JobContext&) -> Result<PlanPreview> {
            const auto resolved = resolvePlan(plan, *model);
            if (!resolved)
                return tl::unexpected(resolved.error());
            PlanPreview preview;
            preview.bytesBefore = state->resolved.dataBytesBefore == 0 ? 0 : state->resolved.dataBytesAfter;
            preview.bytesAfter = resolved->dataBytesAfter;
            for (std::size_t layer = 0; layer < model->layers.size(); ++layer) {
                const Choice& before = state->resolved.decisions[layer].choice;
                const Choice& after = resolved->decisions[layer].choice;
                if (before != after)
                    preview.rows.push_back(
                        {layer, toQt(model->layers[layer].name), choiceText(before), choiceText(after)});
            }
            return preview;
        },
        [this](Result<PlanPreview> preview) {
            if (preview) {
                Q_EMIT changed(*preview);
                return;
            }
            PlanPreview wrong;
            wrong.problem = errorSentence(preview.error());
            Q_EMIT changed(wrong);
        });
}

} // namespace mantissa::ui
