// SPDX-License-Identifier: GPL-3.0-or-later
// Runs command lines in a scratch folder and compares the files they write with those of the Python tool.
#pragma once

#include "engine/ctq/ctq.h"
#include "tests/support/golden_file.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace mantissa::test {

/// A folder of its own, removed at the end.
class ScratchFolder {
public:
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    /// Copies a file of tests/golden/ctq into it, unless it is there.
    void fetch(const std::string& golden) const;
    /// Reads a safetensors file of the folder.
    GoldenFile read(const std::string& name) const;
    bool has(const std::string& name) const { return std::filesystem::exists(m_path / name); }

private:
    std::filesystem::path m_path;
};

/// Runs in the folder, with relative paths, on one thread.
Result<CtqOutcome> runIn(const ScratchFolder& folder, const std::vector<std::string>& args);

/// What a comparison leaves out, because ours differs on purpose: tensors and layers of the header table.
struct Exceptions {
    std::vector<std::string> tensors, headerLayers;
};

/// Every difference in names, dtypes, shapes, bytes and metadata (as JSON), one line each. Tensors `.bias`
/// may differ by two units in the last place of each value.
std::vector<std::string> differences(
    const GoldenFile& written, const GoldenFile& expected, const Exceptions& except = {});

std::string settingsText(const GoldenFile& file, const std::string& layer);
/// The entry of a layer in the header table, as text; empty if there is none.
std::string headerEntry(const GoldenFile& file, const std::string& layer);

} // namespace mantissa::test
