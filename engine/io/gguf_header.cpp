// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/gguf_header.h"

#include "engine/io/gguf_reader.h"
#include "engine/io/text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

namespace mantissa {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t kBufferBytes = 64 * 1024;
constexpr std::uint32_t kOldestVersion = 2, kNewestVersion = 3; // they differ in the byte order they allow
constexpr std::uint64_t kMostTensors = 1'000'000, kMostEntries = 100'000; // far more than any published model
constexpr std::uint64_t kMostDimensions = 8; // GGML itself stops at 4
constexpr std::uint64_t kLongestName
    = 65'535; // of keys: docs/gguf.md. Tensor names have 64 bytes, at most 127
constexpr std::uint64_t kMostAlignment = 1 << 20;
constexpr int kDeepestList = 4;
// What is shown of metadata: vocabularies have a quarter of a million entries.
constexpr std::uint64_t kMostShownValues = 16, kLongestShownText = 16 * 1024, kMostShownBytes = 4 << 20;
constexpr std::string_view kOriginalShape = "comfy.gguf.orig_shape.";
// The smallest that one of each can be in the file: an empty name and a byte; a name and no dimension.
constexpr std::uint64_t kSmallestEntry = 8 + 4 + 1, kSmallestTensor = 8 + 4 + 4 + 8;

enum class ValueType : std::uint32_t { U8, I8, U16, I16, U32, I32, F32, Bool, Text, List, U64, I64, F64 };
constexpr std::uint32_t kValueTypes = 13;
/// Bytes of a value; 0 for texts and lists.
constexpr std::array<std::uint8_t, kValueTypes> kValueBytes{1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

std::uint64_t bytesOf(ValueType type)
{
    return kValueBytes[static_cast<std::size_t>(type)];
}

bool isWholeNumber(ValueType type)
{
    return bytesOf(type) > 0 && type != ValueType::F32 && type != ValueType::F64 && type != ValueType::Bool;
}

template <typename T> T load(const std::byte* bytes)
{
    T value;
    std::memcpy(&value, bytes, sizeof(T));
    return value;
}

/// Calls `use` with a number or truth value of this type; nothing for texts and lists, which have no fixed
/// size.
template <typename Use> auto withValue(ValueType type, const std::byte* bytes, Use use)
{
    switch (type) {
    case ValueType::U8:
        return use(load<std::uint8_t>(bytes));
    case ValueType::I8:
        return use(load<std::int8_t>(bytes));
    case ValueType::U16:
        return use(load<std::uint16_t>(bytes));
    case ValueType::I16:
        return use(load<std::int16_t>(bytes));
    case ValueType::U32:
        return use(load<std::uint32_t>(bytes));
    case ValueType::I32:
        return use(load<std::int32_t>(bytes));
    case ValueType::U64:
        return use(load<std::uint64_t>(bytes));
    case ValueType::I64:
        return use(load<std::int64_t>(bytes));
    case ValueType::F32:
        return use(load<float>(bytes));
    case ValueType::F64:
        return use(load<double>(bytes));
    case ValueType::Bool:
        return use(load<std::uint8_t>(bytes) != 0);
    case ValueType::Text:
    case ValueType::List:
        break;
    }
    return decltype(use(0))();
}

/// A whole number of any width; nothing where it is negative or too large for a dimension.
std::optional<std::int64_t> wholeNumber(ValueType type, const std::byte* bytes)
{
    return withValue(type, bytes, []<typename T>(T value) -> std::optional<std::int64_t> {
        if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
            if (std::in_range<std::int64_t>(value) && !std::cmp_less(value, 0))
                return static_cast<std::int64_t>(value);
        return std::nullopt;
    });
}

std::string shown(ValueType type, const std::byte* bytes)
{
    return withValue(type, bytes, [](auto value) { return fmt::format("{}", value); });
}

/// Goes through the header from its start. Members that give false have set `error`.
class HeaderReader {
public:
    explicit HeaderReader(const RandomAccessFile& file)
        : m_file(file)
    { }

    GgufHeader header;
    Error error;

    bool run()
    {
        std::uint64_t tensors = 0, entries = 0;
        if (!readStart(tensors, entries))
            return false;
        for (std::uint64_t i = 0; i < entries; ++i)
            if (!readEntry())
                return false;
        header.tensors.reserve(static_cast<std::size_t>(tensors));
        for (std::uint64_t i = 0; i < tensors; ++i)
            if (!readTensor())
                return false;
        header.bytes = m_position;
        return checkNames();
    }

private:
    bool refuse(ErrorCode code, Sentence message, std::uint64_t at, Sentence hint = {})
    {
        error = {code, std::move(message), m_file.place(at), std::move(hint)};
        return false;
    }
    bool refuse(Sentence message, std::uint64_t at, Sentence hint = {})
    {
        return refuse(ErrorCode::InvalidInput, std::move(message), at, std::move(hint));
    }

    // --- Bytes

    /// Whether so many bytes follow, inside the file and inside what a header may have.
    bool follow(std::uint64_t bytes, const Sentence& what)
    {
        if (bytes > m_file.size() - m_position)
            return refuse(sentence("the file ends inside {}", what), m_position,
                "the file is incomplete; download or copy it again");
        if (bytes > kMostGgufHeaderBytes - std::min(m_position, kMostGgufHeaderBytes))
            return refuse(
                sentence("the header is longer than {} bytes, more than any real one", kMostGgufHeaderBytes),
                m_position);
        return true;
    }

    /// The next bytes, at most kBufferBytes; null if they are not there.
    const std::byte* take(std::uint64_t bytes, const Sentence& what)
    {
        if (!follow(bytes, what))
            return nullptr;
        if (m_position < m_bufferStart || m_position + bytes > m_bufferStart + m_buffer.size()) {
            m_bufferStart = m_position;
            m_buffer.resize(
                static_cast<std::size_t>(std::min<std::uint64_t>(kBufferBytes, m_file.size() - m_position)));
            if (Status status = m_file.read(m_position, m_buffer); !status) {
                error = std::move(status.error());
                return nullptr;
            }
        }
        const std::byte* found = m_buffer.data() + (m_position - m_bufferStart);
        m_position += bytes;
        return found;
    }

    bool skip(std::uint64_t bytes, const Sentence& what)
    {
        if (!follow(bytes, what))
            return false;
        m_position += bytes;
        return true;
    }

    template <typename T> bool number(T& value, const Sentence& what)
    {
        const std::byte* bytes = take(sizeof(T), what);
        if (bytes == nullptr)
            return false;
        value = load<T>(bytes);
        return true;
    }

    bool text(std::string& value, std::uint64_t longest, const Sentence& what)
    {
        const std::uint64_t at = m_position;
        std::uint64_t length = 0;
        if (!number(length, what))
            return false;
        if (length > longest)
            return refuse(sentence("{} claims to be {} bytes long, more than {}", what, length, longest), at);
        const std::byte* bytes = take(length, what); // names are no longer than the buffer
        if (bytes == nullptr)
            return false;
        value.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
        return true;
    }

    /// A name of a tensor or a key: what may be printed and looked up.
    bool name(std::string& value, const Sentence& what)
    {
        const std::uint64_t at = m_position;
        if (!text(value, kLongestName, what))
            return false;
        if (value.empty())
            return refuse(sentence("{} is empty", what), at);
        if (firstInvalidUtf8(value) != std::string::npos)
            return refuse(sentence("{} {} is not valid UTF-8 text", what, inQuotes(value)), at);
        if (hasControlCharacter(value))
            return refuse(sentence("{} {} has a control character", what, inQuotes(value)), at);
        return true;
    }

    // --- The start

    bool readStart(std::uint64_t& tensors, std::uint64_t& entries)
    {
        constexpr std::string_view kMagic = "GGUF";
        const std::byte* magic = take(kMagic.size(), "its mark");
        if (magic == nullptr)
            return false;
        if (std::memcmp(magic, kMagic.data(), kMagic.size()) != 0)
            return refuse("the file does not start with 'GGUF'", 0);
        std::uint32_t version = 0;
        if (!number(version, "its version"))
            return false;
        if (version != 0 && (version & 0xFFFFu) == 0)
            return refuse(ErrorCode::Unsupported, "this GGUF file was made for big-endian machines", 4,
                "get the ordinary file, or convert it with the program that made it");
        if (version < kOldestVersion || version > kNewestVersion)
            return refuse(ErrorCode::Unsupported,
                sentence("this is version {} of GGUF, and versions {} and {} can be read", version,
                    kOldestVersion, kNewestVersion),
                4);
        const std::uint64_t at = m_position;
        if (!number(tensors, "the number of tensors") || !number(entries, "the number of metadata entries"))
            return false;
        const std::uint64_t left = m_file.size() - m_position;
        if (tensors > kMostTensors || tensors > left / kSmallestTensor)
            return refuse(sentence("the header claims {} tensors, more than the file can hold", tensors), at);
        if (entries > kMostEntries || entries > left / kSmallestEntry)
            return refuse(
                sentence("the header claims {} metadata entries, more than the file can hold", entries),
                at + sizeof(tensors));
        return true;
    }

    // --- Metadata

    bool valueType(ValueType& type, std::string_view key)
    {
        const std::uint64_t at = m_position;
        std::uint32_t number32 = 0;
        if (!number(number32, "a metadata entry"))
            return false;
        if (number32 >= kValueTypes)
            return refuse(
                sentence("the metadata entry {} has a value of the unknown type {}", inQuotes(key), number32),
                at);
        type = static_cast<ValueType>(number32);
        return true;
    }

    bool readEntry()
    {
        const std::uint64_t at = m_position;
        std::string key;
        ValueType type{};
        if (!name(key, "the metadata key") || !valueType(type, key))
            return false;
        const bool isShape = key.starts_with(kOriginalShape);
        if (isShape ? header.originalShapes.contains(std::string_view(key).substr(kOriginalShape.size()))
                    : header.metadata.contains(key))
            return refuse(sentence("the metadata names {} twice", inQuotes(key)), at);
        if (isShape)
            return readOriginalShape(key, type, at);
        std::string value;
        if (type == ValueType::List) {
            if (!readList(value, key, 1))
                return false;
        } else if (type == ValueType::Text) {
            if (!readText(value, key))
                return false;
        } else if (!readNumber(value, key, type, at)) {
            return false;
        }
        header.metadata.emplace(std::move(key), std::move(value));
        return true;
    }

    bool readNumber(std::string& value, const std::string& key, ValueType type, std::uint64_t at)
    {
        const std::byte* bytes = take(bytesOf(type), "a metadata entry");
        if (bytes == nullptr)
            return false;
        if (type == ValueType::Bool && load<std::uint8_t>(bytes) > 1)
            return refuse(sentence("the metadata entry {} is a truth value of {}", inQuotes(key),
                              load<std::uint8_t>(bytes)),
                at);
        const auto whole = wholeNumber(type, bytes);
        if (key == "general.alignment") {
            const std::uint64_t step
                = type == ValueType::U32 && whole ? static_cast<std::uint64_t>(*whole) : 0;
            if (!std::has_single_bit(step) || step > kMostAlignment)
                return refuse(sentence("the alignment of the data is {}, not a power of two up to {}",
                                  shown(type, bytes), kMostAlignment),
                    at);
            header.alignment = step;
        }
        if (key == "split.count" && whole)
            header.partCount = static_cast<std::uint64_t>(*whole);
        value = shown(type, bytes);
        return true;
    }

    /// A text that is worth showing, else a note in its place.
    bool readText(std::string& value, std::string_view key)
    {
        std::uint64_t length = 0;
        if (!number(length, "a metadata entry"))
            return false;
        if (length > kLongestShownText || m_shown + length > kMostShownBytes) {
            value = fmt::format("(a text of {} bytes)", length);
            return skip(length, sentence("the metadata entry {}", inQuotes(key)));
        }
        const std::byte* bytes = take(length, "a metadata entry");
        if (bytes == nullptr)
            return false;
        m_shown += length;
        value.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
        if (firstInvalidUtf8(value) != std::string::npos)
            value = fmt::format("({} bytes that are not UTF-8 text)", length);
        return true;
    }

    bool readList(std::string& value, const std::string& key, int depth)
    {
        const std::uint64_t at = m_position;
        ValueType type{};
        std::uint64_t count = 0;
        if (!valueType(type, key) || !number(count, "a list"))
            return false;
        if (depth > kDeepestList)
            return refuse(
                sentence("the lists of the metadata entry {} are nested too deeply", inQuotes(key)), at);
        if (bytesOf(type) > 0)
            return readNumbers(value, key, type, count);
        // Each takes its length at least, so a count that lies ends at the end of the file or of the limit.
        std::vector<std::string> parts;
        for (std::uint64_t i = 0; i < count; ++i) {
            std::string part;
            const bool there = type == ValueType::List ? readList(part, key, depth + 1)
                : count <= kMostShownValues            ? readText(part, key)
                                                       : skipText();
            if (!there)
                return false;
            if (count <= kMostShownValues)
                parts.push_back(std::move(part));
        }
        value = count <= kMostShownValues ? fmt::format("[{}]", fmt::join(parts, ", "))
                                          : fmt::format("({} entries)", count);
        return true;
    }

    bool skipText()
    {
        std::uint64_t length = 0;
        return number(length, "a list of texts") && skip(length, "a list of texts");
    }

    bool readNumbers(std::string& value, const std::string& key, ValueType type, std::uint64_t count)
    {
        const Sentence what = sentence("the metadata entry {}", inQuotes(key));
        if (count > kMostShownValues) {
            value = fmt::format("({} values)", count);
            std::uint64_t bytes = 0;
            if (__builtin_mul_overflow(count, bytesOf(type), &bytes))
                bytes = std::numeric_limits<std::uint64_t>::max();
            return skip(bytes, what);
        }
        std::vector<std::string> parts;
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::byte* bytes = take(bytesOf(type), what);
            if (bytes == nullptr)
                return false;
            parts.push_back(shown(type, bytes));
        }
        value = fmt::format("[{}]", fmt::join(parts, ", "));
        return true;
    }

    bool readOriginalShape(const std::string& key, ValueType type, std::uint64_t at)
    {
        ValueType of{};
        std::uint64_t count = 0;
        const auto noShape
            = [&] { return refuse(sentence("{} is not a list of dimensions", inQuotes(key)), at); };
        if (type != ValueType::List)
            return noShape();
        if (!valueType(of, key) || !number(count, "a list of dimensions"))
            return false;
        if (!isWholeNumber(of) || count == 0 || count > kMostDimensions)
            return noShape();
        Shape shape;
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::byte* bytes = take(bytesOf(of), "a list of dimensions");
            if (bytes == nullptr)
                return false;
            const auto dimension = wholeNumber(of, bytes);
            if (!dimension)
                return noShape();
            shape.push_back(*dimension);
        }
        header.originalShapes.emplace(key.substr(kOriginalShape.size()), std::move(shape));
        return true;
    }

