// SPDX-License-Identifier: GPL-3.0-or-later
// Settings that few need, below a button "More". Folded away, the button says what differs from the usual:
// nothing acts unseen.
#pragma once

#include <QWidget>

class QToolButton;

namespace mantissa::ui {

class FoldedSettings : public QWidget {
    Q_OBJECT
public:
    /// Object names: `name`More (the button), `name`MoreBody.
    FoldedSettings(const QString& name, const QString& toolTip, QWidget* parent);
    /// What is folded away: give it a layout.
    QWidget* body() const { return m_body; }
    /// What differs from the usual, in words.
    void setSummary(const QStringList& parts);

private:
    void refresh();

    QToolButton* m_more;
    QWidget* m_body;
    QStringList m_parts;
};

} // namespace mantissa::ui
