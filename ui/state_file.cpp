// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/state_file.h"

#include "ui/settings.h"
#include "ui/text.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QSaveFile>

namespace mantissa::ui {

namespace {

constexpr qint64 kMostShared = 64 << 20;
constexpr int kLockMs = 5000; // another window writes a small file in less

Status apply(const QString& file, const QByteArray& content, const StateFile::Merge& merge)
{
    if (merge && !content.isNull()) {
        QDir().mkpath(QFileInfo(file).absolutePath());
        QLockFile lock(file + QStringLiteral(".lock"));
        lock.setStaleLockTime(0); // by process, not by age
        if (!lock.tryLock(kLockMs))
            return tl::unexpected(
                Error{ErrorCode::System, "another window holds the file", toStd(file), "close that window"});
        QByteArray onDisk;
        if (QFile::exists(file)) {
            auto read = readWhole(file, kMostShared);
            if (!read)
                return forward(std::move(read));
            onDisk = std::move(*read);
        }
        return writeWhole(file, merge(onDisk, content));
    }
    if (!content.isNull())
        return writeWhole(file, content);
    if (QFile::exists(file) && !QFile::remove(file))
        return tl::unexpected(Error{ErrorCode::System, "the file cannot be removed", toStd(file), {}});
    return {};
}

} // namespace

QString stateFolder()
{
    if (const QString portable = portableFolder(); !portable.isEmpty())
        return portable + QStringLiteral("/state");
    const QString wanted = qEnvironmentVariable("XDG_STATE_HOME");
    const QString base = wanted.isEmpty() ? QDir::homePath() + QStringLiteral("/.local/state") : wanted;
    return base + QStringLiteral("/mantissa");
}

Status writeWhole(const QString& file, const QByteArray& content)
{
    QDir().mkpath(QFileInfo(file).absolutePath());
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size() || !out.commit())
        return tl::unexpected(
            Error{ErrorCode::System, sentence("the file cannot be written: {}", toStd(out.errorString())),
                toStd(file), "choose another folder"});
    return {};
}

Result<QByteArray> readWhole(const QString& name, qint64 limit)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(Error{ErrorCode::System,
            sentence("the file cannot be read: {}", toStd(file.errorString())), toStd(name), {}});
    QByteArray text = file.read(limit + 1);
    if (text.size() > limit)
        return tl::unexpected(
            Error{ErrorCode::InvalidInput, "the file is too large for what it should be", toStd(name), {}});
    return text;
}

StateFile::StateFile(QString file, QObject* parent)
    : QObject(parent)
    , m_file(std::move(file))
{ }

StateFile::~StateFile()
{
    // Nothing is delivered any more, so what waits is written here: the window is closing. The controller's
    // own destructor would come too late for the order of the two.
    if (!m_waiting)
        return;
    m_job.waitForEnd();
    const Status ignored = apply(m_file, *m_waiting, m_merge);
    static_cast<void>(ignored);
}

void StateFile::write(QByteArray content)
{
    write(std::move(content), {});
}

void StateFile::write(QByteArray content, Merge merge)
{
    m_merge = std::move(merge);
    m_waiting = content.isNull() ? QByteArray("") : std::move(content);
    if (!m_job.isRunning())
        next();
}

void StateFile::remove()
{
    m_waiting = QByteArray();
    if (!m_job.isRunning())
        next();
}

void StateFile::next()
{
    if (!m_waiting)
        return;
    const QByteArray content = *std::exchange(m_waiting, std::nullopt);
    m_job.start<bool>(
        [file = m_file, content, merge = m_merge](const JobContext&) -> Result<bool> {
            Status done = apply(file, content, merge);
            if (!done)
                return forward(std::move(done));
            return true;
        },
        [this](Result<bool> done) {
            if (!done)
                Q_EMIT failed(done.error());
            next();
        });
}

} // namespace mantissa::ui
