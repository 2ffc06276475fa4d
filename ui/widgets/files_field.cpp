// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/files_field.h"

#include "ui/widgets/named.h"
#include "ui/widgets/table_panel.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>

namespace mantissa::ui {

FilesField::FilesField(
    const QString& name, const QString& what, const QString& none, int most, QWidget* parent)
    : QWidget(parent)
    , m_what(what)
    , m_none(none)
    , m_most(most)
    , m_names(named(new QLineEdit(this), name + QStringLiteral("Names"), what))
    , m_choose(iconButton(
          name + QStringLiteral("Choose"), QStringLiteral("open"), tr("Choose files: %1").arg(what), this))
    , m_clear(iconButton(name + QStringLiteral("Clear"), QStringLiteral("clear"),
          tr("Take the files away: %1").arg(what), this))
{
    m_names->setReadOnly(true);
    m_names->setPlaceholderText(none);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(m_names, 1);
    row->addWidget(m_choose);
    row->addWidget(m_clear);
    setFocusProxy(m_names);
    connect(m_choose, &QToolButton::clicked, this, &FilesField::choose);
    connect(m_clear, &QToolButton::clicked, this, [this] { take({}); });
    setFiles({});
}

void FilesField::setFiles(const QStringList& files)
{
    m_files = files.mid(0, m_most);
    QStringList names;
    for (const QString& file : m_files)
        names << QFileInfo(file).fileName();
    m_names->setText(names.join(QStringLiteral(" + ")));
    m_names->setCursorPosition(0);
    m_names->setToolTip(m_files.isEmpty() ? m_none : m_files.join(QLatin1Char('\n')));
    m_clear->setEnabled(!m_files.isEmpty());
}

void FilesField::take(const QStringList& files)
{
    if (files == m_files)
        return;
    setFiles(files);
    Q_EMIT changed(m_files);
}

void FilesField::choose()
{
    const QStringList files = QFileDialog::getOpenFileNames(this, m_what,
        m_files.isEmpty() ? QString() : QFileInfo(m_files.front()).absolutePath(),
        tr("Weights (*.safetensors *.sft *.pth *.pt *.ckpt *.bin);;All files (*)"));
    if (!files.isEmpty())
        take(files.mid(0, m_most));
}

} // namespace mantissa::ui
