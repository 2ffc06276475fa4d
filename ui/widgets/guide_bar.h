// SPDX-License-Identifier: GPL-3.0-or-later
// The first two minutes, step by step: what to do now, a button that does it, and on to the next when it is
// done.
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace mantissa::ui {

class Actions;

class GuideBar : public QFrame {
    Q_OBJECT
public:
    enum class Step { Plan, Calibrate, Export, Compare, Count };

    explicit GuideBar(const Actions& actions, QWidget* parent = nullptr);
    /// From the first step on.
    void begin();
    bool isActive() const { return m_active; }
    Step step() const { return m_step; }
    /// Somebody did what this step is about; others than the present one are ignored.
    void done(Step step);

private:
    void show(Step step);
    const Actions& m_actions;
    Step m_step = Step::Plan;
    bool m_active = false;
    QLabel* m_title;
    QLabel* m_text;
    QPushButton* m_do;
    QPushButton* m_skip;
    QPushButton* m_end;
};

} // namespace mantissa::ui
