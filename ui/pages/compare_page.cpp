// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_page.h"

#include "ui/models/metric_columns.h"
#include "ui/models/pair_table_model.h"
#include "ui/models/picture_grid_model.h"
#include "ui/models/variant_table_model.h"
#include "ui/text.h"
#include "ui/widgets/comparison_setup.h"
#include "ui/widgets/judgement_panel.h"
#include "ui/widgets/named.h"
#include "ui/widgets/promotion_panel.h"
#include "ui/widgets/table_panel.h"
#include "ui/widgets/viewport_bar.h"
#include "ui/widgets/wrapped_header.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollArea>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace mantissa::ui {

namespace {

constexpr int kThumbnail = 72; ///< side of a small picture
constexpr int kCellWidth = 176;
constexpr int kPromptWidth = 260;

QTableView* metricTable(
    const char* name, const QString& accessible, QAbstractItemModel* model, int stretched, QWidget* parent)
{
    QTableView* table = makeTable(QLatin1String(name), accessible, model, stretched, parent);
    table->setSortingEnabled(true);
    return table;
}

} // namespace

ComparePage::ComparePage(const Actions& actions, PlanDocument& document, ComparisonPresenter& presenter,
    JudgementStore& judgements, PromotionPresenter& promotion, QWidget* parent)
    : QWidget(parent)
    , m_actions(actions)
    , m_document(document)
    , m_presenter(presenter)
    , m_judgements(judgements)
    , m_promotion(promotion)
    , m_gridModel(new PictureGridModel(presenter, this))
    , m_pairModel(new PairTableModel(presenter, judgements, this))
    , m_variantModel(new VariantTableModel(presenter, judgements, this))
    , m_pairOrder(new MetricSortProxy(m_pairModel, this))
    , m_setup(new ComparisonSetup(actions, presenter, document, this))
    , m_viewport(new PictureViewport(this))
    , m_caption(wrappedLabel("compareCaption", tr("The pair that is shown"), this))
    , m_pixel(named(new QLabel(this), "comparePixel", tr("The pixel under the pointer")))
    , m_variantPicker(
          named(new QComboBox(this), "compareVariantPicker", tr("Variant whose pictures are shown")))
    , m_outliers(named(new QCheckBox(tr("Outliers first"), this), "compareOutliers",
          tr("Prompts whose pictures are furthest from the baseline first")))
    , m_promotionPanel(new PromotionPanel(promotion, actions[ActionId::FindLayers], this))
    , m_judgementPanel(new JudgementPanel(judgements, actions[ActionId::MarkBad], this))
{
    setObjectName(QStringLiteral("comparePage"));
    setAccessibleName(tr("Compare pictures"));
    auto* split = named(new QSplitter(Qt::Vertical, this), "compareSplit", tr("Pictures and tables"));
    split->addWidget(makeViews(actions));
    split->addWidget(makeTabs());
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setChildrenCollapsible(false);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_setup);
    row->addWidget(split, 1);
    connectPresenter();
    connectActions();
    startAnew();
}

QWidget* ComparePage::makeViews(const Actions& actions)
{
    auto* page = named(new QWidget(this), "compareViews", tr("Pictures"));
    auto* bar = new ViewportBar(actions, *m_viewport, page);
    m_pixel->setForegroundRole(QPalette::PlaceholderText);
    auto* below = new QHBoxLayout;
    below->setContentsMargins(10, 4, 10, 4);
    below->addWidget(m_caption, 1);
    below->addWidget(m_pixel);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar);
    column->addWidget(m_viewport, 1);
    column->addLayout(below);
    connect(m_viewport, &PictureViewport::pixelChanged, m_pixel, &QLabel::setText);
    connect(m_viewport, &PictureViewport::differenceWanted, &m_loader, &PairLoader::measure);
    connect(&m_loader, &PairLoader::measured, m_viewport, &PictureViewport::setDifference);
    connect(&m_loader, &PairLoader::loaded, m_viewport, &PictureViewport::setPair);
    connect(&m_loader, &PairLoader::failed, this, &ComparePage::failed);
    return page;
}

