// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of a file, sorted, with logical shapes; and the part of them below a prefix.
#pragma once

#include "engine/arch/modules.h"

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa::arch {

struct Key {
    std::string_view name; ///< "….weight" also where the file packs it under another name
    const Shape* shape = nullptr; ///< logical
    std::size_t tensor = 0;
};

/// All keys but quantization companions. Views into the table and the source, which must outlive it.
class KeyIndex {
public:
    KeyIndex(const TensorSource& source, const ModuleTable& table);
    std::span<const Key> keys() const { return m_keys; }

private:
    std::vector<Key> m_keys; ///< sorted by name
    std::deque<std::string> m_made; ///< names that the file spells otherwise
};

/// The keys that start with a prefix; all members take names after that prefix. O(log n) unless said
/// otherwise.
class KeyView {
public:
    KeyView(std::span<const Key> all, std::string_view prefix);

    std::string_view prefix() const { return m_prefix; }
    std::size_t size() const { return m_keys.size(); }
    std::span<const Key> keys() const { return m_keys; }
    std::string_view relative(const Key& key) const { return key.name.substr(m_prefix.size()); }

    const Key* find(std::string_view name) const;
    bool has(std::string_view name) const { return find(name) != nullptr; }
    /// Whether a key starts so.
    bool hasPrefix(std::string_view start) const;
    std::size_t countPrefix(std::string_view start) const;
    /// The first key that fits a glob; linear in the keys that share its literal start.
    const Key* findGlob(std::string_view glob) const;
    /// How many of the indices 0, 1, 2, … occur where `pattern` has its '#'.
    std::int64_t countIndices(std::string_view pattern) const;

private:
    std::span<const Key> startingWith(std::string_view start) const;

    std::string m_prefix;
    std::span<const Key> m_keys;
};

} // namespace mantissa::arch
