// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_tree_model.h"

#include "ui/icons.h"
#include "ui/text.h"

namespace mantissa::ui {

LayerTreeModel::LayerTreeModel(QObject* parent)
    : QAbstractItemModel(parent)
    , m_lock(icon(QStringLiteral("lock")))
{ }

void LayerTreeModel::setModel(std::shared_ptr<const Model> model, std::shared_ptr<const LayerTree> tree,
    std::shared_ptr<const PlanState> state)
{
    beginResetModel();
    m_model = std::move(model);
    m_tree = std::move(tree);
    m_state = std::move(state);
    endResetModel();
}

void LayerTreeModel::setState(std::shared_ptr<const PlanState> state)
{
    const std::shared_ptr<const PlanState> before = std::exchange(m_state, std::move(state));
    if (!m_tree || !m_state || m_state == before)
        return;
    // One signal per parent, over the span of its rows that look different.
    for (int parent = 0; parent < m_tree->nodeCount(); ++parent) {
        const std::vector<int>& children = m_tree->node(parent).children;
        int first = -1, last = -1;
        for (const int child : children) {
            if (before && !looksDifferent(child, *before))
                continue;
            const int row = m_tree->node(child).row;
            first = first < 0 ? row : first;
            last = row;
        }
        if (first >= 0)
            Q_EMIT dataChanged(
                createIndex(first, Format, static_cast<quintptr>(children[static_cast<std::size_t>(first)])),
                createIndex(last, Saved, static_cast<quintptr>(children[static_cast<std::size_t>(last)])));
    }
}

bool LayerTreeModel::looksDifferent(int node, const PlanState& before) const
{
    const NodeSummary& was = before.nodes[static_cast<std::size_t>(node)];
    const NodeSummary& is = m_state->nodes[static_cast<std::size_t>(node)];
    if (was.bytesAfter != is.bytesAfter || was.formats != is.formats || was.overridden != is.overridden)
        return true;
    const std::ptrdiff_t layer = m_tree->node(node).layer;
    if (layer < 0)
        return false;
    const Decision& a = before.resolved.decisions[static_cast<std::size_t>(layer)];
    const Decision& b = m_state->resolved.decisions[static_cast<std::size_t>(layer)];
    return a.provenance != b.provenance || a.choice != b.choice || a.why != b.why;
}

QModelIndex LayerTreeModel::indexOfNode(int node, int column) const
{
    if (!m_tree || node <= LayerTree::kRoot || node >= m_tree->nodeCount())
        return {};
    return createIndex(m_tree->node(node).row, column, static_cast<quintptr>(node));
}

QModelIndex LayerTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!m_tree || row < 0 || column < 0 || column >= ColumnCount
        || (parent.isValid() && parent.column() != Name))
        return {};
    const std::vector<int>& children
        = m_tree->node(parent.isValid() ? nodeOf(parent) : LayerTree::kRoot).children;
    if (static_cast<std::size_t>(row) >= children.size())
        return {};
    return createIndex(row, column, static_cast<quintptr>(children[static_cast<std::size_t>(row)]));
}

QModelIndex LayerTreeModel::parent(const QModelIndex& child) const
{
    return child.isValid() && m_tree ? indexOfNode(m_tree->node(nodeOf(child)).parent) : QModelIndex();
}

int LayerTreeModel::rowCount(const QModelIndex& parent) const
{
    if (!m_tree || (parent.isValid() && parent.column() != Name))
        return 0;
    return static_cast<int>(
        m_tree->node(parent.isValid() ? nodeOf(parent) : LayerTree::kRoot).children.size());
}

int LayerTreeModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

bool LayerTreeModel::hasChildren(const QModelIndex& parent) const
{
    return rowCount(parent) > 0;
}

const Layer* LayerTreeModel::layerOf(int node) const
{
    const std::ptrdiff_t layer = m_tree->node(node).layer;
    return layer < 0 ? nullptr : &m_model->layers[static_cast<std::size_t>(layer)];
}

