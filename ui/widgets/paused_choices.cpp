// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/paused_choices.h"

#include "ui/widgets/flow_layout.h"
#include "ui/widgets/named.h"

#include <QFileDialog>
#include <QPushButton>

#include <utility>

namespace mantissa::ui {

namespace {

QString nameOf(PausedChoice choice)
{
    switch (choice) {
    case PausedChoice::SmallerBudget:
        return QStringLiteral("SmallerBudget");
    case PausedChoice::UseCpu:
        return QStringLiteral("UseCpu");
    case PausedChoice::Again:
        return QStringLiteral("Again");
    case PausedChoice::Elsewhere:
        return QStringLiteral("Elsewhere");
    }
    return {};
}

} // namespace

PausedChoices::PausedChoices(JobQueue& queue, QString prefix, QWidget* parent)
    : QWidget(parent)
    , m_queue(queue)
    , m_prefix(std::move(prefix))
{
    named(this, m_prefix + QStringLiteral("Choices"), tr("How this job can go on"));
    constexpr int kSpacing = 6;
    auto* buttons = new FlowLayout(this, kSpacing, kSpacing);
    buttons->setContentsMargins(0, 4, 0, 0);
    hide();
}

void PausedChoices::setJob(const QString& id)
{
    for (QWidget* button : std::as_const(m_buttons)) {
        layout()->removeWidget(button);
        button->hide();
        button->deleteLater(); // it may be the one that was just clicked
    }
    m_buttons.clear();
    m_job = id;
    const int row = m_queue.model()->rowOf(id);
    const QueuedJob* job = row < 0 ? nullptr : &m_queue.model()->jobs()[static_cast<std::size_t>(row)];
    if (job == nullptr
        || (job->state != QueuedJob::State::Paused && job->state != QueuedJob::State::Failed)) {
        hide();
        return;
    }
    for (const PausedChoice choice : choicesFor(*job)) {
        const QString text = ui::nameOf(choice, *job);
        auto* button = named(new QPushButton(text, this), m_prefix + nameOf(choice), text);
        connect(button, &QPushButton::clicked, this, [this, choice] { choose(choice); });
        layout()->addWidget(button);
        button->show();
        m_buttons << button;
    }
    show();
}

void PausedChoices::choose(PausedChoice choice)
{
    const int row = m_queue.model()->rowOf(m_job);
    if (row < 0)
        return;
    QString output;
    if (choice == PausedChoice::Elsewhere) {
        output = QFileDialog::getSaveFileName(window(), tr("Write the file elsewhere"),
            m_queue.model()->jobs()[static_cast<std::size_t>(row)].output, tr("Safetensors (*.safetensors)"));
        if (output.isEmpty())
            return;
    }
    m_queue.choose(m_queue.model()->rowOf(m_job), choice, output);
    Q_EMIT chosen();
}

} // namespace mantissa::ui
