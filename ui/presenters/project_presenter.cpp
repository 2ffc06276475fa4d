// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/project_presenter.h"

#include "ui/suggested_file.h"
#include "ui/text.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QUuid>

namespace mantissa::ui {

namespace {

constexpr int kJournalDelayMs = 400; // a burst of edits is one entry
const QString kJournals = QStringLiteral("journal-*.mantissa");

struct Recovery {
    std::shared_ptr<QLockFile> lock;
    QString file;
    std::optional<Project> project;
};

std::unique_ptr<QLockFile> lockOf(const QString& journal)
{
    auto lock = std::make_unique<QLockFile>(journal + QStringLiteral(".lock"));
    lock->setStaleLockTime(0); // by process, not by age
    return lock;
}

} // namespace

ProjectPresenter::ProjectPresenter(PlanDocument& document, OpenPresenter& opener,
    CalibrationPresenter& calibration, QString folder, std::function<QByteArray()> window,
    std::function<QJsonObject()> judgements, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_opener(opener)
    , m_calibration(calibration)
    , m_folder(std::move(folder))
    , m_window(std::move(window))
    , m_judgements(std::move(judgements))
    , m_journal(std::make_unique<StateFile>(m_folder
          + QStringLiteral("/journal-%1.mantissa").arg(QUuid::createUuid().toString(QUuid::WithoutBraces))))
{
    m_delay.setSingleShot(true);
    m_delay.setInterval(kJournalDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &ProjectPresenter::writeJournal);
    connect(&m_document, &PlanDocument::planChanged, &m_delay, qOverload<>(&QTimer::start));
    connect(&m_calibration, &CalibrationPresenter::statisticsChanged, &m_delay, qOverload<>(&QTimer::start));
    connect(m_document.undoStack(), &QUndoStack::cleanChanged, &m_delay, qOverload<>(&QTimer::start));
    connect(&m_document, &PlanDocument::modelChanged, this, [this] {
        if (!m_pending)
            m_file.clear(); // another file is another project
        readRecord();
    });
    connect(&m_opener, &OpenPresenter::openEnded, this, &ProjectPresenter::takeOver);
}

ProjectPresenter::~ProjectPresenter()
{
    m_journal->remove();
    m_journal.reset(); // waits until it is gone
    m_lock.reset();
}

Project ProjectPresenter::current() const
{
    Project project;
    project.source = m_document.file();
    for (const SourceFile& file : m_document.model()->source->info().files)
        project.bytes += file.bytes;
    project.overrides = m_document.overrides();
    project.plan = m_document.plan();
    project.statistics = m_calibration.statistics().file;
    project.parts = m_document.parts();
    project.window = m_window();
    project.judgements = m_judgements();
    return project;
}

void ProjectPresenter::writeJournal()
{
    if (m_document.isEmpty())
        return;
    if (!m_document.isModified()) {
        m_journal->remove(); // there is nothing to lose
        return;
    }
    if (!m_lock) {
        QDir().mkpath(m_folder);
        m_lock = lockOf(m_journal->path());
        m_lock->tryLock(0);
    }
    Project project = current();
    project.saved = QDateTime::currentDateTimeUtc();
    m_journal->write(toJson(project, m_folder));
}

QString ProjectPresenter::suggestedFile() const
{
    return !m_file.isEmpty() || m_document.isEmpty()
        ? m_file
        : ui::suggestedFile(m_document.file(), QLatin1Char('.') + kProjectSuffix);
}

void ProjectPresenter::open(const QString& file)
{
    m_job.start<Project>([file](const JobContext&) { return readProject(file); },
        [this, file](Result<Project> project) {
            if (!project) {
                Q_EMIT failed(file, project.error());
                return;
            }
            openProject(std::move(*project), false);
            m_file = file;
        });
}

void ProjectPresenter::openProject(Project project, bool asModified)
{
    m_file.clear();
    m_pending = std::move(project);
    m_pendingModified = asModified;
    m_opener.openWith(m_pending->source, m_pending->overrides, m_pending->plan, m_pending->catalogue);
}

void ProjectPresenter::takeOver()
{
    if (!m_pending)
        return;
    const Project project = *std::exchange(m_pending, std::nullopt);
    if (m_document.isEmpty() || m_document.file() != project.source) { // it did not open
        m_file.clear();
        return;
    }
    m_document.setParts(project.parts);
    if (!project.statistics.isEmpty())
        m_calibration.openStatistics(project.statistics);
    if (m_pendingModified)
        m_document.undoStack()->resetClean();
    Q_EMIT opened(project);
}

void ProjectPresenter::save(const QString& file)
{
    if (m_document.isEmpty())
        return;
    m_saveJob.start<bool>(
        [file, project = current(), source = m_document.model()->source](
            const JobContext&) mutable -> Result<bool> {
            project.catalogue = catalogueHash(*source);
            Status written = writeWhole(file, toJson(project, QFileInfo(file).absolutePath()));
            if (!written)
                return forward(std::move(written));
            return true;
        },
        [this, file](Result<bool> done) {
            if (!done) {
                Q_EMIT failed(file, done.error());
                return;
            }
            m_file = file;
            m_document.undoStack()->setClean();
            Q_EMIT saved(file);
        });
}

void ProjectPresenter::lookForJournals()
{
    const QString own = m_journal->path();
    m_recoveryJob.start<Recovery>(
        [folder = m_folder, own](const JobContext&) -> Result<Recovery> {
            Recovery found;
            const QFileInfoList journals = QDir(folder).entryInfoList({kJournals}, QDir::Files, QDir::Time);
            for (const QFileInfo& journal : journals) {
                if (journal.absoluteFilePath() == own)
                    continue;
                std::shared_ptr<QLockFile> lock = lockOf(journal.absoluteFilePath());
                if (!lock->tryLock(0))
                    continue; // a window that is open
                auto project = readProject(journal.absoluteFilePath());
                if (!project)
                    continue;
                found = {std::move(lock), journal.absoluteFilePath(), std::move(*project)};
                break; // the newest
            }
            return found;
        },
        [this](Result<Recovery> found) {
            if (!found || !found->project)
                return;
            m_recoveryLock = std::move(found->lock);
            m_recoveryFile = found->file;
            m_recovery = std::move(found->project);
            Q_EMIT recoveryFound(*m_recovery);
        });
}

void ProjectPresenter::restore()
{
    if (!m_recovery)
        return;
    openProject(*m_recovery, true);
    discardRecovery(); // our own journal has it from now on
}

void ProjectPresenter::discardRecovery()
{
    m_recovery.reset();
    m_recoveryJob.start<bool>(
        [file = std::exchange(m_recoveryFile, {}), lock = std::exchange(m_recoveryLock, nullptr)](
            const JobContext&) -> Result<bool> { return file.isEmpty() || QFile::remove(file); },
        [](const Result<bool>&) {});
}

void ProjectPresenter::readRecord()
{
    m_record.reset();
    m_recordedSource.clear();
    Q_EMIT recordChanged();
    struct Found {
        std::optional<ExportRecord> record;
        QString source;
    };
    m_recordJob.start<Found>(
        [model = m_document.model(), file = m_document.file()](const JobContext&) -> Result<Found> {
            auto record = readProvenance(model->source->info());
            if (!record)
                return forward(std::move(record));
            Found found{std::move(*record), {}};
            if (!found.record)
                return found;
            const QFileInfo beside(
                QFileInfo(file).absolutePath() + QLatin1Char('/') + toQt(found.record->sourceName));
            if (beside.exists() && beside.canonicalFilePath() != QFileInfo(file).canonicalFilePath())
                found.source = beside.absoluteFilePath();
            return found;
        },
        [this, model = m_document.model()](Result<Found> found) {
            if (!found || model != m_document.model() || !found->record)
                return;
            m_record = std::move(found->record);
            m_recordedSource = found->source;
            Q_EMIT recordChanged();
        });
}

void ProjectPresenter::continueFrom(const QString& source)
{
    if (!m_record)
        return;
    Project project;
    project.source = QFileInfo(source).absoluteFilePath();
    project.plan = m_record->plan;
    openProject(std::move(project), true);
}

} // namespace mantissa::ui
