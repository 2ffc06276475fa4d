// SPDX-License-Identifier: GPL-3.0-or-later
// convert: another container, convention or dtype, without quantizing again.
#include "app/cli/command.h"
#include "app/cli/plan_options.h"
#include "engine/export/convert.h"
#include "engine/io/salvage.h"
#include "engine/base/json.h"

#include <map>

namespace mantissa::cli {
namespace {

const std::map<std::string, DType>& floatDtypes()
{
    static const std::map<std::string, DType> kDtypes{{"float32", DType::F32}, {"float16", DType::F16},
        {"bfloat16", DType::BF16}, {"fp32", DType::F32}, {"fp16", DType::F16}, {"bf16", DType::BF16}};
    return kDtypes;
}

class Convert final : public Command {
public:
    void declare(Options& options) override
    {
        std::vector<std::string> names;
        for (const auto& [name, dtype] : floatDtypes())
            names.push_back(name);
        options.add("FILE", m_file, "Checkpoint, shard index or diffusers folder").required();
        options.add("-o,--output", m_output, "The .safetensors file to write").required();
        options
            .add("--output-dtype,--dtype", m_dtype,
                "Cast float tensors that are not quantized, plain 8-bit ones too")
            .oneOf(names);
        options.add("--dequantize", m_dequantize, "Decode quantized layers to this dtype").oneOf(names);
        options.add("--component", m_options.component, "Only this part, its prefix removed");
        options.flag(
            "--keep-convention", m_options.keepConvention, "Leave older scaled_fp8 names as they are");
        options.flag("--without-calls", m_withoutCalls,
            "Convert a PyTorch file that is refused because loading it would run code: its tensors are read, "
            "nothing is run, and what the code would have made is left out");
        options.flag("--overwrite", m_write.overwrite, "Replace an existing output");
        options.flag("--resume", m_write.resume, "Continue an unfinished conversion");
        options.flag(
            "--allow-nonfinite", m_write.allowNonFinite, "Values that do not fit float16 become infinity");
        options.add("--threads", m_write.threads, "Threads (default: all cores)");
    }

    int run(const Console& console) override
    {
        if (!m_dtype.empty())
            m_options.floatDtype = floatDtypes().at(m_dtype);
        if (!m_dequantize.empty())
            m_options.dequantize = floatDtypes().at(m_dequantize);
        auto model = open();
        if (!model)
            return console.report(model.error());
        std::vector<Sentence> notes
            = m_withoutCalls ? (*model)->source->info().warnings : std::vector<Sentence>{};
        auto assembly = assembleConversion(*model, m_options, notes);
        if (!assembly)
            return console.report(assembly.error());
        const auto report = runJob(
            console, [&](const JobContext& job) { return writeAssembly(*assembly, m_output, m_write, job); });
        if (!report)
            return console.report(report.error());
        for (const std::string& note : notes)
            console.print(note + "\n");
        console.print(fmt::format(
            "{}: {} tensors, {}\n", m_output, assembly->tensors.size(), humanBytes(report->bytesWritten)));
        console.document({{"file", m_output}, {"tensors", assembly->tensors.size()},
            {"bytes", report->bytesWritten}, {"notes", notes}});
        return 0;
    }

private:
    Result<std::shared_ptr<const Model>> open() const
    {
        if (!m_withoutCalls)
            return openModel(m_file);
        auto source = openWithoutCalls(m_file);
        if (!source)
            return forward(std::move(source));
        return detectModel(std::move(*source), {});
    }

    bool m_withoutCalls = false;
    std::string m_file, m_output, m_dtype, m_dequantize;
    ConvertOptions m_options;
    WriteOptions m_write;
};

} // namespace

std::unique_ptr<Command> makeConvert()
{
    return std::make_unique<Convert>();
}

} // namespace mantissa::cli