const Decision* LayerTreeModel::decisionOf(int node) const
{
    const std::ptrdiff_t layer = m_tree->node(node).layer;
    return layer < 0 || !m_state ? nullptr : &m_state->resolved.decisions[static_cast<std::size_t>(layer)];
}

const NodeSummary* LayerTreeModel::summaryOf(int node) const
{
    return m_state ? &m_state->nodes[static_cast<std::size_t>(node)] : nullptr;
}

QVariant LayerTreeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_tree)
        return {};
    const int node = nodeOf(index);
    switch (role) {
    case Qt::DisplayRole:
        return text(node, index.column());
    case Qt::ToolTipRole:
        return toolTip(node, index.column());
    case Qt::AccessibleTextRole: {
        const QString shown = text(node, index.column());
        const QString header = headerData(index.column(), Qt::Horizontal).toString();
        return index.column() == Name ? shown
                                      : tr("%1: %2").arg(header, shown.isEmpty() ? tr("none") : shown);
    }
    case Qt::TextAlignmentRole:
        if (index.column() == Size || index.column() == Saved || index.column() == Shape)
            return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
        return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::DecorationRole:
        if (index.column() == Critical && !text(node, Critical).isEmpty())
            return m_lock;
        return {};
    case SortRole:
        return sortKey(node, index.column());
    case BadgesRole:
        return QVariant::fromValue(badges(node));
    case SavedShareRole: {
        const NodeSummary* sum = summaryOf(node);
        return sum != nullptr ? savedShare(sum->bytesBefore, sum->bytesAfter) : 0.0;
    }
    case LayerRole:
        return QVariant::fromValue(static_cast<qlonglong>(m_tree->node(node).layer));
    default:
        return {};
    }
}

QList<FormatBadge> LayerTreeModel::badges(int node) const
{
    const Decision* decision = decisionOf(node);
    if (!m_tree->node(node).isBranch() && decision != nullptr) {
        if (decision->choice.keeps() && !isWeight(layerOf(node)->kind))
            return {};
        return {{decision->choice.format, 0}};
    }
    QList<FormatBadge> list;
    if (const NodeSummary* sum = summaryOf(node))
        for (const auto& [format, count] : sum->formats)
            list << FormatBadge{format, count};
    return list;
}

QString LayerTreeModel::text(int node, int column) const
{
    const LayerNode& at = m_tree->node(node);
    if (column == Name)
        return at.label;
    if (at.isBranch())
        return branchText(node, column);
    const Layer* layer = layerOf(node);
    const Decision* decision = decisionOf(node);
    if (layer == nullptr)
        return {};
    switch (column) {
    case Critical:
        return layer->critical ? tr("yes") : layer->criticalAt4Bits ? tr("4-bit") : QString();
    case Kind:
        return kindText(layer->kind);
    case DType:
        return layer->stored ? toQt(layer->stored->id) : toQt(nameOf(layer->dtype));
    case Shape:
        return shapeText(layer->shape);
    case Format:
        if (decision == nullptr || (decision->choice.keeps() && !isWeight(layer->kind)))
            return {};
        return formatName(decision->choice.format);
    case From:
        if (decision != nullptr && decision->provenance == Provenance::Rule
            && m_state->byUser[static_cast<std::size_t>(at.layer)])
            return tr("your rule");
        return decision != nullptr ? provenanceText(decision->provenance) : QString();
    case Size:
        if (decision == nullptr)
            return {};
        return decision->bytesBefore == decision->bytesAfter
            ? sizeText(decision->bytesBefore)
            : tr("%1 → %2").arg(sizeText(decision->bytesBefore), sizeText(decision->bytesAfter));
    case Saved:
        return decision == nullptr || decision->bytesBefore == decision->bytesAfter
            ? QString()
            : savedText(decision->bytesBefore, decision->bytesAfter);
    default:
        return {};
    }
}

