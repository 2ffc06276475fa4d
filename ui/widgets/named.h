// SPDX-License-Identifier: GPL-3.0-or-later
// Every widget has an object name for tests and scripts and an accessible name for people: given in one go.
#pragma once

#include <QLabel>
#include <QString>

namespace mantissa::ui {

template <typename T> T* named(T* widget, const char* name, const QString& accessible)
{
    widget->setObjectName(QLatin1String(name));
    widget->setAccessibleName(accessible);
    return widget;
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
