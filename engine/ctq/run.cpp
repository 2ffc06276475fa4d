// SPDX-License-Identifier: GPL-3.0-or-later
// From a command line to a written file: which mode, which files, and what to say about it.
#include "engine/ctq/ctq.h"

#include "engine/ctq/later_options.h"
#include "engine/ctq/modes.h"
#include "engine/ctq/quantize.h"
#include "engine/export/stored_layer.h"
#include "engine/io/random_access_file.h"

#include <algorithm>
#include <fstream>
#include <random>

namespace mantissa {

namespace {

using namespace ctq;

enum class Mode { Template, MigrateFp8, MigrateInt8, Hybrid, LegacyInputs, Cleanup, Actcal, Edit, Quantize };

/// The order in which 1.3.4 looks for a mode; the dedicated NVFP4 path comes before the hybrid one.
Mode modeOf(const ParsedOptions& options)
{
    const bool mixes = options.flag("custom_type") || options.flag("fallback");
    if (options.text("dry_run") == "create-template")
        return Mode::Template;
    if (options.flag("convert_fp8_scaled"))
        return Mode::MigrateFp8;
    if (options.flag("convert_int8_scaled"))
        return Mode::MigrateInt8;
    if (options.flag("nvfp4") && !mixes)
        return Mode::Quantize;
    if (options.flag("make_hybrid_mxfp8"))
        return Mode::Hybrid;
    if (options.flag("mxfp8") && !mixes)
        return Mode::Quantize;
    if (options.flag("legacy_input_add"))
        return Mode::LegacyInputs;
    if (options.flag("cleanup_fp8_scaled"))
        return Mode::Cleanup;
    if (options.flag("actcal"))
        return Mode::Actcal;
    return options.flag("edit_quant") ? Mode::Edit : Mode::Quantize;
}

std::string quantizedSuffix(const ParsedOptions& options)
{
    const bool four = options.flag("nvfp4"), mixes = options.flag("custom_type") || options.flag("fallback");
    const std::string_view block = four ? "nvfp4" : "mxfp8";
    const std::string_view prefix = options.flag("simple") ? "simple_" : "learned_";
    const std::string_view mixed = !options.filters.empty() || options.flag("custom_layers") ? "mixed" : "";
    if (four || options.flag("mxfp8"))
        return mixes ? fmt::format("_{}_mixed", block) : fmt::format("_{}{}{}", prefix, block, mixed);
    const std::string scaling = options.text("scaling_mode");
    if (!options.flag("int8"))
        return fmt::format("_{}fp8{}_{}", prefix, mixed, scaling);
    constexpr std::int64_t kDefaultBlock = 128;
    if (scaling != "tensor" && scaling != "row")
        return fmt::format(
            "_{}int8{}_bs{}", prefix, mixed, options.integer("block_size").value_or(kDefaultBlock));
    return fmt::format("_{}int8{}_{}wise", prefix, mixed, scaling);
}

/// What the Python tool adds to the input's name where no output is named.
std::string outputSuffix(Mode mode, const ParsedOptions& options)
{
    switch (mode) {
    case Mode::Template:
        return "_layer_config_template";
    case Mode::MigrateFp8:
        return "_fp8mixed";
    case Mode::MigrateInt8:
        return "_int8_comfy";
    case Mode::Hybrid:
        return "_hybrid";
    case Mode::LegacyInputs:
        return "_with_input_scale";
    case Mode::Cleanup:
        return "_cleaned";
    case Mode::Actcal:
        return "_calibrated";
    case Mode::Edit:
        return "_edited";
    case Mode::Quantize:
        break;
    }
    return quantizedSuffix(options);
}

class Runner {
public:
    Runner(ParsedOptions options, const std::filesystem::path& folder, const JobContext& job)
        : m_options(std::move(options))
        , m_folder(folder)
        , m_job(job)
        , m_mode(modeOf(m_options))
    { }