QWidget* ComparePage::makeGrid()
{
    auto* page = named(new QWidget(this), "compareGridPage", tr("Pictures by prompt and seed"));
    m_grid = named(new QTableView(page), "compareGrid", tr("Pictures by prompt and seed"));
    m_grid->setModel(m_gridModel);
    m_grid->setIconSize(QSize(kThumbnail, kThumbnail));
    m_grid->setSelectionMode(QAbstractItemView::SingleSelection);
    m_grid->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_grid->setFrameShape(QFrame::NoFrame);
    m_grid->setTabKeyNavigation(false);
    m_grid->setCornerButtonEnabled(false);
    auto* prompts = named(new WrappedHeader(m_grid), "compareGridPrompts", tr("Prompts"));
    m_grid->setVerticalHeader(prompts);
    m_grid->verticalHeader()->setDefaultSectionSize(kThumbnail + 8);
    m_grid->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_grid->verticalHeader()->setFixedWidth(kPromptWidth);
    m_grid->verticalHeader()->setHighlightSections(false);
    m_grid->horizontalHeader()->setDefaultSectionSize(kCellWidth);
    m_grid->horizontalHeader()->setHighlightSections(false);
    m_grid->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_outliers->setChecked(true);
    m_outliers->setToolTip(m_outliers->accessibleName());
    m_variantPicker->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_variantPicker->setMinimumWidth(kCellWidth);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(10, 6, 10, 4);
    head->setSpacing(12);
    head->addWidget(m_variantPicker);
    head->addWidget(m_outliers);
    head->addStretch(1);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_grid, 1);
    connect(m_variantPicker, &QComboBox::activated, this, [this](int variant) {
        m_following = false;
        showVariant(static_cast<std::size_t>(variant));
        if (m_selection)
            select(static_cast<std::size_t>(variant), m_selection->second);
    });
    connect(m_outliers, &QCheckBox::toggled, this, [this](bool first) {
        m_gridModel->setOutliersFirst(first);
        markSelection();
    });
    connect(
        m_grid->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& now) {
            const auto pair = now.isValid() ? m_gridModel->pairAt(now) : std::nullopt;
            if (m_marking || !pair)
                return;
            m_following = false;
            select(m_gridModel->variant(), *pair);
        });
    return page;
}

QWidget* ComparePage::makeTabs()
{
    m_tabs = named(new QTabWidget(this), "compareTabs", tr("Tables of the comparison"));
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setObjectName(QStringLiteral("compareTabBar"));
    m_tabs->tabBar()->setAccessibleName(m_tabs->accessibleName());
    m_pairs = metricTable(
        "comparePairs", tr("Every pair with its numbers"), m_pairOrder, PairTableModel::Prompt, this);
    m_pairs->sortByColumn(
        PairTableModel::FirstMetric + static_cast<int>(metricIndex("flip")), Qt::DescendingOrder);
    auto* variantOrder = new MetricSortProxy(m_variantModel, this);
    m_variants = metricTable("compareTotals", tr("Variants with means and cost"), variantOrder, 0, this);
    m_variants->sortByColumn(-1, Qt::AscendingOrder);
    m_tabs->insertTab(GridTab, makeGrid(), tr("Pictures"));
    m_tabs->insertTab(PairsTab, m_pairs, tr("Numbers"));
    m_tabs->insertTab(VariantsTab, m_variants, tr("Totals and cost"));
    m_tabs->insertTab(LayersTab, m_promotionPanel, tr("Layers to blame"));
    auto* notes = named(new QScrollArea(this), "compareNotes", tr("Ratings and notes")); // of narrow windows
    notes->setWidget(m_judgementPanel);
    notes->setWidgetResizable(true);
    notes->setFrameShape(QFrame::NoFrame);
    m_tabs->insertTab(NotesTab, notes, tr("Ratings and notes"));
    connect(m_pairs->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& now) {
            if (m_marking || !now.isValid())
                return;
            m_following = false;
            const auto [variant, pair] = m_pairModel->placeOf(m_pairOrder->mapToSource(now).row());
            showVariant(variant);
            select(variant, pair);
        });
    return m_tabs;
}

void ComparePage::connectPresenter()
{
    connect(&m_presenter, &ComparisonPresenter::started, this, &ComparePage::startAnew);
    connect(&m_presenter, &ComparisonPresenter::previewed, this, &ComparePage::showPreview);
    connect(
        &m_presenter, &ComparisonPresenter::pairDone, this, [this](std::size_t variant, std::size_t pair) {
            if (m_following) {
                showVariant(variant);
                select(variant, pair);
            }
            updateActions();
        });
    connect(&m_presenter, &ComparisonPresenter::finished, this, &ComparePage::endRun);
    connect(&m_presenter, &ComparisonPresenter::failed, this, [this](const Error& error) {
        endRun();
        if (error.code != ErrorCode::Cancelled)
            Q_EMIT failed(error);
    });
    connect(&m_presenter, &ComparisonPresenter::runningChanged, this, &ComparePage::updateActions);
    connect(&m_promotion, &PromotionPresenter::runningChanged, this, &ComparePage::updateActions);
    connect(&m_document, &PlanDocument::modelChanged, this, &ComparePage::updateActions);
}

