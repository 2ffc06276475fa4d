// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/source_hasher.h"

#include "engine/base/text_hash.h"
#include "engine/io/random_access_file.h"

#include <mutex>
#include <optional>
#include <vector>
#include <xxhash.h>

namespace mantissa {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

} // namespace

struct SourceHasher::Impl {
    struct State {
        SourceFile file;
        std::shared_ptr<const RandomAccessFile> open;
        XXH3_state_t* xxh = nullptr;
        std::uint64_t done = 0;
    };
    std::mutex mutex;
    std::vector<State> states;
    std::vector<std::byte> buffer;
    std::optional<Error> failed;

    Status hashTo(State& state, std::uint64_t end, const std::function<bool()>& cancelled)
    {
        if (!state.open) {
            auto file = RandomAccessFile::open(state.file.path);
            if (!file)
                return forward(std::move(file));
            state.open = std::move(*file);
        }
        end = std::min(end, state.file.bytes);
        while (state.done < end) {
            if (cancelled && cancelled())
                return fail(ErrorCode::Cancelled, "cancelled");
            const auto size
                = static_cast<std::size_t>(std::min<std::uint64_t>(kChunkBytes, end - state.done));
            if (Status read = state.open->read(state.done, {buffer.data(), size}); !read)
                return read;
            XXH3_128bits_update(state.xxh, buffer.data(), size);
            state.done += size;
        }
        return {};
    }
};

SourceHasher::SourceHasher(const SourceInfo& info)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->buffer.resize(kChunkBytes);
    for (const SourceFile& file : info.files) {
        Impl::State state;
        state.file = file;
        state.xxh = XXH3_createState();
        XXH3_128bits_reset(state.xxh);
        m_impl->states.push_back(std::move(state));
    }
}

SourceHasher::~SourceHasher()
{
    for (const Impl::State& state : m_impl->states)
        XXH3_freeState(state.xxh);
}

void SourceHasher::advance(std::uint32_t file, std::uint64_t end)
{
    const std::unique_lock lock(m_impl->mutex, std::try_to_lock);
    if (!lock || m_impl->failed || file >= m_impl->states.size())
        return;
    if (Status status = m_impl->hashTo(m_impl->states[file], end, {}); !status)
        m_impl->failed = status.error();
}

Result<std::string> SourceHasher::finish(const std::function<bool()>& cancelled)
{
    const std::scoped_lock lock(m_impl->mutex);
    if (m_impl->failed)
        return tl::unexpected(*m_impl->failed);
    std::vector<std::string> hashes;
    for (Impl::State& state : m_impl->states) {
        if (Status status = m_impl->hashTo(state, state.file.bytes, cancelled); !status)
            return forward(std::move(status));
        const XXH128_hash_t hash = XXH3_128bits_digest(state.xxh);
        hashes.push_back(fmt::format("{:016x}{:016x}", hash.high64, hash.low64));
    }
    if (hashes.size() == 1)
        return hashes.front();
    std::string lines;
    for (const std::string& hash : hashes)
        lines += hash + "\n";
    return hashText(lines);
}

Result<std::string> hashSource(const SourceInfo& info, const std::function<bool()>& cancelled)
{
    return SourceHasher(info).finish(cancelled);
}

} // namespace mantissa
