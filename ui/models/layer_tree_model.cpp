// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_tree_model.h"

#include "ui/icons.h"
#include "ui/text.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

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
    m_errors.reset();
    m_worst.clear();
    endResetModel();
}

void LayerTreeModel::setState(std::shared_ptr<const PlanState> state)
{
    const std::shared_ptr<const PlanState> before = std::exchange(m_state, std::move(state));
    if (!m_tree || !m_state || m_state == before)
        return;
    findWorst();
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
                createIndex(first, Name, static_cast<quintptr>(children[static_cast<std::size_t>(first)])),
                createIndex(
                    last, ColumnCount - 1, static_cast<quintptr>(children[static_cast<std::size_t>(last)])));
    }
}

void LayerTreeModel::setErrors(std::shared_ptr<const LayerErrors> errors)
{
    if (!m_tree || errors == m_errors)
        return;
    m_errors = std::move(errors);
    findWorst();
    for (int parent = 0; parent < m_tree->nodeCount(); ++parent)
        if (const std::vector<int>& children = m_tree->node(parent).children; !children.empty())
            Q_EMIT dataChanged(createIndex(0, Sensitivity, static_cast<quintptr>(children.front())),
                createIndex(static_cast<int>(children.size()) - 1, Sensitivity,
                    static_cast<quintptr>(children.back())));
}

std::optional<double> LayerTreeModel::errorOf(std::size_t layer) const
{
    return m_errors && m_state ? m_errors->errorOf(layer, m_state->resolved.decisions[layer].choice)
                               : std::nullopt;
}

void LayerTreeModel::findWorst()
{
    m_worst.clear();
    if (!m_errors || !m_state)
        return;
    m_worst.assign(static_cast<std::size_t>(m_tree->nodeCount()), -1);
    for (int node = m_tree->nodeCount(); node-- > 0;) { // children come after their parents
        double& worst = m_worst[static_cast<std::size_t>(node)];
        if (const std::ptrdiff_t layer = m_tree->node(node).layer; layer >= 0)
            worst = std::max(worst, errorOf(static_cast<std::size_t>(layer)).value_or(-1));
        if (const int parent = m_tree->node(node).parent; parent >= 0)
            m_worst[static_cast<std::size_t>(parent)]
                = std::max(m_worst[static_cast<std::size_t>(parent)], worst);
    }
}

QVariant LayerTreeModel::checkState(int node) const
{
    const NodeSummary* sum = summaryOf(node);
    if (sum == nullptr || sum->matrices == 0)
        return {};
    return sum->matricesKept == 0            ? Qt::Checked
        : sum->matricesKept == sum->matrices ? Qt::Unchecked
                                             : Qt::PartiallyChecked;
}

Qt::ItemFlags LayerTreeModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    if (index.isValid() && index.column() == Name && m_tree && checkState(nodeOf(index)).isValid())
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

