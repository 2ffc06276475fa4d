// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration/statistics_file.h"

#include "engine/base/text_hash.h"
#include "engine/calibration/statistics_layout.h"
#include "engine/io/safetensors_reader.h"
#include "engine/base/json_tree.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mantissa {

namespace {

/// No layer is wider; a larger number is a damaged file, and its square would overflow what follows.
constexpr std::int64_t kMostChannels = std::int64_t{1} << 20;

/// Reads fields of one object; the first that is missing or of another kind is remembered.
class Fields {
public:
    Fields(const JsonNode& node, std::string place)
        : m_node(node)
        , m_place(std::move(place))
    { }

    std::string text(std::string_view key)
    {
        const JsonNode* node = get(key, JsonNode::Kind::String);
        return node != nullptr ? node->string : std::string();
    }
    std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most)
    {
        const JsonNode* node = get(key, JsonNode::Kind::Integer);
        if (node == nullptr)
            return least;
        if (node->integer < least || node->integer > most)
            complain(key);
        return std::clamp(node->integer, least, most);
    }
    double number(std::string_view key)
    {
        const JsonNode* node = m_node.find(key);
        if (node == nullptr || (node->kind != JsonNode::Kind::Number && node->kind != JsonNode::Kind::Integer)
            || !std::isfinite(node->number)) {
            complain(key);
            return 0;
        }
        return node->number;
    }
    const std::vector<JsonNode>& list(std::string_view key)
    {
        static const std::vector<JsonNode> kNone;
        const JsonNode* node = get(key, JsonNode::Kind::Array);
        return node != nullptr ? node->items : kNone;
    }
    const std::string& problem() const { return m_problem; }

private:
    const JsonNode* get(std::string_view key, JsonNode::Kind kind)
    {
        const JsonNode* node = m_node.find(key);
        if (node != nullptr && node->kind == kind)
            return node;
        complain(key);
        return nullptr;
    }
    void complain(std::string_view key)
    {
        if (m_problem.empty())
            m_problem = fmt::format("{} has no usable \"{}\"", m_place, key);
    }
    const JsonNode& m_node;
    std::string m_place, m_problem;
};

constexpr std::int64_t kMostCount = std::numeric_limits<std::int64_t>::max();

bool isObject(const JsonNode* node)
{
    return node != nullptr && node->kind == JsonNode::Kind::Object;
}

} // namespace

tl::unexpected<Error> StatisticsFile::damaged(const Sentence& message) const
{
    return tl::unexpected(Error{ErrorCode::InvalidInput, sentence("the statistics are damaged: {}", message),
        m_source->info().path.string(), "make them again with 'mantissa calibrate'"});
}

Result<std::shared_ptr<const StatisticsFile>> StatisticsFile::open(const std::filesystem::path& path)
{
    auto file = RandomAccessFile::open(path);
    if (!file)
        return forward(std::move(file));
    auto source = openSafetensors(*file);
    if (!source)
        return forward(std::move(source));
    std::shared_ptr<StatisticsFile> statistics(new StatisticsFile());
    statistics->m_source = std::move(*source);
    if (Status status = statistics->parse(); !status)
        return forward(std::move(status));
    return statistics;
}

std::string StatisticsFile::fingerprint() const
{
    return hashText(m_source->info().metadata.at(std::string(kStatisticsKey)));
}

