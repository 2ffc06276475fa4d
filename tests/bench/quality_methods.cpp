// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/quality_methods.h"

namespace mantissa::bench {

namespace {

constexpr int kPasses = 3, kBranchRank = 32, kLearningSteps = 300;

FormatParams withRotation(int group)
{
    FormatParams params;
    params.convrotGroup = group;
    return params;
}

FormatParams withRank(int rank)
{
    FormatParams params;
    params.rank = rank;
    return params;
}

QuantizationSteps withScales(ScaleRule rule)
{
    QuantizationSteps steps;
    steps.scales = rule;
    return steps;
}

QuantizationSteps gptqSteps(ScaleRule rule, int passes)
{
    QuantizationSteps steps = withScales(rule);
    steps.gptq = true;
    steps.descentPasses = passes;
    steps.refitRowScales = passes > 0;
    return steps;
}

QuantizationSteps scaled(QuantizationSteps steps, ColumnScaling scaling)
{
    steps.columnScaling = scaling;
    return steps;
}

QuantizationSteps branched(QuantizationSteps steps, bool withoutData)
{
    steps.branchRank = kBranchRank;
    steps.branchWithoutData = withoutData;
    return steps;
}

} // namespace

std::vector<BenchFormat> benchFormats()
{
    return {{"float8_e4m3fn", "float8_e4m3fn", {}}, {"float8_e4m3fn_rowwise", "float8_e4m3fn_rowwise", {}},
        {"mxfp8", "mxfp8", {}}, {"int8_tensorwise", "int8_tensorwise", withRotation(0)},
        {"int8_tensorwise+convrot", "int8_tensorwise", withRotation(256), true}, {"nvfp4", "nvfp4", {}},
        {"asym_w4a8_int8", "asym_w4a8_int8", {}, true}, {"convrot_w4a4", "convrot_w4a4", {}, true},
        {"svdquant_w4a4", "svdquant_w4a4", {}}, {"svdquant_w4a4+r64", "svdquant_w4a4", withRank(64)},
        {"svdquant_w4a4+r128", "svdquant_w4a4", withRank(128)}, {"int4", "int4", {}}, {"nf4", "nf4", {}}};
}

std::vector<BenchMethod> methodsFor(const BenchFormat& format)
{
    std::vector<BenchMethod> methods;
    for (const auto level : {RecipeLevel::Absmax, RecipeLevel::Fast, RecipeLevel::Light,
             RecipeLevel::Balanced, RecipeLevel::Best})
        methods.push_back({nameOf(level), "the recipe", true, level, {}});
    constexpr auto kSearch = ScaleRule::LeastSquares;
    QuantizationSteps diagonal = withScales(kSearch), meanCorrected = diagonal;
    diagonal.weightedScales = true;
    meanCorrected.biasCorrection = true;
    methods.push_back({"mse", "scales of least squared error", false, {}, withScales(kSearch)});
    methods.push_back({"diag_h", "scales of least error weighted by E[x²]", false, {}, diagonal});
    methods.push_back({"mse_bias", "mse, then bias correction", false, {}, meanCorrected});
    diagonal.biasCorrection = true;
    methods.push_back({"diag_h_bias", "diag_h, then bias correction", false, {}, diagonal});
    methods.push_back({"gptq_absmax", "absmax scales, GPTQ", false, {}, gptqSteps(ScaleRule::Absmax, 0)});
    methods.push_back({"gptq", "mse scales, GPTQ", false, {}, gptqSteps(kSearch, 0)});
    QuantizationSteps weighted = gptqSteps(kSearch, 0);
    weighted.weightedScales = true;
    methods.push_back({"gptq_diag_h", "diag_h scales, GPTQ", false, {}, weighted});
    methods.push_back(
        {"gptq_cd", "gptq, coordinate descent, row scales refitted", false, {}, gptqSteps(kSearch, kPasses)});
    QuantizationSteps projected = withScales(ScaleRule::Absmax), learned = withScales(kSearch);
    projected.svdProjectedRounding = true;
    learned.learnedRoundingSteps = kLearningSteps;
    methods.push_back({"svd_projected", "the learned rounding of convert-to-quant", false, {}, projected});
    methods.push_back({"adaround", "mse scales, AdaRound on real inputs", false, {}, learned});
    if (format.rotates)
        return methods;
    methods.push_back({"gptq_lora", "gptq, then an error-correction LoRA of rank 32", false, {},
        gptqSteps(kSearch, 0), kBranchRank});
    const bool weightOnly = activationGridOf(format.id, {}) == ActivationGrid::None;
    const bool fourBit = weightOnly || format.id == "nvfp4" || format.id == "svdquant_w4a4";
    if (fourBit) {
        methods.push_back({"awq", "AWQ factors, plain rounding", false, {},
            scaled(withScales(ScaleRule::Absmax), ColumnScaling::Awq)});
        methods.push_back({"awq_gptq_cd", "AWQ factors, gptq_cd", false, {},
            scaled(gptqSteps(kSearch, kPasses), ColumnScaling::Awq)});
    }
    if (!weightOnly && (fourBit || format.id == "int8_tensorwise")) {
        methods.push_back({"smooth", "SmoothQuant factors, plain rounding", false, {},
            scaled(withScales(ScaleRule::Absmax), ColumnScaling::SmoothQuant)});
        methods.push_back({"smooth_gptq_cd", "SmoothQuant factors, gptq_cd", false, {},
            scaled(gptqSteps(kSearch, kPasses), ColumnScaling::SmoothQuant)});
    }
    if (format.id == "nvfp4" || format.id == "svdquant_w4a4") {
        methods.push_back(
            {"svd", "plain low-rank branch, mse scales", false, {}, branched(withScales(kSearch), true)});
        methods.push_back({"branch", "SmoothQuant, H-weighted branch, gptq_cd", false, {},
            branched(scaled(gptqSteps(kSearch, 2), ColumnScaling::SmoothQuant), false)});
    }
    return methods;
}

} // namespace mantissa::bench
