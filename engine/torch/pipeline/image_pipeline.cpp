// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/pipeline/image_pipeline.h"

#include "engine/torch/failure.h"
#include "engine/torch/pipeline/activation_simulator.h"
#include "engine/torch/pipeline/component_set.h"
#include "engine/torch/pipeline/conditioning.h"
#include "engine/torch/pipeline/denoiser.h"
#include "engine/torch/pipeline/device.h"
#include "engine/torch/pipeline/extra_inputs.h"
#include "engine/torch/pipeline/latents.h"
#include "engine/torch/pipeline/observable_pipeline.h"
#include "engine/torch/pipeline/planned_weights.h"
#include "engine/torch/sampling/samplers.h"

#include "engine/arch/generation_profile.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace mantissa {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// What the family's profile and the file's own settings say together.
GenerationProfile profileOf(const Model& model, const std::string& id)
{
    auto profile = generationProfile(id, model.architecture.variant, model.architecture.prediction);
    if (!profile)
        throw Failure(Error{ErrorCode::Unsupported, sentence("{} models cannot generate here", id),
            model.source->info().path.string(), "they can be inspected and converted all the same"});
    const Settings settings(model);
    profile->latentScale = settings.number({"scale_factor", "scaling_factor"}, profile->latentScale);
    profile->latentShift = settings.number({"shift_factor"}, profile->latentShift);
    profile->schedule = settings.text({"beta_schedule"}, profile->schedule);
    profile->betaStart = settings.number({"beta_start"}, profile->betaStart);
    profile->betaEnd = settings.number({"beta_end"}, profile->betaEnd);
    profile->size = static_cast<int>(settings.integer({"image_size"}, profile->size));
    profile->steps = static_cast<int>(settings.integer({"default_steps"}, profile->steps));
    profile->cfg = settings.number({"default_cfg"}, profile->cfg);
    profile->sampler = settings.text({"default_sampler"}, profile->sampler);
    profile->scheduler = settings.text({"default_scheduler"}, profile->scheduler);
    return *profile;
}

NoiseSchedule scheduleOf(const GenerationProfile& profile, bool zeroTerminalSnr)
{
    if (profile.schedule == "flow") {
        // FLUX's tables, with σ itself as the time, have ten thousand steps in ComfyUI.
        const bool fine = profile.timestep == "sigma";
        return NoiseSchedule::flow(profile.flowShift, fine ? 1 : 1000, fine ? 10000 : 1000);
    }
    return NoiseSchedule::discrete(
        profile.schedule, profile.betaStart, profile.betaEnd, 1000, zeroTerminalSnr);
}

/// Networks below so many parameters run on one core unless the user says otherwise: their matrices are too
/// small to share. The sample (2.9 M) takes 0.205 s for a picture on one core, 0.25 s on two
/// (docs/benchmarks.md).
constexpr std::uint64_t kSmallNetwork = 10'000'000;

class ImagePipeline final : public ObservablePipeline {
public:
    ImagePipeline(std::shared_ptr<const Model> model, const GeneratorOptions& options)
        : m_model(std::move(model))
        , m_device(deviceFromName(options.device))
        , m_threads(options.threads)
        , m_planned(options.plan
                  ? makePlannedWeights(m_model, *options.plan, options.statistics, options.calibrated)
                  : nullptr)
        , m_components(modelsOf(m_model, options.companions), weightOptions(m_planned, options, m_device))
    {
        m_network = m_components.findRole("diffusion_model");
        if (!m_network)
            throw Failure(Error{ErrorCode::Unsupported, "the file has no diffusion network",
                m_model->source->info().path.string(),
                "name the network's file with -m and this one with --with"});
        const Model& owner = *m_network->model;
        m_profile = profileOf(owner, owner.components[m_network->component].id);
        m_prediction = valueOf(predictionFromName(owner.architecture.prediction));
        m_schedule = scheduleOf(m_profile, owner.source->find("ztsnr") >= 0);
        if (options.runtimeActivations)
            roundActivations(options);
        m_conditioner = makeConditioner(m_profile, m_components, {options.embeddings, options.tokenizer});
        m_form = network().latentForm();
        m_autoencoder = m_components.findRole("vae");
        m_decodes = !options.latentsOnly;
        if (m_autoencoder != nullptr || m_decodes)
            takeOver(autoencoder());
        m_extra = extraKindOf(owner.components[m_network->component].id, m_form, m_profile.downscale);
    }

