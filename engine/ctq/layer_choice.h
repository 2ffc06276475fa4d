// SPDX-License-Identifier: GPL-3.0-or-later
// Which layers convert-to-quant 1.3.4 quantizes, and how (sections 5.1, 5.5 and 6 of the format notes).
#pragma once

#include "engine/ctq/options.h"
#include "engine/ctq/layer_config.h"
#include "engine/formats/storage_format.h"
#include "engine/io/tensor_source.h"
#include "engine/plan/ctq_filters.h"

namespace mantissa::ctq {

/// A format as the command line names it, before it is fitted to a layer.
struct FormatWish {
    std::string type = "fp8"; ///< "fp8", "int8", "nvfp4", "mxfp8", "hybrid_mxfp8"
    std::string scaling = "tensor"; ///< "tensor", "row" or "block"
    int blockSize = 128;
    bool simple = false; ///< false: learned rounding
    bool onlyPrimarySimple = false; ///< --simple was given, but not the option for these layers
    bool rotate = false, rotateDynamic = false, rotatePrimary = false;
    int rotationGroup = 0;
    bool fullPrecision = false;
    std::string simpleOption; ///< what would make it simple: "--simple"
};

/// Everything about a run that decides on layers. Patterns are compiled once.
struct ChoiceRules {
    /// The dedicated NVFP4 or MXFP8 path, which rounds to bfloat16 first and knows fewer options.
    bool dedicated = false;
    FormatWish primary;
    std::optional<FormatWish> custom, fallback;
    std::optional<Pattern> customLayers, excludeLayers, preserveLayers;
    std::optional<LayerConfig> layerConfig;
    bool wholeNames = false; ///< --fullmatch
    bool heuristics = false, customHeuristics = false;
    int heuristicBlock = 0;
    std::vector<const CtqFilter*> filters;
    bool inputScaleOne = false; ///< --input_scale
    DType outputDtype = DType::BF16;
};

/// Usage where options contradict each other or a pattern is none; InvalidInput for a bad layer config.
/// `layerConfigText` is the content of the file that --layer-config names.
Result<ChoiceRules> makeRules(const ParsedOptions& options, std::string_view layerConfigText);

enum class InputScale { None, One, CopyOfWeightScale };

/// What happens to one two-dimensional `.weight`.
struct LayerChoice {
    std::size_t weight = 0; ///< index in the source
    std::string layer; ///< name without ".weight"
    std::string why; ///< of a layer that is not quantized, or is in another way than the primary
    const StorageFormat* format = nullptr; ///< null: not quantized
    FormatParams params;
    Arithmetic arithmetic = Arithmetic::CtqCustom;
    bool rotatePrimary = false; ///< formula of the rotated rows
    InputScale inputScale = InputScale::None;
};

struct Choices {
    std::vector<LayerChoice> layers; ///< sorted by name
    std::vector<bool> removed; ///< by tensor of the source: --t5xxl
    std::vector<DType> dtypes; ///< by tensor of the source: as it is written if it is not quantized
    std::vector<std::string> notes; ///< where this differs from the Python tool, one sentence each
};

/// Unsupported if a layer would need learned rounding, or cannot be stored as was asked; the sentence names
/// it.
Result<Choices> chooseLayers(const ChoiceRules& rules, const TensorSource& source);

} // namespace mantissa::ctq
