// SPDX-License-Identifier: GPL-3.0-or-later
// generate: makes a picture with a checkpoint, an export of it, or a plan that is not exported yet.
#include "app/cli/command.h"
#include "app/cli/companion_options.h"
#include "app/cli/option_values.h"
#include "app/cli/plan_options.h"
#include "engine/export/plan_export.h"
#include "engine/image/png.h"
#include "engine/io/atomic_file.h"
#include "engine/io/safetensors_header.h"
#include "engine/sampling/schedule.h"
#include "engine/torch/generation.h"
#include "engine/base/json.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

namespace mantissa::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

class Generate final : public Command {
public:
    void declare(CLI::App& app) override
    {
        app.add_option("-m,--model", m_model, "Checkpoint, shard index or diffusers folder")->required();
        app.add_option("-p,--prompt", m_request.prompt, "What the picture shows; (word:1.2) weighs a word");
        app.add_option("-o,--output", m_output,
               "The picture to write (.png); of videos, the first of the numbered frames")
            ->required();
        app.add_option("--negative", m_request.negative, "What it should not show");
        app.add_option("--seed", m_request.seed, "Seed of the noise (default 0)");
        app.add_option("--steps", m_request.steps, "Sampling steps (default: the model's)")
            ->check(CLI::Range(1, 1000));
        app.add_option("--cfg", m_request.cfg, "Guidance scale; 1: none")->check(CLI::Range(0.0, 100.0));
        app.add_option("--sampler", m_request.sampler, "euler, dpmpp_2m, …")
            ->check(CLI::IsMember(samplerNames()));
        app.add_option("--scheduler", m_request.scheduler, "normal, karras, …")
            ->check(CLI::IsMember(schedulerNames()));
        app.add_option("--size", m_size, "Pixels, as in 512x768 (default: the model's)");
        app.add_option("--batch", m_request.batch, "Pictures at once")->check(CLI::Range(1, 64));
        app.add_option("--frames", m_request.frames, "Frames of a video: 1, 5, 9, … (default: the model's)")
            ->check(CLI::Range(1, 1000));
        app.add_option("--latents", m_latents,
            "Write the latents too (.safetensors: latents, in the network's units); OUT may be - then, and "
            "nothing is decoded");
        app.add_option("--image", m_image,
               "Start from this picture (.png); what an inpainting network fills, image to video moves and "
               "SeedVR2 restores")
            ->group("Image to image");
        app.add_option("--mask", m_mask, "White where an inpainting network makes the picture anew (.png)")
            ->group("Image to image");
        app.add_option("--reference", m_references,
               "A picture to look at (.png), for FLUX.1 Kontext, Qwen-Image-Edit and FLUX.2; the map of "
               "FLUX.1 "
               "Depth and Canny (repeatable)")
            ->group("Image to image");
        app.add_option("--strength", m_request.strength, "Share of noise that it gets (default 0.75)")
            ->check(CLI::Range(0.01, 1.0))
            ->group("Image to image");
        app.add_option("--preview", m_request.previewEvery, "Write the picture so far to OUT every N steps")
            ->check(CLI::Range(1, 1000));
        m_companions.declare(app, m_options, "Model");
        app.add_option("--format", m_format, "As if the model were converted to this format");
        app.add_option("--plan", m_plan, "As if it were converted by this plan");
        app.add_option("--calibration", m_calibration,
            "Statistics of 'mantissa calibrate', for plans with the recipes light, balanced (then that of "
            "--format) and best");
        app.add_flag("--runtime-activations", m_options.runtimeActivations,
            "Round the inputs of quantized layers as the format's runtime does (INT8 multiplies in INT8)");
        app.add_flag("--overwrite", m_overwrite, "Replace an existing picture");
        declareMachine(app, m_options);
        app.add_option("--memory-limit", m_memoryLimit,
               "Weights kept in memory, as in 8GB; the rest is read at each step")
            ->group("Machine");
    }