    Result<GenerationRequest> resolve(GenerationRequest request) const override
    {
        const auto fallback = [](auto& value, const auto& usual, const auto& unset) {
            if (value == unset)
                value = usual;
        };
        fallback(request.steps, m_profile.steps, 0);
        if (request.cfg < 0)
            request.cfg = m_profile.cfg;
        fallback(request.sampler, m_profile.sampler, std::string());
        fallback(request.scheduler, m_profile.scheduler, std::string());
        if (!request.start.empty()) {
            fallback(request.width, request.start.width, 0);
            fallback(request.height, request.start.height, 0);
        }
        fallback(request.width, m_profile.size, 0);
        fallback(request.height, m_profile.size, 0);
        fallback(request.frames, m_form.video ? m_profile.frames : 1, 0);
        if (!request.start.empty() && !startsFromPicture(request, m_extra))
            request.strength = 1; // sampling starts from noise alone
        const auto& samplers = samplerNames();
        if (std::find(samplers.begin(), samplers.end(), request.sampler) == samplers.end())
            return fail(ErrorCode::Usage, "there is no sampler named \"{}\"", request.sampler);
        if (const auto sigmas = makeSigmas(m_schedule, request.scheduler, request.steps); !sigmas)
            return tl::unexpected(sigmas.error());
        if (request.batch < 1 || request.steps < 1 || request.strength <= 0 || request.strength > 1)
            return fail(
                ErrorCode::Usage, "batch and steps start at 1, and strength is above 0 and at most 1");
        const int multiple = m_profile.sizeMultiple;
        if (request.width % multiple != 0 || request.height % multiple != 0)
            return tl::unexpected(Error{ErrorCode::Usage,
                sentence("this model makes pictures whose sides are multiples of {} pixels, not {}x{}",
                    multiple, request.width, request.height),
                {},
                sentence("the nearest is {}x{}", nearest(request.width, multiple),
                    nearest(request.height, multiple))});
        if (!request.start.empty()
            && (request.start.width != request.width || request.start.height != request.height))
            return fail(ErrorCode::Usage, "the picture to start from has {}x{} pixels, not {}x{}",
                request.start.width, request.start.height, request.width, request.height);
        if (Status status = checkFrames(request.frames); !status)
            return tl::unexpected(status.error());
        if (Status status = checkPictures(request, m_extra, m_form); !status)
            return tl::unexpected(status.error());
        for (const Picture& reference : request.references) {
            if (reference.width % multiple != 0 || reference.height % multiple != 0)
                return fail(ErrorCode::Usage,
                    "a reference picture has {}x{} pixels; its sides must be multiples of {}",
                    reference.width, reference.height, multiple);
        }
        if (m_extra == ExtraKind::Control
            && (request.references.front().width != request.width
                || request.references.front().height != request.height))
            return fail(ErrorCode::Usage, "the map to follow must have {}x{} pixels, as the picture",
                request.width, request.height);
        return request;
    }

    Result<GenerationResult> generate(
        const GenerationRequest& request, const JobContext& job, const PreviewCallback& preview) override
    {
        return guarded([&] {
            const c10::InferenceMode noGradients;
            useThreads();
            return run(valueOf(resolve(request)), job, preview);
        });
    }

    Part part(std::string_view role) override
    {
        const ComponentSet::Place* place = m_components.findRole(role);
        if (place == nullptr)
            return {};
        return {&place->model->components[place->component], place->model.get(),
            m_components.open(place, role).context.get()};
    }

    at::Tensor sampleLatent(
        const GenerationRequest& request, const JobContext& job, const SamplingWatch& watch) override
    {
        useThreads();
        return latent(request, job, {}, watch).x;
    }

    RecordedCall recordCall(const GenerationRequest& request, int level, const JobContext& job) override
    {
        useThreads();
        const auto denoiser = std::make_shared<const GuidedDenoiser>(denoiserFor(request));
        RecordedCall call;
        call.denoise
            = [denoiser](const at::Tensor& noisy, double sigma) { return (*denoiser)(noisy, sigma); };
        std::vector<double> sigmas = walk(request, {});
        // Sampling ends with the call that is wanted; the level after it is never reached.
        sigmas.resize(std::min(sigmas.size(), static_cast<std::size_t>(std::max(level, 0)) + 2));
        SamplingTask task;
        task.flow = m_schedule.isFlow();
        task.denoise = [&](const at::Tensor& noisy, double sigma) {
            call.noisy = noisy.clone();
            call.sigma = sigma;
            return (*denoiser)(noisy, sigma);
        };
        task.noise = noiseStream(request.seed + 1);
        task.onStep = [&](int, const at::Tensor&) { return !job.cancelled(); };
        sample(request.sampler, task, start(request, sigmas), sigmas);
        return call;
    }

