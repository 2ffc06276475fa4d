// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/comparison_setup.h"

#include "engine/compare/shipped_prompts.h"
#include "ui/icons.h"
#include "ui/settings.h"
#include "ui/text.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/files_field.h"
#include "ui/widgets/folded_settings.h"
#include "ui/widgets/format_badge.h"
#include "ui/widgets/named.h"
#include "ui/widgets/prompt_source.h"
#include "ui/widgets/sampling_fields.h"
#include "ui/widgets/table_panel.h"

#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

namespace mantissa::ui {

namespace {

constexpr int kWidth = 300;
constexpr int kMostPrompts = 10'000, kMostSteps = 1000, kMostSide = 8192;

QSpinBox* spinBox(const char* name, const QString& accessible, int most, int value, QWidget* parent)
{
    auto* box = named(new QSpinBox(parent), name, accessible);
    box->setRange(0, most);
    box->setValue(value);
    box->setSpecialValueText(ComparisonSetup::tr("usual"));
    return box;
}

QLabel* heading(const char* name, const QString& text, QWidget* parent)
{
    auto* label = named(new QLabel(text, parent), name, text);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    return label;
}

} // namespace

ComparisonSetup::ComparisonSetup(
    const Actions& actions, ComparisonPresenter& presenter, PlanDocument& document, QWidget* parent)
    : QScrollArea(parent)
    , m_presenter(presenter)
    , m_document(document)
    , m_original(
          wrappedLabel("compareOriginal", tr("The original, which all others are compared with"), this))
    , m_list(named(new QListWidget(this), "compareVariants", tr("Variants to compare with the original")))
    , m_add(iconButton(QStringLiteral("compareAdd"), QStringLiteral("format"), tr("Add a variant"), this))
    , m_remove(iconButton(QStringLiteral("compareRemove"), QStringLiteral("clear"),
          tr("Take the variant off the list"), this))
    , m_prompts(new PromptSource(QStringLiteral("compare"), this))
    , m_count(spinBox(
          "compareCount", tr("How many prompts"), kMostPrompts, static_cast<int>(kUsualPrompts), this))
    , m_seeds(named(new QLineEdit(QStringLiteral("0, 1"), this), "compareSeeds", tr("Seeds")))
    , m_steps(spinBox("compareSteps", tr("Sampling steps"), kMostSteps, 0, this))
    , m_width(spinBox("compareWidth", tr("Width in pixels"), kMostSide, 0, this))
    , m_height(spinBox("compareHeight", tr("Height in pixels"), kMostSide, 0, this))
    , m_more(new FoldedSettings(
          QStringLiteral("compare"), tr("Sampler, scheduler, guidance, what pictures should not show"), this))
    , m_sampling(new SamplingFields(QStringLiteral("compare"), m_more->body()))
    , m_negative(named(new QLineEdit(m_more->body()), "compareNegative", tr("Negative prompt")))
    , m_lpips(
          new FilesField(QStringLiteral("compareLpips"), tr("Weights of LPIPS"), tr("not measured"), 2, this))
    , m_problem(wrappedLabel("compareProblem", tr("Problem with the settings"), this))
    , m_start(actionButton(
          actions[ActionId::MakePictures], QStringLiteral("compareStart"), tr("Make pictures"), this))
    , m_stop(actionButton(actions[ActionId::StopComparison], QStringLiteral("compareStop"), tr("Stop"), this))
    , m_folders(actionButton(
          actions[ActionId::CompareFolders], QStringLiteral("compareFolders"), tr("Compare folders…"), this))
    , m_bar(named(new QProgressBar(this), "compareBar", tr("Progress of the comparison")))
    , m_state(wrappedLabel("compareState", tr("State of the comparison"), this))
{
    setObjectName(QStringLiteral("comparisonSetup"));
    setAccessibleName(tr("What is compared"));
    auto* page = named(new QWidget, "compareSettings", tr("What is compared"));
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(6);
    column->addWidget(heading("compareVariantsHeading", tr("Variants"), page));
    column->addWidget(makeVariants());
    column->addSpacing(6);
    column->addWidget(heading("comparePicturesHeading", tr("Pictures"), page));
    column->addLayout(makePrompts());
    column->addLayout(makeRun(actions));
    column->addStretch(1);
    setWidget(page);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFixedWidth(kWidth);
    connectPresenter();
    showOriginal();
    showVariants();
}

QWidget* ComparisonSetup::makeVariants()
{
    auto* box = named(new QWidget(this), "compareVariantsBox", tr("Variants"));
    m_original->setToolTip(tr("Pinned: every variant is compared with it"));
    m_list->setMinimumHeight(6 * fontMetrics().lineSpacing());
    m_list->setMaximumHeight(9 * fontMetrics().lineSpacing());
    m_list->setTextElideMode(Qt::ElideMiddle);
    auto* menu = new QMenu(m_add);
    menu->setObjectName(QStringLiteral("compareAddMenu"));
    menu->setAccessibleName(tr("Add a variant"));
    menu->setToolTipsVisible(true);
    QAction* file = menu->addAction(icon(QStringLiteral("open")), tr("An export or another checkpoint…"));
    file->setObjectName(QStringLiteral("compareAddFile"));
    connect(file, &QAction::triggered, this, &ComparisonSetup::addFile);
    QAction* plan = menu->addAction(icon(QStringLiteral("rule")), tr("The plan as it is now"));
    connect(plan, &QAction::triggered, this, [this] { m_presenter.add({}); });
    menu->addSection(tr("All layers in one format, without an export"));
    for (const StorageFormat* format : storageFormats()) {
        const QString id = toQt(format->info().id);
        QAction* action = menu->addAction(badgeIcon(id), toQt(format->info().name));
        action->setObjectName(QStringLiteral("compareAdd_") + id);
        connect(action, &QAction::triggered, this, [this, id] {
            m_presenter.add({VariantChoice::Kind::Format, id, true});
        });
    }
    m_add->setText(tr("Add"));
    m_add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_add->setPopupMode(QToolButton::InstantPopup);
    m_add->setMenu(menu);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_add);
    buttons->addWidget(m_remove);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_original);
    column->addWidget(m_list);
    column->addLayout(buttons);
    connect(m_list, &QListWidget::itemChanged, this, [this](QListWidgetItem* item) {
        if (!m_filling)
            m_presenter.setWanted(
                static_cast<std::size_t>(m_list->row(item)), item->checkState() == Qt::Checked);
    });
    connect(
        m_list, &QListWidget::currentRowChanged, this, [this](int row) { m_remove->setEnabled(row >= 0); });
    connect(m_remove, &QToolButton::clicked, this, [this] {
        if (m_list->currentRow() >= 0)
            m_presenter.remove(static_cast<std::size_t>(m_list->currentRow()));
    });
    return box;
}

