// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/weight_store.h"

#include "engine/export/stored_layer.h"
#include "engine/torch/failure.h"

namespace mantissa {

namespace {

at::ScalarType scalarType(const TensorInfo& tensor)
{
    switch (tensor.dtype) {
    case DType::Bool:
        return at::kBool;
    case DType::U8:
        return at::kByte;
    case DType::I8:
        return at::kChar;
    case DType::I16:
        return at::kShort;
    case DType::I32:
        return at::kInt;
    case DType::I64:
        return at::kLong;
    case DType::F16:
        return at::kHalf;
    case DType::BF16:
        return at::kBFloat16;
    case DType::F32:
        return at::kFloat;
    case DType::F64:
        return at::kDouble;
    case DType::F8E4M3:
        return at::kFloat8_e4m3fn;
    case DType::F8E5M2:
        return at::kFloat8_e5m2;
    default:
        raise(ErrorCode::Unsupported, "{} is stored as {}, which a network cannot use", tensor.name,
            nameOf(tensor.dtype));
    }
}

/// Tensors up to this many elements (norms, biases, tables) stay in memory whatever the limit.
constexpr std::int64_t kAlwaysResident = 1 << 16;

} // namespace

WeightStore::WeightStore(std::shared_ptr<const Model> model, const std::string& prefix, WeightOptions options)
    : m_model(std::move(model))
    , m_options(std::move(options))
{
    std::unordered_map<std::size_t, const Layer*> layerOf, biasOf;
    for (const Layer& layer : m_model->layers) {
        layerOf.emplace(layer.weight, &layer);
        if (layer.bias >= 0)
            biasOf.emplace(static_cast<std::size_t>(layer.bias), &layer);
    }
    const auto tensors = m_model->source->tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const TensorInfo& info = tensors[i];
        if (!info.name.starts_with(prefix))
            continue;
        const auto found = [&](const auto& map) {
            const auto it = map.find(i);
            return it == map.end() ? nullptr : it->second;
        };
        const Layer* layer = found(layerOf);
        m_ids.emplace(info.name.substr(prefix.size()), m_entries.size());
        m_entries.push_back(
            {i, layer, found(biasOf), layer && layer->stored ? layer->shape : info.shape, {}, {}, {}});
    }
}

WeightStore::Id WeightStore::find(std::string_view name) const
{
    const auto it = m_ids.find(std::string(name));
    if (it == m_ids.end())
        throw Failure(Error{ErrorCode::InvalidInput, sentence("the checkpoint has no tensor {}", name),
            std::string(name), "the file is incomplete, or of another architecture"});
    return it->second;
}

at::Tensor WeightStore::readPlain(std::size_t tensor) const
{
    const TensorInfo& info = m_model->source->tensors()[tensor];
    const at::Tensor values = at::empty(info.shape, scalarType(info));
    valueOf(m_model->source->read(
        tensor, 0, {static_cast<std::byte*>(values.data_ptr()), static_cast<std::size_t>(info.bytes)}));
    return values;
}

at::Tensor WeightStore::read(const Entry& entry) const
{
    const auto floats = [&] { return at::empty(entry.shape, at::kFloat); };
    if (m_options.replace && (entry.layer || entry.biasOf)) {
        const at::Tensor values = floats();
        if (m_options.replace(entry.layer ? *entry.layer : *entry.biasOf,
                entry.layer ? LayerPart::Weight : LayerPart::Bias,
                {values.data_ptr<float>(), static_cast<std::size_t>(values.numel())}))
            return values;
    }
    if (entry.layer) {
        if (entry.layer->stored) {
            const at::Tensor values = floats();
            const auto decoder = valueOf(openStoredLayer(*m_model, *entry.layer));
            valueOf(decoder->decodeRows(
                0, entry.shape[0], {values.data_ptr<float>(), static_cast<std::size_t>(values.numel())}));
            return values;
        }
    }
    return readPlain(entry.tensor);
}

at::Tensor WeightStore::use(Id id)
{
    Entry& entry = m_entries[id];
    if (entry.substitute.defined())
        return entry.substitute;
    if (entry.resident.defined())
        return entry.resident;
    at::Tensor values = stream(id);
    if (at::isFloatingType(values.scalar_type()))
        values = values.to(m_options.device, m_options.compute);
    else
        values = values.to(m_options.device);
    const auto bytes = static_cast<std::uint64_t>(values.nbytes());
    // What is read first stays; the rest is read again in every step. Steps use weights in one order, so
    // keeping the most recent ones instead would throw each away just before it is needed.
    if (values.numel() <= kAlwaysResident || fits(bytes)) {
        entry.resident = values;
        m_residentBytes += bytes;
    }
    return values;
}

