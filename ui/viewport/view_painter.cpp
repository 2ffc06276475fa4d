// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewport/view_painter.h"

#include "engine/compare/colour_map.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace mantissa::ui {

namespace {

/// Smooth views take the next halving a little before it is due: between two rows of the screen then lie at
/// most 1.6 of the picture, and most of them serve both.
constexpr double kCoarser = 0.3;
/// Width of the gap between panes, pixels of the screen.
constexpr int kGap = 2;

/// Which pixels of a source lie under those of a pane, along one axis.
struct Axis {
    int begin = 0, end = 0; ///< pixels of the pane that lie on the source
    std::vector<int> index; ///< for each of them: pixel of the source
    std::vector<int> next; ///< smooth: its neighbour
    std::vector<std::uint32_t> weight; ///< smooth: share of the neighbour, of 256
};

/// `first` is where the source's coordinate is at the middle of pane pixel 0; `step` a pane pixel further.
Axis axisOf(int length, double first, double step, int sourceLength, bool smooth)
{
    Axis axis;
    const auto inside = [&](int at) {
        const double place = first + step * at;
        return place >= 0 && place < sourceLength;
    };
    const int guess
        = static_cast<int>(std::clamp(std::ceil(-first / step), 0.0, static_cast<double>(length)));
    axis.begin = std::max(0, guess - 1);
    while (axis.begin < length && !inside(axis.begin))
        ++axis.begin;
    axis.end = axis.begin;
    axis.index.reserve(static_cast<std::size_t>(length));
    for (; axis.end < length && inside(axis.end); ++axis.end) {
        const double place = first + step * axis.end;
        if (!smooth) {
            axis.index.push_back(static_cast<int>(place));
            continue;
        }
        const double corner = std::max(0.0, place - 0.5); // between the middles of two pixels
        const int low = std::min(static_cast<int>(corner), sourceLength - 1);
        axis.index.push_back(low);
        axis.next.push_back(std::min(low + 1, sourceLength - 1));
        axis.weight.push_back(static_cast<std::uint32_t>((corner - low) * 256.0));
    }
    return axis;
}

/// a + (b − a) · weight / 256 of each channel, two channels at a time: a borrow of the lower one is made good
/// when a is added.
QRgb mixed(QRgb a, QRgb b, std::uint32_t weight)
{
    constexpr std::uint32_t kRedBlue = 0x00FF00FFU;
    const std::uint32_t low = a & kRedBlue, high = a >> 8 & kRedBlue;
    const std::uint32_t redBlue = (low + (((b & kRedBlue) - low) * weight >> 8)) & kRedBlue;
    const std::uint32_t green = (high + (((b >> 8 & kRedBlue) - high) * weight >> 8)) & kRedBlue;
    return redBlue | green << 8;
}

/// The same of whole rows with one weight, byte by byte: a·(256 − weight) + b·weight fits into 16 bits, of
/// which a vector holds many. Equal to mixed() in every bit.
void mixRows(const QRgb* a, const QRgb* b, std::uint32_t weight, QRgb* __restrict out, std::size_t count)
{
    const auto *first = reinterpret_cast<const std::uint8_t*>(a),
               *second = reinterpret_cast<const std::uint8_t*>(b);
    auto* __restrict bytes = reinterpret_cast<std::uint8_t*>(out);
    const auto ofSecond = static_cast<std::uint16_t>(weight),
               ofFirst = static_cast<std::uint16_t>(256 - weight);
    for (std::size_t i = 0; i < sizeof(QRgb) * count; ++i) {
        const auto one = static_cast<std::uint16_t>(first[i] * ofFirst),
                   other = static_cast<std::uint16_t>(second[i] * ofSecond);
        bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(one + other) >> 8);
    }
}

/// A pane's window onto one picture.
class Sampler {
public:
    /// `stretch`: pixels of A a pixel of this picture, along each axis.
    Sampler(const PictureLevels& picture, const PictureView& view, QSize pane, QPointF stretch)
        : m_smooth(view.smooth && view.scale != 1 && !view.draft)
    {
        const double farness = 1 / (view.scale * std::min(stretch.x(), stretch.y()));
        const int level = view.smooth && farness > 1
            ? std::min(static_cast<int>(std::floor(std::log2(farness) + kCoarser)), picture.count() - 1)
            : 0;
        m_image = &picture.level(level);
        // One pixel of a level covers that many of the full picture; the last may cover fewer.
        const double shrink = static_cast<double>(1U << static_cast<unsigned>(level));
        const auto axis = [&](int length, double centre, double stretched, int source) {
            const double step = 1 / (view.scale * stretched * shrink);
            return axisOf(
                length, centre / (stretched * shrink) + (0.5 - length / 2.0) * step, step, source, m_smooth);
        };
        m_x = axis(pane.width(), view.centre.x(), stretch.x(), m_image->width());
        m_y = axis(pane.height(), view.centre.y(), stretch.y(), m_image->height());
    }

