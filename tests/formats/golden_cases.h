// SPDX-License-Identifier: GPL-3.0-or-later
// The golden files of the formats as cases: what went in, what the peer wrote, what we write. The cases are
// taken from the files' own tensor names: one that no test understands is a failure.
#pragma once

#include "tests/formats/format_harness.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mantissa::test {

/// Which of our formats an encoder name of the golden files stands for.
struct Encoding {
    std::string format;
    FormatParams params;
    Arithmetic arithmetic = Arithmetic::Default;
};

/// The number at the end of a name ("ctq_block16").
int trailingNumber(const std::string& name);
bool startsWith(const std::string& text, const std::string& prefix);
/// formats/inputs.safetensors.
const GoldenFile& inputs();

/// One case of one encoder: what went in, what the peer wrote, what we write.
struct Case {
    std::string file, name, encoder;
    Encoding encoding;
    const StorageFormat* format = nullptr;
    EncodeRequest request;
    std::vector<float> weights;
    StoredLayer ours;
    std::map<std::string, GoldenTensor> golden; ///< by the last part of the name

    std::string label() const { return name + "/" + encoder; }
    std::size_t cols() const { return static_cast<std::size_t>(request.shape.cols); }
    /// The peer's tensors as a layer to decode.
    StoredLayer goldenLayer() const
    {
        StoredLayer layer = ours;
        for (std::size_t i = 0; i < layer.tensors.size(); ++i)
            if (const auto found = golden.find(layer.tensors[i].suffix); found != golden.end()) {
                const auto* const bytes = reinterpret_cast<const std::byte*>(found->second.bytes.data());
                layer.bytes[i].assign(bytes, bytes + found->second.bytes.size());
            }
        return layer;
    }
};

/// All cases of a file that one of our formats writes. Tensors of formats that are not ours yet are named in
/// `skip`.
std::vector<Case> casesOf(const std::string& file, const std::vector<std::string>& skip = {});

/// What differs between our stored tensors and the peer's, one line a tensor. Tensors that this peer does not
/// write (the golden files hold no input_scale) are left out.
std::vector<std::string> storedDifferences(const Case& one, const std::set<std::string>& but = {});

/// Flips one bit in the middle of each stored golden tensor: the comparison must see each one.
void checkFlippedBits(const Case& original);

} // namespace mantissa::test
