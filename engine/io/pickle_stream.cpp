// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/pickle_stream.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace mantissa {
namespace {

constexpr std::uint64_t kBufferBytes = 64 << 10;
constexpr std::uint64_t kLongestText = 64 << 20; // of one argument; real ones take a few hundred bytes
constexpr std::size_t kLongestLine = 64 << 10; // protocols 0 and 1 write names and numbers as lines

} // namespace

PickleStream::PickleStream(
    std::shared_ptr<const RandomAccessFile> file, std::uint64_t begin, std::uint64_t end, std::string part)
    : m_file(std::move(file))
    , m_begin(begin)
    , m_end(end)
    , m_position(begin)
    , m_part(std::move(part))
{ }

Sentence PickleStream::place(std::uint64_t offset) const
{
    return m_part.empty() ? m_file->place(m_begin + offset)
                          : sentence("{}, byte {} of {}", m_file->path().string(), offset, m_part);
}

tl::unexpected<Error> PickleStream::invalid(Sentence message) const
{
    return tl::unexpected<Error>(Error{ErrorCode::InvalidInput, std::move(message), place(m_stepOffset), {}});
}

Status PickleStream::take(std::uint64_t bytes, std::string& text)
{
    if (bytes > m_end - m_position)
        return invalid(sentence("the pickle ends where {} more bytes are expected", bytes));
    if (bytes > kLongestText)
        return invalid(sentence("the pickle holds a text of {} bytes, longer than any real one", bytes));
    const std::uint64_t bufferEnd = m_bufferStart + m_buffer.size();
    if (m_position < m_bufferStart || m_position + bytes > bufferEnd) {
        const std::uint64_t wanted = std::min(std::max(bytes, kBufferBytes), m_end - m_position);
        Result<std::string> fresh = m_file->readText(m_position, static_cast<std::size_t>(wanted));
        if (!fresh)
            return forward(std::move(fresh));
        m_buffer = std::move(*fresh);
        m_bufferStart = m_position;
    }
    text.assign(
        m_buffer, static_cast<std::size_t>(m_position - m_bufferStart), static_cast<std::size_t>(bytes));
    m_position += bytes;
    return {};
}

Status PickleStream::takeLine(std::string& text)
{
    text.clear();
    std::string one;
    while (text.size() <= kLongestLine) {
        if (Status status = take(1, one); !status)
            return status;
        if (one[0] == '\n')
            return {};
        text += one;
    }
    return invalid("the pickle holds a line longer than any real one");
}

Result<std::uint64_t> PickleStream::takeNumber(std::size_t bytes)
{
    std::string text;
    if (Status status = take(bytes, text); !status)
        return forward(std::move(status));
    std::uint64_t value = 0;
    std::memcpy(&value, text.data(), bytes);
    return value;
}

Status PickleStream::takeNumberInto(std::size_t bytes, PickleStep& step)
{
    const Result<std::uint64_t> value = takeNumber(bytes);
    if (!value)
        return tl::unexpected<Error>(value.error());
    step.number = static_cast<std::int64_t>(*value);
    return {};
}

Status PickleStream::takeTextAfterLength(std::size_t lengthBytes, PickleStep& step)
{
    const Result<std::uint64_t> length = takeNumber(lengthBytes);
    if (!length)
        return tl::unexpected<Error>(length.error());
    if (Status status = take(*length, m_text); !status)
        return status;
    step.text = m_text;
    return {};
}

Status PickleStream::takeArgument(PickleStep& step)
{
    using enum PickleOp;
    switch (step.op) {
    case Float:
    case Int:
    case Long:
    case PersId:
    case String:
    case Unicode:
    case Get:
    case Put:
        if (Status status = takeLine(m_text); !status)
            return status;
        step.text = m_text;
        return {};
    case Global:
    case Inst:
        if (Status status = takeLine(m_text); !status)
            return status;
        if (Status status = takeLine(m_text2); !status)
            return status;
        step.text = m_text;
        step.text2 = m_text2;
        return {};
    case BinInt: {
        Status status = takeNumberInto(4, step);
        step.number = static_cast<std::int32_t>(static_cast<std::uint32_t>(step.number));
        return status;
    }
    case BinInt1:
    case BinGet:
    case BinPut:
    case Ext1:
    case Proto:
        return takeNumberInto(1, step);
    case BinInt2:
    case Ext2:
        return takeNumberInto(2, step);
    case LongBinGet:
    case LongBinPut:
    case Ext4:
        return takeNumberInto(4, step);
    case BinFloat: {
        Status status = takeNumberInto(8, step);
        step.number = static_cast<std::int64_t>(__builtin_bswap64(static_cast<std::uint64_t>(step.number)));
        return status;
    }
    case Frame:
        if (Status status = takeNumberInto(8, step); !status)
            return status;
        if (static_cast<std::uint64_t>(step.number) > remaining())
            return invalid("the pickle has a frame that reaches beyond its end");
        return {};
    case ShortBinString:
    case ShortBinBytes:
    case ShortBinUnicode:
    case Long1:
        return takeTextAfterLength(1, step);
    case BinString:
    case BinBytes:
    case BinUnicode:
    case Long4:
        return takeTextAfterLength(4, step);
    case BinBytes8:
    case BinUnicode8:
    case ByteArray8:
        return takeTextAfterLength(8, step);
    case Mark:
    case Stop:
    case Pop:
    case PopMark:
    case Dup:
    case None:
    case BinPersId:
    case Reduce:
    case Append:
    case Build:
    case Dict:
    case EmptyDict:
    case Appends:
    case List:
    case EmptyList:
    case Obj:
    case SetItem:
    case Tuple:
    case EmptyTuple:
    case SetItems:
    case NewObj:
    case Tuple1:
    case Tuple2:
    case Tuple3:
    case NewTrue:
    case NewFalse:
    case EmptySet:
    case AddItems:
    case FrozenSet:
    case NewObjEx:
    case StackGlobal:
    case Memoize:
    case NextBuffer:
    case ReadonlyBuffer:
        return {};
    }
    return invalid(sentence("the pickle has the unknown operation 0x{:02x}", static_cast<unsigned>(step.op)));
}

Result<PickleStep> PickleStream::next()
{
    PickleStep step;
    m_stepOffset = step.offset = position();
    const Result<std::uint64_t> code = takeNumber(1);
    if (!code)
        return tl::unexpected<Error>(code.error());
    step.op = static_cast<PickleOp>(*code);
    if (Status status = takeArgument(step); !status)
        return forward(std::move(status));
    return step;
}

} // namespace mantissa
