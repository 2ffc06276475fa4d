// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes of models made from other shapes, for tests of detection.
#pragma once

#include "engine/model/model.h"
#include "tests/support/manifest_source.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

namespace mantissa::test {

using Entries = std::vector<Entry>;

inline std::shared_ptr<const Model> detect(Entries entries, std::map<std::string, std::string> metadata = {},
    const DetectionOverrides& overrides = {}, std::string fileName = {})
{
    auto model
        = detectModel(sourceOf(std::move(entries), std::move(metadata), std::move(fileName)), overrides);
    REQUIRE(model);
    return *model;
}

/// Every dimension that is a key of the map becomes its value.
inline Entries resized(Entries entries, const std::map<std::int64_t, std::int64_t>& widths)
{
    for (Entry& e : entries)
        for (std::int64_t& dimension : e.shape)
            if (const auto it = widths.find(dimension); it != widths.end())
                dimension = it->second;
    return entries;
}

/// `count` blocks like the first one of `stem` ("double_blocks.").
inline Entries withBlocks(const Entries& entries, const std::string& stem, int count)
{
    Entries result;
    for (const Entry& e : entries) {
        if (!e.name.starts_with(stem)) {
            result.push_back(e);
        } else if (e.name.starts_with(stem + "0.")) {
            for (int i = 0; i < count; ++i)
                result.push_back(
                    entry(stem + std::to_string(i) + e.name.substr(stem.size() + 1), e.shape, e.dtype));
        }
    }
    return result;
}

inline Entries renamed(Entries entries, const std::vector<std::pair<std::string, std::string>>& replacements)
{
    for (Entry& e : entries)
        for (const auto& [from, to] : replacements)
            if (const std::size_t at = e.name.find(from); at != std::string::npos)
                e.name.replace(at, from.size(), to);
    return entries;
}

inline Entries plus(Entries entries, const Entries& more)
{
    entries.insert(entries.end(), more.begin(), more.end());
    return entries;
}

inline Entries prefixed(Entries entries, const std::string& prefix)
{
    for (Entry& e : entries)
        e.name = prefix + e.name;
    return entries;
}

inline Entries linear(const std::string& name, std::int64_t out, std::int64_t in, bool bias = true)
{
    Entries made{entry(name + ".weight", {out, in})};
    if (bias)
        made.push_back(entry(name + ".bias", {out}));
    return made;
}

struct Totals {
    std::uint64_t parameters;
    std::uint32_t tensors, linear, conv, kept;
};

inline void check(
    const std::shared_ptr<const Model>& model, const char* id, Confidence confidence, const Totals& totals)
{
    INFO(id);
    const Component& network = model->components.front();
    const ModuleCounts counts = countModules(*model, 0);
    CHECK(model->architecture.id == id);
    CHECK(model->architecture.confidence == confidence);
    CHECK(network.parameters == totals.parameters);
    CHECK(network.tensors == totals.tensors);
    CHECK(counts.linear == totals.linear);
    CHECK(counts.convolutions == totals.conv);
    CHECK(counts.kept == totals.kept);
}

inline std::int64_t number(const Model& model, const char* name)
{
    for (const auto& [key, value] : model.architecture.hyperparameters)
        if (key == name)
            if (const auto* found = std::get_if<std::int64_t>(&value))
                return *found;
    return -1;
}

inline std::string word(const Model& model, const char* name)
{
    for (const auto& [key, value] : model.architecture.hyperparameters)
        if (key == name)
            if (const auto* found = std::get_if<std::string>(&value))
                return *found;
    return {};
}

} // namespace mantissa::test
