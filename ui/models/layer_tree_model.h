// SPDX-License-Identifier: GPL-3.0-or-later
// Item model over a layer tree and the present state of the plan. Nodes never move; an edit of the plan only
// reports changed cells.
#pragma once

#include "ui/plan_state.h"
#include "ui/presenters/sensitivity_presenter.h"

#include <QAbstractItemModel>
#include <QIcon>
#include <QList>

#include <memory>

namespace mantissa::ui {

/// One badge of the format column: a format (empty id: kept), with a count on branches.
struct FormatBadge {
    std::string format;
    std::uint32_t count = 0; ///< 0: do not show a number
};

class LayerTreeModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column {
        Name,
        Critical,
        Kind,
        DType,
        Shape,
        Format,
        From,
        Size,
        Saved,
        Sensitivity, ///< relative error in the planned format; of branches, the largest below
        Clip, ///< where the plan cuts the inputs
        Note,
        ColumnCount
    };
    enum Role {
        SortRole = Qt::UserRole, ///< a number, or text in C order
        BadgesRole, ///< QList<FormatBadge>
        SavedShareRole, ///< double, share of bytes saved
        LayerRole, ///< index into Model::layers, -1 for a pure branch
    };

    explicit LayerTreeModel(QObject* parent = nullptr);

    /// Replaces everything (a reset).
    void setModel(std::shared_ptr<const Model> model, std::shared_ptr<const LayerTree> tree,
        std::shared_ptr<const PlanState> state);
    /// The same model, another plan: reports only rows that look different.
    void setState(std::shared_ptr<const PlanState> state);
    /// What was measured; null: nothing.
    void setErrors(std::shared_ptr<const LayerErrors> errors);
    /// Relative error of a layer as it is planned; empty where it was not measured.
    std::optional<double> errorOf(std::size_t layer) const;

    const Model* model() const { return m_model.get(); }
    const LayerTree* tree() const { return m_tree.get(); }
    const PlanState* state() const { return m_state.get(); }
    static int nodeOf(const QModelIndex& index) { return static_cast<int>(index.internalId()); }
    QModelIndex indexOfNode(int node, int column = Name) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    /// The check boxes ask; whoever holds the plan decides (quantizeRequested()).
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

Q_SIGNALS:
    void quantizeRequested(int node, bool quantize);

private:
    const Layer* layerOf(int node) const;
    const Decision* decisionOf(int node) const;
    const NodeSummary* summaryOf(int node) const;
    QString text(int node, int column) const;
    QString branchText(int node, int column) const;
    QString toolTip(int node, int column) const;
    QVariant sortKey(int node, int column) const;
    QList<FormatBadge> badges(int node) const;
    bool looksDifferent(int node, const PlanState& before) const;
    QVariant checkState(int node) const;
    QString errorsText(int node) const;
    void findWorst();

    std::shared_ptr<const Model> m_model;
    std::shared_ptr<const LayerTree> m_tree;
    std::shared_ptr<const PlanState> m_state;
    std::shared_ptr<const LayerErrors> m_errors;
    std::vector<double> m_worst; ///< by node, the largest error at and below it; -1: none measured
    QIcon m_lock;
};

} // namespace mantissa::ui

Q_DECLARE_METATYPE(QList<mantissa::ui::FormatBadge>)
