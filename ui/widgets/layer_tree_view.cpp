// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/layer_tree_view.h"

#include "ui/text.h"
#include "ui/widgets/format_badge.h"

#include <QHeaderView>
#include <QMenu>
#include <QSettings>

#include <algorithm>

namespace mantissa::ui {

namespace {
const QString kColumnsKey = QStringLiteral("tree/columns2"); // counts up when columns are added
constexpr int kOpenRowsAtFirst = 40; // about one screen
constexpr std::size_t kOpenMatches = 400; // more matches than this are not worth unfolding by themselves
constexpr int kMinNameWidth = 190;
} // namespace

LayerTreeView::LayerTreeView(QWidget* parent)
    : QTreeView(parent)
    , m_model(new LayerTreeModel(this))
    , m_proxy(new LayerTreeProxy(this))
{
    setObjectName(QStringLiteral("layerTree"));
    setAccessibleName(tr("Layers"));
    setAccessibleDescription(
        tr("Layers of the checkpoint as a tree, with the format that each will be stored in"));
    m_proxy->setSource(m_model);
    setModel(m_proxy);
    setUniformRowHeights(true); // thousands of rows
    setAlternatingRowColors(true);
    setSelectionMode(ExtendedSelection);
    setSelectionBehavior(SelectRows);
    setEditTriggers(NoEditTriggers);
    setAllColumnsShowFocus(true);
    setTextElideMode(Qt::ElideMiddle);
    setSortingEnabled(true);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setFrameShape(NoFrame);
    setHorizontalScrollMode(ScrollPerPixel);
    setIconSize(QSize(14, 14));
    setItemDelegate(new RowDelegate(this));
    setItemDelegateForColumn(LayerTreeModel::Format, new FormatDelegate(this));
    setItemDelegateForColumn(LayerTreeModel::Saved, new SavedDelegate(this));
    header()->setObjectName(QStringLiteral("layerTreeHeader"));
    header()->setAccessibleName(tr("Columns"));
    header()->setStretchLastSection(false);
    header()->setSectionsMovable(true);
    header()->setMinimumSectionSize(48);
    connect(header(), &QHeaderView::sectionResized, this, [this](int section) {
        if (section == LayerTreeModel::Name)
            m_userSizedName = m_userSizedName || !m_fitting;
        else if (!m_userSizedName)
            fitNameColumn();
    });
    header()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header(), &QWidget::customContextMenuRequested, this, &LayerTreeView::showColumnMenu);
    connect(m_model, &LayerTreeModel::quantizeRequested, this, [this](int node, bool quantize) {
        const QModelIndex row = proxyIndex(node);
        const bool several = selectionModel()->isSelected(row);
        Q_EMIT quantizeRequested(
            selectionOf(several ? selectionModel()->selectedRows() : QModelIndexList{row}), quantize);
    });
    resetColumns();
}

void LayerTreeView::showColumnMenu(const QPoint& pos)
{
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("columnMenu"));
    menu->setAccessibleName(tr("Columns"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int column = 1; column < LayerTreeModel::ColumnCount; ++column) {
        QAction* toggle = menu->addAction(m_model->headerData(column, Qt::Horizontal).toString());
        toggle->setCheckable(true);
        toggle->setChecked(!header()->isSectionHidden(column));
        connect(toggle, &QAction::toggled, this, [this, column](bool shown) {
            header()->setSectionHidden(column, !shown);
            fitNameColumn();
        });
    }
    menu->popup(header()->mapToGlobal(pos));
}

void LayerTreeView::showColumnOnce(int column, bool wanted)
{
    if (!wanted || m_shownOnce.contains(column))
        return;
    m_shownOnce.insert(column);
    header()->showSection(column);
    fitNameColumn();
}

