// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewport/picture_pair.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace mantissa::ui {

namespace {

const QRgb* rowOf(const QImage& image, int y)
{
    return reinterpret_cast<const QRgb*>(image.constScanLine(y));
}

/// Mean of two by two pixels; the last row and column count twice where the side is odd.
QImage halved(const QImage& src)
{
    QImage dst((src.width() + 1) / 2, (src.height() + 1) / 2, QImage::Format_RGB32);
    for (int y = 0; y < dst.height(); ++y) {
        const QRgb* upper = rowOf(src, 2 * y);
        const QRgb* lower = rowOf(src, std::min(2 * y + 1, src.height() - 1));
        auto* out = reinterpret_cast<QRgb*>(dst.scanLine(y));
        for (int x = 0; x < dst.width(); ++x) {
            const int left = 2 * x, right = std::min(left + 1, src.width() - 1);
            const QRgb four[] = {upper[left], upper[right], lower[left], lower[right]};
            std::uint32_t redBlue = 0, green = 0; // sums of four bytes fit into 16 bits each
            for (const QRgb pixel : four) {
                redBlue += pixel & 0x00FF00FFU;
                green += pixel & 0x0000FF00U;
            }
            out[x] = 0xFF000000U | ((redBlue + 0x00020002U) >> 2 & 0x00FF00FFU)
                | ((green + 0x00000200U) >> 2 & 0x0000FF00U);
        }
    }
    return dst;
}

DifferencePlane::Level halved(const DifferencePlane::Level& src)
{
    DifferencePlane::Level dst{(src.width + 1) / 2, (src.height + 1) / 2, {}};
    dst.values.reserve(static_cast<std::size_t>(dst.width) * static_cast<std::size_t>(dst.height));
    for (int y = 0; y < dst.height; ++y) {
        const std::int16_t* upper = src.row(2 * y);
        const std::int16_t* lower = src.row(std::min(2 * y + 1, src.height - 1));
        for (int x = 0; x < dst.width; ++x) {
            const int left = 2 * x, right = std::min(left + 1, src.width - 1);
            std::int16_t largest = upper[left];
            for (const std::int16_t value : {upper[right], lower[left], lower[right]})
                if (std::abs(value) > std::abs(largest))
                    largest = value;
            dst.values.push_back(largest);
        }
    }
    return dst;
}

int largestChannel(QRgb a, QRgb b)
{
    return std::max(
        {std::abs(qRed(b) - qRed(a)), std::abs(qGreen(b) - qGreen(a)), std::abs(qBlue(b) - qBlue(a))});
}

/// |to − from| / max(from, kRelativeFloor) of two levels in 255ths, rounded up, for all pairs of them: a
/// picture has as many divisions as it has values.
std::vector<std::uint8_t> makeShares()
{
    std::vector<std::uint8_t> shares;
    for (int from = 0; from < 256; ++from)
        for (int to = 0; to < 256; ++to) {
            const int level = std::max(from, kRelativeFloor);
            const int share = (255 * std::abs(to - from) + level - 1) / level;
            shares.push_back(static_cast<std::uint8_t>(std::min(255, share)));
        }
    return shares;
}

int largestShare(QRgb a, QRgb b)
{
    static const std::vector<std::uint8_t> kShares = makeShares();
    const std::uint8_t* shares = kShares.data();
    return std::max({shares[256 * qRed(a) + qRed(b)], shares[256 * qGreen(a) + qGreen(b)],
        shares[256 * qBlue(a) + qBlue(b)]});
}

/// Rec. 709 luma weights in parts of 256; a difference that is not zero stays so, because opposite changes of
/// channels would hide in the sum.
int signedLuma(QRgb a, QRgb b)
{
    const int red = qRed(b) - qRed(a), green = qGreen(b) - qGreen(a), blue = qBlue(b) - qBlue(a);
    const int sum = 54 * red + 183 * green + 19 * blue;
    const int luma = sum / 256;
    if (luma != 0 || (red == 0 && green == 0 && blue == 0))
        return luma;
    return sum < 0 ? -1 : 1;
}

int differenceAt(QRgb a, QRgb b, DifferenceKind kind)
{
    switch (kind) {
    case DifferenceKind::Relative:
        return largestShare(a, b);
    case DifferenceKind::Signed:
        return signedLuma(a, b);
    case DifferenceKind::Absolute:
    case DifferenceKind::Flip: // has a map of its own
        break;
    }
    return largestChannel(a, b);
}

} // namespace

PictureLevels::PictureLevels(const QImage& full)
{
    m_levels.push_back(full.convertToFormat(QImage::Format_RGB32));
    while (m_levels.back().width() > 1 || m_levels.back().height() > 1)
        m_levels.push_back(halved(m_levels.back()));
}

QImage toImage(const Picture& picture)
{
    if (picture.empty())
        return {};
    const QImage view(
        picture.rgb.data(), picture.width, picture.height, 3 * picture.width, QImage::Format_RGB888);
    return view.convertToFormat(QImage::Format_RGB32);
}

DifferencePlane::DifferencePlane(int width, int height, std::vector<std::int16_t> values)
{
    m_levels.push_back({width, height, std::move(values)});
    while (m_levels.back().width > 1 || m_levels.back().height > 1)
        m_levels.push_back(halved(m_levels.back()));
}

bool DifferencePlane::isZero() const
{
    const std::vector<std::int16_t>& top = m_levels.back().values; // the value of largest magnitude
    return std::all_of(top.begin(), top.end(), [](std::int16_t value) { return value == 0; });
}

std::shared_ptr<const DifferencePlane> differenceOf(
    const PictureLevels& a, const PictureLevels& b, DifferenceKind kind)
{
    const QImage &first = a.level(0), &second = b.level(0);
    std::vector<std::int16_t> values;
    values.reserve(static_cast<std::size_t>(first.width()) * static_cast<std::size_t>(first.height()));
    for (int y = 0; y < first.height(); ++y) {
        const QRgb *one = rowOf(first, y), *two = rowOf(second, y);
        for (int x = 0; x < first.width(); ++x)
            values.push_back(static_cast<std::int16_t>(differenceAt(one[x], two[x], kind)));
    }
    return std::make_shared<const DifferencePlane>(first.width(), first.height(), std::move(values));
}

std::shared_ptr<const DifferencePlane> differenceOf(int width, int height, const std::vector<float>& map)
{
    std::vector<std::int16_t> values;
    values.reserve(map.size());
    for (const float value : map)
        values.push_back(static_cast<std::int16_t>(std::ceil(std::clamp(value, 0.0F, 1.0F) * 255.0F)));
    return std::make_shared<const DifferencePlane>(width, height, std::move(values));
}

} // namespace mantissa::ui
