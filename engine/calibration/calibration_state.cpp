// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration/calibration_state.h"

#include "engine/export/part_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace mantissa {

namespace fs = std::filesystem;

fs::path statePath(const fs::path& output)
{
    return partPath(output);
}

Status checkCalibrationOutput(const fs::path& output, bool overwrite)
{
    std::error_code ignored;
    if (fs::exists(output, ignored) && (!overwrite || !fs::is_regular_file(output, ignored)))
        return tl::unexpected(Error{ErrorCode::Usage, "the output exists already", output.string(),
            overwrite ? "it is no regular file: name another" : "add --overwrite to replace it"});
    const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
    if (!fs::is_directory(folder, ignored))
        return tl::unexpected(Error{ErrorCode::System, "the folder of the output does not exist",
            folder.string(), "create it first"});
    if (fs::exists(fs::symlink_status(statePath(output), ignored)))
        if (const auto state = StatisticsFile::open(statePath(output)); !state)
            return tl::unexpected(Error{ErrorCode::Usage,
                "a file of the name that the unfinished output would have exists, and no calibration left it "
                "there",
                statePath(output).string(), "move it away, or name another output"});
    return {};
}

Result<std::shared_ptr<const StatisticsFile>> openState(const fs::path& output)
{
    std::error_code ignored;
    if (!fs::exists(statePath(output), ignored))
        return nullptr;
    return StatisticsFile::open(statePath(output));
}

Status publishStatistics(const fs::path& output, bool overwrite)
{
    const auto refused = [&](int error) {
        return tl::unexpected(Error{error == EEXIST ? ErrorCode::Usage : ErrorCode::System,
            sentence("the statistics could not be renamed: {}", std::strerror(error)), output.string(),
            sentence("they are whole in {}", statePath(output).string())});
    };
    const fs::path state = statePath(output);
    if (::renameat2(AT_FDCWD, state.c_str(), AT_FDCWD, output.c_str(), overwrite ? 0 : RENAME_NOREPLACE) != 0)
        return refused(errno);
    const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
    if (const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); directory >= 0) {
        ::fsync(directory);
        ::close(directory);
    }
    return {};
}

} // namespace mantissa
