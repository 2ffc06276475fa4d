// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/modes.h"

#include "engine/ctq/matrix_reader.h"
#include "engine/ctq/torch_matmul.h"
#include "engine/ctq/torch_random.h"

#include <algorithm>
#include <cmath>

namespace mantissa::ctq {

namespace {

constexpr float kE4M3Largest = 448.0f, kSmallestScale = 1e-12f;

/// An FP8 matrix with its scales: one, one a row, or one a square tile.
class Fp8Matrix {
public:
    static Result<Fp8Matrix> open(const TensorSource& source, std::size_t weight, std::ptrdiff_t scale)
    {
        Fp8Matrix matrix(MatrixReader(source, weight));
        if (scale < 0)
            return matrix;
        const auto index = static_cast<std::size_t>(scale);
        Result<std::vector<float>> values = readFloatTensor(source, index);
        if (!values)
            return forward(std::move(values));
        const Shape& shape = source.tensors()[index].shape;
        const auto [rows, columns] = matrix.m_reader.shape();
        const auto count = static_cast<std::int64_t>(values->size());
        const bool grid = shape.size() == 2 && shape[0] > 0 && shape[1] > 0 && rows % shape[0] == 0
            && columns % shape[1] == 0;
        if (count == 1) {
            matrix.m_rowsPerScale = rows;
        } else if (count == rows) {
            matrix.m_rowsPerScale = 1;
        } else if (grid) {
            matrix.m_rowsPerScale = rows / shape[0];
            matrix.m_scalesPerRow = shape[1];
        } else {
            return tl::unexpected(Error{ErrorCode::InvalidInput,
                fmt::format("a scale of shape [{}] does not fit {} × {} weights", fmt::join(shape, ", "),
                    rows, columns),
                source.tensors()[index].name, {}});
        }
        matrix.m_scales = std::move(*values);
        return matrix;
    }

    MatrixShape shape() const { return m_reader.shape(); }

    Status read(std::int64_t firstRow, std::span<float> dst) const
    {
        if (Status status = m_reader.read(firstRow, dst); !status || m_scales.empty())
            return status;
        const std::int64_t columns = shape().cols, width = columns / m_scalesPerRow;
        for (std::size_t i = 0; i < dst.size(); ++i) {
            const std::int64_t row = firstRow + static_cast<std::int64_t>(i) / columns;
            const std::int64_t column = static_cast<std::int64_t>(i) % columns;
            dst[i]
                *= m_scales[static_cast<std::size_t>(row / m_rowsPerScale * m_scalesPerRow + column / width)];
        }
        return {};
    }

private:
    explicit Fp8Matrix(MatrixReader reader)
        : m_reader(reader)
    { }

    MatrixReader m_reader;
    std::vector<float> m_scales;
    std::int64_t m_rowsPerScale = 1, m_scalesPerRow = 1;
};

/// The percentile of the magnitudes of the layer's outputs for random inputs, over 448 (section 5.4).
Result<float> inputScale(const Fp8Matrix& weight, const ActcalRequest& request, const std::stop_token& stop)
{
    const auto [rows, columns] = weight.shape();
    const auto samples = static_cast<std::size_t>(request.samples), width = static_cast<std::size_t>(columns);
    std::vector<float> inputs(samples * width);
    TorchGenerator(request.seed).fillNormal(inputs);
    std::vector<float> magnitudes, block, outputs;
    magnitudes.reserve(samples * static_cast<std::size_t>(rows));
    constexpr std::int64_t kRows = 128;
    for (std::int64_t row = 0; row < rows; row += kRows) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "cancelled");
        const auto count = static_cast<std::size_t>(std::min(kRows, rows - row));
        block.resize(count * width);
        outputs.resize(count * samples);
        if (Status read = weight.read(row, block); !read)
            return forward(std::move(read));
        orderedProduct(inputs, samples, width, block, outputs);
        for (const float output : outputs)
            magnitudes.push_back(std::abs(output));
    }
    const auto total = static_cast<double>(magnitudes.size());
    std::size_t rank = magnitudes.size();
    if (request.percentile < 100.0)
        rank = std::clamp<std::size_t>(
            static_cast<std::size_t>(total * request.percentile / 100.0), 1, magnitudes.size());
    const auto place = magnitudes.begin() + static_cast<std::ptrdiff_t>(rank - 1);
    std::nth_element(magnitudes.begin(), place, magnitudes.end());
    return std::max(*place / kE4M3Largest, kSmallestScale);
}

