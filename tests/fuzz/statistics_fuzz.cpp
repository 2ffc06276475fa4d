// SPDX-License-Identifier: GPL-3.0-or-later
// Statistics files come from strangers: any bytes give statistics or an error.
#include "engine/calibration/statistics_file.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto file = mantissa::StatisticsFile::open(mantissa::fuzz::asFile(data, size));
    if (!file) {
        mantissa::fuzz::checkError(file.error());
        return 0;
    }
    for (const auto& [name, index] : (*file)->layers()) {
        const auto layer = (*file)->layer(name);
        if (!layer)
            mantissa::fuzz::checkError(layer.error());
        else
            mantissa::fuzz::require(layer->mean.size() == layer->channels);
    }
    return 0;
}
