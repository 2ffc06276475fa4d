// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/shard_index.h"

#include "engine/io/composite_source.h"
#include "engine/io/json_cursor.h"
#include "engine/io/open_file.h"
#include "engine/io/text.h"

#include <algorithm>
#include <map>

namespace mantissa {
namespace {

constexpr std::uint64_t kMostIndexBytes = 100'000'000; // as for a safetensors header
constexpr std::size_t kMostTensors = 1'000'000;
constexpr std::size_t kMostShards = 4096;
constexpr int kDeepestMetadata = 16; // the metadata of real indexes holds one number

/// Collects `weight_map`; what `metadata` or other entries hold is passed over, to a limited depth.
class IndexEvents final : public detail::JsonEvents {
public:
    std::vector<std::pair<std::string, std::string>> weightMap; // tensor, shard
    bool seen = false;

    bool null() override { return scalar("null"); }
    bool boolean(bool) override { return scalar("true or false"); }
    bool number_integer(std::int64_t) override { return scalar("a number"); }
    bool number_unsigned(std::uint64_t) override { return scalar("a number"); }
    bool number_float(double, const std::string&) override { return scalar("a number"); }
    bool string(std::string& text) override
    {
        if (!m_inMap)
            return scalar("a text");
        if (!isPlainFileName(text))
            return refuse(sentence("tensor {} is said to be in {}, which is not a plain file name",
                inQuotes(m_key), inQuotes(text)));
        if (weightMap.size() == kMostTensors)
            return refuse(sentence("it has more than {} tensors", kMostTensors));
        weightMap.emplace_back(std::move(m_key), std::move(text));
        return true;
    }
    bool start_object(std::size_t) override
    {
        if (m_inMap)
            return unexpected("an object");
        if (m_depth == 1 && m_key == "weight_map") {
            if (seen)
                return refuse("weight_map occurs twice");
            seen = m_inMap = true;
        }
        return enter();
    }
    bool end_object() override
    {
        m_inMap = false;
        return leave();
    }
    bool start_array(std::size_t) override
    {
        return m_inMap || m_depth == 0 ? unexpected("a list") : enter();
    }
    bool end_array() override { return leave(); }
    bool key(std::string& name) override
    {
        if (m_inMap || m_depth == 1)
            m_key = std::move(name);
        return true;
    }

private:
    bool scalar(std::string_view what)
    {
        return m_inMap || m_depth == 0 || (m_depth == 1 && m_key == "weight_map") ? unexpected(what) : true;
    }
    bool enter() { return ++m_depth > kDeepestMetadata ? refuse("it is nested too deeply") : true; }
    bool leave()
    {
        --m_depth;
        return true;
    }
    bool unexpected(std::string_view what) override
    {
        if (m_inMap)
            return refuse(sentence("tensor {} must be given a file name, but has {}", inQuotes(m_key), what));
        return refuse(sentence("an object with weight_map is expected, but there is {}", what));
    }

