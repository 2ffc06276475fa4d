// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/path_field.h"

#include "ui/widgets/named.h"
#include "ui/widgets/table_panel.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>

namespace mantissa::ui {

PathField::PathField(
    const QString& name, const QString& what, const QString& filter, QWidget* parent, For use)
    : QWidget(parent)
    , m_what(what)
    , m_filter(filter)
    , m_use(use)
    , m_edit(named(new QLineEdit(this), name, what))
{
    setObjectName(name + QStringLiteral("Row"));
    auto* button = iconButton(
        name + QStringLiteral("Browse"), QStringLiteral("folder"), tr("Choose the file: %1").arg(what), this);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_edit, 1);
    row->addWidget(button);
    setFocusProxy(m_edit);
    connect(button, &QToolButton::clicked, this, &PathField::browse);
    connect(m_edit, &QLineEdit::textChanged, this, &PathField::changed);
}

QString PathField::file() const
{
    return m_edit->text().trimmed();
}

void PathField::setFile(const QString& file)
{
    m_edit->setText(file);
}

void PathField::browse()
{
    const QString from = file().isEmpty() ? m_folder : file();
    const QString chosen = m_use == For::Writing ? QFileDialog::getSaveFileName(
                               this, m_what, from, m_filter, nullptr, QFileDialog::DontConfirmOverwrite)
                                                 : QFileDialog::getOpenFileName(this, m_what, from, m_filter);
    if (!chosen.isEmpty())
        setFile(chosen);
}

} // namespace mantissa::ui
