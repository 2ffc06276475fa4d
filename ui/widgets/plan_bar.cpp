// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/plan_bar.h"

#include "ui/text.h"
#include "ui/theme.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/format_badge.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

#include <algorithm>

namespace mantissa::ui {

namespace {

QComboBox* picker(const QString& name, const QString& accessible, const QString& tip, QWidget* parent)
{
    auto* combo = new QComboBox(parent);
    combo->setObjectName(name);
    combo->setAccessibleName(accessible);
    combo->setToolTip(tip);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    return combo;
}

/// A label and its control, kept together when the bar wraps.
QWidget* pair(const QString& text, QWidget* control, QWidget* extra, QWidget* parent)
{
    auto* box = new QWidget(parent);
    box->setObjectName(control->objectName() + QStringLiteral("Group"));
    box->setAccessibleName(text);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    auto* label = new QLabel(text, box);
    label->setObjectName(control->objectName() + QStringLiteral("Label"));
    label->setAccessibleName(text);
    label->setBuddy(control);
    row->addWidget(label);
    row->addWidget(control);
    if (extra != nullptr)
        row->addWidget(extra);
    return box;
}

} // namespace

PlanBar::PlanBar(QAction* baseOptions, QWidget* parent)
    : QWidget(parent)
    , m_preset(picker(QStringLiteral("presetPicker"), tr("Preset"),
          tr("Rules made for one model family: which layers stay as they are"), this))
    , m_base(picker(QStringLiteral("basePicker"), tr("Base format"),
          tr("For every layer that nothing else decides about"), this))
    , m_options(new QToolButton(this))
    , m_recipe(
          picker(QStringLiteral("recipePicker"), tr("Recipe"), tr("How codes and scales are chosen"), this))
    , m_dtype(picker(QStringLiteral("dtypePicker"), tr("Other tensors"),
          tr("How floating-point tensors that are not quantized are stored"), this))
    , m_critical(new QCheckBox(tr("Preserve critical layers"), this))
    , m_loader(new QLabel(this))
    , m_components(new QToolButton(this))
{
    setObjectName(QStringLiteral("planBar"));
    setAccessibleName(tr("Plan"));
    fillFormatCombo(m_base, tr("Keep as it is"));
    const auto offer = [this](const char* id, const QString& text, const QString& tip) {
        m_recipe->addItem(text, QLatin1String(id));
        m_recipe->setItemData(m_recipe->count() - 1, tip, Qt::ToolTipRole);
    };
    const QString needs = tr("Needs the statistics of a calibration.");
    offer("absmax", tr("absmax: plain rounding"),
        tr("One scale from the largest value; what simple tools do."));
    offer("fast", tr("fast: best without data"), tr("Scales and codes with the least error of the weights."));
    offer("light", tr("light: calibrated scales"),
        tr("Scales weighted by the inputs, corrected biases. %1").arg(needs));
    offer("balanced", tr("balanced: GPTQ"), tr("Codes with the least error at the outputs. %1").arg(needs));
    offer("best", tr("best: GPTQ and polish"),
        tr("The same with smoothing and descent; takes the longest. %1").arg(needs));
    m_dtype->addItem(tr("keep"), QStringLiteral("keep"));
    m_dtype->addItem(QStringLiteral("bfloat16"), QStringLiteral("bfloat16"));
    m_dtype->addItem(QStringLiteral("float16"), QStringLiteral("float16"));
    m_options->setObjectName(QStringLiteral("baseOptionsButton"));
    m_options->setAccessibleName(tr("Options of the base format"));
    m_options->setDefaultAction(baseOptions);
    m_options->setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_options->setAutoRaise(true);
    m_critical->setObjectName(QStringLiteral("preserveCritical"));
    m_critical->setAccessibleName(tr("Preserve critical layers"));
    m_critical->setToolTip(tr("Keep the layers that lose the most, such as embedders and output heads"));
    m_components->setObjectName(QStringLiteral("componentsButton"));
    m_components->setAccessibleName(tr("Components to quantize"));
    m_components->setToolTip(tr("Which parts of the file the plan quantizes"));
    m_components->setPopupMode(QToolButton::InstantPopup);
    m_components->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_components->setMenu(new QMenu(m_components));
    m_components->menu()->setObjectName(QStringLiteral("componentsMenu"));
    m_components->menu()->setAccessibleName(tr("Components to quantize"));
    m_loader->setObjectName(QStringLiteral("baseLoader"));
    m_loader->setAccessibleName(tr("Who loads the base format"));
    m_loader->setForegroundRole(QPalette::PlaceholderText);

    auto* flow = new FlowLayout(this, 16, 6);
    flow->setContentsMargins(12, 8, 12, 4);
    flow->addWidget(pair(tr("&Base format"), m_base, m_options, this));
    flow->addWidget(pair(tr("Pr&eset"), m_preset, nullptr, this));
    flow->addWidget(pair(tr("Re&cipe"), m_recipe, nullptr, this));
    flow->addWidget(pair(tr("&Other tensors"), m_dtype, nullptr, this));
    flow->addWidget(pair(tr("Quanti&ze"), m_components, nullptr, this));
    flow->addWidget(m_critical);
    flow->addWidget(m_loader);

    connect(m_preset, &QComboBox::activated, this,
        [this] { Q_EMIT presetChosen(m_preset->currentData().toString()); });
    connect(m_base, &QComboBox::activated, this, [this] {
        Q_EMIT baseChosen(Choice{toStd(m_base->currentData().toString()), {}});
    });
    connect(m_recipe, &QComboBox::activated, this,
        [this] { Q_EMIT recipeChosen(m_recipe->currentData().toString()); });
    connect(m_dtype, &QComboBox::activated, this,
        [this] { Q_EMIT outputDtypeChosen(m_dtype->currentData().toString()); });
    connect(m_critical, &QCheckBox::clicked, this, &PlanBar::preserveCriticalChosen);
}

void PlanBar::setModel(const Model& model)
{
    offerComponents(model);
    m_preset->clear();
    m_preset->addItem(tr("None"), QString());
    for (const Preset& preset : presets()) {
        const auto& fits = preset.architectures;
        if (!fits.empty() && std::find(fits.begin(), fits.end(), model.architecture.id) == fits.end())
            continue;
        m_preset->addItem(toQt(preset.name), toQt(preset.id));
        m_preset->setItemData(m_preset->count() - 1, asSentence(engineText(preset.summary)), Qt::ToolTipRole);
    }
}

void PlanBar::offerComponents(const Model& model)
{
    m_roles.clear();
    m_components->menu()->clear();
    for (const Component& component : model.components) {
        const QString role = toQt(component.role);
        if (m_roles.contains(role))
            continue;
        m_roles << role;
        QAction* action = m_components->menu()->addAction(roleText(component.role));
        action->setObjectName(QStringLiteral("component_") + role);
        action->setData(role);
        action->setCheckable(true);
        connect(action, &QAction::triggered, this, &PlanBar::componentToggled);
    }
    m_components->setEnabled(m_roles.size() > 1);
}

void PlanBar::componentToggled()
{
    QStringList roles;
    for (const QAction* action : m_components->menu()->actions())
        if (action->isChecked())
            roles << action->data().toString();
    Q_EMIT componentsChosen(roles);
}

void PlanBar::setComponents(const std::vector<bool>& selected, const Model& model)
{
    QStringList names;
    for (QAction* action : m_components->menu()->actions()) {
        bool checked = false;
        for (std::size_t idx = 0; idx < model.components.size(); ++idx)
            checked
                = checked || (selected[idx] && toQt(model.components[idx].role) == action->data().toString());
        action->setChecked(checked);
        if (checked)
            names << action->text();
    }
    m_components->setText((names.size() <= 1 ? names.value(0, tr("nothing"))
                                             : tr("%n part(s)", nullptr, static_cast<int>(names.size())))
        + QStringLiteral("  ▾"));
}

bool PlanBar::event(QEvent* event)
{
    const bool done = QWidget::event(event);
    // Layouts may squeeze what is as high as its width asks for; then its last line lay under what follows.
    if (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest)
        setMinimumHeight(layout()->heightForWidth(width()));
    return done;
}

void PlanBar::setPlan(const QuantPlan& plan, const Model& model)
{
    setComponents(selectedComponents(plan, model), model);
    int preset = m_preset->findData(toQt(plan.preset));
    if (preset < 0) { // a loaded plan may use a preset of another family
        m_preset->addItem(toQt(plan.preset), toQt(plan.preset));
        preset = m_preset->count() - 1;
    }
    m_preset->setCurrentIndex(preset);
    m_base->setCurrentIndex(std::max(0, m_base->findData(toQt(plan.base.format))));
    m_recipe->setCurrentIndex(std::max(0, m_recipe->findData(toQt(plan.recipe))));
    m_dtype->setCurrentIndex(std::max(0, m_dtype->findData(toQt(plan.outputDtype))));
    m_critical->setChecked(plan.preserveCritical);
    const StorageFormat* format = findFormat(plan.base.format);
    m_options->setEnabled(format != nullptr);
    m_loader->setText(
        format == nullptr ? tr("Layers stay as they are unless set") : loaderText(format->info().loader));
    m_loader->setToolTip(format == nullptr ? QString() : asSentence(engineText(format->info().loaderNote)));
}

} // namespace mantissa::ui