QLayout* ComparisonSetup::makePrompts()
{
    m_count->setSpecialValueText(tr("all"));
    m_count->setToolTip(tr("The first so many of the prompts"));
    m_seeds->setToolTip(tr("Numbers and ranges: 0, 1, 5-8. Each prompt is drawn once with each"));
    m_steps->setToolTip(tr("Sampling steps of each picture"));
    auto* size = new QHBoxLayout;
    size->addWidget(m_width, 1);
    size->addWidget(named(new QLabel(tr("×"), this), "compareTimes", tr("times")));
    size->addWidget(m_height, 1);

    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_prompts->addTo(form);
    form->addRow(buddyLabel(QStringLiteral("compareCountLabel"), tr("Coun&t"), m_count), m_count);
    form->addRow(buddyLabel(QStringLiteral("compareSeedsLabel"), tr("See&ds"), m_seeds), m_seeds);
    form->addRow(buddyLabel(QStringLiteral("compareStepsLabel"), tr("Ste&ps"), m_steps), m_steps);
    form->addRow(buddyLabel(QStringLiteral("compareSizeLabel"), tr("Si&ze"), m_width), size);
    form->addRow(buddyLabel(QStringLiteral("compareLpipsLabel"), tr("&LPIPS"), m_lpips), m_lpips);
    named(m_lpips, "compareLpips", tr("Weights of LPIPS"));
    m_lpips->setToolTip(
        tr("Files with the weights of LPIPS, which are not Mantissa's to ship: one with the state "
           "of lpips.LPIPS, or its linear layers and torchvision's network"));
    showLpips();
    connect(m_lpips, &FilesField::changed, this,
        [](const QStringList& files) { setSettingValue(Setting::LpipsWeights, files); });
    form->addRow(makeMore());
    connect(m_prompts, &PromptSource::changed, this, &ComparisonSetup::refresh);
    connect(m_seeds, &QLineEdit::textChanged, this, &ComparisonSetup::refresh);
    for (QSpinBox* box : {m_width, m_height})
        connect(box, &QSpinBox::valueChanged, this, &ComparisonSetup::refresh);
    return form;
}

