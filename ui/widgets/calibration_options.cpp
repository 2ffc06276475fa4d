// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/calibration_options.h"

#include "engine/sampling/schedule.h"
#include "ui/text.h"
#include "ui/widgets/named.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>

namespace mantissa::ui {

namespace {

constexpr double kMostGuidance = 100; // as the command line takes

/// The model's own choice first, with empty data.
void fill(QComboBox* combo, const std::vector<std::string>& names)
{
    combo->addItem(CalibrationOptions::tr("as the model has it"));
    for (const std::string& name : names)
        combo->addItem(toQt(name), toQt(name));
}

} // namespace

CalibrationOptions::CalibrationOptions(QWidget* parent)
    : QWidget(parent)
    , m_more(named(new QToolButton(this), "calibrationMore", tr("More settings")))
    , m_sizes(named(new QLineEdit(this), "calibrationSizes", tr("Sizes of the pictures")))
    , m_sampler(named(new QComboBox(this), "calibrationSampler", tr("Sampler")))
    , m_scheduler(named(new QComboBox(this), "calibrationScheduler", tr("Scheduler")))
    , m_cfg(named(new QDoubleSpinBox(this), "calibrationCfg", tr("Guidance")))
    , m_random(named(new QCheckBox(tr("Random data instead of prompts"), this), "calibrationRandom",
          tr("Random data instead of prompts")))
{
    setObjectName(QStringLiteral("calibrationOptions"));
    setAccessibleName(tr("More settings"));
    m_body = makeBody();
    m_more->setCheckable(true);
    m_more->setAutoRaise(true);
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_more->setToolTip(tr("Sizes, sampler, scheduler, guidance, what is watched, random data"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_more, 0, Qt::AlignLeft);
    column->addWidget(m_body);
    m_body->hide();
    connect(m_more, &QToolButton::toggled, this, [this](bool open) {
        m_body->setVisible(open);
        showSummary();
    });
    connect(this, &CalibrationOptions::changed, this, &CalibrationOptions::showSummary);
    connect(m_sizes, &QLineEdit::textChanged, this, &CalibrationOptions::changed);
    for (const QComboBox* combo : {m_sampler, m_scheduler})
        connect(combo, &QComboBox::currentIndexChanged, this, &CalibrationOptions::changed);
    connect(m_cfg, &QDoubleSpinBox::valueChanged, this, &CalibrationOptions::changed);
    connect(m_random, &QCheckBox::toggled, this, &CalibrationOptions::changed);
    showSummary();
}

QWidget* CalibrationOptions::makeBody()
{
    auto* body = named(new QWidget(this), "calibrationMoreBody", tr("More settings"));
    m_sizes->setPlaceholderText(tr("three of the model's"));
    m_sizes->setToolTip(
        tr("Pixels, as in 512x768, 768x512; each prompt gets one of them. Empty: the model's own size, and "
           "two that are three quarters as high or as wide"));
    fill(m_sampler, samplerNames());
    fill(m_scheduler, schedulerNames());
    m_cfg->setRange(-0.5, kMostGuidance);
    m_cfg->setSingleStep(0.5);
    m_cfg->setDecimals(1);
    m_cfg->setValue(m_cfg->minimum());
    m_cfg->setSpecialValueText(tr("as the model has it"));
    m_cfg->setToolTip(tr("Above 1, the side without a prompt is watched as well"));
    m_random->setToolTip(tr("Pure noise through the model in place of pictures. It does not show what the "
                            "model sees when it makes pictures: files made with such statistics can be "
                            "worse than files made without any"));
    auto* warning = wrappedLabel("calibrationRandomWarning", tr("What random data does"), body);
    warning->setText(tr("Statistics of noise can make worse files than no statistics at all; they are "
                        "labelled in the file."));
    warning->setContentsMargins(22, 0, 0, 0); // below the words of the check box
    warning->hide();
    connect(m_random, &QCheckBox::toggled, warning, &QWidget::setVisible);
    m_partsBox = named(new QWidget(body), "calibrationParts", tr("Parts of the model that are watched"));
    auto* parts = new QVBoxLayout(m_partsBox);
    parts->setContentsMargins(0, 0, 0, 0);
    parts->setSpacing(2);
    auto* form = new QFormLayout(body);
    form->setContentsMargins(0, 0, 0, 4);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    const auto row = [&](const char* name, const QString& text, QWidget* control) {
        form->addRow(buddyLabel(QString(QLatin1String(name)), text, control), control);
    };
    row("calibrationSizesLabel", tr("Si&zes"), m_sizes);
    row("calibrationSamplerLabel", tr("Samp&ler"), m_sampler);
    row("calibrationSchedulerLabel", tr("Sche&duler"), m_scheduler);
    row("calibrationCfgLabel", tr("&Guidance"), m_cfg);
    row("calibrationPartsLabel", tr("Watch"), m_partsBox);
    form->addRow(m_random);
    form->addRow(warning);
    return body;
}

void CalibrationOptions::setRoles(const std::vector<std::string>& roles)
{
    qDeleteAll(m_parts);
    m_parts.clear();
    for (const std::string& role : roles) {
        auto* box = named(new QCheckBox(roleText(role), m_partsBox),
            QStringLiteral("calibrationPart_") + toQt(role), roleText(role));
        box->setProperty("role", toQt(role));
        box->setChecked(m_parts.empty());
        m_partsBox->layout()->addWidget(box);
        box->show();
        connect(box, &QCheckBox::toggled, this, &CalibrationOptions::changed);
        m_parts.push_back(box);
    }
    showSummary();
}

bool CalibrationOptions::randomData() const
{
    return m_random->isChecked();
}

void CalibrationOptions::addTo(CalibrationSettings& settings) const
{
    settings.sizes = m_sizes->text().trimmed();
    settings.sampler = m_sampler->currentData().toString();
    settings.scheduler = m_scheduler->currentData().toString();
    settings.cfg = m_cfg->value() < 0 ? -1 : m_cfg->value();
    settings.randomData = m_random->isChecked();
    if (m_parts.empty())
        return; // the engine says what the model lacks
    settings.components.clear();
    for (const QCheckBox* part : m_parts)
        if (part->isChecked())
            settings.components.push_back(toStd(part->property("role").toString()));
}

/// Folded away, the button says what is not as the model has it: nothing acts unseen.
void CalibrationOptions::showSummary()
{
    const bool open = m_more->isChecked();
    m_more->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    QStringList parts;
    if (m_random->isChecked())
        parts << tr("random data");
    if (!m_sizes->text().trimmed().isEmpty())
        parts << m_sizes->text().trimmed();
    for (const QComboBox* combo : {m_sampler, m_scheduler})
        if (combo->currentIndex() > 0)
            parts << combo->currentText();
    if (m_cfg->value() >= 0)
        parts << tr("guidance %1").arg(QLocale().toString(m_cfg->value(), 'g', 3));
    for (std::size_t part = 1; part < m_parts.size(); ++part)
        if (m_parts[part]->isChecked())
            parts << m_parts[part]->text();
    const QString text
        = open || parts.isEmpty() ? tr("More") : tr("More: %1").arg(parts.join(QStringLiteral(", ")));
    constexpr int kWidest = 300; // of the panel's column
    m_more->setText(m_more->fontMetrics().elidedText(text, Qt::ElideRight, kWidest));
}

} // namespace mantissa::ui
