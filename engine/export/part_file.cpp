// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/part_file.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <mutex>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace mantissa {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kJournalMagic = "mantissa-journal-1";
/// A flush is worth its wait after this much, or after kFlushInterval.
constexpr std::uint64_t kFlushBytes = std::uint64_t{64} << 20;
constexpr std::chrono::milliseconds kFlushInterval{500};

class Descriptor {
public:
    explicit Descriptor(int fd = -1)
        : m_fd(fd)
    { }
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Descriptor(Descriptor&& other) noexcept
        : m_fd(std::exchange(other.m_fd, -1))
    { }
    Descriptor& operator=(Descriptor&& other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    int get() const { return m_fd; }

private:
    int m_fd;
};

tl::unexpected<Error> systemError(std::string_view what, const fs::path& path, int error)
{
    Error result{ErrorCode::System, fmt::format("{}: {}", what, std::strerror(error)), path.string(), {}};
    if (error == ENOSPC || error == EDQUOT)
        result.hint = "free some space on that disk, or choose another folder for the output";
    else if (error == EACCES || error == EPERM || error == EROFS)
        result.hint = "choose a folder that you may write to";
    return tl::unexpected(std::move(result));
}

std::string headerLine(const PartFileOptions& options)
{
    return fmt::format("{} {} {}\n", kJournalMagic, options.bytes, options.fingerprint);
}

struct Journal {
    std::vector<std::size_t> items; ///< ascending
    std::size_t bytes = 0; ///< up to the last whole line: a crash may have torn the one after it
};

/// A journal that fits; nothing where it belongs to other work.
std::optional<Journal> readJournal(const PartFileOptions& options)
{
    std::ifstream in(journalPath(options.target), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const std::string header = headerLine(options);
    if (!text.starts_with(header))
        return std::nullopt;
    Journal journal;
    std::vector<std::size_t>& items = journal.items;
    std::size_t begin = header.size();
    for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
        std::size_t item = 0;
        const auto [stop, error] = std::from_chars(text.data() + begin, text.data() + end, item);
        if (error == std::errc{} && stop == text.data() + end)
            items.push_back(item);
    }
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
    journal.bytes = begin;
    return journal;
}

Status checkTarget(const PartFileOptions& options)
{
    std::error_code ec;
    const fs::file_status target = fs::status(options.target, ec);
    if (fs::is_directory(target))
        return tl::unexpected(Error{
            ErrorCode::Usage, "the output is a folder", options.target.string(), "name a file inside it"});
    if (fs::exists(target) && !fs::is_regular_file(target))
        return tl::unexpected(Error{ErrorCode::Usage, "the output exists and is not a regular file",
            options.target.string(), "name another file"});
    if (fs::exists(target) && !options.overwrite)
        return tl::unexpected(Error{ErrorCode::Usage, "the output exists already", options.target.string(),
            "add --overwrite to replace it, or name another file"});
    const fs::path folder = options.target.has_parent_path() ? options.target.parent_path() : fs::path(".");
    if (!fs::is_directory(folder, ec))
        return tl::unexpected(Error{ErrorCode::System, "the folder of the output does not exist",
            folder.string(), "create it first"});
    return {};
}

Status checkSpace(const PartFileOptions& options)
{
    const fs::path folder = options.target.has_parent_path() ? options.target.parent_path() : fs::path(".");
    struct statvfs disk { };
    if (::statvfs(folder.c_str(), &disk) != 0)
        return {}; // cannot be known here; a full disk is still caught while writing
    struct stat part { };
    const bool keeps = options.resume && ::stat(partPath(options.target).c_str(), &part) == 0;
    const std::uint64_t held = keeps ? static_cast<std::uint64_t>(part.st_blocks) * 512 : 0;
    const std::uint64_t available = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize + held;
    if (available < options.bytes)
        return tl::unexpected(Error{ErrorCode::System,
            fmt::format("the output needs {} bytes, but only {} are free there", options.bytes, available),
            folder.string(), "free some space on that disk, or choose another folder for the output"});
    return {};
}

} // namespace

fs::path partPath(const fs::path& target)
{
    return fs::path(target).concat(".part");
}
fs::path journalPath(const fs::path& target)
{
    return fs::path(target).concat(".part.journal");
}

struct PartFile::Impl {
    PartFileOptions options;
    Descriptor part, journal;
    std::vector<std::size_t> finished;
    bool closed = false; ///< committed or discarded

    std::mutex mutex;
    std::condition_variable wake;
    std::vector<std::size_t> pending;
    std::uint64_t unsynced = 0;
    bool stopping = false;
    std::optional<Error> flushError;
    std::thread flusher;

    void runFlusher()
    {
        std::unique_lock lock(mutex);
        while (!stopping) {
            wake.wait_for(lock, kFlushInterval, [this] { return stopping || unsynced >= kFlushBytes; });
            if (!pending.empty())
                flush(lock);
        }
    }

    /// Data first, then the lines that promise it.
    void flush(std::unique_lock<std::mutex>& lock)
    {
        std::vector<std::size_t> items;
        items.swap(pending);
        unsynced = 0;
        lock.unlock();
        std::string lines;
        for (const std::size_t item : items)
            lines += fmt::format("{}\n", item);
        const bool good = ::fdatasync(part.get()) == 0
            && ::write(journal.get(), lines.data(), lines.size()) == static_cast<ssize_t>(lines.size())
            && ::fdatasync(journal.get()) == 0;
        const int error = errno;
        lock.lock();
        if (!good && !flushError)
            flushError = systemError(
                "the journal of the export could not be written", journalPath(options.target), error)
                             .value();
    }

