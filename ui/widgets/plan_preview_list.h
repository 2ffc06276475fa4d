// SPDX-License-Identifier: GPL-3.0-or-later
// What a changed plan would change, in a dialog that asks before it applies: a sentence and the layers.
#pragma once

#include "ui/presenters/rule_preview.h"

#include <QWidget>

class QLabel;
class QTreeWidget;

namespace mantissa::ui {

class PlanPreviewList : public QWidget {
    Q_OBJECT
public:
    /// Names and accessible names of the sentence and of the list.
    PlanPreviewList(const char* countName, const QString& countText, const char* rowsName,
        const QString& rowsText, QWidget* parent);
    void setPreview(const PlanPreview& preview);
    /// No rows, and this in place of the sentence.
    void clear(const QString& text);

private:
    QLabel* m_count;
    QTreeWidget* m_rows;
};

} // namespace mantissa::ui
