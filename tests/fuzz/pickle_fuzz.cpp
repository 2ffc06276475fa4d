// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes are one pickle, as data.pkl is in an archive.
#include "engine/io/pickle_tensors.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace mantissa;
    const auto file = RandomAccessFile::open(fuzz::asFile(data, size));
    fuzz::require(file.has_value());

    PickleMachine strict(PickleMode::Strict);
    PickleStream stream(*file, 0, size, "data.pkl");
    const auto root = strict.run(stream);
    fuzz::require(strict.calls().empty()); // nothing that is not allowed gets past it
    if (root) {
        const auto tensors = findTensors(strict, *root, "x");
        if (!tensors)
            fuzz::checkError(tensors.error());
    } else
        fuzz::checkError(root.error());

    PickleMachine survey(PickleMode::Survey);
    PickleStream again(*file, 0, size, "data.pkl");
    if (const auto loose = survey.run(again))
        if (const auto tensors = findTensors(survey, *loose, "x"); !tensors)
            fuzz::checkError(tensors.error());
    if (root)
        fuzz::require(survey.calls().empty()); // the two ways of looking at a pickle agree
    return 0;
}
