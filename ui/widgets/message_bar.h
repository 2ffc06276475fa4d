// SPDX-License-Identifier: GPL-3.0-or-later
// A message in the window instead of a box in front of it: one sentence, what to do about it, and a way to
// close it.
#pragma once

#include <QFrame>
#include <QList>

#include <functional>

class QLabel;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace mantissa::ui {

class MessageBar : public QFrame {
    Q_OBJECT
public:
    enum class Kind { Info, Success, Warning, Error };

    explicit MessageBar(QWidget* parent = nullptr);
    void show(Kind kind, const QString& text, const QString& hint = {});
    /// Hides it; shows the next offer, where one waits.
    void clear();
    /// Calls `show` as soon as no message is in the way: at once, or when the present one is closed.
    void offer(std::function<void()> show);
    QString text() const;
    /// A widget below the sentence, shown until the next message (the danger panel). May be null.
    void setDetails(QWidget* details);
    QWidget* details() const { return m_details; }

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void restyle();
    Kind m_kind = Kind::Info;
    QLabel* m_icon;
    QLabel* m_text;
    QLabel* m_hint;
    QToolButton* m_close;
    QVBoxLayout* m_column;
    QWidget* m_details = nullptr;
    bool m_styling = false;
    QList<std::function<void()>> m_offers;
};

/// A row of buttons below a message, for setDetails(), and a button in it.
QWidget* messageRow(QWidget* parent);
QPushButton* messageButton(QWidget* row, const QString& name, const QString& text);

} // namespace mantissa::ui
