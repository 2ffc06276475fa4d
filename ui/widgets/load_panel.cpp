// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/load_panel.h"

#include "ui/text.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
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
    connect(m_gpu, &QComboBox::currentIndexChanged, this, &LoadPanel::chooseGpu);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &LoadPanel::showReasons);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &LoadPanel::showReasons);
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        fitColumns();
        showReasons();
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

void LoadPanel::setFormats(std::vector<FormatUse> formats)
{
    m_model->setFormats(std::move(formats));
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
