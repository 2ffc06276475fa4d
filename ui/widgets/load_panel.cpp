// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/load_panel.h"

#include "engine/compat/vram.h"
#include "ui/text.h"
#include "ui/widgets/named.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace mantissa::ui {

LoadPanel::LoadPanel(QWidget* parent)
    : QWidget(parent)
    , m_model(new LoadModel(this))
    , m_gpu(new QComboBox(this))
    , m_summary(new QLabel(this))
    , m_table(new QTableView(this))
    , m_reasons(new QLabel(this))
    , m_size(new QComboBox(this))
    , m_batch(new QSpinBox(this))
    , m_memory(new QLabel(this))
    , m_free(wrappedLabel("vramFree", tr("What is free on the GPU now"), this))
{
    setObjectName(QStringLiteral("loadPanel"));
    setAccessibleName(tr("Will it load?"));
    m_gpu->setObjectName(QStringLiteral("loadGpu"));
    m_gpu->setAccessibleName(tr("Your GPU"));
    m_gpu->setToolTip(tr("Adds a column for this GPU"));
    m_gpu->setEditable(true);
    m_gpu->setInsertPolicy(QComboBox::NoInsert);
    m_gpu->lineEdit()->setObjectName(QStringLiteral("loadGpuName"));
    m_gpu->lineEdit()->setAccessibleName(tr("Your GPU"));
    m_gpu->completer()->setFilterMode(Qt::MatchContains);
    m_gpu->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_gpu->setMinimumWidth(230);
    m_gpu->addItem(tr("none chosen"));
    for (const Gpu& gpu : knownGpus())
        m_gpu->addItem(toQt(gpu.name), toQt(gpu.name));
    m_summary->setObjectName(QStringLiteral("loadSummary"));
    m_summary->setAccessibleName(tr("Summary"));
    m_summary->setWordWrap(true);
    m_reasons->setObjectName(QStringLiteral("loadReasons"));
    m_reasons->setAccessibleName(tr("Reasons for the selected cell"));
    m_reasons->setWordWrap(true);
    m_reasons->setTextFormat(Qt::PlainText);
    m_reasons->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_reasons->setForegroundRole(QPalette::PlaceholderText);
    m_reasons->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_reasons->setMinimumHeight(2 * fontMetrics().lineSpacing());
    m_table->setObjectName(QStringLiteral("loadTable"));
    m_table->setAccessibleName(tr("Runtimes and GPUs"));
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setIconSize(QSize(16, 16));
    m_table->setTabKeyNavigation(false);
    m_table->setCornerButtonEnabled(false);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().lineSpacing() + 8);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->verticalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);

    auto* label = new QLabel(tr("Your &GPU"), this);
    label->setObjectName(QStringLiteral("loadGpuLabel"));
    label->setAccessibleName(tr("Your GPU"));
    label->setBuddy(m_gpu);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(label);
    head->addWidget(m_gpu);
    head->addWidget(m_summary, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(m_table, 1);
    column->addWidget(m_reasons);
    m_size->setObjectName(QStringLiteral("vramSize"));
    m_size->setAccessibleName(tr("Size of the picture"));
    for (const int side : {512, 768, 1024, 1536, 2048})
        m_size->addItem(tr("%1 × %1").arg(side), side);
    m_size->setCurrentIndex(2);
    m_batch->setObjectName(QStringLiteral("vramBatch"));
    m_batch->setAccessibleName(tr("Pictures at once"));
    m_batch->setToolTip(m_batch->accessibleName());
    m_batch->setRange(1, 64);
    m_batch->setSuffix(tr(" at once"));
    m_memory->setObjectName(QStringLiteral("vramForecast"));
    m_memory->setAccessibleName(tr("Memory of the GPU"));
    m_memory->setWordWrap(true);
    m_memory->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* sizeLabel = new QLabel(tr("&Memory for"), this);
    sizeLabel->setObjectName(QStringLiteral("vramSizeLabel"));
    sizeLabel->setAccessibleName(tr("Size of the picture"));
    sizeLabel->setBuddy(m_size);
    auto* memory = new QHBoxLayout;
    memory->setSpacing(8);
    memory->addWidget(sizeLabel);
    memory->addWidget(m_size);
    memory->addWidget(m_batch);
    memory->addWidget(m_memory, 1);
    column->addLayout(memory);
    column->addWidget(m_free);
    connect(m_size, &QComboBox::currentIndexChanged, this, &LoadPanel::showMemory);
    connect(m_batch, &QSpinBox::valueChanged, this, &LoadPanel::showMemory);
    connect(m_gpu, &QComboBox::currentIndexChanged, this, &LoadPanel::chooseGpu);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &LoadPanel::showReasons);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &LoadPanel::showReasons);
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        fitColumns();
        showReasons();
        showMemory();
    });
    fitColumns();
    showReasons();
}

