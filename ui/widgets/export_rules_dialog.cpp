// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/export_rules_dialog.h"

#include "ui/state_file.h"
#include "ui/suggested_file.h"
#include "ui/text.h"
#include "ui/widgets/named.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace mantissa::ui {

ExportRulesDialog::ExportRulesDialog(PlanDocument& document, QWidget* parent)
    : QDialog(parent)
    , m_document(document)
    , m_tool(named(new QComboBox(this), "exportRulesTool", tr("Tool")))
    , m_format(named(new QComboBox(this), "exportRulesFormat", tr("Format that the rules are about")))
    , m_about(wrappedLabel("exportRulesAbout", tr("What the text is"), this))
    , m_formatLabel(buddyLabel(QStringLiteral("exportRulesFormatLabel"), tr("&Format"), m_format))
    , m_notes(wrappedLabel("exportRulesNotes", tr("What cannot be said the same way"), this))
    , m_done(wrappedLabel("exportRulesDone", tr("What became of the text"), this))
    , m_text(named(new QPlainTextEdit(this), "exportRulesText", tr("Rules for the tool")))
    , m_copy(named(new QPushButton(tr("&Copy"), this), "exportRulesCopy", tr("Copy the rules")))
    , m_save(named(new QPushButton(tr("&Save…"), this), "exportRulesSave", tr("Save the rules")))
{
    named(this, "exportRulesDialog", tr("Export rules"));
    setWindowTitle(tr("Export rules"));
    for (const RuleDialect& each : ruleDialects())
        m_tool->addItem(toQt(each.name), toQt(each.id));
    m_text->setReadOnly(true);
    m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setTabChangesFocus(true);
    auto* buttons
        = named(new QDialogButtonBox(QDialogButtonBox::Close, this), "exportRulesButtons", tr("Buttons"));
    named(buttons->button(QDialogButtonBox::Close), "exportRulesClose", tr("Close"));
    buttons->addButton(m_copy, QDialogButtonBox::ActionRole);
    buttons->addButton(m_save, QDialogButtonBox::ActionRole);
    auto* head = new QHBoxLayout;
    head->addWidget(buddyLabel(QStringLiteral("exportRulesToolLabel"), tr("&Rules for"), m_tool));
    head->addWidget(m_tool);
    head->addSpacing(12);
    head->addWidget(m_formatLabel);
    head->addWidget(m_format);
    head->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(8);
    column->addLayout(head);
    column->addWidget(m_about);
    column->addWidget(m_text, 1);
    column->addWidget(m_notes);
    column->addWidget(m_done);
    column->addWidget(buttons);
    resize(760, 560);

    connect(m_tool, &QComboBox::currentIndexChanged, this, [this] {
        const QSignalBlocker quiet(m_format);
        m_format->clear();
        write();
    });
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportRulesDialog::write);
    connect(m_copy, &QPushButton::clicked, this, &ExportRulesDialog::copy);
    connect(m_save, &QPushButton::clicked, this, &ExportRulesDialog::save);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    write();
}

const RuleDialect& ExportRulesDialog::dialect() const
{
    return *findRuleDialect(toStd(m_tool->currentData().toString()));
}

void ExportRulesDialog::write()
{
    m_about->setText(asSentence(messageText(Message(dialect().about))));
    m_formatLabel->setVisible(m_format->count() > 1);
    m_format->setVisible(m_format->count() > 1);
    m_copy->setEnabled(false);
    m_save->setEnabled(false);
    m_done->hide();
    const std::shared_ptr<const Model> model = m_document.model();
    m_writer.start<Written>(
        [&tool = dialect(), plan = m_document.plan(), model,
            format = toStd(m_format->currentData().toString())](const JobContext&) -> Result<Written> {
            const auto resolved = resolvePlan(plan, *model);
            if (!resolved)
                return tl::unexpected(resolved.error());
            return Written{exportRules(tool, plan, *model, *resolved, format),
                formatsToChoose(tool, plan, *model, *resolved)};
        },
        [this](const Result<Written>& written) {
            if (written)
                show(*written);
            else
                show({tl::unexpected(written.error()), {}});
        });
}

void ExportRulesDialog::show(const Written& written)
{
    if (m_format->count() == 0) {
        const QSignalBlocker quiet(m_format);
        for (const std::string& format : written.formats)
            m_format->addItem(formatName(format), toQt(format));
        m_formatLabel->setVisible(m_format->count() > 1);
        m_format->setVisible(m_format->count() > 1);
    }
    const bool good = written.rules.has_value();
    m_copy->setEnabled(good);
    m_save->setEnabled(good);
    m_text->setPlainText(good ? toQt(written.rules->text) : QString());
    QStringList notes;
    if (good)
        for (const Sentence& note : written.rules->notes)
            notes << QStringLiteral("• ") + asSentence(sentenceText(note));
    else
        notes << QStringLiteral("%1 %2").arg(
            errorSentence(written.rules.error()), hintSentence(written.rules.error()));
    m_notes->setText(notes.join(QLatin1Char('\n')));
    m_notes->setVisible(!notes.isEmpty());
}

void ExportRulesDialog::copy()
{
    QGuiApplication::clipboard()->setText(m_text->toPlainText());
    m_done->setText(tr("The rules are on the clipboard."));
    m_done->show();
}

void ExportRulesDialog::save()
{
    const QString suffix = toQt(dialect().suffix);
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the rules"),
        suggestedFile(m_document.file(), QStringLiteral(".rules") + suffix),
        tr("Rules (*%1);;All files (*)").arg(suffix));
    if (file.isEmpty())
        return;
    m_saver.start<void>(
        [file, text = m_text->toPlainText().toUtf8()](const JobContext&) { return writeWhole(file, text); },
        [this, file](const Status& status) {
            m_done->setText(
                status ? tr("Written to %1.").arg(leftToRight(file)) : errorSentence(status.error()));
            m_done->show();
        });
}

} // namespace mantissa::ui