    int run(const Console& console) override
    {
        const auto pictures = make(console);
        return pictures ? finish(console, *pictures) : console.report(pictures.error());
    }

private:
    Result<GenerationResult> make(const Console& console)
    {
        if (Status status = checkOutput(); !status)
            return forward(std::move(status));
        if (Status status = readOptions(console); !status)
            return forward(std::move(status));
        auto model = openNativeModel(console, m_model);
        if (!model)
            return forward(std::move(model));
        m_modelName = fs::path(m_model).stem().string();
        if (Status status = choosePlan(console, *model); !status)
            return forward(std::move(status));
        auto generator = openGenerator(*model, m_options);
        if (!generator)
            return forward(std::move(generator));
        auto request = (*generator)->resolve(m_request);
        if (!request)
            return forward(std::move(request));
        m_request = *request;
        if (Status status = checkOutput(); !status)
            return forward(std::move(status));
        return runJob(console, [&](const JobContext& job) {
            return (*generator)->generate(m_request, job, [&](int step, const Picture& picture) {
                // A preview that cannot be written is no reason to lose the picture.
                if (const Status written = write(picture, 0, true); !written)
                    console.warn(written.error().message);
                else
                    console.note(fmt::format("step {}: preview in {}", step, m_output));
            });
        });
    }

    /// Before anything is made, and again when it is known how many frames there are.
    Status checkOutput() const
    {
        std::vector<fs::path> paths;
        if (!m_latents.empty())
            paths.emplace_back(m_latents);
        for (int i = 0; writesPictures() && i < pictureCount(); ++i)
            paths.push_back(pathOf(i));
        if (paths.empty())
            return tl::unexpected(Error{ErrorCode::Usage, "there is nothing to write", {},
                "name a picture with -o, or a file of latents with --latents"});
        std::error_code ignored;
        for (const fs::path& path : paths) {
            if (fs::exists(path, ignored) && !m_overwrite)
                return tl::unexpected(Error{ErrorCode::Usage, "the file exists already", path.string(),
                    "add --overwrite to replace it"});
        }
        return {};
    }

    bool writesPictures() const { return m_output != "-"; }
    int pictureCount() const { return m_request.batch * std::max(1, m_request.frames); }

    Status readOptions(const Console& console)
    {
        if (!m_size.empty()) {
            const auto size = parsePixelSize(m_size);
            if (!size)
                return tl::unexpected(size.error());
            m_request.width = size->width;
            m_request.height = size->height;
        }
        if (!m_memoryLimit.empty()) {
            const auto bytes = parseSize(m_memoryLimit);
            if (!bytes)
                return tl::unexpected(bytes.error());
            m_options.memoryLimit = *bytes;
        }
        m_options.latentsOnly = !writesPictures();
        if (Status status = readPictures(); !status)
            return status;
        return m_companions.open(console, m_options);
    }

    Status readPictures()
    {
        const auto read = [](const std::string& path, Picture& picture) -> Status {
            auto image = readPng(path);
            if (!image)
                return tl::unexpected(image.error());
            picture = std::move(image->picture);
            return {};
        };
        if (!m_image.empty()) {
            if (Status status = read(m_image, m_request.start); !status)
                return status;
        }
        if (!m_mask.empty()) {
            if (Status status = read(m_mask, m_request.mask); !status)
                return status;
        }
        for (const std::string& path : m_references) {
            if (Status status = read(path, m_request.references.emplace_back()); !status)
                return status;
        }
        return {};
    }

    Status choosePlan(const Console& console, const std::shared_ptr<const Model>& model)
    {
        if (!m_format.empty() && !m_plan.empty())
            return fail(ErrorCode::Usage, "--format and --plan both say what the model is converted to");
        if (!m_format.empty()) {
            const Choice choice{m_format, {}};
            if (Status status = checkChoice(choice); !status)
                return status;
            m_options.plan = std::make_shared<QuantPlan>(defaultPlan(*model, choice));
        } else if (!m_plan.empty()) {
            auto plan = readPlan(m_plan);
            if (!plan)
                return tl::unexpected(std::move(plan.error()));
            m_options.plan = std::make_shared<QuantPlan>(std::move(*plan));
        }
        return m_calibration.empty() ? Status() : readStatistics(console, model);
    }

