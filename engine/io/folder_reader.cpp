// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/composite_source.h"
#include "engine/io/json_cursor.h"
#include "engine/io/open_file.h"
#include "engine/io/shard_index.h"
#include "engine/io/text.h"
#include "engine/io/weight_files.h"

#include <algorithm>

namespace mantissa {
namespace {

constexpr std::size_t kMostFolderEntries = 10'000;
constexpr std::uint64_t kMostConfigBytes = 1 << 20; // real ones take a few kilobytes
constexpr std::uint64_t kMostConfigBytesTogether = 16 << 20;
constexpr std::size_t kMostComponents = 64;
constexpr std::string_view kPipelineFile = "model_index.json";

tl::unexpected<Error> invalid(Sentence message, const std::filesystem::path& where, Sentence hint = {})
{
    return tl::unexpected<Error>(
        Error{ErrorCode::InvalidInput, std::move(message), where.string(), std::move(hint)});
}

/// Sorted names of the regular files in a folder.
Result<std::vector<std::string>> filesOf(const std::filesystem::path& folder)
{
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator at(folder, error);
    for (std::size_t n = 0; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
        if (++n > kMostFolderEntries)
            return invalid(sentence("the folder has more than {} entries", kMostFolderEntries), folder,
                "name the checkpoint file itself");
        std::error_code ignored;
        if (at->is_regular_file(ignored))
            names.push_back(at->path().filename().string());
    }
    if (error)
        return tl::unexpected<Error>(
            Error{ErrorCode::System, sentence("the folder cannot be listed: {}", error.message()),
                folder.string(), "check the path and its permissions"});
    std::ranges::sort(names);
    return names;
}

/// The components that a model_index.json lists.
class PipelineEvents final : public detail::JsonEvents {
public:
    struct Component {
        std::string name;
        std::string type; // the class; empty for one that the pipeline leaves out
    };
    std::vector<Component> components;

    bool null() override { return item({}); }
    bool boolean(bool) override { return item({}); }
    bool number_integer(std::int64_t) override { return item({}); }
    bool number_unsigned(std::uint64_t) override { return item({}); }
    bool number_float(double, const std::string&) override { return item({}); }
    bool string(std::string& text) override { return item(text); }
    bool start_object(std::size_t) override
    {
        if (m_depth == 1)
            m_items.clear();
        return m_depth == 0 || m_depth == 1 ? enter() : unexpected("an object in an object");
    }
    bool end_object() override { return leave(); }
    bool start_array(std::size_t) override
    {
        if (m_depth == 0)
            return unexpected("a list");
        if (m_depth == 1)
            m_items.clear();
        m_list = m_depth == 1;
        return m_depth > 4 ? unexpected("deep nesting") : enter();
    }
    bool end_array() override
    {
        leave();
        // A component is [library, class]; options may be lists as well, but not of two texts or nulls.
        if (m_depth == 1 && m_list && m_items.size() == 2 && !m_key.starts_with('_')) {
            if (components.size() == kMostComponents)
                return refuse("it lists too many components");
            components.push_back({m_key, m_items[1]});
        }
        return true;
    }
    bool key(std::string& name) override
    {
        if (m_depth == 1)
            m_key = std::move(name);
        return true;
    }

private:
    bool item(std::string text)
    {
        if (m_depth == 0)
            return unexpected("a single value");
        if (m_depth == 2 && m_list && m_items.size() < 3)
            m_items.push_back(std::move(text));
        return true;
    }
    bool enter()
    {
        ++m_depth;
        return true;
    }
    bool leave()
    {
        --m_depth;
        return true;
    }
    bool unexpected(std::string_view what) override
    {
        return refuse(sentence("an object that lists components is expected, but there is {}", what));
    }

