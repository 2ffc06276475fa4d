// SPDX-License-Identifier: GPL-3.0-or-later
// A pickle machine that computes values and never calls anything.
//
// What it builds are maps, lists, numbers, texts, and descriptions of tensors. Memory, stack, memo and steps
// are bounded; nothing recurses; a map that contains itself is just an index that points backwards.
#pragma once

#include "engine/io/pickle_globals.h"
#include "engine/io/pickle_stream.h"
#include "engine/io/tensor_source.h"

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

using PickleRef = std::uint32_t;

enum class PickleKind : std::uint8_t {
    None,
    Bool,
    Int,
    BigInt,
    Float,
    Text,
    Bytes,
    Sequence,
    Dict,
    Global,
    Storage,
    Tensor,
    Opaque,
};

struct PickleStorage {
    std::string key; ///< names the data: an archive entry, or an item of the legacy key list
    std::optional<DType> dtype; ///< empty: elements are bytes
    std::uint64_t elements = 0; ///< of the whole storage
    std::uint64_t viewOffset = 0; ///< elements before those that this view may use (legacy files)
    std::uint64_t viewElements = 0;
};

struct PickleTensor {
    std::uint32_t storage = 0;
    DType dtype = DType::F32;
    std::uint64_t offset = 0; ///< elements, from the start of the storage
    PickleRef size = 0, stride = 0; ///< sequences of Int
};

enum class PickleMode {
    Strict, ///< stops at the first thing that is not allowed
    Survey, ///< goes on with opaque values, and lists what is not allowed
};

class PickleMachine {
public:
    explicit PickleMachine(PickleMode mode)
        : m_mode(mode)
    { }

    /// Runs one pickle up to its STOP and gives its value. Values of earlier runs stay; stack and memo do
    /// not.
    Result<PickleRef> run(PickleStream& stream);

    PickleKind kind(PickleRef ref) const { return m_values[ref].kind; }
    /// Of Bool and Int.
    std::int64_t number(PickleRef ref) const { return m_values[ref].number; }
    /// Of Text, Bytes and BigInt (little-endian two's complement).
    std::string_view text(PickleRef ref) const;
    /// Elements of a Sequence; of a Dict, keys and values in turn, in the order they were set.
    std::span<const PickleRef> items(PickleRef ref) const { return m_items[m_values[ref].index]; }
    const PickleTensor& tensor(PickleRef ref) const { return m_tensors[m_values[ref].index]; }
    const std::vector<PickleStorage>& storages() const { return m_storages; }

    /// What Survey found, in the order of the stream.
    const std::vector<PickleCall>& calls() const { return m_calls; }
    /// Names of harmless values that were left out.
    const std::set<std::string>& ignored() const { return m_ignored; }
    /// Counts memory against the limit of the whole file; false if that is used up.
    bool charge(std::uint64_t bytes);

private:
    struct Value {
        PickleKind kind = PickleKind::None;
        std::uint32_t index = 0; ///< into the table of its kind; length of texts
        std::int64_t number = 0; ///< value, or position of a text
    };
    struct GlobalName {
        std::string name;
        GlobalRule rule;
        std::optional<std::uint64_t> pendingCall; ///< Survey: listed by its import, not called yet
    };

    // pickle_machine.cpp: stack and plain values
    Status step(const PickleStep& step);
    Status plainStep(const PickleStep& step);
    Status containerStep(const PickleStep& step);
    Status memoStep(const PickleStep& step);
    Status push(PickleRef ref);
    Status pushNew(PickleKind kind, std::int64_t number = 0, std::uint32_t index = 0);
    Status pushText(PickleKind kind, std::string_view text);
    Status pushDecimal(std::string_view line);
    Status pushLong(std::string_view bytes);
    Status pushItems(PickleKind kind, std::vector<PickleRef> items);
    Result<PickleRef> makeNew(PickleKind kind, std::int64_t number = 0, std::uint32_t index = 0);
    Result<PickleRef> makeItems(PickleKind kind, std::vector<PickleRef> items);
    Result<PickleRef> makeOpaque();
    Result<PickleRef> pop();
    Result<PickleRef> top();
    Result<std::vector<PickleRef>> popMark();
    Status extend(PickleRef target, PickleKind kind, std::span<const PickleRef> items);
    Status put(std::uint64_t place);
    Status get(std::uint64_t place);

    // pickle_calls.cpp: names and what would be calls
    Status callStep(const PickleStep& step);
    Status pushGlobal(std::string module, std::string_view name);
    Status pushStackGlobal();
    Status reduce(PickleRef callable, PickleRef arguments);
    Result<PickleRef> call(const GlobalRule& rule, std::span<const PickleRef> arguments);
    Result<PickleRef> makeDict(std::span<const PickleRef> arguments);
    Result<PickleRef> makeTensor(std::span<const PickleRef> arguments, std::optional<DType> dtype);
    Result<PickleRef> callRebuildFromType(std::span<const PickleRef> arguments);
    Status build(PickleRef object);
    Status pushPersistent(PickleRef id);
    Status notAllowed(std::string name);
    tl::unexpected<Error> invalid(Sentence message) const;
    tl::unexpected<Error> dangerous(std::string_view name) const;
    bool isInt(PickleRef ref) const { return kind(ref) == PickleKind::Int; }
    bool isEmptyDict(PickleRef ref) const;
    const GlobalName* globalOf(PickleRef ref) const;

    PickleMode m_mode;
    std::vector<Value> m_values;
    std::vector<PickleRef> m_stack, m_memo;
    std::vector<std::size_t> m_marks;
    std::string m_texts;
    std::vector<std::vector<PickleRef>> m_items;
    std::vector<GlobalName> m_globals;
    std::vector<PickleStorage> m_storages;
    std::vector<PickleTensor> m_tensors;
    std::vector<PickleCall> m_calls;
    std::set<std::string> m_ignored;
    std::uint64_t m_memory = 0, m_steps = 0, m_offset = 0, m_memoCount = 0;
    const PickleStream* m_stream = nullptr;
    bool m_stopped = false;
};

} // namespace mantissa
