// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/pickle_machine.h"

#include <algorithm>
#include <bit>
#include <charconv>

namespace mantissa {
namespace {

// Far above what the largest published checkpoints need (some ten million steps, some ten megabytes).
constexpr std::uint64_t kMostSteps = 100'000'000;
constexpr std::uint64_t kMostMemory = 512 << 20;
constexpr std::size_t kMostStack = 8'000'000;
constexpr std::uint64_t kMostMemo = 16'000'000;
constexpr int kNewestProtocol = 5;

} // namespace

bool PickleMachine::charge(std::uint64_t bytes)
{
    m_memory = bytes > kMostMemory ? kMostMemory + 1 : m_memory + bytes;
    return m_memory <= kMostMemory;
}

std::string_view PickleMachine::text(PickleRef ref) const
{
    return std::string_view(m_texts).substr(
        static_cast<std::size_t>(m_values[ref].number), m_values[ref].index);
}

tl::unexpected<Error> PickleMachine::invalid(Sentence message) const
{
    return tl::unexpected<Error>(Error{ErrorCode::InvalidInput,
        sentence("the pickle is malformed: {}", message), m_stream->place(m_offset), {}});
}

Result<PickleRef> PickleMachine::run(PickleStream& stream)
{
    m_stream = &stream;
    m_stack.clear();
    m_marks.clear();
    m_memo.clear();
    m_memoCount = 0;
    m_stopped = false;
    while (!m_stopped) {
        const Result<PickleStep> next = stream.next();
        if (!next)
            return tl::unexpected<Error>(next.error());
        m_offset = next->offset;
        if (++m_steps > kMostSteps)
            return invalid("it takes more steps than any real one");
        if (Status status = step(*next); !status)
            return forward(std::move(status));
    }
    return pop();
}

Result<PickleRef> PickleMachine::makeNew(PickleKind kind, std::int64_t number, std::uint32_t index)
{
    if (!charge(sizeof(Value)))
        return invalid("it takes more memory than any real one");
    m_values.push_back({kind, index, number});
    return static_cast<PickleRef>(m_values.size() - 1);
}

Result<PickleRef> PickleMachine::makeOpaque()
{
    return makeNew(PickleKind::Opaque);
}

Result<PickleRef> PickleMachine::makeItems(PickleKind kind, std::vector<PickleRef> items)
{
    if (!charge(sizeof(std::vector<PickleRef>) + items.size() * sizeof(PickleRef)))
        return invalid("it takes more memory than any real one");
    items.shrink_to_fit();
    m_items.push_back(std::move(items));
    return makeNew(kind, 0, static_cast<std::uint32_t>(m_items.size() - 1));
}

Status PickleMachine::push(PickleRef ref)
{
    if (m_stack.size() >= kMostStack)
        return invalid("its stack grows beyond that of any real one");
    m_stack.push_back(ref);
    return {};
}

Status PickleMachine::pushNew(PickleKind kind, std::int64_t number, std::uint32_t index)
{
    Result<PickleRef> ref = makeNew(kind, number, index);
    return ref ? push(*ref) : Status(forward(std::move(ref)));
}

Status PickleMachine::pushItems(PickleKind kind, std::vector<PickleRef> items)
{
    Result<PickleRef> ref = makeItems(kind, std::move(items));
    return ref ? push(*ref) : Status(forward(std::move(ref)));
}

Status PickleMachine::pushText(PickleKind kind, std::string_view text)
{
    if (!charge(text.size()))
        return invalid("it takes more memory than any real one");
    const std::size_t position = m_texts.size();
    m_texts += text;
    return pushNew(kind, static_cast<std::int64_t>(position), static_cast<std::uint32_t>(text.size()));
}

Status PickleMachine::pushDecimal(std::string_view line)
{
    if (line.ends_with('L'))
        line.remove_suffix(1);
    if (line == "00" || line == "01") // how protocol 0 writes False and True
        return pushNew(PickleKind::Bool, line == "01");
    std::int64_t value = 0;
    const char* const end = line.data() + line.size();
    const auto [stop, error] = std::from_chars(line.data(), end, value);
    if (error == std::errc::result_out_of_range)
        return pushText(PickleKind::BigInt, line);
    if (error != std::errc{} || stop != end)
        return invalid("a number is not one");
    return pushNew(PickleKind::Int, value);
}

Status PickleMachine::pushLong(std::string_view bytes)
{
    if (bytes.size() > sizeof(std::int64_t))
        return pushText(PickleKind::BigInt, bytes);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    const int unused = 64 - 8 * static_cast<int>(bytes.size());
    if (unused > 0 && unused < 64) // two's complement: extend the sign
        value = static_cast<std::uint64_t>(static_cast<std::int64_t>(value << unused) >> unused);
    return pushNew(PickleKind::Int, static_cast<std::int64_t>(value));
}

Result<PickleRef> PickleMachine::top()
{
    const std::size_t floor = m_marks.empty() ? 0 : m_marks.back();
    if (m_stack.size() > floor)
        return m_stack.back();
    if (m_mode == PickleMode::Strict)
        return invalid("it takes a value from an empty stack");
    return makeOpaque();
}

Result<PickleRef> PickleMachine::pop()
{
    const std::size_t before = m_stack.size(), floor = m_marks.empty() ? 0 : m_marks.back();
    Result<PickleRef> ref = top();
    if (ref && before > floor)
        m_stack.pop_back();
    return ref;
}

Result<std::vector<PickleRef>> PickleMachine::popMark()
{
    if (m_marks.empty() && m_mode == PickleMode::Strict)
        return invalid("it goes back to a mark that was not set");
    const std::size_t floor = m_marks.empty() ? 0 : m_marks.back();
    if (!m_marks.empty())
        m_marks.pop_back();
    std::vector<PickleRef> items(m_stack.begin() + static_cast<std::ptrdiff_t>(floor), m_stack.end());
    m_stack.resize(floor);
    return items;
}

Status PickleMachine::extend(PickleRef target, PickleKind kind, std::span<const PickleRef> items)
{
    const Value& value = m_values[target];
    if (value.kind == kind && (kind == PickleKind::Sequence || items.size() % 2 == 0)) {
        if (!charge(2 * items.size_bytes())) // a growing vector keeps up to twice of what it holds
            return invalid("it takes more memory than any real one");
        m_items[value.index].insert(m_items[value.index].end(), items.begin(), items.end());
        return {};
    }
    if (m_mode == PickleMode::Survey)
        return {};
    return invalid(kind == PickleKind::Dict ? "it sets entries of something that is not a map"
                                            : "it adds elements to something that is not a list");
}

Status PickleMachine::put(std::uint64_t place)
{
    if (place >= kMostMemo)
        return invalid("it uses more memo places than any real one");
    const Result<PickleRef> ref = top();
    if (!ref)
        return tl::unexpected<Error>(ref.error());
    if (place >= m_memo.size()) {
        if (!charge((place + 1 - m_memo.size()) * sizeof(PickleRef)))
            return invalid("it takes more memory than any real one");
        m_memo.resize(static_cast<std::size_t>(place) + 1, ~PickleRef{0});
    }
    m_memoCount += m_memo[place] == ~PickleRef{0} ? 1 : 0;
    m_memo[place] = *ref;
    return {};
}

Status PickleMachine::get(std::uint64_t place)
{
    if (place < m_memo.size() && m_memo[place] != ~PickleRef{0})
        return push(m_memo[place]);
    if (m_mode == PickleMode::Survey)
        return pushNew(PickleKind::Opaque);
    return invalid("it recalls a value that was not stored");
}

Status PickleMachine::step(const PickleStep& step)
{
    using enum PickleOp;
    switch (step.op) {
    case Stop:
        m_stopped = true;
        return {};
    case Proto:
        return step.number <= kNewestProtocol
            ? Status()
            : invalid(sentence("it has the unknown protocol {}", step.number));
    case Frame:
        return {};
    case Get:
    case BinGet:
    case LongBinGet:
    case Put:
    case BinPut:
    case LongBinPut:
    case Memoize:
        return memoStep(step);
    case Mark:
    case Pop:
    case PopMark:
    case Dup:
    case Append:
    case Appends:
    case AddItems:
    case Dict:
    case EmptyDict:
    case List:
    case EmptyList:
    case SetItem:
    case SetItems:
    case Tuple:
    case EmptyTuple:
    case Tuple1:
    case Tuple2:
    case Tuple3:
    case EmptySet:
    case FrozenSet:
        return containerStep(step);
    case Global:
    case StackGlobal:
    case Inst:
    case Obj:
    case NewObj:
    case NewObjEx:
    case Reduce:
    case Build:
    case PersId:
    case BinPersId:
    case Ext1:
    case Ext2:
    case Ext4:
    case NextBuffer:
    case ReadonlyBuffer:
        return callStep(step);
    default:
        return plainStep(step);
    }
}

Status PickleMachine::plainStep(const PickleStep& step)
{
    using enum PickleOp;
    switch (step.op) {
    case None:
        return pushNew(PickleKind::None);
    case NewTrue:
        return pushNew(PickleKind::Bool, 1);
    case NewFalse:
        return pushNew(PickleKind::Bool, 0);
    case BinInt:
    case BinInt1:
    case BinInt2:
        return pushNew(PickleKind::Int, step.number);
    case BinFloat:
        return pushNew(PickleKind::Float, step.number);
    case Float:
        return pushNew(PickleKind::Float);
    case Int:
    case Long:
        return pushDecimal(step.text);
    case Long1:
    case Long4:
        return pushLong(step.text);
    case BinBytes:
    case ShortBinBytes:
    case BinBytes8:
    case ByteArray8:
        return pushText(PickleKind::Bytes, step.text);
    case String: { // a quoted literal; escapes never occur in names and stay as they are
        std::string_view text = step.text;
        if (text.size() >= 2 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front())
            text = text.substr(1, text.size() - 2);
        return pushText(PickleKind::Text, text);
    }
    default:
        return pushText(PickleKind::Text, step.text);
    }
}

Status PickleMachine::containerStep(const PickleStep& step)
{
    using enum PickleOp;
    switch (step.op) {
    case Mark:
        if (m_marks.size() >= kMostStack)
            return invalid("its stack grows beyond that of any real one");
        m_marks.push_back(m_stack.size());
        return {};
    case Pop:
        if (!m_marks.empty() && m_marks.back() == m_stack.size()) {
            m_marks.pop_back(); // as CPython does it
            return {};
        }
        [[fallthrough]];
    case Dup: {
        const Result<PickleRef> ref = step.op == Pop ? pop() : top();
        if (!ref)
            return tl::unexpected<Error>(ref.error());
        return step.op == Pop ? Status() : push(*ref);
    }
    case EmptyDict:
        return pushItems(PickleKind::Dict, {});
    case EmptyList:
    case EmptyTuple:
    case EmptySet:
        return pushItems(PickleKind::Sequence, {});
    default:
        break;
    }
    if (step.op == Append || step.op == SetItem || step.op == Tuple1 || step.op == Tuple2
        || step.op == Tuple3) {
        const std::size_t count = step.op == Append || step.op == Tuple1 ? 1 : step.op == Tuple3 ? 3 : 2;
        std::vector<PickleRef> items(count);
        for (std::size_t i = count; i-- > 0;) {
            const Result<PickleRef> ref = pop();
            if (!ref)
                return tl::unexpected<Error>(ref.error());
            items[i] = *ref;
        }
        if (step.op != Append && step.op != SetItem)
            return pushItems(PickleKind::Sequence, std::move(items));
        const Result<PickleRef> target = top();
        return target ? extend(*target, step.op == Append ? PickleKind::Sequence : PickleKind::Dict, items)
                      : Status(tl::unexpected<Error>(target.error()));
    }
    Result<std::vector<PickleRef>> items = popMark();
    if (!items)
        return forward(std::move(items));
    switch (step.op) {
    case PopMark:
        return {};
    case Dict: {
        if (items->size() % 2 != 0)
            return invalid("a map has a key without a value");
        return pushItems(PickleKind::Dict, std::move(*items));
    }
    case List:
    case Tuple:
    case FrozenSet:
        return pushItems(PickleKind::Sequence, std::move(*items));
    default:
        break; // Appends, AddItems, SetItems
    }
    const Result<PickleRef> target = top();
    if (!target)
        return tl::unexpected<Error>(target.error());
    return extend(*target, step.op == SetItems ? PickleKind::Dict : PickleKind::Sequence, *items);
}

Status PickleMachine::memoStep(const PickleStep& step)
{
    using enum PickleOp;
    std::uint64_t place = static_cast<std::uint64_t>(step.number);
    if (step.op == Get || step.op == Put) {
        const char* const end = step.text.data() + step.text.size();
        const auto [stop, error] = std::from_chars(step.text.data(), end, place);
        if (error != std::errc{} || stop != end)
            return invalid("a memo place is not a number");
    }
    if (step.op == Memoize)
        return put(m_memoCount);
    return step.op == Get || step.op == BinGet || step.op == LongBinGet ? get(place) : put(place);
}

} // namespace mantissa