    int m_depth = 0;
    bool m_list = false;
    std::string m_key;
    std::vector<std::string> m_items;
};

/// Reads the configuration files of one folder into `info`, those that are too large or not text with a
/// warning.
void collectConfigs(
    const std::filesystem::path& folder, const std::vector<std::string>& names, SourceInfo& info)
{
    std::uint64_t together = 0;
    for (const std::string& name : names) {
        const bool config
            = name.ends_with(".json") && (name.find("config") != std::string::npos || name == kPipelineFile);
        if (!config)
            continue;
        const auto file = RandomAccessFile::open(folder / name);
        const bool fits = file && (*file)->size() <= kMostConfigBytes
            && together + (*file)->size() <= kMostConfigBytesTogether;
        const Result<std::string> text = fits
            ? (*file)->readText(0, static_cast<std::size_t>((*file)->size()))
            : Result<std::string>(fail(ErrorCode::Unsupported, "too large"));
        if (!text || firstInvalidUtf8(*text) != std::string::npos) {
            info.warnings.push_back(sentence("{} was ignored: it is {}", name,
                !file       ? "unreadable"
                    : !fits ? "larger than any real configuration"
                    : !text ? "unreadable"
                            : "not UTF-8 text"));
            continue;
        }
        together += text->size();
        info.configs.emplace(name, *text);
    }
}

/// The best set of weights in a folder; what else there is goes into `warnings`.
Result<WeightSet> chooseWeights(const std::filesystem::path& folder, const std::vector<std::string>& names,
    std::vector<Sentence>& warnings)
{
    std::vector<WeightSet> sets = findWeightSets(names);
    if (sets.empty())
        return invalid("the folder holds no checkpoint", folder,
            "a folder must have model_index.json, an *.index.json, or a safetensors or PyTorch file");
    if (sets.size() > 1 && equallyGood(sets[0], sets[1]))
        return invalid(sentence("the folder holds several checkpoints, among them {} and {}",
                           inQuotes(sets[0].label()), inQuotes(sets[1].label())),
            folder, "name the one to open");
    if (!sets[0].variant.empty())
        warnings.push_back(sentence("only the variant {} is there; it was opened", sets[0].variant));
    for (std::size_t i = 1; i < sets.size(); ++i)
        warnings.push_back(sentence("{} was left out in favour of {}", sets[i].label(), sets[0].label()));
    return std::move(sets[0]);
}

Result<std::shared_ptr<const TensorSource>> openWeights(
    const std::filesystem::path& folder, const WeightSet& set)
{
    if (set.index.empty() && set.shardsExpected > 0) {
        if (set.files.size() != set.shardsExpected)
            return invalid(sentence("only {} of the {} shards of {} are there", set.files.size(),
                               set.shardsExpected, inQuotes(set.stem)),
                folder, "the set is incomplete; download the missing files into the same folder");
        return openShards(folder, set.files);
    }
    auto file = RandomAccessFile::open(folder / set.label());
    if (!file)
        return forward(std::move(file));
    return set.index.empty() ? openTensorFile(std::move(*file)) : openShardIndex(*file);
}

/// A folder without model_index.json: one set of weights with its configuration.
Result<std::shared_ptr<const TensorSource>> openComponent(
    const std::filesystem::path& folder, const std::vector<std::string>& names)
{
    SourceInfo info;
    const auto set = chooseWeights(folder, names, info.warnings);
    if (!set)
        return tl::unexpected<Error>(set.error());
    auto weights = openWeights(folder, *set);
    if (!weights)
        return weights;
    info.container = (*weights)->info().container;
    info.path = folder;
    collectConfigs(folder, names, info);
    return CompositeSource::make(std::move(info), {{std::move(*weights), {}}});
}

/// Schedulers, tokenizers and image processors consist of settings only.
bool hasWeights(std::string_view type)
{
    return !type.ends_with("Scheduler") && !type.ends_with("Tokenizer") && !type.ends_with("TokenizerFast")
        && !type.ends_with("Processor") && !type.ends_with("FeatureExtractor");
}

Result<std::vector<PipelineEvents::Component>> readPipeline(const std::filesystem::path& path)
{
    const auto file = RandomAccessFile::open(path);
    if (!file)
        return tl::unexpected<Error>(file.error());
    if ((*file)->size() > kMostConfigBytes)
        return invalid(sentence("it is {} bytes long, more than any real one", (*file)->size()), path);
    const auto text = (*file)->readText(0, static_cast<std::size_t>((*file)->size()));
    if (!text)
        return tl::unexpected<Error>(text.error());
    if (const std::size_t bad = firstInvalidUtf8(*text); bad != std::string::npos)
        return tl::unexpected<Error>(
            Error{ErrorCode::InvalidInput, "it is not valid UTF-8 text", (*file)->place(bad), {}});
    PipelineEvents events;
    if (auto problem = events.parse(*text))
        return tl::unexpected<Error>(Error{
            ErrorCode::InvalidInput, std::move(problem->message), (*file)->place(problem->position), {}});
    std::ranges::sort(events.components, {}, &PipelineEvents::Component::name);
    for (std::size_t i = 0; i < events.components.size(); ++i) {
        const std::string& name = events.components[i].name;
        if (!isPlainFileName(name))
            return invalid(sentence("the component {} is not a plain folder name", inQuotes(name)), path);
        if (i > 0 && name == events.components[i - 1].name)
            return invalid(sentence("the component {} is listed twice", inQuotes(name)), path);
    }
    return std::move(events.components);
}

/// A folder with model_index.json: every component that is there opens, each under its name.
Result<std::shared_ptr<const TensorSource>> openPipeline(
    const std::filesystem::path& folder, const std::vector<std::string>& names)
{
    const auto components = readPipeline(folder / kPipelineFile);
    if (!components)
        return tl::unexpected<Error>(components.error());
    SourceInfo info;
    info.container = "diffusers";
    info.path = folder;
    collectConfigs(folder, names, info);
    std::vector<SourcePart> parts;
    for (const auto& [name, type] : *components) {
        if (type.empty())
            continue; // [null, null]: the pipeline says itself that it has none
        const std::filesystem::path inside = folder / name;
        std::error_code error;
        if (!std::filesystem::exists(inside, error)) {
            info.warnings.push_back(sentence("the component {} ({}) is missing", name, type));
            continue;
        }
        auto files = filesOf(inside);
        if (!files)
            return forward(std::move(files));
        if (findWeightSets(*files).empty()) {
            if (hasWeights(type))
                return invalid(sentence("the component {} ({}) has no weights", name, type), inside,
                    "download it again, or open the folder of another component alone");
            SourceInfo settings;
            collectConfigs(inside, *files, settings);
            for (auto& [path, text] : settings.configs)
                info.configs.emplace(fmt::format("{}/{}", name, path), std::move(text));
            for (const Sentence& warning : settings.warnings)
                info.warnings.push_back(sentence("{}: {}", name, warning));
            continue;
        }
        auto source = openComponent(inside, *files);
        if (!source)
            return source;
        parts.push_back({std::move(*source), name + "."});
    }
    if (parts.empty())
        return invalid("no component of the pipeline has weights", folder,
            "download the folders that model_index.json lists");
    return CompositeSource::make(std::move(info), parts);
}

} // namespace

Result<std::shared_ptr<const TensorSource>> openFolder(const std::filesystem::path& folder)
{
    auto names = filesOf(folder);
    if (!names)
        return forward(std::move(names));
    const bool pipeline = std::ranges::binary_search(*names, kPipelineFile);
    return pipeline ? openPipeline(folder, *names) : openComponent(folder, *names);
}

} // namespace mantissa
