// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activation_view.h"

#include "engine/formats/activation_grid.h"
#include "ui/text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace mantissa::ui {

namespace {

constexpr std::size_t kBars = 256; // more is thinner than a pixel
constexpr double kMostDb = 200; // an error of nothing at all
constexpr double kLargestE4M3 = 448;

struct ActivationText {
    Q_DECLARE_TR_FUNCTIONS(ActivationText)
};

/// Bars over [0, amax]: neighbouring bins together.
void fillBars(ActivationView& view)
{
    const MagnitudeHistogram& histogram = *view.histogram;
    const double width = histogram.binWidth();
    const auto used = static_cast<std::size_t>(std::ceil(histogram.upperEdge() / width));
    const std::size_t group = std::max<std::size_t>(1, (used + kBars - 1) / kBars);
    view.barWidth = width * static_cast<double>(group);
    for (std::size_t first = 0; first < used; first += group) {
        double sum = 0;
        for (std::size_t bin = first; bin < std::min(first + group, MagnitudeHistogram::kBins); ++bin)
            sum += static_cast<double>(histogram.counts()[bin]);
        view.centres << (static_cast<double>(first) + 0.5 * static_cast<double>(group)) * width;
        view.counts << sum;
    }
}

ActivationView fromHistogram(const MagnitudeHistogram& histogram, const InputGrid& grid)
{
    ActivationView view;
    view.grid = grid;
    view.histogram = std::make_shared<const MagnitudeHistogram>(histogram);
    view.amax = maxRange(histogram).clip;
    view.p99 = histogram.quantile(0.99);
    view.p999 = histogram.quantile(0.999);
    view.p9999 = histogram.quantile(0.9999);
    view.chosen = mseRange(histogram, grid.grid).clip;
    view.plannedSnrDb = clipAt(view, plannedClip(view)).snrDb;
    fillBars(view);
    return view;
}

QString number(double value)
{
    return QLocale().toString(value, 'g', 4);
}

} // namespace

namespace {

InputGrid gridOf(const Choice& choice)
{
    switch (activationGridOf(choice.format, choice.params)) {
    case ActivationGrid::Fp8Tensor:
        return {RangeGrid::Float8E4M3, QStringLiteral("FP8 E4M3"), true, kLargestE4M3};
    case ActivationGrid::Mxfp8:
        return {RangeGrid::Float8E4M3, QStringLiteral("MXFP8"), true, 0};
    case ActivationGrid::Nvfp4:
        return {RangeGrid::Float4E2M1, QStringLiteral("NVFP4"), true, 0};
    case ActivationGrid::Int8Row:
        return {RangeGrid::Int8, QStringLiteral("INT8"), true, 0};
    case ActivationGrid::Int4Row:
    case ActivationGrid::Int4Group64:
        return {RangeGrid::Int4, QStringLiteral("INT4"), true, 0};
    case ActivationGrid::None:
        return {RangeGrid::Int8, QStringLiteral("INT8"), false, 0};
    }
    return {};
}

} // namespace

InputGrid inputGridOf(const Choice& choice)
{
    InputGrid grid = gridOf(choice);
    grid.storesClip = inputScaleRange(choice.format, choice.params) > 0;
    grid.planClip = choice.inputClip;
    return grid;
}

ClipOutcome clipAt(const ActivationView& view, double clip)
{
    ClipOutcome outcome;
    const MagnitudeHistogram& histogram = *view.histogram;
    const auto total = static_cast<double>(histogram.total());
    if (total <= 0 || clip <= 0)
        return outcome;
    double above = 0;
    const double width = histogram.binWidth();
    for (std::size_t bin = 0; bin < MagnitudeHistogram::kBins; ++bin) {
        const double low = static_cast<double>(bin) * width;
        const double part = std::clamp((low + width - clip) / width, 0.0, 1.0); // straight within a bin
        above += part * static_cast<double>(histogram.counts()[bin]);
    }
    outcome.clippedShare = clip >= view.amax ? 0 : above / total;
    const double error = relativeSquaredError(histogram, view.grid.grid, clip);
    outcome.snrDb = error > 0 ? std::min(kMostDb, -10 * std::log10(error)) : kMostDb;
    return outcome;
}

double plannedClip(const ActivationView& view)
{
    return view.grid.planClip > 0 ? std::min(view.grid.planClip, view.amax) : view.chosen;
}

ActivationView makeView(const LiveView& live, const InputGrid& grid)
{
    ActivationView view = fromHistogram(live.histogram, grid);
    view.layer = toQt(live.layer);
    view.channels = live.channels;
    view.tokens = live.tokens;
    view.bucketLargest = live.bucketLargest;
    view.channelLargest = live.channelAbsMax;
    view.stepsDone = live.stepsDone;
    view.stepsTotal = live.stepsTotal;
    view.prompt = live.prompt;
    view.prompts = live.prompts;
    return view;
}

