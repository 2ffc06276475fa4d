// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/budget_panel.h"

#include "engine/sensitivity/probe.h"
#include "ui/actions.h"
#include "ui/text.h"
#include "ui/theme.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot_library.h"
#include "ui/widgets/plot_style.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace mantissa::ui {

namespace {

constexpr int kSteps = 1000;
constexpr double kMegabyte = 1e6;

QString lossText(double harm)
{
    return harm > 0 ? BudgetPanel::tr("%1 dB").arg(decibelText(harm)) : BudgetPanel::tr("no loss");
}

QString measureText(HarmMeasure measure)
{
    switch (measure) {
    case HarmMeasure::WeightError:
        return BudgetPanel::tr("errors of the weights");
    case HarmMeasure::OutputError:
        return BudgetPanel::tr("errors at the layers' outputs");
    case HarmMeasure::DenoiserError:
        return BudgetPanel::tr("errors of the network's output");
    }
    return {};
}

} // namespace

BudgetPanel::BudgetPanel(BudgetPresenter& presenter, const Actions& actions, QWidget* parent)
    : QWidget(parent)
    , m_presenter(presenter)
    , m_measure(actionButton(
          actions[ActionId::MeasureBudget], QStringLiteral("budgetMeasure"), tr("Measure"), this))
    , m_stop(actionButton(actions[ActionId::StopMeasuring], QStringLiteral("budgetStop"), tr("Stop"), this))
    , m_probe(named(new QSpinBox(this), "budgetProbe", tr("Calls of the network for the probe")))
    , m_bar(new QProgressBar(this))
    , m_target(new QLineEdit(this))
    , m_apply(new QPushButton(tr("Make it fit"), this))
    , m_slider(new QSlider(Qt::Horizontal, this))
    , m_place(new QLabel(this))
    , m_state(new QLabel(this))
    , m_empty(new QLabel(this))
    , m_plot(new QCustomPlot(this))
{
    setObjectName(QStringLiteral("budgetPanel"));
    setAccessibleName(tr("Budget"));
    m_bar->setObjectName(QStringLiteral("budgetBar"));
    m_bar->setAccessibleName(tr("Progress of measuring"));
    m_bar->setRange(0, kSteps);
    m_bar->setTextVisible(false);
    m_bar->setMaximumWidth(160);
    m_bar->hide();
    m_stop->hide();
    m_probe->setRange(0, kMostProbeCalls);
    m_probe->setSpecialValueText(tr("off"));
    m_probe->setSuffix(tr(" calls"));
    m_probe->setToolTip(tr(
        "Also tries each layer on so many calls of the network that denoises, and ranks layers by what its "
        "output changes: %1 are usual. That takes layers × calls runs of the network: seconds to minutes "
        "for networks up to 200 million parameters, hours for larger ones. The prompts are those of the "
        "statistics, or those that come with Mantissa.")
                            .arg(kProbeCalls));
    m_target->setObjectName(QStringLiteral("budgetTarget"));
    m_target->setAccessibleName(tr("Size to fit into"));
    m_target->setPlaceholderText(tr("6GB, 60%, 8GB GPU, 0.5% error"));
    m_target->setToolTip(tr("Bytes of the file (6GB), percent of the original (60%), bits for each weight "
                            "(4.5bpw), the memory of "
                            "a GPU (8GB GPU), or the error to accept (0.5% error, 40dB)"));
    m_target->setFixedWidth(210);
    m_apply->setObjectName(QStringLiteral("budgetApply"));
    m_apply->setAccessibleName(tr("Make it fit"));
    m_slider->setObjectName(QStringLiteral("budgetSlider"));
    m_slider->setAccessibleName(tr("Size of the file, from the smallest to the one without loss"));
    m_slider->setRange(0, kSteps);
    m_slider->setPageStep(kSteps / 20);
    m_slider->setTracking(true);
    m_slider->setLayoutDirection(Qt::LeftToRight); // as the axis of the plot above it, whatever the script
    m_place->setObjectName(QStringLiteral("budgetPlace"));
    m_place->setAccessibleName(tr("Size and harm where the slider is"));
    m_state->setObjectName(QStringLiteral("budgetState"));
    m_state->setAccessibleName(tr("State of the budget"));
    m_state->setForegroundRole(QPalette::PlaceholderText);
    m_state->setWordWrap(true);
    m_empty->setObjectName(QStringLiteral("budgetEmpty"));
    m_empty->setAccessibleName(tr("Nothing measured yet"));
    m_empty->setText(
        tr("How small can the file be, and what does that cost? Measuring reads every weight once and "
           "tries the formats on each layer; the curve of the best mixes then shows here. With "
           "statistics it counts errors at the outputs instead of those of the weights."));
    m_empty->setWordWrap(true);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setContentsMargins(24, 16, 24, 16);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_plot->setObjectName(QStringLiteral("budgetPlot"));
    m_plot->setAccessibleName(tr("Harm against size"));
    m_plot->setMinimumHeight(110);

    auto* label = new QLabel(tr("&Fit into"), this);
    label->setObjectName(QStringLiteral("budgetTargetLabel"));
    label->setAccessibleName(tr("Size to fit into"));
    label->setBuddy(m_target);
    auto* head = new QHBoxLayout;
    head->addWidget(m_measure);
    head->addWidget(m_stop);
    head->addWidget(m_bar);
    head->addSpacing(12);
    head->addWidget(buddyLabel(QStringLiteral("budgetProbeLabel"), tr("P&robe"), m_probe));
    head->addWidget(m_probe);
    head->addSpacing(12);
    head->addWidget(label);
    head->addWidget(m_target);
    head->addWidget(m_apply);
    head->addSpacing(12);
    head->addWidget(m_place, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(m_plot, 1);
    column->addWidget(m_slider);
    column->addWidget(m_empty, 1);
    column->addWidget(m_state);
    makePlot();
    restyle();

    connect(m_slider, &QSlider::valueChanged, this, [this] {
        showPlace();
        if (!m_slider->isSliderDown()) // keys and clicks; a drag is one step when it ends
            m_presenter.apply(bytesAt(m_slider->value()));
    });
    connect(
        m_slider, &QSlider::sliderReleased, this, [this] { m_presenter.apply(bytesAt(m_slider->value())); });
    const auto fit = [this] { m_presenter.apply(m_target->text()); };
    connect(m_apply, &QPushButton::clicked, this, fit);
    connect(m_target, &QLineEdit::returnPressed, this, fit);
    connect(m_target, &QLineEdit::textChanged, this, &BudgetPanel::showState);
    connect(&m_presenter, &BudgetPresenter::progressed, this, [this](double share, const QString& what) {
        m_bar->setValue(static_cast<int>(kSteps * share));
        m_state->setText(what);
        m_state->show();
    });
    connect(m_probe, &QSpinBox::valueChanged, &m_presenter, &BudgetPresenter::setProbeCalls);
    connect(&m_presenter, &BudgetPresenter::measuringChanged, this, &BudgetPanel::showState);
    connect(&m_presenter, &BudgetPresenter::measured, this, &BudgetPanel::showCurve);
    connect(&m_presenter, &BudgetPresenter::failed, this, [this](const Error& error) {
        m_state->setText(error.code == ErrorCode::Cancelled
                ? tr("Stopped.")
                : errorSentence(error) + QLatin1Char(' ') + hintSentence(error));
        m_state->show();
    });
    connect(&m_presenter, &BudgetPresenter::applied, this, [this](const BudgetPlan& made) {
        m_state->setText(
            tr("The file takes %1; relative error %2, harm %3 (%4). At most %5 % above the best possible "
               "mix. The "
               "details of a layer say why it got its format.")
                .arg(sizeText(made.fileBytes), percentText(m_presenter.relativeErrorOf(made.solution.harm)),
                    lossText(made.solution.harm), measureText(made.measure),
                    QLocale().toString(100 * made.solution.gap(), 'f', 1)));
        m_state->show();
    });
    showCurve();
}

QWidget* BudgetPanel::plot() const
{
    return m_plot;
}

void BudgetPanel::makePlot()
{
    m_graph = m_plot->addGraph();
    m_graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, 4));
    m_dot = new QCPItemTracer(m_plot);
    m_dot->setStyle(QCPItemTracer::tsCircle);
    m_dot->setSize(12);
    m_plot->xAxis->setLabel(tr("Size of the file, MB"));
    m_plot->yAxis->setLabel(tr("Signal to error, dB"));
}

