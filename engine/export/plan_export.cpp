// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/plan_export.h"

#include "engine/base/python_json.h"
#include "engine/export/calibrated_layer.h"
#include "engine/export/provenance.h"
#include "engine/export/scaled_fp8.h"
#include "engine/export/source_hasher.h"
#include "engine/export/stored_layer.h"
#include "engine/formats/code_grid.h"
#include "engine/base/json.h"
#include "engine/plan/plan_json.h"

#include <algorithm>
#include <map>

namespace mantissa {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kTableKey = "_quantization_metadata";

/// Builds one assembly; a class only so that the steps share their state.
class Assembler {
public:
    Assembler(const QuantPlan& plan, std::shared_ptr<const Model> model, ResolvedPlan resolved,
        const ExportInputs& inputs)
        : m_plan(plan)
        , m_statistics(inputs.statistics)
        , m_model(std::move(model))
        , m_migration(*m_model)
    {
        m_out.resolved = std::move(resolved);
        m_out.warnings = m_out.resolved.warnings();
        m_out.assembly.source = m_model->source;
        m_out.assembly.sourceHash = inputs.sourceHash;
    }

    Result<PlannedExport> run()
    {
        // Loaders read the older convention only where no layer is in a newer one.
        m_migrates = m_migration.applies() && m_out.resolved.quantized > 0;
        readExistingTable();
        chooseStrip();
        for (std::size_t i = 0; i < m_model->layers.size(); ++i) {
            const Layer& layer = m_model->layers[i];
            if (leftOut(layer))
                continue;
            const Decision& decision = m_out.resolved.decisions[i];
            Status status;
            if (!decision.choice.keeps())
                status = quantize(layer, decision);
            else if (m_migrates)
                status = migrate(layer);
            else
                keep(layer);
            if (!status)
                return forward(std::move(status));
        }
        finishMetadata();
        adviseOnFloat32();
        adviseOnStatistics();
        return std::move(m_out);
    }

private:
    /// A folder in diffusers form has one component a part; a file for a runtime holds the network alone,
    /// without the folder's name in front of the keys.
    void chooseStrip()
    {
        if (m_model->source->info().container != "diffusers")
            return;
        for (std::size_t i = 0; i < m_model->components.size(); ++i)
            if (m_model->components[i].role == "diffusion_model") {
                m_only = static_cast<std::ptrdiff_t>(i);
                m_strip = m_model->components[i].prefix;
            }
        if (m_only >= 0 && m_model->components.size() > 1)
            m_out.warnings.push_back(
                sentence("only the network ({}) is exported; the other parts of the folder "
                         "stay as they are",
                    m_model->components[static_cast<std::size_t>(m_only)].id));
    }
    bool leftOut(const Layer& layer) const
    {
        return m_only >= 0 && layer.component != static_cast<std::uint32_t>(m_only);
    }
    std::string outName(const std::string& name) const
    {
        return !m_strip.empty() && name.starts_with(m_strip) ? name.substr(m_strip.size()) : name;
    }

    void readExistingTable()
    {
        const auto& metadata = m_model->source->info().metadata;
        const auto it = metadata.find(std::string(kTableKey));
        if (it == metadata.end())
            return;
        const Json table = parseOrderedJson(it->second);
        if (!table.is_object() || !table.contains("layers") || !table["layers"].is_object())
            return;
        for (const auto& [name, settings] : table["layers"].items())
            m_existing[name] = toPythonJson(settings.dump());
    }

    void copy(const Layer& layer, std::size_t tensor)
    {
        copy(layer, tensor, m_model->source->tensors()[tensor].name);
    }
    void copy(const Layer& layer, std::size_t tensor, const std::string& name)
    {
        const TensorInfo& info = m_model->source->tensors()[tensor];
        m_out.assembly.tensors.push_back(
            {outName(name), writtenDtype(m_plan, layer, info), info.shape, CopyTensor{tensor}});
    }
    void addSettings(const std::string& name, const std::string& tensorJson, const std::string& headerJson)
    {
        const auto bytes = std::as_bytes(std::span(tensorJson));
        m_out.assembly.tensors.push_back({name + ".comfy_quant", DType::U8,
            {static_cast<std::int64_t>(bytes.size())}, ConstantBytes{{bytes.begin(), bytes.end()}}});
        m_table.emplace_back(name, headerJson);
    }

