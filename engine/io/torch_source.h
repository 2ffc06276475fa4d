// SPDX-License-Identifier: GPL-3.0-or-later
// The tensors of a PyTorch checkpoint, once its pickle was evaluated: views into storages somewhere in the
// file.
#pragma once

#include "engine/io/pickle_machine.h"
#include "engine/io/strided_read.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mantissa {

class TorchSource final : public TensorSource {
public:
    /// Where the bytes of a storage begin in the file; an error if they are not there or of another length.
    using Locator = std::function<Result<std::uint64_t>(const PickleStorage& storage, std::uint64_t bytes)>;

    static Result<std::shared_ptr<const TensorSource>> make(
        const std::shared_ptr<const RandomAccessFile>& file, std::string container,
        std::vector<Sentence> warnings, PickleMachine& machine, PickleRef root, const Locator& locate);

    Status read(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const override;

private:
    Status addTensor(std::string name, const PickleMachine& machine, const PickleTensor& tensor,
        const Locator& locate, std::vector<TensorInfo>& tensors);

    std::shared_ptr<const RandomAccessFile> m_file;
    std::vector<std::unique_ptr<const StridedLayout>> m_layouts; ///< null for a tensor that lies densely
};

} // namespace mantissa
