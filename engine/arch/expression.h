// SPDX-License-Identifier: GPL-3.0-or-later
// The small language of the architecture files: `dim(img_in.weight, 1) / 4`,
// `has(guidance_in.in_layer.weight)`, `hidden_size == 3072 && depth == 19`.
//
//   value     := integer | [integer, …] | name of a hyper-parameter | call | ( value )
//   operators := ! * / + - == != < <= > >= && ||     `/` is exact: a remainder gives no value
//   calls     := has(K) dim(K, i) rank(K) count(P) any(G) top(K) size() if(condition, value)
//
// K is one key or alternatives `a|b` (the first that occurs counts), P a key start with '#' for a block
// number, G a glob; all are names after the network's prefix, except top(), which takes names of the whole
// file. What cannot be known has no value: it is false as a condition, and makes what is computed from it
// unknown.
#pragma once

#include "engine/arch/key_view.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mantissa::arch {

using Hyperparameters = std::vector<std::pair<std::string, HyperValue>>;
using Value = std::variant<std::monostate, std::int64_t, std::vector<std::int64_t>>;

/// What an expression can see.
struct Facts {
    const KeyView& network;
    const KeyView& file;
    const Hyperparameters& known;
};

/// Empty optional: the text is not an expression (only our own files hold any: a defect).
std::optional<Value> evaluate(std::string_view text, const Facts& facts);
/// An empty text is true.
bool isTrue(std::string_view text, const Facts& facts);
/// The first alternative of `a|b` that is a key.
const Key* firstOf(const KeyView& view, std::string_view alternatives);

} // namespace mantissa::arch
