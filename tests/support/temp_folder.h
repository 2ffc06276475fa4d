// SPDX-License-Identifier: GPL-3.0-or-later
// A folder that goes away with the test.
#pragma once

#include <filesystem>
#include <string>

namespace mantissa::test {

class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path operator/(const std::string& name) const { return m_path / name; }

private:
    std::filesystem::path m_path;
};

} // namespace mantissa::test
