// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/convert.h"

#include "engine/base/python_json.h"
#include "engine/export/cast.h"
#include "engine/export/plan_export.h"
#include "engine/export/provenance.h"
#include "engine/export/scaled_fp8.h"
#include "engine/export/stored_layer.h"

#include "kernels/kernel_set.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace mantissa {
namespace {

class PlainEncoder final : public LayerEncoder {
public:
    PlainEncoder(MatrixShape shape, DType dtype)
        : m_shape(shape)
        , m_dtype(dtype)
    { }
    void encode(std::int64_t firstRow, std::span<const float> rows, EncodedPieces& out) override
    {
        const auto width = static_cast<std::size_t>(bitsOf(m_dtype)) / 8;
        const auto offset = static_cast<std::uint64_t>(firstRow * m_shape.cols) * width;
        const auto dst = out.add(0, offset, rows.size() * width);
        const kernels::KernelSet& kernels = kernels::activeKernels();
        if (m_dtype == DType::F16)
            kernels.f16FromFloat(rows.data(), rows.size(), dst.data());
        else if (m_dtype == DType::BF16)
            kernels.bf16FromFloat(rows.data(), rows.size(), dst.data());
        else
            std::memcpy(dst.data(), rows.data(), rows.size_bytes());
    }

private:
    MatrixShape m_shape;
    DType m_dtype;
};

class Converter {
public:
    Converter(std::shared_ptr<const Model> model, const ConvertOptions& options, std::vector<Sentence>& notes)
        : m_model(std::move(model))
        , m_migration(*m_model)
        , m_options(options)
        , m_notes(notes)
    {
        m_out.source = m_model->source;
        m_out.metadata = writtenMetadata(m_model->source->info());
    }

    Result<Assembly> run()
    {
        if (Status status = chooseComponent(); !status)
            return forward(std::move(status));
        const bool migrates = m_migration.applies() && !m_options.keepConvention;
        for (const Layer& layer : m_model->layers) {
            if (m_component >= 0 && layer.component != static_cast<std::uint32_t>(m_component))
                continue;
            Status status;
            if (!layer.holdsPlainNumbers() && m_options.dequantize)
                status = dequantize(layer);
            else if (migrates)
                status = migrate(layer);
            else
                copyAll(layer);
            if (!status)
                return forward(std::move(status));
        }
        finish();
        return std::move(m_out);
    }

private:
    Status chooseComponent()
    {
        if (m_options.component.empty())
            return {};
        std::vector<std::string> roles;
        for (std::size_t i = 0; i < m_model->components.size(); ++i) {
            roles.push_back(m_model->components[i].role);
            if (m_model->components[i].role == m_options.component)
                m_component = static_cast<std::ptrdiff_t>(i);
        }
        if (m_component < 0)
            return tl::unexpected(
                Error{ErrorCode::Usage, sentence("the file has no part \"{}\"", m_options.component), {},
                    sentence("it has: {}", fmt::join(roles, ", "))});
        m_strip = m_model->components[static_cast<std::size_t>(m_component)].prefix;
        return {};
    }

    std::string outName(const std::string& name) const
    {
        return !m_strip.empty() && name.starts_with(m_strip) ? name.substr(m_strip.size()) : name;
    }

    const TensorInfo& info(std::size_t tensor) const { return m_model->source->tensors()[tensor]; }

    void copy(std::size_t tensor, const std::string& name, bool castable)
    {
        DType dtype = info(tensor).dtype;
        const bool plainFp8 = dtype == DType::F8E4M3 || dtype == DType::F8E5M2;
        if (info(tensor).encoding != nullptr) {
            dtype = m_options.dequantize.value_or(m_options.floatDtype.value_or(DType::BF16));
            ++m_encoded[nameOf(dtype)];
            m_out.tensors.push_back({outName(name), dtype, info(tensor).shape, CopyTensor{tensor}});
            return;
        }
        if (castable && plainFp8 && m_options.dequantize)
            dtype = *m_options.dequantize;
        else if (castable && m_options.floatDtype && (plainFp8 || isTrainingFloat(dtype)))
            dtype = *m_options.floatDtype;
        if (dtype != info(tensor).dtype)
            ++m_casts[nameOf(dtype)];
        m_out.tensors.push_back({outName(name), dtype, info(tensor).shape, CopyTensor{tensor}});
    }