QString LayerTreeModel::branchText(int node, int column) const
{
    const NodeSummary* sum = summaryOf(node);
    if (sum == nullptr)
        return {};
    switch (column) {
    case Critical:
        return sum->critical > 0 ? countText(sum->critical) : QString();
    case Kind:
        return tr("%n layer(s)", nullptr, static_cast<int>(sum->layers));
    case Format: {
        QStringList parts;
        for (const auto& [format, count] : sum->formats)
            parts << tr("%1 × %2").arg(countText(count), formatName(format));
        return parts.join(QStringLiteral(", "));
    }
    case From:
        return sum->overridden > 0 ? tr("%n set here", nullptr, static_cast<int>(sum->overridden))
                                   : QString();
    case Size:
        return sum->bytesBefore == sum->bytesAfter
            ? sizeText(sum->bytesBefore)
            : tr("%1 → %2").arg(sizeText(sum->bytesBefore), sizeText(sum->bytesAfter));
    case Saved:
        return sum->bytesBefore == sum->bytesAfter ? QString() : savedText(sum->bytesBefore, sum->bytesAfter);
    default:
        return {};
    }
}

QString LayerTreeModel::toolTip(int node, int column) const
{
    const LayerNode& at = m_tree->node(node);
    const Layer* layer = layerOf(node);
    const Decision* decision = decisionOf(node);
    if (at.isBranch() || layer == nullptr || decision == nullptr)
        return column == Name ? at.path : branchText(node, column);
    switch (column) {
    case Name:
        return at.path;
    case Critical:
        if (layer->critical)
            return tr("Kept by default: %1").arg(asSentence(toQt(layer->reason)));
        return layer->criticalAt4Bits
            ? tr("Kept by default by 4-bit formats: %1").arg(asSentence(toQt(layer->reason)))
            : QString();
    case Format: {
        const StorageFormat* format = findFormat(decision->choice.format);
        const QString loader
            = format != nullptr ? loaderText(format->info().loader) + QLatin1Char('\n') : QString();
        return choiceText(decision->choice) + QLatin1Char('\n') + loader + asSentence(toQt(decision->why));
    }
    case From: {
        QString tip = asSentence(toQt(decision->why));
        for (const std::string& beaten : decision->beaten)
            tip += QLatin1Char('\n') + tr("Won over: %1").arg(toQt(beaten));
        return tip;
    }
    case Size:
        return tr("%1 bytes before, %2 bytes after")
            .arg(countText(decision->bytesBefore), countText(decision->bytesAfter));
    default:
        return {};
    }
}

QVariant LayerTreeModel::sortKey(int node, int column) const
{
    const NodeSummary* sum = summaryOf(node);
    const Layer* layer = layerOf(node);
    switch (column) {
    case Name:
        return m_tree->node(node).row; // natural order: block 2 before block 10
    case Critical:
        return sum != nullptr ? sum->critical : 0;
    case Shape: {
        if (layer == nullptr || m_tree->node(node).isBranch())
            return 0LL;
        return static_cast<qlonglong>(elementCount(layer->shape).value_or(0));
    }
    case Size:
        return static_cast<qulonglong>(sum != nullptr ? sum->bytesBefore : 0);
    case Saved:
        return sum != nullptr ? savedShare(sum->bytesBefore, sum->bytesAfter) : 0.0;
    default:
        return text(node, column);
    }
}

QVariant LayerTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && (section == Size || section == Saved || section == Shape))
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case Critical:
            return tr("Layers that lose the most; they stay as they are unless you say otherwise");
        case DType:
            return tr("How the layer is stored in the file that was opened");
        case Format:
            return tr("How the layer will be stored");
        case From:
            return tr("What decided: the base format, a rule, a guard, or you");
        case Size:
            return tr("Bytes before and after, all tensors of the layer");
        default:
            return {};
        }
    }
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (section) {
    case Name:
        return tr("Layer");
    case Critical:
        return tr("Critical");
    case Kind:
        return tr("Kind");
    case DType:
        return tr("Now");
    case Shape:
        return tr("Shape");
    case Format:
        return tr("Format");
    case From:
        return tr("From");
    case Size:
        return tr("Size");
    case Saved:
        return tr("Saved");
    default:
        return {};
    }
}

} // namespace mantissa::ui
