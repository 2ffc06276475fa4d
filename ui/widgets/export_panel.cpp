// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/export_panel.h"

#include "ui/text.h"
#include "ui/widgets/action_button.h"

#include <QAction>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace mantissa::ui {

namespace {

constexpr int kMostLogLines = 5000;

} // namespace

ExportPanel::ExportPanel(QAction* cancelAction, QAction* showResultAction, QWidget* parent)
    : QWidget(parent)
    , m_status(new QLabel(this))
    , m_detail(new QLabel(this))
    , m_bar(new QProgressBar(this))
    , m_log(new QPlainTextEdit(this))
    , m_cancel(actionButton(cancelAction, QStringLiteral("exportCancelButton"), tr("Cancel"), this))
    , m_show(actionButton(showResultAction, QStringLiteral("exportShowButton"), tr("Open folder"), this))
{
    setObjectName(QStringLiteral("exportPanel"));
    setAccessibleName(tr("Export"));
    m_status->setObjectName(QStringLiteral("exportStatus"));
    m_status->setAccessibleName(tr("State of the export"));
    QFont bold = font();
    bold.setBold(true);
    m_status->setFont(bold);
    m_detail->setObjectName(QStringLiteral("exportDetail"));
    m_detail->setAccessibleName(tr("Speed, time left and current layer"));
    m_detail->setForegroundRole(QPalette::PlaceholderText);
    for (QLabel* label : {m_status, m_detail}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_bar->setObjectName(QStringLiteral("exportBar"));
    m_bar->setAccessibleName(tr("Progress of the export"));
    m_bar->setRange(0, 1000);
    m_bar->setFormat(QStringLiteral("%p %"));
    m_log->setObjectName(QStringLiteral("exportLog"));
    m_log->setAccessibleName(tr("Log"));
    m_log->setReadOnly(true);
    m_log->setMaximumBlockCount(kMostLogLines);
    m_log->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_log->setPlaceholderText(tr("Messages of the export appear here."));
    m_status->setText(tr("No export yet."));
    m_detail->setText(tr("Press Export to write the quantized checkpoint; its progress shows here."));

    auto* top = new QHBoxLayout;
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_status);
    words->addWidget(m_detail);
    top->addLayout(words, 1);
    top->addWidget(m_show, 0, Qt::AlignTop);
    top->addWidget(m_cancel, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->addLayout(top);
    column->addWidget(m_bar);
    column->addWidget(m_log, 1);
    m_bar->hide();
}

void ExportPanel::start(const QString& file)
{
    m_log->clear();
    m_bar->setValue(0);
    m_bar->show();
    m_status->setText(tr("Exporting to %1").arg(QFileInfo(file).fileName()));
    m_detail->setText(tr("Starting…"));
    m_log->appendPlainText(tr("Writing %1").arg(file));
}

void ExportPanel::setProgress(const ExportProgress& progress)
{
    m_bar->setValue(static_cast<int>(std::floor(1000 * progress.share)));
    QStringList parts;
    if (!progress.phase.isEmpty())
        parts << progress.phase;
    if (progress.itemsTotal > 0)
        parts << tr("%1 of %2 tensors").arg(countText(progress.itemsDone), countText(progress.itemsTotal));
    if (progress.bytesPerSecond)
        parts << tr("%1/s").arg(
            sizeText(static_cast<std::uint64_t>(std::max(0.0, *progress.bytesPerSecond))));
    if (progress.secondsLeft)
        parts << tr("%1 left").arg(durationText(*progress.secondsLeft));
    if (!progress.layer.isEmpty())
        parts << progress.layer;
    if (!parts.isEmpty())
        m_detail->setText(parts.join(QStringLiteral(" · ")));
}

void ExportPanel::addLog(const QList<LogLine>& lines)
{
    for (const LogLine& line : lines) {
        if (line.level == LogLevel::Debug)
            continue;
        const QString prefix = line.level == LogLevel::Warning ? tr("Warning: ") : QString();
        const QString layer = line.layer.empty() ? QString() : QStringLiteral(" [%1]").arg(toQt(line.layer));
        m_log->appendPlainText(prefix + sentenceText(line.text) + layer);
    }
}

void ExportPanel::setCancelling()
{
    m_status->setText(tr("Cancelling…"));
    m_cancel->setEnabled(false);
}

void ExportPanel::finish(const WriteReport& report)
{
    m_bar->setValue(m_bar->maximum());
    const double speed = report.seconds > 0 ? static_cast<double>(report.bytesRead) / report.seconds : 0;
    QString detail = tr("%1 written in %2, read at %3/s · %n layer(s) quantized", nullptr,
        static_cast<int>(report.layers.size()))
                         .arg(sizeText(report.bytesWritten), durationText(report.seconds),
                             sizeText(static_cast<std::uint64_t>(speed)));
    if (report.resumedLayers > 0)
        detail += tr(" · %1 taken over from before").arg(countText(report.resumedLayers));
    double worst = 0;
    const LayerReport* worstLayer = nullptr;
    for (const LayerReport& layer : report.layers)
        if (layer.relativeError && (worstLayer == nullptr || *layer.relativeError > worst)) {
            worst = *layer.relativeError;
            worstLayer = &layer;
        }
    if (worstLayer != nullptr)
        m_log->appendPlainText(tr("Largest relative error: %1 % in %2")
                                   .arg(QLocale().toString(100 * worst, 'f', 2), toQt(worstLayer->name)));
    endWith(tr("Exported %1").arg(QFileInfo(fromPath(report.path)).fileName()), detail);
}

void ExportPanel::showVerified(const VerifyReport& report)
{
    const VerifiedLayer* worst = nullptr;
    for (const VerifiedLayer& layer : report.layers) {
        if (!layer.problem.empty())
            m_log->appendPlainText(tr("Problem: ")
                + QStringLiteral("%1: %2").arg(toQt(layer.name), sentenceText(layer.problem)));
        if (layer.relativeError && (worst == nullptr || *layer.relativeError > *worst->relativeError))
            worst = &layer;
    }
    for (const Sentence& problem : report.problems)
        m_log->appendPlainText(tr("Problem: ") + asSentence(sentenceText(problem)));
    if (!report.passed()) {
        m_status->setText(tr("Written, but the check found problems"));
        m_detail->setText(tr("%n layer(s) do not decode as they should; see the log below.", nullptr,
            static_cast<int>(report.failedLayers)));
        return;
    }
    const QString layers
        = tr("Verified: %n layer(s) read back and decoded", nullptr, static_cast<int>(report.layers.size()));
    const QString error = worst == nullptr
        ? QString()
        : tr("; largest error %1 in %2").arg(percentText(*worst->relativeError), toQt(worst->name));
    m_log->appendPlainText(layers + error);
    m_detail->setText(QStringLiteral("%1\n%2").arg(m_detail->text(), layers + error));
}

void ExportPanel::fail(const Error& error)
{
    if (error.code == ErrorCode::Cancelled)
        endWith(tr("Cancelled"),
            tr("Nothing was written under the final name. Finished layers are kept: choose "
               "“Continue an interrupted export” to go on."));
    else
        endWith(errorSentence(error), hintSentence(error));
}

void ExportPanel::endWith(const QString& status, const QString& detail)
{
    m_status->setText(status);
    m_detail->setText(detail);
    m_log->appendPlainText(status + (detail.isEmpty() ? QString() : QLatin1Char('\n') + detail));
}

} // namespace mantissa::ui
