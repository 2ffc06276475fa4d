// SPDX-License-Identifier: GPL-3.0-or-later
// generate: makes a picture with a checkpoint, an export of it, or a plan that is not exported yet.
#include "app/cli/command.h"
#include "app/cli/option_values.h"
#include "app/cli/plan_options.h"
#include "engine/image/png.h"
#include "engine/sampling/schedule.h"
#include "engine/torch/generation.h"
#include "engine/base/json.h"

#include <CLI/CLI.hpp>
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
        app.add_option("-o,--output", m_output, "The picture to write (.png)")->required();
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
        app.add_option("--image", m_image, "Start from this picture (.png)")->group("Image to image");
        app.add_option("--strength", m_request.strength, "Share of noise that it gets (default 0.75)")
            ->check(CLI::Range(0.01, 1.0))
            ->group("Image to image");
        app.add_option("--preview", m_request.previewEvery, "Write the picture so far to OUT every N steps")
            ->check(CLI::Range(1, 1000));
        app.add_option("--with", m_companions,
            "Another file, for a VAE or text encoder that the model lacks (repeatable)");
        app.add_option("--tokenizer", m_options.tokenizer,
            "T5's spiece.model or its folder, where the text encoder's file has none");
        app.add_option("--embeddings", m_options.embeddings,
            "Text embeddings (.safetensors: context, negative_context, y), where the text encoder cannot run "
            "here");
        app.add_option("--format", m_format, "As if the model were converted to this format");
        app.add_option("--plan", m_plan, "As if it were converted by this plan");
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
        if (Status status = choosePlan(**model); !status)
            return forward(std::move(status));
        auto generator = openGenerator(*model, m_options);
        if (!generator)
            return forward(std::move(generator));
        auto request = (*generator)->resolve(m_request);
        if (!request)
            return forward(std::move(request));
        m_request = *request;
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

    Status checkOutput() const
    {
        std::error_code ignored;
        for (int i = 0; i < m_request.batch; ++i) {
            const fs::path path = pathOf(i);
            if (fs::exists(path, ignored) && !m_overwrite)
                return tl::unexpected(Error{ErrorCode::Usage, "the file exists already", path.string(),
                    "add --overwrite to replace it"});
        }
        return {};
    }

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
        if (!m_image.empty()) {
            auto image = readPng(m_image);
            if (!image)
                return tl::unexpected(image.error());
            m_request.start = std::move(image->picture);
        }
        for (const std::string& file : m_companions) {
            auto companion = openNativeModel(console, file);
            if (!companion)
                return tl::unexpected(companion.error());
            m_options.companions.push_back(std::move(*companion));
        }
        return {};
    }

    Status choosePlan(const Model& model)
    {
        if (!m_format.empty() && !m_plan.empty())
            return fail(ErrorCode::Usage, "--format and --plan both say what the model is converted to");
        if (!m_format.empty()) {
            const Choice choice{m_format, {}};
            if (Status status = checkChoice(choice); !status)
                return status;
            m_options.plan = std::make_shared<QuantPlan>(defaultPlan(model, choice));
        } else if (!m_plan.empty()) {
            auto plan = readPlan(m_plan);
            if (!plan)
                return tl::unexpected(std::move(plan.error()));
            m_options.plan = std::make_shared<QuantPlan>(std::move(*plan));
        }
        return {};
    }

    fs::path pathOf(int index) const
    {
        if (m_request.batch == 1)
            return m_output;
        const fs::path path = m_output;
        return path.parent_path()
            / fmt::format("{}-{}{}", path.stem().string(), index + 1, path.extension().string());
    }

    Status write(const Picture& picture, int index, bool preview) const
    {
        PngTexts texts{
            {"parameters", parametersText(m_request, m_modelName, index)}, {"Software", "Mantissa"}};
        return writePng(pathOf(index), picture, texts, m_overwrite || preview || m_request.previewEvery > 0);
    }

    int finish(const Console& console, const GenerationResult& result) const
    {
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
        Json document{{"file", files.front()}, {"seed", m_request.seed}, {"seconds", result.seconds},
            {"seconds_per_step", result.secondsPerStep}, {"peak_bytes", result.peakBytes}};
        if (files.size() > 1)
            document["files"] = files;
        document["sampler"] = m_request.sampler;
        document["scheduler"] = m_request.scheduler;
        document["steps"] = m_request.steps;
        document["cfg"] = m_request.cfg;
        document["size"] = {m_request.width, m_request.height};
        console.document(document);
        return 0;
    }

    std::string m_model, m_modelName, m_output, m_size, m_image, m_format, m_plan, m_memoryLimit;
    std::vector<std::string> m_companions;
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
