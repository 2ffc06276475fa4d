// SPDX-License-Identifier: GPL-3.0-or-later
// Labels as a screen reader hears them: "Layers found: 38 layers". Qt reads a label's name instead of its
// text where it has one, so that labels which are named for what they show would never say it.
#pragma once

class QAccessibleInterface;
class QObject;
class QString;

namespace mantissa::ui {

/// For QAccessible::installFactory(); null for everything but labels.
QAccessibleInterface* accessibleLabel(const QString& className, QObject* object);

} // namespace mantissa::ui
