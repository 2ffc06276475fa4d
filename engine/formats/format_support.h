// SPDX-License-Identifier: GPL-3.0-or-later
// What the formats of this folder share: shapes, settings JSON, statistics, checks of stored tensors.
// Not for use outside engine/formats.
#pragma once

#include "engine/formats/storage_format.h"
#include "kernels/kernel_set.h"

#include <atomic>
#include <bit>
#include <initializer_list>

namespace mantissa::formats {

constexpr std::int64_t roundUp(std::int64_t value, std::int64_t multiple)
{
    return (value + multiple - 1) / multiple * multiple;
}

/// Spec 3.12: a scale tensor with one element has no dimensions.
Shape normalizedScale(const Shape& shape);

/// The dtype that comfy-kitchen computes in for a weight that is stored in `source`.
kernels::Precision kitchenPrecision(DType source);
float roundTo(kernels::Precision precision, float value);
/// An infinite statistic (of a weight whose infinities the user allowed) as the largest finite one.
float finite(float statistic);

/// Error for a matrix that no format can hold, else nothing.
Status checkMatrix(MatrixShape shape);

/// A maximum of non-negative values that several threads add to.
class SharedMaximum {
public:
    void add(float value)
    {
        // Non-negative floats order as their bits do.
        const auto bits = std::bit_cast<std::uint32_t>(value);
        std::uint32_t seen = m_bits.load(std::memory_order_relaxed);
        while (bits > seen && !m_bits.compare_exchange_weak(seen, bits, std::memory_order_relaxed)) { }
    }
    float value() const { return std::bit_cast<float>(m_bits.load(std::memory_order_relaxed)); }

private:
    std::atomic<std::uint32_t> m_bits{0};
};

/// Writes a JSON object as Python's json.dumps does: keys in the order of the calls, ", " and ": " between.
class SettingsWriter {
public:
    SettingsWriter& text(std::string_view key, std::string_view value);
    SettingsWriter& number(std::string_view key, std::int64_t value);
    SettingsWriter& flag(std::string_view key, bool value);
    SettingsWriter& shape(std::string_view key, MatrixShape value);
    SettingsWriter& raw(std::string_view key, std::string_view json); ///< a value that is JSON already
    std::string str() const { return "{" + m_members + "}"; }

private:
    SettingsWriter& member(std::string_view key, std::string_view json);
    std::string m_members;
};

/// The keys that a loader or a format of ours reads; absent keys keep these values.
struct ReadSettings {
    std::string format;
    bool fullPrecisionMatrixMult = false;
    bool convrot = false;
    bool perRow = false;
    int convrotGroup = 256; ///< the loader's default (spec 2)
    int groupSize = 0;
    std::string linearDtype;
    int bits = 0; ///< asym_w4a8_int8; a key of ours that loaders ignore
    int rank = 0; ///< svdquant; likewise
};
/// InvalidInput if the text is no object, names another format, or holds a group size that is no such thing.
Result<ReadSettings> readSettings(std::string_view json, std::string_view formatId);

/// The settings of the formats with a scale per block (spec 4): with CtqCustom those of convert-to-quant's
/// custom and fallback path, else those of its dedicated path.
LayerSettings blockSettings(std::string_view formatId, MatrixShape shape, const FormatParams& params,
    std::string_view origDtype, Arithmetic style);

/// What a stored tensor must be. Any of the dtypes and any of the shapes will do.
Status checkStored(std::span<const StoredTensor> stored, std::size_t index, std::string_view suffix,
    std::initializer_list<DType> dtypes, std::initializer_list<Shape> shapes);
std::string shapeText(const Shape& shape); ///< "[64, 1]"

/// Reads a little-endian float32 array.
Status readFloats(
    const StoredReader& reader, std::size_t tensor, std::uint64_t firstElement, std::span<float> dst);
/// Adds one float32 tensor piece.
void addFloats(
    EncodedPieces& out, std::size_t tensor, std::uint64_t firstElement, std::span<const float> values);

/// Arrays of 16-bit floats. Ours are bfloat16; other tools' float16 and float32 are read too.
constexpr std::initializer_list<DType> kSmallFloats{DType::BF16, DType::F16, DType::F32};
Status readSmallFloats(const StoredReader& reader, std::size_t tensor, DType dtype,
    std::uint64_t firstElement, std::span<float> dst);
void addBF16(
    EncodedPieces& out, std::size_t tensor, std::uint64_t firstElement, std::span<const float> values);

/// Σ (w − ŵ)² of a run of values with one scale (kernels::GridKind tells what `second` is), in an order of
/// summation that depends on the length alone. For choosing between scales.
float gridError(
    const kernels::GridValues& grid, std::span<const float> values, float scale, float second = 0);

/// The largest rotation group of 256, 64 and 16 columns that fits, or 0: what a format that always rotates
/// takes without a wish.
int fittingRotation(std::int64_t cols);

/// Holds the description; the formats add the behaviour.
class FormatBase : public StorageFormat {
public:
    explicit FormatBase(FormatInfo info)
        : m_info(std::move(info))
    { }
    const FormatInfo& info() const override { return m_info; }

protected:
    /// For formats that offer one kind of scaling: the matrix can be stored, and the user wishes for no other
    /// kind. `scaling` is FormatParams::scaling; `place` is what a scale belongs to, in words.
    Status checkOneScaling(MatrixShape shape, const FormatParams& wanted, std::string_view scaling,
        std::string_view place) const;

private:
    FormatInfo m_info;
};

// The formats, one file each. registry.cpp lists them.
const StorageFormat& float8E4M3Format();
const StorageFormat& float8E5M2Format();
const StorageFormat& float8RowwiseFormat();
const StorageFormat& float8BlockwiseFormat();
const StorageFormat& int8TensorwiseFormat();
const StorageFormat& int8BlockwiseFormat();
const StorageFormat& nvfp4Format();
const StorageFormat& mxfp8Format();
const StorageFormat& hybridMxfp8Format();
const StorageFormat& convrotW4A4Format();
const StorageFormat& nf4Format();
const StorageFormat& fp4Format();
const StorageFormat& int4Format();
const StorageFormat& awqW4A16Format();
const StorageFormat& asymW4A8Format();
const StorageFormat& svdquantW4A4Format();
const StorageFormat& svdquantNvfp4Format();

} // namespace mantissa::formats