bool LayerTreeModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid() || index.column() != Name || !m_tree
        || !checkState(nodeOf(index)).isValid())
        return false;
    Q_EMIT quantizeRequested(nodeOf(index), value.toInt() == Qt::Checked);
    return true;
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
    const auto note = [layer](const PlanState& state) {
        const auto at = state.notes.find(static_cast<std::size_t>(layer));
        return at == state.notes.end() ? std::string() : at->second;
    };
    return a.provenance != b.provenance || a.choice != b.choice || a.why != b.why
        || note(before) != note(*m_state);
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
    case Qt::CheckStateRole:
        return index.column() == Name ? checkState(node) : QVariant();
    case Qt::TextAlignmentRole:
        if (index.column() == Size || index.column() == Saved || index.column() == Shape
            || index.column() == Sensitivity || index.column() == Clip)
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
        if (layer->stored && layer->stored->decodedByReader) // "GGUF Q4_K": the file is GGUF everywhere
            return toQt(nameOf(*layer->stored)).section(QLatin1Char(' '), -1);
        return toQt(layer->stored ? nameOf(*layer->stored) : nameOf(layer->dtype));
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
        return decision == nullptr ? QString() : storedSizeText(decision->bytesBefore, decision->bytesAfter);
    case Saved:
        return decision == nullptr || decision->bytesBefore == decision->bytesAfter
            ? QString()
            : savedText(decision->bytesBefore, decision->bytesAfter);
    case Sensitivity: {
        const auto error = errorOf(static_cast<std::size_t>(at.layer));
        return error && !decision->choice.keeps() ? percentText(*error) : QString();
    }
    case Clip:
        return decision != nullptr && decision->choice.inputClip > 0
            ? QLocale().toString(decision->choice.inputClip, 'g', 4)
            : QString();
    case Note: {
        const auto note = m_state ? m_state->notes.find(static_cast<std::size_t>(at.layer))
                                  : std::map<std::size_t, std::string>::const_iterator();
        return m_state && note != m_state->notes.end() ? toQt(note->second).simplified() : QString();
    }
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
        return storedSizeText(sum->bytesBefore, sum->bytesAfter);
    case Saved:
        return sum->bytesBefore == sum->bytesAfter ? QString() : savedText(sum->bytesBefore, sum->bytesAfter);
    case Sensitivity: {
        const double worst = m_worst.empty() ? -1 : m_worst[static_cast<std::size_t>(node)];
        return worst > 0 ? leftToRight(tr("≤ %1").arg(percentText(worst))) : QString();
    }
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
            return tr("Kept by default: %1").arg(asSentence(engineText(layer->reason)));
        return layer->criticalAt4Bits
            ? tr("Kept by default by 4-bit formats: %1").arg(asSentence(engineText(layer->reason)))
            : QString();
    case Format: {
        const StorageFormat* format = findFormat(decision->choice.format);
        const QString loader
            = format != nullptr ? loaderText(format->info().loader) + QLatin1Char('\n') : QString();
        return choiceText(decision->choice) + QLatin1Char('\n') + loader
            + asSentence(messageText(decision->why));
    }
    case From: {
        QString tip = asSentence(messageText(decision->why));
        for (const Message& beaten : decision->beaten)
            tip += QLatin1Char('\n') + tr("Won over: %1").arg(messageText(beaten));
        return tip;
    }
    case Size:
        return tr("%1 bytes before, %2 bytes after")
            .arg(countText(decision->bytesBefore), countText(decision->bytesAfter));
    case Sensitivity:
        return errorsText(node);
    case Note:
        return text(node, Note);
    default:
        return {};
    }
}

/// Every format that was measured on the layer, a line each.
QString LayerTreeModel::errorsText(int node) const
{
    const std::ptrdiff_t index = m_tree->node(node).layer;
    const LayerSensitivity* known
        = m_errors && index >= 0 ? m_errors->layer(static_cast<std::size_t>(index)) : nullptr;
    if (known == nullptr)
        return tr("Not measured; “Measure the layers” reads the weights and tries the formats");
    QStringList lines{known->evidence == InputEvidence::None ? tr("Relative error of the weights:")
                                                             : tr("Relative error at the layer's output:")};
    for (const ChoiceSensitivity& choice : known->choices)
        if (!choice.choice.keeps() && choice.weightError)
            lines << tr("%1: %2, %3 dB")
                         .arg(formatName(choice.choice.format),
                             percentText(std::sqrt(choice.outputError.value_or(*choice.weightError))),
                             decibelText(choice.outputError.value_or(*choice.weightError)));
    return lines.join(QLatin1Char('\n'));
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
    case Sensitivity:
        return m_worst.empty() ? -1.0 : m_worst[static_cast<std::size_t>(node)];
    case Clip: {
        const Decision* decision = decisionOf(node);
        return decision != nullptr ? decision->choice.inputClip : 0.0;
    }
    default:
        return text(node, column);
    }
}

QVariant LayerTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole
        && (section == Size || section == Saved || section == Shape || section == Sensitivity
            || section == Clip))
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
        case Sensitivity:
            return tr("Relative error of the layer as it is planned; hover a cell for the other formats");
        case Clip:
            return tr("The largest magnitude of the inputs that the runtime keeps, where the plan sets one");
        case Note:
            return tr("Your own words about the layer");
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
        return tr("Change");
    case Sensitivity:
        return tr("Error");
    case Clip:
        return tr("Clip");
    case Note:
        return tr("Note");
    default:
        return {};
    }
}

} // namespace mantissa::ui
