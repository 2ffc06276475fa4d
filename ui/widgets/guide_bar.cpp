// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/guide_bar.h"

#include "ui/actions.h"
#include "ui/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace mantissa::ui {

GuideBar::GuideBar(const Actions& actions, QWidget* parent)
    : QFrame(parent)
    , m_actions(actions)
    , m_title(new QLabel(this))
    , m_text(new QLabel(this))
    , m_do(new QPushButton(this))
    , m_skip(new QPushButton(tr("Skip"), this))
    , m_end(new QPushButton(tr("End the guide"), this))
{
    setObjectName(QStringLiteral("guideBar"));
    setAccessibleName(tr("Guide"));
    setFrameShape(QFrame::StyledPanel);
    setBackgroundRole(QPalette::AlternateBase);
    setAutoFillBackground(true);
    m_title->setObjectName(QStringLiteral("guideTitle"));
    m_title->setAccessibleName(tr("Step of the guide"));
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_text->setObjectName(QStringLiteral("guideText"));
    m_text->setAccessibleName(tr("What to do"));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_do->setObjectName(QStringLiteral("guideDo"));
    m_skip->setObjectName(QStringLiteral("guideSkip"));
    m_skip->setAccessibleName(tr("Skip this step"));
    m_skip->setFlat(true);
    m_end->setObjectName(QStringLiteral("guideEnd"));
    m_end->setAccessibleName(tr("End the guide"));
    m_end->setFlat(true);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_title);
    words->addWidget(m_text);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 12, 8);
    row->addLayout(words, 1);
    row->addWidget(m_do);
    row->addWidget(m_skip);
    row->addWidget(m_end);
    connect(m_do, &QPushButton::clicked, this, [this] {
        switch (m_step) {
        case Step::Plan:
            m_actions[ActionId::SelectMatching]->trigger();
            for (QAction* format : m_actions.formatActions())
                if (format->data() == QStringLiteral("nvfp4"))
                    format->trigger();
            break;
        case Step::Calibrate:
            m_actions[ActionId::Calibrate]->trigger();
            break;
        case Step::Export:
            m_actions[ActionId::Export]->trigger();
            break;
        case Step::Compare:
        case Step::Count:
            m_active = false;
            hide();
            m_actions[ActionId::ComparePictures]->trigger();
            break;
        }
    });
    connect(m_skip, &QPushButton::clicked, this, [this] { done(m_step); });
    connect(m_end, &QPushButton::clicked, this, [this] {
        m_active = false;
        hide();
    });
    show(Step::Plan);
    hide();
}

void GuideBar::begin()
{
    m_active = true;
    show(Step::Plan);
    QFrame::show();
}

void GuideBar::done(Step step)
{
    if (!m_active || step != m_step || step == Step::Compare)
        return;
    show(static_cast<Step>(static_cast<int>(step) + 1));
}

void GuideBar::show(Step step)
{
    m_step = step;
    const bool last = step == Step::Compare;
    m_title->setText(tr("Step %1 of %2").arg(static_cast<int>(step) + 1).arg(static_cast<int>(Step::Count)));
    m_skip->setVisible(!last);
    switch (step) {
    case Step::Plan:
        m_text->setText(
            tr("Each row is a layer: its format, where that comes from, and its size before and after. "
               "Select layers or a branch and press Ctrl+1 to Ctrl+9 to store them otherwise; Ctrl+Z takes "
               "it back. The totals are below."));
        m_do->setText(tr("Set all layers to NVFP4"));
        break;
    case Step::Calibrate:
        m_text->setText(
            tr("Better recipes want to know the inputs of the layers. Calibrating runs the model on a few "
               "prompts; select a layer meanwhile and watch its histogram, and drag the clip line."));
        m_do->setText(tr("Calibrate"));
        break;
    case Step::Export:
        m_text->setText(
            tr("Write the quantized file. It is read back and checked afterwards, and the plan is in it."));
        m_do->setText(tr("Export…"));
        break;
    case Step::Compare:
    case Step::Count:
        m_text->setText(tr(
            "See what became of the pictures: the original beside the export, where they differ, and how "
            "far. The panel “Export” says what was checked, “Will it load?” has the runtimes, “Budget” the "
            "best mix for a size; Ctrl+Shift+P finds everything."));
        m_do->setText(tr("Compare pictures"));
        break;
    }
    m_do->setAccessibleName(m_do->text());
}

} // namespace mantissa::ui
