// SPDX-License-Identifier: GPL-3.0-or-later
// Runs an encoder the way an export does (statistics rounds, row blocks, threads) and collects the stored
// tensors.
#pragma once

#include "engine/formats/storage_format.h"
#include "tests/support/golden_file.h"

#include <map>
#include <string>
#include <vector>

namespace mantissa::test {

/// The stored tensors of one layer with their bytes.
struct StoredLayer {
    std::vector<StoredTensor> tensors;
    std::vector<std::vector<std::byte>> bytes;
};

struct Blocks {
    std::int64_t rows = 1 << 20; ///< wished rows a block; rounded up to the encoder's granularity
    unsigned threads = 1;
    bool finishFirst = false; ///< finish() before encode()
    bool ignoreNeedsRows = false; ///< call accumulate() even where the encoder has no use for the rows
};

/// Throws if a byte of the layout is written twice or not at all, or outside its tensor.
StoredLayer encodeLayer(const StorageFormat& format, const EncodeRequest& request,
    const std::vector<float>& values, const Blocks& blocks = {});
/// Throws the error's message.
std::vector<float> decodeLayer(const StorageFormat& format, MatrixShape shape, const FormatParams& params,
    const StoredLayer& stored, std::int64_t rowsPerCall = 1 << 20);
/// resolve() that throws the error's message.
FormatParams resolved(const StorageFormat& format, MatrixShape shape, const FormatParams& wanted = {},
    Recipe recipe = Recipe::Absmax);

/// 10·log10(Σw² / Σ(ŵ−w)²).
double snrDb(const std::vector<float>& weights, const std::vector<float>& decoded);

/// Normal values from a fixed generator: the same everywhere.
std::vector<float> normals(std::size_t count, std::uint32_t seed, float sigma = 0.02f);

/// Bit for bit, but every NaN of the dtype equals every other. "" or a description of the first difference.
std::string difference(
    const GoldenTensor& expected, const StoredTensor& tensor, const std::vector<std::byte>& bytes);
std::string difference(const std::vector<float>& expected, const std::vector<float>& actual);

} // namespace mantissa::test