    void stopFlusher()
    {
        if (!flusher.joinable())
            return;
        {
            const std::scoped_lock lock(mutex);
            stopping = true;
        }
        wake.notify_all();
        flusher.join();
    }
};

PartFile::PartFile(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
    m_impl->flusher = std::thread([state = m_impl.get()] { state->runFlusher(); });
}

PartFile::~PartFile()
{
    m_impl->stopFlusher();
    if (m_impl->closed)
        return;
    std::unique_lock lock(m_impl->mutex);
    if (!m_impl->pending.empty())
        m_impl->flush(lock);
}

Result<std::unique_ptr<PartFile>> PartFile::create(const PartFileOptions& options)
{
    if (Status status = checkTarget(options); !status)
        return forward(std::move(status));
    const fs::path part = partPath(options.target), journal = journalPath(options.target);
    std::error_code ec;
    if (fs::exists(fs::symlink_status(part, ec)) && !fs::exists(journal, ec))
        return tl::unexpected(Error{ErrorCode::Usage,
            "a file of the name that the unfinished output would have exists, "
            "and no export of Mantissa left it there",
            part.string(), "move it away, or name another output"});
    if (Status status = checkSpace(options); !status)
        return forward(std::move(status));

    auto impl = std::make_unique<Impl>();
    impl->options = options;
    impl->journal
        = Descriptor(::open(journal.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (impl->journal.get() < 0)
        return systemError("the output cannot be created", journal, errno);
    if (::flock(impl->journal.get(), LOCK_EX | LOCK_NB) != 0)
        return tl::unexpected(Error{ErrorCode::System, "another export is writing this output",
            options.target.string(), "wait for it, or name another output"});
    std::optional<Journal> finished;
    if (options.resume)
        finished = readJournal(options);
    impl->part = Descriptor(::open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (impl->part.get() < 0)
        return systemError("the output cannot be created", part, errno);
    if (finished) {
        impl->finished = std::move(finished->items);
        if (::ftruncate(impl->journal.get(), static_cast<off_t>(finished->bytes)) != 0)
            return systemError("the journal of the export could not be written", journal, errno);
    } else {
        const std::string header = headerLine(options);
        if (::ftruncate(impl->part.get(), 0) != 0 || ::ftruncate(impl->journal.get(), 0) != 0
            || ::write(impl->journal.get(), header.data(), header.size())
                != static_cast<ssize_t>(header.size()))
            return systemError("the output cannot be created", part, errno);
    }
    if (::ftruncate(impl->part.get(), static_cast<off_t>(options.bytes)) != 0) {
        const int error = errno;
        std::unique_ptr<PartFile> file(new PartFile(std::move(impl)));
        file->discard();
        return systemError("the output cannot be created", part, error);
    }
    return std::unique_ptr<PartFile>(new PartFile(std::move(impl)));
}

const std::vector<std::size_t>& PartFile::finishedItems() const
{
    return m_impl->finished;
}

Status PartFile::write(std::uint64_t offset, std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t n
            = ::pwrite(m_impl->part.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return systemError(
                "the output could not be written", partPath(m_impl->options.target), n < 0 ? errno : ENOSPC);
        offset += static_cast<std::uint64_t>(n);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
        const std::scoped_lock lock(m_impl->mutex);
        m_impl->unsynced += static_cast<std::uint64_t>(n);
    }
    return {};
}

void PartFile::itemDone(std::size_t item)
{
    bool flush = false;
    {
        const std::scoped_lock lock(m_impl->mutex);
        m_impl->pending.push_back(item);
        flush = m_impl->unsynced >= kFlushBytes;
    }
    if (flush)
        m_impl->wake.notify_one();
}

Status PartFile::commit()
{
    m_impl->stopFlusher();
    if (m_impl->flushError)
        return tl::unexpected(*m_impl->flushError);
    const fs::path& target = m_impl->options.target;
    const fs::path part = partPath(target);
    if (::fsync(m_impl->part.get()) != 0)
        return systemError("the output could not be written to the disk", part, errno);
    const unsigned flags = m_impl->options.overwrite ? 0 : RENAME_NOREPLACE;
    int renamed = ::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, target.c_str(), flags);
    if (renamed != 0 && errno == EINVAL) // a file system without RENAME_NOREPLACE
        renamed = ::link(part.c_str(), target.c_str()) == 0 ? ::unlink(part.c_str()) : -1;
    if (renamed != 0 && errno == EEXIST)
        return tl::unexpected(Error{ErrorCode::Usage, "another program made the output meanwhile",
            target.string(), "add --overwrite to replace it; what was converted is kept for --resume"});
    if (renamed != 0)
        return systemError("the finished output could not be renamed", target, errno);
    m_impl->closed = true;
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() >= 0)
        ::fsync(directory.get());
    ::unlink(journalPath(target).c_str());
    return {};
}

void PartFile::discard()
{
    m_impl->stopFlusher();
    m_impl->closed = true;
    ::unlink(partPath(m_impl->options.target).c_str());
    ::unlink(journalPath(m_impl->options.target).c_str());
}

} // namespace mantissa
