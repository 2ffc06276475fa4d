// SPDX-License-Identifier: GPL-3.0-or-later
// Every widget has an object name for tests and scripts and an accessible name for people: given in one go.
#pragma once

#include <QLabel>
#include <QString>

namespace mantissa::ui {

template <typename T> T* named(T* widget, const QString& name, const QString& accessible)
{
    widget->setObjectName(name);
    widget->setAccessibleName(accessible);
    return widget;
}
template <typename T> T* named(T* widget, const char* name, const QString& accessible)
{
    return named(widget, QString(QLatin1String(name)), accessible);
}

/// The label of a control in a form, with its mnemonic; it says what the control's accessible name says.
inline QLabel* buddyLabel(const QString& name, const QString& text, QWidget* control)
{
    auto* label = named(new QLabel(text, control->parentWidget()), name, control->accessibleName());
    label->setBuddy(control);
    return label;
}

/// What a panel says where its table has no rows.
inline QLabel* emptyLabel(const char* name, const QString& accessible, const QString& text, QWidget* parent)
{
    auto* label = named(new QLabel(text, parent), name, accessible);
    label->setForegroundRole(QPalette::PlaceholderText);
    label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    label->setContentsMargins(4, 6, 4, 6);
    label->setWordWrap(true);
    return label;
}

/// A label of plain text that breaks its lines and can be selected.
inline QLabel* wrappedLabel(const char* name, const QString& accessible, QWidget* parent)
{
    auto* label = named(new QLabel(parent), name, accessible);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace mantissa::ui