    Status readStatistics(const Console& console, const std::shared_ptr<const Model>& model)
    {
        if (!m_options.plan)
            return tl::unexpected(Error{ErrorCode::Usage, "--calibration is for a model that is converted",
                {}, "name a plan with --plan, or a format with --format"});
        auto plan = std::make_shared<QuantPlan>(*m_options.plan);
        if (!m_format.empty())
            plan->recipe = "balanced"; // as quantize chooses
        const auto recipe = recipeOf(*plan);
        if (!recipe)
            return tl::unexpected(recipe.error());
        m_options.plan = std::move(plan);
        if (!needsStatistics(*recipe)) {
            console.warn(fmt::format("the recipe {} uses no statistics", m_options.plan->recipe));
            return {};
        }
        auto inputs = runJob(
            console, [&](const JobContext& job) { return openStatisticsFor(m_calibration, *model, job); });
        if (!inputs)
            return tl::unexpected(inputs.error());
        m_options.statistics = inputs->statistics;
        return {};
    }

    fs::path pathOf(int index) const
    {
        if (pictureCount() == 1)
            return m_output;
        const fs::path path = m_output;
        const int frames = std::max(1, m_request.frames);
        std::string name = path.stem().string();
        if (m_request.batch > 1)
            name += fmt::format("-{}", index / frames + 1);
        if (frames > 1)
            name += fmt::format("-{:04}", index % frames + 1); // as ffmpeg's %04d reads them
        return path.parent_path() / fmt::format("{}{}", name, path.extension().string());
    }

    Status write(const Picture& picture, int index, bool preview) const
    {
        PngTexts texts{
            {"parameters", parametersText(m_request, m_modelName, index / std::max(1, m_request.frames))},
            {"Software", "Mantissa"}};
        return writePng(pathOf(index), picture, texts, m_overwrite || preview || m_request.previewEvery > 0);
    }

    Status writeLatents(const GenerationResult& result) const
    {
        if (m_latents.empty())
            return {};
        const auto header = makeSafetensorsHeader({{"latents", DType::F32, result.latentShape}},
            {{"parameters", parametersText(m_request, m_modelName, 0)}, {"software", "Mantissa"}});
        if (!header)
            return tl::unexpected(header.error());
        std::string bytes = header->bytes;
        bytes.append(
            reinterpret_cast<const char*>(result.latents.data()), result.latents.size() * sizeof(float));
        return writeFileAtomically(m_latents, bytes, m_overwrite);
    }

    int finish(const Console& console, const GenerationResult& result) const
    {
        if (const Status written = writeLatents(result); !written)
            return console.report(written.error());
        Json files = Json::array();
        for (std::size_t i = 0; i < result.pictures.size(); ++i) {
            const int index = static_cast<int>(i);
            if (const Status written = write(result.pictures[i], index, false); !written)
                return console.report(written.error());
            files.push_back(pathOf(index).string());
            console.print(fmt::format("{}\n", pathOf(index).string()));
        }
        console.print(fmt::format("{} × {}, seed {}, {} steps, {:.2f} s ({:.3f} s a step), peak {}\n",
            m_request.width, m_request.height, m_request.seed, m_request.steps, result.seconds,
            result.secondsPerStep, humanBytes(result.peakBytes)));
        Json document{{"file", files.empty() ? Json() : files.front()}, {"seed", m_request.seed},
            {"seconds", result.seconds}, {"seconds_per_step", result.secondsPerStep},
            {"peak_bytes", result.peakBytes}};
        if (files.size() > 1)
            document["files"] = files;
        if (!m_latents.empty())
            document["latents"] = m_latents;
        if (m_request.frames > 1)
            document["frames"] = m_request.frames;
        document["sampler"] = m_request.sampler;
        document["scheduler"] = m_request.scheduler;
        document["steps"] = m_request.steps;
        document["cfg"] = m_request.cfg;
        document["size"] = {m_request.width, m_request.height};
        console.document(document);
        return 0;
    }

    std::string m_model, m_modelName, m_output, m_size, m_image, m_mask, m_latents, m_format, m_plan,
        m_calibration, m_memoryLimit;
    std::vector<std::string> m_references;
    CompanionOptions m_companions;
    GenerationRequest m_request;
    GeneratorOptions m_options;
    bool m_overwrite = false;
};

} // namespace

std::unique_ptr<Command> makeGenerate()
{
    return std::make_unique<Generate>();
}

} // namespace mantissa::cli
