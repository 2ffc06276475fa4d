// SPDX-License-Identifier: GPL-3.0-or-later
// How the keys of one family are translated, as tables.
#pragma once

#include "engine/io/tensor_source.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa::arch {

/// What becomes of the values, besides the name.
enum class Change {
    None,
    SwapHalves, ///< of the first dimension: diffusers has scale, shift where native networks have shift,
                ///< scale
    Pointwise, ///< a matrix [N, K] as a convolution [N, K, 1, 1]
};

/// `#` stands for a number and, at the end, `*` for "weight" or "bias" and `**` for a path that ends so.
struct KeyRule {
    std::string from, to;
    int piece = 0, pieces = 1; ///< which part of a weight fused along its first dimension this is
    Change change = Change::None;

    /// The native name of a key; nothing where the rule does not fit.
    std::optional<std::string> apply(std::string_view key) const;
};

/// The tensors of one component by their names after its prefix.
class DiffusersKeys {
public:
    void add(std::string_view name, const TensorInfo* tensor) { m_tensors.emplace(name, tensor); }
    bool has(std::string_view name) const { return m_tensors.contains(name); }
    /// How many of the indices 0, 1, 2, … occur where `pattern` has its '#'; every name starts with it.
    int count(std::string_view pattern) const;

private:
    std::map<std::string_view, const TensorInfo*> m_tensors;
};

struct KeyFamily {
    std::vector<std::string_view> architectures; ///< ids
    std::vector<std::string_view> marks; ///< one of these keys tells diffusers' spelling from the native one
    std::vector<KeyRule> (*rules)(const DiffusersKeys& keys); ///< the first that fits a key wins
};

/// Null: no translation is known.
const KeyFamily* findKeyFamily(std::string_view architecture);

/// Rules for `to_q`, `to_k`, `to_v` and the like, as pieces of one weight.
void addFused(std::vector<KeyRule>& rules, std::initializer_list<std::string_view> from, std::string_view to);

std::vector<KeyRule> unetRules(const DiffusersKeys& keys);
std::vector<KeyRule> vaeRules(const DiffusersKeys& keys);
std::vector<KeyRule> flux1Rules(const DiffusersKeys& keys);
std::vector<KeyRule> sd3Rules(const DiffusersKeys& keys);
std::vector<KeyRule> zImageRules(const DiffusersKeys& keys);
std::vector<KeyRule> auraflowRules(const DiffusersKeys& keys);

} // namespace mantissa::arch
