// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/calibration/calibrator.h"

#include "engine/calibration/calibration_state.h"
#include "engine/calibration/statistics_file.h"
#include "engine/calibration/statistics_layout.h"
#include "engine/export/source_hasher.h"
#include "engine/torch/calibration/activation_observer.h"
#include "engine/torch/failure.h"
#include "engine/torch/pipeline/observable_pipeline.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

namespace mantissa {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Prompts visit different levels of one schedule of this many times the steps.
constexpr int kPhases = 8;
/// Share of the run that writing its state may take: small models write after every prompt, large ones when
/// it is worth it.
constexpr double kSavingShare = 0.1;
constexpr std::uint64_t kLargestSeed = (std::uint64_t{1} << 63) - 1; // what the file's JSON holds
constexpr std::uint64_t kSizeSalt = 1, kPhaseSalt = 2, kNoiseSalt = 3;

/// Takes its observer out of a network again, whatever happens.
class Attachment {
public:
    Attachment(NetworkContext& context, LayerObserver& observer)
        : m_context(&context)
    {
        m_context->observer = &observer;
    }
    ~Attachment() { m_context->observer = nullptr; }
    Attachment(const Attachment&) = delete;
    Attachment& operator=(const Attachment&) = delete;

private:
    NetworkContext* m_context;
};

/// One run, from its first prompt to the finished file.
class Run {
public:
    /// `texts`: in the file of embeddings; 0 where text encoders read the prompts.
    Run(ObservablePipeline& pipeline, const CalibrationRequest& request, StatisticsHeader header,
        std::size_t texts, const JobContext& job, LiveFeed* live)
        : m_pipeline(pipeline)
        , m_request(request)
        , m_texts(texts)
        , m_job(job)
        , m_live(live)
        , m_moments(
              request.memoryLimit > 0 ? request.memoryLimit : ~std::uint64_t{0}, request.output.parent_path())
        , m_recorder(m_moments)
    {
        m_header = std::move(header);
    }

    CalibrationReport run()
    {
        const auto begin = Clock::now();
        const std::vector<Prompt> prompts = uniquePrompts();
        if (m_request.resume)
            resume(prompts);
        attach();
        if (m_job.progress)
            m_job.progress->start("calibrating", 0, static_cast<std::uint32_t>(prompts.size()) * steps());
        for (std::size_t i = 0; m_job.progress && i < m_header.prompts.size() * steps(); ++i)
            m_job.progress->addItem();
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            if (i < m_header.prompts.size())
                continue;
            calibrate(prompts[i], i, prompts.size());
            saveIfWorthIt(begin, i + 1 == prompts.size());
        }
        valueOf(publishStatistics(m_request.output, m_request.overwrite));
        for (const InputStatistics* input : m_recorder.inputs()) {
            m_report.layers += input->layers.size();
            m_report.tokens += input->tokens;
            if (input->nonFinite > 0)
                m_report.warnings.push_back(
                    sentence("{} got {} values that are not finite; they are left out", input->name,
                        input->nonFinite));
        }
        m_report.path = m_request.output;
        m_report.inputs = m_recorder.inputs().size();
        m_report.prompts = m_header.prompts.size();
        m_report.spilledBytes = m_moments.spilledBytes();
        m_report.watchingSeconds = m_recorder.seconds();
        m_report.seconds = secondsSince(begin);
        return m_report;
    }

private:
    struct Prompt {
        std::string text;
        std::size_t place = 0; ///< in the request
    };

    std::uint32_t steps() const { return static_cast<std::uint32_t>(m_request.steps); }

    PixelSize sizeOf(std::uint64_t key) const
    {
        return m_request.sizes[mixKeys(key, kSizeSalt) % m_request.sizes.size()];
    }

    /// In their order; a prompt that comes twice would make the same picture twice.
    std::vector<Prompt> uniquePrompts() const
    {
        std::vector<Prompt> unique;
        std::set<std::string> known;
        for (std::size_t i = 0; i < m_request.prompts.size(); ++i)
            if (known.insert(m_request.prompts[i]).second)
                unique.push_back({m_request.prompts[i], i});
        return unique;
    }

    void attach()
    {
        for (const std::string& role : m_request.components) {
            const ObservablePipeline::Part part = m_pipeline.part(role);
            if (part.component == nullptr)
                throw Failure(Error{ErrorCode::Usage, sentence("the model has no {} to watch", role), {},
                    "'mantissa inspect' lists its components"});
            m_observers.push_back(
                std::make_unique<ActivationObserver>(m_recorder, *part.model, *part.component));
            m_attachments.push_back(std::make_unique<Attachment>(*part.context, *m_observers.back()));
        }
    }

