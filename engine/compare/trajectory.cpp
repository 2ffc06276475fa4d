// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/trajectory.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace mantissa {

namespace {

struct Header {
    char magic[8];
    std::uint64_t steps, values; ///< values of one step
};
constexpr char kMagic[8] = {'M', 'N', 'T', 'S', 'T', 'E', 'P', '1'};

} // namespace

std::span<const float> Trajectory::step(std::size_t index) const
{
    const std::size_t size = outputs.size() / std::max<std::size_t>(1, steps());
    return std::span(outputs).subspan(index * size, size);
}

void Trajectory::add(double sigma, std::span<const float> output)
{
    sigmas.push_back(sigma);
    outputs.insert(outputs.end(), output.begin(), output.end());
}

std::vector<StepDifference> compareTrajectories(const Trajectory& reference, const Trajectory& test)
{
    std::vector<StepDifference> differences;
    if (reference.sigmas != test.sigmas || reference.outputs.size() != test.outputs.size())
        return differences;
    for (std::size_t i = 0; i < reference.steps(); ++i) {
        const auto a = reference.step(i), b = test.step(i);
        double aa = 0, bb = 0, ab = 0, dd = 0;
        for (std::size_t k = 0; k < a.size(); ++k) {
            const double x = static_cast<double>(a[k]), y = static_cast<double>(b[k]);
            aa += x * x;
            bb += y * y;
            ab += x * y;
            dd += (y - x) * (y - x);
        }
        StepDifference difference;
        difference.sigma = reference.sigmas[i];
        // Two zero vectors agree; one alone has no direction.
        if (dd > 0) {
            difference.cosine = aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
            difference.relativeError = aa > 0 ? std::sqrt(dd / aa) : 1;
        }
        differences.push_back(difference);
    }
    return differences;
}

std::optional<std::size_t> partingStep(std::span<const StepDifference> steps)
{
    for (std::size_t i = 0; i < steps.size(); ++i)
        if (!(steps[i].relativeError <= kPartingError))
            return i + 1;
    return std::nullopt;
}

std::string packTrajectory(const Trajectory& trajectory)
{
    Header header{{}, trajectory.steps(), trajectory.steps() > 0 ? trajectory.step(0).size() : 0};
    std::memcpy(header.magic, kMagic, sizeof kMagic);
    std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
    bytes.append(
        reinterpret_cast<const char*>(trajectory.sigmas.data()), trajectory.sigmas.size() * sizeof(double));
    bytes.append(
        reinterpret_cast<const char*>(trajectory.outputs.data()), trajectory.outputs.size() * sizeof(float));
    return bytes;
}

std::optional<Trajectory> unpackTrajectory(std::string_view bytes)
{
    Header header{};
    if (bytes.size() < sizeof header)
        return std::nullopt;
    std::memcpy(&header, bytes.data(), sizeof header);
    bytes.remove_prefix(sizeof header);
    if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0 || header.steps > bytes.size() / sizeof(double))
        return std::nullopt;
    const std::size_t sigmaBytes = header.steps * sizeof(double), left = bytes.size() - sigmaBytes;
    const bool whole = header.steps == 0 || header.values == 0
        ? left == 0
        : header.values <= left / sizeof(float) / header.steps
            && left == header.steps * header.values * sizeof(float);
    if (!whole)
        return std::nullopt;
    Trajectory trajectory;
    trajectory.sigmas.resize(header.steps);
    if (header.steps > 0) // an empty vector has no place to copy to
        std::memcpy(trajectory.sigmas.data(), bytes.data(), sigmaBytes);
    trajectory.outputs.resize(left / sizeof(float));
    if (left > 0)
        std::memcpy(trajectory.outputs.data(), bytes.data() + sigmaBytes, left);
    return trajectory;
}

} // namespace mantissa
