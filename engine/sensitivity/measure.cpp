// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sensitivity/sensitivity.h"

#include "engine/export/cast.h"
#include "engine/export/planned_layer.h"
#include "engine/sensitivity/output_error.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <thread>

namespace mantissa {

namespace {

using Clock = std::chrono::steady_clock;

/// Rows that output errors are taken from: a mean over hundreds of rows is known to a few percent, and the
/// products cost as many times the weights as there are tokens.
constexpr std::int64_t kOutputRows = 512;
constexpr std::chrono::seconds kSavingInterval{2};

/// Errors of one layer in one format.
class ErrorMeter {
public:
    ErrorMeter(const Layer& layer, const LayerInputs& inputs)
        : m_inputs(inputs)
        , m_columns(layer.shape[1])
        , m_stride(std::max<std::int64_t>(1, layer.shape[0] / kOutputRows))
    { }

    void add(std::int64_t firstRow, std::span<const float> source, std::span<const float> planned)
    {
        if (const std::uint64_t bad = countNonFinite(source); bad > 0) {
            m_nonFinite += bad;
            leaveOut(source, planned);
            source = m_cleanSource;
            planned = m_cleanPlanned;
        }
        m_weights += sumErrors(source, planned);
        if (m_inputs.evidence() == InputEvidence::None)
            return;
        const std::int64_t rows
            = static_cast<std::int64_t>(source.size()) / std::max<std::int64_t>(1, m_columns);
        m_before.clear();
        m_change.clear();
        for (std::int64_t row = (m_stride - firstRow % m_stride) % m_stride; row < rows; row += m_stride)
            for (std::int64_t column = 0; column < m_columns; ++column) {
                const auto i = static_cast<std::size_t>(row * m_columns + column);
                m_before.push_back(source[i]);
                m_change.push_back(planned[i] - source[i]);
            }
        m_output.signal += m_inputs.energy(m_before);
        m_output.noise += m_inputs.energy(m_change);
    }

    std::uint64_t nonFinite() const { return m_nonFinite; }

    void finish(ChoiceSensitivity& choice) const
    {
        choice.weightError = share(m_weights);
        if (m_inputs.evidence() != InputEvidence::None)
            choice.outputError = share(m_output);
    }

private:
    /// One NaN would make every sum NaN; the rest of the block still tells how the format does.
    void leaveOut(std::span<const float> source, std::span<const float> planned)
    {
        m_cleanSource.assign(source.begin(), source.end());
        m_cleanPlanned.assign(planned.begin(), planned.end());
        for (std::size_t i = 0; i < source.size(); ++i) {
            if (!std::isfinite(source[i]))
                m_cleanSource[i] = m_cleanPlanned[i] = 0;
            else if (!std::isfinite(planned[i]))
                m_cleanPlanned[i] = 0;
        }
    }
    static double share(const ErrorSums& sums)
    {
        return sums.signal > 0 ? std::max(0.0, sums.noise / sums.signal) : 0;
    }

    const LayerInputs& m_inputs;
    std::int64_t m_columns, m_stride;
    ErrorSums m_weights, m_output;
    std::vector<float> m_before, m_change, m_cleanSource, m_cleanPlanned;
    std::uint64_t m_nonFinite = 0;
};

class Measuring {
public:
    Measuring(
        SensitivityTable& table, const Model& model, const MeasureOptions& options, const JobContext& job)
        : m_table(table)
        , m_model(model)
        , m_options(options)
        , m_job(job)
    { }

