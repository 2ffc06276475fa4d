// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/calibration_panel.h"

#include "ui/actions.h"
#include "ui/icons.h"
#include "ui/settings.h"
#include "ui/text.h"
#include "ui/theme.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/calibration_options.h"
#include "ui/widgets/histogram_plot.h"
#include "ui/widgets/multiples_view.h"
#include "ui/widgets/named.h"
#include "ui/widgets/path_field.h"
#include "ui/widgets/prompt_source.h"

#include <QComboBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

namespace mantissa::ui {

namespace {

constexpr int kSettingsWidth = 350;
constexpr int kMostPrompts = 10'000, kMostSteps = 200;

QSpinBox* spinBox(
    const char* name, const QString& accessible, int least, int most, int value, QWidget* parent)
{
    auto* box = named(new QSpinBox(parent), name, accessible);
    box->setRange(least, most);
    box->setValue(value);
    return box;
}

} // namespace

CalibrationPanel::CalibrationPanel(const Actions& actions, CalibrationPresenter& presenter, QWidget* parent)
    : QWidget(parent)
    , m_presenter(presenter)
    , m_prompts(new PromptSource(QStringLiteral("calibration"), this))
    , m_options(new CalibrationOptions(this))
    , m_count(spinBox("calibrationCount", tr("How many prompts"), 1, kMostPrompts,
          settingValue(Setting::CalibrationPrompts).toInt(), this))
    , m_steps(spinBox("calibrationSteps", tr("Sampling steps a prompt"), 1, kMostSteps,
          settingValue(Setting::CalibrationSteps).toInt(), this))
    , m_seed(spinBox("calibrationSeed", tr("Seed"), 0, 2'147'483'647, 0, this))
    , m_output(new PathField(QStringLiteral("calibrationOutput"), tr("Statistics file"),
          tr("Statistics (*.safetensors)"), this, PathField::For::Writing))
    , m_problem(wrappedLabel("calibrationProblem", tr("Problem with the settings"), this))
    , m_start(actionButton(
          actions[ActionId::Calibrate], QStringLiteral("calibrationStart"), tr("Calibrate"), this))
    , m_stop(actionButton(
          actions[ActionId::StopCalibration], QStringLiteral("calibrationStop"), tr("Stop"), this))
    , m_open(actionButton(
          actions[ActionId::OpenStatistics], QStringLiteral("calibrationOpen"), tr("Open…"), this))
    , m_bar(named(new QProgressBar(this), "calibrationBar", tr("Progress of the calibration")))
    , m_state(wrappedLabel("calibrationState", tr("State of the calibration"), this))
    , m_statistics(wrappedLabel("calibrationStatistics", tr("Statistics in use"), this))
    , m_layer(wrappedLabel("calibrationLayer", tr("Layer that is shown"), this))
    , m_outcome(wrappedLabel("calibrationOutcome", tr("What clipping there would do"), this))
    , m_words(wrappedLabel("calibrationWords", tr("The plot in words"), this))
    , m_empty(wrappedLabel("calibrationEmpty", tr("Nothing to show yet"), this))
    , m_multiplesCount(wrappedLabel("calibrationMultiplesCount", tr("How many layers are shown"), this))
    , m_scale(named(new QToolButton(this), "calibrationLog", tr("Logarithmic counts")))
    , m_pin(
          named(new QToolButton(this), "calibrationPin", tr("Keep the outline of this layer for comparing")))
    , m_reset(named(new QToolButton(this), "calibrationReset", tr("Clip line back to the least error")))
    , m_plot(new HistogramPlot(this))
    , m_multiples(new MultiplesView(this))
{
    setObjectName(QStringLiteral("calibrationPanel"));
    setAccessibleName(tr("Calibration"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(makeSettings(actions));
    row->addWidget(makeView(), 1);
    connectPresenter();
    reset();
}

QWidget* CalibrationPanel::makeSettings(const Actions&)
{
    m_prompts->picker()->setToolTip(
        tr("Prompts that resemble what the model will be used for give the best statistics"));
    m_output->edit()->setMinimumWidth(120);
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_bar->setMaximumHeight(8);
    m_problem->setForegroundRole(QPalette::PlaceholderText);
    m_state->setForegroundRole(QPalette::PlaceholderText);

    auto* numbers = new QHBoxLayout;
    numbers->addWidget(m_count);
    numbers->addWidget(named(new QLabel(tr("×"), this), "calibrationTimes", tr("times")));
    numbers->addWidget(m_steps);
    numbers->addWidget(named(new QLabel(tr("steps"), this), "calibrationStepsLabel", tr("steps")));
    numbers->addStretch(1);
    m_count->setToolTip(tr("Prompts; 8 are a quick look, 32 are the usual number"));
    m_steps->setToolTip(tr("Sampling steps for each prompt"));

    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_prompts->addTo(form);
    form->addRow(buddyLabel(QStringLiteral("calibrationCountLabel"), tr("Coun&t"), m_count), numbers);
    form->addRow(buddyLabel(QStringLiteral("calibrationSeedLabel"), tr("Se&ed"), m_seed), m_seed);
    form->addRow(
        buddyLabel(QStringLiteral("calibrationOutputLabel"), tr("Save &as"), m_output->edit()), m_output);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_start);
    buttons->addWidget(m_stop);
    buttons->addStretch(1);
    auto* use = new QHBoxLayout;
    use->addWidget(m_statistics, 1);
    use->addWidget(m_open, 0, Qt::AlignTop);

    auto* page = named(new QWidget, "calibrationSettings", tr("Settings of the calibration"));
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(6);
    column->addLayout(form);
    column->addWidget(m_options);
    column->addStretch(1);
    column->addLayout(use);
    auto* scroll = named(new QScrollArea(this), "calibrationScroll", tr("Settings of the calibration"));
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    // Below what scrolls: in a low dock, too, the button is where it was.
    auto* side = named(new QWidget(this), "calibrationSide", tr("Settings of the calibration"));
    side->setFixedWidth(kSettingsWidth);
    auto* foot = new QVBoxLayout;
    foot->setContentsMargins(12, 0, 12, 8);
    foot->setSpacing(6);
    foot->addWidget(m_problem);
    foot->addLayout(buttons);
    foot->addWidget(m_bar);
    foot->addWidget(m_state);
    auto* whole = new QVBoxLayout(side);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(6);
    whole->addWidget(scroll, 1);
    whole->addLayout(foot);

    connect(m_prompts, &PromptSource::changed, this, &CalibrationPanel::refresh);
    connect(m_options, &CalibrationOptions::changed, this, &CalibrationPanel::refresh);
    connect(m_output, &PathField::changed, this, &CalibrationPanel::refresh);
    return side;
}

QWidget* CalibrationPanel::makeView()
{
    m_viewPage = named(new QWidget(this), "calibrationView", tr("Inputs of the selected layer"));
    QFont bold = font();
    bold.setBold(true);
    m_layer->setFont(bold);
    m_scale->setText(tr("log"));
    m_scale->setCheckable(true);
    m_scale->setChecked(true);
    m_scale->setToolTip(tr("Counts on a logarithmic scale"));
    m_pin->setText(tr("pin"));
    m_pin->setCheckable(true);
    m_pin->setToolTip(tr(
        "Keeps this layer's outline as a dotted line behind what comes next: other layers, or another run"));
    m_reset->setIcon(icon(QStringLiteral("undo")));
    m_reset->setToolTip(m_reset->accessibleName());
    m_words->setForegroundRole(QPalette::PlaceholderText);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setContentsMargins(24, 24, 24, 24);
    auto* head = new QHBoxLayout;
    head->addWidget(m_layer, 1);
    head->addWidget(m_scale);
    head->addWidget(m_pin);
    head->addWidget(m_reset);
    auto* column = new QVBoxLayout(m_viewPage);
    column->setContentsMargins(8, 8, 12, 8);
    column->setSpacing(4);
    column->addLayout(head);
    column->addWidget(m_outcome);
    auto* plots = new QHBoxLayout;
    auto* small = new QVBoxLayout;
    small->setSpacing(2);
    small->addWidget(m_multiples, 1);
    small->addWidget(m_multiplesCount);
    m_multiplesCount->setForegroundRole(QPalette::PlaceholderText);
    m_multiples->hide();
    m_multiplesCount->hide();
    plots->addLayout(small);
    plots->addWidget(m_plot, 1);
    column->addLayout(plots, 1);
    column->addWidget(m_words);
    column->addWidget(m_empty, 1);
    connect(m_multiples, &MultiplesView::layerChosen, &m_presenter, &CalibrationPresenter::chooseLayer);
    connect(m_scale, &QToolButton::toggled, m_plot, &HistogramPlot::setLogarithmic);
    connect(m_reset, &QToolButton::clicked, m_plot, &HistogramPlot::resetClip);
    connect(m_plot, &HistogramPlot::clipMoved, this, &CalibrationPanel::showOutcome);
    connect(m_plot, &HistogramPlot::clipChosen, this, [this](double clip) {
        if (m_plot->view())
            Q_EMIT clipChosen(m_plot->view()->layer, clip);
    });
    connect(m_pin, &QToolButton::toggled, this, [this](bool pinned) {
        if (pinned != m_plot->isPinned())
            m_plot->togglePin();
    });
    return m_viewPage;
}

void CalibrationPanel::connectPresenter()
{
    connect(&m_presenter, &CalibrationPresenter::started, this, [this] {
        m_bar->setValue(0);
        m_bar->show();
        m_state->setText(tr("Loading the model…"));
        refresh();
    });
    connect(&m_presenter, &CalibrationPresenter::progressed, this, [this](const ProgressSnapshot& progress) {
        if (progress.itemsTotal == 0)
            return;
        m_bar->setValue(static_cast<int>(1000ULL * progress.itemsDone / progress.itemsTotal));
        m_state->setText(
            tr("Step %1 of %2").arg(countText(progress.itemsDone), countText(progress.itemsTotal)));
    });
    connect(&m_presenter, &CalibrationPresenter::ended, this, [this] {
        m_bar->hide();
        refresh();
    });
    connect(&m_presenter, &CalibrationPresenter::finished, this, [this](const CalibrationReport& report) {
        m_resumable = false;
        m_state->setText(tr("%n layer(s) over %1 prompts in %2.", nullptr, static_cast<int>(report.layers))
                             .arg(countText(report.prompts), durationText(report.seconds)));
        refresh();
    });
    connect(&m_presenter, &CalibrationPresenter::failed, this, [this](const Error& error) {
        m_resumable = error.code == ErrorCode::Cancelled;
        m_state->setText(m_resumable ? tr("Stopped. Finished prompts are kept; “Resume” goes on after them.")
                                     : errorSentence(error) + QLatin1Char(' ') + hintSentence(error));
        refresh();
    });
    connect(&m_presenter, &CalibrationPresenter::viewChanged, this, &CalibrationPanel::showView);
    connect(&m_presenter, &CalibrationPresenter::multiplesChanged, this, &CalibrationPanel::showMultiples);
    connect(&m_presenter, &CalibrationPresenter::viewMissing, this, [this](const QString& why) {
        m_plot->clear();
        for (QWidget* part :
            std::initializer_list<QWidget*>{m_layer, m_outcome, m_plot, m_words, m_scale, m_pin, m_reset})
            part->hide();
        m_empty->setText(
            why.isEmpty() ? tr(
                "No statistics yet. Calibrate on some prompts, or open statistics that exist: the inputs of "
                "the layer that is selected in the tree then show here, while the run goes on.")
                          : why);
        m_empty->show();
    });
    connect(&m_presenter, &CalibrationPresenter::statisticsChanged, this, &CalibrationPanel::showStatistics);
}

void CalibrationPanel::reset()
{
    m_resumable = false;
    m_options->setRoles(m_presenter.roles());
    m_output->setFile(m_presenter.suggestedOutput());
    m_bar->hide();
    m_state->clear();
    showStatistics();
    refresh();
}

QWidget* CalibrationPanel::plot() const
{
    return m_plot->plot();
}

CalibrationSettings CalibrationPanel::settings() const
{
    CalibrationSettings settings;
    settings.prompts = m_prompts->choice();
    settings.count = m_count->value();
    settings.steps = m_steps->value();
    settings.seed = static_cast<std::uint64_t>(m_seed->value());
    m_options->addTo(settings);
    settings.output = m_output->file();
    settings.overwrite = true; // the button says so
    settings.resume = m_resumable;
    return settings;
}

void CalibrationPanel::refresh()
{
    const bool running = m_presenter.isRunning();
    const QString problem = running ? QString() : m_presenter.obstacle(settings());
    const bool exists = problem.isEmpty() && !running && !m_resumable && QFileInfo::exists(m_output->file());
    m_problem->setText(
        exists ? tr("This file exists; it is replaced when the calibration is complete.") : problem);
    m_problem->setVisible(!m_problem->text().isEmpty());
    m_start->setText(m_resumable ? tr("Resume") : exists ? tr("Calibrate and replace") : tr("Calibrate"));
    m_start->setAccessibleName(m_start->text());
    m_stop->setVisible(running);
    m_start->setVisible(!running);
    m_prompts->setEnabled(!running && !m_options->randomData());
    m_options->setEnabled(!running);
    for (QWidget* control : std::initializer_list<QWidget*>{m_count, m_steps, m_seed, m_output})
        control->setEnabled(!running);
}

void CalibrationPanel::showStatistics()
{
    const StatisticsInfo& info = m_presenter.statistics();
    if (!m_presenter.hasStatistics()) {
        m_statistics->setText(tr("Recipes light, balanced and best need statistics; none are open."));
        m_statistics->setToolTip({});
        return;
    }
    m_statistics->setText(
        tr("In use: %1, %n layer(s), %2 prompts × %3 steps%4", nullptr, static_cast<int>(info.layers))
            .arg(QFileInfo(info.file).fileName(), countText(info.prompts))
            .arg(info.steps)
            .arg(info.randomData ? tr("; made with noise instead of prompts") : QString()));
    m_statistics->setToolTip(info.file + QLatin1Char('\n') + info.how);
    refresh();
}

void CalibrationPanel::showView(const ActivationView& view)
{
    m_empty->hide();
    for (QWidget* part :
        std::initializer_list<QWidget*>{m_layer, m_outcome, m_plot, m_words, m_scale, m_pin, m_reset})
        part->show();
    m_plot->setView(view);
    m_multiples->mark(view.layer);
    QString title = view.layer;
    title.replace(QLatin1Char('.'), QStringLiteral(".\u200b"));
    m_layer->setText(view.prompts > 0
            ? tr("%1 — prompt %2 of %3").arg(title, countText(view.prompt), countText(view.prompts))
                + convergenceText(view)
            : title);
    showOutcome();
}

void CalibrationPanel::showMultiples(const std::vector<ActivationView>& views)
{
    const bool any = views.size() > 1;
    m_multiples->setVisible(any);
    m_multiples->setViews(any ? views : std::vector<ActivationView>());
    m_multiples->mark(m_presenter.chosenLayer());
    const bool some = any && views.size() < m_presenter.selected();
    m_multiplesCount->setVisible(some);
    m_multiplesCount->setText(
        tr("%1 of %n selected layer(s)", nullptr, static_cast<int>(m_presenter.selected()))
            .arg(countText(views.size())));
}

/// A range that has not grown for long will hardly grow any more: the run may be stopped.
QString CalibrationPanel::convergenceText(const ActivationView& view)
{
    constexpr std::uint32_t kLongEnough = 10; // steps
    if (m_largestOf != view.layer || view.amax > m_largest || view.stepsDone < m_largestStep) {
        m_largestOf = view.layer;
        m_largest = view.amax;
        m_largestStep = view.stepsDone;
    }
    const std::uint32_t still = view.stepsDone - m_largestStep;
    return still < kLongEnough
        ? QString()
        : tr(" · largest value unchanged for %n step(s)", nullptr, static_cast<int>(still));
}

void CalibrationPanel::showOutcome()
{
    if (m_plot->isEmpty())
        return;
    const ActivationView& view = *m_plot->view();
    const ClipOutcome here = clipAt(view, m_plot->clip());
    m_outcome->setText(tr("Clipping at %1 cuts %2 of the values; expected signal to error of %3: %4 dB.")
                           .arg(QLocale().toString(m_plot->clip(), 'g', 4), shareText(here.clippedShare),
                               view.grid.name, QLocale().toString(here.snrDb, 'f', 1)));
    const QString words = viewText(view, m_plot->clip());
    m_words->setText(gridRemark(view));
    m_plot->setAccessibleDescription(words);
    m_plot->setToolTip(words);
}

} // namespace mantissa::ui
