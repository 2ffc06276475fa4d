// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration/statistics_file.h"

#include "engine/calibration/token_choice.h"

#include <map>
#include <optional>

namespace mantissa {

namespace {

using Files = std::vector<std::shared_ptr<const StatisticsFile>>;

/// Prompts of all files in their order; a prompt that is in two would count twice.
Result<std::vector<CalibratedPrompt>> joinPrompts(
    const Files& files, const std::vector<std::filesystem::path>& paths)
{
    std::vector<CalibratedPrompt> prompts;
    std::map<std::uint64_t, std::size_t> owner;
    for (std::size_t i = 0; i < files.size(); ++i)
        for (const CalibratedPrompt& prompt : files[i]->header().prompts) {
            const auto [it, added] = owner.emplace(promptKey(prompt.text, prompt.seed), i);
            if (!added)
                return tl::unexpected(Error{ErrorCode::Usage,
                    sentence("the prompt \"{}\" with seed {} is in two of the files and would count twice",
                        prompt.text, prompt.seed),
                    paths[i].string(), "merge runs over different prompts, or with different seeds"});
            prompts.push_back(prompt);
        }
    return prompts;
}

/// Where each input of the first file is in every other.
Result<std::vector<std::vector<std::size_t>>> matchInputs(
    const Files& files, const std::vector<std::filesystem::path>& paths)
{
    std::vector<std::vector<std::size_t>> places(files.front()->inputCount());
    for (std::size_t f = 0; f < files.size(); ++f) {
        const auto different = [&] {
            return tl::unexpected(Error{ErrorCode::Usage,
                "the files watched different layers, or layers shared their inputs in different ways",
                paths[f].string(), "make both with the same --components and the same version"});
        };
        if (files[f]->layers().size() != files.front()->layers().size()
            || files[f]->inputCount() != files.front()->inputCount())
            return different();
        std::vector<std::optional<std::size_t>> partner(places.size());
        for (const auto& [layer, input] : files.front()->layers()) {
            const auto it = files[f]->layers().find(layer);
            if (it == files[f]->layers().end() || (partner[input] && *partner[input] != it->second))
                return different();
            partner[input] = it->second;
        }
        for (std::size_t i = 0; i < places.size(); ++i) {
            if (!partner[i])
                return different();
            places[i].push_back(*partner[i]);
        }
    }
    return places;
}

} // namespace

Status checkSameRun(const StatisticsHeader& a, const StatisticsHeader& b)
{
    const auto differ = [](std::string_view what, const auto& left, const auto& right) {
        return tl::unexpected(Error{ErrorCode::Usage,
            sentence("the statistics do not belong together: {} is {} in one and {} in the other", what, left,
                right),
            {}, "only runs that differ in nothing but their prompts add up"});
    };
    if (a.modelHash != b.modelHash)
        return differ("the model's hash", a.modelHash, b.modelHash);
    if (a.architecture != b.architecture)
        return differ("the architecture", a.architecture, b.architecture);
    if (a.randomData != b.randomData)
        return differ("random data", a.randomData, b.randomData);
    if (a.components != b.components)
        return differ("what was watched", fmt::format("{}", fmt::join(a.components, ", ")),
            fmt::format("{}", fmt::join(b.components, ", ")));
    if (a.sampler != b.sampler)
        return differ("the sampler", a.sampler, b.sampler);
    if (a.scheduler != b.scheduler)
        return differ("the scheduler", a.scheduler, b.scheduler);
    if (a.steps != b.steps)
        return differ("the number of steps", a.steps, b.steps);
    if (a.cfg != b.cfg)
        return differ("the guidance scale", a.cfg, b.cfg);
    if (a.bucketAxis != b.bucketAxis)
        return differ("the axis of the buckets", a.bucketAxis, b.bucketAxis);
    return {};
}

Status mergeStatistics(const std::vector<std::filesystem::path>& paths, const std::filesystem::path& out,
    bool overwrite, const JobContext& job)
{
    if (paths.size() < 2)
        return fail(ErrorCode::Usage, "merging takes at least two files of statistics");
    Files files;
    for (const auto& path : paths) {
        auto file = StatisticsFile::open(path);
        if (!file)
            return forward(std::move(file));
        files.push_back(std::move(*file));
        if (Status status = checkSameRun(files.front()->header(), files.back()->header()); !status)
            return tl::unexpected(std::move(status.error()).at(path.string()));
    }
    StatisticsHeader header = files.front()->header();
    auto prompts = joinPrompts(files, paths);
    if (!prompts)
        return forward(std::move(prompts));
    header.prompts = std::move(*prompts);
    const auto places = matchInputs(files, paths);
    if (!places)
        return tl::unexpected(places.error());
    if (job.progress)
        job.progress->start("merging", 0, static_cast<std::uint32_t>(places->size()));

    std::vector<InputStatistics> inputs;
    for (std::size_t i = 0; i < places->size(); ++i) {
        auto sum = files.front()->input(i);
        if (!sum)
            return forward(std::move(sum));
        for (std::size_t f = 1; f < files.size(); ++f) {
            const auto other = files[f]->input((*places)[i][f]);
            if (!other)
                return tl::unexpected(other.error());
            if (other->channels != sum->channels || other->hasMoment != sum->hasMoment)
                return tl::unexpected(Error{ErrorCode::Usage,
                    sentence("{} has another width or no second moments", sum->name), paths[f].string(), {}});
            sum->merge(*other);
        }
        inputs.push_back(std::move(*sum));
        if (job.cancelled())
            return fail(ErrorCode::Cancelled, "cancelled");
        if (job.progress)
            job.progress->addItem();
    }
    std::vector<const InputStatistics*> pointers;
    pointers.reserve(inputs.size());
    for (const InputStatistics& input : inputs)
        pointers.push_back(&input);
    return writeStatistics(out, overwrite, header, pointers,
        [&](std::size_t input, std::size_t firstRow, std::span<float> dst) -> Status {
            if (job.cancelled())
                return fail(ErrorCode::Cancelled, "cancelled");
            std::vector<double> sum(dst.size());
            for (std::size_t f = 0; f < files.size(); ++f) {
                if (Status status = files[f]->momentRows((*places)[input][f], firstRow, dst); !status)
                    return status;
                for (std::size_t i = 0; i < dst.size(); ++i)
                    sum[i] += static_cast<double>(dst[i]);
            }
            for (std::size_t i = 0; i < dst.size(); ++i)
                dst[i] = static_cast<float>(sum[i]);
            return {};
        });
}

} // namespace mantissa
