// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/folders_dialog.h"

#include "ui/icons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table_panel.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace mantissa::ui {

FoldersDialog::FoldersDialog(const QString& start, QWidget* parent)
    : QDialog(parent)
    , m_start(start)
    , m_hint(wrappedLabel("foldersHint", tr("What the folders are for"), this))
    , m_list(named(new QListWidget(this), "foldersList", tr("Folders with pictures, the baseline first")))
    , m_add(iconButton(QStringLiteral("foldersAdd"), QStringLiteral("folder"), tr("Add a folder"), this))
    , m_remove(iconButton(
          QStringLiteral("foldersRemove"), QStringLiteral("clear"), tr("Take the folder off the list"), this))
    , m_first(iconButton(
          QStringLiteral("foldersFirst"), QStringLiteral("up"), tr("Make the folder the baseline"), this))
{
    setObjectName(QStringLiteral("foldersDialog"));
    setWindowTitle(tr("Compare folders"));
    setAccessibleName(windowTitle());
    m_hint->setText(
        tr("Pictures of each folder are compared with those of the first one, matched by the prompt "
           "and seed in them, or by name."));
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_add->setText(tr("Add…"));
    m_first->setText(tr("Baseline"));
    for (QToolButton* button : {m_add, m_first})
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    auto* row = new QHBoxLayout;
    row->addWidget(m_add);
    row->addWidget(m_remove);
    row->addWidget(m_first);
    row->addStretch(1);
    auto* buttons = named(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this),
        "foldersButtons", tr("Buttons"));
    m_compare = buttons->button(QDialogButtonBox::Ok);
    m_compare->setText(tr("Compare"));
    named(m_compare, "foldersCompare", tr("Compare"));
    named(buttons->button(QDialogButtonBox::Cancel), "foldersCancel", tr("Cancel"));
    auto* column = new QVBoxLayout(this);
    column->setSpacing(8);
    column->addWidget(m_hint);
    column->addWidget(m_list, 1);
    column->addLayout(row);
    column->addWidget(buttons);
    resize(560, 320);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_add, &QToolButton::clicked, this, &FoldersDialog::choose);
    connect(m_remove, &QToolButton::clicked, this, [this] {
        delete m_list->takeItem(m_list->currentRow());
        refresh();
    });
    connect(m_first, &QToolButton::clicked, this, &FoldersDialog::makeFirst);
    connect(m_list, &QListWidget::currentRowChanged, this, &FoldersDialog::refresh);
    refresh();
}

QStringList FoldersDialog::folders() const
{
    QStringList folders;
    for (int row = 0; row < m_list->count(); ++row)
        folders << m_list->item(row)->toolTip();
    return folders;
}

void FoldersDialog::add(const QString& folder)
{
    const QString path = QDir(folder).absolutePath();
    if (!folders().contains(path)) {
        auto* item = new QListWidgetItem(icon(QStringLiteral("folder")), path, m_list);
        item->setToolTip(path);
        m_list->setCurrentItem(item);
    }
    refresh();
}

void FoldersDialog::choose()
{
    const QString folder = QFileDialog::getExistingDirectory(this,
        m_list->count() == 0 ? tr("Folder with the pictures of the baseline")
                             : tr("Folder with pictures to compare with the baseline"),
        m_list->count() == 0 ? m_start : QFileInfo(folders().back()).absolutePath());
    if (!folder.isEmpty())
        add(folder);
}

void FoldersDialog::makeFirst()
{
    QListWidgetItem* item = m_list->takeItem(m_list->currentRow());
    m_list->insertItem(0, item);
    m_list->setCurrentRow(0);
    refresh();
}

void FoldersDialog::refresh()
{
    for (int row = 0; row < m_list->count(); ++row) {
        QListWidgetItem* item = m_list->item(row);
        item->setText(row == 0 ? tr("%1 (baseline)").arg(item->toolTip()) : item->toolTip());
    }
    m_remove->setEnabled(m_list->currentRow() >= 0);
    m_first->setEnabled(m_list->currentRow() > 0);
    m_compare->setEnabled(m_list->count() >= 2);
}

} // namespace mantissa::ui
