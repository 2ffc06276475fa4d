// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/shortcuts_dialog.h"

#include "ui/icons.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
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

ShortcutsDialog::ShortcutsDialog(const Actions& actions, QWidget* parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("shortcutsDialog"));
    setWindowTitle(tr("Keyboard shortcuts"));
    setAccessibleName(tr("Keyboard shortcuts"));
    auto* search = new QLineEdit(this);
    search->setObjectName(QStringLiteral("shortcutsSearch"));
    search->setAccessibleName(tr("Search actions"));
    search->setPlaceholderText(tr("Search actions"));
    search->setClearButtonEnabled(true);
    auto* list = new QTreeWidget(this);
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
    column->addWidget(closeButtons(this));
    resize(560, 620);
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