    // --- Tensors

    bool readTensor()
    {
        GgufHeader::Tensor tensor;
        tensor.position = m_position;
        std::uint32_t dimensions = 0, type = 0;
        if (!name(tensor.name, "the tensor name") || !number(dimensions, "the description of a tensor"))
            return false;
        const Sentence named = sentence("tensor {}", inQuotes(tensor.name));
        if (dimensions > kMostDimensions)
            return refuse(sentence("{} has {} dimensions, more than {}", named, dimensions, kMostDimensions),
                tensor.position);
        for (std::uint32_t i = 0; i < dimensions; ++i) {
            std::uint64_t dimension = 0;
            if (!number(dimension, "the description of a tensor"))
                return false;
            if (dimension > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
                return refuse(sentence("the shape of {} overflows", named), tensor.position);
            tensor.shape.push_back(static_cast<std::int64_t>(dimension));
        }
        std::reverse(tensor.shape.begin(), tensor.shape.end()); // the file has the fastest dimension first
        if (!number(type, "the description of a tensor")
            || !number(tensor.offset, "the description of a tensor"))
            return false;
        tensor.type = findGgufType(type);
        if (tensor.type == nullptr)
            return refuse(ErrorCode::Unsupported, sentence("{} has the unknown type {}", named, type),
                tensor.position, "the file was made for a newer or another program");
        header.tensors.push_back(std::move(tensor));
        return true;
    }

    bool checkNames()
    {
        std::vector<const GgufHeader::Tensor*> order;
        order.reserve(header.tensors.size());
        for (const GgufHeader::Tensor& tensor : header.tensors)
            order.push_back(&tensor);
        // By sorting, not hashing: a header cannot be built to make this slow.
        std::ranges::stable_sort(
            order, {}, [](const auto* tensor) -> const std::string& { return tensor->name; });
        const auto twice = std::ranges::adjacent_find(
            order, {}, [](const auto* tensor) -> const std::string& { return tensor->name; });
        if (twice == order.end())
            return true;
        const GgufHeader::Tensor& second = **std::next(twice);
        return refuse(sentence("tensor {} is named twice", inQuotes(second.name)), second.position);
    }

    const RandomAccessFile& m_file;
    std::uint64_t m_position = 0;
    std::vector<std::byte> m_buffer; ///< bytes of the file from m_bufferStart on
    std::uint64_t m_bufferStart = 0;
    std::uint64_t m_shown = 0; ///< bytes of texts that were taken over
};

} // namespace

Result<GgufHeader> readGgufHeader(const RandomAccessFile& file)
{
    HeaderReader reader(file);
    if (!reader.run())
        return tl::unexpected(std::move(reader.error));
    return std::move(reader.header);
}

} // namespace mantissa
