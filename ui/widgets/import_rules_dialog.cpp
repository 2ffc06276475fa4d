// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/import_rules_dialog.h"

#include "ui/state_file.h"
#include "ui/text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plan_preview_list.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace mantissa::ui {

namespace {

constexpr int kDelayMs = 200;
constexpr qint64 kMostBytes = 4 << 20;

QuantPlan withRules(QuantPlan plan, const ImportedRules& imported)
{
    plan.rules.insert(plan.rules.end(), imported.rules.begin(), imported.rules.end());
    return plan;
}

} // namespace

ImportRulesDialog::ImportRulesDialog(PlanDocument& document, PlanEditor& editor, QWidget* parent)
    : QDialog(parent)
    , m_document(document)
    , m_editor(editor)
    , m_text(named(new QPlainTextEdit(this), "importText", tr("Rules of another tool")))
    , m_notes(wrappedLabel("importNotes", tr("What cannot be said the same way"), this))
    , m_changes(new PlanPreviewList("importCount", tr("What the rules would change"), "importRows",
          tr("Layers that the rules would change"), this))
    , m_preview(document)
{
    named(this, "importDialog", tr("Import rules"));
    setWindowTitle(tr("Import rules"));
    auto* about = wrappedLabel("importAbout", tr("What can be imported"), this);
    about->setText(
        tr("Paste the text of --tensor-type-rules of stable-diffusion.cpp, or a config of comfy-quants "
           "(YAML). The rules come after those of the plan, and win over them."));
    m_text->setPlaceholderText(QStringLiteral("^vae\\.=f16,model\\.=q8_0"));
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setTabChangesFocus(true);
    auto* open
        = named(new QPushButton(tr("&Open a file…"), this), "importOpen", tr("Read the rules from a file"));
    auto* buttons
        = named(new QDialogButtonBox(QDialogButtonBox::Cancel, this), "importButtons", tr("Buttons"));
    named(buttons->button(QDialogButtonBox::Cancel), "importCancel", tr("Cancel"));
    m_apply = named(buttons->addButton(tr("&Add the rules"), QDialogButtonBox::AcceptRole), "importApply",
        tr("Add the rules"));
    auto* head = new QHBoxLayout;
    head->addWidget(about, 1);
    head->addWidget(open, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->addLayout(head);
    column->addWidget(m_text, 1);
    column->addWidget(m_notes);
    column->addWidget(m_changes, 2);
    column->addWidget(buttons);
    resize(760, 560);

    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &ImportRulesDialog::read);
    connect(m_text, &QPlainTextEdit::textChanged, &m_delay, qOverload<>(&QTimer::start));
    connect(open, &QPushButton::clicked, this, &ImportRulesDialog::openFile);
    connect(buttons, &QDialogButtonBox::accepted, this, &ImportRulesDialog::apply);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&m_preview, &RulePreview::changed, this, [this](const PlanPreview& preview) {
        m_changes->setPreview(preview);
        m_apply->setEnabled(preview.problem.isEmpty() && !m_imported.rules.empty());
    });
    read();
}

void ImportRulesDialog::read()
{
    m_imported = {};
    m_notes->hide();
    m_apply->setEnabled(false);
    if (m_text->toPlainText().trimmed().isEmpty()) {
        m_changes->clear(tr("The layers that the rules change are listed here before they apply."));
        return;
    }
    auto imported = importRules(toStd(m_text->toPlainText()));
    if (!imported) {
        m_changes->clear(
            QStringLiteral("%1 %2").arg(errorSentence(imported.error()), hintSentence(imported.error())));
        return;
    }
    m_imported = std::move(*imported);
    QStringList notes;
    for (const Sentence& note : m_imported.notes)
        notes << QStringLiteral("• ") + asSentence(sentenceText(note));
    m_notes->setText(notes.join(QLatin1Char('\n')));
    m_notes->setVisible(!notes.isEmpty());
    m_preview.ask(withRules(m_document.plan(), m_imported));
}

void ImportRulesDialog::openFile()
{
    const QString file = QFileDialog::getOpenFileName(this, tr("Read rules from a file"),
        QFileInfo(m_document.file()).absolutePath(), tr("Rules (*.yaml *.yml *.txt);;All files (*)"));
    if (file.isEmpty())
        return;
    m_reader.start<QByteArray>([file](const JobContext&) { return readWhole(file, kMostBytes); },
        [this](const Result<QByteArray>& text) {
            if (text)
                m_text->setPlainText(QString::fromUtf8(*text));
            else
                m_changes->clear(errorSentence(text.error()));
        });
}

void ImportRulesDialog::apply()
{
    m_editor.replacePlan(withRules(m_document.plan(), m_imported),
        tr("Import %n rule(s)", nullptr, static_cast<int>(m_imported.rules.size())));
    accept();
}

} // namespace mantissa::ui
