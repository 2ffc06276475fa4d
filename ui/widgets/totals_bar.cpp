// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/totals_bar.h"

#include "ui/icons.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace mantissa::ui {

namespace {
QLabel* label(const QString& name, const QString& accessible, QWidget* parent)
{
    auto* made = new QLabel(parent);
    made->setObjectName(name);
    made->setAccessibleName(accessible);
    return made;
}
} // namespace

TotalsBar::TotalsBar(QAction* exportAction, QWidget* parent)
    : QFrame(parent)
    , m_size(label(QStringLiteral("totalSize"), tr("Size of the output"), this))
    , m_saved(label(QStringLiteral("totalSaved"), tr("Saved"), this))
    , m_counts(label(QStringLiteral("totalCounts"), tr("Layers by outcome"), this))
    , m_bar(new QProgressBar(this))
    , m_findings(new QToolButton(this))
    , m_export(new QPushButton(this))
{
    setObjectName(QStringLiteral("totalsBar"));
    setAccessibleName(tr("Totals"));
    QFont big = font();
    big.setPointSizeF(big.pointSizeF() * 1.2);
    big.setBold(true);
    m_size->setFont(big);
    m_saved->setFont(big);
    m_counts->setForegroundRole(QPalette::PlaceholderText);

    m_bar->setObjectName(QStringLiteral("totalBar"));
    m_bar->setAccessibleName(tr("Output as a share of the original"));
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(6);
    m_bar->setMaximumWidth(420);

    m_findings->setObjectName(QStringLiteral("findingsButton"));
    m_findings->setAccessibleName(tr("Findings"));
    m_findings->setToolTip(tr("Show what to look at before the export"));
    m_findings->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_findings->setAutoRaise(true);
    connect(m_findings, &QToolButton::clicked, this, &TotalsBar::findingsRequested);

    m_export->setObjectName(QStringLiteral("exportButton"));
    m_export->setText(tr("Export…"));
    m_export->setAccessibleName(tr("Export"));
    m_export->setToolTip(exportAction->toolTip());
    m_export->setIcon(exportAction->icon());
    m_export->setMinimumWidth(110);
    connect(m_export, &QPushButton::clicked, exportAction, &QAction::trigger);
    m_export->setEnabled(exportAction->isEnabled());
    connect(exportAction, &QAction::changed, m_export,
        [this, exportAction] { m_export->setEnabled(exportAction->isEnabled()); });

    auto* numbers = new QHBoxLayout;
    numbers->setSpacing(14);
    numbers->addWidget(m_size);
    numbers->addWidget(m_saved);
    numbers->addStretch(1);
    auto* column = new QVBoxLayout;
    column->setSpacing(3);
    column->addLayout(numbers);
    column->addWidget(m_bar);
    column->addWidget(m_counts);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 12, 8);
    row->setSpacing(12);
    row->addLayout(column, 1);
    row->addWidget(m_findings);
    row->addWidget(m_export);
}

void TotalsBar::setState(const PlanState& state)
{
    const ResolvedPlan& resolved = state.resolved;
    const std::uint64_t before = state.fileBytes ? state.sourceBytes : resolved.dataBytesBefore;
    const std::uint64_t after = state.fileBytes.value_or(resolved.dataBytesAfter);
    m_size->setText(sizesText(before, after));
    m_size->setToolTip(state.fileBytes ? tr("Exactly %1 bytes, header included").arg(countText(after))
                                       : tr("Tensor data without the file's header"));
    m_saved->setText(savedText(before, after));
    const double share = before == 0 ? 0 : static_cast<double>(after) / static_cast<double>(before);
    m_bar->setValue(static_cast<int>(std::lround(1000 * std::clamp(share, 0.0, 1.0))));

    QStringList counts{
        tr("%1 quantized").arg(countText(resolved.quantized)), tr("%1 kept").arg(countText(resolved.kept))};
    if (resolved.guarded > 0)
        counts << tr("%1 guarded").arg(countText(resolved.guarded));
    if (!state.nodes.empty() && state.nodes.front().overridden > 0)
        counts << tr("%1 set by hand").arg(countText(state.nodes.front().overridden));
    m_counts->setText(counts.join(QStringLiteral(" · ")));
}

void TotalsBar::setFindings(int count, int problems)
{
    m_findings->setText(count == 0 ? tr("No findings") : tr("%n finding(s)", nullptr, count));
    m_findings->setIcon(icon(count == 0 ? QStringLiteral("check")
            : problems == 0             ? QStringLiteral("warning")
                                        : QStringLiteral("danger")));
}

void TotalsBar::setResolving(bool resolving)
{
    m_size->setEnabled(!resolving);
    m_saved->setEnabled(!resolving);
}

} // namespace mantissa::ui
