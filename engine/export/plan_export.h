// SPDX-License-Identifier: GPL-3.0-or-later
// From a plan to a file: the one path that the command line and the window share.
#pragma once

#include "engine/calibration/statistics_file.h"
#include "engine/export/assembly.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace mantissa {

struct PlannedExport {
    Assembly assembly;
    ResolvedPlan resolved;
    std::vector<Sentence> warnings; ///< of the resolution and of the export itself
};

/// Data that a plan's recipe may need beside the model.
struct ExportInputs {
    std::shared_ptr<const StatisticsFile> statistics; ///< of this very model; null: none
    std::string sourceHash; ///< of the model, where it is known; empty: the export hashes what it reads
};
/// Opens the statistics of a calibration run for a model. InvalidInput where they belong to another one.
/// Hashes the model's files, which reads all of them; the export does not do it again.
Result<ExportInputs> openStatisticsFor(
    const std::filesystem::path& file, const Model& model, const JobContext& job);

/// Resolves the plan and lays the output out; reads no weights. Layers without statistics are encoded without
/// data.
Result<PlannedExport> assemblePlan(
    const QuantPlan& plan, const std::shared_ptr<const Model>& model, const ExportInputs& inputs = {});

/// The exact size of the file that exportPlan() writes, header and padding included.
Result<std::uint64_t> forecastFileBytes(
    const QuantPlan& plan, const std::shared_ptr<const Model>& model, const ExportInputs& inputs = {});
/// The plan as exportPlan() embeds it: where its recipe needs statistics, with their fingerprint. Usage where
/// it needs some and there are none.
Result<QuantPlan> planAsExported(const QuantPlan& plan, const ExportInputs& inputs);

/// What a conversion takes while it runs.
struct ConversionNeeds {
    std::uint64_t fileBytes = 0; ///< of the output, to the byte; the disk needs as much until it has its name
    std::uint64_t memoryBytes = 0; ///< for rows in flight (forecastMemory())
};
Result<ConversionNeeds> forecastNeeds(const QuantPlan& plan, const std::shared_ptr<const Model>& model);

/// Usage where the recipe needs statistics and there are none.
Result<WriteReport> exportPlan(const QuantPlan& plan, const std::shared_ptr<const Model>& model,
    const std::filesystem::path& path, const WriteOptions& options, const JobContext& job,
    const ExportInputs& inputs = {});

/// JSON text of the header entry `_quantization_metadata` from layer names and their header settings, as
/// Python's json.dumps writes it.
std::string quantizationTable(const std::vector<std::pair<std::string, std::string>>& layers);

} // namespace mantissa
