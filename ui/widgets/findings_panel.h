// SPDX-License-Identifier: GPL-3.0-or-later
// What to look at before an export: the warnings of the plan.
#pragma once

#include "engine/plan/plan.h"

#include <QWidget>

class QLabel;
class QListWidget;

namespace mantissa::ui {

class FindingsPanel : public QWidget {
    Q_OBJECT
public:
    explicit FindingsPanel(QWidget* parent = nullptr);
    void setFindings(const std::vector<std::string>& warnings);

private:
    QListWidget* m_list;
    QLabel* m_empty;
};

} // namespace mantissa::ui
