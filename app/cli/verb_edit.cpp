// SPDX-License-Identifier: GPL-3.0-or-later
// edit: names, metadata and quantization settings of a file.
#include "app/cli/command.h"
#include "engine/export/edit.h"
#include "engine/base/json.h"

namespace mantissa::cli {
namespace {

/// "NAME=VALUE" at the first '='.
Result<std::pair<std::string, std::string>> parsePair(const std::string& option, const std::string& text)
{
    const std::size_t at = text.find('=');
    if (at == std::string::npos || at == 0)
        return fail(ErrorCode::Usage, "{} takes NAME=VALUE, not \"{}\"", option, text);
    return std::pair{text.substr(0, at), text.substr(at + 1)};
}

class Edit final : public Command {
public:
    void declare(Options& options) override
    {
        options.add("FILE", m_file, "The file to read; it is never changed").required();
        options.add("-o,--output", m_output, "The .safetensors file to write").required();
        options.add("--remove-keys", m_options.removeKeys, "Keys to remove from layer settings")
            .separatedBy(',');
        options.add("--add-keys", m_addKeys, "Keys to add: \"'group_size': 64, 'note': 'text'\"");
        options.add(
            "--quant-filter", m_options.quantFilter, "Edit the settings of these layers only (regex)");
        options.flag("--save-quant-metadata", m_options.saveTable,
            "Make the header table anew from the layers' settings");
        options.add("--rename", m_renames, "OLD=NEW in every tensor name");
        options.add("--remove-tensors", m_options.removeTensors, "Leave these tensors out (regex)");
        options.add("--set-metadata", m_metadata, "KEY=VALUE in the file's metadata");
        options.add("--remove-metadata", m_options.removeMetadata, "KEY to remove from the metadata");
        options.flag("--overwrite", m_write.overwrite, "Replace an existing output");
    }

    int run(const Console& console) override
    {
        if (Status status = readOptions(); !status)
            return console.report(status.error());
        auto source = openCheckpoint(m_file);
        if (!source)
            return console.report(source.error());
        EditSummary summary;
        auto assembly = assembleEdit(*source, m_options, summary);
        if (!assembly)
            return console.report(assembly.error());
        const auto report = runJob(
            console, [&](const JobContext& job) { return writeAssembly(*assembly, m_output, m_write, job); });
        if (!report)
            return console.report(report.error());
        console.print(fmt::format("{}: {} layers edited, {} tensors renamed, {} removed\n", m_output,
            summary.layersEdited, summary.tensorsRenamed, summary.tensorsRemoved));
        if (summary.settingsAdded > 0)
            console.print(
                fmt::format("{} layers were named in the header only and got a comfy_quant tensor\n",
                    summary.settingsAdded));
        console.document({{"file", m_output}, {"layers_edited", summary.layersEdited},
            {"tensors_renamed", summary.tensorsRenamed}, {"tensors_removed", summary.tensorsRemoved},
            {"settings_added", summary.settingsAdded}});
        return 0;
    }

private:
    Status readOptions()
    {
        auto added = parseKeyValues(m_addKeys);
        if (!added)
            return forward(std::move(added));
        m_options.addKeys = std::move(*added);
        for (const std::string& text : m_renames) {
            auto pair = parsePair("--rename", text);
            if (!pair)
                return forward(std::move(pair));
            m_options.renames.push_back(std::move(*pair));
        }
        for (const std::string& text : m_metadata) {
            auto pair = parsePair("--set-metadata", text);
            if (!pair)
                return forward(std::move(pair));
            m_options.setMetadata.push_back(std::move(*pair));
        }
        return {};
    }

    std::string m_file, m_output, m_addKeys;
    std::vector<std::string> m_renames, m_metadata;
    EditOptions m_options;
    WriteOptions m_write;
};

} // namespace

std::unique_ptr<Command> makeEdit()
{
    return std::make_unique<Edit>();
}

} // namespace mantissa::cli