    void copyAll(const Layer& layer)
    {
        copy(layer.weight, info(layer.weight).name, layer.holdsPlainNumbers());
        if (layer.bias >= 0)
            copy(static_cast<std::size_t>(layer.bias), info(static_cast<std::size_t>(layer.bias)).name, true);
        for (const std::size_t tensor : layer.companions)
            copy(tensor, info(tensor).name, false);
    }

    Status dequantize(const Layer& layer)
    {
        if (layer.stored->id == kPlainFp8) { // decoding is a cast, whatever the number of dimensions
            copy(layer.weight, info(layer.weight).name, true);
            if (layer.bias >= 0)
                copy(static_cast<std::size_t>(layer.bias), info(static_cast<std::size_t>(layer.bias)).name,
                    true);
            ++m_decoded;
            return {};
        }
        auto decoder = openStoredLayer(*m_model, layer);
        if (!decoder)
            return forward(std::move(decoder));
        std::shared_ptr<const LayerDecoder> shared = std::move(*decoder);
        EncodedLayer encoded;
        encoded.name = outName(layer.name);
        encoded.format = nameOf(*m_options.dequantize);
        encoded.source = layer.weight;
        encoded.shape = {layer.shape[0], layer.shape[1]};
        encoded.encoder = plainEncoder(encoded.shape, *m_options.dequantize);
        encoded.bytesBefore = info(layer.weight).bytes;
        encoded.outputs = {m_out.tensors.size()};
        encoded.decode = [shared](std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst) {
            return shared->decodeRows(firstRow, rowCount, dst);
        };
        m_out.tensors.push_back(
            {outName(info(layer.weight).name), *m_options.dequantize, layer.shape, FromLayer{}});
        if (layer.bias >= 0)
            copy(static_cast<std::size_t>(layer.bias), info(static_cast<std::size_t>(layer.bias)).name, true);
        m_out.layers.push_back(std::move(encoded));
        return {};
    }

    /// Older names to today's.
    Status migrate(const Layer& layer)
    {
        auto migrated = m_migration.migrate(layer);
        if (!migrated)
            return forward(std::move(migrated));
        for (const auto& [tensor, name] : migrated->tensors)
            copy(tensor, name, layer.holdsPlainNumbers());
        if (migrated->settings.empty())
            return {};
        const auto bytes = std::as_bytes(std::span(migrated->settings));
        m_out.tensors.push_back({outName(layer.name) + ".comfy_quant", DType::U8,
            {static_cast<std::int64_t>(bytes.size())}, ConstantBytes{{bytes.begin(), bytes.end()}}});
        m_table.emplace_back(outName(layer.name), migrated->settings);
        return {};
    }

    void finish()
    {
        if (m_options.dequantize) {
            m_out.metadata.erase("_quantization_metadata");
            m_out.metadata.erase("mantissa");
            const std::size_t decoded = m_out.layers.size() + m_decoded;
            if (decoded > 0)
                m_notes.push_back(
                    sentence("{} layers were decoded to {}", decoded, nameOf(*m_options.dequantize)));
        }
        if (!m_table.empty()) {
            m_out.metadata["_quantization_metadata"] = quantizationTable(m_table);
            m_notes.push_back(sentence(
                "{} layers moved from the older scaled_fp8 convention to comfy_quant", m_table.size()));
        }
        for (const auto& [dtype, tensors] : m_encoded)
            m_notes.push_back(sentence("{} tensors were decoded to {}, since safetensors cannot hold them "
                                       "as they are",
                tensors, dtype));
        for (const auto& [dtype, tensors] : m_casts)
            m_notes.push_back(sentence("{} tensors cast to {}", tensors, dtype));
    }

    std::shared_ptr<const Model> m_model;
    ScaledFp8Migration m_migration;
    const ConvertOptions& m_options;
    std::vector<Sentence>& m_notes;
    Assembly m_out;
    std::ptrdiff_t m_component = -1;
    std::string m_strip;
    std::vector<std::pair<std::string, std::string>> m_table;
    std::map<std::string_view, std::size_t> m_casts; ///< tensors by the dtype that they were cast to
    std::map<std::string_view, std::size_t> m_encoded; ///< that only their container can hold, by new dtype
    std::size_t m_decoded = 0; ///< plain 8-bit layers that --dequantize made floats of
};

} // namespace

std::shared_ptr<LayerEncoder> plainEncoder(MatrixShape shape, DType dtype)
{
    return std::make_shared<PlainEncoder>(shape, dtype);
}

Result<Assembly> assembleConversion(
    const std::shared_ptr<const Model>& model, const ConvertOptions& options, std::vector<Sentence>& notes)
{
    return Converter(model, options, notes).run();
}

} // namespace mantissa
