// SPDX-License-Identifier: GPL-3.0-or-later
// GGUF files made by hand, right or wrong in one place. Independent of engine/io on purpose.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa::test {

/// Numbers of the types in the file (ggml.h; docs/gguf.md).
namespace gguf {
constexpr std::uint32_t kF32 = 0, kF16 = 1, kQ4_0 = 2, kQ8_0 = 8, kQ4_K = 12, kQ6_K = 14, kIQ2_XXS = 16,
                        kBF16 = 30;
constexpr std::uint32_t kU8 = 0, kU16 = 2, kU32 = 4, kI32 = 5, kFloat = 6, kBool = 7, kText = 8, kList = 9,
                        kU64 = 10, kDouble = 12;
} // namespace gguf

class GgufBytes {
public:
    struct Tensor {
        std::string name;
        std::vector<std::int64_t> shape; ///< rows first, as torch says it
        std::uint32_t type = gguf::kF32;
        std::string data;
        std::optional<std::uint64_t> offset; ///< in the place of the right one
    };

    std::string magic = "GGUF";
    std::uint32_t version = 3;
    std::uint64_t alignment = 32; ///< written as general.alignment where it is not 32
    std::vector<Tensor> tensors;
    std::optional<std::uint64_t> claimedTensors, claimedEntries;

    template <typename T> static std::string le(T value)
    {
        std::string bytes(sizeof(T), '\0');
        std::memcpy(bytes.data(), &value, sizeof(T));
        return bytes;
    }
    static std::string text(std::string_view value)
    {
        return le<std::uint64_t>(value.size()) + std::string(value);
    }
    /// The value of a list: type of its entries, their number, their bytes.
    static std::string list(std::uint32_t type, std::uint64_t count, std::string_view bytes)
    {
        return le(type) + le(count) + std::string(bytes);
    }

    GgufBytes& entry(std::string_view key, std::uint32_t type, std::string_view value)
    {
        m_entries += text(key) + le(type) + std::string(value);
        ++m_count;
        return *this;
    }
    GgufBytes& entry(std::string_view key, std::string_view value)
    {
        return entry(key, gguf::kText, text(value));
    }

    std::string header() const
    {
        std::string entries = m_entries;
        std::uint64_t count = m_count;
        if (alignment != 32) {
            entries += text("general.alignment") + le(gguf::kU32) + le(static_cast<std::uint32_t>(alignment));
            ++count;
        }
        std::string out = magic + le(version) + le<std::uint64_t>(claimedTensors.value_or(tensors.size()))
            + le<std::uint64_t>(claimedEntries.value_or(count)) + entries;
        std::uint64_t offset = 0;
        for (const Tensor& tensor : tensors) {
            out += text(tensor.name) + le(static_cast<std::uint32_t>(tensor.shape.size()));
            for (auto at = tensor.shape.rbegin(); at != tensor.shape.rend(); ++at)
                out += le<std::uint64_t>(static_cast<std::uint64_t>(*at));
            out += le(tensor.type) + le<std::uint64_t>(tensor.offset.value_or(offset));
            offset += padded(tensor.data.size());
        }
        return out;
    }
    std::string bytes() const
    {
        std::string out = header();
        out.resize(padded(out.size()));
        for (const Tensor& tensor : tensors) {
            out += tensor.data;
            out.resize(out.size() + padded(tensor.data.size()) - tensor.data.size());
        }
        return out;
    }

private:
    std::size_t padded(std::size_t size) const
    {
        const auto step = static_cast<std::size_t>(alignment);
        return (size + step - 1) / step * step;
    }

    std::string m_entries;
    std::uint64_t m_count = 0;
};

} // namespace mantissa::test
