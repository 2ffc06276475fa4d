// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/message_bar.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QAccessible>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QPainter>
#include <QToolButton>

namespace mantissa::ui {

namespace {

QColor colorOf(MessageBar::Kind kind, const QPalette& palette)
{
    const ThemeColors& colors = Theme::colors(palette);
    switch (kind) {
    case MessageBar::Kind::Success:
        return colors.good;
    case MessageBar::Kind::Warning:
        return colors.warning;
    case MessageBar::Kind::Error:
        return colors.danger;
    case MessageBar::Kind::Info:
        return colors.accent;
    }
    return colors.accent;
}

QString iconOf(MessageBar::Kind kind)
{
    switch (kind) {
    case MessageBar::Kind::Success:
        return QStringLiteral("check");
    case MessageBar::Kind::Warning:
        return QStringLiteral("warning");
    case MessageBar::Kind::Error:
        return QStringLiteral("danger");
    case MessageBar::Kind::Info:
        return QStringLiteral("info");
    }
    return {};
}

QLabel* wrappedLabel(const QString& name, const QString& accessible, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setAccessibleName(accessible);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText); // names out of files are not markup
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(wrappedLabel(QStringLiteral("messageText"), tr("Message"), this))
    , m_hint(wrappedLabel(QStringLiteral("messageHint"), tr("What to do"), this))
    , m_close(new QToolButton(this))
    , m_column(new QVBoxLayout)
{
    setObjectName(QStringLiteral("messageBar"));
    setAccessibleName(tr("Message"));
    setAutoFillBackground(true);
    m_icon->setObjectName(QStringLiteral("messageIcon"));
    m_icon->setAccessibleName(tr("Kind of message"));
    m_close->setObjectName(QStringLiteral("messageClose"));
    m_close->setAccessibleName(tr("Close the message"));
    m_close->setToolTip(tr("Close the message"));
    m_close->setIcon(icon(QStringLiteral("close")));
    m_close->setAutoRaise(true);
    connect(m_close, &QToolButton::clicked, this, &MessageBar::clear);

    QFont bold = font();
    bold.setBold(true);
    m_text->setFont(bold);
    m_column->setSpacing(3);
    m_column->addWidget(m_text);
    m_column->addWidget(m_hint);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 8, 8);
    row->setSpacing(10);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addLayout(m_column, 1);
    row->addWidget(m_close, 0, Qt::AlignTop);
    hide();
}

void MessageBar::show(Kind kind, const QString& text, const QString& hint)
{
    setDetails(nullptr);
    m_kind = kind;
    m_text->setText(text);
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
    setAccessibleDescription(text + QLatin1Char(' ') + hint);
    restyle();
    setVisible(true);
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void MessageBar::clear()
{
    setDetails(nullptr);
    m_text->clear();
    hide();
    if (!m_offers.isEmpty())
        m_offers.takeFirst()();
}

void MessageBar::offer(std::function<void()> show)
{
    if (isHidden())
        show();
    else
        m_offers << std::move(show);
}

QString MessageBar::text() const
{
    return m_text->text();
}

void MessageBar::setDetails(QWidget* details)
{
    if (m_details != nullptr) {
        m_column->removeWidget(m_details);
        m_details->hide();
        m_details->deleteLater(); // it may hold the button that was just clicked
    }
    m_details = details;
    if (details != nullptr)
        m_column->addWidget(details);
}

void MessageBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange && isVisible())
        restyle();
}

void MessageBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        clear();
    else
        QFrame::keyPressEvent(event);
}

void MessageBar::restyle()
{
    if (std::exchange(m_styling, true))
        return;
    const QColor color = colorOf(m_kind, QGuiApplication::palette());
    const QColor window = QGuiApplication::palette().color(QPalette::Base);
    const auto mix = [&](int a, int b) { return (a * 12 + b * 88) / 100; };
    QPalette palette = QGuiApplication::palette();
    palette.setColor(QPalette::Window,
        QColor(mix(color.red(), window.red()), mix(color.green(), window.green()),
            mix(color.blue(), window.blue())));
    setPalette(palette);
    QPixmap pixmap = icon(iconOf(m_kind)).pixmap(QSize(20, 20), devicePixelRatioF());
    QPainter painter(&pixmap);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(QRect(QPoint(), pixmap.deviceIndependentSize().toSize()), color);
    painter.end();
    m_icon->setPixmap(pixmap);
    m_styling = false;
}

QWidget* messageRow(QWidget* parent)
{
    auto* row = new QWidget(parent);
    row->setObjectName(QStringLiteral("messageButtons"));
    row->setAccessibleName(MessageBar::tr("What to do"));
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->setAlignment(Qt::AlignLeft);
    return row;
}

QPushButton* messageButton(QWidget* row, const QString& name, const QString& text)
{
    auto* button = new QPushButton(text, row);
    button->setObjectName(name);
    button->setAccessibleName(text);
    row->layout()->addWidget(button);
    return button;
}

} // namespace mantissa::ui
