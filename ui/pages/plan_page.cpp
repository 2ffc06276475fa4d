// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/plan_page.h"

#include "ui/actions.h"
#include "ui/icons.h"
#include "ui/rule_writer.h"
#include "ui/text.h"
#include "ui/theme.h"
#include "ui/widgets/format_dialog.h"
#include "ui/widgets/note_dialog.h"
#include "ui/widgets/plan_bar.h"
#include "ui/widgets/totals_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mantissa::ui {

namespace {
constexpr int kFilterDelayMs = 120; // typing goes on while the tree waits for a pause
}

PlanPage::PlanPage(PlanDocument& document, PlanEditor& editor, Actions& actions, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_editor(editor)
    , m_actions(actions)
    , m_planBar(new PlanBar(actions[ActionId::BaseOptions], this))
    , m_search(new QLineEdit(this))
    , m_matches(new QLabel(this))
    , m_tree(new LayerTreeView(this))
    , m_empty(new QLabel(this))
    , m_totals(new TotalsBar(actions[ActionId::Export], this))
{
    setObjectName(QStringLiteral("planPage"));
    setAccessibleName(tr("Plan"));
    m_empty->setObjectName(QStringLiteral("treeEmpty"));
    m_empty->setAccessibleName(tr("No layers to show"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_empty->setContentsMargins(20, 40, 20, 40);
    m_empty->setWordWrap(true);
    m_empty->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_planBar);
    column->addWidget(makeSearchRow());
    column->addWidget(m_tree, 1);
    column->addWidget(m_empty, 1);
    column->addWidget(m_totals);

    connectPlanBar();
    connectActions();
    connect(&m_document, &PlanDocument::modelChanged, this, [this] {
        m_search->clear();
        m_filterDelay.stop();
        m_tree->setFilter({});
        m_planBar->setModel(*m_document.model());
        m_tree->showModel(m_document.model(), m_document.tree(), m_document.state());
        applyFilter();
    });
    connect(&m_document, &PlanDocument::planChanged, this, [this] {
        m_planBar->setPlan(m_document.plan(), *m_document.model());
        m_totals->setResolving(m_document.isResolving());
    });
    connect(&m_document, &PlanDocument::stateChanged, this, &PlanPage::showState);
    connect(&m_document, &PlanDocument::resolvingChanged, this,
        [this] { m_totals->setResolving(m_document.isResolving()); });
    connect(m_totals, &TotalsBar::findingsRequested, this, &PlanPage::findingsRequested);
    connect(m_tree, &LayerTreeView::selectedLayersChanged, this, [this] {
        updateActions();
        Q_EMIT detailsChanged();
    });
    connect(m_tree, &QWidget::customContextMenuRequested, this, &PlanPage::showContextMenu);
    updateActions();
}

QWidget* PlanPage::makeSearchRow()
{
    auto* holder = new QWidget(this);
    holder->setObjectName(QStringLiteral("searchRow"));
    holder->setAccessibleName(tr("Search"));
    m_search->setObjectName(QStringLiteral("searchBox"));
    m_search->setAccessibleName(tr("Search layers"));
    m_search->setPlaceholderText(
        tr("Search layers: attn2  *.to_q  /blocks\\.1\\d/  kind:linear  fmt:nvfp4  critical"));
    m_search->setToolTip(
        tr("Text, a pattern with * and ?, a regular expression between slashes, and facets: "
           "kind: dtype: fmt: from: block: shape:>4096 size:>10MB sens:>2% critical changed noted quantized "
           "kept. "
           "A minus in front turns a word round."));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_matches->setObjectName(QStringLiteral("matchCount"));
    m_matches->setAccessibleName(tr("Layers found"));
    m_matches->setForegroundRole(QPalette::PlaceholderText);
    auto* facets = new QToolButton(holder);
    facets->setObjectName(QStringLiteral("facetButton"));
    facets->setAccessibleName(tr("Add a facet to the search"));
    facets->setToolTip(facets->accessibleName());
    facets->setText(tr("Facets") + QStringLiteral("  ▾"));
    facets->setPopupMode(QToolButton::InstantPopup);
    facets->setToolButtonStyle(Qt::ToolButtonTextOnly);
    auto* menu = new QMenu(facets);
    menu->setObjectName(QStringLiteral("facetMenu"));
    menu->setAccessibleName(tr("Facets"));
    fillFacetMenu(menu);
    facets->setMenu(menu);

    auto* row = new QHBoxLayout(holder);
    row->setContentsMargins(12, 4, 12, 8);
    row->setSpacing(8);
    row->addWidget(m_search, 1);
    row->addWidget(facets);
    row->addWidget(m_matches);
    m_filterDelay.setSingleShot(true);
    m_filterDelay.setInterval(kFilterDelayMs);
    connect(m_search, &QLineEdit::textChanged, &m_filterDelay, qOverload<>(&QTimer::start));
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        applyFilter();
        m_tree->setFocus();
    });
    connect(&m_filterDelay, &QTimer::timeout, this, &PlanPage::applyFilter);
    return holder;
}