    /// Writes pane pixels [from, to) of row y.
    void row(int y, int from, int to, QRgb background, QRgb* out)
    {
        const int begin = std::clamp(m_x.begin, from, to), end = std::clamp(m_x.end, begin, to);
        if (y < m_y.begin || y >= m_y.end || begin == end) {
            std::fill(out + from, out + to, background);
            return;
        }
        std::fill(out + from, out + begin, background);
        std::fill(out + end, out + to, background);
        const auto at = static_cast<std::size_t>(y - m_y.begin);
        QRgb* dst = out + begin;
        const auto count = static_cast<std::size_t>(end - begin);
        if (!m_smooth) {
            const QRgb* line = lineOf(m_y.index[at]);
            const int* index = m_x.index.data() + (begin - m_x.begin);
            for (std::size_t x = 0; x < count; ++x)
                dst[x] = line[index[x]];
            return;
        }
        const int upper = m_y.index[at], lower = m_y.next[at];
        const QRgb* above = across(upper, begin, end);
        const QRgb* below = upper == lower ? above : across(lower, begin, end);
        const std::uint32_t down = m_y.weight[at];
        mixRows(above, below, down, dst, count);
    }

    /// Whether row y shows the same as the row before.
    bool repeats(int y) const
    {
        if (m_smooth || y <= 0)
            return false;
        const bool now = y >= m_y.begin && y < m_y.end, before = y - 1 >= m_y.begin && y - 1 < m_y.end;
        if (now != before)
            return false;
        return !now
            || m_y.index[static_cast<std::size_t>(y - m_y.begin)]
            == m_y.index[static_cast<std::size_t>(y - 1 - m_y.begin)];
    }

private:
    const QRgb* lineOf(int y) const { return reinterpret_cast<const QRgb*>(m_image->constScanLine(y)); }

    /// A row of the source, interpolated along x at pane pixels [begin, end). Rows of the pane that lie
    /// between the same two rows of the source share them, so two are kept: those of an odd and an even row.
    const QRgb* across(int row, int begin, int end)
    {
        CachedRow& cached = m_cache[static_cast<std::size_t>(row) % m_cache.size()];
        const auto count = static_cast<std::size_t>(end - begin);
        if (cached.row == row && cached.begin == begin && cached.pixels.size() == count)
            return cached.pixels.data();
        cached.row = row;
        cached.begin = begin;
        cached.pixels.resize(count);
        const QRgb* line = lineOf(row);
        const auto skip = begin - m_x.begin;
        const int *index = m_x.index.data() + skip, *next = m_x.next.data() + skip;
        const std::uint32_t* weight = m_x.weight.data() + skip;
        for (std::size_t x = 0; x < count; ++x)
            cached.pixels[x] = mixed(line[index[x]], line[next[x]], weight[x]);
        return cached.pixels.data();
    }

    struct CachedRow {
        int row = -1, begin = 0;
        std::vector<QRgb> pixels;
    };
    std::array<CachedRow, 2> m_cache;
    bool m_smooth;
    const QImage* m_image;
    Axis m_x, m_y;
};

Sampler samplerOfA(const PicturePair& pair, const PictureView& view, QSize pane)
{
    return {*pair.a, view, pane, QPointF(1, 1)};
}

Sampler samplerOfB(const PicturePair& pair, const PictureView& view, QSize pane)
{
    const QSizeF a = pair.a->size(), b = pair.b->size();
    return {*pair.b, view, pane,
        view.fitB ? QPointF(a.width() / b.width(), a.height() / b.height()) : QPointF(1, 1)};
}

QRgb* lineOf(QImage& target, int y)
{
    return reinterpret_cast<QRgb*>(target.scanLine(y));
}

void copyRowAbove(QImage& target, const QRect& pane, int y)
{
    std::memcpy(lineOf(target, y) + pane.left(), lineOf(target, y - 1) + pane.left(),
        sizeof(QRgb) * static_cast<std::size_t>(pane.width()));
}

