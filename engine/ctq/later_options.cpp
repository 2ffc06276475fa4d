// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/later_options.h"

#include <algorithm>
#include <array>

namespace mantissa::ctq {

namespace {

struct Later {
    std::string_view key, value; ///< with a value: only if the option has it
    std::string_view what, hint;
};

constexpr std::string_view kPlain
    = "plain rounding (--simple) works now; `mantissa quantize` has recipes of its own";
constexpr std::string_view kMerge
    = "merge the LoRA with another tool first, or wait for `mantissa quantize --merge-lora`";

constexpr auto kLater = std::to_array<Later>({
    {"optimizer", "quip", "QuIP rounding, which only a fork of convert-to-quant has,", kPlain},
    {"optimizer", "gptq", "GPTQ rounding, which only a fork of convert-to-quant has,", kPlain},
    {"scaling_mode", "axis", "INT8 scaling by axis, which only a fork of convert-to-quant has,",
        "--scaling_mode row is what ComfyUI loads"},
    {"smoothquant", "", "SmoothQuant, which only a fork of convert-to-quant has,", kPlain},
    {"fp16", "", "FP16 output, which only a fork of convert-to-quant has,",
        "`mantissa convert` casts a checkpoint to another dtype"},
    {"static_activations", "", "static activation scales, which only a fork of convert-to-quant has,",
        "--actcal adds input scales to an FP8 file"},
    {"calibration_data", "", "calibration data, which only a fork of convert-to-quant has,", kPlain},
    {"calibration_lora", "", "calibration by a LoRA, which only a fork of convert-to-quant has,", kPlain},
    {"merge_lora", "", "LoRA merging, which only a fork of convert-to-quant has,", kMerge},
    {"merge_loras", "", "LoRA merging, which only a fork of convert-to-quant has,", kMerge},
    {"actcal_lora", "", "activation calibration along the directions of a LoRA",
        "leave --actcal-lora out for random inputs"},
});

struct Idle {
    std::string_view key, note;
};

constexpr auto kIdle = std::to_array<Idle>({
    {"extract_lora", "--extract-lora writes nothing together with --simple, as in the original"},
    {"no_normalize_scales", "--no-normalize-scales has no effect, as in the original"},
    {"streaming_mode", "--streaming-mode has no effect: memory is bounded in any case"},
    {"no_memory_limits", "--no-memory-limits has no effect: memory is bounded in any case"},
    {"bf16_compute", "--bf16-compute has no effect: products are made in float32"},
    {"report_quality",
        "--report-quality has no effect; `mantissa verify OUT --against IN` prints the error of each layer"},
    {"merge_lora_scale", "--merge-lora-scale has no effect without a LoRA"},
});

/// What the dedicated NVFP4 and MXFP8 paths of 1.3.4 do not look at.
constexpr auto kIdleIfDedicated = std::to_array<Idle>({
    {"custom_layers", "--custom-layers has no effect here without --custom-type, as in the original"},
    {"layer_config", "--layer-config has no effect with --nvfp4 or --mxfp8 alone, as in the original"},
    {"fpmm", "-fpmm has no effect with --nvfp4 or --mxfp8 alone, as in the original"},
});

bool startsQuipOrGptq(std::string_view key)
{
    return key.starts_with("quip_") || key.starts_with("no_quip_") || key.starts_with("gptq_");
}

} // namespace

Status refuseLaterOptions(const ParsedOptions& options)
{
    for (const Later& later : kLater) {
        if (!options.flag(later.key) || (!later.value.empty() && options.text(later.key) != later.value))
            continue;
        return tl::unexpected(Error{ErrorCode::Unsupported,
            fmt::format("{} comes in a later version", later.what), {}, std::string(later.hint)});
    }
    return {};
}

std::vector<std::string> noteIdleOptions(const ParsedOptions& options, bool dedicated)
{
    std::vector<std::string> notes;
    for (const Idle& idle : kIdle)
        if (options.flag(idle.key))
            notes.emplace_back(idle.note);
    for (const Idle& idle : kIdleIfDedicated)
        if (dedicated && options.flag(idle.key))
            notes.emplace_back(idle.note);
    if (std::any_of(options.given.begin(), options.given.end(), startsQuipOrGptq))
        notes.emplace_back("the options of QuIP and GPTQ have no effect without --optimizer quip or gptq");
    const std::string device = options.text("device");
    if (!device.empty() && device != "cpu")
        notes.push_back(fmt::format("--device {} has no effect: the work is done on the CPU", device));
    return notes;
}

} // namespace mantissa::ctq