Status markCalibrated(Draft& draft, const std::string& layer, JsonNode& table)
{
    const std::ptrdiff_t tensor = draft.source().find(layer + std::string(kSettingsSuffix));
    if (tensor >= 0) {
        Result<JsonNode> settings = readSettingsTensor(draft.source(), static_cast<std::size_t>(tensor));
        if (!settings)
            return forward(std::move(settings));
        setMember(*settings, "input_scale_calibrated", jsonFlag(true));
        draft.putSettings(layer + std::string(kSettingsSuffix), pythonDump(*settings));
    }
    for (auto& [key, layers] : table.members)
        for (auto& [name, entry] : layers.members)
            if (key == "layers" && name == layer && entry.kind == JsonNode::Kind::Object)
                setMember(entry, "input_scale_calibrated", jsonFlag(true));
    return {};
}

} // namespace

Result<Draft> draftCalibrated(
    const std::shared_ptr<const TensorSource>& source, const ActcalRequest& request, const JobContext& job)
{
    constexpr std::int64_t kMostSamples = 1 << 16;
    if (request.samples < 1 || request.samples > kMostSamples)
        return fail(ErrorCode::Usage, "--actcal-samples must be from 1 to {}", kMostSamples);
    if (!(request.percentile >= 0 && request.percentile <= 100))
        return fail(ErrorCode::Usage, "--actcal-percentile must be from 0 to 100");
    Draft draft(source);
    draft.copyAll();
    Result<JsonNode> table = readHeaderTable(*source);
    if (!table)
        return forward(std::move(table));
    std::size_t calibrated = 0;
    for (std::size_t i = 0; i < source->tensors().size(); ++i) {
        const TensorInfo& weight = source->tensors()[i];
        constexpr std::string_view kWeight = ".weight";
        const bool fp8 = weight.dtype == DType::F8E4M3 || weight.dtype == DType::F8E5M2;
        if (!weight.name.ends_with(kWeight) || weight.shape.size() != 2 || !fp8
            || elementCount(weight.shape) == 0)
            continue;
        const std::string layer = weight.name.substr(0, weight.name.size() - kWeight.size());
        const std::ptrdiff_t newScale = source->find(layer + ".weight_scale"),
                             oldScale = source->find(layer + ".scale_weight");
        const std::ptrdiff_t scaleTensor = newScale >= 0 ? newScale : oldScale;
        // MXFP8 keeps its block scales as bytes under this name, and no loader reads an input scale for it.
        if (scaleTensor >= 0
            && !isReadableWeight(source->tensors()[static_cast<std::size_t>(scaleTensor)].dtype)) {
            draft.notes.push_back(layer + ": not calibrated; its format takes no input scale");
            continue;
        }
        Result<Fp8Matrix> matrix = Fp8Matrix::open(*source, i, scaleTensor);
        Result<float> scale = matrix ? inputScale(*matrix, request, job.stop) : forward(std::move(matrix));
        if (!scale)
            return tl::unexpected(std::move(scale.error()).at(layer));
        draft.erase(layer + ".scale_input");
        draft.putScalar(layer + ".input_scale", *scale);
        if (Status marked = markCalibrated(draft, layer, *table); !marked)
            return forward(std::move(marked));
        ++calibrated;
    }
    if (!table->members.empty())
        draft.metadata[std::string(kHeaderTableKey)] = pythonDump(*table);
    draft.notes.push_back(
        fmt::format("{} FP8 layers calibrated by random inputs, as the documentation of --actcal says "
                    "(the packaged convert-to-quant 1.3.4 fails to start it)",
            calibrated));
    return draft;
}

} // namespace mantissa::ctq
