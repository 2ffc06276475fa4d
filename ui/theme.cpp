// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme.h"

#include "engine/formats/storage_format.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QPainter>
#include <QProxyStyle>
#include <QStyleOption>
#include <QToolButton>

#include <array>
#include <cmath>

namespace mantissa::ui {

namespace {

// org.freedesktop.portal.Settings, namespace org.freedesktop.appearance: 1 prefers dark, 2 prefers light, 0
// neither.
const QString kPortalService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPortalPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kPortalInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kPortalGroup = QStringLiteral("org.freedesktop.appearance");
const QString kPortalKey = QStringLiteral("color-scheme");
constexpr uint kPrefersDark = 1;

QPalette makePalette(const QColor& window, const QColor& base, const QColor& alternate, const QColor& button,
    const QColor& text, const QColor& dim, const QColor& accent, const QColor& link)
{
    QPalette palette;
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, alternate);
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::PlaceholderText, dim);
    palette.setColor(QPalette::Button, button);
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::ToolTipBase, base);
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::Highlight, accent);
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, link);
    palette.setColor(QPalette::LinkVisited, link);
    const bool dark = window.lightness() < 128;
    palette.setColor(QPalette::Light, dark ? window.lighter(150) : QColor(Qt::white));
    palette.setColor(QPalette::Midlight, dark ? window.lighter(125) : window.lighter(103));
    palette.setColor(QPalette::Mid, dark ? window.lighter(165) : window.darker(125));
    palette.setColor(QPalette::Dark, dark ? window.darker(160) : window.darker(145));
    palette.setColor(QPalette::Shadow, dark ? QColor(0, 0, 0) : window.darker(220));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, dim);
    palette.setColor(
        QPalette::Disabled, QPalette::Highlight, dark ? window.lighter(160) : window.darker(120));
    return palette;
}

/// Fusion without icons on dialog buttons, and with check boxes that can be seen on dark windows.
class StudioStyle : public QProxyStyle {
public:
    StudioStyle()
        : QProxyStyle(QStringLiteral("Fusion"))
    { }
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
        QStyleHintReturn* data) const override
    {
        return hint == SH_DialogButtonBox_ButtonsHaveIcons
            ? 0
            : QProxyStyle::styleHint(hint, option, widget, data);
    }
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
        const QWidget* widget) const override
    {
        // Buttons that only open a menu say so with "▾" in their text; the small mark in the corner is too
        // much.
        const auto* button = qobject_cast<const QToolButton*>(widget);
        if (element == PE_IndicatorArrowDown && button != nullptr
            && button->popupMode() == QToolButton::InstantPopup)
            return;
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        if (element != PE_IndicatorCheckBox)
            return;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(option->palette.color(QPalette::PlaceholderText));
        painter->drawRoundedRect(QRectF(option->rect).adjusted(1.5, 1.5, -1.5, -1.5), 2, 2);
        painter->restore();
    }
};

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

} // namespace

Theme::Theme(QObject* parent)
    : QObject(parent)
{ }

QPalette Theme::lightPalette()
{
    return makePalette(QColor(0xf3, 0xf4, 0xf6), QColor(0xff, 0xff, 0xff), QColor(0xf8, 0xf9, 0xfa),
        QColor(0xfb, 0xfb, 0xfc), QColor(0x1d, 0x22, 0x29), QColor(0x6a, 0x72, 0x7d),
        QColor(0x1f, 0x66, 0xb3), QColor(0x1a, 0x5a, 0xa8));
}

QPalette Theme::darkPalette()
{
    return makePalette(QColor(0x22, 0x25, 0x2a), QColor(0x1a, 0x1c, 0x20), QColor(0x1f, 0x22, 0x27),
        QColor(0x2f, 0x33, 0x3a), QColor(0xe6, 0xe8, 0xeb), QColor(0x96, 0x9e, 0xa9),
        QColor(0x2f, 0x6f, 0xb5), QColor(0x7a, 0xb4, 0xf0));
}

