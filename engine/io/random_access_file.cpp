// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/random_access_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mantissa {
namespace {

constexpr std::size_t kMostBytesPerCall = std::size_t{1} << 30; // Linux stops one read call at 2 GiB anyway

Sentence hintFor(int error)
{
    switch (error) {
    case ENOENT:
        return sentence("check the spelling of the path");
    case ENOTDIR:
        return sentence("a part of the path is a file, not a folder");
    case EACCES:
    case EPERM:
        return sentence("check the permissions of the file and of the folders above it");
    case EMFILE:
    case ENFILE:
        return sentence("too many files are open; close some or raise the limit with ulimit -n");
    case EIO:
        return sentence("the drive reported a fault; copy the file elsewhere or check the drive");
    case ELOOP:
        return sentence("the symbolic links of the path form a loop");
    default:
        return {};
    }
}

tl::unexpected<Error> systemError(const Sentence& what, const std::filesystem::path& path, int error)
{
    Error result{ErrorCode::System, sentence("{}: {}", what, std::strerror(error)), path.string(), {}};
    result.hint = hintFor(error);
    return tl::unexpected<Error>(std::move(result));
}

/// Nothing for a regular file, else what the thing is.
std::string_view specialKind(mode_t mode)
{
    if (S_ISREG(mode))
        return {};
    if (S_ISDIR(mode))
        return "a directory";
    if (S_ISFIFO(mode))
        return "a named pipe";
    if (S_ISSOCK(mode))
        return "a socket";
    return "a device";
}

tl::unexpected<Error> notRegular(std::string_view kind, const std::filesystem::path& path)
{
    return tl::unexpected<Error>(Error{ErrorCode::InvalidInput,
        sentence("a file is needed here, but this is {}", kind), path.string(), "name a checkpoint file"});
}

} // namespace

Result<std::shared_ptr<const RandomAccessFile>> RandomAccessFile::open(const std::filesystem::path& path)
{
    // O_NONBLOCK: opening a FIFO without a writer would otherwise wait for ever. It means nothing for regular
    // files.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) {
        const int error = errno;
        struct stat status { };
        // Sockets cannot be opened at all; say what they are instead of the system's "no such device".
        if (error == ENXIO && ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
            return notRegular(specialKind(status.st_mode), path);
        return systemError("the file cannot be opened", path, error);
    }
    struct stat status { };
    if (::fstat(descriptor, &status) != 0) {
        const int error = errno;
        ::close(descriptor);
        return systemError("the file cannot be examined", path, error);
    }
    if (const std::string_view kind = specialKind(status.st_mode); !kind.empty()) {
        ::close(descriptor);
        return notRegular(kind, path);
    }
    const std::int64_t modifiedNs
        = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + std::int64_t{status.st_mtim.tv_nsec};
    return std::shared_ptr<const RandomAccessFile>(
        new RandomAccessFile(path, descriptor, static_cast<std::uint64_t>(status.st_size), modifiedNs));
}

RandomAccessFile::RandomAccessFile(
    std::filesystem::path path, int descriptor, std::uint64_t size, std::int64_t modifiedNs)
    : m_path(std::move(path))
    , m_descriptor(descriptor)
    , m_size(size)
    , m_modifiedNs(modifiedNs)
{ }

RandomAccessFile::~RandomAccessFile()
{
    ::close(m_descriptor);
}

Status RandomAccessFile::read(std::uint64_t offset, std::span<std::byte> dst) const
{
    if (offset > m_size || dst.size() > m_size - offset)
        return tl::unexpected<Error>(Error{ErrorCode::InvalidInput,
            sentence("the file ends at byte {} where {} more bytes are expected", m_size, dst.size()),
            place(offset), "the file is incomplete; download or copy it again"});
    while (!dst.empty()) {
        const std::size_t wanted = std::min(dst.size(), kMostBytesPerCall);
        const ssize_t got = ::pread(m_descriptor, dst.data(), wanted, static_cast<off_t>(offset));
        if (got < 0) {
            if (errno == EINTR)
                continue;
            auto error = systemError("the file cannot be read", m_path, errno);
            error.value().where = place(offset);
            return error;
        }
        if (got == 0)
            return tl::unexpected<Error>(
                Error{ErrorCode::InvalidInput, "the file became shorter while it was read", place(offset),
                    "wait until the program that writes the file has finished"});
        dst = dst.subspan(static_cast<std::size_t>(got));
        offset += static_cast<std::uint64_t>(got);
    }
    return {};
}

Result<std::string> RandomAccessFile::readText(std::uint64_t offset, std::size_t bytes) const
{
    if (offset > m_size || bytes > m_size - offset) // before any memory is asked for
        return forward<void>(read(offset, {static_cast<std::byte*>(nullptr), bytes}));
    std::string text(bytes, '\0');
    if (Status status = read(offset, std::as_writable_bytes(std::span(text))); !status)
        return forward(std::move(status));
    return text;
}

Sentence RandomAccessFile::place(std::uint64_t offset) const
{
    return sentence("{}, byte {}", m_path.string(), offset);
}

} // namespace mantissa
