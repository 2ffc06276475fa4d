// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/safetensors_reader.h"

#include "engine/io/json_cursor.h"
#include "engine/io/text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>

namespace mantissa {
namespace {

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::size_t kMostDimensions = 64; // torch stops at 64 as well
constexpr std::size_t kMostTensors = 1'000'000; // ten times the largest published model
constexpr std::uint64_t kMostTrailingBytes = 7; // less than one alignment step: padding that some writers add

static_assert(std::endian::native == std::endian::little);

struct Entry {
    TensorInfo info;
    std::uint64_t begin = 0, end = 0; // relative to the data
    std::size_t position = 0; // of the entry in the header text, for messages
};

/// Turns the events of a header into entries. Accepts exactly the grammar of the format, nothing nested
/// deeper.
class HeaderEvents final : public detail::JsonEvents {
public:
    std::vector<Entry> entries;
    std::map<std::string, std::string> metadata;

    bool start_object(std::size_t) override
    {
        switch (m_state) {
        case State::Start:
            m_state = State::Top;
            return true;
        case State::EntryValue:
            m_state = State::InEntry;
            m_fields = {};
            return true;
        case State::MetadataValue:
            m_state = State::InMetadata;
            return true;
        default:
            return unexpected("an object");
        }
    }

    bool key(std::string& name) override
    {
        switch (m_state) {
        case State::Top:
            return topKey(name);
        case State::InEntry:
            return fieldKey(name);
        default:
            if (metadata.contains(name))
                return refuse(sentence("__metadata__ names {} twice", inQuotes(name)));
            m_metadataKey = std::move(name);
            return true;
        }
    }

    bool end_object() override
    {
        if (m_state == State::InEntry) {
            const bool complete = std::ranges::all_of(m_fields, [](bool seen) { return seen; });
            if (!complete)
                return refuse(sentence("{} lacks dtype, shape or data_offsets", currentName()));
        }
        m_state = m_state == State::Top ? State::Done : State::Top;
        return true;
    }

    bool string(std::string& text) override
    {
        if (m_state == State::InMetadata) {
            metadata.emplace(std::move(m_metadataKey), std::move(text));
            return true;
        }
        if (m_state != State::Dtype)
            return unexpected("a text");
        const std::optional<DType> dtype = dtypeFromName(text);
        if (!dtype)
            return refuse(sentence("{} has the unknown dtype {}", currentName(), inQuotes(text)));
        entries.back().info.dtype = *dtype;
        m_state = State::InEntry;
        return true;
    }

    bool start_array(std::size_t) override
    {
        if (m_state == State::ShapeValue)
            m_state = State::InShape;
        else if (m_state == State::OffsetsValue)
            m_state = State::InOffsets;
        else
            return unexpected("a list");
        return true;
    }

    bool end_array() override
    {
        if (m_state == State::InOffsets && m_offsets != 2)
            return refuse(sentence("data_offsets of {} must be two numbers", currentName()));
        m_state = State::InEntry;
        return true;
    }

    bool number_unsigned(std::uint64_t value) override
    {
        if (m_state == State::InShape)
            return addDimension(value);
        if (m_state == State::InOffsets) {
            if (m_offsets == 2)
                return refuse(sentence("data_offsets of {} must be two numbers", currentName()));
            (m_offsets++ == 0 ? entries.back().begin : entries.back().end) = value;
            return true;
        }
        return unexpected("a number");
    }

private:
    enum class State {
        Start,
        Top,
        EntryValue,
        InEntry,
        Dtype,
        ShapeValue,
        InShape,
        OffsetsValue,
        InOffsets,
        MetadataValue,
        InMetadata,
        Done,
    };

    Sentence currentName() const { return sentence("tensor {}", inQuotes(entries.back().info.name)); }

    bool topKey(std::string& name)
    {
        if (name == "__metadata__") {
            if (m_metadataSeen)
                return refuse("__metadata__ occurs twice");
            m_metadataSeen = true;
            m_state = State::MetadataValue;
            return true;
        }
        if (hasControlCharacter(name))
            return refuse(sentence("the tensor name {} has a control character", inQuotes(name)));
        if (entries.size() == kMostTensors)
            return refuse(sentence("it has more than {} tensors", kMostTensors));
        Entry& entry = entries.emplace_back();
        entry.info.name = std::move(name);
        entry.position = position();
        m_offsets = 0;
        m_state = State::EntryValue;
        return true;
    }

    bool fieldKey(const std::string& name)
    {
        static constexpr std::array<std::pair<std::string_view, State>, 3> kFields{
            {{"dtype", State::Dtype}, {"shape", State::ShapeValue}, {"data_offsets", State::OffsetsValue}}};
        for (std::size_t i = 0; i < kFields.size(); ++i) {
            if (name != kFields[i].first)
                continue;
            if (m_fields[i])
                return refuse(sentence("{} has {} twice", currentName(), name));
            m_fields[i] = true;
            m_state = kFields[i].second;
            return true;
        }
        return refuse(sentence("{} has the unknown field {}", currentName(), inQuotes(name)));
    }

