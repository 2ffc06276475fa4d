// SPDX-License-Identifier: GPL-3.0-or-later
// What the shapes of a checkpoint cannot tell (heads, groups of norms, the scale of latents), looked up by
// name: in the file's metadata, in the configs of a diffusers folder, in what detection derived; else the
// family's usual value.
#pragma once

#include "engine/model/model.h"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

/// A list of names stands for one setting that tools spell differently; the first that is found counts.
class Settings {
public:
    using Names = std::initializer_list<std::string_view>;

    /// Reads every metadata entry that is a JSON object (`config` first), and `component`'s config.json of a
    /// folder.
    explicit Settings(const Model& model, std::string_view component = {});
    ~Settings();
    Settings(Settings&&) noexcept;

    bool has(Names names) const;
    bool isNumber(Names names) const; ///< there, and no list or text
    /// Raises InvalidInput where the value is there but is no integer, or is negative or above 2^31.
    std::int64_t integer(Names names, std::int64_t fallback) const;
    double number(Names names, double fallback) const;
    bool flag(Names names, bool fallback) const;
    std::string text(Names names, std::string_view fallback) const;
    /// A list of whole numbers; lists in it are put one after the other.
    std::vector<std::int64_t> integers(Names names, std::vector<std::int64_t> fallback) const;

private:
    struct Data;
    std::unique_ptr<Data> m_data;
};

} // namespace mantissa