    Status run()
    {
        std::uint64_t total = 0;
        for (std::size_t i = 0; i < m_table.layers.size(); ++i) {
            const std::uint64_t bytes = missingBytes(m_table.layers[i]);
            total += bytes;
            if (bytes > 0)
                m_work.push_back(i);
        }
        // The large ones first, so that the threads end together.
        std::stable_sort(m_work.begin(), m_work.end(), [&](std::size_t a, std::size_t b) {
            return m_table.layers[a].weights > m_table.layers[b].weights;
        });
        if (m_job.progress)
            m_job.progress->start("measuring", total, static_cast<std::uint32_t>(m_work.size()));
        {
            std::vector<std::jthread> pool;
            const std::size_t threads = std::min<std::size_t>(m_work.size(),
                m_options.threads != 0 ? m_options.threads
                                       : std::max(1U, std::thread::hardware_concurrency()));
            for (std::size_t i = 1; i < threads; ++i)
                pool.emplace_back([this] { work(); });
            work();
        }
        save(true);
        if (m_failed)
            return tl::unexpected(std::move(*m_failed));
        return {};
    }

private:
    std::uint64_t missingBytes(const LayerSensitivity& layer) const
    {
        std::uint64_t bytes = 0;
        for (const ChoiceSensitivity& choice : layer.choices)
            if (!choice.weightError)
                bytes += m_model.source->tensors()[m_model.layers[layer.layer].weight].bytes;
        return bytes;
    }

    void work()
    {
        for (std::size_t i = m_next++; i < m_work.size() && !m_stopped; i = m_next++) {
            LayerSensitivity layer = m_table.layers[m_work[i]]; // ours alone until it is put back
            Status done = measure(layer);
            const std::scoped_lock lock(m_mutex);
            m_table.layers[m_work[i]] = std::move(layer);
            if (!done) {
                m_stopped = true;
                if (!m_failed)
                    m_failed = std::move(done.error()).at(m_table.layers[m_work[i]].name);
                return;
            }
            if (m_job.progress)
                m_job.progress->addItem();
            save(false);
        }
    }

    Status measure(LayerSensitivity& row) const
    {
        const Layer& layer = m_model.layers[row.layer];
        LayerInputs inputs;
        if (m_options.statistics) {
            auto read = LayerInputs::read(*m_options.statistics, layer.name);
            if (!read)
                return forward(std::move(read));
            inputs = std::move(*read);
            if (inputs.evidence() != InputEvidence::None
                && inputs.channels() != static_cast<std::size_t>(layer.shape[1]))
                return fail(ErrorCode::InvalidInput,
                    "the statistics are of {} channels, and the layer has {} inputs", inputs.channels(),
                    layer.shape[1]);
        }
        row.evidence = inputs.evidence();
        for (ChoiceSensitivity& choice : row.choices) {
            if (choice.weightError)
                continue;
            if (choice.choice.keeps()) {
                choice.weightError = 0;
                if (inputs.evidence() != InputEvidence::None)
                    choice.outputError = 0;
            } else {
                ErrorMeter meter(layer, inputs);
                Status done = runPlannedLayer(m_model, layer, choice.choice, m_table.recipe, m_job,
                    [&](std::int64_t firstRow, std::span<const float> source,
                        std::span<const float> planned) { meter.add(firstRow, source, planned); });
                if (!done)
                    return done;
                meter.finish(choice);
                row.nonFinite = meter.nonFinite();
            }
            if (m_job.progress)
                m_job.progress->addBytes(m_model.source->tensors()[layer.weight].bytes);
        }
        return {};
    }

    /// With the mutex held, or after the threads ended.
    void save(bool last)
    {
        if (!m_options.save || m_work.empty() || (!last && Clock::now() - m_saved < kSavingInterval))
            return;
        m_options.save(m_table);
        m_saved = Clock::now();
    }

    SensitivityTable& m_table;
    const Model& m_model;
    const MeasureOptions& m_options;
    const JobContext& m_job;
    std::vector<std::size_t> m_work; ///< indices into the table's layers
    std::atomic<std::size_t> m_next{0};
    std::atomic<bool> m_stopped{false};
    std::mutex m_mutex;
    std::optional<Error> m_failed;
    Clock::time_point m_saved = Clock::now();
};

} // namespace

Status measureErrors(
    SensitivityTable& table, const Model& model, const MeasureOptions& options, const JobContext& job)
{
    return Measuring(table, model, options, job).run();
}

} // namespace mantissa