    int m_depth = 0;
    bool m_inMap = false;
    std::string m_key;
};

tl::unexpected<Error> invalid(Sentence message, Sentence where, Sentence hint = {})
{
    return tl::unexpected<Error>(
        Error{ErrorCode::InvalidInput, std::move(message), std::move(where), std::move(hint)});
}

Result<std::vector<SourcePart>> openParts(
    const std::filesystem::path& folder, const std::vector<std::string>& names)
{
    std::vector<SourcePart> parts;
    for (const std::string& name : names) {
        auto file = RandomAccessFile::open(folder / name);
        if (!file) {
            Error error = std::move(file.error());
            if (error.code == ErrorCode::System && !std::filesystem::exists(folder / name)) {
                error.code = ErrorCode::InvalidInput; // the set as a whole is not what it claims to be
                error.message = sentence("the shard {} is missing", inQuotes(name));
                error.hint = "the set is incomplete; download the missing file into the same folder";
            }
            return tl::unexpected<Error>(std::move(error));
        }
        auto source = openTensorFile(std::move(*file));
        if (!source)
            return forward(std::move(source));
        parts.push_back({std::move(*source), {}});
    }
    return parts;
}

SourceInfo describe(std::filesystem::path path, const std::vector<SourcePart>& parts)
{
    SourceInfo info;
    const bool pickled = std::ranges::any_of(
        parts, [](const SourcePart& part) { return part.source->info().container.starts_with("torch"); });
    info.container = pickled ? "torch-sharded" : "safetensors-sharded";
    info.path = std::move(path);
    return info;
}

/// Every tensor of the index must be in its shard; what the shards have beyond is reported.
Status compare(
    const ShardIndex& index, const std::vector<SourcePart>& parts, const std::string& where, SourceInfo& info)
{
    for (const ShardIndex::Tensor& tensor : index.tensors)
        if (parts[tensor.shard].source->find(tensor.name) < 0)
            return invalid(sentence("tensor {} is not in {}, where the index says it is",
                               inQuotes(tensor.name), inQuotes(index.shards[tensor.shard])),
                where, "index and shards are of different versions; download the set again");
    std::size_t stored = 0;
    for (const SourcePart& part : parts)
        stored += part.source->tensors().size();
    if (stored > index.tensors.size()) {
        const std::size_t extra = stored - index.tensors.size();
        info.warnings.push_back(extra == 1
                ? sentence("1 tensor is not listed in the index; it was taken along")
                : sentence("{} tensors are not listed in the index; they were taken along", extra));
    }
    return {};
}

} // namespace

bool isPlainFileName(std::string_view name) noexcept
{
    return !name.empty() && name != "." && name != ".." && name.size() <= 255
        && name.find_first_of("/\\") == std::string_view::npos && !hasControlCharacter(name);
}

Result<ShardIndex> readShardIndex(const RandomAccessFile& file)
{
    if (file.size() > kMostIndexBytes)
        return invalid(sentence("the index is {} bytes long, more than any real one", file.size()),
            file.path().string());
    const auto text = file.readText(0, static_cast<std::size_t>(file.size()));
    if (!text)
        return tl::unexpected<Error>(text.error());
    if (const std::size_t bad = firstInvalidUtf8(*text); bad != std::string::npos)
        return invalid("the index is not valid UTF-8 text", file.place(bad));
    IndexEvents events;
    if (auto problem = events.parse(*text))
        return invalid(sentence("the index is wrong: {}", problem->message), file.place(problem->position));
    if (!events.seen)
        return invalid("this JSON file has no weight_map, so it is not the index of a checkpoint",
            file.path().string(), "name the checkpoint itself, its *.index.json or its folder");
    ShardIndex index;
    std::map<std::string, std::uint32_t, std::less<>> shards;
    for (const auto& [tensor, shard] : events.weightMap)
        shards.emplace(shard, 0);
    if (shards.size() > kMostShards)
        return invalid(sentence("the index names {} files, more than any real one", shards.size()),
            file.path().string());
    for (auto& [name, number] : shards) {
        number = static_cast<std::uint32_t>(index.shards.size());
        index.shards.push_back(name);
    }
    std::vector<std::string_view> names;
    for (auto& [tensor, shard] : events.weightMap)
        index.tensors.push_back({std::move(tensor), shards.find(shard)->second});
    for (const ShardIndex::Tensor& tensor : index.tensors)
        names.push_back(tensor.name);
    std::ranges::sort(names);
    if (const auto twice = std::ranges::adjacent_find(names); twice != names.end())
        return invalid(sentence("the index names tensor {} twice", inQuotes(*twice)), file.path().string());
    return index;
}

Result<std::shared_ptr<const TensorSource>> openShardIndex(
    const std::shared_ptr<const RandomAccessFile>& index)
{
    const auto content = readShardIndex(*index);
    if (!content)
        return tl::unexpected<Error>(content.error());
    auto parts = openParts(index->path().parent_path(), content->shards);
    if (!parts)
        return forward(std::move(parts));
    SourceInfo info = describe(index->path(), *parts);
    if (Status status = compare(*content, *parts, index->path().string(), info); !status)
        return forward(std::move(status));
    return CompositeSource::make(std::move(info), *parts);
}

Result<std::shared_ptr<const TensorSource>> openShards(
    const std::filesystem::path& folder, const std::vector<std::string>& names)
{
    auto parts = openParts(folder, names);
    if (!parts)
        return forward(std::move(parts));
    SourceInfo info = describe(folder, *parts);
    return CompositeSource::make(std::move(info), *parts);
}

} // namespace mantissa
