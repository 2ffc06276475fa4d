// SPDX-License-Identifier: GPL-3.0-or-later
// What a viewport shows of a pair of pictures, pixel by pixel: a pure function of pair and view, so that it
// can be tested and measured without a window. Only pixels of the target are computed, whatever the pictures'
// size.
#pragma once

#include "ui/viewport/picture_pair.h"

#include <QPointF>
#include <QRect>

#include <array>
#include <vector>

namespace mantissa::ui {

enum class ViewMode { SplitVertical, SplitHorizontal, SideBySide, Blink, Overlay, Difference };
inline constexpr int kViewModes = 6;

/// How one looks. Lengths are in pixels of the screen ("device pixels"), so that scale 1 shows each pixel of
/// a picture as one of the screen.
struct PictureView {
    ViewMode mode = ViewMode::SplitVertical;
    double scale = 1; ///< pixels of the screen a pixel of the picture
    QPointF centre; ///< point of picture A in the middle of each pane, in its pixels
    double split = 0.5; ///< share of the target that shows A, from the left or from the top
    bool showsB = false; ///< Blink: which one is seen
    double opacity = 0.5; ///< Overlay: share of B
    DifferenceKind difference = DifferenceKind::Absolute;
    double gain = 4; ///< Difference: what magnitudes are multiplied by
    int tolerance = 0; ///< Difference: magnitudes up to it count as none, 0–255
    bool smooth = false; ///< averages instead of taking the nearest pixel
    /// Smooth, in a hurry: the nearest pixel of the halving that fits, without interpolating.
    bool draft = false;
    bool fitB = false; ///< B is stretched over A's area; else a pixel of B is as large as one of A

    bool operator==(const PictureView&) const = default;
};

/// The parts of a target of that size: two for SideBySide (A, then B), else one.
std::vector<QRect> panesOf(ViewMode mode, QSize target);
/// The scale at which a picture just fits into the panes.
double fittingScale(ViewMode mode, QSize target, QSize picture);
/// Point of picture A under the middle of a target's pixel, and back.
QPointF toPicture(const PictureView& view, QSize target, QPointF at);
QPointF toTarget(const PictureView& view, QSize target, QPointF point);

/// Paints all of `target` (32-bit RGB). `plane` is that of view.difference and may be null while it is not
/// known: `background` is shown then. Difference needs pictures of one size.
void paintPictures(QImage& target, const PicturePair& pair, const DifferencePlane* plane,
    const PictureView& view, QRgb background);

/// Pixels that interpolation makes for one frame: a smooth frame's cost in time.
std::int64_t interpolatedPixels(const PictureView& view, QSize target);

/// Colours for |magnitude| 0–255 after tolerance and gain: black is "equal".
std::array<QRgb, 256> magnitudeColours(double gain, int tolerance);
/// Colours for −255–255: B darker is blue, B lighter is orange, black is "equal".
std::array<QRgb, 511> signedColours(double gain, int tolerance);

} // namespace mantissa::ui
