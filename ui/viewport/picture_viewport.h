// SPDX-License-Identifier: GPL-3.0-or-later
// A pair of pictures to look at: one zoom and one pan for all ways of looking. Mouse: wheel zooms, dragging
// pans or moves the split. Keys: arrows move the split or pan (with Shift: always pan), + and − zoom, Home
// fits, End shows 1:1, Space shows the other picture while it is held (blink), L is the loupe, Ctrl with
// arrows moves it pixel by pixel.
#pragma once

#include "ui/viewport/view_painter.h"

#include <QTimer>
#include <QWidget>

#include <array>
#include <optional>

namespace mantissa::ui {

class PictureViewport : public QWidget {
    Q_OBJECT
public:
    explicit PictureViewport(QWidget* parent = nullptr);

    /// Zoom and pan stay where the size of A does; else the picture is fitted.
    void setPair(PicturePair pair);
    const PicturePair& pair() const { return m_pair; }
    /// The map of a kind for the present pair; see differenceWanted().
    void setDifference(DifferenceKind kind, std::shared_ptr<const DifferencePlane> plane);
    /// Shown while there is no picture, or in place of a difference that cannot be had.
    void setMessage(const QString& text);
    /// Marks of the pictures, "A" and "B" unless a blind test needs others.
    void setMarks(const QString& a, const QString& b);

    const PictureView& view() const { return m_view; }
    void setMode(ViewMode mode);
    void setSplit(double share);
    void setOpacity(double share);
    void setDifferenceKind(DifferenceKind kind);
    void setGain(double gain);
    void setTolerance(int tolerance);
    void setSmooth(bool smooth);
    void setFitB(bool fit);
    void setLoupe(bool on);
    bool hasLoupe() const { return m_loupe; }
    void fit();
    void actualSize();
    /// Keeps the picture's point under `at` (device pixels of the widget) where it is; without it, the
    /// middle.
    void zoomBy(double factor, std::optional<QPointF> at = std::nullopt);

    /// Whether the view moves and is too large to be interpolated at every step: it is painted as a draft
    /// then, and smooth once it has been still for a tenth of a second.
    bool isDraft() const { return m_untilStill.isActive(); }

    /// What is seen, in words: mode, names, zoom, and the pixel under the pointer.
    QString description() const;
    /// Both values of the pixel that the loupe or the pointer is at; empty outside.
    QString pixelText() const;
    QSize sizeHint() const override { return {640, 480}; }
    QSize minimumSizeHint() const override { return {160, 120}; }

Q_SIGNALS:
    void viewChanged();
    void pixelChanged(const QString& text);
    /// Difference is shown and its map has not been set.
    void differenceWanted(mantissa::ui::DifferenceKind kind);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    enum class Drag { None, Pan, Split };
    QSize targetSize() const; ///< device pixels
    QPointF toDevice(QPointF at) const { return at * devicePixelRatioF(); }
    bool isOnSplit(QPointF at) const;
    bool moveByKey(const QKeyEvent* event);
    void panBy(QPointF devicePixels);
    void setProbe(std::optional<QPointF> picturePoint);
    void change(PictureView next);
    void askForDifference(); ///< for what is shown, where it is not there yet
    void tell();
    QString centreMessage() const;
    QRgb background() const;
    void paintTags(QPainter& painter) const;
    void paintTag(QPainter& painter, const QString& text, QPointF corner, Qt::Alignment side) const;
    void paintSplitLine(QPainter& painter) const;
    void paintLoupe(QPainter& painter) const;
    QString tagOf(bool second) const;
    QString differenceFormula() const; ///< "|B − A|" and the like
    /// What the map says of a pixel, in the unit of its kind; empty where there is no map.
    QString differenceText(QPoint at) const;
    /// The value in a map as the legend and the loupe say it; `value` is one of DifferencePlane.
    QString differenceNumber(double value) const;
    void paintLegend(QPainter& painter) const;

    PicturePair m_pair;
    PictureView m_view;
    std::array<std::shared_ptr<const DifferencePlane>, kDifferenceKinds> m_planes;
    QImage m_frame;
    QTimer m_untilStill; ///< runs while drafts are shown
    QString m_message, m_markA, m_markB;
    bool m_fitted = true; ///< follows the size of the widget
    bool m_loupe = false;
    std::optional<QPointF> m_probe; ///< point of A under pointer or loupe
    Drag m_drag = Drag::None;
    QPointF m_last;
};

} // namespace mantissa::ui
