// SPDX-License-Identifier: GPL-3.0-or-later
// formats, architectures, presets: the registries.
#include "app/cli/command.h"
#include "engine/formats/storage_format.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"
#include "engine/base/json.h"

namespace mantissa::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string_view loaderText(LoaderSupport support)
{
    switch (support) {
    case LoaderSupport::Stock:
        return "stock";
    case LoaderSupport::CustomNode:
        return "custom node";
    case LoaderSupport::None:
        break;
    }
    return "none";
}

std::string capabilityText(int capability)
{
    return capability == 0 ? "any" : fmt::format("SM {}.{}", capability / 10, capability % 10);
}

class Formats final : public Command {
public:
    void declare(Options& options) override
    {
        options.flag("--markdown", m_markdown, "As the table of the documentation");
    }

    int run(const Console& console) override
    {
        if (console.json)
            console.document(document());
        else if (m_markdown)
            console.print(formatTableMarkdown());
        else
            printTable(console);
        return 0;
    }

private:
    static Json document()
    {
        Json out = Json::array();
        for (const StorageFormat* format : storageFormats()) {
            const FormatInfo& info = format->info();
            out.push_back({{"id", info.id}, {"name", info.name}, {"summary", info.summary},
                {"loader", loaderText(info.loader)}, {"loader_note", info.loaderNote},
                {"bits_per_weight", info.bitsPerWeight},
                {"fast_path", capabilityText(info.computeCapability)}, {"scalings", info.scalings},
                {"block_sizes", info.blockSizes}, {"rotates", info.rotates},
                {"embeddings", info.embeddings}});
        }
        Json readOnly = Json::array();
        for (const ContainerEncoding* encoding : containerEncodings())
            if (encoding->readable)
                readOnly.push_back({{"id", encoding->id}, {"name", encoding->name}});
        return {{"formats", out}, {"read_only", readOnly}};
    }

    static void printTable(const Console& console)
    {
        std::vector<std::vector<std::string>> rows{{"format", "bits", "loader", "fast path", "what"}};
        for (const StorageFormat* format : storageFormats()) {
            const FormatInfo& info = format->info();
            rows.push_back({std::string(info.id), fmt::format("{:.2f}", info.bitsPerWeight),
                std::string(loaderText(info.loader)), capabilityText(info.computeCapability),
                std::string(info.summary)});
        }
        console.print(formatTable(rows, {false, true, false, false, false}));
        console.print("\nloader: stock = ComfyUI as it is; custom node = only with a third-party node; none "
                      "= analysis only\n");
        console.print(fmt::format("read, not written: {}\n", readOnlyFormats(true)));
    }

    bool m_markdown = false;
};

class Architectures final : public Command {
public:
    void declare(Options&) override { }

    int run(const Console& console) override
    {
        Json out = Json::array();
        std::vector<std::vector<std::string>> rows{
            {"architecture", "name", "kind", "prediction", "variants"}};
        for (const ArchitectureEntry& entry : knownArchitectures()) {
            Json critical = Json::array();
            for (const auto& [pattern, reason] : entry.critical)
                critical.push_back({{"pattern", pattern}, {"reason", reason}});
            out.push_back(
                {{"id", entry.id}, {"name", entry.name}, {"kind", entry.kind}, {"variants", entry.variants},
                    {"prediction", entry.prediction}, {"critical", critical}, {"note", entry.note}});
            rows.push_back({entry.id, entry.name, entry.kind, entry.prediction,
                fmt::format("{}", fmt::join(entry.variants, ", "))});
        }
        console.document({{"architectures", out}});
        console.print(formatTable(rows));
        return 0;
    }
};

class Presets final : public Command {
public:
    void declare(Options& options) override { options.add("PRESET", m_id, "Show the rules of one preset"); }

    int run(const Console& console) override
    {
        if (!m_id.empty() && findPreset(m_id) == nullptr)
            return console.report({ErrorCode::Usage, fmt::format("there is no preset \"{}\"", m_id), {},
                "'mantissa presets' lists them"});
        Json out = Json::array();
        std::vector<std::vector<std::string>> rows{{"preset", "for", "rules", "what"}};
        for (const Preset& preset : presets()) {
            if (!m_id.empty() && preset.id != m_id)
                continue;
            Json rules = Json::array();
            for (const Rule& rule : preset.rules)
                rules.push_back({{"pattern", rule.pattern},
                    {"format", rule.choice.keeps() ? "keep" : rule.choice.format}, {"reason", rule.reason}});
            out.push_back({{"id", preset.id}, {"name", preset.name}, {"summary", preset.summary},
                {"architectures", preset.architectures}, {"rules", rules}});
            rows.push_back({preset.id,
                preset.architectures.empty() ? "any"
                                             : fmt::format("{}", fmt::join(preset.architectures, ", ")),
                std::to_string(preset.rules.size()), preset.summary});
        }
        console.document({{"presets", out}});
        console.print(formatTable(rows, {false, false, true, false}));
        if (!m_id.empty())
            for (const Rule& rule : findPreset(m_id)->rules)
                console.print(fmt::format("  {} → {}  {}\n", rule.pattern,
                    rule.choice.keeps() ? "keep" : rule.choice.format, rule.reason));
        return 0;
    }

private:
    std::string m_id;
};

} // namespace

std::unique_ptr<Command> makeFormats()
{
    return std::make_unique<Formats>();
}
std::unique_ptr<Command> makeArchitectures()
{
    return std::make_unique<Architectures>();
}
std::unique_ptr<Command> makePresets()
{
    return std::make_unique<Presets>();
}

} // namespace mantissa::cli
