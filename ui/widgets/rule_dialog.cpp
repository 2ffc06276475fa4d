// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/rule_dialog.h"

#include "ui/rule_writer.h"
#include "ui/text.h"
#include "ui/theme.h"
#include "ui/widgets/format_badge.h"
#include "ui/widgets/plan_preview_list.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace mantissa::ui {

namespace {
constexpr int kPreviewDelayMs = 150;
} // namespace

RuleDialog::RuleDialog(PlanDocument& document, int index, QWidget* parent)
    : QDialog(parent)
    , m_document(document)
    , m_index(index)
    , m_pattern(new QLineEdit(this))
    , m_format(new QComboBox(this))
    , m_reason(new QLineEdit(this))
    , m_changes(new PlanPreviewList("rulePreviewCount", tr("What the rule would change"), "rulePreview",
          tr("Layers that the rule would change"), this))
    , m_preview(document)
{
    const bool isNew = index < 0;
    setObjectName(QStringLiteral("ruleDialog"));
    setWindowTitle(isNew ? tr("Add a rule") : tr("Change the rule"));
    setAccessibleName(windowTitle());
    m_start.origin = kUserOrigin;
    if (!isNew)
        m_start = document.plan().rules[static_cast<std::size_t>(index)];
    m_pattern->setObjectName(QStringLiteral("rulePattern"));
    m_pattern->setAccessibleName(tr("Pattern"));
    m_pattern->setText(toQt(m_start.pattern));
    m_pattern->setPlaceholderText(QStringLiteral("^model\\.diffusion_model\\.blocks\\.\\d+\\.attn"));
    m_pattern->setToolTip(tr("A regular expression that is searched for in the full name of each layer"));
    m_pattern->setMinimumWidth(460);
    m_format->setObjectName(QStringLiteral("ruleFormat"));
    m_format->setAccessibleName(tr("Format"));
    fillFormatCombo(m_format, tr("Keep as it is"));
    m_format->setCurrentIndex(std::max(0, m_format->findData(toQt(m_start.choice.format))));
    m_reason->setObjectName(QStringLiteral("ruleReason"));
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setText(toQt(m_start.reason));
    m_reason->setPlaceholderText(tr("Why, for whoever reads the plan later"));

    auto* form = new QFormLayout;
    form->addRow(tr("&Pattern"), m_pattern);
    form->addRow(tr("&Format"), m_format);
    form->addRow(tr("&Reason"), m_reason);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->setObjectName(QStringLiteral("ruleButtons"));
    buttons->setAccessibleName(tr("Buttons"));
    m_apply = buttons->addButton(isNew ? tr("&Add rule") : tr("C&hange rule"), QDialogButtonBox::AcceptRole);
    m_apply->setObjectName(QStringLiteral("ruleApply"));
    m_apply->setAccessibleName(m_apply->text());
    m_apply->setDefault(true);
    buttons->button(QDialogButtonBox::Cancel)->setObjectName(QStringLiteral("ruleCancel"));
    buttons->button(QDialogButtonBox::Cancel)->setAccessibleName(tr("Cancel"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(m_changes, 1);
    column->addWidget(buttons);
    resize(720, 460);

    m_delay.setSingleShot(true);
    m_delay.setInterval(kPreviewDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &RuleDialog::askForPreview);
    connect(m_pattern, &QLineEdit::textChanged, &m_delay, qOverload<>(&QTimer::start));
    connect(m_format, &QComboBox::currentIndexChanged, &m_delay, qOverload<>(&QTimer::start));
    connect(&m_preview, &RulePreview::changed, this, &RuleDialog::showPreview);
    askForPreview();
}

Rule RuleDialog::rule() const
{
    Rule rule = m_start;
    rule.pattern = toStd(m_pattern->text());
    const std::string format = toStd(m_format->currentData().toString());
    if (format != rule.choice.format)
        rule.choice = Choice{format, {}};
    rule.reason = toStd(m_reason->text().trimmed());
    return rule;
}

void RuleDialog::setPattern(const QString& pattern)
{
    m_pattern->setText(pattern);
}

void RuleDialog::askForPreview()
{
    if (m_pattern->text().isEmpty()) {
        m_changes->clear(tr("Type a pattern; the layers that it changes are listed here before it applies."));
        m_apply->setEnabled(false);
        return;
    }
    QuantPlan plan = m_document.plan();
    if (m_index < 0)
        plan.rules.push_back(rule());
    else if (static_cast<std::size_t>(m_index) < plan.rules.size())
        plan.rules[static_cast<std::size_t>(m_index)] = rule();
    m_preview.ask(std::move(plan));
}

void RuleDialog::showPreview(const PlanPreview& preview)
{
    m_changes->setPreview(preview);
    m_apply->setEnabled(preview.problem.isEmpty());
}

} // namespace mantissa::ui
