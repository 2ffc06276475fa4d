// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures to make and to compare, in this process or in a worker.
#pragma once

#include "engine/compare/comparison.h"
#include "ui/comparison_command.h"

#include <QByteArray>

#include <memory>
#include <optional>

namespace mantissa::ui {

struct PictureJob {
    ComparisonRecord record; ///< of pictures to make; the first variant is a file as it is
    DetectionOverrides overrides; ///< of that file
    bool remake = false;
    std::shared_ptr<const Model> model; ///< of that file; not sent: null where it is still to be opened
};

/// How every picture is made, as far as the job says it.
GenerationRequest samplingOf(const PictureJob& job);
/// Makes the pictures that are missing, and measures them by all metrics that there are (lpips.h is the
/// caller's), on the calling thread. InvalidInput, naming the file, for what cannot be read; otherwise as
/// runComparison().
Result<Comparison> comparePictures(
    const PictureJob& job, const JobContext& context, const ComparisonWatcher& watcher);

/// One line of JSON, with the line break.
QByteArray toLine(const PictureJob& job);
/// Empty: it is something else.
std::optional<PictureJob> pictureJobFrom(const QByteArray& line);

} // namespace mantissa::ui
