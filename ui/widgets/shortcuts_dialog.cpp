// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/shortcuts_dialog.h"

#include "ui/icons.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace mantissa::ui {

namespace {

QDialogButtonBox* closeButtons(QDialog* dialog)
{
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    buttons->setObjectName(QStringLiteral("dialogButtons"));
    buttons->setAccessibleName(ShortcutsDialog::tr("Buttons"));
    buttons->button(QDialogButtonBox::Close)->setObjectName(QStringLiteral("dialogClose"));
    buttons->button(QDialogButtonBox::Close)->setAccessibleName(ShortcutsDialog::tr("Close"));
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    return buttons;
}

void filterRows(QTreeWidget* list, const QString& text)
{
    for (int group = 0; group < list->topLevelItemCount(); ++group) {
        QTreeWidgetItem* top = list->topLevelItem(group);
        bool any = false;
        for (int row = 0; row < top->childCount(); ++row) {
            QTreeWidgetItem* item = top->child(row);
            const bool shown = item->text(0).contains(text, Qt::CaseInsensitive)
                || item->text(1).contains(text, Qt::CaseInsensitive);
            item->setHidden(!shown);
            any = any || shown;
        }
        top->setHidden(!any);
    }
}

} // namespace

ShortcutsDialog::ShortcutsDialog(Actions& actions, QWidget* parent)
    : QDialog(parent)
    , m_actions(actions)
    , m_list(new QTreeWidget(this))
    , m_key(new QKeySequenceEdit(this))
    , m_assign(new QPushButton(tr("&Assign"), this))
    , m_standard(new QPushButton(tr("&Default"), this))
    , m_problem(new QLabel(this))
{
    setObjectName(QStringLiteral("shortcutsDialog"));
    setWindowTitle(tr("Keyboard shortcuts"));
    setAccessibleName(tr("Keyboard shortcuts"));
    auto* search = new QLineEdit(this);
    search->setObjectName(QStringLiteral("shortcutsSearch"));
    search->setAccessibleName(tr("Search actions"));
    search->setPlaceholderText(tr("Search actions"));
    search->setClearButtonEnabled(true);
    QTreeWidget* list = m_list;
    list->setObjectName(QStringLiteral("shortcutsList"));
    list->setAccessibleName(tr("Actions and their keys"));
    list->setHeaderLabels({tr("Action"), tr("Keys")});
    list->setAlternatingRowColors(true);
    for (const auto& [menu, group] : actions.byMenu()) {
        auto* top = new QTreeWidgetItem(list, {menu});
        QFont bold = list->font();
        bold.setBold(true);
        top->setFont(0, bold);
        top->setFirstColumnSpanned(true);
        for (QAction* action : group) {
            QString text = action->text().remove(QLatin1Char('&'));
            if (action->objectName().startsWith(QLatin1String("actionFormat_")))
                text = tr("Set to %1").arg(text);
            auto* row
                = new QTreeWidgetItem(top, {text, action->shortcut().toString(QKeySequence::NativeText)});
            row->setToolTip(0, action->toolTip());
            row->setData(0, Qt::UserRole, QVariant::fromValue(static_cast<QObject*>(action)));
        }
    }
    list->expandAll();
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    list->header()->setStretchLastSection(false);
    list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    connect(search, &QLineEdit::textChanged, list, [list](const QString& text) { filterRows(list, text); });
    auto* column = new QVBoxLayout(this);
    column->addWidget(search);
    column->addWidget(list, 1);
    column->addWidget(makeEditor());
    column->addWidget(m_problem);
    column->addWidget(closeButtons(this));
    resize(560, 660);
    showCurrent();
}

