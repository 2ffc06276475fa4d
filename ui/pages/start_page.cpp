// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/start_page.h"

#include "ui/actions.h"
#include "ui/icons.h"
#include "ui/theme.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace mantissa::ui {

namespace {

QLabel* centred(const QString& name, const QString& text, double scale, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setObjectName(name);
    label->setAccessibleName(text);
    label->setAlignment(Qt::AlignCenter);
    label->setWordWrap(true);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    label->setFont(font);
    return label;
}

QPushButton* actionButton(QAction* action, const QString& name, const QString& text, QWidget* parent)
{
    auto* button = new QPushButton(action->icon(), text, parent);
    button->setObjectName(name);
    button->setAccessibleName(text);
    button->setToolTip(action->toolTip());
    button->setMinimumSize(150, 34);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

constexpr int kColumnWidth = 720;

} // namespace

DropTarget::DropTarget(const Actions& actions, QWidget* parent)
    : QFrame(parent)
{
    setObjectName(QStringLiteral("dropTarget"));
    setAccessibleName(tr("Drop a checkpoint here"));
    auto* picture = new QLabel(this);
    picture->setObjectName(QStringLiteral("dropIcon"));
    picture->setAccessibleName(tr("Icon of Mantissa"));
    picture->setAlignment(Qt::AlignCenter);
    picture->setPixmap(applicationIcon().pixmap(QSize(72, 72), devicePixelRatioF()));
    auto* title = centred(QStringLiteral("dropTitle"), tr("Drop a checkpoint here"), 1.6, this);
    auto* kinds = centred(QStringLiteral("dropKinds"),
        tr("safetensors, sharded index, diffusers folder, GGUF, .ckpt, .pt, .bin\n"
           "Only the header is read. Nothing in a pickle is run."),
        1.0, this);
    kinds->setForegroundRole(QPalette::PlaceholderText);
    auto* open = actionButton(actions[ActionId::Open], QStringLiteral("startOpen"), tr("Open a file…"), this);
    open->setDefault(true);
    auto* sample = actionButton(
        actions[ActionId::OpenSample], QStringLiteral("startSample"), tr("Try the sample"), this);

    auto* guide
        = actionButton(actions[ActionId::Guide], QStringLiteral("startGuide"), tr("Show me how"), this);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(12);
    buttons->addStretch(1);
    buttons->addWidget(open);
    buttons->addWidget(sample);
    buttons->addWidget(guide);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(32, 28, 32, 28);
    column->setSpacing(10);
    column->addWidget(picture);
    column->addWidget(title);
    column->addWidget(kinds);
    column->addSpacing(8);
    column->addLayout(buttons);
}

void DropTarget::setHighlighted(bool highlighted)
{
    m_highlighted = highlighted;
    update();
}

void DropTarget::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeColors& colors = Theme::colors(palette());
    QColor fill = palette().color(QPalette::Base);
    if (m_highlighted) {
        fill = colors.accent;
        fill.setAlphaF(0.16F);
    }
    painter.setBrush(fill);
    QPen pen(m_highlighted ? colors.accent : colors.muted, m_highlighted ? 2.5 : 1.5, Qt::DashLine);
    pen.setDashPattern({5, 4});
    painter.setPen(pen);
    painter.drawRoundedRect(QRectF(rect()).adjusted(2, 2, -2, -2), 12, 12);
}