void BudgetPanel::restyle()
{
    const ThemeColors& colors = Theme::colors(palette());
    m_plot->setBackground(palette().color(QPalette::Base));
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis})
        styleAxis(axis, colors, font());
    m_graph->setPen(QPen(colors.accent, 2));
    m_dot->setPen(QPen(colors.danger, 2));
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void BudgetPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_graph != nullptr)
        restyle();
}

std::uint64_t BudgetPanel::bytesAt(int value) const
{
    const auto& curve = m_presenter.curve();
    if (curve.empty())
        return 0;
    const double least = static_cast<double>(curve.front().bytes),
                 most = static_cast<double>(curve.back().bytes);
    return static_cast<std::uint64_t>(std::ceil(least + (most - least) * value / kSteps));
}

void BudgetPanel::showPlace()
{
    const std::uint64_t bytes = bytesAt(m_slider->value());
    const double harm = m_presenter.harmAt(bytes);
    m_place->setText(
        tr("%1: error %2, %3")
            .arg(sizeText(bytes), percentText(m_presenter.relativeErrorOf(harm)), lossText(harm)));
    m_plot->setAccessibleDescription(m_place->text());
    const double top = m_plot->yAxis->range().upper;
    m_dot->position->setCoords(
        static_cast<double>(bytes) / kMegabyte, harm > 0 ? std::min(top, -10 * std::log10(harm)) : top);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void BudgetPanel::showCurve()
{
    QVector<double> sizes, decibels;
    for (const SizedHarm& point : m_presenter.curve())
        if (point.harm > 0) { // without harm the ratio has no end
            sizes << static_cast<double>(point.bytes) / kMegabyte;
            decibels << -10 * std::log10(point.harm);
        }
    m_graph->setData(sizes, decibels, true);
    m_plot->rescaleAxes();
    if (!sizes.isEmpty()) {
        m_plot->xAxis->scaleRange(1.06);
        m_plot->yAxis->scaleRange(1.15);
        const QSignalBlocker quiet(m_slider);
        m_slider->setValue(kSteps / 2);
        showPlace();
        const QString measured
            = tr("Measured %1. Drag the slider, or name a size: the plan follows as one step.")
                  .arg(measureText(m_presenter.harmMeasure()));
        m_state->setText(m_presenter.probeStopped()
                ? tr("The probe was stopped; “Measure again” goes on with it.") + QLatin1Char(' ') + measured
                : measured);
    } else {
        m_state->clear();
    }
    showState();
}

void BudgetPanel::showState()
{
    const bool any = m_presenter.hasTable(), measuring = m_presenter.isMeasuring();
    m_bar->setVisible(measuring);
    m_stop->setVisible(measuring);
    m_measure->setVisible(!measuring);
    m_probe->setEnabled(!measuring);
    m_measure->setText(any ? tr("Measure again") : tr("Measure"));
    for (QWidget* part : std::initializer_list<QWidget*>{m_plot, m_slider, m_place})
        part->setVisible(any);
    m_empty->setVisible(!any);
    m_target->setEnabled(any);
    m_apply->setEnabled(any && !m_target->text().trimmed().isEmpty());
    m_state->setVisible(!m_state->text().isEmpty());
}

} // namespace mantissa::ui