    double placeInSchedule(double sigma) const override
    {
        return m_schedule.isFlow()
            ? sigma
            : m_schedule.timestep(sigma) / static_cast<double>(m_schedule.sigmas().size());
    }
    bool isFlow() const override { return m_schedule.isFlow(); }
    int sizeMultiple() const override { return m_profile.sizeMultiple; }

private:
    void useThreads() const
    {
        const std::uint64_t parameters = m_network->model->components[m_network->component].parameters;
        const unsigned usual
            = parameters < kSmallNetwork ? 1 : std::max(1u, std::thread::hardware_concurrency());
        at::set_num_threads(static_cast<int>(m_threads > 0 ? m_threads : usual));
    }

    static std::vector<std::shared_ptr<const Model>> modelsOf(
        std::shared_ptr<const Model> model, const std::vector<std::shared_ptr<const Model>>& companions)
    {
        std::vector<std::shared_ptr<const Model>> models{std::move(model)};
        models.insert(models.end(), companions.begin(), companions.end());
        return models;
    }

    static WeightOptions weightOptions(const std::shared_ptr<PlannedWeights>& planned,
        const GeneratorOptions& options, const at::Device& device)
    {
        WeightOptions weights;
        weights.device = device;
        weights.compute = computeType(options.computeType, device);
        if (options.memoryLimit > 0) {
            weights.memoryLimit = options.memoryLimit;
            returnFreedMemory();
        }
        if (planned)
            weights.replace = [planned](const Layer& layer, LayerPart part, std::span<float> dst) {
                return planned->replace(layer, part, dst);
            };
        return weights;
    }

    static int nearest(int size, int multiple)
    {
        return std::max(1, (size + multiple / 2) / multiple) * multiple;
    }

    /// Lets the network see its inputs as the formats' runtimes do; layers of a file multiply as they are
    /// stored where that pays.
    void roundActivations(const GeneratorOptions& options)
    {
        const Model& owner = *m_network->model;
        const Component& component = owner.components[m_network->component];
        std::optional<ResolvedPlan> plan;
        if (options.plan && m_network->model == m_model)
            plan = valueOf(resolvePlan(*options.plan, owner));
        NetworkContext& context = *m_components.open(m_network, "diffusion network").context;
        if (plan) {
            m_simulator.emplace(context.weights, component.prefix, *plan, m_planned);
        } else {
            context.weights.multiplyNatively(nn::nativeProducts(m_device));
            m_simulator.emplace(context.weights, component.prefix);
        }
        context.observer = &*m_simulator;
    }

    Autoencoder& autoencoder() { return *m_components.open(m_autoencoder, "VAE").autoencoder; }
    DenoisingNetwork& network() { return *m_components.open(m_network, "diffusion network").denoiser; }

    /// What the VAE says of latents, for it may be another than the family's usual one.
    void takeOver(const Autoencoder& vae)
    {
        if (vae.latentChannels() != m_form.channels)
            throw Failure(Error{ErrorCode::Unsupported,
                sentence("the VAE's latents have {} channels, and the network's {}", vae.latentChannels(),
                    m_form.channels),
                m_autoencoder->model->source->info().path.string(),
                "name the VAE of this family with --with"});
        m_profile.downscale = vae.downscale();
        m_profile.frameStep = vae.frameStep();
        m_profile.sizeMultiple
            = std::max(m_profile.downscale, std::min(m_profile.sizeMultiple, 2 * m_profile.downscale));
    }

    Status checkFrames(int frames) const
    {
        if (!m_form.video && frames != 1)
            return fail(ErrorCode::Usage, "this network makes pictures, not videos of {} frames", frames);
        if (frames < 1 || (frames - 1) % m_profile.frameStep != 0)
            return fail(ErrorCode::Usage, "this network makes videos of 1, {}, {}, … frames, not of {}",
                1 + m_profile.frameStep, 1 + 2 * m_profile.frameStep, frames);
        return {};
    }

    /// Shape of the noise of a resolved request.
    std::vector<std::int64_t> noiseShape(const GenerationRequest& request) const
    {
        std::vector<std::int64_t> shape{request.batch, m_form.channels};
        if (m_form.video)
            shape.push_back((request.frames - 1) / m_profile.frameStep + 1);
        shape.push_back(request.height / m_profile.downscale);
        shape.push_back(request.width / m_profile.downscale);
        return shape;
    }