StartPage::StartPage(const Actions& actions, RecentFiles& recent, QWidget* parent)
    : QWidget(parent)
    , m_recent(recent)
    , m_drop(new DropTarget(actions, this))
    , m_list(new QListWidget(this))
    , m_heading(new QLabel(tr("Opened lately"), this))
    , m_empty(new QLabel(tr("Files that you open are listed here."), this))
    , m_clear(new QPushButton(tr("Clear the list"), this))
{
    setObjectName(QStringLiteral("startPage"));
    setAccessibleName(tr("Start"));
    m_list->setObjectName(QStringLiteral("recentList"));
    m_list->setAccessibleName(tr("Opened lately"));
    m_list->setAlternatingRowColors(true);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMaximumHeight(230);
    m_heading->setObjectName(QStringLiteral("recentHeading"));
    m_heading->setAccessibleName(tr("Opened lately"));
    QFont bold = m_heading->font();
    bold.setBold(true);
    m_heading->setFont(bold);
    m_empty->setObjectName(QStringLiteral("recentEmpty"));
    m_empty->setAccessibleName(tr("No files yet"));
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_clear->setObjectName(QStringLiteral("recentClear"));
    m_clear->setAccessibleName(tr("Clear the list of files"));
    m_clear->setFlat(true);
    m_clear->setIcon(icon(QStringLiteral("close")));

    auto* head = new QHBoxLayout;
    head->addWidget(m_heading);
    head->addStretch(1);
    head->addWidget(m_clear);
    auto* column = new QVBoxLayout;
    column->setSpacing(8);
    column->addStretch(2);
    column->addWidget(m_drop);
    column->addSpacing(18);
    column->addLayout(head);
    column->addWidget(m_list);
    column->addWidget(m_empty);
    column->addStretch(3);
    auto* holder = new QWidget(this);
    holder->setObjectName(QStringLiteral("startColumn"));
    holder->setAccessibleName(tr("Start"));
    holder->setLayout(column);
    holder->setMaximumWidth(kColumnWidth);
    auto* row = new QHBoxLayout(this);
    row->addStretch(1);
    row->addWidget(holder, 100);
    row->addStretch(1);

    connect(&m_recent, &RecentFiles::changed, this, &StartPage::showRecent);
    connect(m_clear, &QPushButton::clicked, &m_recent, &RecentFiles::clear);
    connect(m_list, &QListWidget::itemActivated, this,
        [this](QListWidgetItem* item) { Q_EMIT openRequested(item->data(Qt::UserRole).toString()); });
    connect(m_list, &QListWidget::itemClicked, this,
        [this](QListWidgetItem* item) { Q_EMIT openRequested(item->data(Qt::UserRole).toString()); });
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setToolTip(
        tr("The middle button opens a new window; the right one pins a file or takes it off the list"));
    m_list->viewport()->installEventFilter(this);
    connect(m_list, &QWidget::customContextMenuRequested, this, &StartPage::showMenu);
    showRecent();
}

bool StartPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list->viewport() && event->type() == QEvent::MouseButtonRelease) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const QListWidgetItem* item
            = mouse->button() == Qt::MiddleButton ? m_list->itemAt(mouse->position().toPoint()) : nullptr;
        if (item != nullptr && (item->flags() & Qt::ItemIsEnabled) != 0) {
            Q_EMIT newWindowRequested(item->data(Qt::UserRole).toString());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void StartPage::showMenu(const QPoint& pos)
{
    const QListWidgetItem* item = m_list->itemAt(pos);
    if (item == nullptr)
        return;
    const QString file = item->data(Qt::UserRole).toString();
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("recentItemMenu"));
    menu->setAccessibleName(tr("File that was opened lately"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Open in a new &window"), this, [this, file] { Q_EMIT newWindowRequested(file); })
        ->setEnabled(RecentFiles::exists(file));
    const bool pinned = m_recent.isPinned(file);
    menu->addAction(pinned ? tr("&Unpin") : tr("&Pin to the top"), this,
        [this, file, pinned] { m_recent.setPinned(file, !pinned); });
    menu->addAction(tr("&Take off the list"), this, [this, file] { m_recent.remove(file); });
    menu->popup(m_list->viewport()->mapToGlobal(pos));
}

void StartPage::showRecent()
{
    m_list->clear();
    for (const QString& file : m_recent.files()) {
        const QFileInfo info(file);
        QString folder = info.absolutePath();
        if (folder.startsWith(QDir::homePath()))
            folder.replace(0, QDir::homePath().size(), QStringLiteral("~"));
        const bool there = RecentFiles::exists(file);
        QString text = there ? QStringLiteral("%1  —  %2").arg(info.fileName(), folder)
                             : tr("%1  —  no longer in %2").arg(info.fileName(), folder);
        if (m_recent.isPinned(file))
            text = tr("%1  (pinned)").arg(text);
        auto* item = new QListWidgetItem(
            icon(m_recent.isPinned(file) ? QStringLiteral("keep") : QStringLiteral("file")), text, m_list);
        item->setData(Qt::UserRole, file);
        item->setToolTip(file);
        if (!there)
            item->setFlags(item->flags() & ~(Qt::ItemIsEnabled | Qt::ItemIsSelectable));
    }
    const bool any = m_list->count() > 0;
    m_list->setVisible(any);
    m_clear->setVisible(any);
    m_empty->setVisible(!any);
    if (any)
        m_list->setFixedHeight(std::min(230, m_list->sizeHintForRow(0) * m_list->count() + 6));
}

} // namespace mantissa::ui
