// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/part_file.h"

#include "engine/base/shortage.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <map>
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

constexpr std::string_view kJournalMagic = "mantissa-journal-2";
/// Items are taken over in pieces of this size.
constexpr std::size_t kMoveBytes = std::size_t{4} << 20;
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

tl::unexpected<Error> systemError(const Sentence& what, const fs::path& path, int error)
{
    Error result{ErrorCode::System, sentence("{}: {}", what, std::strerror(error)), path.string(), {}};
    if (error == ENOSPC || error == EDQUOT)
        result.hint = kDiskHint;
    else if (error == EACCES || error == EPERM || error == EROFS)
        result.hint = "choose a folder that you may write to";
    return tl::unexpected(std::move(result));
}

std::string headerLine(const PartFileOptions& options)
{
    return fmt::format("{} {} {}\n", kJournalMagic, options.bytes, options.fingerprint);
}

struct Journal {
    bool sameWork = false; ///< else only `kept` counts
    std::vector<std::size_t> items; ///< ascending
    std::map<std::string, std::vector<ByteRange>, std::less<>> kept; ///< by key: where finished items are
    std::size_t bytes = 0; ///< up to the last whole line: a crash may have torn the one after it
};

/// "17", or with what it takes to find the item in other work: "17 key 4096+512 8192+64".
std::string itemLine(std::size_t item, const PartFileOptions& options)
{
    std::string line = fmt::format("{}", item);
    if (item < options.items.size() && !options.items[item].key.empty()) {
        line += " " + options.items[item].key;
        for (const ByteRange& range : options.items[item].ranges)
            line += fmt::format(" {}+{}", range.offset, range.bytes);
    }
    return line + "\n";
}

void readLine(std::string_view line, Journal& journal)
{
    const auto number = [&line](auto& value) {
        const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), value);
        line.remove_prefix(static_cast<std::size_t>(stop - line.data()));
        return error == std::errc{};
    };
    std::size_t item = 0;
    if (!number(item) || (!line.empty() && line.front() != ' '))
        return;
    journal.items.push_back(item);
    if (line.empty())
        return;
    line.remove_prefix(1);
    const std::string_view key = line.substr(0, line.find(' '));
    line.remove_prefix(key.size());
    std::vector<ByteRange> ranges;
    while (!line.empty()) {
        ByteRange range;
        line.remove_prefix(1);
        if (!number(range.offset) || line.empty() || line.front() != '+')
            return;
        line.remove_prefix(1);
        if (!number(range.bytes) || (!line.empty() && line.front() != ' '))
            return;
        ranges.push_back(range);
    }
    journal.kept.insert_or_assign(std::string(key), std::move(ranges));
}

/// Nothing where there is no journal of this version.
std::optional<Journal> readJournal(const PartFileOptions& options)
{
    std::ifstream in(journalPath(options.target), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    if (!text.starts_with(fmt::format("{} ", kJournalMagic)))
        return std::nullopt;
    Journal journal;
    journal.sameWork = text.starts_with(headerLine(options));
    std::size_t begin = text.find('\n');
    begin = begin == std::string::npos ? text.size() : begin + 1;
    for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
        readLine(std::string_view(text).substr(begin, end - begin), journal);
    std::sort(journal.items.begin(), journal.items.end());
    journal.items.erase(std::unique(journal.items.begin(), journal.items.end()), journal.items.end());
    journal.bytes = begin;
    return journal;
}

/// An item of this work and where other work left its bytes.
struct Move {
    std::size_t item = 0;
    std::vector<ByteRange> from;
};

std::vector<Move> movesFrom(const Journal& journal, const PartFileOptions& options)
{
    std::vector<Move> moves;
    for (std::size_t i = 0; i < options.items.size(); ++i) {
        const PartItem& item = options.items[i];
        const auto known = item.key.empty() ? journal.kept.end() : journal.kept.find(item.key);
        if (known != journal.kept.end()
            && std::equal(item.ranges.begin(), item.ranges.end(), known->second.begin(), known->second.end(),
                [](const ByteRange& a, const ByteRange& b) { return a.bytes == b.bytes; }))
            moves.push_back({i, known->second});
    }
    return moves;
}

/// False where the bytes cannot be had: the item is then made again.
bool moveBytes(int from, int to, std::uint64_t source, ByteRange target, std::vector<char>& buffer)
{
    while (target.bytes > 0) {
        buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kMoveBytes, target.bytes)));
        const ssize_t got = ::pread(from, buffer.data(), buffer.size(), static_cast<off_t>(source));
        if (got <= 0
            || ::pwrite(to, buffer.data(), static_cast<std::size_t>(got), static_cast<off_t>(target.offset))
                != got)
            return false;
        source += static_cast<std::uint64_t>(got);
        target.offset += static_cast<std::uint64_t>(got);
        target.bytes -= static_cast<std::uint64_t>(got);
    }
    return true;
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
    // Whoever does not resume empties the part; other work's part is replaced in the end.
    const bool keeps = ::stat(partPath(options.target).c_str(), &part) == 0;
    const std::uint64_t held = keeps ? static_cast<std::uint64_t>(part.st_blocks) * 512 : 0;
    const std::uint64_t available = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize + held;
    if (available < options.bytes)
        return tl::unexpected(Error{ErrorCode::System,
            sentence("the output needs {} bytes, but only {} are free there", options.bytes, available),
            folder.string(), std::string(kDiskHint)});
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
            // One item may write more than that before it is done: unsynced must fall then too, or the wait
            // above would be none, with the lock held.
            if (!pending.empty() || unsynced >= kFlushBytes)
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
            lines += itemLine(item, options);
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

    Status start(std::optional<Journal> known);
    Status takeOver(const Journal& other, const fs::path& partFile, const fs::path& journalFile);

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