    Result<CtqOutcome> run()
    {
        const std::filesystem::path input = resolve(m_options.text("input"));
        m_output = outputPath(input);
        if (input.lexically_normal() == m_output.lexically_normal())
            return tl::unexpected(Error{ErrorCode::Usage, "the output is the input itself", m_output.string(),
                "name another output with -o; the input is never changed"});
        if (Status refused = refuseLaterOptions(m_options); !refused)
            return forward(std::move(refused));
        auto source = openCheckpoint(input);
        if (!source)
            return forward(std::move(source));
        m_source = std::move(*source);
        if (Status refused = refuseContainerEncodings(*m_source); !refused)
            return forward(std::move(refused));
        if (m_mode == Mode::Template)
            return writeTemplate();
        Result<Draft> draft = makeDraft();
        if (!draft)
            return forward(std::move(draft));
        m_outcome.notes.insert(m_outcome.notes.end(), draft->notes.begin(), draft->notes.end());
        return finish(std::move(*draft));
    }

private:
    std::filesystem::path resolve(const std::filesystem::path& path) const
    {
        return m_folder.empty() ? path : m_folder / path;
    }

    std::filesystem::path outputPath(const std::filesystem::path& input) const
    {
        if (m_options.flag("output") && m_mode != Mode::Template)
            return resolve(m_options.text("output"));
        std::filesystem::path output = input;
        const std::string_view extension = m_mode == Mode::Template ? ".json" : ".safetensors";
        output.replace_extension();
        output += fmt::format("{}{}", outputSuffix(m_mode, m_options), extension);
        return output;
    }

    Result<std::string> readText(std::string_view option) const
    {
        constexpr std::uint64_t kLargest = std::uint64_t{64} << 20;
        auto file = RandomAccessFile::open(resolve(m_options.text(option)));
        if (!file)
            return forward(std::move(file));
        if ((*file)->size() > kLargest)
            return tl::unexpected(Error{ErrorCode::InvalidInput,
                "the file is too long to be JSON of this kind", (*file)->path().string(), {}});
        return (*file)->readText(0, static_cast<std::size_t>((*file)->size()));
    }

    Result<std::shared_ptr<const TensorSource>> openOther(std::string_view option) const
    {
        if (!m_options.flag(option))
            return std::shared_ptr<const TensorSource>();
        return openCheckpoint(resolve(m_options.text(option)));
    }

    Result<Draft> makeDraft()
    {
        switch (m_mode) {
        case Mode::MigrateFp8:
            return draftMigratedFp8(m_source, migrateRequest());
        case Mode::MigrateInt8:
            return draftMigratedInt8(m_source, migrateRequest());
        case Mode::Hybrid: {
            auto scales = openOther("tensor_scales");
            return scales ? draftHybrid(m_source, *scales) : forward(std::move(scales));
        }
        case Mode::LegacyInputs:
            return draftWithLegacyInputs(m_source);
        case Mode::Cleanup:
            return draftCleanedFp8(m_source,
                static_cast<int>(m_options.integer("scaled_fp8_marker").value_or(0)),
                m_options.flag("input_scale"));
        case Mode::Actcal:
            return draftCalibrated(m_source,
                {m_options.integer("actcal_samples").value_or(0),
                    static_cast<std::uint64_t>(m_options.integer("actcal_seed").value_or(0)),
                    m_options.number("actcal_percentile")},
                m_job);
        case Mode::Edit:
            return edit();
        case Mode::Template:
        case Mode::Quantize:
            break;
        }
        return quantize();
    }

    MigrateRequest migrateRequest() const
    {
        MigrateRequest request;
        request.addInputScale = m_options.flag("input_scale");
        request.fullPrecision = m_mode == Mode::MigrateFp8 && m_options.flag("full_precision_mm");
        request.saveTable = m_mode == Mode::MigrateFp8 || m_options.flag("save_quant_metadata");
        request.defaultBlock
            = static_cast<int>(m_options.integer("block_size").value_or(request.defaultBlock));
        request.highPrecisionFilter = m_options.text("hp_filter");
        return request;
    }

    Result<Draft> edit() const
    {
        EditRequest request;
        request.addKeys = m_options.text("add_keys");
        request.filter = m_options.text("quant_filter");
        request.generateTable = m_options.flag("save_quant_metadata");
        std::string keys = m_options.text("remove_keys");
        for (std::size_t begin = 0; begin <= keys.size();) {
            const std::size_t end = std::min(keys.find(',', begin), keys.size());
            const std::size_t first = keys.find_first_not_of(" \t", begin);
            if (first < end)
                request.removeKeys.push_back(
                    keys.substr(first, keys.find_last_not_of(" \t", end - 1) + 1 - first));
            begin = end + 1;
        }
        if (request.removeKeys.empty() && request.addKeys.empty() && !request.generateTable)
            return fail(ErrorCode::Usage,
                "--edit-quant needs one of --remove-keys, --add-keys and --save-quant-metadata");
        return draftEdited(m_source, request);
    }