void LayerTreeView::resetColumns()
{
    const QFontMetrics metrics = fontMetrics();
    const auto width = [&metrics](const QString& widest) { return metrics.horizontalAdvance(widest) + 18; };
    for (int column = 0; column < LayerTreeModel::ColumnCount; ++column) {
        header()->moveSection(header()->visualIndex(column), column);
        header()->showSection(column);
    }
    header()->resizeSection(LayerTreeModel::Critical, width(LayerTreeModel::tr("Critical")));
    header()->resizeSection(
        LayerTreeModel::Kind, width(LayerTreeModel::tr("%n layer(s)", nullptr, 1050)) - 6);
    header()->resizeSection(LayerTreeModel::DType, width(QStringLiteral("F8_E4M3")) - 6);
    header()->resizeSection(LayerTreeModel::Shape, width(QStringLiteral("640×1280×3×3")) - 6);
    header()->resizeSection(LayerTreeModel::Format, width(QStringLiteral("FP8 E4M3 row")) + 26);
    header()->resizeSection(LayerTreeModel::From,
        std::max(
            width(provenanceText(Provenance::Base)), width(LayerTreeModel::tr("%n set here", nullptr, 50)))
            - 6);
    header()->resizeSection(LayerTreeModel::Size, width(QStringLiteral("5.45 MB → 4.50 MB")) - 6);
    header()->resizeSection(LayerTreeModel::Saved, width(QStringLiteral("−88.8 %")));
    header()->resizeSection(LayerTreeModel::Sensitivity, width(QStringLiteral("≤ 88.8 %")));
    header()->resizeSection(LayerTreeModel::Clip, width(QStringLiteral("1,234.5")));
    header()->resizeSection(LayerTreeModel::Note, width(QStringLiteral("a few words of a note")));
    for (const int column : {LayerTreeModel::Sensitivity, LayerTreeModel::Clip, LayerTreeModel::Note})
        header()->setSectionHidden(column, !m_shownOnce.contains(column));
    m_userSizedName = false;
    sortByColumn(LayerTreeModel::Name, Qt::AscendingOrder);
    fitNameColumn();
}

void LayerTreeView::saveColumns() const
{
    QSettings().setValue(kColumnsKey, header()->saveState());
}

void LayerTreeView::restoreColumns()
{
    const QByteArray state = QSettings().value(kColumnsKey).toByteArray();
    if (!state.isEmpty() && header()->restoreState(state))
        sortByColumn(header()->sortIndicatorSection(), header()->sortIndicatorOrder());
    m_userSizedName = false;
    fitNameColumn();
}

void LayerTreeView::fitNameColumn()
{
    if (m_userSizedName)
        return;
    int others = 0;
    for (int column = 0; column < header()->count(); ++column)
        if (column != LayerTreeModel::Name)
            others += header()->sectionSize(column);
    m_fitting = true;
    header()->resizeSection(LayerTreeModel::Name, std::max(kMinNameWidth, viewport()->width() - others));
    m_fitting = false;
}

void LayerTreeView::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    fitNameColumn();
}

QModelIndex LayerTreeView::proxyIndex(int node) const
{
    return m_proxy->mapFromSource(m_model->indexOfNode(node));
}

void LayerTreeView::showModel(std::shared_ptr<const Model> model, std::shared_ptr<const LayerTree> tree,
    std::shared_ptr<const PlanState> state)
{
    m_openBeforeFilter.clear();
    m_model->setModel(std::move(model), std::move(tree), std::move(state));
    m_filtering = !m_proxy->filter().isEmpty();
    openFirstLevels();
    if (m_proxy->rowCount() > 0)
        goTo(m_proxy->index(0, 0));
    Q_EMIT selectedLayersChanged();
}

void LayerTreeView::showState(std::shared_ptr<const PlanState> state)
{
    const bool notes = state && !state->notes.empty();
    const bool clips = state
        && std::any_of(state->resolved.decisions.begin(), state->resolved.decisions.end(),
            [](const Decision& decision) { return decision.choice.inputClip > 0; });
    m_model->setState(std::move(state));
    showColumnOnce(LayerTreeModel::Note, notes);
    showColumnOnce(LayerTreeModel::Clip, clips);
    if (m_proxy->filter().dependsOnPlan())
        m_proxy->setFilter(m_proxy->filter());
    Q_EMIT selectedLayersChanged();
}

void LayerTreeView::showErrors(std::shared_ptr<const LayerErrors> errors)
{
    const bool any = errors != nullptr;
    m_model->setErrors(std::move(errors));
    showColumnOnce(LayerTreeModel::Sensitivity, any);
    if (m_proxy->filter().dependsOnPlan())
        m_proxy->setFilter(m_proxy->filter());
}

void LayerTreeView::openFirstLevels()
{
    const LayerTree* tree = m_model->tree();
    if (tree == nullptr)
        return;
    // Level by level while everything fits on about one screen.
    QSet<int> open;
    std::vector<int> level = tree->node(LayerTree::kRoot).children;
    std::size_t shown = level.size();
    while (!level.empty()) {
        std::vector<int> next;
        for (const int node : level) {
            const auto& children = tree->node(node).children;
            next.insert(next.end(), children.begin(), children.end());
        }
        shown += next.size();
        const bool first = open.isEmpty();
        if (shown > kOpenRowsAtFirst && !(first && level.size() <= 2))
            break;
        for (const int node : level)
            if (tree->node(node).isBranch())
                open.insert(node);
        level = std::move(next);
        if (shown > kOpenRowsAtFirst)
            break;
    }
    expandNodes(open);
}

