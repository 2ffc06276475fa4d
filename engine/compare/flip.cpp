// SPDX-License-Identifier: GPL-3.0-or-later
// ꟻLIP for pictures of low dynamic range, from the paper: Andersson, Nilsson, Akenine-Möller, Oskarsson,
// Åström, Fairchild: "FLIP: A Difference Evaluator for Alternating Images", Proc. ACM CGIT 3(2), 2020.
// Numbers of sections and equations below are those of the paper.
#include "engine/compare/metric.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace mantissa {

namespace {

constexpr double kPi = std::numbers::pi;
/// Section 5: a 0.7 m wide 3840-pixel display seen from 0.7 m, pixels per degree of visual angle.
constexpr double kPixelsPerDegree = 0.7 * (3840 / 0.7) * (kPi / 180); // 67.02

// Table 1: the Gaussians of the contrast sensitivity functions in the spatial domain, Equation 4:
// a·√(π/b)·exp(−π²d²/b), d in degrees; achromatic, red-green, blue-yellow (two terms).
struct Sensitivity {
    double a, b;
};
constexpr Sensitivity kAchromatic{1, 0.0047}, kRedGreen{1, 0.0053}, kBlueYellow1{34.1, 0.04},
    kBlueYellow2{13.5, 0.025};

constexpr float kColourExponent = 0.7f; ///< qc, section 4.1.3
constexpr float kKneeIn = 0.4f, kKneeOut = 0.95f; ///< pc and pt, section 4.1.3
constexpr double kFeatureWidth = 0.082; ///< w, degrees, section 4.2.1
// qf = 0.5, section 4.2.2: a square root below.

/// Linear sRGB to XYZ: the matrix of the sRGB primaries and white D65 in exact fractions (CSS Color 4, sample
/// code), each row divided by the white point, so that white becomes (1, 1, 1).
struct ColourMatrices {
    std::array<std::array<float, 3>, 3> toXyz{}, fromXyz{};

    ColourMatrices()
    {
        const double m[3][3] = {{506752.0 / 1228815, 87881.0 / 245763, 12673.0 / 70218},
            {87098.0 / 409605, 175762.0 / 245763, 12673.0 / 175545},
            {7918.0 / 409605, 87881.0 / 737289, 1001167.0 / 1053270}};
        double n[3][3];
        for (int r = 0; r < 3; ++r)
            for (int c = 0; c < 3; ++c)
                n[r][c] = m[r][c] / (m[r][0] + m[r][1] + m[r][2]);
        const auto minor = [&](int r, int c) { // cofactor with its sign, by cyclic indices
            const int r1 = (r + 1) % 3, r2 = (r + 2) % 3, c1 = (c + 1) % 3, c2 = (c + 2) % 3;
            return n[r1][c1] * n[r2][c2] - n[r1][c2] * n[r2][c1];
        };
        const double determinant = n[0][0] * minor(0, 0) + n[0][1] * minor(0, 1) + n[0][2] * minor(0, 2);
        for (int r = 0; r < 3; ++r)
            for (int c = 0; c < 3; ++c) {
                toXyz[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)] = static_cast<float>(n[r][c]);
                fromXyz[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)]
                    = static_cast<float>(minor(c, r) / determinant);
            }
    }
    static std::array<float, 3> times(const std::array<std::array<float, 3>, 3>& m, float x, float y, float z)
    {
        return {m[0][0] * x + m[0][1] * y + m[0][2] * z, m[1][0] * x + m[1][1] * y + m[1][2] * z,
            m[2][0] * x + m[2][1] * y + m[2][2] * z};
    }
};

const ColourMatrices& matrices()
{
    static const ColourMatrices kMatrices;
    return kMatrices;
}