    /// A layer of an older scaled_fp8 file that stays as it is, under today's names.
    Status migrate(const Layer& layer)
    {
        auto migrated = m_migration.migrate(layer);
        if (!migrated)
            return forward(std::move(migrated));
        for (const auto& [tensor, name] : migrated->tensors)
            copy(layer, tensor, name);
        if (!migrated->settings.empty())
            addSettings(outName(layer.name), migrated->settings, migrated->settings);
        return {};
    }

    void keep(const Layer& layer)
    {
        copy(layer, layer.weight);
        if (layer.bias >= 0)
            copy(layer, static_cast<std::size_t>(layer.bias));
        for (const std::size_t tensor : layer.companions)
            copy(layer, tensor);
        if (!layer.stored)
            return;
        // The header table wins over the layer's own tensor, so a layer without an entry would lose its
        // settings.
        if (const auto entry = m_existing.find(layer.name); entry != m_existing.end())
            m_table.emplace_back(outName(layer.name), entry->second);
        else if (m_model->quantization.scheme == "comfy_quant" && !layer.stored->settings.empty())
            m_table.emplace_back(outName(layer.name), toPythonJson(layer.stored->settings));
    }

    Status quantize(const Layer& layer, const Decision& decision)
    {
        const StorageFormat* format = findFormat(decision.choice.format);
        if (format == nullptr || layer.shape.size() != 2)
            return fail(ErrorCode::Internal, "{} was planned as {}, which cannot be", layer.name,
                decision.choice.format);
        const MatrixShape shape{layer.shape[0], layer.shape[1]};
        const auto recipe = recipeOf(m_plan);
        if (!recipe)
            return tl::unexpected(recipe.error());
        if (m_statistics && !m_shared)
            m_shared = std::make_shared<SharedInputs>(m_statistics, *recipe);
        const TensorInfo& weight = m_model->source->tensors()[layer.weight];
        const DType source = layer.stored ? DType::F32 : weight.dtype;

        EncodedLayer encoded;
        encoded.name = outName(layer.name);
        encoded.format = decision.choice.format;
        encoded.source = layer.weight;
        encoded.shape = shape;
        encoded.storage = format;
        encoded.params = decision.choice.params;
        encoded.bytesBefore = decision.bytesBefore;
        const std::string_view origDtype = origDtypeOf(m_plan, layer);
        const bool known = m_statistics && m_statistics->has(layer.name);
        const bool calibrated = usesStatistics(layer, decision.choice, *recipe, m_statistics.get());
        if (!calibrated)
            encoded.encoder = format->encoder({shape, source, decision.choice.params, dataFreePart(*recipe),
                Arithmetic::Default, std::string(origDtype)});
        m_withoutStatistics += m_statistics && !known ? 1 : 0;
        m_withoutGrid += known && !calibrated ? 1 : 0;
        if (layer.stored) {
            auto decode = decoderOf(layer);
            if (!decode)
                return forward(std::move(decode));
            encoded.decode = std::move(*decode);
        }
        for (const StoredTensor& stored : format->layout(shape, decision.choice.params)) {
            encoded.outputs.push_back(m_out.assembly.tensors.size());
            m_out.assembly.tensors.push_back(
                {fmt::format("{}.{}", encoded.name, stored.suffix), stored.dtype, stored.shape, FromLayer{}});
        }
        if (const float scale = inputScaleOf(decision.choice); scale > 0) {
            const auto bytes = std::as_bytes(std::span(&scale, 1));
            m_out.assembly.tensors.push_back(
                {encoded.name + ".input_scale", DType::F32, {}, ConstantBytes{{bytes.begin(), bytes.end()}}});
        }
        if (!format->writesSettings()) {
            const LayerSettings settings = format->settings(shape, decision.choice.params, origDtype);
            addSettings(encoded.name, settings.tensorJson, settings.headerJson);
        }
        if (layer.bias >= 0) {
            if (calibrated)
                encoded.outputs.push_back(m_out.assembly.tensors.size());
            copy(layer, static_cast<std::size_t>(layer.bias));
        }
        if (calibrated) {
            const DType biasDtype = layer.bias >= 0 ? m_out.assembly.tensors.back().dtype : DType::F32;
            if (layer.bias >= 0)
                m_out.assembly.tensors.back().content = FromLayer{};
            encoded.whole
                = calibratedQuantizer(*m_model, layer, decision.choice, *recipe, m_shared, biasDtype);
        }
        Choice stored = decision.choice;
        stored.inputClip = 0; // a tensor of its own
        encoded.identity = fmt::format("{} {} {} {}", choiceMembers(stored), m_plan.recipe, origDtype,
            calibrated ? m_plan.statistics : std::string());
        m_out.assembly.layers.push_back(std::move(encoded));
        return {};
    }