    Result<Draft> quantize()
    {
        std::string config;
        if (m_options.flag("layer_config")) {
            Result<std::string> text = readText("layer_config");
            if (!text)
                return forward(std::move(text));
            config = std::move(*text);
        }
        Result<ChoiceRules> rules = makeRules(m_options, config);
        if (!rules)
            return forward(std::move(rules));
        QuantizeInputs inputs;
        inputs.rules = std::move(*rules);
        inputs.samples = m_options.integer("calib_samples").value_or(0);
        if (inputs.samples < 1)
            return fail(ErrorCode::Usage, "--calib_samples must be at least 1");
        const std::int64_t seed = m_options.integer("manual_seed").value_or(-1);
        inputs.seed = seed == -1 ? std::random_device()() : static_cast<std::uint64_t>(seed);
        inputs.fileOrder = m_options.flag("low_memory");
        inputs.correctBiases = !m_options.flag("no_bias_correction");
        inputs.saveTable = m_options.flag("save_quant_metadata");
        if (Status status = readInputScales(inputs); !status)
            return forward(std::move(status));
        for (std::string& note : noteIdleOptions(m_options, inputs.rules.dedicated))
            m_outcome.notes.push_back(std::move(note));
        m_outcome.text
            = fmt::format("Using seed: {}\n", seed == -1 ? static_cast<std::int64_t>(inputs.seed) : seed);
        return draftQuantized(m_source, inputs, m_job, m_choices);
    }

    /// Only the dedicated NVFP4 path knows the option.
    Status readInputScales(QuantizeInputs& inputs) const
    {
        if (!m_options.flag("input_scales") || !inputs.rules.dedicated
            || inputs.rules.primary.type != "nvfp4")
            return {};
        const std::string name = m_options.text("input_scales");
        if (name.ends_with(".safetensors"))
            return scalesFromCheckpoint(inputs);
        if (!name.ends_with(".json"))
            return fail(
                ErrorCode::Usage, "--input-scales takes a .json or a .safetensors file, not '{}'", name);
        Result<std::string> text = readText("input_scales");
        Result<JsonNode> tree = text ? parseJsonTree(*text) : forward(std::move(text));
        if (!tree)
            return tl::unexpected(std::move(tree.error()).at(name));
        for (const auto& [layer, value] : tree->members) {
            if (value.kind != JsonNode::Kind::Integer && value.kind != JsonNode::Kind::Number)
                return tl::unexpected(Error{ErrorCode::InvalidInput,
                    fmt::format("the input scale of {} is no number", layer), name, {}});
            inputs.inputScales[layer] = static_cast<float>(value.number);
        }
        return {};
    }

    Status scalesFromCheckpoint(QuantizeInputs& inputs) const
    {
        auto scales = openOther("input_scales");
        if (!scales)
            return forward(std::move(scales));
        constexpr std::string_view kSuffix = ".input_scale";
        for (const TensorInfo& tensor : (*scales)->tensors()) {
            if (!tensor.name.ends_with(kSuffix))
                continue;
            float value = 0;
            if (tensor.dtype != DType::F32 || elementCount(tensor.shape) != 1)
                return tl::unexpected(
                    Error{ErrorCode::InvalidInput, "the input scale is no single float32", tensor.name, {}});
            const auto index = static_cast<std::size_t>(&tensor - (*scales)->tensors().data());
            if (Status read = (*scales)->read(index, 0, std::as_writable_bytes(std::span(&value, 1))); !read)
                return read;
            inputs.inputScales[tensor.name.substr(0, tensor.name.size() - kSuffix.size())] = value;
        }
        return {};
    }