    /// Pixels [1, 3, (T,) H, W] as the network sees their latent, float32.
    at::Tensor encode(const at::Tensor& pixels)
    {
        at::Tensor mean = autoencoder().moments(pixels.to(m_device)).to(at::kFloat).chunk(2, 1)[0];
        if (m_form.video && mean.dim() == 4)
            mean = mean.unsqueeze(2);
        else if (!m_form.video && mean.dim() == 5)
            mean = mean.squeeze(2);
        return autoencoder().normalized(toNetwork(mean, m_profile));
    }

    std::vector<Picture> decode(const at::Tensor& latent)
    {
        return decodePictures(autoencoder(), fromNetwork(autoencoder().denormalized(latent), m_profile));
    }

    GenerationResult run(
        const GenerationRequest& request, const JobContext& job, const PreviewCallback& preview)
    {
        const auto begin = Clock::now();
        resetGpuPeak(m_device);
        if (job.progress)
            job.progress->start("encoding text", 0, 0);
        for (const Sentence& note : m_conditioner->notes())
            if (job.progress)
                job.progress->log(LogLevel::Warning, note);
        const Sampled sampled = latent(request, job, preview, {});
        GenerationResult result;
        result.secondsPerStep = sampled.secondsPerStep;
        if (job.progress)
            job.progress->start("decoding", 0, 0);
        if (m_decodes) {
            m_components.keepOnly(m_autoencoder);
            result.pictures = decode(sampled.x);
        }
        result.latentShape = sampled.x.sizes().vec();
        const at::Tensor values = sampled.x.to(at::kCPU, at::kFloat).contiguous();
        result.latents.assign(
            values.const_data_ptr<float>(), values.const_data_ptr<float>() + values.numel());
        result.seconds = secondsSince(begin);
        result.peakBytes = peakResidentBytes();
        result.gpuPeakBytes = gpuPeakBytes(m_device);
        return result;
    }

    GuidedDenoiser denoiserFor(const GenerationRequest& request)
    {
        const auto toLatent = [&](const at::Tensor& pixels) { return encode(pixels); };
        GuidedDenoiser denoiser{network(), m_schedule, m_prediction, m_profile.timestep, m_profile.guidance,
            m_conditioner->encode(request.prompt, false, request), std::nullopt, request.cfg, m_device,
            extraChannels(m_extra, request, noiseShape(request), m_profile.downscale, toLatent), {}};
        if (m_form.references) {
            for (const Picture& reference : request.references)
                denoiser.references.push_back(encode(toTensor(reference)));
        }
        if (request.cfg != 1)
            denoiser.negative = m_conditioner->encode(request.negative, true, request);
        m_components.keepOnly(m_network); // the others' weights have done their work
        return denoiser;
    }

    struct Sampled {
        at::Tensor x;
        double secondsPerStep = 0;
    };

    /// With a watch, progress is the watcher's own: steps are counted, and no phase is announced.
    Sampled latent(const GenerationRequest& request, const JobContext& job, const PreviewCallback& preview,
        const SamplingWatch& watch)
    {
        const GuidedDenoiser denoiser = denoiserFor(request);
        std::vector<double> sigmas = walk(request, watch);
        at::Tensor x = start(request, sigmas);
        const int steps = static_cast<int>(sigmas.size()) - 1;
        if (job.progress && !watch.beforeCall)
            job.progress->start("sampling", 0, static_cast<std::uint32_t>(steps));
        SamplingTask task;
        task.flow = m_schedule.isFlow();
        task.denoise = [&](const at::Tensor& noisy, double sigma) {
            if (watch.beforeCall)
                watch.beforeCall(sigma);
            return denoiser(noisy, sigma);
        };
        // ComfyUI seeds the noise of steps one above that of the start.
        task.noise = noiseStream(request.seed + 1);
        task.onStep = [&](int step, const at::Tensor& denoised) {
            if (job.progress)
                job.progress->addItem();
            if (request.observer)
                report(request.observer, step, sigmas[static_cast<std::size_t>(step) - 1], denoised);
            if (preview && m_decodes && request.previewEvery > 0 && step % request.previewEvery == 0
                && step < steps)
                preview(step, decode(denoised.slice(0, 0, 1)).front());
            return !job.cancelled();
        };
        if (watch.noiseOnly)
            return {lookAtNoise(task, x, sigmas), 0};
        const auto sampling = Clock::now();
        x = sample(request.sampler, task, x, sigmas);
        return {x, secondsSince(sampling) / std::max(1, steps)};
    }