    void calibrate(const Prompt& prompt, std::size_t index, std::size_t count)
    {
        const std::uint64_t key = promptKey(prompt.text, m_request.seed);
        const PixelSize size = sizeOf(key);
        GenerationRequest request;
        request.prompt = m_request.randomData ? std::string() : prompt.text;
        request.text = m_texts > 0 ? prompt.place % m_texts : 0;
        request.seed = mixKeys(key, kNoiseSalt);
        request.steps = m_request.steps;
        request.cfg = m_request.cfg;
        request.sampler = m_request.sampler;
        request.scheduler = m_request.scheduler;
        request.width = size.width;
        request.height = size.height;
        request.frames = m_request.frames;
        if (m_job.progress)
            m_job.progress->setCurrent(fmt::format("prompt {} of {}", index + 1, count));
        m_recorder.beginPrompt(key);
        m_recorder.beginCall(kNoBucket); // text encoders run first
        SamplingWatch watch;
        watch.phases = kPhases;
        watch.phase = static_cast<int>(mixKeys(key, kPhaseSalt) % kPhases);
        watch.noiseOnly = m_request.randomData;
        std::uint32_t calls = 0;
        watch.beforeCall = [&](double sigma) {
            if (calls > 0)
                show(index, count, std::min(calls, steps()));
            ++calls;
            const int bucket = static_cast<int>(m_pipeline.placeInSchedule(sigma) * kTimestepBuckets);
            m_recorder.beginCall(std::clamp(bucket, 0, kTimestepBuckets - 1));
        };
        m_pipeline.sampleLatent(valueOf(m_pipeline.resolve(request)), m_job, watch);
        m_moments.flush();
        show(index, count, steps());
        m_header.prompts.push_back({prompt.text, m_request.seed, size.width, size.height, m_request.frames});
    }

    void show(std::size_t index, std::size_t count, std::uint32_t stepsOfPrompt)
    {
        if (m_live == nullptr)
            return;
        const auto begin = Clock::now();
        publish(index, count, stepsOfPrompt);
        m_report.liveSeconds += secondsSince(begin);
    }

    void publish(std::size_t index, std::size_t count, std::uint32_t stepsOfPrompt)
    {
        if (m_listedInputs != m_recorder.inputs().size()) {
            m_listedInputs = m_recorder.inputs().size();
            m_live->setLayers(m_recorder.layers());
        }
        if (!m_live->due())
            return;
        const auto viewOf = [&](const std::string& layer) {
            LiveView view = m_recorder.view(layer);
            view.prompt = index + 1;
            view.prompts = count;
            view.stepsDone = static_cast<std::uint32_t>(index) * steps() + stepsOfPrompt;
            view.stepsTotal = static_cast<std::uint32_t>(count) * steps();
            return view;
        };
        std::vector<LiveView> others;
        for (const std::string& layer : m_live->others())
            if (m_recorder.has(layer))
                others.push_back(viewOf(layer));
        m_live->publish(viewOf(m_live->chosen()), std::move(others));
    }

    void saveIfWorthIt(Clock::time_point begin, bool last)
    {
        const double running = secondsSince(begin);
        if (!last && m_lastSave > 0 && running - m_savedAt < m_lastSave / kSavingShare)
            return;
        const auto saving = Clock::now();
        valueOf(writeStatistics(statePath(m_request.output), true, m_header, m_recorder.inputs(),
            [&](std::size_t input, std::size_t firstRow, std::span<float> dst) -> Status {
                return guarded([&] { m_moments.read(m_recorder.momentOf(input), firstRow, dst); });
            }));
        m_lastSave = secondsSince(saving);
        m_report.savingSeconds += m_lastSave;
        m_savedAt = secondsSince(begin);
    }

    void resume(const std::vector<Prompt>& prompts)
    {
        const auto state = valueOf(openState(m_request.output));
        if (!state)
            return;
        if (Status same = checkSameRun(state->header(), m_header); !same)
            throw Failure(Error{ErrorCode::Usage,
                sentence("the unfinished run had other settings: {}", same.error().message),
                statePath(m_request.output).string(), "without --resume it starts over"});
        for (std::size_t i = 0; i < state->header().prompts.size(); ++i) {
            const CalibratedPrompt& done = state->header().prompts[i];
            if (i >= prompts.size() || done.text != prompts[i].text || done.seed != m_request.seed
                || sizeOf(promptKey(done.text, done.seed)) != PixelSize{done.width, done.height}
                || done.frames != m_request.frames)
                throw Failure(
                    Error{ErrorCode::Usage, "the unfinished run had other prompts, sizes or another seed",
                        statePath(m_request.output).string(), "without --resume it starts over"});
        }
        m_header.prompts = state->header().prompts;
        for (std::size_t i = 0; i < state->inputCount(); ++i) {
            InputStatistics input = valueOf(state->input(i));
            const std::size_t channels = input.channels;
            std::size_t moment = 0;
            if (input.hasMoment) {
                moment = m_moments.add(channels);
                const std::size_t tile = momentTileRows(channels);
                std::vector<float> rows(tile * channels);
                for (std::size_t first = 0; first < channels; first += tile) {
                    const std::span<float> part(rows.data(), std::min(tile, channels - first) * channels);
                    valueOf(state->momentRows(i, first, part));
                    m_moments.write(moment, first, part);
                }
            }
            m_recorder.restore(std::move(input), moment);
        }
        m_report.resumedPrompts = m_header.prompts.size();
    }