Status StatisticsFile::parse()
{
    const auto& metadata = m_source->info().metadata;
    const auto it = metadata.find(std::string(kStatisticsKey));
    if (it == metadata.end())
        return tl::unexpected(Error{ErrorCode::InvalidInput, "the file holds no activation statistics",
            m_source->info().path.string(), "'mantissa calibrate' makes them"});
    const auto parsed = parseJsonTree(it->second);
    if (!parsed || parsed->kind != JsonNode::Kind::Object)
        return damaged("their description cannot be read");
    const JsonNode& root = *parsed;
    Fields fields(root, "the description");
    if (const std::int64_t version = fields.integer("version", 1, kMostCount); version > kStatisticsVersion)
        return tl::unexpected(Error{ErrorCode::Unsupported,
            sentence("the statistics are of version {}, and this program reads up to {}", version,
                kStatisticsVersion),
            m_source->info().path.string(), "update Mantissa, or make them again"});
    const JsonNode* model = root.find("model");
    if (!isObject(model))
        return damaged("they name no model");
    Fields ofModel(*model, "the model");
    m_header.modelHash = ofModel.text("xxh3_128");
    m_header.architecture = ofModel.text("architecture");
    const std::string data = fields.text("data");
    if (data != "random" && data != "prompts")
        return damaged("they do not say from which data they come");
    m_header.randomData = data == "random";
    for (const JsonNode& role : fields.list("components"))
        m_header.components.push_back(role.string);
    m_header.sampler = fields.text("sampler");
    m_header.scheduler = fields.text("scheduler");
    m_header.steps = static_cast<int>(fields.integer("steps", 1, 1'000'000));
    m_header.cfg = fields.number("cfg");
    m_header.bucketAxis = fields.text("bucket_axis");
    for (const JsonNode& node : fields.list("prompts")) {
        if (!isObject(&node))
            return damaged("a prompt has no description");
        Fields prompt(node, "a prompt");
        CalibratedPrompt entry;
        entry.text = prompt.text("text");
        // Seeds use all 64 bits; what JSON cannot hold as a signed number is not written either.
        entry.seed = static_cast<std::uint64_t>(prompt.integer("seed", 0, kMostCount));
        entry.width = static_cast<int>(prompt.integer("width", 1, 1 << 20));
        entry.height = static_cast<int>(prompt.integer("height", 1, 1 << 20));
        if (node.find("frames") != nullptr)
            entry.frames = static_cast<int>(prompt.integer("frames", 1, 1 << 20));
        if (!prompt.problem().empty())
            return damaged(prompt.problem());
        m_header.prompts.push_back(std::move(entry));
    }
    for (const JsonNode& node : fields.list("inputs")) {
        if (!isObject(&node))
            return damaged("an input has no description");
        Fields input(node, "an input");
        Entry entry;
        entry.name = input.text("name");
        entry.channels = static_cast<std::size_t>(input.integer("channels", 1, kMostChannels));
        entry.tokens = static_cast<std::uint64_t>(input.integer("tokens", 0, kMostCount));
        entry.nonFinite = static_cast<std::uint64_t>(input.integer("non_finite", 0, kMostCount));
        entry.momentTokens = static_cast<std::uint64_t>(input.integer("moment_tokens", 0, kMostCount));
        entry.exponent = static_cast<int>(input.integer(
            "bin_exponent", MagnitudeHistogram::kLowestExponent, MagnitudeHistogram::kHighestExponent));
        for (const JsonNode& layer : input.list("layers")) {
            if (layer.kind != JsonNode::Kind::String)
                return damaged("a layer has no name");
            if (!m_layers.emplace(layer.string, m_inputs.size()).second)
                return damaged(sentence("{} has two inputs", layer.string));
            entry.layers.push_back(layer.string);
        }
        if (!input.problem().empty())
            return damaged(input.problem());
        entry.hasMoment = m_source->find(statisticsTensor(entry.name, kMoment)) >= 0;
        if (Status status = checkTensors(entry); !status)
            return status;
        m_inputs.push_back(std::move(entry));
    }
    for (const Fields* part : {&fields, &ofModel})
        if (!part->problem().empty())
            return damaged(part->problem());
    return {};
}

