// SPDX-License-Identifier: GPL-3.0-or-later
// Section 7 of the format notes as a table: names, kinds, defaults and choices are those of the Python tool,
// the help texts are ours.
#include "engine/ctq/options.h"

#include <array>

namespace mantissa::ctq {

namespace {

using enum OptionKind;
using enum HelpPage;
using enum OptionOrigin;

constexpr std::string_view kTypes = "fp8 int8 mxfp8 nvfp4";
constexpr std::string_view kModes = "tensor row block block3d block2d";
constexpr std::string_view kUnusedWithSimple = "Learned rounding only";

// clang-format off
constexpr auto kOptions = std::to_array<OptionSpec>({
    {"--input -i", Text, "input", "", "", Standard, Ctq, "Checkpoint to read"},
    {"--output -o", Text, "output", "", "", Standard, Ctq, "File to write; made from the input's name if left out"},
    {"--comfy_quant --comfy-quant", Switch, "comfy_quant", "", "", Standard, Ctq, "Accepted; this layout is always written"},
    {"--int8", Switch, "int8", "", "", Experimental, Ctq, "INT8 instead of FP8"},
    {"--convrot", Switch, "convrot", "", "", Experimental, Ctq, "Rotate INT8 rows by a Hadamard matrix (with --scaling_mode row)"},
    {"--convrot-group-size --convrot_group_size", Integer, "convrot_group_size", "256", "", Experimental, Ctq, "Columns that are rotated together, a power of 4"},
    {"--dynamic-convrot --dynamic_convrot", Switch, "dynamic_convrot", "", "", Experimental, Ctq, "The largest group that fits each layer"},
    {"--nvfp4", Switch, "nvfp4", "", "", Experimental, Ctq, "NVFP4 instead of FP8"},
    {"--mxfp8", Switch, "mxfp8", "", "", Experimental, Ctq, "MXFP8 instead of FP8"},
    {"--make-hybrid-mxfp8 --make_hybrid_mxfp8", Switch, "make_hybrid_mxfp8", "", "", Modes, Ctq, "Add one scale a layer to an MXFP8 file"},
    {"--tensor-scales --tensor_scales", Text, "tensor_scales", "", "", Modes, Ctq, "Take these scales from an FP8 file"},
    {"--fallback", Text, "fallback", "", kTypes, Experimental, Ctq, "Format of excluded layers"},
    {"--custom-layers --custom_layers", Text, "custom_layers", "", "", Experimental, Ctq, "Regular expression of layers that get --custom-type"},
    {"--exclude-layers --exclude_layers", Text, "exclude_layers", "", "", Experimental, Ctq, "Regular expression of layers to leave as they are"},
    {"--output-dtype --output_dtype", Text, "output_dtype", "bfloat16", "bfloat16 float16", Experimental, Ctq, "Dtype of matrices that stay unquantized"},
    {"--preserve-layers --preserve_layers", Text, "preserve_layers", "", "", Experimental, Ctq, "Regular expression of matrices that keep their dtype"},
    {"--custom-type --custom_type", Text, "custom_type", "", kTypes, Experimental, Ctq, "Format of the custom layers"},
    {"--custom-block-size --custom_block_size", Integer, "custom_block_size", "", "", Experimental, Ctq, "Block size of the custom layers"},
    {"--custom-scaling-mode --custom_scaling_mode", Text, "custom_scaling_mode", "", kModes, Experimental, Ctq, "Scaling of the custom layers"},
    {"--custom-simple --custom_simple", Switch, "custom_simple", "", "", Experimental, Ctq, "No learned rounding in the custom layers"},
    {"--custom-heur --custom_heur", Switch, "custom_heur", "", "", Experimental, Ctq, "--heur for the custom layers"},
    {"--custom-full-precision-mm --custom-fpmm", Switch, "custom_fpmm", "", "", Experimental, Ctq, "Ask for full-precision products in the custom layers"},
    {"--custom-convrot", Switch, "custom_convrot", "", "", Experimental, Ctq, "Rotate the custom layers (INT8 rows)"},
    {"--custom-convrot-group-size", Integer, "custom_convrot_group_size", "256", "", Experimental, Ctq, "Their group size"},
    {"--fallback-block-size --fallback_block_size", Integer, "fallback_block_size", "", "", Experimental, Ctq, "Block size of the fallback layers"},
    {"--fallback-simple --fallback_simple", Switch, "fallback_simple", "", "", Experimental, Ctq, "No learned rounding in the fallback layers"},
    {"--simple", Switch, "simple", "", "", Standard, Ctq, "Plain rounding instead of learned rounding"},
    {"--full_precision_matrix_mult --full-precision-matrix-mult -fpmm", Switch, "fpmm", "", "", Standard, Ctq, "Ask the loader for full-precision products"},
    {"--heur", Switch, "heur", "", "", Standard, Ctq, "Skip layers that the block size does not divide"},
    {"--device", Text, "device", "", "", Standard, Ctq, "Accepted; the work is done on the CPU"},
    {"--input_scale --input-scale", Switch, "input_scale", "", "", Standard, Ctq, "Write an input scale of 1.0"},
    {"--verbose", Text, "verbose", "NORMAL", "DEBUG VERBOSE NORMAL MINIMAL", Standard, Ctq, "How much to print"},
    {"--full_matrix --full-matrix", Switch, "full_matrix", "", "", Learned, Ctq, kUnusedWithSimple},
    {"--scaling_mode --scaling-mode", Text, "scaling_mode", "tensor", "tensor row block block3d block2d axis", Experimental, Ctq, "What shares a scale"},
    {"--block_size --block-size --group_size --group-size", Integer, "block_size", "", "", Experimental, Ctq, "Side of a block"},
    {"--calib_samples --calib-samples", Integer, "calib_samples", "3072", "", Learned, Ctq, "Random inputs for the bias correction"},
    {"--calib_cpu --calib-cpu", Switch, "calib_cpu", "", "", Learned, Ctq, "Accepted; there is no cache on disk"},
    {"--manual_seed --manual-seed", Integer, "manual_seed", "-1", "", Standard, Ctq, "Seed of the random inputs; -1: a new one"},
    {"--optimizer", Text, "optimizer", "prodigy", "original adamw radam prodigy gptq quip", Learned, Ctq, kUnusedWithSimple},
    {"--num_iter --num-iter", Integer, "num_iter", "4000", "", Learned, Ctq, kUnusedWithSimple},
    {"--lr", Float, "lr", "1.0", "", Learned, Ctq, kUnusedWithSimple},
    {"--use_speed --use-speed", Switch, "use_speed", "", "", Learned, Ctq, kUnusedWithSimple},
    {"--lr_schedule --lr-schedule", Text, "lr_schedule", "plateau", "adaptive exponential plateau", Learned, Ctq, kUnusedWithSimple},
    {"--lr_gamma --lr-gamma", Float, "lr_gamma", "0.99", "", Advanced, Ctq, kUnusedWithSimple},
    {"--lr_patience --lr-patience", Integer, "lr_patience", "1", "", Advanced, Ctq, kUnusedWithSimple},
    {"--lr_factor --lr-factor", Float, "lr_factor", "0.95", "", Advanced, Ctq, kUnusedWithSimple},
    {"--lr_min --lr-min", Float, "lr_min", "1e-08", "", Advanced, Ctq, kUnusedWithSimple},
    {"--lr_cooldown --lr-cooldown", Integer, "lr_cooldown", "0", "", Advanced, Ctq, kUnusedWithSimple},
    {"--lr_threshold --lr-threshold", Float, "lr_threshold", "0.0", "", Advanced, Ctq, kUnusedWithSimple},
    {"--lr_adaptive_mode --lr-adaptive-mode", Text, "lr_adaptive_mode", "simple-reset", "simple-reset no-reset", Advanced, Ctq, kUnusedWithSimple},
    {"--lr-threshold-mode --lr_threshold_mode", Text, "lr_threshold_mode", "rel", "rel abs", Advanced, Ctq, kUnusedWithSimple},
    {"--lr-shape-influence --lr_shape_influence", Float, "lr_shape_influence", "1.0", "", Advanced, Ctq, kUnusedWithSimple},
    {"--early-stop-loss --early_stop_loss -esloss", Float, "early_stop_loss", "5e-09", "", Advanced, Ctq, kUnusedWithSimple},
    {"--early-stop-lr --early_stop_lr -eslr", Float, "early_stop_lr", "1.01e-08", "", Advanced, Ctq, kUnusedWithSimple},
    {"--early-stop-stall --early_stop_stall -esstall", Integer, "early_stop_stall", "2000", "", Advanced, Ctq, kUnusedWithSimple},
    {"--scale-refinement --scale_refinement", Integer, "scale_refinement", "1", "", Advanced, Ctq, kUnusedWithSimple},
    {"--scale-optimization --scale_optimization", Text, "scale_optimization", "fixed", "fixed iterative joint dualround", Advanced, Ctq, kUnusedWithSimple},
    {"--top_p --top-p", Float, "top_p", "0.2", "", Learned, Ctq, kUnusedWithSimple},
    {"--min_k --min-k", Integer, "min_k", "256", "", Learned, Ctq, kUnusedWithSimple},
    {"--max_k --max-k", Integer, "max_k", "1280", "", Learned, Ctq, kUnusedWithSimple},
    {"--extract-lora --extract_lora", Switch, "extract_lora", "", "", Lora, Ctq, "Error LoRA; nothing is written with --simple, as in the original"},
    {"--lora-rank --lora_rank", Integer, "lora_rank", "32", "", Lora, Ctq, "Its rank"},
    {"--lora-target --lora_target", Text, "lora_target", "", "", Lora, Ctq, "Regular expression of its layers"},
    {"--lora-depth --lora_depth", Integer, "lora_depth", "1", "", Lora, Ctq, "Its blocks"},
    {"--lora-ar-threshold --lora_ar_threshold", Float, "lora_ar_threshold", "0.0", "", Lora, Ctq, "Its limit on the aspect ratio"},
    {"--lora-output --lora_output", Text, "lora_output", "", "", Lora, Ctq, "Its file"},
    {"--convert-fp8-scaled --convert_fp8_scaled", Switch, "convert_fp8_scaled", "", "", Modes, Ctq, "Rewrite a legacy scaled_fp8 file as comfy_quant"},
    {"--hp-filter --hp_filter", Text, "hp_filter", "", "", Modes, Ctq, "Regular expression that no FP8 layer of that file may match"},
    {"--full-precision-mm --full_precision_mm", Switch, "full_precision_mm", "", "", Modes, Ctq, "Ask for full-precision products in that file"},
    {"--convert-int8-scaled --convert_int8_scaled", Switch, "convert_int8_scaled", "", "", Modes, Ctq, "Rewrite a legacy INT8 file as comfy_quant"},
    {"--legacy_input_add --legacy-input-add", Switch, "legacy_input_add", "", "", Modes, Ctq, "Add scale_input = 1.0 to a legacy file"},
    {"--cleanup-fp8-scaled --cleanup_fp8_scaled", Switch, "cleanup_fp8_scaled", "", "", Modes, Ctq, "Drop scales without an FP8 weight from a legacy file"},
    {"--scaled-fp8-marker --scaled_fp8_marker", Integer, "scaled_fp8_marker", "0", "0 2", Modes, Ctq, "Elements of its marker"},
    {"--actcal", Switch, "actcal", "", "", Modes, Ctq, "Compute input scales from random inputs"},
    {"--actcal-samples --actcal_samples", Integer, "actcal_samples", "64", "", Modes, Ctq, "How many inputs"},
    {"--actcal-percentile --actcal_percentile", Float, "actcal_percentile", "99.9", "", Modes, Ctq, "Percentile of the magnitudes"},
    {"--actcal-lora --actcal_lora", Text, "actcal_lora", "", "", Modes, Ctq, "Inputs from a LoRA"},
    {"--actcal-seed --actcal_seed", Integer, "actcal_seed", "42", "", Modes, Ctq, "Their seed"},
    {"--actcal-device --actcal_device", Text, "actcal_device", "", "", Modes, Ctq, "Accepted; the work is done on the CPU"},
    {"--save-quant-metadata --save_quant_metadata", Switch, "save_quant_metadata", "", "", Standard, Ctq, "Write the table of layers into the header"},
    {"--no-normalize-scales --no_normalize_scales", Switch, "no_normalize_scales", "", "", Experimental, Ctq, "Accepted; has no effect, as in the original"},
    {"--input-scales --input_scales", Text, "input_scales", "", "", Experimental, Ctq, "Input scales for NVFP4: JSON or safetensors"},
    {"--edit-quant --edit_quant", Switch, "edit_quant", "", "", Modes, Ctq, "Edit the settings of quantized layers"},
    {"--remove-keys --remove_keys", Text, "remove_keys", "", "", Modes, Ctq, "Settings to remove: a,b"},
    {"--add-keys --add_keys", Text, "add_keys", "", "", Modes, Ctq, "Settings to add: 'a': 1, 'b': true"},
    {"--quant-filter --quant_filter", Text, "quant_filter", "", "", Modes, Ctq, "Regular expression of the layers to edit"},
    {"--layer-config --layer_config", Text, "layer_config", "", "", Experimental, Ctq, "JSON file with a format for each pattern of layers"},
    {"--fullmatch", Switch, "fullmatch", "", "", Standard, Ctq, "These patterns must match whole names"},
    {"--dry-run --dry_run", OptionalText, "dry_run", "", "analyze create-template", Modes, Ctq, "Print what would be done, or write a layer config to edit"},
    {"--verbose-pinned --verbose_pinned", Switch, "verbose_pinned", "", "", Standard, Ctq, "Accepted; there is no pinned memory"},
    {"--low-memory --low_memory -lm", Switch, "low_memory", "", "", Standard, Ctq, "Random inputs in the order of the file; memory is always low"},

    {"--quip-actorder", Switch, "quip_actorder", "", "", Other, InFork, "QuIP"},
    {"--no-quip-actorder", Switch, "no_quip_actorder", "", "", Other, InFork, "QuIP"},
    {"--quip-hadamard", Switch, "quip_hadamard", "", "", Other, InFork, "QuIP"},
    {"--no-quip-hadamard", Switch, "no_quip_hadamard", "", "", Other, InFork, "QuIP"},
    {"--quip-seed", Integer, "quip_seed", "", "", Other, InFork, "QuIP"},
    {"--quip-store-transformed", Switch, "quip_store_transformed", "", "", Other, InFork, "QuIP"},
    {"--quip-requant-scheme", Text, "quip_requant_scheme", "tensor", "tensor block", Other, InFork, "QuIP"},
    {"--quip-requant-tensor-per-row", Switch, "quip_requant_tensor_per_row", "", "", Other, InFork, "QuIP"},
    {"--no-quip-requant-tensor-per-row", Switch, "no_quip_requant_tensor_per_row", "", "", Other, InFork, "QuIP"},
    {"--quip-checkpointed", Switch, "quip_checkpointed", "", "", Other, InFork, "QuIP"},
    {"--quip-checkpoint-threshold", Integer, "quip_checkpoint_threshold", "8192", "", Other, InFork, "QuIP"},
    {"--quip-checkpoint-segments", Integer, "quip_checkpoint_segments", "4", "", Other, InFork, "QuIP"},
    {"--gptq-actorder", Switch, "gptq_actorder", "", "", Other, InFork, "GPTQ"},
    {"--gptq-fast", Switch, "gptq_fast", "", "", Other, InFork, "GPTQ"},
    {"--gptq-turbo", Switch, "gptq_turbo", "", "", Other, InFork, "GPTQ"},
    {"--smoothquant", Switch, "smoothquant", "", "", Other, InFork, "SmoothQuant"},
    {"--smoothquant-alpha", Float, "smoothquant_alpha", "0.5", "", Other, InFork, "SmoothQuant"},
    {"--fp16", Switch, "fp16", "", "", Other, InFork, "FP16 output"},
    {"--static-activations", Switch, "static_activations", "", "", Other, InFork, "Activation scales"},
    {"--calibration-data", Text, "calibration_data", "", "", Other, InFork, "Calibration inputs"},
    {"--calibration-lora", Text, "calibration_lora", "", "", Other, InFork, "Calibration inputs from a LoRA"},
    {"--merge-lora", Text, "merge_lora", "", "", Other, InFork, "Merge a LoRA first"},
    {"--merge-loras", TextList, "merge_loras", "", "", Other, InFork, "Merge several LoRAs first"},
    {"--merge-lora-scale", Float, "merge_lora_scale", "1.0", "", Other, InFork, "Their strength"},
    {"--merge-lora-dampen", OptionalText, "merge_lora_dampen", "", "", Other, InFork, "Weaken the later ones"},
    {"--streaming-mode", Text, "streaming_mode", "balanced", "off minimal balanced aggressive auto", Other, InFork, "Accepted; memory is always bounded"},
    {"--stream-hadamard-threshold", Integer, "stream_hadamard_threshold", "", "", Other, InFork, "Accepted; see --streaming-mode"},
    {"--stream-hessian-threshold", Integer, "stream_hessian_threshold", "", "", Other, InFork, "Accepted; see --streaming-mode"},
    {"--stream-ldlq-threshold", Integer, "stream_ldlq_threshold", "", "", Other, InFork, "Accepted; see --streaming-mode"},
    {"--stream-ortho-threshold", Integer, "stream_ortho_threshold", "", "", Other, InFork, "Accepted; see --streaming-mode"},
    {"--no-memory-limits", Switch, "no_memory_limits", "", "", Other, InFork, "Accepted; see --streaming-mode"},
    {"--bf16-compute", Text, "bf16_compute", "auto", "auto on off", Other, InFork, "Accepted; products are float32 here"},
    {"--bf16-threshold", Integer, "bf16_threshold", "", "", Other, InFork, "Accepted; see --bf16-compute"},
    {"--bf16-hadamard-threshold", Integer, "bf16_hadamard_threshold", "", "", Other, InFork, "Accepted; see --bf16-compute"},
    {"--bf16-hessian-threshold", Integer, "bf16_hessian_threshold", "", "", Other, InFork, "Accepted; see --bf16-compute"},
    {"--report-quality", Switch, "report_quality", "", "", Other, InFork, "Accepted; `mantissa verify OUT --against IN` prints it"},
    {"--quality-threshold", Float, "quality_threshold", "30", "", Other, InFork, "Accepted; see --report-quality"},

    {"--no-bias-correction", Switch, "no_bias_correction", "", "", Other, Ours, "Leave biases as they are"},
    {"--threads", Integer, "threads", "0", "", Other, Ours, "Threads to work with; 0: all"},
    {"--overwrite", Switch, "overwrite", "", "", Other, Ours, "Accepted; an existing output is replaced, as the Python tool does"},
    {"--json", Switch, "json", "", "", Other, Ours, "One JSON document on standard output"},
    {"--quiet", Switch, "quiet", "", "", Other, Ours, "No progress"},
});
// clang-format on

} // namespace

std::span<const OptionSpec> optionTable()
{
    return kOptions;
}

} // namespace mantissa::ctq