    /// Rows of a layer that is quantized already, for requantizing it.
    Result<std::function<Status(std::int64_t, std::int64_t, std::span<float>)>> decoderOf(const Layer& layer)
    {
        auto decoder = openStoredLayer(*m_model, layer);
        if (!decoder)
            return forward(std::move(decoder));
        std::shared_ptr<const LayerDecoder> shared = std::move(*decoder);
        return [shared](std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst) {
            return shared->decodeRows(firstRow, rowCount, dst);
        };
    }

    /// Formats store Linear weights only; in a float32 checkpoint everything else stays twice as large as it
    /// need be.
    void adviseOnFloat32()
    {
        std::uint64_t bytes = 0;
        for (const OutputTensor& tensor : m_out.assembly.tensors)
            if (tensor.dtype == DType::F32 && tensor.shape.size() >= 2
                && std::holds_alternative<CopyTensor>(tensor.content))
                bytes += m_model->source->tensors()[std::get<CopyTensor>(tensor.content).source].bytes;
        if (m_plan.outputDtype == "keep" && bytes * 10 > m_model->source->totalBytes())
            m_out.warnings.push_back(sentence("{} MB of float32 matrices and convolutions stay as they are; "
                                              "--output-dtype float16 or bfloat16 would halve them",
                bytes / 1'000'000));
    }

    void adviseOnStatistics()
    {
        if (!m_statistics)
            return;
        if (m_withoutStatistics > 0)
            m_out.warnings.push_back(
                sentence("{} of {} layers are not in the statistics and are quantized without data",
                    m_withoutStatistics, m_out.resolved.quantized));
        if (m_withoutGrid > 0)
            m_out.warnings.push_back(sentence(
                "{} layers have shapes for which their format has no calibrated methods, and are quantized "
                "without data",
                m_withoutGrid));
        if (m_statistics->header().randomData)
            m_out.warnings.emplace_back("the statistics come from random data; those of real prompts make "
                                        "better files");
    }

    void finishMetadata()
    {
        auto& metadata = m_out.assembly.metadata;
        metadata = writtenMetadata(m_model->source->info());
        metadata.erase(std::string(kTableKey));
        if (!m_table.empty())
            metadata[std::string(kTableKey)] = quantizationTable(m_table);
        metadata[std::string(kProvenanceKey)] = makeProvenance(m_plan, *m_model);
        m_out.assembly.sourceHashMarker = kSourceHashMarker;
    }

    const QuantPlan& m_plan;
    std::shared_ptr<const StatisticsFile> m_statistics; ///< null: none
    std::shared_ptr<SharedInputs> m_shared; ///< null while no layer is quantized with statistics
    std::shared_ptr<const Model> m_model;
    std::uint32_t m_withoutStatistics = 0,
                  m_withoutGrid = 0; ///< layers that are encoded without data all the same
    ScaledFp8Migration m_migration;
    bool m_migrates = false;
    PlannedExport m_out;
    std::ptrdiff_t m_only = -1;
    std::string m_strip;
    std::map<std::string, std::string> m_existing;
    std::vector<std::pair<std::string, std::string>> m_table;
};

} // namespace

std::string quantizationTable(const std::vector<std::pair<std::string, std::string>>& layers)
{
    std::string text = R"({"format_version": "1.0", "layers": {)";
    bool first = true;
    for (const auto& [name, settings] : layers) {
        text += first ? "" : ", ";
        first = false;
        text += pythonQuote(name) + ": " + settings;
    }
    return text + "}}";
}

