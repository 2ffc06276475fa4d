// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/shard_index.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace mantissa;
    const auto file = RandomAccessFile::open(fuzz::asFile(data, size));
    fuzz::require(file.has_value());
    const auto index = readShardIndex(**file);
    if (!index) {
        fuzz::checkError(index.error());
        return 0;
    }
    for (const std::string& shard : index->shards)
        fuzz::require(isPlainFileName(shard) && shard.find('/') == std::string::npos && shard != "..");
    for (const ShardIndex::Tensor& tensor : index->tensors)
        fuzz::require(tensor.shard < index->shards.size());
    return 0;
}