void PlanPage::fillFacetMenu(QMenu* menu)
{
    const QList<QPair<QString, QString>> facets{{tr("Linear layers"), QStringLiteral("kind:linear")},
        {tr("Convolutions"), QStringLiteral("kind:conv")},
        {tr("Critical layers"), QStringLiteral("critical")},
        {tr("Quantized layers"), QStringLiteral("quantized")}, {tr("Kept layers"), QStringLiteral("kept")},
        {tr("Set by you"), QStringLiteral("changed")},
        {tr("Forced by a guard"), QStringLiteral("from:guard")},
        {tr("A dimension above 2048"), QStringLiteral("shape:>2048")},
        {tr("Larger than 10 MB"), QStringLiteral("size:>10MB")},
        {tr("An error above 5 %"), QStringLiteral("sens:>5%")}, {tr("With a note"), QStringLiteral("noted")}};
    for (const auto& [text, word] : facets)
        connect(menu->addAction(QStringLiteral("%1\t%2").arg(text, word)), &QAction::triggered, this,
            [this, word = word] {
                const QString present = m_search->text().trimmed();
                m_search->setText(present.isEmpty() ? word : present + QLatin1Char(' ') + word);
                applyFilter();
            });
}

void PlanPage::connectPlanBar()
{
    connect(m_planBar, &PlanBar::presetChosen, &m_editor, &PlanEditor::applyPreset);
    connect(m_planBar, &PlanBar::baseChosen, &m_editor, &PlanEditor::setBase);
    connect(m_planBar, &PlanBar::recipeChosen, this, [this](const QString& recipe) {
        m_editor.setRecipe(recipe);
        Q_EMIT recipeChosen();
    });
    connect(m_planBar, &PlanBar::outputDtypeChosen, &m_editor, &PlanEditor::setOutputDtype);
    connect(m_planBar, &PlanBar::componentsChosen, &m_editor, &PlanEditor::setComponents);
    connect(m_planBar, &PlanBar::preserveCriticalChosen, &m_editor, &PlanEditor::setPreserveCritical);
}

