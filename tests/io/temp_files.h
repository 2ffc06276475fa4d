// SPDX-License-Identifier: GPL-3.0-or-later
// A folder that goes away with the test, and the bytes of hand-made files.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <unistd.h>

namespace mantissa::test {

class TempFolder {
public:
    TempFolder()
    {
        static std::atomic<int> counter{0};
        m_path = std::filesystem::temp_directory_path()
            / ("mantissa-io-" + std::to_string(::getpid()) + "-" + std::to_string(counter++));
        std::filesystem::create_directories(m_path);
    }
    ~TempFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path write(const std::filesystem::path& relative, std::string_view bytes) const
    {
        std::filesystem::path target = m_path / relative;
        std::filesystem::create_directories(target.parent_path());
        std::filesystem::remove(
            target); // a new file: cutting an old one down makes some systems wait for the disk
        std::ofstream(target, std::ios::binary)
            .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return target;
    }

private:
    std::filesystem::path m_path;
};

/// The little-endian bytes of a number.
template <typename T> std::string bytesOf(T value)
{
    std::string result(sizeof(T), '\0');
    std::memcpy(result.data(), &value, sizeof(T));
    return result;
}

/// A safetensors file with this header text, whatever it says, followed by `dataBytes` counting bytes.
inline std::string safetensorsBytes(std::string_view header, std::size_t dataBytes)
{
    std::string result = bytesOf(static_cast<std::uint64_t>(header.size())) + std::string(header);
    for (std::size_t i = 0; i < dataBytes; ++i)
        result += static_cast<char>(i);
    return result;
}

} // namespace mantissa::test