/// What is beside prompts and sizes; the model's own settings are what one compares mostly.
QWidget* ComparisonSetup::makeMore()
{
    auto* form = new QFormLayout(m_more->body());
    form->setContentsMargins(0, 0, 0, 4);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_sampling->addTo(form);
    m_sampling->guidance()->setToolTip(
        tr("1: the negative prompt has no part, and a step takes half the time"));
    m_negative->setPlaceholderText(tr("none"));
    m_negative->setToolTip(tr("What pictures should not show; it takes part where the guidance is above 1"));
    form->addRow(buddyLabel(QStringLiteral("compareNegativeLabel"), tr("&Negative"), m_negative), m_negative);
    const auto summarize = [this] {
        QStringList parts = m_sampling->summary();
        if (!m_negative->text().trimmed().isEmpty())
            parts << tr("not: %1").arg(m_negative->text().trimmed());
        m_more->setSummary(parts);
    };
    connect(m_sampling, &SamplingFields::changed, this, summarize);
    connect(m_negative, &QLineEdit::textChanged, this, summarize);
    return m_more;
}

QLayout* ComparisonSetup::makeRun(const Actions&)
{
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_bar->setMaximumHeight(8);
    m_bar->hide();
    m_problem->setForegroundRole(QPalette::PlaceholderText);
    m_state->setForegroundRole(QPalette::PlaceholderText);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_start);
    buttons->addWidget(m_stop);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout;
    column->setSpacing(6);
    column->addWidget(m_problem);
    column->addLayout(buttons);
    column->addWidget(m_bar);
    column->addWidget(m_state);
    column->addSpacing(6);
    column->addWidget(m_folders, 0, Qt::AlignLeft);
    return column;
}

void ComparisonSetup::connectPresenter()
{
    connect(&m_presenter, &ComparisonPresenter::choicesChanged, this, &ComparisonSetup::showVariants);
    connect(&m_document, &PlanDocument::modelChanged, this, [this] {
        showOriginal();
        refresh();
    });
    connect(&m_document, &PlanDocument::planChanged, this, &ComparisonSetup::refresh);
    connect(&m_presenter, &ComparisonPresenter::runningChanged, this, &ComparisonSetup::refresh);
    connect(&m_presenter, &ComparisonPresenter::progressed, this, &ComparisonSetup::showProgress);
    connect(&m_presenter, &ComparisonPresenter::finished, this, [this] {
        std::uint32_t made = 0, reused = 0;
        for (const ComparedVariant& variant : m_presenter.comparison().variants) {
            made += variant.made;
            reused += variant.reused;
        }
        m_stopped = false;
        m_state->setText(made + reused == 0 ? tr("Compared.")
                                            : tr("%1 pictures made, %2 taken from earlier runs.")
                                                  .arg(countText(made), countText(reused)));
    });
    connect(&m_presenter, &ComparisonPresenter::failed, this, [this](const Error& error) {
        m_stopped = error.code == ErrorCode::Cancelled;
        m_state->setText(m_stopped ? tr("Stopped. Finished pictures are kept; “Go on” makes the rest.")
                                   : errorSentence(error) + QLatin1Char(' ') + hintSentence(error));
    });
}