QWidget* ShortcutsDialog::makeEditor()
{
    auto* row = new QWidget(this);
    row->setObjectName(QStringLiteral("shortcutsEditor"));
    row->setAccessibleName(tr("Keys of the selected action"));
    m_key->setObjectName(QStringLiteral("shortcutsKey"));
    m_key->setAccessibleName(tr("New keys; press them here"));
    m_key->setToolTip(m_key->accessibleName());
    m_assign->setObjectName(QStringLiteral("shortcutsAssign"));
    m_assign->setAccessibleName(tr("Assign these keys"));
    m_assign->setAutoDefault(false);
    m_standard->setObjectName(QStringLiteral("shortcutsStandard"));
    m_standard->setAccessibleName(tr("Back to the keys that come with the action"));
    m_standard->setToolTip(m_standard->accessibleName());
    m_standard->setAutoDefault(false);
    m_problem->setObjectName(QStringLiteral("shortcutsProblem"));
    m_problem->setAccessibleName(tr("Why the keys cannot be assigned"));
    m_problem->setWordWrap(true);
    m_problem->setMinimumHeight(fontMetrics().lineSpacing());
    m_problem->setForegroundRole(QPalette::PlaceholderText);
    auto* label = new QLabel(tr("&Keys of the selected action"), row);
    label->setObjectName(QStringLiteral("shortcutsKeyLabel"));
    label->setAccessibleName(tr("Keys of the selected action"));
    label->setBuddy(m_key);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(label);
    layout->addWidget(m_key, 1);
    layout->addWidget(m_assign);
    layout->addWidget(m_standard);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &ShortcutsDialog::showCurrent);
    connect(m_list, &QTreeWidget::itemActivated, this, [this] { m_key->setFocus(); });
    connect(m_assign, &QPushButton::clicked, this, [this] { assign(m_key->keySequence()); });
    connect(m_standard, &QPushButton::clicked, this, [this] {
        if (const QAction* action = current())
            assign(Actions::standardKey(action));
    });
    return row;
}

QAction* ShortcutsDialog::current() const
{
    const QTreeWidgetItem* item = m_list->currentItem();
    return item == nullptr ? nullptr : qobject_cast<QAction*>(item->data(0, Qt::UserRole).value<QObject*>());
}

void ShortcutsDialog::showCurrent()
{
    const QAction* action = current();
    for (QWidget* control : std::initializer_list<QWidget*>{m_key, m_assign, m_standard})
        control->setEnabled(action != nullptr);
    m_key->setKeySequence(action != nullptr ? action->shortcut() : QKeySequence());
    m_problem->setText(action == nullptr ? tr("Select an action to change its keys.") : QString());
}

/// One key, one action: a key that is taken is not given away in silence.
void ShortcutsDialog::assign(const QKeySequence& key)
{
    QAction* action = current();
    if (action == nullptr)
        return;
    if (const QAction* other = m_actions.withKey(key); other != nullptr && other != action) {
        m_problem->setText(
            tr("%1 belongs to “%2”; choose other keys, or change those of that action first.")
                .arg(key.toString(QKeySequence::NativeText), other->text().remove(QLatin1Char('&'))));
        return;
    }
    m_actions.setKey(action, key);
    m_list->currentItem()->setText(1, key.toString(QKeySequence::NativeText));
    m_key->setKeySequence(key);
    m_problem->setText(tr("Assigned."));
}

AboutDialog::AboutDialog(QWidget* parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("aboutDialog"));
    setWindowTitle(tr("About Mantissa"));
    setAccessibleName(tr("About Mantissa"));
    auto* picture = new QLabel(this);
    picture->setObjectName(QStringLiteral("aboutIcon"));
    picture->setAccessibleName(tr("Icon of Mantissa"));
    picture->setPixmap(applicationIcon().pixmap(QSize(96, 96), devicePixelRatioF()));
    auto* text = new QLabel(this);
    text->setObjectName(QStringLiteral("aboutText"));
    text->setAccessibleName(tr("About Mantissa"));
    text->setTextFormat(Qt::RichText);
    text->setWordWrap(true);
    text->setMinimumWidth(340);
    text->setText(
        tr("<h2>Mantissa Studio</h2><p>Version %1</p><p>A quantization studio for diffusion models: open a "
           "checkpoint, decide layer by layer how it is stored, and export a file that the usual runtimes "
           "load.</p><p>Free software under the GNU General Public License, version 3 or later.</p>")
            .arg(QStringLiteral(MANTISSA_VERSION)));
    auto* row = new QHBoxLayout;
    row->setSpacing(18);
    row->addWidget(picture, 0, Qt::AlignTop);
    row->addWidget(text, 1);
    auto* column = new QVBoxLayout(this);
    column->addLayout(row);
    column->addWidget(closeButtons(this));
}

} // namespace mantissa::ui