ActivationView makeView(const std::string& layer, const LayerStatistics& statistics, const InputGrid& grid)
{
    ActivationView view = fromHistogram(statistics.histogram, grid);
    view.layer = toQt(layer);
    view.channels = statistics.channels;
    view.tokens = statistics.tokens;
    view.channelLargest = statistics.absMax;
    for (int bucket = 0; bucket < kTimestepBuckets && statistics.channels > 0; ++bucket) {
        const auto first = statistics.bucketAbsMax.begin()
            + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(bucket) * statistics.channels);
        view.bucketLargest.push_back(
            *std::max_element(first, first + static_cast<std::ptrdiff_t>(statistics.channels)));
    }
    return view;
}

QString shareText(double share)
{
    const double percent = 100 * share;
    const int digits = percent <= 0 ? 0 : percent >= 10 ? 1 : percent >= 0.1 ? 2 : 4;
    return ActivationText::tr("%1 %").arg(QLocale().toString(percent, 'f', digits));
}

QString readoutText(const ActivationView& view, double magnitude)
{
    const ClipOutcome there = clipAt(view, magnitude);
    return ActivationText::tr("%1: %2 of the values are larger; clipped there, %3 dB")
        .arg(number(magnitude), shareText(there.clippedShare), QLocale().toString(there.snrDb, 'f', 1));
}

QString gridRemark(const ActivationView& view)
{
    if (!view.grid.rounds)
        return ActivationText::tr(
            "The layer's format keeps inputs in 16 bits; INT8 is shown for comparison.");
    if (view.grid.planClip > 0)
        return ActivationText::tr("The plan cuts the inputs at %1: exports store it as input_scale.")
            .arg(number(view.grid.planClip));
    if (view.grid.storesClip)
        return (view.grid.largest > 0 && view.amax > view.grid.largest
                       ? ActivationText::tr("%1 reaches only %2 without a scale: larger values saturate.")
                               .arg(view.grid.name, number(view.grid.largest))
                           + QLatin1Char(' ')
                       : QString())
            + ActivationText::tr("Drag the clip line to store an input scale for this layer.");
    if (view.grid.largest <= 0)
        return ActivationText::tr(
            "Runtimes scale the inputs of this format as they come, and no file changes that: the clip line "
            "is a question here.");
    return view.amax <= view.grid.largest
        ? ActivationText::tr("%1 reaches %2 without a scale: everything fits.")
              .arg(view.grid.name, number(view.grid.largest))
        : ActivationText::tr(
            "%1 reaches only %2 without a scale: larger values saturate unless the file stores an input "
            "scale.")
              .arg(view.grid.name, number(view.grid.largest));
}

QString shortViewText(const ActivationView& view)
{
    return ActivationText::tr("largest %1, %2 dB")
        .arg(QLocale().toString(view.amax, 'g', 3), QLocale().toString(view.plannedSnrDb, 'f', 1));
}

QString viewText(const ActivationView& view, double clip)
{
    const ClipOutcome here = clipAt(view, clip), all = clipAt(view, view.amax);
    QStringList parts;
    parts << ActivationText::tr("%1: %2 channels, %3 tokens.")
                 .arg(view.layer, countText(view.channels), countText(view.tokens))
          << ActivationText::tr(
                 "The largest magnitude is %1; 99.9 % of the values are below %2, 99.99 % below %3.")
                 .arg(number(view.amax), number(view.p999), number(view.p9999))
          << ActivationText::tr("The least error of %1 is at %2.").arg(view.grid.name, number(view.chosen))
          << ActivationText::tr(
                 "Clipping at %1 cuts %2 of the values; the expected signal to error is %3 dB, against %4 dB "
                 "without clipping.")
                 .arg(number(clip), shareText(here.clippedShare), QLocale().toString(here.snrDb, 'f', 1),
                     QLocale().toString(all.snrDb, 'f', 1));
    if (const QString remark = gridRemark(view); !remark.isEmpty())
        parts << remark;
    QStringList buckets;
    for (const float largest : view.bucketLargest)
        buckets << (largest > 0 ? number(static_cast<double>(largest)) : ActivationText::tr("none"));
    if (!buckets.isEmpty())
        parts << ActivationText::tr("Maxima over the timesteps, clean to noisy: %1.")
                     .arg(buckets.join(QStringLiteral("; ")));
    return parts.join(QLatin1Char(' '));
}

} // namespace mantissa::ui
