// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/torch_source.h"

#include "engine/io/pickle_tensors.h"
#include "engine/io/text.h"

#include <algorithm>

namespace mantissa {
namespace {

constexpr std::size_t kMostDimensions = 64; // as torch
// A tensor with stride 0 repeats its storage. Real ones are small tables; a large one is a trap for whoever
// copies it.
constexpr std::uint64_t kMostRepeatedBytes = 256 << 20;

/// Bytes of one torch element. float4_e2m1fn_x2 is one byte that holds two values.
std::uint64_t itemBytesOf(DType dtype)
{
    return dtype == DType::F4 ? 1 : static_cast<std::uint64_t>(bitsOf(dtype)) / 8;
}

/// The whole numbers of a sequence; empty if it holds anything else, a negative one, or too many.
std::optional<Shape> shapeOf(const PickleMachine& machine, PickleRef sequence)
{
    const auto items = machine.items(sequence);
    if (items.size() > kMostDimensions)
        return std::nullopt;
    Shape shape;
    for (const PickleRef item : items) {
        if (machine.kind(item) != PickleKind::Int || machine.number(item) < 0)
            return std::nullopt;
        shape.push_back(machine.number(item));
    }
    return shape;
}

/// Index of the last element that a view reaches, from its first; empty if it overflows.
std::optional<std::uint64_t> reachOf(const Shape& shape, const Shape& strides)
{
    std::uint64_t reach = 0;
    for (std::size_t d = 0; d < shape.size(); ++d) {
        std::uint64_t step = 0;
        if (__builtin_mul_overflow(
                static_cast<std::uint64_t>(shape[d] - 1), static_cast<std::uint64_t>(strides[d]), &step)
            || __builtin_add_overflow(reach, step, &reach))
            return std::nullopt;
    }
    return reach;
}

} // namespace

Result<std::shared_ptr<const TensorSource>> TorchSource::make(
    const std::shared_ptr<const RandomAccessFile>& file, std::string container,
    std::vector<Sentence> warnings, PickleMachine& machine, PickleRef root, const Locator& locate)
{
    auto source = std::make_shared<TorchSource>();
    Result<NamedTensors> named = findTensors(machine, root, file->path().string());
    if (!named)
        return forward(std::move(named));
    source->m_file = file;
    source->m_info.container = std::move(container);
    source->m_info.path = file->path();
    source->m_info.files.push_back({file->path(), file->size(), file->modifiedNs()});
    source->m_info.warnings = std::move(warnings);
    auto& all = source->m_info.warnings;
    all.insert(all.end(), named->warnings.begin(), named->warnings.end());
    if (!machine.ignored().empty())
        all.push_back(
            sentence("values of these kinds were left out: {}", fmt::join(machine.ignored(), ", ")));
    std::vector<TensorInfo> tensors;
    for (NamedTensor& item : named->tensors) {
        const PickleTensor& tensor = machine.tensor(item.ref);
        if (!machine.charge(
                4 * sizeof(std::int64_t) * machine.items(tensor.size).size() + sizeof(TensorInfo)))
            return fail(ErrorCode::InvalidInput, "the tensors of {} have more dimensions than any real ones",
                file->path().string());
        if (Status status = source->addTensor(std::move(item.name), machine, tensor, locate, tensors);
            !status)
            return forward(std::move(status));
    }
    source->setTensors(std::move(tensors));
    return std::shared_ptr<const TensorSource>(std::move(source));
}

Status TorchSource::addTensor(std::string name, const PickleMachine& machine, const PickleTensor& tensor,
    const Locator& locate, std::vector<TensorInfo>& tensors)
{
    const auto invalid = [&](const Sentence& message) {
        return tl::unexpected<Error>(Error{ErrorCode::InvalidInput,
            sentence("tensor {} {}", inQuotes(name), message), m_file->path().string(), {}});
    };
    const PickleStorage& storage = machine.storages()[tensor.storage];
    std::optional<Shape> shape = shapeOf(machine, tensor.size), strides = shapeOf(machine, tensor.stride);
    const std::optional<std::int64_t> count = shape ? elementCount(*shape) : std::nullopt;
    if (!count || !strides || strides->size() != shape->size())
        return invalid("has a size or strides that make no sense");

    const std::uint64_t item = itemBytesOf(tensor.dtype),
                        storageItem = storage.dtype ? itemBytesOf(*storage.dtype) : 1;
    std::uint64_t storageBytes = 0, logicalBytes = 0;
    if (__builtin_mul_overflow(storage.elements, storageItem, &storageBytes)
        || __builtin_mul_overflow(static_cast<std::uint64_t>(*count), item, &logicalBytes))
        return invalid("is larger than any file can be");
    const std::uint64_t viewItems = storage.viewElements * storageItem / item;
    const std::optional<std::uint64_t> reach
        = *count == 0 ? std::optional<std::uint64_t>(0) : reachOf(*shape, *strides);
    const std::uint64_t needed = *count == 0 ? 0 : 1;
    if (!reach || tensor.offset > viewItems || viewItems - tensor.offset < needed
        || *reach > viewItems - tensor.offset - needed)
        return invalid(
            sentence("reaches beyond its storage {} of {} bytes", inQuotes(storage.key), storageBytes));
    if (static_cast<std::uint64_t>(*count) > viewItems && logicalBytes > kMostRepeatedBytes)
        return invalid(sentence("repeats its {} stored bytes to {}", storageBytes, logicalBytes));
    const Result<std::uint64_t> start = locate(storage, storageBytes);
    if (!start) {
        Error error = start.error();
        error.message = sentence("tensor {}: {}", inQuotes(name), error.message);
        return tl::unexpected<Error>(std::move(error));
    }

    auto layout = std::make_unique<StridedLayout>();
    layout->start = *start + storage.viewOffset * storageItem + tensor.offset * item;
    layout->itemBytes = item;
    layout->shape = *shape;
    layout->strides = std::move(*strides);
    const bool dense = *count == 0 || isDense(*layout);
    if (tensor.dtype == DType::F4) {
        if (!dense)
            return tl::unexpected<Error>(Error{ErrorCode::Unsupported,
                sentence("tensor {} holds 4-bit values that are not in order", inQuotes(name)),
                m_file->path().string(), "save it again after calling contiguous()"});
        if (shape->empty())
            shape->push_back(1);
        if (__builtin_mul_overflow(shape->back(), std::int64_t{2}, &shape->back()))
            return invalid("is larger than any file can be");
    }
    tensors.push_back({std::move(name), tensor.dtype, std::move(*shape), logicalBytes, 0, layout->start});
    m_layouts.push_back(dense ? nullptr : std::move(layout));
    return {};
}

Status TorchSource::read(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const
{
    if (Status inside = checkRange(tensor, offset, dst.size()); !inside)
        return inside;
    if (m_layouts[tensor])
        return readStrided(*m_file, *m_layouts[tensor], offset, dst);
    return m_file->read(tensors()[tensor].fileOffset + offset, dst);
}

} // namespace mantissa
