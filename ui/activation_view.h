// SPDX-License-Identifier: GPL-3.0-or-later
// What the window shows of the inputs of one layer: bars, clip lines, error, and all of it in words. Made
// from counters on an engine thread.
#pragma once

#include "engine/calibration/live_view.h"
#include "engine/calibration/statistics_file.h"
#include "engine/plan/plan.h"

#include <QString>
#include <QVector>

#include <memory>
#include <vector>

namespace mantissa::ui {

/// The number grid that a runtime rounds the inputs of a layer to when it is stored so.
struct InputGrid {
    RangeGrid grid = RangeGrid::Int8;
    QString name; ///< "FP8 E4M3"
    bool rounds = true; ///< false: inputs stay in 16 bits, and the grid is only for comparison
    double largest = 0; ///< the largest value without a scale; 0: the scale follows the inputs
    bool storesClip = false; ///< a file can say where inputs are cut (Choice::inputClip)
    double planClip = 0; ///< where the plan cuts them; 0: it does not say
};
InputGrid inputGridOf(const Choice& choice);

struct ActivationView {
    QString layer;
    std::size_t channels = 0;
    std::uint64_t tokens = 0;
    InputGrid grid;
    std::shared_ptr<const MagnitudeHistogram> histogram; ///< never null
    QVector<double> centres, counts; ///< bars of equal width over [0, amax]
    double barWidth = 0;
    /// Clip lines; `chosen` has the least squared error.
    double amax = 0, p99 = 0, p999 = 0, p9999 = 0, chosen = 0;
    double plannedSnrDb = 0; ///< signal to error where the inputs are cut (plannedClip)
    std::vector<float> channelLargest; ///< of each channel
    std::uint32_t stepsDone = 0, stepsTotal = 0; ///< of a run under way
    std::vector<float> bucketLargest; ///< maxima over the timesteps, from clean to noisy; 0: none seen
    std::size_t prompt = 0, prompts = 0; ///< of a run under way; 0: it is over
};

/// What clipping there would do.
struct ClipOutcome {
    double clippedShare = 0; ///< of the values, 0 to 1
    double snrDb = 0; ///< signal to error with one scale for all values
};
ClipOutcome clipAt(const ActivationView& view, double clip);

/// Where inputs are cut: where the plan says, else where the error is least.
double plannedClip(const ActivationView& view);

ActivationView makeView(const LiveView& live, const InputGrid& grid);
ActivationView makeView(const std::string& layer, const LayerStatistics& statistics, const InputGrid& grid);

/// What the pointer sees at a magnitude: "3.2: 0.12 % of the values are larger".
QString readoutText(const ActivationView& view, double magnitude);
/// What the format does to such inputs, in a sentence.
QString gridRemark(const ActivationView& view);
/// A small histogram in words: "largest 3.2, 31.4 dB".
QString shortViewText(const ActivationView& view);
/// The plot in words, for those who do not see it.
QString viewText(const ActivationView& view, double clip);
/// "0.013 %" with as many digits as small shares need.
QString shareText(double share);

} // namespace mantissa::ui
