// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compat/hardware_table.h"

#include "engine/base/json_tree.h"
#include "engine/plan/plan_json.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace mantissa {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Runs of letters and digits, lower case; everything else separates.
std::vector<std::string> tokens(std::string_view name)
{
    std::vector<std::string> out;
    std::string current;
    const auto flush = [&] {
        if (!current.empty())
            out.push_back(std::move(current));
        current.clear();
    };
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z')
            current += static_cast<char>(c - 'A' + 'a');
        else if ((c >= 'a' && c <= 'z') || isDigit(c))
            current += c;
        else
            flush();
    }
    flush();
    return out;
}

/// 80 for "80gb", 0 for anything else.
int sizeToken(std::string_view token)
{
    int size = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), size);
    const std::string_view unit(end, static_cast<std::size_t>(token.data() + token.size() - end));
    return error == std::errc() && size > 0 && (unit == "gb" || unit == "gib" || unit == "g") ? size : 0;
}

// Words that do not tell one chip from another. "Ada" and "PRO" do.
constexpr std::array<std::string_view, 30> kNoise{"nvidia", "geforce", "amd", "radeon", "intel", "r", "tm",
    "corporation", "tesla", "gpu", "graphics", "laptop", "mobile", "generation", "blackwell", "workstation",
    "server", "edition", "q", "sxm", "sxm2", "sxm4", "sxm5", "sxm6", "pcie", "nvl", "hbm2", "hbm2e", "hbm3",
    "hbm3e"};

bool isNoise(const std::vector<std::string>& all, std::size_t index)
{
    const std::string& token = all[index];
    if (token == "max") // an "M3 Max" is not an M3, but "Max-Q" is only a power limit
        return index + 1 < all.size() && all[index + 1] == "q";
    return std::find(kNoise.begin(), kNoise.end(), token) != kNoise.end() || sizeToken(token) > 0;
}

GpuVendor vendorOf(std::string_view text)
{
    if (text == "amd")
        return GpuVendor::Amd;
    if (text == "intel")
        return GpuVendor::Intel;
    return text == "apple" ? GpuVendor::Apple : GpuVendor::Nvidia;
}

int numberOf(const JsonNode& object, std::string_view key)
{
    const JsonNode* node = object.find(key);
    return node ? static_cast<int>(node->integer) : 0;
}

/// "rtx4090" is also "4090"; the short form of two chips at once is refused when it is looked up.
void addKeys(std::vector<std::string>& keys, const std::string& name)
{
    const std::string key = gpuKey(name);
    keys.push_back(key);
    for (const std::string_view series :
        {"quadrortx", "rtxpro", "quadro", "gtx", "rtx", "rx", "arc", "instinct", "apple"}) {
        if (key.rfind(series, 0) != 0 || key.size() == series.size())
            continue;
        keys.push_back(key.substr(series.size()));
        if (series == "quadrortx")
            keys.push_back(key.substr(6)); // "Quadro RTX 6000" is often called RTX 6000
    }
    if (key.size() > 3 && key.ends_with("ada"))
        keys.push_back(key.substr(0, key.size() - 3));
}

void readGroup(HardwareTable& table, const JsonNode& group)
{
    const JsonNode* gpus = group.find("gpus");
    if (!gpus)
        return;
    for (const JsonNode& row : gpus->items) {
        HardwareTable::Entry entry;
        entry.gpu.name = row.textAt("name");
        entry.gpu.vendor = vendorOf(group.textAt("vendor"));
        entry.gpu.family = group.textAt("family");
        entry.gpu.computeCapability = numberOf(group, "compute_capability");
        entry.gpu.source = group.textAt("source");
        if (const JsonNode* memory = row.find("memory_gib"))
            for (const JsonNode& size : memory->items)
                entry.gpu.memoryGib.push_back(static_cast<int>(size.integer));
        addKeys(entry.keys, entry.gpu.name);
        for (const std::string& alias : row.textsAt("aliases"))
            addKeys(entry.keys, alias);
        table.gpus.push_back(entry.gpu);
        table.entries.push_back(std::move(entry));
    }
}

void readAuto(HardwareTable& table, const JsonNode& node)
{
    HardwareTable::AutoRule rule;
    rule.minComputeCapability = numberOf(node, "min_compute_capability");
    rule.reason = node.textAt("reason");
    rule.architectures = node.textsAt("architectures");
    const JsonNode* choice = node.find("choice");
    auto read = choice ? readChoice(*choice, "") : Result<Choice>(Choice{});
    assert(read.has_value()); // part of the program; a test reads it
    if (read)
        rule.choice = std::move(*read);
    table.autoRules.push_back(std::move(rule));
}

HardwareTable load()
{
    HardwareTable table;
    const JsonNode document = embeddedJson("hardware.json");
    if (const JsonNode* groups = document.find("groups"))
        for (const JsonNode& group : groups->items)
            readGroup(table, group);
    if (const JsonNode* formats = document.find("formats"))
        for (const auto& [id, row] : formats->members)
            table.formats[id] = {numberOf(row, "min_compute_capability"), row.textAt("runtime"),
                row.textAt("native"), row.textAt("emulated")};
    if (const JsonNode* rules = document.find("auto"))
        for (const JsonNode& rule : rules->items)
            readAuto(table, rule);
    return table;
}

} // namespace

const HardwareTable& hardwareTable()
{
    static const HardwareTable table = load();
    return table;
}

std::string gpuKey(std::string_view name)
{
    const std::vector<std::string> all = tokens(name);
    std::string key;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool unitAfter = i + 1 < all.size() && (all[i + 1] == "gb" || all[i + 1] == "gib")
            && std::all_of(all[i].begin(), all[i].end(), isDigit); // "80 GB" in two words
        const bool unit = all[i] == "gb" || all[i] == "gib";
        if (!isNoise(all, i) && !unitAfter && !unit)
            key += all[i];
    }
    return key;
}

int statedMemoryGib(std::string_view name)
{
    const std::vector<std::string> all = tokens(name);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool unitAfter = i + 1 < all.size() && (all[i + 1] == "gb" || all[i + 1] == "gib");
        if (const int size = sizeToken(unitAfter ? all[i] + "gb" : all[i]); size > 0)
            return size;
    }
    return 0;
}

} // namespace mantissa
