// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/log_panel.h"

#include "ui/widgets/action_button.h"
#include "ui/widgets/table_panel.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mantissa::ui {

namespace {

/// Lets through what is of the job, at least of a level, and holds the words.
class LogFilter : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    /// `job` empty: of all jobs.
    void set(const QString& job, LogLevel least, const QString& words)
    {
        m_job = job;
        m_least = static_cast<int>(least);
        m_words = words;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        if (sourceModel()->index(row, 0, parent).data(LogModel::LevelRole).toInt() < m_least)
            return false;
        if (!m_job.isEmpty() && sourceModel()->index(row, LogModel::Job, parent).data().toString() != m_job)
            return false;
        for (const int column : {LogModel::Job, LogModel::Text, LogModel::LayerName})
            if (sourceModel()
                    ->index(row, column, parent)
                    .data()
                    .toString()
                    .contains(m_words, Qt::CaseInsensitive))
                return true;
        return false;
    }

private:
    int m_least = static_cast<int>(LogLevel::Info);
    QString m_job, m_words;
};

} // namespace

LogPanel::LogPanel(LogModel& model, QAction* save, QWidget* parent)
    : QWidget(parent)
    , m_model(model)
    , m_proxy(new LogFilter(this))
    , m_job(new QComboBox(this))
    , m_level(new QComboBox(this))
    , m_filter(new QLineEdit(this))
{
    setObjectName(QStringLiteral("logPanel"));
    setAccessibleName(tr("Log"));
    m_proxy->setSourceModel(&m_model);
    m_table = makeTable(QStringLiteral("logTable"), tr("Messages"), m_proxy, LogModel::Text, this);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_job->setObjectName(QStringLiteral("logJob"));
    m_job->setAccessibleName(tr("Messages of which job"));
    m_job->setToolTip(m_job->accessibleName());
    m_job->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_job->setMinimumContentsLength(24);
    m_level->setObjectName(QStringLiteral("logLevel"));
    m_level->setAccessibleName(tr("Least level"));
    m_level->addItem(tr("Everything"), static_cast<int>(LogLevel::Debug));
    m_level->addItem(tr("Messages and warnings"), static_cast<int>(LogLevel::Info));
    m_level->addItem(tr("Warnings only"), static_cast<int>(LogLevel::Warning));
    m_level->setCurrentIndex(1);
    m_filter->setObjectName(QStringLiteral("logFilter"));
    m_filter->setAccessibleName(tr("Search the log"));
    m_filter->setPlaceholderText(tr("Search messages, jobs and layers"));
    m_filter->setClearButtonEnabled(true);
    auto* copyButton = iconButton(
        QStringLiteral("logCopy"), QStringLiteral("file"), tr("Copy the selected messages, or all"), this);
    auto* clear = iconButton(QStringLiteral("logClear"), QStringLiteral("clear"), tr("Empty the log"), this);
    auto* head = new QHBoxLayout;
    head->addWidget(m_job);
    head->addWidget(m_level);
    head->addWidget(m_filter, 1);
    head->addWidget(copyButton);
    head->addWidget(clear);
    head->addWidget(actionButton(save, QStringLiteral("logSave"), tr("Save…"), this));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(m_table, 1);

    const auto refilter = [this] {
        static_cast<LogFilter*>(m_proxy)->set(m_job->currentData().toString(),
            static_cast<LogLevel>(m_level->currentData().toInt()), m_filter->text().trimmed());
    };
    listJobs();
    connect(&m_model, &LogModel::jobsChanged, this, &LogPanel::listJobs);
    connect(m_job, &QComboBox::currentIndexChanged, this, refilter);
    connect(m_level, &QComboBox::currentIndexChanged, this, refilter);
    connect(m_filter, &QLineEdit::textChanged, this, refilter);
    connect(copyButton, &QToolButton::clicked, this, &LogPanel::copy);
    connect(clear, &QToolButton::clicked, &m_model, &LogModel::clear);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex& index) {
        const QString layer = index.siblingAtColumn(LogModel::LayerName).data().toString();
        if (!layer.isEmpty())
            Q_EMIT layerRequested(layer);
    });
    // Follows the newest message while the end is in sight.
    connect(m_proxy, &QAbstractItemModel::rowsAboutToBeInserted, this, [this] {
        const QScrollBar* bar = m_table->verticalScrollBar();
        m_table->setProperty("atEnd", bar->value() == bar->maximum());
    });
    connect(m_proxy, &QAbstractItemModel::rowsInserted, this, [this] {
        if (m_table->property("atEnd").toBool())
            m_table->scrollToBottom();
    });
}

void LogPanel::listJobs()
{
    const QString chosen = m_job->currentData().toString();
    {
        const QSignalBlocker quiet(m_job); // the choice stays, so nothing is filtered anew
        m_job->clear();
        m_job->addItem(tr("All jobs"), QString());
        for (const QString& job : m_model.jobs())
            m_job->addItem(job, job);
        m_job->setCurrentIndex(std::max(0, m_job->findData(chosen)));
    }
    if (m_job->currentData().toString() != chosen) // its messages are gone
        Q_EMIT m_job->currentIndexChanged(m_job->currentIndex());
}

void LogPanel::copy() const
{
    QStringList lines;
    const auto add = [&](int row) {
        QStringList parts;
        for (int column = 0; column < LogModel::ColumnCount; ++column)
            parts << m_proxy->index(row, column).data().toString();
        lines << parts.join(QLatin1Char('\t'));
    };
    const QModelIndexList selected = m_table->selectionModel()->selectedRows();
    for (const QModelIndex& index : selected)
        add(index.row());
    for (int row = 0; selected.isEmpty() && row < m_proxy->rowCount(); ++row)
        add(row);
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace mantissa::ui
