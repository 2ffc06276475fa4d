// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/atomic_file.h"

#include <atomic>
#include <fstream>
#include <unistd.h>

namespace mantissa {

Status writeFileAtomically(const std::filesystem::path& path, std::string_view bytes, bool overwrite)
{
    static std::atomic<unsigned> counter{0};
    std::error_code ec;
    if (!overwrite && std::filesystem::exists(path, ec))
        return tl::unexpected(Error{ErrorCode::Usage, "the output exists already", path.string(),
            "add --overwrite to replace it, or name another file"});
    const auto part
        = std::filesystem::path(path).concat(fmt::format(".part-{}-{}", ::getpid(), counter.fetch_add(1)));
    {
        std::ofstream out(part, std::ios::binary | std::ios::trunc);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        out.flush();
        if (!out) {
            std::filesystem::remove(part, ec);
            return tl::unexpected(Error{ErrorCode::System, "the file could not be written", path.string(),
                "check that the folder exists, that you may write to it, and that the disk is not full"});
        }
    }
    std::filesystem::rename(part, path, ec);
    if (ec) {
        const std::string why = ec.message();
        std::filesystem::remove(part, ec);
        return tl::unexpected(
            Error{ErrorCode::System, sentence("the file could not be written: {}", why), path.string(), {}});
    }
    return {};
}

} // namespace mantissa