    ObservablePipeline& m_pipeline;
    const CalibrationRequest& m_request;
    std::size_t m_texts;
    const JobContext& m_job;
    LiveFeed* m_live;
    StatisticsHeader m_header;
    SecondMoments m_moments;
    ActivationRecorder m_recorder;
    std::vector<std::unique_ptr<ActivationObserver>> m_observers;
    std::vector<std::unique_ptr<Attachment>> m_attachments;
    CalibrationReport m_report;
    std::size_t m_listedInputs = 0;
    double m_lastSave = 0, m_savedAt = 0;
};

class Calibrator final : public CalibrationRunner {
public:
    Calibrator(std::shared_ptr<const Model> model, const GeneratorOptions& options)
        : m_model(std::move(model))
        , m_pipeline(makeObservablePipeline(m_model, withoutDecoding(options)))
    {
        if (!options.embeddings.empty())
            m_texts = valueOf(embeddedTexts(options.embeddings));
        if (options.plan)
            raise(ErrorCode::Usage, "statistics are made with the model as it is, not with a plan of it");
    }

    Result<CalibrationRequest> resolve(CalibrationRequest request) const override
    {
        if (request.prompts.empty())
            return fail(ErrorCode::Usage, "calibration needs at least one prompt");
        if (request.components.empty())
            return fail(ErrorCode::Usage, "calibration needs at least one component to watch");
        if (request.seed > kLargestSeed)
            return fail(ErrorCode::Usage, "the seed of a calibration is at most {}", kLargestSeed);
        if (request.output.empty())
            return fail(ErrorCode::Usage, "calibration needs a file to write to");
        if (request.steps == 0)
            request.steps = kCalibrationSteps;
        GenerationRequest one;
        one.steps = request.steps;
        one.cfg = request.cfg;
        one.sampler = request.sampler;
        one.scheduler = request.scheduler;
        one.frames = request.frames;
        if (request.sizes.empty()) {
            const auto usual = m_pipeline->resolve(one);
            if (!usual)
                return tl::unexpected(usual.error());
            request.sizes = usualSizes(usual->width, usual->height);
        }
        for (const PixelSize& size : request.sizes) {
            one.width = size.width;
            one.height = size.height;
            const auto resolved = m_pipeline->resolve(one);
            if (!resolved)
                return tl::unexpected(resolved.error());
            request.cfg = resolved->cfg;
            request.sampler = resolved->sampler;
            request.scheduler = resolved->scheduler;
            request.frames = resolved->frames;
        }
        return request;
    }

    Result<CalibrationReport> run(
        const CalibrationRequest& request, const JobContext& job, LiveFeed* live) override
    {
        return guarded([&] {
            const c10::InferenceMode noGradients;
            const CalibrationRequest resolved = valueOf(resolve(request));
            valueOf(checkCalibrationOutput(resolved.output, resolved.overwrite));
            if (job.progress)
                job.progress->start("reading the model", 0, 0);
            StatisticsHeader header;
            header.modelHash = valueOf(hashSource(m_model->source->info(), [&] { return job.cancelled(); }));
            header.architecture = m_model->architecture.id;
            header.randomData = resolved.randomData;
            header.components = resolved.components;
            header.sampler = resolved.sampler;
            header.scheduler = resolved.scheduler;
            header.steps = resolved.steps;
            header.cfg = resolved.cfg;
            header.bucketAxis = m_pipeline->isFlow() ? "sigma" : "timestep";
            return Run(*m_pipeline, resolved, std::move(header), m_texts, job, live).run();
        });
    }

private:
    /// The model's size, and two that are as wide or as high and three quarters of it the other way.
    std::vector<PixelSize> usualSizes(int width, int height) const
    {
        const auto threeQuarters = [&](int side) {
            // Twice the multiple, so that networks that halve their latents get even sides.
            const int multiple = 2 * m_pipeline->sizeMultiple();
            return std::max(multiple, (side * 3 / 4 + multiple / 2) / multiple * multiple);
        };
        std::vector<PixelSize> sizes{{width, height}};
        for (const PixelSize& size :
            {PixelSize{width, threeQuarters(height)}, PixelSize{threeQuarters(width), height}})
            if (std::find(sizes.begin(), sizes.end(), size) == sizes.end())
                sizes.push_back(size);
        return sizes;
    }

    std::shared_ptr<const Model> m_model;
    std::unique_ptr<ObservablePipeline> m_pipeline;
    std::size_t m_texts = 0; ///< of the file of embeddings
};

} // namespace

Result<std::unique_ptr<CalibrationRunner>> makeCalibration(
    std::shared_ptr<const Model> model, const GeneratorOptions& options)
{
    return guarded([&]() -> std::unique_ptr<CalibrationRunner> {
        const c10::InferenceMode noGradients;
        return std::make_unique<Calibrator>(std::move(model), options);
    });
}

} // namespace mantissa