void ComparisonSetup::showProgress(const ProgressSnapshot& snapshot)
{
    if (m_presenter.isStopping()) {
        m_state->setText(tr("Stopping after the step under way…"));
        return;
    }
    m_bar->setRange(0, snapshot.itemsTotal == 0 ? 0 : 1000);
    if (snapshot.itemsTotal == 0) {
        m_state->setText(tr("Reading models…"));
        return;
    }
    m_bar->setValue(static_cast<int>(1000ULL * snapshot.itemsDone / snapshot.itemsTotal));
    m_state->setText(tr("%1: %2 of %3")
                         .arg(asSentence(toQt(snapshot.phase)).chopped(1), countText(snapshot.itemsDone),
                             countText(snapshot.itemsTotal)));
}

void ComparisonSetup::showOriginal()
{
    m_original->setText(m_document.isEmpty()
            ? tr("No checkpoint is open.")
            : tr("Baseline: %1").arg(QFileInfo(m_document.file()).fileName()));
}

void ComparisonSetup::showVariants()
{
    m_filling = true;
    const int row = m_list->currentRow();
    m_list->clear();
    for (const VariantChoice& choice : m_presenter.variants()) {
        const bool format = choice.kind == VariantChoice::Kind::Format;
        auto* item = new QListWidgetItem(format
                ? badgeIcon(choice.value)
                : icon(choice.kind == VariantChoice::Kind::File ? QStringLiteral("file")
                                                                : QStringLiteral("rule")),
            choice.name(), m_list);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(choice.wanted ? Qt::Checked : Qt::Unchecked);
        item->setToolTip(choice.kind == VariantChoice::Kind::File ? choice.value : choice.name());
    }
    m_list->setCurrentRow(std::min(row, m_list->count() - 1));
    m_remove->setEnabled(m_list->currentRow() >= 0);
    m_filling = false;
    refresh();
}

ComparisonSettings ComparisonSetup::settings() const
{
    ComparisonSettings settings;
    settings.prompts = m_prompts->choice();
    settings.count = m_count->value();
    settings.seeds = m_seeds->text();
    settings.steps = m_steps->value();
    settings.width = m_width->value();
    settings.height = m_height->value();
    settings.sampling = m_sampling->choice();
    settings.negative = m_negative->text().trimmed();
    return settings;
}

void ComparisonSetup::showLpips()
{
    m_lpips->setFiles(settingValue(Setting::LpipsWeights).toStringList());
}

void ComparisonSetup::refresh()
{
    const bool running = m_presenter.isRunning();
    m_problem->setText(running ? QString() : m_presenter.obstacle(settings()));
    m_problem->setVisible(!m_problem->text().isEmpty());
    m_start->setVisible(!running);
    m_start->setText(m_stopped ? tr("Go on") : tr("Make pictures"));
    m_start->setAccessibleName(m_start->text());
    m_stop->setVisible(running);
    m_bar->setVisible(running);
    m_prompts->setEnabled(!running);
    m_sampling->setEnabled(!running);
    for (QWidget* control : std::initializer_list<QWidget*>{
             m_list, m_add, m_remove, m_count, m_seeds, m_steps, m_width, m_height, m_negative, m_lpips})
        control->setEnabled(!running);
    m_remove->setEnabled(!running && m_list->currentRow() >= 0);
}

void ComparisonSetup::addFile()
{
    const QString file = QFileDialog::getOpenFileName(this, tr("Add a checkpoint to compare"),
        QFileInfo(m_document.file()).absolutePath(), checkpointFilter());
    if (!file.isEmpty())
        m_presenter.add({VariantChoice::Kind::File, file, true});
}

} // namespace mantissa::ui
