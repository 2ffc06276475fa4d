// SPDX-License-Identifier: GPL-3.0-or-later
// The free choices inside a storage format: which scales the groups of a matrix get, and which of the
// representable values each weight becomes. Methods that are cleverer than plain rounding (scale search,
// GPTQ, coordinate descent) work on this and know nothing of codes and stored tensors.
//
// A format gives its grid by StorageFormat::codeGrid(): it fills in a GridSpec and two functions that write
// codes; search, rounding and the layout of scales are done here.
//
// Matrices are cut into tiles of rows with their columns contiguous ("column tiles"), because the methods go
// from column to column. A rotated format's grid lives in the rotated basis: the caller rotates the rows of
// the weight (KernelSet::rotate) before it asks for scales.
#pragma once

#include "engine/formats/storage_format.h"
#include "kernels/grid_values.h"

namespace mantissa {

/// Rows of a matrix, columns contiguous: column c, row r (counted in the tile) is values[c · rows + r].
struct ColumnTile {
    std::span<const float> values;
    std::int64_t rows = 0;

    std::int64_t cols() const { return rows == 0 ? 0 : static_cast<std::int64_t>(values.size()) / rows; }
    const float* column(std::int64_t index) const { return values.data() + index * rows; }
};

/// The scales of one tile.
struct GridScales {
    std::int64_t rows = 0, groupColumns = 0;
    std::vector<float> scale; ///< [column group][row]: what multiplies a code (all factors together)
    std::vector<float> second; ///< as scale: offset or row factor (kernels::GridKind); empty: none
    std::vector<std::uint8_t> code; ///< as scale: the stored code of a scale that is not float32; else empty
    float tensor = 1; ///< the factor of the whole matrix

    const float* scaleOf(std::int64_t column) const { return scale.data() + column / groupColumns * rows; }
    const float* secondOf(std::int64_t column) const
    {
        return second.empty() ? nullptr : second.data() + column / groupColumns * rows;
    }
};

/// How the scales of a tile are chosen.
enum class ScaleRule {
    Absmax, ///< the largest magnitude of a group becomes the largest code
    LeastSquares, ///< the least Σ h·(w − ŵ)² among the grid's candidates; h = 1 or a weight per column
};

/// How a format stores the scale of a group.
enum class ScaleStorage {
    Float, ///< any float32
    BFloat16, ///< any bfloat16; the offset of an asymmetric grid too
    PowerOfTwo, ///< E8M0, by MXFP8's rule; nothing to search (spec/algorithms 1.9)
    E4M3OfTensor, ///< E4M3 times a float32 for the matrix (NVFP4)
    E4M3OfRow, ///< E4M3 times a float32 for the row (asym_w4a8_int8); `second` holds the row's factor
};

struct GridSpec {
    MatrixShape shape;
    std::size_t rotation = 0; ///< group of the regular Hadamard matrix (spec/quant-formats 3.7); 0: none
    kernels::GridValues values;
    float largest = 1; ///< what the largest magnitude of a group becomes, in units of its scale
    ScaleStorage storage = ScaleStorage::Float;
    /// A group is groupRows × groupColumns weights; 0 rows: one scale for the whole matrix.
    std::int64_t groupRows = 1, groupColumns = 0;
    std::int64_t rowGranularity = 1; ///< tiles start at multiples of it
    bool asymmetric = false; ///< Integer with an offset in `second`; 16 codes from the least to the greatest
    /// Tried by LeastSquares: factors of the absmax scale (Float, BFloat16), or steps of the E4M3 code from
    /// the absmax rule's (E4M3OfTensor, E4M3OfRow).
    std::vector<float> multipliers{1.0f};
    int firstStep = 0, lastStep = 0;
};

/// What a format adds to write a matrix. `values` are row-major rows on the grid of `scales`.
struct GridWriter {
    std::function<void(
        std::int64_t firstRow, std::span<const float> values, const GridScales& scales, EncodedPieces& out)>
        rows;
    /// What is known only at the end; the scales of all tiles, in order. May be null.
    std::function<void(std::span<const GridScales> scales, EncodedPieces& out)> finish;
};

/// Immutable: may be used by several threads.
class CodeGrid {
public:
    CodeGrid(GridSpec spec, GridWriter writer)
        : m_spec(std::move(spec))
        , m_writer(std::move(writer))
    { }

    const GridSpec& spec() const { return m_spec; }
    /// For formats that put another around this one.
    const GridWriter& writer() const { return m_writer; }
    MatrixShape shape() const { return m_spec.shape; }

    /// False: tensorScales() is {1} whatever the weights.
    bool hasTensorScale() const
    {
        return m_spec.groupRows == 0 || m_spec.storage == ScaleStorage::E4M3OfTensor;
    }
    /// The factors that the whole matrix may have, given its largest magnitude; {1} if there is none. With
    /// LeastSquares the caller takes the one whose scales() give the least total error.
    std::vector<float> tensorScales(float absmax, ScaleRule rule) const;
    /// The scales of a tile. `columnWeights`: h of each column, or empty for h = 1. `error` (if not null)
    /// gets Σ h·(w − ŵ)².
    GridScales scales(const ColumnTile& tile, float tensorScale, ScaleRule rule,
        std::span<const float> columnWeights = {}, double* error = nullptr) const;
    /// dst[r] = the representable value of row r nearest to src[r]; may be in place.
    void round(const GridScales& scales, std::int64_t column, const float* src, float* dst) const;

    /// False: it was made without a writer.
    bool canWrite() const { return static_cast<bool>(m_writer.rows); }
    /// Adds the stored tensors' pieces for a tile. The values must come from round() with these scales: the
    /// format's decoder then gives exactly them (before the rotation is undone).
    void write(
        std::int64_t firstRow, const ColumnTile& values, const GridScales& scales, EncodedPieces& out) const;
    void finish(std::span<const GridScales> scales, EncodedPieces& out) const;

private:
    class Search;

    GridSpec m_spec;
    GridWriter m_writer;
};

/// dst = the transpose of `src`, which has `rows` rows. For going between row-major rows and column tiles.
void transpose(std::span<const float> src, std::int64_t rows, std::span<float> dst);

} // namespace mantissa
