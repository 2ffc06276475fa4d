// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/prompt_source.h"

#include "ui/widgets/named.h"
#include "ui/widgets/table_panel.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace mantissa::ui {

PromptSource::PromptSource(const QString& name, QWidget* parent)
    : QObject(parent)
    , m_name(name)
    , m_picker(named(new QComboBox(parent), name + QStringLiteral("Source"), tr("Where prompts come from")))
    , m_pages(named(new QStackedWidget(parent), name + QStringLiteral("SourcePages"), tr("Prompts")))
    , m_file(named(new QLineEdit(parent), name + QStringLiteral("PromptFile"), tr("File with prompts")))
    , m_typed(named(new QPlainTextEdit(parent), name + QStringLiteral("Typed"), tr("Prompts, one a line")))
{
    // In the order of PromptChoice::From, as the pages below.
    m_picker->addItem(tr("that come with Mantissa"));
    m_picker->addItem(tr("from a file"));
    m_picker->addItem(tr("typed here"));
    m_file->setPlaceholderText(tr("Text file, one prompt a line"));
    m_typed->setPlaceholderText(tr("One prompt a line"));
    m_typed->setTabChangesFocus(true);
    m_typed->setFixedHeight(4 * m_typed->fontMetrics().lineSpacing());
    auto* row = named(new QWidget(m_pages), name + QStringLiteral("FileRow"), tr("File with prompts"));
    auto* browse = iconButton(name + QStringLiteral("BrowsePrompts"), QStringLiteral("folder"),
        tr("Choose the file with prompts"), row);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_file, 1);
    layout->addWidget(browse);
    m_pages->addWidget(
        named(new QWidget(m_pages), name + QStringLiteral("Shipped"), tr("Prompts that ship")));
    m_pages->addWidget(row);
    // The stack goes by size hints, which a fixed height does not change: a layout in between does.
    auto* typed = named(new QWidget(m_pages), name + QStringLiteral("TypedRow"), tr("Prompts, one a line"));
    auto* below = new QVBoxLayout(typed);
    below->setContentsMargins(0, 0, 0, 0);
    below->addWidget(m_typed);
    m_pages->addWidget(typed);
    m_pages->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_pages->hide();
    connect(browse, &QToolButton::clicked, this, &PromptSource::chooseFile);
    connect(m_picker, &QComboBox::currentIndexChanged, this, &PromptSource::showPage);
    connect(m_file, &QLineEdit::textChanged, this, &PromptSource::changed);
    connect(m_typed, &QPlainTextEdit::textChanged, this, &PromptSource::changed);
}

void PromptSource::addTo(QFormLayout* form)
{
    form->addRow(buddyLabel(m_name + QStringLiteral("SourceLabel"), tr("&Prompts"), m_picker), m_picker);
    form->addRow(QString(), m_pages);
}

PromptChoice PromptSource::choice() const
{
    return {static_cast<PromptChoice::From>(m_picker->currentIndex()), m_file->text().trimmed(),
        m_typed->toPlainText()};
}

void PromptSource::setEnabled(bool enabled)
{
    for (QWidget* control : std::initializer_list<QWidget*>{m_picker, m_file, m_typed})
        control->setEnabled(enabled);
}

void PromptSource::showPage(int index)
{
    m_pages->setCurrentIndex(index);
    m_pages->setVisible(index > 0);
    for (int each = 0; each < m_pages->count(); ++each) // as high as the page that is shown
        m_pages->widget(each)->setSizePolicy(
            QSizePolicy::Preferred, each == index ? QSizePolicy::Preferred : QSizePolicy::Ignored);
    m_pages->adjustSize();
    Q_EMIT changed();
}

void PromptSource::chooseFile()
{
    const QString file = QFileDialog::getOpenFileName(
        m_file->window(), tr("Open prompts"), m_file->text(), tr("Text files (*.txt);;All files (*)"));
    if (!file.isEmpty())
        m_file->setText(file);
}

} // namespace mantissa::ui