void ComparePage::connectActions()
{
    const auto on
        = [this](ActionId id, auto&& slot) { connect(m_actions[id], &QAction::triggered, this, slot); };
    on(ActionId::NextPair, [this] { step(1); });
    on(ActionId::PreviousPair, [this] { step(-1); });
    on(ActionId::FindLayers, [this] { findLayers(); });
    on(ActionId::StopComparison, [this] { m_presenter.stop(); });
    on(ActionId::MakePictures, [this] { m_presenter.start(m_setup->settings()); });
}

void ComparePage::startAnew()
{
    m_selection.reset();
    m_following = true;
    showVariants();
    m_viewport->setMessage(m_presenter.isRunning()
            ? tr("The first picture is being made…")
            : tr("Choose variants on the left and make pictures: the original and what becomes of it show "
                 "here, "
                 "side by side, as a difference, or one behind the other."));
    m_viewport->setPair({});
    m_caption->clear();
    showJudgement();
    updateActions();
}

void ComparePage::endRun()
{
    showVariants();
    // The most telling pair: the one furthest from the baseline.
    const bool looksAtPair = m_selection && m_selection->first > 0;
    if ((m_following || !looksAtPair) && m_pairOrder->rowCount() > 0) {
        const auto [variant, pair]
            = m_pairModel->placeOf(m_pairOrder->mapToSource(m_pairOrder->index(0, 0)).row());
        showVariant(variant);
        select(variant, pair);
    } else if (m_selection) {
        const auto [variant, pair] = *m_selection;
        showVariant(variant);
        markSelection();
        showCaption();
    } else {
        m_viewport->setMessage(tr("No picture was finished."));
        m_viewport->setPair({});
    }
    updateActions();
}

void ComparePage::showVariants()
{
    const int now = m_variantPicker->currentIndex();
    m_variantPicker->clear();
    const auto& variants = m_presenter.comparison().variants;
    for (std::size_t i = 0; i < variants.size(); ++i)
        m_variantPicker->addItem(
            i == 0 ? tr("%1 (baseline)").arg(toQt(variants[i].name)) : toQt(variants[i].name));
    if (!variants.empty())
        m_variantPicker->setCurrentIndex(std::clamp(now, 0, m_variantPicker->count() - 1));
    m_variantPicker->setEnabled(!variants.empty());
    showVariant(variant());
}

std::size_t ComparePage::variant() const
{
    return static_cast<std::size_t>(std::max(0, m_variantPicker->currentIndex()));
}

void ComparePage::showVariant(std::size_t variant)
{
    m_variantPicker->setCurrentIndex(static_cast<int>(variant));
    if (m_gridModel->variant() != variant || m_gridModel->rowCount() == 0) {
        m_marking = true;
        m_gridModel->setVariant(variant);
        m_marking = false;
    }
    updateActions();
}

const ComparedPair* ComparePage::selectedPair() const
{
    return m_selection ? m_presenter.pair(m_selection->first, m_selection->second) : nullptr;
}

void ComparePage::select(std::size_t variant, std::size_t pair)
{
    const ComparedPair* found = m_presenter.pair(variant, pair);
    if (found == nullptr)
        return;
    m_selection = {variant, pair};
    const auto& variants = m_presenter.comparison().variants;
    m_loader.load(found->reference, variant == 0 ? std::filesystem::path() : found->test,
        toQt(variants.front().name), variant == 0 ? QString() : toQt(variants[variant].name));
    showCaption();
    showJudgement();
    markSelection();
    updateActions();
}

void ComparePage::showPreview(std::size_t variant, std::size_t)
{
    if (!m_following)
        return;
    showVariant(variant);
    m_viewport->setPair({std::make_shared<const PictureLevels>(m_presenter.preview()), nullptr,
        tr("%1, being made").arg(toQt(m_presenter.comparison().variants.at(variant).name)), {}});
}

