// SPDX-License-Identifier: GPL-3.0-or-later
// Light, dark and follow-system on the Fusion style. Qt 6.4 does not know the desktop's colour scheme, so it
// is read from the desktop portal over D-Bus and followed while the program runs.
#pragma once

#include <QColor>
#include <QObject>
#include <QPalette>

#include <string_view>

class QDBusVariant;

namespace mantissa::ui {

enum class ThemeChoice { System, Light, Dark };

/// Colours that a palette has no role for.
struct ThemeColors {
    QColor good, warning, danger, muted, border, card, accent;
};

class Theme : public QObject {
    Q_OBJECT
public:
    explicit Theme(QObject* parent = nullptr);

    /// Sets the palette of the application; System follows the desktop from now on.
    void apply(ThemeChoice choice);
    ThemeChoice choice() const { return m_choice; }
    bool isDark() const { return m_dark; }

    static QPalette lightPalette();
    static QPalette darkPalette();
    /// Colours that fit a palette (decided by how dark its window is).
    static const ThemeColors& colors(const QPalette& palette);
    static bool isDark(const QPalette& palette);

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void portalSettingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void readPortal();
    void setSystemDark(bool dark);
    void refresh();

    ThemeChoice m_choice = ThemeChoice::System;
    bool m_systemDark = false, m_dark = false, m_portalRead = false;
};

/// Colour of a format's badge, from a palette that colour-blind people can tell apart (Okabe and Ito, and
/// Tol's "muted" for the rest), by the format's place in the registry. The letters carry the meaning; this
/// only helps.
QColor formatColor(std::string_view formatId);
/// Black or white, whichever reads better on `background` (WCAG relative luminance).
QColor readableOn(const QColor& background);
/// Contrast ratio of two colours as WCAG 2 defines it, 1 to 21.
double contrastRatio(const QColor& a, const QColor& b);

} // namespace mantissa::ui
