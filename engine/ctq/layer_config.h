// SPDX-License-Identifier: GPL-3.0-or-later
// The JSON file of `--layer-config` (section 5.5 of the format notes).
#pragma once

#include "engine/base/error.h"
#include "engine/base/pattern.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa::ctq {

struct LayerSettingsEntry {
    bool skip = false;
    std::string format; ///< one of the nine labels
    std::optional<int> blockSize;
    std::string scalingMode; ///< empty: not said
    bool simple = false;
    std::optional<bool> fullPrecision;
};

class LayerConfig {
public:
    /// InvalidInput with the JSON pointer of what is wrong.
    static Result<LayerConfig> parse(std::string_view json);

    /// The entry for a layer (without ".weight"): of all patterns that match, the most specific; else
    /// `_default`; else null. Usage if a pattern takes too long on this name.
    Result<const LayerSettingsEntry*> find(std::string_view layer, bool wholeName) const;
    std::size_t patternCount() const { return m_entries.size(); }

private:
    struct Entry {
        Pattern pattern;
        LayerSettingsEntry settings;
    };
    std::vector<Entry> m_entries; ///< most specific first
    std::optional<LayerSettingsEntry> m_default;
};

/// How a pattern ranks among several that match: those with `\d` and eight literal characters first, then by
/// the number of literal characters.
struct Specificity {
    bool numbered = false;
    std::size_t literals = 0;
};
Specificity specificityOf(std::string_view pattern);

} // namespace mantissa::ctq
