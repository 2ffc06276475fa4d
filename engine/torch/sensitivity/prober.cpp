// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/sensitivity/prober.h"

#include "engine/export/planned_layer.h"
#include "engine/torch/failure.h"
#include "engine/torch/pipeline/observable_pipeline.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace mantissa {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kSavingInterval{2};

/// Puts the layer's own weight back, whatever happens.
class Substitution {
public:
    Substitution(WeightStore& store, WeightStore::Id id, const at::Tensor& values)
        : m_store(store)
        , m_id(id)
    {
        m_store.substitute(m_id, values);
    }
    ~Substitution() { m_store.substitute(m_id, at::Tensor()); }
    Substitution(const Substitution&) = delete;
    Substitution& operator=(const Substitution&) = delete;

private:
    WeightStore& m_store;
    WeightStore::Id m_id;
};

class Prober {
public:
    Prober(SensitivityTable& table, const std::shared_ptr<const Model>& model,
        std::span<const ProbeCall> calls, const GeneratorOptions& options, const TableSaver& save,
        const JobContext& job)
        : m_table(table)
        , m_model(model)
        , m_calls(calls)
        , m_save(save)
        , m_job(job)
        , m_pipeline(makeObservablePipeline(model, withoutDecoding(options)))
    { }

    void run()
    {
        const ObservablePipeline::Part part = m_pipeline->part("diffusion_model");
        if (part.context == nullptr || part.model != m_model.get())
            raise(ErrorCode::Unsupported, "the file has no diffusion network that could be probed");
        WeightStore& store = part.context->weights;
        std::map<const Layer*, WeightStore::Id> ids;
        for (const auto& [name, id] : store.names())
            if (const Layer* layer = store.layer(id))
                ids.emplace(layer, id);
        record();
        if (m_job.progress)
            m_job.progress->start("probing", 0, static_cast<std::uint32_t>(m_table.layers.size()));
        for (LayerSensitivity& row : m_table.layers) {
            const Layer& layer = m_model->layers[row.layer];
            const auto id = ids.find(&layer);
            const ChoiceSensitivity* choice = row.smallest();
            if (!row.probe && choice != nullptr && id != ids.end()) {
                if (m_job.progress)
                    m_job.progress->setCurrent(row.name);
                const Substitution substitution(store, id->second, weightOf(layer, choice->choice));
                row.probe = LayerProbe{describe(choice->choice), change()};
            }
            if (m_job.progress)
                m_job.progress->addItem();
            if (m_save && Clock::now() - m_saved > kSavingInterval) {
                m_save(m_table);
                m_saved = Clock::now();
            }
        }
    }

private:
    void record()
    {
        if (m_job.progress)
            m_job.progress->start("sampling", 0, static_cast<std::uint32_t>(m_calls.size()));
        for (const ProbeCall& each : m_calls) {
            const GenerationRequest request = valueOf(m_pipeline->resolve(each.request));
            RecordedCall call
                = m_pipeline->recordCall(request, static_cast<int>(each.place * request.steps), m_job);
            Reference reference{std::move(call), {}, 0};
            reference.prediction = predict(reference.call);
            reference.power = reference.prediction.square().sum().item<double>();
            m_references.push_back(std::move(reference));
            if (m_job.progress)
                m_job.progress->addItem();
        }
    }

    /// What guidance adds up to, as a difference from the noisy latent: up to a factor of the level the
    /// network's own output, so that all levels count alike.
    at::Tensor predict(const RecordedCall& call) const
    {
        if (m_job.cancelled())
            throw Failure(Error{ErrorCode::Cancelled, "cancelled", {}, {}});
        return (call.noisy - call.denoise(call.noisy, call.sigma)).to(at::kFloat);
    }

    at::Tensor weightOf(const Layer& layer, const Choice& choice) const
    {
        const at::Tensor values = at::empty(layer.shape, at::kFloat);
        float* const dst = values.data_ptr<float>();
        const std::int64_t columns = layer.shape.back();
        valueOf(runPlannedLayer(*m_model, layer, choice, m_table.recipe, m_job,
            [&](std::int64_t firstRow, std::span<const float>, std::span<const float> planned) {
                std::copy(planned.begin(), planned.end(), dst + firstRow * columns);
            }));
        return values;
    }

    double change() const
    {
        double sum = 0;
        for (const Reference& reference : m_references)
            if (reference.power > 0)
                sum += (predict(reference.call) - reference.prediction).square().sum().item<double>()
                    / reference.power;
        return sum / static_cast<double>(std::max<std::size_t>(1, m_references.size()));
    }

    struct Reference {
        RecordedCall call;
        at::Tensor prediction;
        double power = 0; ///< ‖prediction‖²
    };

    SensitivityTable& m_table;
    std::shared_ptr<const Model> m_model;
    std::span<const ProbeCall> m_calls;
    const TableSaver& m_save;
    const JobContext& m_job;
    std::unique_ptr<ObservablePipeline> m_pipeline;
    std::vector<Reference> m_references;
    Clock::time_point m_saved = Clock::now();
};

} // namespace

Status runProbe(SensitivityTable& table, const std::shared_ptr<const Model>& model,
    std::span<const ProbeCall> calls, const GeneratorOptions& options, const TableSaver& save,
    const JobContext& job)
{
    Status done = guarded([&] {
        const c10::InferenceMode noGradients;
        if (options.plan)
            raise(ErrorCode::Usage, "a model is probed as it is, not with a plan of it");
        Prober(table, model, calls, options, save, job).run();
    });
    if (save)
        save(table);
    return done;
}

} // namespace mantissa