bool Theme::isDark(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness() < 128;
}

const ThemeColors& Theme::colors(const QPalette& palette)
{
    static const ThemeColors kLight{QColor(0x0b, 0x6e, 0x4f), QColor(0x8a, 0x55, 0x00),
        QColor(0xb3, 0x26, 0x1e), QColor(0x5f, 0x67, 0x72), QColor(0xd5, 0xd9, 0xdf),
        QColor(0xff, 0xff, 0xff), QColor(0x1f, 0x66, 0xb3)};
    static const ThemeColors kDark{QColor(0x5f, 0xd0, 0xa5), QColor(0xf0, 0xb9, 0x4a),
        QColor(0xff, 0x8a, 0x80), QColor(0xa0, 0xa8, 0xb3), QColor(0x3b, 0x40, 0x48),
        QColor(0x2a, 0x2d, 0x33), QColor(0x6d, 0xae, 0xf2)};
    return isDark(palette) ? kDark : kLight;
}

void Theme::apply(ThemeChoice choice)
{
    m_choice = choice;
    if (choice == ThemeChoice::System && !m_portalRead)
        readPortal();
    refresh();
}

void Theme::refresh()
{
    m_dark = m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && m_systemDark);
    if (dynamic_cast<StudioStyle*>(QApplication::style()) == nullptr)
        QApplication::setStyle(new StudioStyle); // the application owns it
    QApplication::setPalette(m_dark ? darkPalette() : lightPalette());
    Q_EMIT changed();
}

void Theme::readPortal()
{
    m_portalRead = true;
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return; // no desktop: light
    bus.connect(kPortalService, kPortalPath, kPortalInterface, QStringLiteral("SettingChanged"), this,
        SLOT(portalSettingChanged(QString, QString, QDBusVariant)));
    QDBusMessage call = QDBusMessage::createMethodCall(
        kPortalService, kPortalPath, kPortalInterface, QStringLiteral("Read"));
    call << kPortalGroup << kPortalKey;
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        watcher->deleteLater();
        if (!reply.isError())
            portalSettingChanged(kPortalGroup, kPortalKey, reply.value());
    });
}

void Theme::portalSettingChanged(const QString& group, const QString& key, const QDBusVariant& value)
{
    if (group != kPortalGroup || key != kPortalKey)
        return;
    QVariant inner = value.variant();
    while (inner.canConvert<QDBusVariant>()) // Read wraps its answer twice
        inner = inner.value<QDBusVariant>().variant();
    setSystemDark(inner.toUInt() == kPrefersDark);
}

void Theme::setSystemDark(bool dark)
{
    if (m_systemDark == dark)
        return;
    m_systemDark = dark;
    if (m_choice == ThemeChoice::System)
        refresh();
}

QColor formatColor(std::string_view formatId)
{
    static const std::array<QColor, 12> kColors{QColor(0x00, 0x72, 0xb2), QColor(0x56, 0xb4, 0xe9),
        QColor(0xe6, 0x9f, 0x00), QColor(0x00, 0x9e, 0x73), QColor(0xcc, 0x79, 0xa7),
        QColor(0xd5, 0x5e, 0x00), QColor(0x33, 0x22, 0x88), QColor(0x88, 0xcc, 0xee),
        QColor(0xdd, 0xcc, 0x77), QColor(0x88, 0x22, 0x55), QColor(0x44, 0xaa, 0x99),
        QColor(0x99, 0x99, 0x33)};
    std::size_t idx = 0;
    for (const StorageFormat* format : storageFormats()) {
        if (format->info().id == formatId)
            return kColors[idx % kColors.size()];
        ++idx;
    }
    return QColor(0x8a, 0x90, 0x99);
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

QColor readableOn(const QColor& background)
{
    return contrastRatio(background, Qt::white) >= contrastRatio(background, Qt::black) ? Qt::white
                                                                                        : Qt::black;
}

} // namespace mantissa::ui