void ComparePage::showCaption()
{
    const ComparedPair* pair = selectedPair();
    if (pair == nullptr) {
        m_caption->clear();
        return;
    }
    QStringList parts{
        pair->prompt.empty() ? toQt(pair->name) : QStringLiteral("“%1”").arg(toQt(pair->prompt))};
    if (pair->seed)
        parts << tr("seed %1").arg(*pair->seed);
    if (m_selection->first > 0)
        for (const char* id : {"psnr_db", "ssim", "flip"}) {
            const std::size_t metric = metricIndex(id);
            parts << QStringLiteral("%1 %2").arg(
                metricName(metric), metricNumber(metric, pair->values.at(metric), true));
        }
    if (const auto parts_at = partingStep(pair->steps); parts_at && m_selection->first > 0)
        parts << tr("parts from the original at step %1").arg(*parts_at);
    m_caption->setText(parts.join(QStringLiteral("  ·  ")));
}

void ComparePage::showJudgement()
{
    const ComparedPair* pair = selectedPair();
    if (pair == nullptr || m_selection->first == 0) {
        m_judgementPanel->show({}, {}, {}, {});
        return;
    }
    const auto& variants = m_presenter.comparison().variants;
    const ComparedVariant& variant = variants[m_selection->first];
    QString title = toQt(pair->prompt.empty() ? pair->name : pair->prompt);
    if (pair->seed)
        title += QStringLiteral("  ·  ") + tr("seed %1").arg(*pair->seed);
    m_judgementPanel->show(JudgementStore::keyOf(*pair), title,
        // What a variant is known by comes when its pictures are done.
        variant.facts.empty() ? QString() : JudgementStore::keyOf(variant, variants.front()),
        toQt(variant.name));
}

void ComparePage::markSelection()
{
    if (!m_selection)
        return;
    m_marking = true;
    const auto [variant, pair] = *m_selection;
    if (m_gridModel->variant() == variant)
        m_grid->setCurrentIndex(m_gridModel->indexOfPair(pair));
    const int row = m_pairModel->rowOf(variant, pair);
    if (row >= 0)
        m_pairs->setCurrentIndex(m_pairOrder->mapFromSource(m_pairModel->index(row, 0)));
    m_marking = false;
}

void ComparePage::step(int rows)
{
    const int count = m_pairOrder->rowCount();
    if (count == 0)
        return;
    const int now = m_pairs->currentIndex().isValid() ? m_pairs->currentIndex().row() : -1;
    m_pairs->setCurrentIndex(m_pairOrder->index(std::clamp(now + rows, 0, count - 1), 0));
}

QString ComparePage::promotionObstacle() const
{
    const ComparedPair* pair = selectedPair();
    if (pair == nullptr)
        return tr("Choose a picture first.");
    if (!m_presenter.isOfDocument() || pair->prompt.empty() || !pair->seed)
        return tr("These pictures were not made here from the open checkpoint, so no layer can be blamed.");
    return {};
}

void ComparePage::findLayers()
{
    const ComparedPair* pair = selectedPair();
    if (!promotionObstacle().isEmpty())
        return;
    m_tabs->setCurrentIndex(LayersTab);
    GenerationRequest picture = m_presenter.sampling();
    picture.prompt = pair->prompt;
    picture.seed = *pair->seed;
    m_promotion.measure(picture);
}

void ComparePage::setActive(bool active)
{
    m_active = active;
    updateActions();
    if (active)
        m_viewport->setFocus();
}

void ComparePage::updateActions()
{
    const auto enable = [this](ActionId id, bool enabled) { m_actions[id]->setEnabled(m_active && enabled); };
    for (QAction* action : m_actions.ofComparison())
        action->setEnabled(m_active);
    const bool running = m_presenter.isRunning();
    const auto& variants = m_presenter.comparison().variants;
    enable(ActionId::MakePictures, !running && !m_document.isEmpty());
    enable(ActionId::StopComparison, running);
    enable(ActionId::ExportReport, !running && !m_presenter.isEmpty() && m_pairModel->rowCount() > 0);
    enable(ActionId::BlindTest,
        variant() > 0 && variant() < variants.size() && !variants[variant()].facts.empty()
            && !variants[variant()].pairs.empty());
    const QString obstacle = promotionObstacle();
    m_promotionPanel->setObstacle(m_selection ? obstacle : QString());
    enable(ActionId::FindLayers, obstacle.isEmpty() && !running && !m_promotion.isRunning());
    enable(ActionId::MarkBad, m_selection && m_selection->first > 0);
    for (const ActionId id : {ActionId::NextPair, ActionId::PreviousPair})
        enable(id, m_pairModel->rowCount() > 0);
}

} // namespace mantissa::ui