    /// The levels to visit, the last included.
    std::vector<double> walk(const GenerationRequest& request, const SamplingWatch& watch) const
    {
        if (watch.phases <= 1)
            return valueOf(makeSigmas(m_schedule, request.scheduler, request.steps));
        const std::vector<double> fine
            = valueOf(makeSigmas(m_schedule, request.scheduler, request.steps * watch.phases));
        // Schedules may come out shorter than asked for.
        const int last = static_cast<int>(fine.size()) - 1;
        std::vector<double> sigmas;
        for (int step = 0; step < request.steps; ++step) {
            const int level = std::max(0, step * watch.phases - (step > 0 ? watch.phase : 0));
            if (level < last && (sigmas.empty() || fine[static_cast<std::size_t>(level)] < sigmas.back()))
                sigmas.push_back(fine[static_cast<std::size_t>(level)]);
        }
        sigmas.push_back(fine.back());
        return sigmas;
    }

    /// The network's outputs at every level are asked for and dropped.
    at::Tensor lookAtNoise(const SamplingTask& task, const at::Tensor& x, const std::vector<double>& sigmas)
    {
        for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) {
            const double scale = task.flow ? 1 : std::sqrt(1 + sigmas[i] * sigmas[i]);
            task.denoise(task.noise(x) * scale, sigmas[i]);
            if (!task.onStep(static_cast<int>(i) + 1, x))
                throw Failure(Error{ErrorCode::Cancelled, "cancelled", {}, {}});
        }
        return x;
    }

    static void report(const StepObserver& observer, int step, double sigma, const at::Tensor& denoised)
    {
        const at::Tensor values = denoised.to(at::kCPU, at::kFloat).contiguous();
        observer({step, sigma, {values.const_data_ptr<float>(), static_cast<std::size_t>(values.numel())}});
    }

    /// The latent that sampling starts from; cuts the steps that image to image leaves out.
    at::Tensor start(const GenerationRequest& request, std::vector<double>& sigmas)
    {
        const std::vector<std::int64_t> shape = noiseShape(request);
        const bool fromPicture = startsFromPicture(request, m_extra);
        at::Tensor latent = at::zeros(shape, at::TensorOptions(at::kFloat).device(m_device));
        if (fromPicture) {
            latent = encode(toTensor(request.start)).expand(shape);
            // As ComfyUI: more levels are laid out, and only the last of them are walked.
            const int whole = static_cast<int>(request.steps / request.strength);
            sigmas = valueOf(makeSigmas(m_schedule, request.scheduler, std::max(whole, request.steps)));
            sigmas.erase(sigmas.begin(),
                sigmas.end() - std::min<std::ptrdiff_t>(request.steps + 1, std::ssize(sigmas)));
        }
        const at::Tensor noise = seededNoise(request.seed, shape).to(m_device);
        const double sigma = sigmas.front();
        if (m_schedule.isFlow())
            return noise * sigma + latent * (1 - sigma);
        // Where sampling starts at the highest level, training saw x there with the picture's own variance.
        const bool highest = !fromPicture || sigma >= m_schedule.sigmaMax() - 1e-5;
        return noise * (highest ? std::sqrt(1 + sigma * sigma) : sigma) + latent;
    }

    std::shared_ptr<const Model> m_model;
    at::Device m_device;
    unsigned m_threads;
    std::shared_ptr<PlannedWeights> m_planned; ///< null without a plan
    ComponentSet m_components;
    const ComponentSet::Place* m_network = nullptr;
    const ComponentSet::Place* m_autoencoder = nullptr;
    GenerationProfile m_profile;
    LatentForm m_form;
    ExtraKind m_extra = ExtraKind::None;
    bool m_decodes = true;
    Prediction m_prediction = Prediction::Eps;
    NoiseSchedule m_schedule;
    std::unique_ptr<Conditioner> m_conditioner;
    std::optional<ActivationSimulator> m_simulator;
};

} // namespace

std::unique_ptr<ObservablePipeline> makeObservablePipeline(
    std::shared_ptr<const Model> model, const GeneratorOptions& options)
{
    return std::make_unique<ImagePipeline>(std::move(model), options);
}

Result<std::unique_ptr<ImageGenerator>> makeImagePipeline(
    std::shared_ptr<const Model> model, const GeneratorOptions& options)
{
    return guarded([&]() -> std::unique_ptr<ImageGenerator> {
        const c10::InferenceMode noGradients;
        return makeObservablePipeline(std::move(model), options);
    });
}

} // namespace mantissa
