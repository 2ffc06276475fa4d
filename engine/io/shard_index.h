// SPDX-License-Identifier: GPL-3.0-or-later
// The index of a sharded set (`*.index.json`): which file holds which tensor.
#pragma once

#include "engine/io/random_access_file.h"
#include "engine/io/tensor_source.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

struct ShardIndex {
    struct Tensor {
        std::string name;
        std::uint32_t shard = 0; ///< index into `shards`
    };
    std::vector<std::string> shards; ///< plain file names beside the index, sorted
    std::vector<Tensor> tensors; ///< in the order of the index, no name twice
};

/// True for a plain file name: no folder, no "..", nothing that leaves the folder it is looked up in.
bool isPlainFileName(std::string_view name) noexcept;

/// Reads and checks an index. InvalidInput names the byte; a shard name with a path in it is refused.
Result<ShardIndex> readShardIndex(const RandomAccessFile& file);

/// Opens the set that an index describes. InvalidInput names a missing shard or a tensor that is not in its
/// shard.
Result<std::shared_ptr<const TensorSource>> openShardIndex(
    const std::shared_ptr<const RandomAccessFile>& index);

/// Opens shards without an index; the names are plain ones in `folder`.
Result<std::shared_ptr<const TensorSource>> openShards(
    const std::filesystem::path& folder, const std::vector<std::string>& names);

} // namespace mantissa