    bool addDimension(std::uint64_t value)
    {
        Shape& shape = entries.back().info.shape;
        if (shape.size() == kMostDimensions)
            return refuse(sentence("{} has more than {} dimensions", currentName(), kMostDimensions));
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return refuse(sentence("the shape of {} overflows", currentName()));
        shape.push_back(static_cast<std::int64_t>(value));
        return true;
    }

    bool unexpected(std::string_view what) override
    {
        switch (m_state) {
        case State::Start:
            return refuse("it must be a JSON object");
        case State::Top:
        case State::Done:
            return refuse(sentence("{} is out of place", what));
        case State::MetadataValue:
            return refuse("__metadata__ must be an object of texts");
        case State::InMetadata:
            return refuse(sentence(
                "the __metadata__ entry {} must be a text, but is {}", inQuotes(m_metadataKey), what));
        case State::EntryValue:
            return refuse(sentence("{} must be described by an object, but is {}", currentName(), what));
        case State::Dtype:
            return refuse(sentence("the dtype of {} must be a text", currentName()));
        default:
            return refuse(sentence("shape and data_offsets of {} must be lists of whole numbers, but hold {}",
                currentName(), what));
        }
    }

    State m_state = State::Start;
    std::array<bool, 3> m_fields{};
    int m_offsets = 0;
    bool m_metadataSeen = false;
    std::string m_metadataKey;
};

class SafetensorsSource final : public TensorSource {
public:
    explicit SafetensorsSource(std::shared_ptr<const RandomAccessFile> file)
        : m_file(std::move(file))
    {
        m_info.container = "safetensors";
        m_info.path = m_file->path();
        m_info.files.push_back({m_file->path(), m_file->size(), m_file->modifiedNs()});
    }

    Status open();

