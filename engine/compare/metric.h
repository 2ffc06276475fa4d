// SPDX-License-Identifier: GPL-3.0-or-later
// How far one picture is from another: the registry of picture metrics. A new metric is one file with a class
// and one line in metric.cpp; the command line, reports and the window list what is registered.
#pragma once

#include "engine/base/error.h"
#include "engine/compare/filters.h"
#include "engine/image/picture.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

enum class Better { Lower, Higher };

struct MetricInfo {
    std::string_view id; ///< name in JSON and CSV ("psnr_db")
    std::string_view name; ///< for people ("PSNR")
    std::string_view unit; ///< "dB"; empty: a plain number
    std::string_view what; ///< one sentence: what it measures, with the source of its definition
    Better better = Better::Lower;
    int decimals = 4; ///< that people get to see
    bool hasMap = false;
};

struct Measurement {
    /// Empty: not defined for pictures of this size. Infinite where two equal pictures have no finite value
    /// (PSNR).
    std::optional<double> value;
    FloatPlane map; ///< 0: equal there, 1: as different as can be; empty where none was asked for or exists
};

/// Stateless: all members may be called from several threads at once.
class Metric {
public:
    virtual ~Metric() = default;
    virtual const MetricInfo& info() const = 0;
    /// Both pictures are 8-bit sRGB of one size, which is not empty.
    virtual Measurement measure(const Picture& reference, const Picture& test, bool wantMap) const = 0;
};

/// All metrics, in the order of tables. Lists and metrics that were given out stay valid to the end of the
/// program.
std::span<const Metric* const> pictureMetrics();
/// For metrics that need something of the user's (lpips.h): becomes the last one, or takes the place of that
/// of its id. Only while nothing is compared: whoever measures counts on as many values as there are metrics.
void addMetric(std::unique_ptr<const Metric> metric);
/// The same rule; nothing happens where there is none of that id.
void removeMetric(std::string_view id);
/// Null where there is none of that id.
const Metric* findMetric(std::string_view id);

/// One measurement for each of pictureMetrics(). Usage where the sizes differ or a picture is empty: no
/// metric is defined then, and scaling one picture would measure the scaling.
Result<std::vector<Measurement>> measurePictures(
    const Picture& reference, const Picture& test, bool wantMaps);

/// Mean over pairs. Undefined values are left out; so are infinite ones, unless all are: a pair of equal
/// pictures must not hide how far the others are apart. Empty where nothing is left.
std::optional<double> meanOf(std::span<const std::optional<double>> values);
/// "31.42 dB", "∞ dB", "not defined".
std::string metricText(const MetricInfo& info, const std::optional<double>& value, bool withUnit = true);

} // namespace mantissa
