// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/note_dialog.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace mantissa::ui {

NoteDialog::NoteDialog(const QString& layer, const QString& note, QWidget* parent)
    : QDialog(parent)
    , m_text(new QPlainTextEdit(note, this))
{
    setObjectName(QStringLiteral("noteDialog"));
    setWindowTitle(tr("Note"));
    setAccessibleName(tr("Note"));
    auto* name = new QLabel(layer, this);
    name->setObjectName(QStringLiteral("noteLayer"));
    name->setAccessibleName(tr("Layer"));
    name->setTextFormat(Qt::PlainText);
    name->setWordWrap(true);
    m_text->setObjectName(QStringLiteral("noteText"));
    m_text->setAccessibleName(tr("Note on the layer"));
    m_text->setPlaceholderText(
        tr("Why it is stored so, what was tried… Saved with the plan and its exports."));
    m_text->setTabChangesFocus(true);
    m_text->setMinimumSize(420, 5 * fontMetrics().lineSpacing());
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->setObjectName(QStringLiteral("noteButtons"));
    buttons->setAccessibleName(tr("Buttons"));
    QPushButton* save = buttons->addButton(tr("&Save note"), QDialogButtonBox::AcceptRole);
    save->setObjectName(QStringLiteral("noteSave"));
    save->setAccessibleName(tr("Save note"));
    save->setDefault(true);
    buttons->button(QDialogButtonBox::Cancel)->setObjectName(QStringLiteral("noteCancel"));
    buttons->button(QDialogButtonBox::Cancel)->setAccessibleName(tr("Cancel"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addWidget(name);
    column->addWidget(m_text, 1);
    column->addWidget(buttons);
}

QString NoteDialog::note() const
{
    return m_text->toPlainText();
}

} // namespace mantissa::ui