Status StatisticsFile::checkTensors(const Entry& entry) const
{
    const auto channels = static_cast<std::int64_t>(entry.channels);
    const auto check = [&](std::string_view what, DType dtype, const Shape& shape) -> Status {
        const std::string name = statisticsTensor(entry.name, what);
        const std::ptrdiff_t index = m_source->find(name);
        if (index < 0)
            return damaged(sentence("{} is missing", name));
        const TensorInfo& tensor = m_source->tensors()[static_cast<std::size_t>(index)];
        if (tensor.dtype != dtype || tensor.shape != shape)
            return damaged(sentence("{} is {} [{}], and must be {} [{}]", name, nameOf(tensor.dtype),
                fmt::join(tensor.shape, ", "), nameOf(dtype), fmt::join(shape, ", ")));
        return {};
    };
    for (const auto& [what, dtype, shape] :
        std::initializer_list<std::tuple<std::string_view, DType, Shape>>{{kSum, DType::F64, {channels}},
            {kSumAbs, DType::F64, {channels}}, {kMinimum, DType::F32, {channels}},
            {kMaximum, DType::F32, {channels}}, {kBucketAbsMax, DType::F32, {kTimestepBuckets, channels}},
            {kHistogram, DType::U64, {static_cast<std::int64_t>(MagnitudeHistogram::kBins)}}})
        if (Status status = check(what, dtype, shape); !status)
            return status;
    if (entry.hasMoment || entry.momentTokens > 0)
        if (Status status = check(kMoment, DType::F32, {channels, channels}); !status)
            return status;
    const std::ptrdiff_t keys = m_source->find(statisticsTensor(entry.name, kHeldOutKeys));
    if (keys < 0) {
        if (m_source->find(statisticsTensor(entry.name, kHeldOut)) >= 0)
            return damaged(sentence("{} is missing", statisticsTensor(entry.name, kHeldOutKeys)));
        return {};
    }
    const Shape& shape = m_source->tensors()[static_cast<std::size_t>(keys)].shape;
    if (shape.size() != 1 || shape[0] > static_cast<std::int64_t>(HeldOutTokens::capacity(entry.channels)))
        return damaged(sentence("{} is too long", statisticsTensor(entry.name, kHeldOutKeys)));
    if (Status status = check(kHeldOutKeys, DType::U64, shape); !status)
        return status;
    return check(kHeldOut, DType::F32, {shape[0], channels});
}

Status StatisticsFile::checkModel(std::string_view modelHash) const
{
    if (m_header.modelHash == modelHash)
        return {};
    return tl::unexpected(Error{ErrorCode::InvalidInput,
        sentence("the statistics are of another model (hash {}) than this one (hash {})", m_header.modelHash,
            modelHash),
        m_source->info().path.string(), "calibrate this model, or name the file that they were made with"});
}

template <typename T>
Status StatisticsFile::readTensor(const Entry& entry, std::string_view what, std::vector<T>& values) const
{
    const auto index = static_cast<std::size_t>(m_source->find(statisticsTensor(entry.name, what)));
    values.resize(static_cast<std::size_t>(m_source->tensors()[index].bytes) / sizeof(T));
    return m_source->read(index, 0, std::as_writable_bytes(std::span(values)));
}

namespace {

template <typename T> bool allFinite(const std::vector<T>& values)
{
    return std::all_of(values.begin(), values.end(), [](T x) { return std::isfinite(x); });
}

} // namespace

Result<InputStatistics> StatisticsFile::input(std::size_t index) const
{
    const Entry& entry = m_inputs[index];
    InputStatistics input(entry.channels);
    input.name = entry.name;
    input.layers = entry.layers;
    input.tokens = entry.tokens;
    input.nonFinite = entry.nonFinite;
    input.hasMoment = entry.hasMoment;
    input.momentTokens = entry.momentTokens;
    std::vector<std::uint64_t> counts;
    for (Status status : {readTensor(entry, kSum, input.sum), readTensor(entry, kSumAbs, input.sumAbs),
             readTensor(entry, kMinimum, input.minimum), readTensor(entry, kMaximum, input.maximum),
             readTensor(entry, kBucketAbsMax, input.bucketAbsMax), readTensor(entry, kHistogram, counts)})
        if (!status)
            return forward(std::move(status));
    if (!allFinite(input.sum) || !allFinite(input.sumAbs) || !allFinite(input.bucketAbsMax))
        return damaged(sentence("{} has sums or maxima that are not finite", entry.name));
    for (std::size_t c = 0; c < entry.channels; ++c)
        if (std::isnan(input.minimum[c]) || std::isnan(input.maximum[c])
            || (input.minimum[c] <= input.maximum[c]
                && !(std::isfinite(input.minimum[c]) && std::isfinite(input.maximum[c]))))
            return damaged(sentence("{} has extremes that are not finite", entry.name));
    auto histogram = MagnitudeHistogram::fromCounts(
        entry.exponent, std::span<const std::uint64_t, MagnitudeHistogram::kBins>(counts));
    if (!histogram)
        return damaged(sentence("{}: {}", entry.name, histogram.error().message));
    input.histogram = *histogram;
    if (m_source->find(statisticsTensor(entry.name, kHeldOutKeys)) >= 0) {
        std::vector<std::uint64_t> keys;
        std::vector<float> rows;
        for (Status status : {readTensor(entry, kHeldOutKeys, keys), readTensor(entry, kHeldOut, rows)})
            if (!status)
                return forward(std::move(status));
        if (!allFinite(rows))
            return damaged(sentence("{} has held-out tokens that are not finite", entry.name));
        for (std::size_t i = 0; i < keys.size(); ++i)
            input.heldOut.add(keys[i], std::span(rows).subspan(i * entry.channels, entry.channels));
    }
    return input;
}