namespace {

/// A conversion that converts nothing is a mistake of the plan, and silence would hide it.
Status checkSomethingHappens(const Model& model, const ResolvedPlan& resolved)
{
    const auto isStored = [](const Layer& layer) { return layer.stored.has_value(); };
    if (resolved.quantized > 0 || std::any_of(model.layers.begin(), model.layers.end(), isStored))
        return {};
    std::map<std::string, std::uint32_t> guards;
    for (std::size_t i = 0; i < model.layers.size(); ++i)
        if (model.layers[i].kind == LayerKind::Linear
            && resolved.decisions[i].provenance == Provenance::Guard)
            ++guards[resolved.decisions[i].why.text()];
    const auto most = std::max_element(
        guards.begin(), guards.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return tl::unexpected(Error{ErrorCode::Unsupported, "the plan quantizes no layer of this model", {},
        most == guards.end()
            ? "name a format, or fewer exclusions"
            : sentence("most often: {} ('mantissa analyze' shows every layer)", most->first)});
}

} // namespace

Result<ExportInputs> openStatisticsFor(
    const std::filesystem::path& file, const Model& model, const JobContext& job)
{
    auto statistics = StatisticsFile::open(file);
    if (!statistics)
        return forward(std::move(statistics));
    if (job.progress)
        job.progress->start("checking the statistics", 0, 0);
    const auto hash = hashSource(model.source->info(), [&] { return job.cancelled(); });
    if (!hash)
        return tl::unexpected(hash.error());
    if (Status status = (*statistics)->checkModel(*hash); !status)
        return forward(std::move(status));
    return ExportInputs{std::move(*statistics), *hash};
}

Result<PlannedExport> assemblePlan(
    const QuantPlan& plan, const std::shared_ptr<const Model>& model, const ExportInputs& inputs)
{
    auto resolved = resolvePlan(plan, *model);
    if (!resolved)
        return forward(std::move(resolved));
    return Assembler(plan, model, std::move(*resolved), inputs).run();
}

Result<QuantPlan> planAsExported(const QuantPlan& plan, const ExportInputs& inputs)
{
    const auto recipe = recipeOf(plan);
    if (!recipe)
        return tl::unexpected(recipe.error());
    if (needsStatistics(*recipe) && !inputs.statistics)
        return tl::unexpected(Error{ErrorCode::Usage,
            sentence("the recipe {} needs the statistics of a calibration run", plan.recipe), {},
            "name them with --calibration; 'mantissa calibrate' makes them, or 'mantissa quantize "
            "--prompts'"});
    QuantPlan used = plan;
    used.statistics = needsStatistics(*recipe) ? inputs.statistics->fingerprint() : std::string();
    return used;
}

Result<std::uint64_t> forecastFileBytes(
    const QuantPlan& plan, const std::shared_ptr<const Model>& model, const ExportInputs& inputs)
{
    auto planned = assemblePlan(plan, model, inputs);
    if (!planned)
        return forward(std::move(planned));
    return forecastBytes(planned->assembly);
}

Result<ConversionNeeds> forecastNeeds(const QuantPlan& plan, const std::shared_ptr<const Model>& model)
{
    auto planned = assemblePlan(plan, model);
    if (!planned)
        return forward(std::move(planned));
    const auto bytes = forecastBytes(planned->assembly);
    if (!bytes)
        return tl::unexpected(bytes.error());
    return ConversionNeeds{*bytes, forecastMemory(planned->assembly, {})};
}

Result<WriteReport> exportPlan(const QuantPlan& plan, const std::shared_ptr<const Model>& model,
    const std::filesystem::path& path, const WriteOptions& options, const JobContext& job,
    const ExportInputs& inputs)
{
    const auto used = planAsExported(plan, inputs);
    if (!used)
        return tl::unexpected(used.error());
    ExportInputs needed = inputs;
    if (used->statistics.empty())
        needed.statistics.reset();
    auto planned = assemblePlan(*used, model, needed);
    if (!planned)
        return forward(std::move(planned));
    if (Status status = checkSomethingHappens(*model, planned->resolved); !status)
        return forward(std::move(status));
    if (job.progress)
        for (const Sentence& warning : planned->warnings)
            job.progress->log(LogLevel::Warning, warning);
    return writeAssembly(planned->assembly, path, options, job);
}

} // namespace mantissa