/// IEC 61966-2-1, for the 256 codes.
const std::array<float, 256>& linearValues()
{
    static const auto kTable = [] {
        std::array<float, 256> table{};
        for (std::size_t i = 0; i < table.size(); ++i) {
            const double v = static_cast<double>(i) / 255;
            table[i] = static_cast<float>(v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
        }
        return table;
    }();
    return kTable;
}

/// The curve of CIE L*a*b*.
float labCurve(float t)
{
    constexpr float kDelta = 6.0f / 29;
    return t > kDelta * kDelta * kDelta ? std::cbrt(t) : t / (3 * kDelta * kDelta) + 4.0f / 29;
}

struct Lab {
    float l, a, b;
};

/// L*a*b* of XYZ over white, with the Hunt adjustment: colours count for less where it is dark (section
/// 4.1.2).
Lab huntLab(float x, float y, float z)
{
    const float fy = labCurve(y), l = 116 * fy - 16;
    return {l, 0.01f * l * 500 * (labCurve(x) - fy), 0.01f * l * 200 * (fy - labCurve(z))};
}

/// HyAB distance: city block in lightness, Euclidean in colour (section 4.1.2).
float hyab(const Lab& p, const Lab& q)
{
    return std::abs(p.l - q.l) + std::sqrt((p.a - q.a) * (p.a - q.a) + (p.b - q.b) * (p.b - q.b));
}

/// The largest colour error, that of pure green and pure blue, with its exponent: cmax.
float largestColourError()
{
    const auto lab = [](float r, float g, float b) {
        const auto xyz = ColourMatrices::times(matrices().toXyz, r, g, b);
        return huntLab(xyz[0], xyz[1], xyz[2]);
    };
    return std::pow(hyab(lab(0, 1, 0), lab(0, 0, 1)), kColourExponent);
}

/// One Gaussian of Equation 4 as taps with the sum 1; `share` gets its weight in the sum of two dimensions.
std::vector<float> sensitivityTaps(const Sensitivity& s, double& share)
{
    // Section 4.1.1: three standard deviations of the widest Gaussian.
    static const int kRadius
        = static_cast<int>(std::ceil(3 * std::sqrt(kBlueYellow1.b / (2 * kPi * kPi)) * kPixelsPerDegree));
    const double sigma = std::sqrt(s.b / (2 * kPi * kPi)) * kPixelsPerDegree; // pixels
    double sum = 0;
    for (int x = -kRadius; x <= kRadius; ++x)
        sum += std::exp(-x * x / (2 * sigma * sigma));
    share = s.a * std::sqrt(kPi / s.b) * sum * sum;
    // Beyond six deviations a tap is below 1e-8 and only costs time.
    return gaussianTaps(sigma, std::min(kRadius, static_cast<int>(std::ceil(6 * sigma))));
}

/// Opponent planes: Y, X − Y and Y − Z over white. They are YCxCz without its offsets and factors, which a
/// filter whose taps sum to 1 passes on unchanged.
std::array<FloatPlane, 3> opponentPlanes(const Picture& picture)
{
    std::array<FloatPlane, 3> planes;
    planes.fill(FloatPlane(picture.width, picture.height));
    const auto& linear = linearValues();
    for (std::size_t i = 0; i < planes[0].values.size(); ++i) {
        const auto xyz = ColourMatrices::times(matrices().toXyz, linear[picture.rgb[3 * i]],
            linear[picture.rgb[3 * i + 1]], linear[picture.rgb[3 * i + 2]]);
        planes[0].values[i] = xyz[1];
        planes[1].values[i] = xyz[0] - xyz[1];
        planes[2].values[i] = xyz[1] - xyz[2];
    }
    return planes;
}

/// Taps of a feature detector along its own axis and across it.
struct FeatureTaps {
    std::vector<float> across, edge, point;

    FeatureTaps()
    {
        const double sigma = 0.5 * kFeatureWidth * kPixelsPerDegree; // section 4.2.1
        const int radius = static_cast<int>(std::ceil(3 * sigma));
        across = gaussianTaps(sigma, radius);
        std::vector<double> first, second;
        for (int x = -radius; x <= radius; ++x) {
            const double g = std::exp(-x * x / (2 * sigma * sigma));
            first.push_back(-x * g);
            second.push_back((x * x / (sigma * sigma) - 1) * g);
        }
        edge = balanced(first);
        point = balanced(second);
    }

private:
    /// Positive taps sum to 1 and negative ones to −1 (section 4.2.1).
    static std::vector<float> balanced(const std::vector<double>& taps)
    {
        double positive = 0, negative = 0;
        for (const double tap : taps)
            (tap > 0 ? positive : negative) += tap;
        std::vector<float> result;
        result.reserve(taps.size());
        for (const double tap : taps)
            result.push_back(static_cast<float>(tap > 0 ? tap / positive : tap / -negative));
        return result;
    }
};

/// Length of the gradient of a feature, at each pixel; scratch planes are reused.
FloatPlane featureLength(const FloatPlane& achromatic, std::span<const float> along,
    std::span<const float> across, FloatPlane& rows, FloatPlane& vertical)
{
    FloatPlane length;
    filterRows(achromatic, along, Border::Replicate, rows);
    filterColumns(rows, across, Border::Replicate, length);
    filterRows(achromatic, across, Border::Replicate, rows);
    filterColumns(rows, along, Border::Replicate, vertical);
    for (std::size_t i = 0; i < length.values.size(); ++i)
        length.values[i]
            = std::sqrt(length.values[i] * length.values[i] + vertical.values[i] * vertical.values[i]);
    return length;
}

/// What the eye gets of one picture.
struct Perceived {
    FloatPlane l, a, b; ///< filtered, L*a*b* with Hunt adjustment
    FloatPlane edges, points;
};

void filterColours(const std::array<FloatPlane, 3>& opponent, Perceived& out)
{
    double unused = 0, share1 = 0, share2 = 0;
    static const auto kTapsY = sensitivityTaps(kAchromatic, unused);
    static const auto kTapsX = sensitivityTaps(kRedGreen, unused);
    const auto tapsZ1 = sensitivityTaps(kBlueYellow1, share1);
    const auto tapsZ2 = sensitivityTaps(kBlueYellow2, share2);
    const float weight1 = static_cast<float>(share1 / (share1 + share2)), weight2 = 1 - weight1;
    FloatPlane scratch, second;
    filterSeparable(opponent[0], kTapsY, Border::Replicate, scratch, out.l);
    filterSeparable(opponent[1], kTapsX, Border::Replicate, scratch, out.a);
    filterSeparable(opponent[2], tapsZ1, Border::Replicate, scratch, out.b);
    filterSeparable(opponent[2], tapsZ2, Border::Replicate, scratch, second);
    for (std::size_t i = 0; i < out.l.values.size(); ++i) {
        const float y = out.l.values[i], x = out.a.values[i] + y,
                    z = y - (weight1 * out.b.values[i] + weight2 * second.values[i]);
        // Section 4.1.2: what no display shows is clamped, in linear RGB.
        auto rgb = ColourMatrices::times(matrices().fromXyz, x, y, z);
        for (float& value : rgb)
            value = std::clamp(value, 0.0f, 1.0f);
        const auto xyz = ColourMatrices::times(matrices().toXyz, rgb[0], rgb[1], rgb[2]);
        const Lab lab = huntLab(xyz[0], xyz[1], xyz[2]);
        out.l.values[i] = lab.l;
        out.a.values[i] = lab.a;
        out.b.values[i] = lab.b;
    }
}

Perceived perceive(const Picture& picture)
{
    static const FeatureTaps kTaps;
    const auto opponent = opponentPlanes(picture);
    Perceived result;
    FloatPlane rows, vertical;
    result.edges = featureLength(opponent[0], kTaps.edge, kTaps.across, rows, vertical);
    result.points = featureLength(opponent[0], kTaps.point, kTaps.across, rows, vertical);
    filterColours(opponent, result);
    return result;
}

class FlipDifference final : public Metric {
public:
    const MetricInfo& info() const override
    {
        static const MetricInfo kInfo{"flip", "FLIP", "",
            "What an eye notices when the pictures alternate (Andersson et al. 2020), at 67 pixels per "
            "degree; "
            "0: nothing, 1: everything",
            Better::Lower, 4, true};
        return kInfo;
    }
    Measurement measure(const Picture& reference, const Picture& test, bool wantMap) const override
    {
        static const float kLargest = largestColourError();
        const Perceived p = perceive(reference), q = perceive(test);
        Measurement result;
        if (wantMap)
            result.map = FloatPlane(reference.width, reference.height);
        double sum = 0;
        for (std::size_t i = 0; i < p.l.values.size(); ++i) {
            const float distance = hyab(
                {p.l.values[i], p.a.values[i], p.b.values[i]}, {q.l.values[i], q.a.values[i], q.b.values[i]});
            float error = 0;
            if (distance > 0) {
                // Section 4.1.3: small errors take most of the range.
                const float powered = std::pow(distance, kColourExponent), knee = kKneeIn * kLargest;
                const float colour = powered < knee
                    ? kKneeOut / knee * powered
                    : kKneeOut + (powered - knee) / (kLargest - knee) * (1 - kKneeOut);
                const float feature = std::sqrt(std::max(std::abs(p.edges.values[i] - q.edges.values[i]),
                                                    std::abs(p.points.values[i] - q.points.values[i]))
                    * (1 / std::numbers::sqrt2_v<float>));
                error = std::pow(colour, 1 - feature); // section 4.3
            }
            sum += static_cast<double>(error);
            if (wantMap)
                result.map.values[i] = std::min(error, 1.0f);
        }
        result.value = sum / static_cast<double>(p.l.values.size());
        return result;
    }
};

} // namespace

const Metric& flipDifference()
{
    static const FlipDifference kMetric;
    return kMetric;
}

} // namespace mantissa