void PlanPage::connectActions()
{
    for (QAction* action : m_actions.formatActions())
        connect(action, &QAction::triggered, this, [this, action] {
            m_editor.setFormat(m_tree->selectedLayers(), Choice{toStd(action->data().toString()), {}});
        });
    const auto on
        = [this](ActionId id, auto&& slot) { connect(m_actions[id], &QAction::triggered, this, slot); };
    connect(m_tree, &LayerTreeView::quantizeRequested, &m_editor, &PlanEditor::setQuantized);
    on(ActionId::EditNote, [this] { editNote(); });
    on(ActionId::Keep, [this] { m_editor.keep(m_tree->selectedLayers()); });
    on(ActionId::ClearOverride, [this] { m_editor.clear(m_tree->selectedLayers()); });
    on(ActionId::ClearAllOverrides, [this] { m_editor.clearAll(); });
    on(ActionId::SetFormatWithOptions, [this] { chooseWithOptions(); });
    on(ActionId::BaseOptions, [this] { chooseBaseOptions(); });
    on(ActionId::ExpandAll, [this] { m_tree->expandEverything(); });
    on(ActionId::CollapseAll, [this] { m_tree->collapseAll(); });
    on(ActionId::Find, [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
    on(ActionId::ClearFilter, [this] {
        m_search->clear();
        applyFilter();
    });
    on(ActionId::SelectSameRole, [this] {
        const int node = m_tree->currentNode();
        if (node > 0 && m_document.tree()->node(node).layer >= 0)
            m_tree->selectLayers(
                m_document.tree()->sameRole(static_cast<std::size_t>(m_document.tree()->node(node).layer)));
    });
    on(ActionId::SelectMatching, [this] {
        applyFilter();
        m_tree->selectLayers(m_tree->proxy()->matching());
    });
}

void PlanPage::applyFilter()
{
    m_filterDelay.stop();
    QString mistake;
    const LayerFilter filter = LayerFilter::parse(m_search->text(), &mistake);
    if (mistake.isEmpty()) {
        m_tree->setFilter(filter);
        const auto found = static_cast<int>(m_tree->proxy()->matching().size());
        m_matches->setText(
            filter.isEmpty() ? tr("%n layer(s)", nullptr, found) : tr("%n layer(s) found", nullptr, found));
    } else {
        m_matches->setText(mistake);
    }
    m_matches->setForegroundRole(mistake.isEmpty() ? QPalette::PlaceholderText : QPalette::WindowText);
    const bool nothing = m_tree->proxy()->rowCount() == 0 && m_document.model() != nullptr;
    m_empty->setText(m_document.model() != nullptr && m_document.model()->layers.empty()
            ? tr("This file holds no tensors.")
            : tr("No layer matches “%1”. Press Ctrl+Shift+F to show all layers.").arg(m_search->text()));
    m_empty->setVisible(nothing);
    m_tree->setVisible(!nothing);
    Q_EMIT detailsChanged();
}

void PlanPage::showState()
{
    const std::shared_ptr<const PlanState> state = m_document.state();
    m_totals->setResolving(m_document.isResolving());
    if (!state)
        return;
    m_tree->showState(state);
    m_totals->setState(*state);
}

void PlanPage::updateActions()
{
    const bool open = !m_document.isEmpty();
    const bool selected = open && m_tree->selectionModel()->hasSelection();
    for (QAction* action : m_actions.formatActions())
        action->setEnabled(selected);
    for (const ActionId id : {ActionId::Keep, ActionId::ClearOverride, ActionId::SetFormatWithOptions})
        m_actions[id]->setEnabled(selected);
    const int node = open ? m_tree->currentNode() : -1;
    for (const ActionId id : {ActionId::SelectSameRole, ActionId::EditNote})
        m_actions[id]->setEnabled(node > 0 && m_document.tree()->node(node).layer >= 0);
    for (const ActionId id : {ActionId::Find, ActionId::ClearFilter, ActionId::ExpandAll,
             ActionId::CollapseAll, ActionId::SelectMatching})
        m_actions[id]->setEnabled(open);
    m_actions[ActionId::BaseOptions]->setEnabled(open && !m_document.plan().base.keeps());
    const auto& rules = m_document.plan().rules;
    m_actions[ActionId::ClearAllOverrides]->setEnabled(
        open && (!m_document.plan().overrides.empty() || std::any_of(rules.begin(), rules.end(), isOfUser)));
}

void PlanPage::showContextMenu(const QPoint& pos)
{
    if (!m_tree->selectionModel()->hasSelection())
        return;
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("layerMenu"));
    menu->setAccessibleName(tr("Layer"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    m_actions.fillFormatMenu(menu);
    menu->addSeparator();
    for (const ActionId id : {ActionId::SetFormatWithOptions, ActionId::Keep, ActionId::ClearOverride})
        menu->addAction(m_actions[id]);
    menu->addSeparator();
    for (const ActionId id : {ActionId::SelectSameRole, ActionId::EditNote, ActionId::Explain})
        menu->addAction(m_actions[id]);
    menu->popup(m_tree->viewport()->mapToGlobal(pos));
}

void PlanPage::chooseWithOptions()
{
    const LayerSelection selection = m_tree->selectedLayers();
    const std::vector<std::size_t> layers = selection.all();
    if (layers.empty())
        return;
    const Choice initial = m_document.state()->resolved.decisions[layers.front()].choice;
    auto* dialog = new FormatDialog(layers.size() == 1
            ? toQt(m_document.model()->layers[layers.front()].name)
            : tr("For %n selected layer(s)", nullptr, static_cast<int>(layers.size())),
        initial, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
        [this, dialog, selection] { m_editor.setFormat(selection, dialog->choice()); });
    dialog->open();
}

void PlanPage::editNote()
{
    const int node = m_document.isEmpty() ? -1 : m_tree->currentNode();
    const std::ptrdiff_t layer = node > 0 ? m_document.tree()->node(node).layer : -1;
    if (layer < 0)
        return;
    const std::string& name = m_document.model()->layers[static_cast<std::size_t>(layer)].name;
    const auto known = m_document.plan().notes.find(name);
    auto* dialog = new NoteDialog(
        toQt(name), known == m_document.plan().notes.end() ? QString() : toQt(known->second), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
        [this, dialog, layer = toQt(name)] { m_editor.setNote(layer, dialog->note()); });
    dialog->open();
}

void PlanPage::chooseBaseOptions()
{
    auto* dialog = new FormatDialog(
        tr("For all layers that nothing else decides about"), m_document.plan().base, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { m_editor.setBase(dialog->choice()); });
    dialog->open();
}

} // namespace mantissa::ui