void paintOne(QImage& target, const QRect& pane, Sampler sampler, QRgb background)
{
    for (int y = 0; y < pane.height(); ++y) {
        if (sampler.repeats(y))
            copyRowAbove(target, pane, pane.top() + y);
        else
            sampler.row(y, 0, pane.width(), background, lineOf(target, pane.top() + y) + pane.left());
    }
}

void paintSplit(QImage& target, const PicturePair& pair, const PictureView& view, QRgb background)
{
    const QSize size = target.size();
    Sampler a = samplerOfA(pair, view, size), b = samplerOfB(pair, view, size);
    const bool vertical = view.mode == ViewMode::SplitVertical;
    const int length = vertical ? size.width() : size.height();
    const int cut = std::clamp(static_cast<int>(std::lround(view.split * length)), 0, length);
    for (int y = 0; y < size.height(); ++y) {
        if (vertical && a.repeats(y) && b.repeats(y)) {
            copyRowAbove(target, target.rect(), y);
        } else if (vertical) {
            a.row(y, 0, cut, background, lineOf(target, y));
            b.row(y, cut, size.width(), background, lineOf(target, y));
        } else {
            (y < cut ? a : b).row(y, 0, size.width(), background, lineOf(target, y));
        }
    }
}

void paintOverlay(QImage& target, const PicturePair& pair, const PictureView& view, QRgb background)
{
    const QSize size = target.size();
    Sampler a = samplerOfA(pair, view, size), b = samplerOfB(pair, view, size);
    const auto weight = static_cast<std::uint32_t>(std::lround(std::clamp(view.opacity, 0.0, 1.0) * 256));
    const auto width = static_cast<std::size_t>(size.width());
    std::vector<QRgb> one(width), other(width);
    for (int y = 0; y < size.height(); ++y) {
        if (a.repeats(y) && b.repeats(y)) {
            copyRowAbove(target, target.rect(), y);
            continue;
        }
        a.row(y, 0, size.width(), background, one.data());
        b.row(y, 0, size.width(), background, other.data());
        mixRows(one.data(), other.data(), weight, lineOf(target, y), width);
    }
}

/// From afar, each pixel shows the largest difference of all that it covers.
void paintDifference(QImage& target, const DifferencePlane& plane, const PictureView& view, QRgb background)
{
    const double farness = 1 / view.scale;
    const int index
        = farness > 1 ? std::min(static_cast<int>(std::ceil(std::log2(farness))), plane.count() - 1) : 0;
    const DifferencePlane::Level& level = plane.level(index);
    const double shrink = static_cast<double>(1U << static_cast<unsigned>(index));
    const double step = 1 / (view.scale * shrink);
    const auto axis = [&](int length, double centre, int source) {
        return axisOf(length, centre / shrink + (0.5 - length / 2.0) * step, step, source, false);
    };
    const Axis columns = axis(target.width(), view.centre.x(), level.width);
    const Axis rows = axis(target.height(), view.centre.y(), level.height);
    const bool isSigned = view.difference == DifferenceKind::Signed;
    const std::array<QRgb, 256> magnitudes = magnitudeColours(view.gain, view.tolerance);
    const std::array<QRgb, 511> both = signedColours(view.gain, view.tolerance);
    const QRgb* colours = isSigned ? both.data() + 255 : magnitudes.data();
    int shown = -1;
    for (int y = 0; y < target.height(); ++y) {
        QRgb* line = lineOf(target, y);
        if (y < rows.begin || y >= rows.end) {
            std::fill(line, line + target.width(), background);
            continue;
        }
        const int row = rows.index[static_cast<std::size_t>(y - rows.begin)];
        if (row == shown) {
            copyRowAbove(target, target.rect(), y);
            continue;
        }
        shown = row;
        const std::int16_t* values = level.row(row);
        std::fill(line, line + columns.begin, background);
        for (int x = columns.begin; x < columns.end; ++x)
            line[x] = colours[values[columns.index[static_cast<std::size_t>(x - columns.begin)]]];
        std::fill(line + columns.end, line + target.width(), background);
    }
}

/// The magnitude as it is shown, 0–255.
int amplified(int magnitude, double gain, int tolerance)
{
    if (magnitude <= tolerance)
        return 0;
    return std::clamp(static_cast<int>(std::lround(magnitude * gain)), 1, 255);
}

} // namespace

std::vector<QRect> panesOf(ViewMode mode, QSize target)
{
    if (mode != ViewMode::SideBySide)
        return {QRect(QPoint(0, 0), target)};
    const int width = std::max(1, (target.width() - kGap) / 2);
    return {QRect(0, 0, width, target.height()), QRect(target.width() - width, 0, width, target.height())};
}

