// SPDX-License-Identifier: GPL-3.0-or-later
// Two pictures to look at, in the form that a viewport paints from. Immutable once made: made on an engine
// thread, painted on the window's.
#pragma once

#include "engine/image/picture.h"

#include <QImage>
#include <QString>

#include <cstdint>
#include <memory>
#include <vector>

namespace mantissa::ui {

/// A picture and its halvings down to one pixel, so that a view from afar averages over what it leaves out
/// without reading all of it.
class PictureLevels {
public:
    /// `full` in any format; kept as 32-bit RGB.
    explicit PictureLevels(const QImage& full);

    QSize size() const { return m_levels.front().size(); }
    int count() const { return static_cast<int>(m_levels.size()); }
    /// 0: full size. Each level has half the sides of the one before, rounded up.
    const QImage& level(int index) const { return m_levels[static_cast<std::size_t>(index)]; }
    /// Colour of a pixel of the full size; must be inside.
    QRgb pixel(QPoint at) const { return m_levels.front().pixel(at); }

private:
    std::vector<QImage> m_levels;
};

/// Shares nothing with `picture`.
QImage toImage(const Picture& picture);

enum class DifferenceKind {
    Absolute, ///< largest difference of the three channels, 0–255
    /// |B − A| / max(A, kRelativeFloor) of the channel where it is largest, 0–1 and above as 0–255, rounded
    /// up: what is a share of little shows as well as what is a share of much.
    Relative,
    Signed, ///< B's luminance less A's, −255–255
    Flip, ///< FLIP, 0–1 as 0–255, rounded up
};
inline constexpr int kDifferenceKinds = 4;
/// Level of A, of 255, below which a relative difference is a share of this instead: in what is nearly black
/// one step of rounding would count as a large change.
inline constexpr int kRelativeFloor = 16;

/// How far two pictures of one size are apart, pixel by pixel, with halvings that keep the value of largest
/// magnitude: however far away one looks, no difference disappears.
class DifferencePlane {
public:
    DifferencePlane(int width, int height, std::vector<std::int16_t> values);

    struct Level {
        int width = 0, height = 0;
        std::vector<std::int16_t> values; ///< row-major
        const std::int16_t* row(int y) const
        {
            return values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
        }
    };
    int count() const { return static_cast<int>(m_levels.size()); }
    const Level& level(int index) const { return m_levels[static_cast<std::size_t>(index)]; }
    bool isZero() const; ///< everywhere

private:
    std::vector<Level> m_levels;
};

/// Absolute, Relative and Signed; both pictures must have one size.
std::shared_ptr<const DifferencePlane> differenceOf(
    const PictureLevels& a, const PictureLevels& b, DifferenceKind kind);
/// From a map of an engine metric (0–1), as FLIP gives it.
std::shared_ptr<const DifferencePlane> differenceOf(int width, int height, const std::vector<float>& map);

/// The names belong to the pictures: a view that shows the other one shows the other name.
struct PicturePair {
    std::shared_ptr<const PictureLevels> a, b; ///< b may be missing
    QString nameA, nameB;

    bool isEmpty() const { return a == nullptr; }
    bool isComplete() const { return a != nullptr && b != nullptr; }
    bool sameSize() const { return isComplete() && a->size() == b->size(); }
};

} // namespace mantissa::ui
