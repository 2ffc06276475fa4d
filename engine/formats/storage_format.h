// SPDX-License-Identifier: GPL-3.0-or-later
// A storage format: how one weight matrix is kept in a file. One format is one file in this folder and one
// line in registry.cpp; the command line, the window's pickers, the documentation table and the conformance
// tests are made from the registry.
//
// Conventions: M = rows (out features), K = columns (in features), row-major. "Scale" is always the
// multiplier that dequantizes. The formulas are those of spec/quant-formats (section numbers in each format's
// file).
#pragma once

#include "engine/base/dtype.h"
#include "engine/base/error.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

struct MatrixShape {
    std::int64_t rows = 0, cols = 0;
};

class CodeGrid; // engine/formats/code_grid.h

/// Who loads a file that holds this format.
enum class LoaderSupport {
    Stock, ///< ComfyUI as it is
    CustomNode, ///< only with a third-party node
    None, ///< no known runtime: analysis only
};
std::string_view nameOf(LoaderSupport support) noexcept; ///< "stock", "custom-node", "none"

/// How much effort goes into codes and scales. Both are data-free.
enum class Recipe {
    Absmax, ///< plain rounding by the formulas of the format
    Fast, ///< the best data-free choice per format (MSE scales, rotation)
};

/// Which tool's arithmetic the encoder reproduces bit for bit. Default is what `mantissa quantize` writes:
/// float32 throughout, but for float8_e5m2 and (with Recipe::Absmax) convrot_w4a4, which only comfy-kitchen
/// defines. All but Default go with Recipe::Absmax: no other tool searches scales.
enum class Arithmetic {
    Default, ///< see above
    CtqSimple, ///< convert-to-quant's dedicated NVFP4/MXFP8 path: the weight is rounded to bfloat16 first
    CtqCustom, ///< convert-to-quant's custom/fallback path (ConvRot with its row formula)
    Kitchen, ///< comfy-kitchen: arithmetic in the dtype of the input
};

/// The choices inside a format. Zero or empty means "the format's default"; StorageFormat::resolve() fills
/// them in.
struct FormatParams {
    std::string scaling; ///< "tensor", "row", "block" or "nested" (block scales that are 8-bit codes, nf4)
    int blockSize = 0; ///< columns (or tile side) that share a scale
    std::optional<int> convrotGroup; ///< rotation group; 0 = off; unset = default of format and recipe
    std::string linearDtype; ///< convrot_w4a4: "int4" or "int8" activations
    int bits = 0; ///< asym_w4a8_int8: 4 or 6 bits a code
    int rank = 0; ///< svdquant_*: columns of the low-rank branch
    bool preQuantScale = false; ///< nvfp4: the input is multiplied by a stored scale per column
    bool fullPrecisionMatrixMult = false; ///< ask the loader to dequantize, then multiply

    bool operator==(const FormatParams&) const = default;
};

struct FormatInfo {
    std::string_view id; ///< "nvfp4": the name everywhere
    std::string_view name; ///< "NVFP4"
    std::string_view badge; ///< two or three letters for the window ("N4")
    std::string_view summary; ///< one sentence
    LoaderSupport loader = LoaderSupport::Stock;
    std::string_view loaderNote; ///< which loader, since when
    double bitsPerWeight = 8; ///< with scales, for large layers
    int computeCapability = 0; ///< ten times the SM version of the fast path (89 = SM 8.9); 0: any
    std::vector<std::string_view> scalings; ///< offered; the first is the default; empty: no choice
    std::vector<int> blockSizes; ///< offered; the first is the default; empty: fixed
    std::vector<int> bitWidths = {}; ///< offered; the first is the default; empty: fixed
    std::vector<int> ranks = {}; ///< of the low-rank branch; the first is the default; empty: it has none
    bool rotates = false; ///< takes convrotGroup
    bool embeddings = false; ///< ComfyUI loads embeddings in it
};

/// One tensor that a quantized layer is stored in; `suffix` follows the layer's name and a dot
/// ("weight_scale").
struct StoredTensor {
    std::string suffix;
    DType dtype = DType::U8;
    Shape shape;
};

