// SPDX-License-Identifier: GPL-3.0-or-later
// The line below the tree: what comes out if the plan is exported now.
#pragma once

#include "ui/plan_state.h"

#include <QFrame>

class QAction;
class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace mantissa::ui {

class TotalsBar : public QFrame {
    Q_OBJECT
public:
    TotalsBar(QAction* exportAction, QWidget* parent = nullptr);
    void setState(const PlanState& state);
    void setResolving(bool resolving);
    /// How many things stand out, and how many of them stop a file from working.
    void setFindings(int count, int problems);

Q_SIGNALS:
    void findingsRequested();

private:
    QLabel* m_size;
    QLabel* m_saved;
    QLabel* m_counts;
    QProgressBar* m_bar;
    QToolButton* m_findings;
    QPushButton* m_export;
};

} // namespace mantissa::ui
