// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/gguf_reader.h"

#include "engine/io/gguf_header.h"
#include "engine/io/gguf_names.h"
#include "engine/io/text.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace mantissa {
namespace {

constexpr std::uint64_t kChunkBytes = 128 * 1024; // of encoded blocks, read at once

class GgufSource final : public TensorSource {
public:
    explicit GgufSource(std::shared_ptr<const RandomAccessFile> file)
        : m_file(std::move(file))
    {
        m_info.container = "gguf";
        m_info.path = m_file->path();
        m_info.files.push_back({m_file->path(), m_file->size(), m_file->modifiedNs()});
    }

    Status open();
    Status read(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const override;

private:
    tl::unexpected<Error> invalid(
        const GgufHeader::Tensor& tensor, const Sentence& message, Sentence hint = {}) const
    {
        return tl::unexpected<Error>(
            Error{ErrorCode::InvalidInput, sentence("tensor {} {}", inQuotes(tensor.name), message),
                m_file->place(tensor.position), std::move(hint)});
    }
    Result<TensorInfo> describe(const GgufHeader::Tensor& tensor) const;
    Status applyOriginalShape(
        const GgufHeader& header, const GgufHeader::Tensor& tensor, TensorInfo& info) const;
    Status checkLayout(const GgufHeader& header, std::vector<std::size_t>& order,
        const std::vector<TensorInfo>& tensors, std::uint64_t dataStart);
    Status decode(
        const TensorInfo& info, const GgufType& type, std::uint64_t offset, std::span<std::byte> dst) const;

    std::shared_ptr<const RandomAccessFile> m_file;
    std::vector<const GgufType*> m_types; ///< one for each tensor
};

Result<TensorInfo> GgufSource::describe(const GgufHeader::Tensor& tensor) const
{
    const GgufType& type = *tensor.type;
    TensorInfo info;
    info.name = tensor.name;
    info.dtype = type.plain.value_or(DType::F32);
    info.shape = tensor.shape;
    const std::optional<std::int64_t> count = elementCount(info.shape);
    const std::optional<std::uint64_t> bytes = count ? byteCount(info.dtype, *count) : std::nullopt;
    if (!bytes)
        return invalid(tensor, "has a shape that overflows");
    info.bytes = *bytes;
    if (type.plain)
        return info;
    const std::int64_t columns = info.shape.empty() ? 1 : info.shape.back();
    if (columns % type.blockValues != 0)
        return invalid(tensor,
            sentence("has {} columns, which do not fill the blocks of {} of its type {}", columns,
                type.blockValues, type.name));
    info.encoding = &type.encoding;
    info.encodedBytes
        = static_cast<std::uint64_t>(*count) / type.blockValues * type.blockBytes; // < info.bytes
    return info;
}

Status GgufSource::applyOriginalShape(
    const GgufHeader& header, const GgufHeader::Tensor& tensor, TensorInfo& info) const
{
    const auto found = header.originalShapes.find(tensor.name);
    if (found == header.originalShapes.end())
        return {};
    if (elementCount(found->second) != elementCount(info.shape))
        return invalid(tensor,
            sentence("has the shape [{}], which does not fit its original shape [{}]",
                fmt::join(info.shape, ", "), fmt::join(found->second, ", ")));
    info.shape = found->second;
    return {};
}

/// Every tensor must lie in the file, and no two in one place. Padding and what nobody describes is skipped.
Status GgufSource::checkLayout(const GgufHeader& header, std::vector<std::size_t>& order,
    const std::vector<TensorInfo>& tensors, std::uint64_t dataStart)
{
    const std::uint64_t dataBytes = m_file->size() - std::min(dataStart, m_file->size());
    std::ranges::stable_sort(order, {},
        [&](std::size_t i) { return std::pair(header.tensors[i].offset, tensors[i].storedBytes()); });
    std::uint64_t end = 0, gaps = 0;
    const GgufHeader::Tensor* before = nullptr;
    for (const std::size_t i : order) {
        const GgufHeader::Tensor& tensor = header.tensors[i];
        const std::uint64_t bytes = tensors[i].storedBytes();
        if (tensor.offset % header.alignment != 0)
            return invalid(tensor,
                sentence("begins at byte {} of the data, not at a multiple of the alignment {}",
                    tensor.offset, header.alignment));
        if (tensor.offset > dataBytes || bytes > dataBytes - tensor.offset)
            return invalid(tensor,
                sentence("needs {} bytes from byte {} of the data on, but the file holds only {}", bytes,
                    tensor.offset, dataBytes),
                "the file is incomplete; download or copy it again");
        if (bytes > 0 && tensor.offset < end)
            return invalid(tensor,
                sentence("begins at byte {} of the data, inside tensor {}, which ends at {}", tensor.offset,
                    inQuotes(before->name), end));
        if (bytes == 0)
            continue;
        gaps += tensor.offset - end >= header.alignment ? tensor.offset - end : 0;
        end = tensor.offset + bytes;
        before = &tensor;
    }
    gaps += dataBytes - end >= header.alignment ? dataBytes - end : 0;
    if (gaps > 0)
        m_info.warnings.push_back(sentence("{} bytes that belong to no tensor were ignored", gaps));
    return {};
}

Status GgufSource::open()
{
    auto header = readGgufHeader(*m_file);
    if (!header)
        return forward(std::move(header));
    const std::uint64_t dataStart
        = (header->bytes + header->alignment - 1) / header->alignment * header->alignment;
    std::vector<TensorInfo> described;
    std::vector<std::size_t> order;
    described.reserve(header->tensors.size());
    for (const GgufHeader::Tensor& tensor : header->tensors) {
        auto info = describe(tensor);
        if (!info)
            return forward(std::move(info));
        if (Status status = applyOriginalShape(*header, tensor, *info); !status)
            return status;
        order.push_back(described.size());
        described.push_back(std::move(*info));
    }
    if (Status status = checkLayout(*header, order, described, dataStart); !status)
        return status;
    std::vector<TensorInfo> tensors;
    tensors.reserve(described.size());
    for (const std::size_t i : order) {
        described[i].fileOffset = dataStart + header->tensors[i].offset;
        m_types.push_back(header->tensors[i].type);
        tensors.push_back(std::move(described[i]));
    }
    if (header->partCount > 1)
        m_info.warnings.push_back(sentence(
            "this is one of {} files that a model was split into; the tensors of the others are missing",
            header->partCount));
    m_info.metadata = std::move(header->metadata);
    std::vector<std::string*> names;
    names.reserve(tensors.size());
    for (TensorInfo& info : tensors)
        names.push_back(&info.name);
    const auto architecture = m_info.metadata.find("general.architecture");
    spellAsElsewhere(
        names, architecture == m_info.metadata.end() ? std::string_view() : architecture->second);
    setTensors(std::move(tensors));
    return {};
}

Status GgufSource::read(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const
{
    if (Status inside = checkRange(tensor, offset, dst.size()); !inside)
        return inside;
    if (dst.empty()) // a tensor without values may lie behind the end of the file
        return {};
    const TensorInfo& info = tensors()[tensor];
    if (info.encoding == nullptr)
        return m_file->read(info.fileOffset + offset, dst);
    return decode(info, *m_types[tensor], offset, dst);
}

Status GgufSource::decode(
    const TensorInfo& info, const GgufType& type, std::uint64_t offset, std::span<std::byte> dst) const
{
    if (type.decode == nullptr)
        return tl::unexpected<Error>(Error{ErrorCode::Unsupported,
            sentence("tensor {} is stored as {}, which cannot be decoded", inQuotes(info.name),
                info.encoding->name),
            m_file->path().string(), "start from the file that it was made from"});
    const std::uint64_t valueBytes = type.blockValues * sizeof(float);
    std::uint64_t block = offset / valueBytes;
    std::uint64_t begin = offset % valueBytes; // of what is wanted, in the first block
    std::vector<std::byte> raw;
    std::array<float, kernels::kMostGgmlBlockValues> values{};
    while (!dst.empty()) {
        const std::uint64_t wanted = (begin + dst.size() + valueBytes - 1) / valueBytes;
        const std::uint64_t blocks = std::min(wanted, kChunkBytes / type.blockBytes);
        raw.resize(static_cast<std::size_t>(blocks * type.blockBytes));
        if (Status status = m_file->read(info.fileOffset + block * type.blockBytes, raw); !status)
            return status;
        for (std::uint64_t i = 0; i < blocks; ++i) {
            type.decode(raw.data() + i * type.blockBytes, values.data());
            const auto bytes = std::as_bytes(std::span(values)).subspan(static_cast<std::size_t>(begin));
            const auto count
                = static_cast<std::size_t>(std::min<std::uint64_t>(valueBytes - begin, dst.size()));
            std::memcpy(dst.data(), bytes.data(), count);
            dst = dst.subspan(count);
            begin = 0;
        }
        block += blocks;
    }
    return {};
}

} // namespace

bool looksLikeGguf(std::string_view head) noexcept
{
    return head.starts_with("GGUF");
}

Result<std::shared_ptr<const TensorSource>> openGguf(std::shared_ptr<const RandomAccessFile> file)
{
    auto source = std::make_shared<GgufSource>(std::move(file));
    if (Status status = source->open(); !status)
        return forward(std::move(status));
    return std::shared_ptr<const TensorSource>(std::move(source));
}

} // namespace mantissa