    Result<CtqOutcome> finish(Draft draft)
    {
        Assembly assembly = draft.assemble();
        const bool analyze = m_options.flag("dry_run");
        if (analyze) {
            const auto bytes = forecastBytes(assembly);
            if (!bytes)
                return tl::unexpected(bytes.error());
            if (m_mode == Mode::Quantize)
                m_outcome.text += describeChoices(m_choices, *m_source);
            m_outcome.text += fmt::format(
                "{} tensors, {} bytes; nothing was written\n", assembly.tensors.size(), *bytes);
            m_outcome.notes.emplace_back(
                "--dry-run analyze only analyzes (convert-to-quant 1.3.4 converts all the same)");
            m_forecast = *bytes;
            return done();
        }
        WriteOptions options;
        options.overwrite = true;
        options.threads = static_cast<unsigned>(
            std::clamp<std::int64_t>(m_options.integer("threads").value_or(0), 0, 1024));
        std::error_code ignored;
        if (m_output.has_parent_path())
            std::filesystem::create_directories(
                m_output.parent_path(), ignored); // the writer reports what is missing
        Result<WriteReport> report = writeAssembly(assembly, m_output, options, m_job);
        if (!report)
            return forward(std::move(report));
        m_outcome.report = std::move(*report);
        m_outcome.written = m_output;
        m_outcome.text += fmt::format("{} layers quantized, {} tensors written to {}\n",
            m_outcome.report.layers.size(), assembly.tensors.size(), m_output.string());
        return done();
    }

    /// The document of --json takes the place of the text.
    Result<CtqOutcome> done()
    {
        if (!m_options.flag("json"))
            return std::move(m_outcome);
        JsonNode document, layers, notes;
        document.kind = JsonNode::Kind::Object;
        layers.kind = notes.kind = JsonNode::Kind::Array;
        for (const LayerReport& layer : m_outcome.report.layers) {
            JsonNode entry;
            entry.kind = JsonNode::Kind::Object;
            setMember(entry, "name", jsonText(layer.name));
            setMember(entry, "format", jsonText(layer.format));
            setMember(entry, "bytes_before", jsonInteger(static_cast<std::int64_t>(layer.bytesBefore)));
            setMember(entry, "bytes_after", jsonInteger(static_cast<std::int64_t>(layer.bytesAfter)));
            layers.items.push_back(std::move(entry));
        }
        for (const std::string& note : m_outcome.notes)
            notes.items.push_back(jsonText(note));
        setMember(
            document, "file", m_outcome.written.empty() ? JsonNode() : jsonText(m_outcome.written.string()));
        const std::uint64_t bytes = m_forecast.value_or(m_outcome.report.bytesWritten);
        setMember(document, "bytes", jsonInteger(static_cast<std::int64_t>(bytes)));
        setMember(document, "layers", std::move(layers));
        setMember(document, "notes", std::move(notes));
        m_outcome.text = pythonDump(document) + "\n";
        return std::move(m_outcome);
    }

    Result<CtqOutcome> writeTemplate()
    {
        const std::string text = layerConfigTemplate(*m_source);
        std::filesystem::path part = m_output;
        part += ".part";
        std::ofstream file(part, std::ios::binary | std::ios::trunc);
        file << text;
        file.close();
        std::error_code code;
        if (file)
            std::filesystem::rename(part, m_output, code);
        if (!file || code) {
            std::filesystem::remove(part, code);
            return tl::unexpected(Error{ErrorCode::System, "the layer config could not be written",
                m_output.string(), "check the folder"});
        }
        m_outcome.written = m_output;
        m_outcome.text = fmt::format(
            "Layer config written to {}; give each layer a format, or \"skip\": true\n", m_output.string());
        return done();
    }

    ParsedOptions m_options;
    std::filesystem::path m_folder;
    const JobContext& m_job;
    Mode m_mode;
    std::filesystem::path m_output;
    std::shared_ptr<const TensorSource> m_source;
    Choices m_choices;
    CtqOutcome m_outcome;
    std::optional<std::uint64_t> m_forecast;
};

bool hasArgument(const std::vector<std::string>& args, std::string_view name)
{
    return std::find(args.begin(), args.end(), name) != args.end();
}

} // namespace

Result<CtqOutcome> runCtq(
    const std::vector<std::string>& args, const std::filesystem::path& workingFolder, const JobContext& job)
{
    Result<ParsedOptions> options = parseOptions(args);
    if (!options)
        return forward(std::move(options));
    if (options->help) {
        CtqOutcome outcome;
        outcome.text = helpText(*options->help);
        return outcome;
    }
    return Runner(std::move(*options), workingFolder, job).run();
}

bool ctqWantsJson(const std::vector<std::string>& args)
{
    return hasArgument(args, "--json");
}
bool ctqWantsQuiet(const std::vector<std::string>& args)
{
    return hasArgument(args, "--quiet");
}

} // namespace mantissa
