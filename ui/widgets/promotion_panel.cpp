// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/promotion_panel.h"

#include "ui/icons.h"
#include "ui/text.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/format_badge.h"
#include "ui/widgets/named.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace mantissa::ui {

namespace {

/// How many layers the list names: those below contribute too little to be worth a look.
constexpr std::size_t kShownLayers = 40;

} // namespace

PromotionPanel::PromotionPanel(PromotionPresenter& presenter, QAction* find, QWidget* parent)
    : QWidget(parent)
    , m_presenter(presenter)
    , m_summary(wrappedLabel("promotionSummary", tr("What is proposed"), this))
    , m_list(named(new QTreeWidget(this), "promotionList", tr("Layers that contribute most")))
    , m_find(actionButton(find, QStringLiteral("promotionFind"), tr("Find the layers"), this))
    , m_apply(named(new QPushButton(icon(QStringLiteral("check")), tr("Promote"), this), "promotionApply",
          tr("Promote the proposed layers")))
    , m_cancel(named(new QPushButton(icon(QStringLiteral("cancel")), tr("Stop"), this), "promotionCancel",
          tr("Stop measuring")))
    , m_bar(named(new QProgressBar(this), "promotionBar", tr("Progress of the measurement")))
{
    setObjectName(QStringLiteral("promotionPanel"));
    setAccessibleName(tr("From the picture back to the plan"));
    m_list->setHeaderLabels({tr("Layer"), tr("Now"), tr("Share of the error"), tr("Better as"), tr("Adds")});
    m_list->setRootIsDecorated(false);
    m_list->setAlternatingRowColors(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformRowHeights(true);
    m_list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setStretchLastSection(false);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_bar->setTextVisible(false);
    m_bar->setMaximumHeight(8);
    m_bar->hide();
    m_cancel->hide();
    m_apply->setToolTip(tr("One step of the plan; undo takes it back"));
    auto* row = new QHBoxLayout;
    row->addWidget(m_find);
    row->addWidget(m_cancel);
    row->addWidget(m_apply);
    row->addWidget(m_summary, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(6);
    column->addLayout(row);
    column->addWidget(m_bar);
    column->addWidget(m_list, 1);
    connect(m_apply, &QPushButton::clicked, &m_presenter, &PromotionPresenter::apply);
    connect(m_cancel, &QPushButton::clicked, &m_presenter, &PromotionPresenter::cancel);
    connect(&m_presenter, &PromotionPresenter::runningChanged, this, [this](bool running) {
        m_bar->setVisible(running);
        m_cancel->setVisible(running);
        m_find->setVisible(!running);
        if (running) {
            m_bar->setRange(0, 0);
            showNothing(tr("Measuring what each layer does to this picture…"));
        }
    });
    connect(&m_presenter, &PromotionPresenter::progressed, this, [this](const ProgressSnapshot& snapshot) {
        const std::uint64_t total = snapshot.itemsTotal > 0 ? snapshot.itemsTotal : snapshot.bytesTotal;
        const std::uint64_t done = snapshot.itemsTotal > 0 ? snapshot.itemsDone : snapshot.bytesDone;
        m_bar->setRange(0, total == 0 ? 0 : 1000);
        if (total > 0)
            m_bar->setValue(
                static_cast<int>(1000.0 * static_cast<double>(done) / static_cast<double>(total)));
    });
    connect(&m_presenter, &PromotionPresenter::measured, this, &PromotionPanel::showPromotion);
    connect(&m_presenter, &PromotionPresenter::failed, this, [this](const Error& error) {
        showNothing(error.code == ErrorCode::Cancelled
                ? tr("Stopped.")
                : errorSentence(error) + QLatin1Char(' ') + hintSentence(error));
    });
    connect(&m_presenter, &PromotionPresenter::cleared, this, [this] {
        showNothing(tr("The plan has changed; make the pictures again to see what it does now."));
    });
    setObstacle({});
}

void PromotionPanel::setObstacle(const QString& why)
{
    if (m_presenter.isRunning() || m_presenter.promotion())
        return;
    showNothing(
        why.isEmpty() ? tr(
            "For the picture that is shown: which layers of the plan contribute most to its error, and which "
            "few to store better.")
                      : why);
}

void PromotionPanel::showNothing(const QString& why)
{
    m_list->clear();
    m_list->hide();
    m_apply->hide();
    m_summary->setText(why);
}

void PromotionPanel::fillList(const Promotion& promotion)
{
    m_list->clear();
    std::vector<std::optional<std::size_t>> chosen(promotion.layers.size());
    for (const auto& [layer, choice] : promotion.chosen)
        chosen[layer] = choice;
    // The proposed ones first, by what they contribute; then the others.
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < promotion.layers.size(); ++i)
        order.push_back(i);
    std::stable_partition(order.begin(), order.end(), [&](std::size_t i) { return chosen[i].has_value(); });
    order.resize(std::min(order.size(), std::max(kShownLayers, promotion.chosen.size())));
    for (const std::size_t i : order) {
        const LayerContribution& layer = promotion.layers[i];
        auto* item = new QTreeWidgetItem(m_list);
        item->setText(0, toQt(layer.layer));
        item->setToolTip(0, toQt(layer.layer));
        item->setIcon(1, badgeIcon(toQt(layer.now.format)));
        item->setText(1, choiceText(layer.now));
        item->setText(2,
            promotion.harmBefore > 0 ? percentText(layer.harm / promotion.harmBefore) : QStringLiteral("–"));
        item->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
        item->setTextAlignment(4, Qt::AlignRight | Qt::AlignVCenter);
        if (!chosen[i])
            continue;
        const PromotedChoice& better = layer.better[*chosen[i]];
        item->setIcon(3, badgeIcon(toQt(better.choice.format)));
        item->setText(3, better.choice.keeps() ? tr("as it is") : choiceText(better.choice));
        item->setText(4, QStringLiteral("+ ") + sizeText(better.bytes - layer.bytes));
    }
}

void PromotionPanel::showPromotion()
{
    const Promotion& promotion = *m_presenter.promotion();
    fillList(promotion);
    m_list->show();
    m_apply->setVisible(!promotion.chosen.empty());
    if (promotion.chosen.empty()) {
        m_summary->setText(tr("No layer can be stored better than it is."));
        return;
    }
    const double gone = promotion.harmBefore > 0 ? 1 - promotion.harmAfter / promotion.harmBefore : 0;
    const QString measure = promotion.measure == HarmMeasure::DenoiserError
        ? tr("Measured for the plan as it is now, with this prompt and seed.")
        : tr("Judged by the weights alone, which are the same for every prompt: the network is too large to "
             "be probed.");
    const std::uint64_t added = promotion.bytesAfter - std::min(promotion.bytesAfter, promotion.bytesBefore);
    m_summary->setText(
        tr("%n layer(s) stored better take away about %1 of the error and add %2 to the file (%3 in all). %4",
            nullptr, static_cast<int>(promotion.chosen.size()))
            .arg(percentText(gone), sizeText(added), sizeText(promotion.bytesAfter), measure));
}

} // namespace mantissa::ui
