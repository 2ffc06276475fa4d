// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/picture_run.h"

#include "engine/compare/shipped_prompts.h"
#include "engine/export/plan_export.h"
#include "ui/native_model.h"
#include "ui/text.h"

#include <QFileInfo>

#include <algorithm>

namespace mantissa::ui {

namespace {

constexpr int kPreviewEvery = 4; ///< steps; a preview costs one decoding

std::string uniqueName(std::string name, const std::vector<VariantSpec>& others)
{
    const auto taken = [&](const std::string& candidate) {
        return std::any_of(
            others.begin(), others.end(), [&](const VariantSpec& other) { return other.name == candidate; });
    };
    std::string candidate = name;
    for (int n = 2; taken(candidate); ++n)
        candidate = fmt::format("{} ({})", name, n);
    return candidate;
}

} // namespace

Result<std::pair<ComparisonRequest, ComparisonRecord>> preparePictures(
    const PictureRun& run, const JobContext& job)
{
    const ComparisonSettings& settings = run.settings;
    ComparisonRequest request;
    auto prompts = givenPrompts(settings.prompts);
    if (prompts && prompts->empty())
        prompts = shippedPrompts(*run.model);
    if (!prompts)
        return forward(std::move(prompts));
    request.prompts = std::move(*prompts);
    if (settings.count > 0)
        request.prompts.resize(std::min(request.prompts.size(), static_cast<std::size_t>(settings.count)));
    request.seeds = run.seeds;
    request.remake = settings.remake;
    request.settings.steps = settings.steps;
    request.settings.width = settings.width;
    request.settings.height = settings.height;
    request.settings.sampler = toStd(settings.sampling.sampler);
    request.settings.scheduler = toStd(settings.sampling.scheduler);
    request.settings.cfg = settings.sampling.cfg;
    request.settings.negative = toStd(settings.negative);
    request.settings.previewEvery = kPreviewEvery;
    auto options = generatorOptions(run.parts);
    if (!options)
        return forward(std::move(options));
    request.options = std::move(*options);
    std::shared_ptr<const StatisticsFile> statistics;
    if (!run.statistics.isEmpty()) {
        auto inputs = openStatisticsFor(toPath(run.statistics), *run.model, job);
        if (!inputs)
            return forward(std::move(inputs));
        statistics = std::move(inputs->statistics);
    }
    ComparisonRecord record{{}, false, request.prompts, request.seeds, settings.steps, settings.width,
        settings.height, settings.sampling, settings.negative, run.statistics, {}, run.detected, run.parts};
    const auto add = [&](VariantSpec spec, ComparisonRecord::Variant variant) {
        variant.name = toQt(spec.name);
        request.variants.push_back(std::move(spec));
        record.variants.push_back(std::move(variant));
    };
    add({toStd(QFileInfo(run.original).completeBaseName()), run.model, nullptr, nullptr},
        {{}, run.original, {}, nullptr});
    for (const VariantChoice& choice : run.wanted) {
        VariantSpec spec{uniqueName(toStd(choice.name()), request.variants), run.model, run.plan, statistics};
        ComparisonRecord::Variant variant;
        if (choice.kind == VariantChoice::Kind::Format) {
            spec.plan
                = std::make_shared<const QuantPlan>(defaultPlan(*run.model, Choice{toStd(choice.value), {}}));
            variant.format = choice.value;
        } else if (choice.kind == VariantChoice::Kind::File) {
            auto opened = openNative(choice.value);
            if (!opened)
                return forward(std::move(opened));
            spec.model = std::move(*opened);
            spec.plan = nullptr;
            variant.file = choice.value;
        } else {
            variant.plan = run.plan;
        }
        add(std::move(spec), std::move(variant));
    }
    return std::pair(std::move(request), std::move(record));
}

} // namespace mantissa::ui
