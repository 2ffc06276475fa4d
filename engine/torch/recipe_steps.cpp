// SPDX-License-Identifier: GPL-3.0-or-later
// Which steps make which recipe, format by format (spec/algorithms 4.2).
#include "engine/torch/layer_quantizer.h"

#include <array>
#include <cmath>

namespace mantissa {

namespace {

/// What differs between formats.
struct FormatRow {
    std::string_view prefix; ///< of the format's id; the first that fits counts
    ScaleRule scales; ///< data-free
    ScaleRule calibratedScales; ///< with data
    bool weighted; ///< calibratedScales by E[x²]
    bool refitRowScales; ///< in 'best'
    ColumnScaling columnScaling; ///< in 'best'
    int branchRank; ///< where the format has a branch
};
constexpr auto kAbsmax = ScaleRule::Absmax, kSearch = ScaleRule::LeastSquares;
constexpr auto kNone = ColumnScaling::None, kSmooth = ColumnScaling::SmoothQuant;

/// Weighted scales before GPTQ gain 0.2 to 0.4 dB at the output over plain ones where groups are small, and
/// nothing in rotated or smoothed layers, whose columns are more alike (quality_bench: gptq_diag_h, gptq).
constexpr std::array<FormatRow, 10> kFormats{{
    {"float8_e4m3fn_", kAbsmax, kSearch, true, false, kNone, 0}, // by row and by tile
    {"float8", kAbsmax, kAbsmax, false, false, kNone, 0}, // a scale search gains nothing (4.2)
    {"mxfp8", kAbsmax, kAbsmax, false, false, kNone, 0},
    {"hybrid_mxfp8", kAbsmax, kAbsmax, false, false, kNone, 0},
    {"int8", kSearch, kSearch, false, true, kNone, 0}, {"nvfp4", kSearch, kSearch, true, false, kSmooth, 0},
    {"asym_w4a8", kSearch, kSearch, false, false, kNone, 0},
    {"convrot_w4a4", kSearch, kSearch, false, true, kNone, 0},
    {"svdquant", kSearch, kSearch, false, false, kSmooth, 32},
    {"", kSearch, kSearch, true, false, kNone, 0}, // weight-only: int4, nf4
}};

/// λ (spec/algorithms 1.4). 4.2 gives FP8 0.03; with eight tokens a channel or more 0.01 was 0.13 dB better
/// in every FP8 format (quality_bench).
constexpr double kDamping = 0.01;
constexpr int kDescentPasses = 3; // 1.5
constexpr int kBranchRounds = 2; // of 'best' (1.10); 'balanced' makes branch and codes once

const FormatRow& rowOf(std::string_view formatId)
{
    for (const FormatRow& row : kFormats)
        if (formatId.starts_with(row.prefix))
            return row;
    return kFormats.back();
}

} // namespace

QuantizationSteps stepsOf(RecipeLevel level, std::string_view formatId, const FormatParams& params)
{
    FormatRow row = rowOf(formatId);
    if (row.branchRank > 0 && params.rank > 0)
        row.branchRank = params.rank;
    if (formatId == "nvfp4" && !params.preQuantScale) // there is no place for factors
        row.columnScaling = ColumnScaling::None;
    QuantizationSteps steps;
    if (level == RecipeLevel::Absmax)
        return steps;
    steps.scales = row.scales;
    steps.branchRank = row.branchRank;
    steps.branchWithoutData = level <= RecipeLevel::Light;
    if (level == RecipeLevel::Fast)
        return steps;
    steps.scales = row.calibratedScales;
    steps.weightedScales = row.weighted;
    steps.damping = kDamping;
    if (level == RecipeLevel::Light) {
        steps.biasCorrection = true;
        return steps;
    }
    steps.gptq = true;
    steps.branchRounds = 1;
    if (row.branchRank > 0) // the branch is nothing without its smoothing
        steps.columnScaling = row.columnScaling;
    if (level == RecipeLevel::Best) {
        steps.weightedScales = row.weighted && row.columnScaling == ColumnScaling::None;
        steps.branchRounds = kBranchRounds;
        steps.columnScaling = row.columnScaling;
        steps.descentPasses = kDescentPasses;
        steps.refitRowScales = row.refitRowScales;
    }
    return steps;
}

double GateReport::gainDb() const
{
    if (!plainError || !cleverError || *cleverError <= 0)
        return 0;
    return 10.0 * std::log10(*plainError / *cleverError);
}

} // namespace mantissa