    Status read(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const override
    {
        if (Status inside = checkRange(tensor, offset, dst.size()); !inside)
            return inside;
        return m_file->read(tensors()[tensor].fileOffset + offset, dst);
    }

private:
    Result<std::string> readHeader() const;
    Status checkEntry(Entry& entry, std::uint64_t dataBytes) const;
    Status checkNames(const std::vector<Entry>& entries) const;
    Status checkLayout(std::vector<Entry>& entries, std::uint64_t dataBytes);
    tl::unexpected<Error> malformed(Sentence message, std::size_t headerPosition) const
    {
        return tl::unexpected<Error>(Error{
            ErrorCode::InvalidInput, std::move(message), m_file->place(kLengthBytes + headerPosition), {}});
    }
    tl::unexpected<Error> badTensor(const Entry& entry, const Sentence& message) const
    {
        return malformed(sentence("tensor {} {}", inQuotes(entry.info.name), message), entry.position);
    }

    std::shared_ptr<const RandomAccessFile> m_file;
};

Result<std::string> SafetensorsSource::readHeader() const
{
    const auto invalid = [&](std::uint64_t at, Sentence message, Sentence hint) {
        return tl::unexpected<Error>(
            Error{ErrorCode::InvalidInput, std::move(message), m_file->place(at), std::move(hint)});
    };
    if (m_file->size() < kLengthBytes)
        return invalid(0, sentence("the file is {} bytes long, too short for safetensors", m_file->size()),
            "the file is incomplete; download or copy it again");
    std::uint64_t length = 0;
    if (Status status = m_file->read(0, std::as_writable_bytes(std::span(&length, 1))); !status)
        return forward(std::move(status));
    if (length > kMostSafetensorsHeaderBytes)
        return invalid(0,
            sentence("the header claims to be {} bytes long, more than the {} that safetensors allows",
                length, kMostSafetensorsHeaderBytes),
            "this may not be a safetensors file at all");
    if (length > m_file->size() - kLengthBytes)
        return invalid(0,
            sentence(
                "the header claims to be {} bytes long, but the file has only {}", length, m_file->size()),
            "the file is incomplete; download or copy it again");
    Result<std::string> text = m_file->readText(kLengthBytes, static_cast<std::size_t>(length));
    if (!text)
        return text;
    if (text->empty() || text->front() != '{')
        return invalid(
            kLengthBytes, "the header does not start with '{'", "this may not be a safetensors file at all");
    if (const std::size_t bad = firstInvalidUtf8(*text); bad != std::string::npos)
        return invalid(kLengthBytes + bad, "the header is not valid UTF-8 text", {});
    return text;
}

Status SafetensorsSource::checkEntry(Entry& entry, std::uint64_t dataBytes) const
{
    TensorInfo& info = entry.info;
    if (entry.begin > entry.end)
        return badTensor(entry, sentence("ends at byte {} before it begins at {}", entry.end, entry.begin));
    if (entry.end > dataBytes) {
        auto error = badTensor(
            entry, sentence("ends at byte {} of the data, but the file holds only {}", entry.end, dataBytes));
        error.value().hint = "the file is incomplete; download or copy it again";
        return error;
    }
    const std::optional<std::int64_t> count = elementCount(info.shape);
    const std::optional<std::uint64_t> bytes = count ? byteCount(info.dtype, *count) : std::nullopt;
    if (!bytes)
        return badTensor(entry, "has a shape that overflows or does not fill whole bytes");
    if (*bytes != entry.end - entry.begin)
        return badTensor(entry,
            sentence("needs {} bytes for its shape as {}, but data_offsets span {}", *bytes,
                nameOf(info.dtype), entry.end - entry.begin));
    info.bytes = *bytes;
    return {};
}

Status SafetensorsSource::checkNames(const std::vector<Entry>& entries) const
{
    std::vector<std::uint32_t> order(entries.size());
    std::iota(order.begin(), order.end(), 0U);
    // By sorting, not hashing: a header cannot be built to make this slow.
    std::ranges::sort(order, {}, [&](std::uint32_t i) -> const std::string& { return entries[i].info.name; });
    for (std::size_t i = 1; i < order.size(); ++i) {
        const Entry& a = entries[order[i - 1]];
        const Entry& b = entries[order[i]];
        if (a.info.name == b.info.name)
            return badTensor(a.position > b.position ? a : b, "is named twice");
    }
    return {};
}

Status SafetensorsSource::checkLayout(std::vector<Entry>& entries, std::uint64_t dataBytes)
{
    std::ranges::stable_sort(
        entries, {}, [](const Entry& entry) { return std::pair(entry.begin, entry.end); });
    std::uint64_t expected = 0;
    const Entry* before = nullptr;
    for (const Entry& entry : entries) {
        if (entry.begin < expected)
            return badTensor(entry,
                sentence("begins at byte {} of the data, inside tensor {}, which ends at {}", entry.begin,
                    inQuotes(before->info.name), expected));
        if (entry.begin > expected)
            return badTensor(entry,
                sentence("begins at byte {} of the data, which leaves a hole from byte {} on", entry.begin,
                    expected));
        expected = entry.end;
        before = &entry;
    }
    const std::uint64_t trailing = dataBytes - expected;
    if (trailing > kMostTrailingBytes)
        return tl::unexpected<Error>(Error{ErrorCode::InvalidInput,
            sentence("{} bytes follow the last tensor, which nothing describes", trailing),
            m_file->place(m_file->size() - trailing),
            "the file is damaged, or was joined with something else"});
    if (trailing > 0)
        m_info.warnings.push_back(sentence("{} after the last tensor were ignored",
            trailing == 1 ? "1 byte" : sentence("{} bytes", trailing)));
    return {};
}

Status SafetensorsSource::open()
{
    HeaderEvents events;
    std::uint64_t dataStart = kLengthBytes;
    {
        const Result<std::string> text = readHeader();
        if (!text)
            return tl::unexpected<Error>(text.error());
        if (auto problem = events.parse(*text))
            return malformed(sentence("the header is wrong: {}", problem->message), problem->position);
        dataStart += text->size();
    }
    const std::uint64_t dataBytes = m_file->size() - dataStart;
    for (Entry& entry : events.entries)
        if (Status status = checkEntry(entry, dataBytes); !status)
            return status;
    if (Status status = checkNames(events.entries); !status)
        return status;
    if (Status status = checkLayout(events.entries, dataBytes); !status)
        return status;
    std::vector<TensorInfo> tensors;
    tensors.reserve(events.entries.size());
    for (Entry& entry : events.entries) {
        entry.info.fileOffset = dataStart + entry.begin;
        tensors.push_back(std::move(entry.info));
    }
    m_info.metadata = std::move(events.metadata);
    setTensors(std::move(tensors));
    return {};
}

} // namespace

bool looksLikeSafetensors(std::string_view head) noexcept
{
    if (head.size() <= kLengthBytes || head[kLengthBytes] != '{')
        return false;
    std::uint64_t length = 0;
    std::memcpy(&length, head.data(), kLengthBytes);
    return length <= kMostSafetensorsHeaderBytes;
}

Result<std::shared_ptr<const TensorSource>> openSafetensors(std::shared_ptr<const RandomAccessFile> file)
{
    auto source = std::make_shared<SafetensorsSource>(std::move(file));
    if (Status status = source->open(); !status)
        return forward(std::move(status));
    return std::shared_ptr<const TensorSource>(std::move(source));
}

} // namespace mantissa
