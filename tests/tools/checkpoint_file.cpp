// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tools/checkpoint_file.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

namespace mantissa::tools {

namespace {

constexpr std::uint64_t kBlock = 4u << 20;

struct Block {
    std::size_t tensor;
    std::uint64_t offset, size;
};

class File {
public:
    explicit File(const std::filesystem::path& path)
        : m_descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644))
    { }
    ~File()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    bool resize(std::uint64_t bytes) const
    {
        return m_descriptor >= 0 && ::ftruncate(m_descriptor, static_cast<off_t>(bytes)) == 0;
    }
    bool write(std::uint64_t offset, const std::byte* data, std::size_t size) const
    {
        while (size > 0) {
            const ssize_t done = ::pwrite(m_descriptor, data, size, static_cast<off_t>(offset));
            if (done < 0 && errno == EINTR)
                continue;
            if (done <= 0)
                return false;
            data += done;
            offset += static_cast<std::uint64_t>(done);
            size -= static_cast<std::size_t>(done);
        }
        return true;
    }

private:
    int m_descriptor;
};

std::vector<Block> blocksOf(const std::vector<HeaderTensor>& tensors)
{
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const std::uint64_t bytes
            = byteCount(tensors[i].dtype, elementCount(tensors[i].shape).value_or(0)).value_or(0);
        for (std::uint64_t offset = 0; offset < bytes; offset += kBlock)
            blocks.push_back({i, offset, std::min(kBlock, bytes - offset)});
    }
    return blocks;
}

} // namespace

Status writeCheckpoint(const std::filesystem::path& path, const std::vector<HeaderTensor>& tensors,
    const std::map<std::string, std::string>& metadata, unsigned threads, const Filler& filler)
{
    const auto header = makeSafetensorsHeader(tensors, metadata);
    if (!header)
        return tl::unexpected(header.error());
    const File file(path);
    if (!file.resize(header->bytes.size() + header->dataBytes)
        || !file.write(0, reinterpret_cast<const std::byte*>(header->bytes.data()), header->bytes.size()))
        return fail(ErrorCode::System, "cannot write {}: {}", path.string(), std::strerror(errno));
    if (!filler)
        return {};
    const std::vector<Block> blocks = blocksOf(tensors);
    std::atomic<std::size_t> next{0};
    std::atomic<bool> failed{false};
    const auto work = [&] {
        std::vector<std::byte> buffer(kBlock);
        for (std::size_t i = next++; i < blocks.size() && !failed; i = next++) {
            const Block& block = blocks[i];
            const std::span<std::byte> dst(buffer.data(), block.size);
            filler(block.tensor, block.offset, dst);
            if (!file.write(header->bytes.size() + header->offsets[block.tensor] + block.offset, dst.data(),
                    dst.size()))
                failed = true;
        }
    };
    std::vector<std::jthread> workers;
    for (unsigned i = 1; i < threads; ++i)
        workers.emplace_back(work);
    work();
    workers.clear();
    if (failed)
        return fail(ErrorCode::System, "cannot write {}: {}", path.string(), std::strerror(errno));
    return {};
}

} // namespace mantissa::tools
