// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/calibration/second_moments.h"

#include "engine/base/shortage.h"
#include "engine/calibration/statistics_layout.h"
#include "engine/torch/failure.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace mantissa {

namespace {

/// Tokens that wait for one trip over a matrix on the disk. A prompt of 8 steps brings 8 × 205 of a wide
/// layer.
constexpr std::int64_t kTokensAtOnce = 2048;

[[noreturn]] void refuse(const Sentence& what, const std::filesystem::path& folder, int error)
{
    throw Failure(Error{ErrorCode::System, sentence("{}: {}", what, std::strerror(error)), folder.string(),
        error == ENOSPC || error == EDQUOT ? std::string(kDiskHint)
                                           : "free some space there, or set a higher --memory-limit"});
}

} // namespace

SecondMoments::SecondMoments(std::uint64_t limit, std::filesystem::path folder)
    : m_limit(limit)
    , m_folder(folder.empty() ? std::filesystem::path(".") : std::move(folder))
{ }

SecondMoments::~SecondMoments()
{
    if (m_file >= 0)
        ::close(m_file);
}

void SecondMoments::openFile()
{
    if (m_file >= 0)
        return;
    m_file = ::open(m_folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (m_file < 0) { // a file system without nameless files
        std::string pattern = (m_folder / "mantissa-moments-XXXXXX").string();
        m_file = ::mkostemp(pattern.data(), O_CLOEXEC);
        if (m_file >= 0)
            ::unlink(pattern.c_str());
    }
    if (m_file < 0)
        refuse("second moments could not be kept on the disk", m_folder, errno);
}

std::size_t SecondMoments::add(std::size_t channels)
{
    Matrix matrix;
    matrix.channels = channels;
    const std::uint64_t bytes = std::uint64_t{channels} * channels * sizeof(float);
    const auto n = static_cast<std::int64_t>(channels);
    if (bytes <= m_limit - std::min(m_limit, m_inMemory)) {
        matrix.sum = at::zeros({n, n}, at::kFloat);
        m_inMemory += bytes;
    } else {
        openFile();
        matrix.offset = m_fileBytes;
        m_fileBytes += bytes;
        // A hole reads as zeros; the disk fills when the first tokens come.
        if (::ftruncate(m_file, static_cast<off_t>(m_fileBytes)) != 0)
            refuse("second moments could not be kept on the disk", m_folder, errno);
    }
    m_matrices.push_back(std::move(matrix));
    return m_matrices.size() - 1;
}

void SecondMoments::accumulate(std::size_t index, const at::Tensor& x)
{
    Matrix& matrix = m_matrices[index];
    if (x.size(0) == 0)
        return;
    if (matrix.sum.defined()) {
        at::addmm_out(matrix.sum, matrix.sum, x.t(), x);
        return;
    }
    matrix.waiting.push_back(x);
    matrix.waitingTokens += x.size(0);
    if (matrix.waitingTokens >= kTokensAtOnce)
        flush(matrix);
}

void SecondMoments::flush()
{
    for (Matrix& matrix : m_matrices)
        flush(matrix);
}

void SecondMoments::flush(Matrix& matrix)
{
    if (matrix.waiting.empty())
        return;
    const at::Tensor x = at::cat(matrix.waiting);
    matrix.waiting.clear();
    matrix.waitingTokens = 0;
    const std::size_t index = static_cast<std::size_t>(&matrix - m_matrices.data());
    const auto n = static_cast<std::int64_t>(matrix.channels);
    const auto tile = static_cast<std::int64_t>(momentTileRows(matrix.channels));
    for (std::int64_t first = 0; first < n; first += tile) {
        const std::int64_t rows = std::min(tile, n - first);
        at::Tensor sum = at::empty({rows, n}, at::kFloat);
        const std::span<float> values(sum.mutable_data_ptr<float>(), static_cast<std::size_t>(rows * n));
        read(index, static_cast<std::size_t>(first), values);
        at::addmm_out(sum, sum, x.slice(1, first, first + rows).t(), x);
        write(index, static_cast<std::size_t>(first), values);
    }
}

void SecondMoments::read(std::size_t index, std::size_t firstRow, std::span<float> dst) const
{
    const Matrix& matrix = m_matrices[index];
    if (matrix.sum.defined()) {
        std::copy_n(matrix.sum.const_data_ptr<float>() + firstRow * matrix.channels, dst.size(), dst.data());
        return;
    }
    auto bytes = std::as_writable_bytes(dst);
    std::uint64_t offset = matrix.offset + std::uint64_t{firstRow} * matrix.channels * sizeof(float);
    while (!bytes.empty()) {
        const ssize_t n = ::pread(m_file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            refuse("second moments could not be read on the disk", m_folder, n < 0 ? errno : EIO);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
        offset += static_cast<std::uint64_t>(n);
    }
}

void SecondMoments::write(std::size_t index, std::size_t firstRow, std::span<const float> rows)
{
    Matrix& matrix = m_matrices[index];
    if (matrix.sum.defined()) {
        std::copy(
            rows.begin(), rows.end(), matrix.sum.mutable_data_ptr<float>() + firstRow * matrix.channels);
        return;
    }
    auto bytes = std::as_bytes(rows);
    std::uint64_t offset = matrix.offset + std::uint64_t{firstRow} * matrix.channels * sizeof(float);
    while (!bytes.empty()) {
        const ssize_t n = ::pwrite(m_file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            refuse("second moments could not be written on the disk", m_folder, n < 0 ? errno : ENOSPC);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
        offset += static_cast<std::uint64_t>(n);
    }
}

} // namespace mantissa
