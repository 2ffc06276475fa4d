// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/picture_run.h"

#include "engine/compare/shipped_prompts.h"

#include <QFileInfo>

#include <algorithm>

namespace mantissa::ui {

namespace {

QString uniqueName(const QString& name, const std::vector<ComparisonRecord::Variant>& others)
{
    const auto taken = [&](const QString& candidate) {
        return std::any_of(others.begin(), others.end(),
            [&](const ComparisonRecord::Variant& other) { return other.name == candidate; });
    };
    QString candidate = name;
    for (int n = 2; taken(candidate); ++n)
        candidate = QStringLiteral("%1 (%2)").arg(name).arg(n);
    return candidate;
}

/// The command line compares files as they are detected.
bool isDetected(const DetectionOverrides& overrides)
{
    return overrides.architecture.empty() && overrides.variant.empty() && overrides.prediction.empty();
}

} // namespace

Result<PictureJob> pictureJobOf(const PictureRun& run)
{
    const ComparisonSettings& settings = run.settings;
    auto prompts = givenPrompts(settings.prompts);
    if (prompts && prompts->empty())
        prompts = shippedPrompts(*run.model);
    if (!prompts)
        return forward(std::move(prompts));
    if (settings.count > 0)
        prompts->resize(std::min(prompts->size(), static_cast<std::size_t>(settings.count)));
    PictureJob job;
    job.overrides = run.overrides;
    job.remake = settings.remake;
    job.model = run.model;
    job.record = {{}, false, std::move(*prompts), run.seeds, settings.steps, settings.width, settings.height,
        settings.sampling, settings.negative, run.statistics, run.lpips, isDetected(run.overrides),
        run.parts};
    auto& variants = job.record.variants;
    variants.push_back({QFileInfo(run.original).completeBaseName(), run.original, {}, nullptr});
    for (const VariantChoice& choice : run.wanted) {
        ComparisonRecord::Variant variant{uniqueName(choice.name(), variants), {}, {}, nullptr};
        if (choice.kind == VariantChoice::Kind::Format)
            variant.format = choice.value;
        else if (choice.kind == VariantChoice::Kind::File)
            variant.file = choice.value;
        else
            variant.plan = run.plan;
        variants.push_back(std::move(variant));
    }
    return job;
}

} // namespace mantissa::ui