void LayerTreeView::expandNodes(const QSet<int>& nodes)
{
    if (nodes.isEmpty())
        return;
    scheduleDelayedItemsLayout(); // one layout for all of them
    for (const int node : nodes)
        setExpanded(proxyIndex(node), true);
}

QSet<int> LayerTreeView::expandedNodes() const
{
    QSet<int> open;
    const LayerTree* tree = m_model->tree();
    for (int node = 1; tree != nullptr && node < tree->nodeCount(); ++node)
        if (tree->node(node).isBranch() && isExpanded(proxyIndex(node)))
            open.insert(node);
    return open;
}

void LayerTreeView::setFilter(const LayerFilter& filter)
{
    if (!m_filtering && !filter.isEmpty())
        m_openBeforeFilter = expandedNodes();
    m_proxy->setFilter(filter);
    const LayerTree* tree = m_model->tree();
    if (filter.isEmpty() && m_filtering) {
        collapseAll();
        expandNodes(m_openBeforeFilter);
        scrollTo(currentIndex());
    } else if (!filter.isEmpty() && tree != nullptr && m_proxy->matching().size() <= kOpenMatches) {
        QSet<int> open;
        for (const std::size_t layer : m_proxy->matching())
            for (int node = tree->node(tree->nodeOfLayer(layer)).parent; node > 0 && !open.contains(node);
                 node = tree->node(node).parent)
                open.insert(node);
        expandNodes(open);
    }
    m_filtering = !filter.isEmpty();
}

void LayerTreeView::expandEverything()
{
    expandAll();
}

void LayerTreeView::goTo(const QModelIndex& row)
{
    selectionModel()->setCurrentIndex(row, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

LayerSelection LayerTreeView::selectedLayers() const
{
    return selectionOf(selectionModel()->selectedRows());
}

LayerSelection LayerTreeView::selectionOf(const QModelIndexList& rows) const
{
    LayerSelection selection;
    const LayerTree* tree = m_model->tree();
    if (tree == nullptr)
        return selection;
    const bool filtered = !m_proxy->filter().isEmpty();
    std::vector<bool> matches(filtered ? m_model->model()->layers.size() : 0, false);
    if (filtered)
        for (const std::size_t layer : m_proxy->matching())
            matches[layer] = true;
    for (const QModelIndex& row : rows) {
        const int node = LayerTreeModel::nodeOf(m_proxy->mapToSource(row));
        const LayerNode& at = tree->node(node);
        if (!at.isBranch()) {
            selection.picked.push_back(static_cast<std::size_t>(at.layer));
            continue;
        }
        for (const std::size_t layer : tree->layersBelow(node))
            if (!filtered || matches[layer]) // a filtered branch means what is seen of it
                selection.below.push_back(layer);
    }
    // A layer that was picked itself is not also a part of a group; nested branches count once.
    const auto normalize = [](std::vector<std::size_t>& layers) {
        std::sort(layers.begin(), layers.end());
        layers.erase(std::unique(layers.begin(), layers.end()), layers.end());
    };
    normalize(selection.picked);
    normalize(selection.below);
    std::erase_if(selection.below, [&](std::size_t layer) {
        return std::binary_search(selection.picked.begin(), selection.picked.end(), layer);
    });
    return selection;
}

int LayerTreeView::currentNode() const
{
    const QModelIndex current = currentIndex();
    return current.isValid() ? LayerTreeModel::nodeOf(m_proxy->mapToSource(current)) : -1;
}

void LayerTreeView::selectLayers(const std::vector<std::size_t>& layers)
{
    const LayerTree* tree = m_model->tree();
    if (tree == nullptr || layers.empty())
        return;
    QSet<int> open;
    QItemSelection selection;
    QModelIndex first;
    for (const std::size_t layer : layers) {
        const int node = tree->nodeOfLayer(layer);
        for (int up = tree->node(node).parent; up > 0 && !open.contains(up); up = tree->node(up).parent)
            open.insert(up);
        const QModelIndex row = proxyIndex(node);
        if (!row.isValid())
            continue;
        first = first.isValid() ? first : row;
        selection.append(QItemSelectionRange(row, row.siblingAtColumn(LayerTreeModel::ColumnCount - 1)));
    }
    expandNodes(open);
    if (first.isValid()) {
        selectionModel()->setCurrentIndex(first, QItemSelectionModel::NoUpdate);
        selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
        scrollTo(first);
    }
}

void LayerTreeView::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected)
{
    QTreeView::selectionChanged(selected, deselected);
    Q_EMIT selectedLayersChanged();
}

void LayerTreeView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTreeView::currentChanged(current, previous);
    Q_EMIT selectedLayersChanged();
}

} // namespace mantissa::ui