/// What to encode. `source` is the dtype the weight is stored in (comfy-kitchen's arithmetic depends on it).
struct EncodeRequest {
    MatrixShape shape;
    DType source = DType::F32;
    FormatParams params; ///< as resolve() returned them
    Recipe recipe = Recipe::Fast;
    Arithmetic arithmetic = Arithmetic::Default;
    /// The dtype that loaders dequantize to, in torch's spelling. For formats that write their settings
    /// themselves (StorageFormat::writesSettings()).
    std::string origDtype = "torch.bfloat16";
    /// What the runtime multiplies column k of the input with before the quantized product (nvfp4's
    /// pre_quant_scale, 1 / smooth_factor of SVDQuant): K finite values > 0 that make the activations easier
    /// to quantize, or empty for none. The encoder divides the weight by them.
    std::vector<float> inputScale = {};
};

/// Bytes that an encoder produced, addressed by stored tensor and byte offset inside it. Reused between
/// blocks.
class EncodedPieces {
public:
    struct Piece {
        std::size_t tensor = 0; ///< index into StorageFormat::layout()
        std::uint64_t offset = 0; ///< byte offset inside that tensor
        std::size_t begin = 0, size = 0; ///< place in the arena
    };
    void clear();
    /// Zeroed space for one piece; valid until the next add() or clear().
    std::span<std::byte> add(std::size_t tensor, std::uint64_t offset, std::size_t size);
    std::span<const Piece> pieces() const { return m_pieces; }
    std::span<const std::byte> bytes(const Piece& piece) const
    {
        return {m_arena.data() + piece.begin, piece.size};
    }

private:
    std::vector<Piece> m_pieces;
    std::vector<std::byte> m_arena;
};

/// Encodes one layer, row block by row block, in bounded memory.
///
/// Order of calls: for each round in [0, statsRounds()): accumulate() for every row block, then
/// finishRound(); then encode() for every row block; then finish(). What finish() writes follows from the
/// statistics alone: it may also be called before encode(), so that a reader has the per-tensor scales when
/// the first block is encoded. Row blocks start at multiples of rowGranularity() and are multiples of it
/// long, but for the last; the bytes do not depend on how rows are cut into blocks. Thread rule:
/// accumulate(), needsRows() and encode() may run at the same time on different row blocks; the other calls
/// are made alone.
class LayerEncoder {
public:
    virtual ~LayerEncoder() = default;
    virtual std::int64_t rowGranularity() const { return 1; }
    virtual int statsRounds() const { return 0; }
    /// False: accumulate() has no use for these rows (a sample is enough, or the answer is known already),
    /// and the caller need not read them. Calling accumulate() all the same does no harm.
    virtual bool needsRows(int /*round*/, std::int64_t /*firstRow*/, std::int64_t /*rowCount*/) const
    {
        return true;
    }
    /// `rows` holds rowCount × K finite values (the caller has checked; NaN and Inf that the user allowed
    /// encode to whatever the format has, without undefined behaviour).
    virtual void accumulate(int /*round*/, std::int64_t /*firstRow*/, std::span<const float> /*rows*/) { }
    virtual void finishRound(int /*round*/) { }
    virtual void encode(std::int64_t firstRow, std::span<const float> rows, EncodedPieces& out) = 0;
    /// What is known only at the end (per-tensor scales).
    virtual void finish(EncodedPieces& /*out*/) { }
};

/// Reads `dst.size()` bytes at `offset` of stored tensor `tensor` (index into layout()).
using StoredReader
    = std::function<Status(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst)>;

/// Decodes one stored layer. decodeRows() reads only what encode() wrote for the same rows (rounded out to
/// the encoder's granularity) and what finish() wrote, so that a block can be decoded as soon as it is
/// encoded. Thread rule: decodeRows() may run on several threads if the reader may.
class LayerDecoder {
public:
    virtual ~LayerDecoder() = default;
    /// Writes rowCount × K float32 values in the original basis (rotation undone, padding cut).
    virtual Status decodeRows(std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst) const = 0;
};

/// The two places where a layer describes itself: the text of `<layer>.comfy_quant` and of its entry in the
/// header table `_quantization_metadata`, both as Python's json.dumps writes them.
struct LayerSettings {
    std::string tensorJson, headerJson;
};

