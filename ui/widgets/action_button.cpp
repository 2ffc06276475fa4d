// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/action_button.h"

#include <QAction>
#include <QPushButton>

namespace mantissa::ui {

QPushButton* actionButton(QAction* action, const QString& name, const QString& text, QWidget* parent)
{
    auto* button = new QPushButton(action->icon(), text, parent);
    button->setObjectName(name);
    button->setAccessibleName(text);
    button->setToolTip(action->toolTip());
    button->setEnabled(action->isEnabled());
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    QObject::connect(
        action, &QAction::changed, button, [button, action] { button->setEnabled(action->isEnabled()); });
    return button;
}

} // namespace mantissa::ui
