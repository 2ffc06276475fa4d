// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/calibration_options.h"

#include "ui/text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/sampling_fields.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace mantissa::ui {

CalibrationOptions::CalibrationOptions(QWidget* parent)
    : FoldedSettings(QStringLiteral("calibration"),
        tr("Sizes, sampler, scheduler, guidance, what is watched, random data"), parent)
    , m_sizes(named(new QLineEdit(this), "calibrationSizes", tr("Sizes of the pictures")))
    , m_sampling(new SamplingFields(QStringLiteral("calibration"), this))
    , m_random(named(new QCheckBox(tr("Random data instead of prompts"), this), "calibrationRandom",
          tr("Random data instead of prompts")))
{
    makeBody();
    connect(this, &CalibrationOptions::changed, this, &CalibrationOptions::showSummary);
    connect(m_sizes, &QLineEdit::textChanged, this, &CalibrationOptions::changed);
    connect(m_sampling, &SamplingFields::changed, this, &CalibrationOptions::changed);
    connect(m_random, &QCheckBox::toggled, this, &CalibrationOptions::changed);
    showSummary();
}

void CalibrationOptions::makeBody()
{
    m_sizes->setPlaceholderText(tr("three of the model's"));
    m_sizes->setToolTip(
        tr("Pixels, as in 512x768, 768x512; each prompt gets one of them. Empty: the model's own size, and "
           "two that are three quarters as high or as wide"));
    m_sampling->guidance()->setToolTip(tr("Above 1, the side without a prompt is watched as well"));
    m_random->setToolTip(tr("Pure noise through the model in place of pictures. It does not show what the "
                            "model sees when it makes pictures: files made with such statistics can be "
                            "worse than files made without any"));
    auto* warning = wrappedLabel("calibrationRandomWarning", tr("What random data does"), body());
    warning->setText(tr("Statistics of noise can make worse files than no statistics at all; they are "
                        "labelled in the file."));
    warning->setContentsMargins(22, 0, 0, 0); // below the words of the check box
    warning->hide();
    connect(m_random, &QCheckBox::toggled, warning, &QWidget::setVisible);
    m_partsBox = named(new QWidget(body()), "calibrationParts", tr("Parts of the model that are watched"));
    auto* parts = new QVBoxLayout(m_partsBox);
    parts->setContentsMargins(0, 0, 0, 0);
    parts->setSpacing(2);
    auto* form = new QFormLayout(body());
    form->setContentsMargins(0, 0, 0, 4);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    const auto row = [&](const char* name, const QString& text, QWidget* control) {
        form->addRow(buddyLabel(QString(QLatin1String(name)), text, control), control);
    };
    row("calibrationSizesLabel", tr("Si&zes"), m_sizes);
    m_sampling->addTo(form);
    row("calibrationPartsLabel", tr("Watch"), m_partsBox);
    form->addRow(m_random);
    form->addRow(warning);
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
    settings.sampling = m_sampling->choice();
    settings.randomData = m_random->isChecked();
    if (m_parts.empty())
        return; // the engine says what the model lacks
    settings.components.clear();
    for (const QCheckBox* part : m_parts)
        if (part->isChecked())
            settings.components.push_back(toStd(part->property("role").toString()));
}

void CalibrationOptions::showSummary()
{
    QStringList parts;
    if (m_random->isChecked())
        parts << tr("random data");
    if (!m_sizes->text().trimmed().isEmpty())
        parts << m_sizes->text().trimmed();
    parts << m_sampling->summary();
    for (std::size_t part = 1; part < m_parts.size(); ++part)
        if (m_parts[part]->isChecked())
            parts << m_parts[part]->text();
    setSummary(parts);
}

} // namespace mantissa::ui
