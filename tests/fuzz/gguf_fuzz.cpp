// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/gguf_reader.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto file = mantissa::RandomAccessFile::open(mantissa::fuzz::asFile(data, size));
    mantissa::fuzz::require(file.has_value());
    mantissa::fuzz::exercise(mantissa::openGguf(*file));
    return 0;
}