double fittingScale(ViewMode mode, QSize target, QSize picture)
{
    const QRect pane = panesOf(mode, target).front();
    if (picture.isEmpty() || pane.isEmpty())
        return 1;
    return std::min(static_cast<double>(pane.width()) / picture.width(),
        static_cast<double>(pane.height()) / picture.height());
}

namespace {
/// The pane that a pixel lies in; the nearest one for those of the gap.
QRect paneAt(const PictureView& view, QSize target, QPointF at)
{
    const auto panes = panesOf(view.mode, target);
    return panes.size() > 1 && at.x() >= panes[1].left() ? panes[1] : panes[0];
}
} // namespace

QPointF toPicture(const PictureView& view, QSize target, QPointF at)
{
    const QRectF pane = paneAt(view, target, at);
    return view.centre + (at - pane.center()) / view.scale;
}

QPointF toTarget(const PictureView& view, QSize target, QPointF point)
{
    const QRectF pane = panesOf(view.mode, target).front();
    return pane.center() + (point - view.centre) * view.scale;
}

std::int64_t interpolatedPixels(const PictureView& view, QSize target)
{
    if (!view.smooth || view.mode == ViewMode::Difference)
        return 0; // a map is never averaged
    const std::int64_t pictures = view.mode == ViewMode::Overlay ? 2 : 1;
    return pictures * target.width() * target.height();
}

void paintPictures(QImage& target, const PicturePair& pair, const DifferencePlane* plane,
    const PictureView& view, QRgb background)
{
    if (pair.isEmpty() || !(view.scale > 0)) {
        target.fill(background);
        return;
    }
    if (!pair.isComplete()) {
        paintOne(target, target.rect(), samplerOfA(pair, view, target.size()), background);
        return;
    }
    switch (view.mode) {
    case ViewMode::SplitVertical:
    case ViewMode::SplitHorizontal:
        paintSplit(target, pair, view, background);
        break;
    case ViewMode::SideBySide: {
        const auto panes = panesOf(view.mode, target.size());
        for (int x = panes[0].right() + 1; x < panes[1].left(); ++x)
            for (int y = 0; y < target.height(); ++y)
                lineOf(target, y)[x] = background;
        paintOne(target, panes[0], samplerOfA(pair, view, panes[0].size()), background);
        paintOne(target, panes[1], samplerOfB(pair, view, panes[1].size()), background);
        break;
    }
    case ViewMode::Blink:
        paintOne(target, target.rect(),
            view.showsB ? samplerOfB(pair, view, target.size()) : samplerOfA(pair, view, target.size()),
            background);
        break;
    case ViewMode::Overlay:
        paintOverlay(target, pair, view, background);
        break;
    case ViewMode::Difference:
        if (plane != nullptr && pair.sameSize())
            paintDifference(target, *plane, view, background);
        else
            target.fill(background);
        break;
    }
}

std::array<QRgb, 256> magnitudeColours(double gain, int tolerance)
{
    static const Picture kScale = [] {
        FloatPlane ramp(256, 1);
        for (std::size_t value = 0; value < ramp.values.size(); ++value)
            ramp.values[value] = static_cast<float>(value) / 255.0F;
        return colourMapped(ramp);
    }();
    std::array<QRgb, 256> colours{};
    for (std::size_t value = 0; value < colours.size(); ++value) {
        const auto shown = 3 * static_cast<std::size_t>(amplified(static_cast<int>(value), gain, tolerance));
        colours[value] = qRgb(kScale.rgb[shown], kScale.rgb[shown + 1], kScale.rgb[shown + 2]);
    }
    return colours;
}

std::array<QRgb, 511> signedColours(double gain, int tolerance)
{
    // Blue and orange of Okabe and Ito's palette: people with any kind of colour vision tell them apart.
    constexpr int kDarker[] = {86, 180, 233}, kLighter[] = {240, 158, 32};
    std::array<QRgb, 511> colours{};
    for (std::size_t place = 0; place < colours.size(); ++place) {
        const int value = static_cast<int>(place) - 255;
        const int shown = amplified(std::abs(value), gain, tolerance);
        const int* hue = value < 0 ? kDarker : kLighter;
        colours[place] = qRgb(hue[0] * shown / 255, hue[1] * shown / 255, hue[2] * shown / 255);
    }
    return colours;
}

} // namespace mantissa::ui