/// What a method finds beside codes and scales.
struct LayerExtras {
    std::span<const float> inputFactors; ///< t [K] > 0: the runtime divides input k by t[k]; empty: none
    /// 16-bit low-rank branch beside the codes, M × r and r × K, on the divided inputs; empty: none.
    std::span<const float> branchUp, branchDown;
};

class StorageFormat {
public:
    virtual ~StorageFormat() = default;
    virtual const FormatInfo& info() const = 0;
    /// Who loads this format with these params: info().loader, but for variants that no runtime reads.
    virtual LoaderSupport loaderSupport(const FormatParams& /*params*/) const { return info().loader; }
    virtual std::string_view loaderNote(const FormatParams& /*params*/) const { return info().loaderNote; }

    /// Fills in the defaults of `wanted` for this shape and recipe. An error says, in a sentence for the
    /// user, why a layer of this shape cannot be stored so ("64 must divide the 100 input features").
    virtual Result<FormatParams> resolve(
        MatrixShape shape, const FormatParams& wanted, Recipe recipe) const = 0;
    /// Stored tensors with their sizes; the first is "weight". `params` as resolve() returned them.
    virtual std::vector<StoredTensor> layout(MatrixShape shape, const FormatParams& params) const = 0;
    /// `origDtype` is the torch spelling of the dtype to dequantize to ("torch.bfloat16"). `style` matters
    /// for nvfp4 and mxfp8 only: CtqCustom gives the keys of convert-to-quant's custom and fallback path.
    virtual LayerSettings settings(MatrixShape shape, const FormatParams& params, std::string_view origDtype,
        Arithmetic style = Arithmetic::Default) const = 0;
    /// True for the formats that other tools than ComfyUI's define: layout() holds a tensor with the
    /// settings, the encoder writes it, and there is neither a comfy_quant tensor nor an entry in the header
    /// table.
    virtual bool writesSettings() const { return false; }
    /// Reads params back from a layer's settings JSON. Unknown keys are ignored, as the loaders do.
    virtual Result<FormatParams> paramsFromSettings(std::string_view json, MatrixShape shape) const = 0;
    /// What no settings tell but the stored tensors do: optional tensors, code widths, ranks. `shapeOf` gives
    /// the shape of the tensor of a suffix, or nothing where the file has none.
    using ShapeOf = std::function<std::optional<Shape>(std::string_view suffix)>;
    virtual FormatParams paramsFromTensors(
        FormatParams params, MatrixShape /*shape*/, const ShapeOf& /*shapeOf*/) const
    {
        return params;
    }

    virtual std::unique_ptr<LayerEncoder> encoder(const EncodeRequest& request) const = 0;
    /// `stored` lists what the file really has for layout() (same order; an absent tensor has an empty
    /// suffix). InvalidInput if a shape or dtype breaks the format's contract.
    virtual Result<std::unique_ptr<LayerDecoder>> decoder(MatrixShape shape, const FormatParams& params,
        std::span<const StoredTensor> stored, StoredReader reader) const = 0;

    /// Makes the factors that a layer's inputs are divided by such as the format can store, so that the
    /// weights are made for what a loader will read.
    virtual void roundInputFactors(std::span<float> /*factors*/) const { }
    /// Writes what a method found beside the codes over what the grid's writer left neutral. Formats without
    /// a place for it write nothing.
    virtual void writeExtras(MatrixShape /*shape*/, const FormatParams& /*params*/,
        const LayerExtras& /*extras*/, EncodedPieces& /*out*/) const
    { }

    /// The choices that a method of quantization has in this format; what the grid writes is what decoder()
    /// reads. Unsupported where nobody has written down those choices.
    virtual Result<CodeGrid> codeGrid(MatrixShape shape, const FormatParams& params) const;
};

/// All formats, in the order in which they are offered.
std::span<const StorageFormat* const> storageFormats();
/// Null if there is none of this id.
const StorageFormat* findFormat(std::string_view id);
/// "GGUF Q4_0, GGUF Q4_1, …": what is read and not written, and what is only shown (`readable` false).
std::string readOnlyFormats(bool readable);
/// The documentation's table of all formats, made from the registry.
std::string formatTableMarkdown();

} // namespace mantissa
