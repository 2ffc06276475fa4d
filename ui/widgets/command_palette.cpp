// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/command_palette.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTimer>
#include <QTreeView>
#include <QVBoxLayout>

namespace mantissa::ui {

namespace {

constexpr int kActionRole = Qt::UserRole;

QString plainText(const QAction* action)
{
    QString text = action->text().remove(QLatin1Char('&'));
    return text.endsWith(QChar(0x2026)) ? text.chopped(1) : text;
}

/// Filters and sorts by how well the typed letters fit.
class PaletteProxy : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setTyped(const QString& typed)
    {
        m_typed = typed;
        invalidate();
        sort(0);
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        return score(sourceModel()->index(row, 0, parent)) >= 0;
    }
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override
    {
        const int a = score(left), b = score(right);
        return a != b ? a < b : left.row() < right.row();
    }

private:
    int score(const QModelIndex& index) const
    {
        return CommandPalette::match(m_typed, index.data().toString());
    }
    QString m_typed;
};

} // namespace

int CommandPalette::match(const QString& typed, const QString& text)
{
    const QString want = typed.simplified().remove(QLatin1Char(' '));
    const qsizetype whole = text.indexOf(typed.trimmed(), 0, Qt::CaseInsensitive);
    if (whole >= 0)
        return static_cast<int>(whole);
    int at = 0, gaps = 0;
    for (const QChar letter : want) {
        const auto next = static_cast<int>(text.indexOf(letter, at, Qt::CaseInsensitive));
        if (next < 0)
            return -1;
        gaps += next - at;
        at = next + 1;
    }
    constexpr int kLoose = 1000; // behind every literal match
    return kLoose + gaps;
}

CommandPalette::CommandPalette(const Actions& actions, QWidget* parent)
    : QDialog(parent)
    , m_search(new QLineEdit(this))
    , m_proxy(new PaletteProxy(this))
    , m_list(new QTreeView(this))
{
    setObjectName(QStringLiteral("commandPalette"));
    setWindowTitle(tr("Command palette"));
    setAccessibleName(tr("Command palette"));
    m_search->setObjectName(QStringLiteral("paletteSearch"));
    m_search->setAccessibleName(tr("Search actions"));
    m_search->setPlaceholderText(tr("Type a part of what you want to do"));
    m_search->installEventFilter(this);
    QPixmap nothing(16, 16); // names stand in one line, with and without an icon
    nothing.fill(Qt::transparent);
    const QIcon blank(nothing);
    auto* model = new QStandardItemModel(this);
    for (const auto& [menu, group] : actions.byMenu())
        for (QAction* action : group) {
            const bool format = action->objectName().startsWith(QLatin1String("actionFormat_"));
            auto* name = new QStandardItem(action->icon().isNull() ? blank : action->icon(),
                QStringLiteral("%1: %2").arg(
                    menu, format ? tr("Set to %1").arg(plainText(action)) : plainText(action)));
            auto* keys = new QStandardItem(action->shortcut().toString(QKeySequence::NativeText));
            name->setData(QVariant::fromValue(action), kActionRole);
            name->setToolTip(action->toolTip());
            for (QStandardItem* item : {name, keys})
                item->setEnabled(action->isEnabled());
            model->appendRow({name, keys});
        }
    m_proxy->setSourceModel(model);
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setAccessibleName(tr("Actions"));
    m_list->setModel(m_proxy);
    m_list->setRootIsDecorated(false);
    m_list->setHeaderHidden(true);
    m_list->setUniformRowHeights(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setAlternatingRowColors(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setIconSize(QSize(16, 16));
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_search);
    column->addWidget(m_list, 1);
    resize(560, 420);
    const auto first = [this] { m_list->setCurrentIndex(m_proxy->index(0, 0)); };
    connect(m_search, &QLineEdit::textChanged, this, [this, first](const QString& text) {
        static_cast<PaletteProxy*>(m_proxy)->setTyped(text);
        first();
    });
    connect(m_search, &QLineEdit::returnPressed, this, &CommandPalette::run);
    connect(m_list, &QTreeView::clicked, this, &CommandPalette::run);
    first();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_search || event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key != Qt::Key_Down && key != Qt::Key_Up && key != Qt::Key_PageDown && key != Qt::Key_PageUp)
        return QDialog::eventFilter(watched, event);
    const int step = key == Qt::Key_Down || key == Qt::Key_Up ? 1 : 10;
    const int by = key == Qt::Key_Down || key == Qt::Key_PageDown ? step : -step;
    const int row = std::clamp(m_list->currentIndex().row() + by, 0, std::max(0, m_proxy->rowCount() - 1));
    m_list->setCurrentIndex(m_proxy->index(row, 0));
    return true;
}

void CommandPalette::run()
{
    const QModelIndex row = m_list->currentIndex().siblingAtColumn(0);
    auto* action = row.data(kActionRole).value<QAction*>();
    if (action == nullptr || !action->isEnabled())
        return;
    accept();
    QTimer::singleShot(0, action, &QAction::trigger); // when the palette is gone: dialogs want the window
}

} // namespace mantissa::ui
