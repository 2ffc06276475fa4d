// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/prompt_source.h"

#include "ui/widgets/named.h"
#include "ui/widgets/path_field.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace mantissa::ui {

PromptSource::PromptSource(const QString& name, QWidget* parent)
    : QObject(parent)
    , m_name(name)
    , m_picker(named(new QComboBox(parent), name + QStringLiteral("Source"), tr("Where prompts come from")))
    , m_pages(named(new QWidget(parent), name + QStringLiteral("SourcePages"), tr("Prompts")))
    , m_file(new PathField(name + QStringLiteral("PromptFile"), tr("File with prompts"),
          tr("Text files (*.txt);;All files (*)"), m_pages))
    , m_typed(named(new QPlainTextEdit(parent), name + QStringLiteral("Typed"), tr("Prompts, one a line")))
{
    // In the order of PromptChoice::From, as showPage() counts.
    m_picker->addItem(tr("that come with Mantissa"));
    m_picker->addItem(tr("from a file"));
    m_picker->addItem(tr("typed here"));
    m_file->edit()->setPlaceholderText(tr("Text file, one prompt a line"));
    m_typed->setPlaceholderText(tr("One prompt a line"));
    m_typed->setTabChangesFocus(true);
    m_typed->setFixedHeight(4 * m_typed->fontMetrics().lineSpacing());
    auto* pages = new QVBoxLayout(m_pages);
    pages->setContentsMargins(0, 0, 0, 0);
    for (QWidget* page : std::initializer_list<QWidget*>{m_file, m_typed}) {
        pages->addWidget(page);
        page->hide();
    }
    m_pages->hide();
    connect(m_picker, &QComboBox::currentIndexChanged, this, &PromptSource::showPage);
    connect(m_file, &PathField::changed, this, &PromptSource::changed);
    connect(m_typed, &QPlainTextEdit::textChanged, this, &PromptSource::changed);
}

void PromptSource::addTo(QFormLayout* form)
{
    form->addRow(buddyLabel(m_name + QStringLiteral("SourceLabel"), tr("&Prompts"), m_picker), m_picker);
    form->addRow(QString(), m_pages);
}

PromptChoice PromptSource::choice() const
{
    return {
        static_cast<PromptChoice::From>(m_picker->currentIndex()), m_file->file(), m_typed->toPlainText()};
}

void PromptSource::setEnabled(bool enabled)
{
    for (QWidget* control : std::initializer_list<QWidget*>{m_picker, m_file, m_typed})
        control->setEnabled(enabled);
}

void PromptSource::showPage(int index)
{
    m_pages->setVisible(index > 0);
    m_file->setVisible(index == 1);
    m_typed->setVisible(index == 2);
    Q_EMIT changed();
}

} // namespace mantissa::ui
