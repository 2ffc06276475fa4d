// SPDX-License-Identifier: GPL-3.0-or-later
// The house rules that a reader of text can check: which layer may include what, the licence line, forbidden
// content, file length. They know nothing of the file system, so that each rule has a test of its own. Any
// thread.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa::test {

struct Finding {
    std::string where; ///< "engine/io/zip.cpp:12"
    std::string what; ///< one sentence: the rule that is broken
    bool fatal = true; ///< false: worth a look, does not fail the check
};

/// Rules for C++ sources. `path` is relative to the source root, with forward slashes; it decides the layer.
/// `jsonHeaders`: the paths for which showsJsonTypes() holds.
std::vector<Finding> checkSource(
    std::string_view path, std::string_view text, const std::set<std::string>& jsonHeaders = {});

/// Whether this is a library header that includes nlohmann_json: a private one, for .cpp files only.
bool showsJsonTypes(std::string_view path, std::string_view text);

/// Rules for every text file: no path of one developer's machine, no host of a package registry.
std::vector<Finding> checkContent(std::string_view path, std::string_view text);

} // namespace mantissa::test
