// SPDX-License-Identifier: GPL-3.0-or-later
// The page where pictures are compared: what to compare, the pictures, and below them grid, numbers, the way
// back to the plan, and what the person thinks.
#pragma once

#include "ui/actions.h"
#include "ui/presenters/comparison_presenter.h"
#include "ui/presenters/pair_loader.h"
#include "ui/presenters/promotion_presenter.h"
#include "ui/viewport/picture_viewport.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QTableView;
class QTabWidget;

namespace mantissa::ui {

class ComparisonSetup;
class JudgementPanel;
class MetricSortProxy;
class PairTableModel;
class PictureGridModel;
class PromotionPanel;
class VariantTableModel;

class ComparePage : public QWidget {
    Q_OBJECT
public:
    ComparePage(const Actions& actions, PlanDocument& document, ComparisonPresenter& presenter,
        JudgementStore& judgements, PromotionPresenter& promotion, QWidget* parent = nullptr);

    ComparisonSetup* setup() { return m_setup; }
    PictureViewport* viewport() { return m_viewport; }
    /// Whether the page is the one that is seen: its actions only work then.
    void setActive(bool active);
    /// Shows a pair: pictures, numbers, judgement. Nothing happens for one that does not exist.
    void select(std::size_t variant, std::size_t pair);
    std::optional<std::pair<std::size_t, std::size_t>> selection() const { return m_selection; }
    /// The variant that the grid shows.
    std::size_t variant() const;

Q_SIGNALS:
    void failed(const mantissa::Error& error);

private:
    enum Tab { GridTab, PairsTab, VariantsTab, LayersTab, NotesTab };
    QWidget* makeViews(const Actions& actions);
    QWidget* makeTabs();
    QWidget* makeGrid();
    void connectPresenter();
    void connectActions();
    void startAnew();
    void endRun();
    void showVariants();
    void showVariant(std::size_t variant);
    void showPreview(std::size_t variant, std::size_t pair);
    void showCaption();
    void showJudgement();
    void markSelection();
    void step(int rows);
    void findLayers();
    QString promotionObstacle() const;
    void updateActions();
    const ComparedPair* selectedPair() const;

    const Actions& m_actions;
    PlanDocument& m_document;
    ComparisonPresenter& m_presenter;
    JudgementStore& m_judgements;
    PromotionPresenter& m_promotion;
    PairLoader m_loader;
    PictureGridModel* m_gridModel;
    PairTableModel* m_pairModel;
    VariantTableModel* m_variantModel;
    MetricSortProxy* m_pairOrder;
    ComparisonSetup* m_setup;
    PictureViewport* m_viewport;
    QLabel* m_caption;
    QLabel* m_pixel;
    QComboBox* m_variantPicker;
    QCheckBox* m_outliers;
    QTableView* m_grid;
    QTableView* m_pairs;
    QTableView* m_variants;
    QTabWidget* m_tabs;
    PromotionPanel* m_promotionPanel;
    JudgementPanel* m_judgementPanel;
    std::optional<std::pair<std::size_t, std::size_t>> m_selection; ///< variant and pair
    bool m_active = false;
    bool m_following = true; ///< what is made is shown, until somebody chooses
    bool m_marking = false;
};

} // namespace mantissa::ui
