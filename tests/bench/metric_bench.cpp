// SPDX-License-Identifier: GPL-3.0-or-later
// metric_bench [A.png B.png]: milliseconds of each picture metric on one core, median of five, and their
// values. Without arguments, a 1024 × 1024 pair; with a folder as the only argument, writes that pair there.
#include "engine/compare/metric.h"
#include "engine/image/png.h"
#include "tests/support/made_pictures.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

using namespace mantissa;

int main(int argc, char** argv)
{
    Picture a = test::madePicture(1024, 1024, 1), b = test::distorted(a, "noise", 1);
    if (argc == 2) {
        const std::filesystem::path folder = argv[1];
        return writePng(folder / "a.png", a, {}, true) && writePng(folder / "b.png", b, {}, true) ? 0 : 5;
    }
    if (argc == 3) {
        auto first = readPng(argv[1]), second = readPng(argv[2]);
        if (!first || !second)
            return 5;
        a = std::move(first->picture);
        b = std::move(second->picture);
    }
    double total = 0;
    for (const Metric* metric : pictureMetrics()) {
        std::vector<double> times;
        Measurement measurement;
        for (int run = 0; run < 5; ++run) {
            const auto begin = std::chrono::steady_clock::now();
            measurement = metric->measure(a, b, false);
            times.push_back(
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
        }
        std::nth_element(times.begin(), times.begin() + 2, times.end());
        total += times[2];
        fmt::print("mantissa {:10} {:8.1f} ms  {}\n", metric->info().id, times[2],
            metricText(metric->info(), measurement.value));
    }
    fmt::print("mantissa {:10} {:8.1f} ms\n", "all", total);
}
