// SPDX-License-Identifier: GPL-3.0-or-later
// The options that say what shall happen to a checkpoint; shared by quantize, analyze and plan.
#pragma once

#include "app/cli/console.h"
#include "app/cli/options.h"
#include "engine/compat/hardware.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mantissa::cli {

class PlanOptions {
public:
    void declare(Options& options);
    /// The recipe where neither the user nor the plan names one that needs data.
    void preferRecipe(std::string recipe) { m_preferredRecipe = std::move(recipe); }
    /// The base format where nothing names one, for verbs that choose formats themselves.
    void preferFormat(std::string format) { m_preferredFormat = std::move(format); }
    /// The base format where nothing names one, said in a note: for verbs that write nothing.
    void assumeFormat(std::string format) { m_assumedFormat = std::move(format); }
    /// Whether the user names a base format, by whichever option.
    bool namesFormat() const;
    /// open() and plan() with what they have to say printed; 0, or the exit code of an error that was
    /// reported.
    int prepare(const Console& console, const std::string& path, std::shared_ptr<const Model>& model,
        QuantPlan& plan) const;
    /// Opens the file and detects it, with what the user knows better; under native keys unless the user
    /// keeps the file's own.
    Result<std::shared_ptr<const Model>> open(const std::string& path, std::vector<Sentence>& notes) const;
    /// The plan for that model: a plan file, the plan embedded in an export, or the default plan of its
    /// architecture, then the options on top. `note` gets remarks for the user (why a format was chosen).
    Result<QuantPlan> plan(const Model& model, std::vector<Sentence>& notes) const;

private:
    Result<std::optional<Gpu>> gpuToChooseFor() const;
    Result<Choice> baseChoice(const Model& model, std::vector<Sentence>& notes) const;
    Result<QuantPlan> startingPlan(const Model& model, std::vector<Sentence>& notes) const;
    Status addRules(QuantPlan& plan, std::vector<Sentence>& notes) const;
    FormatParams params() const;

    std::string m_format, m_planFile, m_method, m_gpu, m_preset, m_recipe, m_preferredRecipe,
        m_preferredFormat, m_assumedFormat, m_outputDtype;
    std::string m_scaling, m_convrot, m_linearDtype, m_fallback, m_customType;
    std::string m_architecture, m_variant, m_prediction;
    std::string m_import;
    std::vector<std::string> m_exclude, m_keep, m_set, m_custom, m_components;
    int m_blockSize = 0, m_convrotGroup = 0, m_bits = 0, m_rank = 0;
    bool m_noPreserveCritical = false, m_keepNames = false, m_fullPrecision = false, m_int8 = false,
         m_nvfp4 = false, m_mxfp8 = false;
    bool m_convrotFlag = false, m_simple = false, m_ignored = false;
};

/// Opens and detects a file; the error names what was wrong and, for a dangerous pickle, what it would have
/// run.
Result<std::shared_ptr<const Model>> openModel(
    const std::string& path, const DetectionOverrides& overrides = {});
/// The same model under native keys where the file has those of diffusers and a translation is known, else
/// the model itself. `notes` gets what NativeKeys has to say.
Result<std::shared_ptr<const Model>> withNativeKeys(
    std::shared_ptr<const Model> model, const DetectionOverrides& overrides, std::vector<Sentence>& notes);
/// openModel() and withNativeKeys(), with what the latter has to say printed.
Result<std::shared_ptr<const Model>> openNativeModel(const Console& console, const std::string& path);
/// Reads a small text file (a plan, a prompt list), at most 64 MiB.
Result<std::string> readTextFile(const std::string& path);
/// A plan file; the error names it.
Result<QuantPlan> readPlan(const std::string& path);
/// A file of prompts (engine/calibration/calibration.h: parsePrompts); InvalidInput where it holds none.
Result<std::vector<std::string>> readPrompts(const std::string& path);
/// Writes a text file atomically.
Status writeTextFile(const std::string& path, std::string_view text, bool overwrite);

} // namespace mantissa::cli
