// SPDX-License-Identifier: GPL-3.0-or-later
// What a checkpoint is: architecture, components and layers, found from names and shapes alone.
#pragma once

#include "engine/base/error.h"
#include "engine/io/tensor_source.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mantissa {

enum class LayerKind { Linear, Conv1d, Conv2d, Conv3d, Embedding, Norm, Parameter, Buffer };
std::string_view nameOf(LayerKind kind) noexcept; ///< "linear", "conv2d", …

enum class Confidence { Exact, Family, Unknown };
std::string_view nameOf(Confidence confidence) noexcept; ///< "exact", "family", "unknown"

/// How one layer is stored when it is quantized already.
struct StoredFormat {
    std::string id; ///< format id of ours where there is one ("nvfp4"), else the scheme's own name ("gptq")
    std::string
        settings; ///< the layer's JSON settings (comfy_quant or header table) as compact text; may be empty
    /// The container encodes the values (GGUF), and its reader decodes them: there are no codes to be seen,
    /// and no other container can hold them.
    bool decodedByReader = false;
};

/// The id; of a container's encoding its name ("GGUF Q4_K"). Valid as long as `stored`.
std::string_view nameOf(const StoredFormat& stored) noexcept;
/// The same for an id alone, valid as long as it.
std::string_view storedName(std::string_view id) noexcept;

/// The id of 8-bit floats without any scale: the value is the code.
inline constexpr std::string_view kPlainFp8 = "plain_fp8";

/// One module of a network: its weight and everything that belongs to it.
struct Layer {
    std::string
        name; ///< full tensor path without ".weight" ("model.diffusion_model.input_blocks.1.0.in_layers.2")
    LayerKind kind = LayerKind::Parameter;
    std::uint32_t component = 0; ///< index into Model::components
    std::string
        block; ///< the repeated block it belongs to, relative to the prefix ("input_blocks.1"); may be empty
    std::size_t weight = 0; ///< tensor index of the weight (of the parameter itself for Parameter and Buffer)
    std::ptrdiff_t bias = -1; ///< tensor index; -1: none
    std::vector<std::size_t> companions; ///< scales, comfy_quant and the like
    Shape shape; ///< logical shape of the weight (what the network multiplies with)
    DType dtype = DType::F32; ///< as the source gives it
    std::optional<StoredFormat> stored; ///< set where the layer is quantized already
    bool critical = false; ///< preserved by default at every width
    bool criticalAt4Bits = false; ///< preserved by default by 4-bit formats besides the critical ones
    Sentence reason; ///< why it is critical, in words

    /// The container encodes it by itself, so that no other container can hold it as it is.
    bool isDecodedByReader() const { return stored && stored->decodedByReader; }
    /// What the source gives are its values: floats of some width, no codes that need a scale.
    bool holdsPlainNumbers() const { return !stored || stored->id == kPlainFp8 || stored->decodedByReader; }
};

using HyperValue = std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>>;

struct Architecture {
    std::string id
        = "unknown"; ///< ids of spec/architectures: "sdxl", "flux1", "lora.kohya", "clip_l", "vae.kl4", …
    std::string name = "Unknown model";
    Confidence confidence = Confidence::Unknown;
    std::vector<Sentence> evidence; ///< sentences naming the keys and widths that decided it
    std::string prefix; ///< of the network's keys ("model.diffusion_model."); may be empty
    std::string form; ///< whose spelling the keys have: "native", "diffusers", …; empty where it is unknown
    std::vector<std::pair<std::string, HyperValue>> hyperparameters; ///< in a stable order
    std::vector<std::string> variants; ///< what shapes cannot tell apart ("dev", "kontext", "krea")
    std::string variant; ///< chosen or found from markers and metadata; may be empty
    std::string prediction; ///< "eps", "v", "flow", "edm"; may be empty
};

struct Component {
    std::string role; ///< "diffusion_model", "vae", "text_encoder", "text_encoder_2", "controlnet", "lora",
                      ///< "other", …
    std::string
        id; ///< architecture id of the component ("sdxl", "vae.kl4", "clip_l"); "unknown" where none fits
    std::string prefix;
    std::uint64_t parameters = 0, bytes = 0;
    std::uint32_t tensors = 0, linear = 0, conv1d = 0, conv2d = 0, conv3d = 0, embedding = 0;
};

/// What is quantized already, over the whole file.
struct ExistingQuantization {
    std::string scheme; ///< "comfy_quant", "scaled_fp8", "plain_fp8", "bnb_nf4", "gguf", …; empty: none
    std::string by; ///< the tool, where the file tells; may be empty
    std::vector<std::pair<std::string, std::uint32_t>> layersByFormat; ///< format id → layers
};

/// What the user knows better than shapes do.
struct DetectionOverrides {
    std::string architecture; ///< force this id; empty: detect
    std::string variant;
    std::string prediction;
};

/// Immutable once made; share it between threads freely.
struct Model {
    std::shared_ptr<const TensorSource> source;
    Architecture architecture;
    std::vector<Component> components;
    std::vector<Layer>
        layers; ///< natural order: blocks by number; every tensor of the source belongs to one layer
    ExistingQuantization quantization;
    std::vector<Sentence> warnings; ///< what is odd, one sentence each: settings that cannot be read, …
};

/// Modules that hold weights worth quantizing: Linear and convolutions.
struct ModuleCounts {
    std::uint32_t linear = 0, convolutions = 0;
    std::uint32_t kept = 0; ///< of both, those that the default filter preserves
    std::uint32_t modules() const { return linear + convolutions; } ///< the unfiltered count
    std::uint32_t quantized() const { return modules() - kept; } ///< what the default filter leaves
};
/// Counts of one component, before and after the filter of critical layers (with `fourBits`, that of 4-bit
/// formats).
ModuleCounts countModules(const Model& model, std::uint32_t component, bool fourBits = false);

/// Reads names, shapes and metadata (and the small settings tensors of quantized layers); no weights.
/// Never fails for an unknown network: its architecture is then "unknown" and general rules mark layers.
/// Usage if an override names an architecture, variant or prediction that does not exist.
Result<std::shared_ptr<const Model>> detectModel(
    std::shared_ptr<const TensorSource> source, const DetectionOverrides& overrides = {});

/// One known architecture, as `mantissa architectures` lists it.
struct ArchitectureEntry {
    std::string id, name, kind; ///< kind: "diffusion", "vae", "text_encoder", "adapter", "controlnet"
    std::vector<std::string> variants;
    std::vector<std::pair<std::string, std::string>> critical; ///< regex on the key after the prefix → reason
    std::vector<std::pair<std::string, std::string>>
        criticalAt4Bits; ///< the same, for 4-bit formats besides those
    std::string prediction, note;
};
const std::vector<ArchitectureEntry>& knownArchitectures();

} // namespace mantissa
