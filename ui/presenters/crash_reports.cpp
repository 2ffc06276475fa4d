// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/crash_reports.h"

#include "ui/state_file.h"
#include "ui/text.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>

#include <algorithm>

namespace mantissa::ui {

namespace {
const QString kShownKey = QStringLiteral("crash/shown"); ///< when the newest one that was offered was written
constexpr qint64 kMostBytes = 1 << 20;
constexpr int kMostReports = 50;
} // namespace

CrashReports::CrashReports(QString folder, QObject* parent)
    : QObject(parent)
    , m_folder(std::move(folder))
{ }

void CrashReports::look()
{
    m_job.start<QList<CrashReport>>(
        [folder = m_folder](const JobContext&) -> Result<QList<CrashReport>> {
            QList<CrashReport> found;
            const QFileInfoList files = QDir(folder).entryInfoList(
                {QStringLiteral("crash-*.txt")}, QDir::Files | QDir::NoSymLinks, QDir::Time);
            for (const QFileInfo& file : files.mid(0, kMostReports))
                if (const auto text = readWhole(file.absoluteFilePath(), kMostBytes))
                    found << CrashReport{
                        file.absoluteFilePath(), QString::fromUtf8(*text), file.lastModified()};
            return found;
        },
        [this](const Result<QList<CrashReport>>& found) {
            if (!found)
                return;
            m_reports = *found;
            Q_EMIT changed();
            if (m_reports.isEmpty())
                return;
            const qint64 newest = m_reports.front().when.toMSecsSinceEpoch();
            if (newest <= QSettings().value(kShownKey).toLongLong())
                return;
            QSettings().setValue(kShownKey, newest);
            Q_EMIT appeared(m_reports.front());
        });
}

void CrashReports::remove(const QString& file)
{
    m_remover.start<bool>(
        [file](const JobContext&) -> Result<bool> {
            if (!QFile::remove(file) && QFile::exists(file))
                return tl::unexpected(
                    Error{ErrorCode::System, "the crash report cannot be removed", toStd(file), {}});
            return true;
        },
        [this, file](const Result<bool>& done) {
            if (!done) {
                Q_EMIT failed(done.error());
                return;
            }
            m_reports.removeIf([&](const CrashReport& report) { return report.file == file; });
            Q_EMIT changed();
        });
}

} // namespace mantissa::ui