Status StatisticsFile::momentRows(std::size_t index, std::size_t firstRow, std::span<float> dst) const
{
    const Entry& entry = m_inputs[index];
    const auto tensor = static_cast<std::size_t>(m_source->find(statisticsTensor(entry.name, kMoment)));
    if (Status status
        = m_source->read(tensor, firstRow * entry.channels * sizeof(float), std::as_writable_bytes(dst));
        !status)
        return status;
    if (!std::all_of(dst.begin(), dst.end(), [](float x) { return std::isfinite(x); }))
        return damaged(sentence("{} has second moments that are not finite", entry.name));
    return {};
}

std::span<const std::string> StatisticsFile::layersWithInputOf(std::string_view layer) const
{
    const auto found = m_layers.find(layer);
    return found == m_layers.end() ? std::span<const std::string>() : m_inputs[found->second].layers;
}

Result<LayerStatistics> StatisticsFile::layer(std::string_view name, MomentDetail detail) const
{
    const auto found = m_layers.find(name);
    if (found == m_layers.end())
        return tl::unexpected(Error{ErrorCode::Usage, sentence("there are no statistics of {}", name),
            m_source->info().path.string(), "the calibration run did not reach this layer"});
    auto input = this->input(found->second);
    if (!input)
        return forward(std::move(input));
    LayerStatistics layer;
    layer.channels = input->channels;
    layer.tokens = input->tokens;
    layer.mean = input->mean();
    layer.meanAbs = input->meanAbs();
    layer.absMax = input->absMax();
    layer.minimum = std::move(input->minimum);
    layer.maximum = std::move(input->maximum);
    layer.bucketAbsMax = std::move(input->bucketAbsMax);
    layer.histogram = input->histogram;
    if (detail == MomentDetail::None)
        return layer;
    layer.heldOutTokens = input->heldOut.count();
    layer.heldOut = input->heldOut.rows();
    layer.hessianTokens = input->momentTokens;
    if (layer.hessianTokens == 0)
        return layer;
    if (Status status = readHessian(found->second, detail, layer); !status)
        return forward(std::move(status));
    return layer;
}

Status StatisticsFile::readHessian(std::size_t index, MomentDetail detail, LayerStatistics& layer) const
{
    std::vector<float>& values = detail == MomentDetail::Matrix ? layer.hessian : layer.secondMoment;
    if (detail == MomentDetail::Matrix) {
        values.resize(layer.channels * layer.channels);
        if (Status status = momentRows(index, 0, values); !status)
            return status;
    } else {
        const Entry& entry = m_inputs[index];
        const auto tensor = static_cast<std::size_t>(m_source->find(statisticsTensor(entry.name, kMoment)));
        values.resize(layer.channels);
        for (std::size_t c = 0; c < layer.channels; ++c)
            if (Status status = m_source->read(tensor, (c * layer.channels + c) * sizeof(float),
                    std::as_writable_bytes(std::span(values).subspan(c, 1)));
                !status)
                return status;
        if (!allFinite(values))
            return damaged(sentence("{} has second moments that are not finite", entry.name));
    }
    const double share = 1.0 / static_cast<double>(layer.hessianTokens);
    for (float& value : values)
        value = static_cast<float>(value * share);
    return {};
}

} // namespace mantissa
