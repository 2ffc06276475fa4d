// SPDX-License-Identifier: GPL-3.0-or-later
// The sums XᵀX of all watched inputs: in memory as far as a limit allows, the others in row tiles of a file
// without a name, which vanishes with the process. None is ever left out.
#pragma once

#include "engine/torch/prelude.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace mantissa {

/// All calls may raise Failure: System where the disk is full. Thread rule: one thread at a time.
class SecondMoments {
public:
    /// `limit`: bytes of matrices in memory; `folder`: where the file of the others is made when it is
    /// needed.
    SecondMoments(std::uint64_t limit, std::filesystem::path folder);
    ~SecondMoments();
    SecondMoments(const SecondMoments&) = delete;
    SecondMoments& operator=(const SecondMoments&) = delete;

    /// One more matrix of zeros, channels × channels; gives its index.
    std::size_t add(std::size_t channels);
    /// Adds xᵀx; x: float32 [tokens, channels] on the CPU. For a matrix on the disk it may wait for more
    /// tokens, so that the disk is not read and written for a few.
    void accumulate(std::size_t index, const at::Tensor& x);
    /// Brings everything that waits into its matrix.
    void flush();
    /// Whole rows from firstRow on. Flush before reading.
    void read(std::size_t index, std::size_t firstRow, std::span<float> dst) const;
    void write(std::size_t index, std::size_t firstRow, std::span<const float> rows);
    std::uint64_t spilledBytes() const { return m_fileBytes; }

private:
    struct Matrix {
        std::size_t channels = 0;
        at::Tensor sum; ///< undefined: on the disk
        std::uint64_t offset = 0;
        std::vector<at::Tensor> waiting;
        std::int64_t waitingTokens = 0;
    };
    void flush(Matrix& matrix);
    void openFile();

    std::uint64_t m_limit, m_inMemory = 0, m_fileBytes = 0;
    std::filesystem::path m_folder;
    int m_file = -1;
    std::vector<Matrix> m_matrices;
};

} // namespace mantissa
