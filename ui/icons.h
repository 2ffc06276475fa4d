// SPDX-License-Identifier: GPL-3.0-or-later
// Our SVG icons (resources/icons), drawn in the palette's text colour at any size and scale, so that they
// follow the theme by themselves.
#pragma once

#include <QIcon>
#include <QString>

namespace mantissa::ui {

/// `name` is the file name without ".svg". Strokes of colour #000000 take the palette's colour.
QIcon icon(const QString& name);
/// The application's own icon, in its own colours.
QIcon applicationIcon();

} // namespace mantissa::ui
