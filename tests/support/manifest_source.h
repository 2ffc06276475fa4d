// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints for tests of everything that needs names, dtypes and shapes only.
#pragma once

#include "engine/io/tensor_source.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mantissa::test {

struct Entry {
    std::string name;
    DType dtype = DType::F16;
    Shape shape;
    std::vector<std::byte> data
        = {}; ///< may be empty: read() then fails as for a file that has become shorter
};

class ManifestSource final : public TensorSource {
public:
    explicit ManifestSource(std::vector<Entry> entries, std::map<std::string, std::string> metadata = {},
        std::string fileName = {});
    Status read(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const override;

private:
    std::vector<std::vector<std::byte>> m_data;
};

/// tests/golden/manifests/NAME.json
std::vector<Entry> loadManifest(const std::string& name);
/// A golden/arch fixture: the weights that its rule makes and those that it stores, without data.
std::vector<Entry> loadFixture(
    const std::string& name, std::map<std::string, std::string>* metadata = nullptr);
/// Any safetensors file, with all its data.
std::vector<Entry> loadSafetensors(const std::string& path, std::map<std::string, std::string>& metadata);

Entry entry(std::string name, Shape shape, DType dtype = DType::F16);
Entry textEntry(std::string name, std::string_view text);
std::shared_ptr<const TensorSource> sourceOf(
    std::vector<Entry> entries, std::map<std::string, std::string> metadata = {}, std::string fileName = {});

} // namespace mantissa::test