void LoadPanel::fitColumns()
{
    int widest = 0; // whatever the verdicts will be
    for (const LoadVerdict verdict : {LoadVerdict::Native, LoadVerdict::Emulated, LoadVerdict::Loads,
             LoadVerdict::Unknown, LoadVerdict::Refused})
        widest = std::max(widest, fontMetrics().horizontalAdvance(verdictText(verdict)));
    constexpr int kIconAndAir = 40;
    for (int column = 0; column < m_model->columnCount(); ++column) {
        const QString head = m_model->headerData(column, Qt::Horizontal).toString();
        m_table->setColumnWidth(column,
            std::max(widest + kIconAndAir, m_table->fontMetrics().horizontalAdvance(head) + kIconAndAir / 2));
    }
}

void LoadPanel::setPlan(std::shared_ptr<const Model> model, std::shared_ptr<const PlanState> state)
{
    m_planned = std::move(model);
    m_state = std::move(state);
    m_model->setFormats(m_state ? formatsUsed(m_state->resolved) : std::vector<FormatUse>());
    showMemory();
}

void LoadPanel::showMemory()
{
    if (!m_planned || !m_state)
        return;
    const int side = m_size->currentData().toInt();
    const Gpu* gpu = m_model->hasGpu() ? &*m_model->gpu() : nullptr;
    const VramForecast forecast
        = forecastVram(*m_planned, m_state->resolved, {side, side, m_batch->value()}, gpu);
    QString text = tr("about %1, between %2 and %3")
                       .arg(sizeText(forecast.total()), sizeText(forecast.low()), sizeText(forecast.high()));
    if (gpu != nullptr && !gpu->memoryGib.empty()) {
        const int gib = *std::max_element(gpu->memoryGib.begin(), gpu->memoryGib.end());
        const auto has = static_cast<std::uint64_t>(gib) << 30;
        text += forecast.high() <= has ? tr("; fits %1 GB").arg(gib)
            : forecast.low() <= has    ? tr("; may fit %1 GB").arg(gib)
                                       : tr("; does not fit %1 GB without being moved in parts").arg(gib);
    }
    m_memory->setText(text);
    m_memory->setToolTip(
        tr("An estimate, weights exact, the rest within a factor of two: %1. What other programs "
           "hold comes on top.")
            .arg(sentenceText(forecast.formula)));
    m_memory->setAccessibleDescription(m_memory->toolTip());
    showFree(forecast, gpu);
}

void LoadPanel::showFree(const VramForecast& forecast, const Gpu* gpu)
{
    m_free->setVisible(m_reading.has_value());
    m_free->setToolTip(m_reading ? asSentence(sentenceText(m_reading->problem)) : QString());
    if (!m_reading)
        return;
    const GpuMemory* memory = gpu == nullptr ? nullptr : memoryOf(*m_reading, *gpu);
    if (memory != nullptr) {
        const std::uint64_t free = memory->freeBytes;
        m_free->setText(
            tr("Free now on this machine's %1: %2 of %3. %4")
                .arg(toQt(memory->gpu.name), sizeText(free), sizeText(memory->totalBytes),
                    forecast.high() <= free      ? tr("It fits beside what other programs hold.")
                        : forecast.low() <= free ? tr("It may fit beside what other programs hold.")
                                                 : tr("It does not fit beside what other programs hold.")));
        return;
    }
    const bool unread = m_reading->gpus.empty() && !m_reading->problem.empty();
    m_free->setText(unread            ? tr("What is free on this machine's GPU cannot be read.")
            : m_reading->gpus.empty() ? tr("This machine shows no GPU, so what is free now is not known.")
            : gpu == nullptr
            ? tr("Choose your GPU to see what is free on it now.")
            : tr("This machine has no %1, so what is free on one now is not known.").arg(toQt(gpu->name)));
}

void LoadPanel::setFree(const GpuMemoryReading& reading)
{
    m_reading = reading;
    showMemory();
}

void LoadPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    Q_EMIT shown(true);
}

void LoadPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    Q_EMIT shown(false);
}

void LoadPanel::setDetected(const std::vector<Gpu>& gpus)
{
    if (gpus.empty() || m_model->hasGpu())
        return;
    const QString name = toQt(gpus.front().name);
    int row = m_gpu->findText(name);
    if (row < 0) {
        m_gpu->addItem(name, name);
        row = m_gpu->count() - 1;
    }
    m_gpu->setCurrentIndex(row);
}

void LoadPanel::chooseGpu()
{
    const QString name = m_gpu->currentData().toString();
    const auto gpu = findGpu(toStd(name));
    m_model->setGpu(!name.isEmpty() && gpu ? std::optional<Gpu>(*gpu) : std::nullopt);
}

void LoadPanel::showReasons()
{
    m_summary->setText(m_model->summary());
    const QModelIndex current = m_table->currentIndex();
    m_reasons->setText(current.isValid() ? current.data(Qt::ToolTipRole).toString()
                                         : tr("Select a cell to see the reasons, format by format."));
}

} // namespace mantissa::ui