at::Tensor WeightStore::stream(Id id)
{
    at::Tensor values;
    if (m_ahead && m_ahead->id == id) {
        values = m_ahead->values.get();
        m_ahead.reset();
    } else {
        values = read(m_entries[id]);
    }
    const auto kept = at::isFloatingType(values.scalar_type()) ? m_options.compute : values.scalar_type();
    const auto bytes = static_cast<std::uint64_t>(values.numel()) * c10::elementSize(kept);
    if (values.numel() <= kAlwaysResident || fits(bytes))
        return values; // it is kept, and not streamed
    // Steps use weights in one order, so what came next in the last step comes next.
    if (m_streamed)
        m_next[*m_streamed] = id;
    m_streamed = id;
    const auto next = m_next.find(id);
    if (next != m_next.end() && next->second != id && !m_entries[next->second].resident.defined()) {
        m_ahead = Ahead{next->second, std::async(std::launch::async, [this, wanted = next->second] {
                            const c10::InferenceMode noGradients;
                            return read(m_entries[wanted]);
                        })};
    }
    return values;
}

void WeightStore::release()
{
    m_ahead.reset();
    for (Entry& entry : m_entries) {
        entry.resident = at::Tensor();
        entry.native.reset();
    }
    m_passing = {};
    m_residentBytes = 0;
}

void WeightStore::substitute(Id id, const at::Tensor& values)
{
    m_entries[id].substitute = values.defined() ? values.to(m_options.device, m_options.compute) : values;
}

at::Tensor WeightStore::readFloat(Id id) const
{
    return read(m_entries[id]).to(m_options.device, at::kFloat);
}

std::optional<std::size_t> WeightStore::nativeScale(Id id) const
{
    if (!m_native.int8 && !m_native.float8)
        return std::nullopt; // asked at every use of every weight
    const Entry& entry = m_entries[id];
    const Layer* const layer = entry.layer;
    if (!layer || !layer->stored || entry.substitute.defined() || m_options.replace
        || entry.shape.size() != 2)
        return std::nullopt;
    const StorageFormat* const format = findFormat(layer->stored->id);
    const std::ptrdiff_t scale = m_model->source->find(layer->name + ".weight_scale");
    if (format == nullptr || scale < 0)
        return std::nullopt;
    const std::string_view id8 = format->info().id;
    const auto index = static_cast<std::size_t>(scale);
    if (id8 == "int8_tensorwise" && m_native.int8)
        return index;
    const bool isFloat8 = id8 == "float8_e4m3fn" || id8 == "float8_e5m2";
    const bool fits
        = entry.shape[0] % nn::kFloat8Alignment == 0 && entry.shape[1] % nn::kFloat8Alignment == 0;
    if (m_native.float8 && isFloat8 && fits && elementCount(m_model->source->tensors()[index].shape) == 1
        && !valueOf(storedParams(*m_model, *layer, *format)).fullPrecisionMatrixMult)
        return index;
    return std::nullopt;
}

const nn::NativeWeight* WeightStore::useNative(Id id)
{
    Entry& entry = m_entries[id];
    if (entry.native && !entry.substitute.defined())
        return &*entry.native;
    const auto scaleTensor = nativeScale(id);
    if (!scaleTensor)
        return nullptr;
    const Layer& layer = *entry.layer;
    const StorageFormat* const format = findFormat(layer.stored->id);
    valueOf(openStoredLayer(*m_model, layer)); // checks the shapes and dtypes of what follows
    const at::Tensor codes = readPlain(entry.tensor).to(m_options.device);
    const at::Tensor scales = readPlain(*scaleTensor).flatten().to(m_options.device);
    nn::NativeWeight weight;
    if (format->info().id == "int8_tensorwise") {
        const FormatParams params = valueOf(storedParams(*m_model, layer, *format));
        weight = nn::IntegerWeight{codes,
            scales.numel() == 1 ? scales.expand({entry.shape[0]}).contiguous() : scales,
            params.convrotGroup.value_or(0)};
    } else {
        const std::ptrdiff_t input = m_model->source->find(layer.name + ".input_scale");
        at::Tensor inputScale;
        if (input >= 0
            && elementCount(m_model->source->tensors()[static_cast<std::size_t>(input)].shape) == 1)
            inputScale
                = readPlain(static_cast<std::size_t>(input)).to(m_options.device, at::kFloat).reshape({});
        weight = nn::Float8Weight{codes, scales.to(at::kFloat).reshape({}), inputScale};
    }
    const auto bytes = static_cast<std::uint64_t>(codes.nbytes());
    if (!fits(bytes)) {
        m_passing = std::move(weight);
        return &m_passing;
    }
    entry.native = std::move(weight);
    m_residentBytes += bytes;
    return &*entry.native;
}

} // namespace mantissa
