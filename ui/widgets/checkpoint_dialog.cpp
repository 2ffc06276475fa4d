// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/checkpoint_dialog.h"

#include "ui/native_model.h"
#include "ui/text.h"

#include <QDialogButtonBox>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace mantissa::ui {

namespace {

enum Column { Name, Change, First, Second, Size, Difference, ColumnCount };
constexpr int kNumber = Qt::UserRole; ///< what numeric columns sort by
constexpr int kLayer = Qt::UserRole + 1;

/// Sorts numbers as numbers.
class Row : public QTreeWidgetItem {
public:
    using QTreeWidgetItem::QTreeWidgetItem;
    bool operator<(const QTreeWidgetItem& other) const override
    {
        const int column = treeWidget() != nullptr ? treeWidget()->sortColumn() : 0;
        const QVariant a = data(column, kNumber), b = other.data(column, kNumber);
        return a.isValid() && b.isValid() ? a.toDouble() < b.toDouble() : text(column) < other.text(column);
    }
};

} // namespace

QString changeText(LayerChange change)
{
    switch (change) {
    case LayerChange::Same:
        return CheckpointDialog::tr("same");
    case LayerChange::Stored:
        return CheckpointDialog::tr("stored otherwise");
    case LayerChange::Values:
        return CheckpointDialog::tr("other values");
    case LayerChange::Reshaped:
        return CheckpointDialog::tr("other shape");
    case LayerChange::Added:
        return CheckpointDialog::tr("added");
    case LayerChange::Missing:
        return CheckpointDialog::tr("missing");
    }
    return {};
}

CheckpointDialog::CheckpointDialog(std::shared_ptr<const Model> first, const QString& second, QWidget* parent)
    : QDialog(parent)
    , m_summary(new QLabel(this))
    , m_bar(new QProgressBar(this))
    , m_search(new QLineEdit(this))
    , m_rows(new QTreeWidget(this))
{
    setObjectName(QStringLiteral("checkpointDialog"));
    setWindowTitle(tr("Beside %1").arg(QFileInfo(second).fileName()));
    setAccessibleName(windowTitle());
    m_summary->setObjectName(QStringLiteral("checkpointSummary"));
    m_summary->setAccessibleName(tr("Summary"));
    m_summary->setWordWrap(true);
    m_bar->setObjectName(QStringLiteral("checkpointBar"));
    m_bar->setAccessibleName(tr("Progress of the comparison"));
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_search->setObjectName(QStringLiteral("checkpointSearch"));
    m_search->setAccessibleName(tr("Search layers"));
    m_search->setPlaceholderText(tr("Search layers, formats and kinds of change"));
    m_search->setClearButtonEnabled(true);
    m_rows->setObjectName(QStringLiteral("checkpointRows"));
    m_rows->setAccessibleName(tr("Layers of both files"));
    m_rows->setHeaderLabels({tr("Layer"), tr("Change"), tr("Here"), tr("There"), tr("Size"), tr("Error")});
    m_rows->setRootIsDecorated(false);
    m_rows->setUniformRowHeights(true);
    m_rows->setAlternatingRowColors(true);
    m_rows->setTextElideMode(Qt::ElideMiddle);
    m_rows->header()->setStretchLastSection(false);
    m_rows->header()->setSectionResizeMode(Name, QHeaderView::Stretch);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->setObjectName(QStringLiteral("checkpointButtons"));
    buttons->setAccessibleName(tr("Buttons"));
    buttons->button(QDialogButtonBox::Close)->setObjectName(QStringLiteral("checkpointClose"));
    buttons->button(QDialogButtonBox::Close)->setAccessibleName(tr("Close"));
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_summary);
    column->addWidget(m_bar);
    column->addWidget(m_search);
    column->addWidget(m_rows, 1);
    column->addWidget(buttons);
    resize(980, 560);
    connect(m_search, &QLineEdit::textChanged, this, &CheckpointDialog::filter);
    connect(m_rows, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem* item) {
        if (const qlonglong layer = item->data(Name, kLayer).toLongLong(); layer >= 0)
            Q_EMIT layerRequested(static_cast<std::size_t>(layer));
    });
    connect(&m_job, &JobController::progressed, this, [this](const ProgressSnapshot& snapshot) {
        if (snapshot.bytesTotal > 0)
            m_bar->setValue(static_cast<int>(1000 * snapshot.bytesDone / snapshot.bytesTotal));
    });
    start(std::move(first), second);
}

void CheckpointDialog::start(std::shared_ptr<const Model> first, const QString& second)
{
    using Rows = std::vector<LayerDifference>;
    m_summary->setText(tr("Reading both files, layer by layer…"));
    m_job.start<Rows>(
        [first = std::move(first), second](const JobContext& job) -> Result<Rows> {
            auto source = openCheckpoint(toPath(second));
            if (!source)
                return forward(std::move(source));
            const auto other = detectNative(std::move(*source), {});
            if (!other)
                return tl::unexpected(other.error());
            return compareCheckpoints(*first, *other->model, job);
        },
        [this](const Result<Rows>& rows) {
            m_bar->hide();
            if (rows)
                fill(*rows);
            else
                m_summary->setText(
                    errorSentence(rows.error()) + QLatin1Char(' ') + hintSentence(rows.error()));
        });
}

void CheckpointDialog::fill(const std::vector<LayerDifference>& rows)
{
    std::array<int, 6> counts{};
    QList<QTreeWidgetItem*> items;
    for (const LayerDifference& row : rows) {
        ++counts[static_cast<std::size_t>(row.change)];
        const bool both = row.change != LayerChange::Added && row.change != LayerChange::Missing;
        auto* item
            = new Row({toQt(row.name), changeText(row.change), toQt(row.storedFirst), toQt(row.storedSecond),
                both ? sizesText(row.bytesFirst, row.bytesSecond)
                     : sizeText(std::max(row.bytesFirst, row.bytesSecond)),
                row.relativeError ? percentText(*row.relativeError) : QString()});
        item->setToolTip(Name, toQt(row.name));
        item->setData(Name, kLayer, static_cast<qlonglong>(row.layer));
        item->setData(Size, kNumber, static_cast<double>(std::max(row.bytesFirst, row.bytesSecond)));
        item->setData(Difference, kNumber, row.relativeError.value_or(-1));
        for (const int column : {Size, Difference})
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        items << item;
    }
    m_rows->addTopLevelItems(items);
    m_rows->setSortingEnabled(true);
    m_rows->sortByColumn(Difference, Qt::DescendingOrder); // the largest differences first
    for (int column = Change; column < ColumnCount; ++column)
        m_rows->resizeColumnToContents(column);
    QStringList parts;
    for (std::size_t change = counts.size(); change-- > 0;)
        if (counts[change] > 0)
            parts << tr("%1 %2").arg(countText(static_cast<std::uint64_t>(counts[change])),
                changeText(static_cast<LayerChange>(change)));
    m_summary->setText(
        tr("%n layer(s): %1. Errors are those of the decoded weights, relative to the open file.", nullptr,
            static_cast<int>(rows.size()))
            .arg(parts.join(QStringLiteral(", "))));
}

void CheckpointDialog::filter(const QString& text)
{
    for (int row = 0; row < m_rows->topLevelItemCount(); ++row) {
        QTreeWidgetItem* item = m_rows->topLevelItem(row);
        bool fits = text.isEmpty();
        for (const int column : {Name, Change, First, Second})
            fits = fits || item->text(column).contains(text, Qt::CaseInsensitive);
        item->setHidden(!fits);
    }
}

} // namespace mantissa::ui
