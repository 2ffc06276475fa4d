// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the pickle machine where Python would import names and call them.
#include "engine/io/pickle_machine.h"
#include "engine/io/text.h"

#include <algorithm>

namespace mantissa {
namespace {

constexpr std::size_t kMostCalls = 100'000; // listed; a file with more is hopeless anyway
constexpr std::size_t kLongestKey = 255; // of a storage

} // namespace

tl::unexpected<Error> PickleMachine::dangerous(std::string_view name) const
{
    return tl::unexpected<Error>(Error{ErrorCode::InvalidInput,
        sentence("loading this file with Python would run {}, which weights never need", inQuotes(name)),
        m_stream->place(m_offset),
        "do not load it with Python; 'mantissa inspect' lists all that it would run; look for the weights as "
        "safetensors, or take them out with 'mantissa convert --without-calls'"});
}

Status PickleMachine::notAllowed(std::string name)
{
    if (m_mode == PickleMode::Strict)
        return dangerous(name);
    if (m_calls.size() >= kMostCalls || !charge(sizeof(PickleCall) + name.size()))
        return invalid("it would make more calls than can be listed");
    m_calls.push_back({std::move(name), m_offset});
    return {};
}

const PickleMachine::GlobalName* PickleMachine::globalOf(PickleRef ref) const
{
    return kind(ref) == PickleKind::Global ? &m_globals[m_values[ref].index] : nullptr;
}

bool PickleMachine::isEmptyDict(PickleRef ref) const
{
    return kind(ref) == PickleKind::Dict && items(ref).empty();
}

Status PickleMachine::callStep(const PickleStep& step)
{
    using enum PickleOp;
    switch (step.op) {
    case Global:
        return pushGlobal(std::string(step.text), step.text2);
    case StackGlobal:
        return pushStackGlobal();
    case Ext1:
    case Ext2:
    case Ext4:
        if (Status status = notAllowed(fmt::format("copyreg extension {}", step.number)); !status)
            return status;
        return pushNew(PickleKind::Opaque);
    case PersId:
        if (Status status = pushText(PickleKind::Text, step.text); !status)
            return status;
        [[fallthrough]];
    case BinPersId: {
        const Result<PickleRef> id = pop();
        return id ? pushPersistent(*id) : Status(tl::unexpected<Error>(id.error()));
    }
    case NextBuffer:
    case ReadonlyBuffer:
        return invalid("it needs buffers that are not in the file");
    default:
        break;
    }
    std::vector<PickleRef> items;
    std::size_t fixed = step.op == NewObjEx ? 3 : 2;
    if (step.op == Inst || step.op == Obj) {
        if (step.op == Inst)
            if (Status status = pushGlobal(std::string(step.text), step.text2); !status)
                return status;
        const Result<PickleRef> type = step.op == Inst ? pop() : Result<PickleRef>(PickleRef{0});
        if (!type)
            return tl::unexpected<Error>(type.error());
        Result<std::vector<PickleRef>> marked = popMark();
        if (!marked)
            return forward(std::move(marked));
        if (step.op == Obj && marked->empty())
            return invalid("an object has no class");
        const PickleRef callable = step.op == Inst ? *type : marked->front();
        if (step.op == Obj)
            marked->erase(marked->begin());
        const Result<PickleRef> arguments = makeItems(PickleKind::Sequence, std::move(*marked));
        return arguments ? reduce(callable, *arguments) : Status(tl::unexpected<Error>(arguments.error()));
    }
    for (; fixed > 0; --fixed) {
        const Result<PickleRef> ref = step.op == Build && fixed == 1 ? top() : pop();
        if (!ref)
            return tl::unexpected<Error>(ref.error());
        items.insert(items.begin(), *ref);
    }
    if (step.op == Build)
        return build(items[0]);
    if (step.op == NewObjEx && m_mode == PickleMode::Strict && !isEmptyDict(items[2]))
        return invalid("a plain value is made with named arguments");
    return reduce(items[0], items[1]);
}

Status PickleMachine::pushGlobal(std::string module, std::string_view name)
{
    std::string full = std::move(module) + "." + std::string(name);
    const GlobalRule rule = ruleFor(full);
    std::optional<std::uint64_t> pending;
    if (rule.role == GlobalRole::Forbidden) {
        if (Status status = notAllowed(full); !status)
            return status;
        pending = m_offset;
    }
    if (rule.role == GlobalRole::NotSupported && m_mode == PickleMode::Strict)
        return tl::unexpected<Error>(Error{ErrorCode::Unsupported,
            sentence("the file holds data of the kind {}, which cannot be read", inQuotes(full)),
            m_stream->place(m_offset), "convert it to plain tensors with the program that made it"});
    if (rule.role == GlobalRole::Ignored && m_ignored.size() < kMostCalls)
        m_ignored.insert(full);
    if (!charge(sizeof(GlobalName) + full.size()))
        return invalid("it takes more memory than any real one");
    m_globals.push_back({std::move(full), rule, pending});
    return pushNew(PickleKind::Global, 0, static_cast<std::uint32_t>(m_globals.size() - 1));
}

Status PickleMachine::pushStackGlobal()
{
    const Result<PickleRef> name = pop();
    const Result<PickleRef> module = name ? pop() : name;
    if (!module)
        return tl::unexpected<Error>(module.error());
    const auto textOrMark
        = [&](PickleRef ref) { return kind(ref) == PickleKind::Text ? std::string(text(ref)) : "?"; };
    if (m_mode == PickleMode::Strict
        && (kind(*name) != PickleKind::Text || kind(*module) != PickleKind::Text))
        return invalid("a global has a name that is not a text");
    return pushGlobal(textOrMark(*module), textOrMark(*name));
}

Status PickleMachine::reduce(PickleRef callable, PickleRef arguments)
{
    const GlobalName* const global = globalOf(callable);
    const bool forbidden = !global || global->rule.role == GlobalRole::Forbidden;
    if (forbidden) {
        // In a survey the import was listed already; a second call of the same thing is listed by itself.
        std::optional<std::uint64_t>* pending
            = global ? &m_globals[m_values[callable].index].pendingCall : nullptr;
        if (pending && *pending)
            pending->reset();
        else if (Status status
                 = notAllowed(global ? global->name : std::string("a value that an earlier call returned"));
                 !status)
            return status;
        return pushNew(PickleKind::Opaque);
    }
    if (m_mode == PickleMode::Strict && kind(arguments) != PickleKind::Sequence)
        return invalid("the arguments of a call are not a list");
    const std::vector<PickleRef> copies = kind(arguments) == PickleKind::Sequence
        ? std::vector<PickleRef>(items(arguments).begin(), items(arguments).end())
        : std::vector<PickleRef>{};
    m_steps += copies.size(); // the work of a call counts, too: a long list may be used over and over
    Result<PickleRef> result = call(global->rule, copies);
    if (!result && m_mode == PickleMode::Survey)
        result = makeOpaque(); // malformed, but not dangerous
    if (!result)
        return forward(std::move(result));
    return push(*result);
}

Result<PickleRef> PickleMachine::call(const GlobalRule& rule, std::span<const PickleRef> arguments)
{
    switch (rule.role) {
    case GlobalRole::Dict:
        return makeDict(arguments);
    case GlobalRole::DefaultDict:
        if (!arguments.empty() && kind(arguments[0]) != PickleKind::None && !globalOf(arguments[0]))
            return invalid("a defaultdict has a factory that is not a type");
        return makeDict(arguments.empty() ? arguments : arguments.subspan(1));
    case GlobalRole::Sequence:
        if (arguments.empty())
            return makeItems(PickleKind::Sequence, {});
        if (arguments.size() != 1 || kind(arguments[0]) != PickleKind::Sequence)
            return invalid("a list is made from something that is not one");
        return makeItems(PickleKind::Sequence, {items(arguments[0]).begin(), items(arguments[0]).end()});
    case GlobalRole::Opaque:
    case GlobalRole::Ignored:
    case GlobalRole::NotSupported:
        return makeOpaque();
    case GlobalRole::RebuildTensor:
        return makeTensor(arguments, std::nullopt);
    case GlobalRole::RebuildTensorV3:
        if (const GlobalName* dtype = arguments.size() >= 7 ? globalOf(arguments[6]) : nullptr;
            dtype && dtype->rule.role == GlobalRole::DTypeValue)
            return makeTensor(arguments, dtype->rule.dtype);
        return invalid("a tensor has no dtype");
    case GlobalRole::RebuildParameter:
        if (arguments.size() < 3 || kind(arguments[0]) != PickleKind::Tensor)
            return invalid("a parameter is not made from a tensor");
        return arguments[0];
    case GlobalRole::RebuildFromType:
        return callRebuildFromType(arguments);
    case GlobalRole::StorageType:
    case GlobalRole::DTypeValue:
    case GlobalRole::TensorType:
    case GlobalRole::Forbidden:
        break;
    }
    return invalid("it calls a name that only stands for a type");
}

Result<PickleRef> PickleMachine::makeDict(std::span<const PickleRef> arguments)
{
    std::vector<PickleRef> entries;
    if (!arguments.empty()) {
        const PickleRef from = arguments[0];
        if (arguments.size() > 1 || (kind(from) != PickleKind::Dict && kind(from) != PickleKind::Sequence))
            return invalid("a map is made from something that is not one");
        if (!charge(items(from).size_bytes()))
            return invalid("it takes more memory than any real one");
        if (kind(from) == PickleKind::Dict)
            entries.assign(items(from).begin(), items(from).end());
        else
            for (const PickleRef pair : items(from)) {
                if (kind(pair) != PickleKind::Sequence || items(pair).size() != 2)
                    return invalid("a map is made from a list that does not hold pairs");
                entries.insert(entries.end(), items(pair).begin(), items(pair).end());
            }
    }
    return makeItems(PickleKind::Dict, std::move(entries));
}

Result<PickleRef> PickleMachine::makeTensor(std::span<const PickleRef> arguments, std::optional<DType> dtype)
{
    if (arguments.size() < 4 || kind(arguments[0]) != PickleKind::Storage || !isInt(arguments[1])
        || kind(arguments[2]) != PickleKind::Sequence || kind(arguments[3]) != PickleKind::Sequence
        || number(arguments[1]) < 0)
        return invalid("a tensor lacks its storage, offset, size or strides");
    const std::uint32_t storage = m_values[arguments[0]].index;
    PickleTensor tensor{storage, dtype.value_or(m_storages[storage].dtype.value_or(DType::U8)),
        static_cast<std::uint64_t>(number(arguments[1])), arguments[2], arguments[3]};
    if (!charge(sizeof(tensor)))
        return invalid("it takes more memory than any real one");
    m_tensors.push_back(tensor);
    return makeNew(PickleKind::Tensor, 0, static_cast<std::uint32_t>(m_tensors.size() - 1));
}

Result<PickleRef> PickleMachine::callRebuildFromType(std::span<const PickleRef> arguments)
{
    // torch._tensor._rebuild_from_type_v2(function, type, arguments, attributes of the tensor object)
    const GlobalName* const function = arguments.size() >= 3 ? globalOf(arguments[0]) : nullptr;
    const GlobalName* const type = arguments.size() >= 3 ? globalOf(arguments[1]) : nullptr;
    const bool known = function && type && type->rule.role == GlobalRole::TensorType
        && (function->rule.role == GlobalRole::RebuildTensor
            || function->rule.role == GlobalRole::RebuildTensorV3
            || function->rule.role == GlobalRole::RebuildParameter);
    if (!known || kind(arguments[2]) != PickleKind::Sequence)
        return invalid("a tensor is rebuilt in an unknown way");
    const GlobalRule rule = function->rule;
    const std::vector<PickleRef> inner(items(arguments[2]).begin(), items(arguments[2]).end());
    return call(rule, inner);
}

Status PickleMachine::build(PickleRef object)
{
    // Attributes of maps (state_dict's `_metadata`), tensors and ignored values carry no weights.
    if (kind(object) == PickleKind::Dict || kind(object) == PickleKind::Tensor
        || kind(object) == PickleKind::Opaque)
        return {};
    const GlobalName* const global = globalOf(object);
    return notAllowed(global ? global->name + ".__setstate__" : std::string("__setstate__ of a plain value"));
}

Status PickleMachine::pushPersistent(PickleRef id)
{
    if (m_mode == PickleMode::Survey && kind(id) != PickleKind::Sequence)
        return pushNew(PickleKind::Opaque);
    const std::span<const PickleRef> parts
        = kind(id) == PickleKind::Sequence ? items(id) : std::span<const PickleRef>{};
    const GlobalName* const type = parts.size() >= 5 ? globalOf(parts[1]) : nullptr;
    const bool good = type && type->rule.role == GlobalRole::StorageType && parts.size() <= 6
        && kind(parts[0]) == PickleKind::Text && text(parts[0]) == "storage"
        && kind(parts[2]) == PickleKind::Text && text(parts[2]).size() <= kLongestKey && isInt(parts[4])
        && number(parts[4]) >= 0;
    if (!good)
        return m_mode == PickleMode::Survey ? pushNew(PickleKind::Opaque)
                                            : invalid("it refers to something outside that is not a storage");
    PickleStorage storage{
        std::string(text(parts[2])), type->rule.dtype, static_cast<std::uint64_t>(number(parts[4])), 0, 0};
    storage.viewElements = storage.elements;
    if (parts.size() == 6 && kind(parts[5]) != PickleKind::None) { // (key of the view, offset, elements)
        const auto view
            = kind(parts[5]) == PickleKind::Sequence ? items(parts[5]) : std::span<const PickleRef>{};
        if (view.size() != 3 || !isInt(view[1]) || !isInt(view[2]) || number(view[1]) < 0
            || number(view[2]) < 0 || static_cast<std::uint64_t>(number(view[1])) > storage.elements
            || static_cast<std::uint64_t>(number(view[2]))
                > storage.elements - static_cast<std::uint64_t>(number(view[1])))
            return m_mode == PickleMode::Survey ? pushNew(PickleKind::Opaque)
                                                : invalid("a view reaches beyond its storage");
        storage.viewOffset = static_cast<std::uint64_t>(number(view[1]));
        storage.viewElements = static_cast<std::uint64_t>(number(view[2]));
    }
    if (!charge(sizeof(storage) + storage.key.size()))
        return invalid("it takes more memory than any real one");
    m_storages.push_back(std::move(storage));
    return pushNew(PickleKind::Storage, 0, static_cast<std::uint32_t>(m_storages.size() - 1));
}

} // namespace mantissa