/// With journal and part open: goes on where the journal fits, else starts anew.
Status PartFile::Impl::start(std::optional<Journal> known)
{
    const fs::path partFile = partPath(options.target), journalFile = journalPath(options.target);
    if (known && !known->sameWork) {
        if (Status status = takeOver(*known, partFile, journalFile); !status)
            return status;
        if (!finished.empty())
            return {};
        known.reset();
    }
    if (known) {
        finished = std::move(known->items);
        if (::ftruncate(journal.get(), static_cast<off_t>(known->bytes)) != 0)
            return systemError("the journal of the export could not be written", journalFile, errno);
        return {};
    }
    const std::string header = headerLine(options);
    if (::ftruncate(part.get(), 0) != 0 || ::ftruncate(journal.get(), 0) != 0
        || ::write(journal.get(), header.data(), header.size()) != static_cast<ssize_t>(header.size()))
        return systemError("the output cannot be created", partFile, errno);
    return {};
}

/// Copies what other work finished into a new part beside the old one, then puts it in its place. A crash on
/// the way leaves the old part as it was, or, between the last steps, a part that nothing is believed of.
Status PartFile::Impl::takeOver(const Journal& other, const fs::path& partFile, const fs::path& journalFile)
{
    const std::vector<Move> moves = movesFrom(other, options);
    if (moves.empty())
        return {};
    const fs::path nextPart = fs::path(partFile).concat(".next"),
                   nextJournal = fs::path(journalFile).concat(".next");
    const auto giveUp = [&] {
        ::unlink(nextPart.c_str());
        ::unlink(nextJournal.c_str());
    };
    Descriptor newPart(::open(nextPart.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
    Descriptor newJournal(
        ::open(nextJournal.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (newPart.get() < 0 || newJournal.get() < 0 || ::flock(newJournal.get(), LOCK_EX | LOCK_NB) != 0) {
        giveUp();
        return {}; // all is made again
    }
    std::string text = headerLine(options);
    std::vector<std::size_t> taken;
    std::vector<char> buffer;
    for (const Move& move : moves) {
        if (options.cancelled && options.cancelled()) {
            giveUp();
            return fail(ErrorCode::Cancelled, "cancelled");
        }
        bool good = true;
        for (std::size_t i = 0; good && i < move.from.size(); ++i)
            good = moveBytes(
                part.get(), newPart.get(), move.from[i].offset, options.items[move.item].ranges[i], buffer);
        if (!good)
            continue;
        taken.push_back(move.item);
        text += itemLine(move.item, options);
    }
    const bool written = ::fdatasync(newPart.get()) == 0
        && ::write(newJournal.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())
        && ::fdatasync(newJournal.get()) == 0;
    // The old journal must not speak about the new part, nor the new one about the old part.
    if (taken.empty() || !written || ::ftruncate(journal.get(), 0) != 0
        || ::rename(nextPart.c_str(), partFile.c_str()) != 0
        || ::rename(nextJournal.c_str(), journalFile.c_str()) != 0) {
        giveUp();
        return {};
    }
    part = std::move(newPart);
    journal = std::move(newJournal);
    finished = std::move(taken);
    return {};
}

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
    std::optional<Journal> known;
    if (options.resume)
        known = readJournal(options);
    impl->part = Descriptor(::open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (impl->part.get() < 0)
        return systemError("the output cannot be created", part, errno);
    if (Status status = impl->start(std::move(known)); !status)
        return forward(std::move(status));
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
