// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/sampling_fields.h"

#include "engine/sampling/schedule.h"
#include "ui/text.h"
#include "ui/widgets/named.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLocale>

namespace mantissa::ui {

namespace {

constexpr double kMostGuidance = 100; // as the command line takes

/// The model's own choice first, with empty data.
void fill(QComboBox* combo, const std::vector<std::string>& names)
{
    combo->addItem(SamplingFields::tr("as the model has it"));
    for (const std::string& name : names)
        combo->addItem(toQt(name), toQt(name));
}

} // namespace

SamplingFields::SamplingFields(const QString& name, QWidget* parent)
    : QObject(parent)
    , m_name(name)
    , m_sampler(named(new QComboBox(parent), name + QStringLiteral("Sampler"), tr("Sampler")))
    , m_scheduler(named(new QComboBox(parent), name + QStringLiteral("Scheduler"), tr("Scheduler")))
    , m_cfg(named(new QDoubleSpinBox(parent), name + QStringLiteral("Cfg"), tr("Guidance")))
{
    fill(m_sampler, samplerNames());
    fill(m_scheduler, schedulerNames());
    m_cfg->setRange(-0.5, kMostGuidance);
    m_cfg->setSingleStep(0.5);
    m_cfg->setDecimals(1);
    m_cfg->setValue(m_cfg->minimum());
    m_cfg->setSpecialValueText(tr("as the model has it"));
    for (const QComboBox* combo : {m_sampler, m_scheduler})
        connect(combo, &QComboBox::currentIndexChanged, this, &SamplingFields::changed);
    connect(m_cfg, &QDoubleSpinBox::valueChanged, this, &SamplingFields::changed);
}

void SamplingFields::addTo(QFormLayout* form)
{
    const auto row = [&](const char* what, const QString& text, QWidget* control) {
        form->addRow(
            buddyLabel(m_name + QLatin1String(what) + QStringLiteral("Label"), text, control), control);
    };
    row("Sampler", tr("Samp&ler"), m_sampler);
    row("Scheduler", tr("Sche&duler"), m_scheduler);
    row("Cfg", tr("&Guidance"), m_cfg);
}

SamplingChoice SamplingFields::choice() const
{
    return {m_sampler->currentData().toString(), m_scheduler->currentData().toString(),
        m_cfg->value() < 0 ? -1 : m_cfg->value()};
}

QStringList SamplingFields::summary() const
{
    QStringList parts;
    for (const QComboBox* combo : {m_sampler, m_scheduler})
        if (combo->currentIndex() > 0)
            parts << combo->currentText();
    if (m_cfg->value() >= 0)
        parts << tr("guidance %1").arg(QLocale().toString(m_cfg->value(), 'g', 3));
    return parts;
}

void SamplingFields::setEnabled(bool enabled)
{
    for (QWidget* control : std::initializer_list<QWidget*>{m_sampler, m_scheduler, m_cfg})
        control->setEnabled(enabled);
}

} // namespace mantissa::ui
