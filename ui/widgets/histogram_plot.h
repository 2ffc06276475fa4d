// SPDX-License-Identifier: GPL-3.0-or-later
// How often which magnitude occurs at the inputs of a layer, with clip lines, the maxima over the timesteps
// and those of the channels beside it. The clip line can be dragged with the mouse or moved with the arrow
// keys: where it ends is offered as the layer's clip (clipChosen).
#pragma once

#include "ui/activation_view.h"

#include <QWidget>

#include <array>
#include <optional>

class QCPAxisRect;
class QCPBars;
class QCPGraph;
class QCPItemRect;
class QCPItemStraightLine;
class QCPItemText;
class QCustomPlot;

namespace mantissa::ui {

class HistogramPlot : public QWidget {
    Q_OBJECT
public:
    explicit HistogramPlot(QWidget* parent = nullptr);

    void setView(const ActivationView& view);
    void clear();
    bool isEmpty() const { return !m_view.has_value(); }
    const std::optional<ActivationView>& view() const { return m_view; }
    /// Where the draggable line is: that of the plan, else the threshold of least error, until it was moved.
    double clip() const;
    /// Keeps the outline of what is shown now behind what comes next; again: takes it away.
    void togglePin();
    bool isPinned() const { return m_pinned.has_value(); }
    void setClip(double clip);
    /// Back to the chosen threshold.
    void resetClip();
    /// Place of a magnitude in pixels from the left edge, for tests that use the mouse.
    double pixelOf(double magnitude) const;
    bool isLogarithmic() const { return m_log; }
    void setLogarithmic(bool log);
    QWidget* plot() const; ///< for PictureSaver
    /// How many plots there is room for: the histogram, the maxima over the schedule, the channels.
    int plotCount() const;

Q_SIGNALS:
    void clipMoved(double clip);
    /// A drag or a key let the line go there; 0: back to where nothing is set.
    void clipChosen(double clip);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum Line { Largest, P99, P999, P9999, Chosen, Clip, LineCount };
    void makePlot();
    /// Shows as many of the plots beside the histogram as there is room for.
    void arrange();
    void restyle();
    void draw();
    void placeLine(Line line, double at, const QString& label);
    void drag(double pixel);
    void drawSteps();
    void drawChannels();
    void drawPinned();
    void readOut(const QPoint& at);

    QCustomPlot* m_plot;
    QCPBars* m_bars = nullptr;
    QCPBars* m_steps = nullptr;
    QCPAxisRect* m_stepRect = nullptr;
    QCPAxisRect* m_channelRect = nullptr;
    QCPBars* m_channels = nullptr;
    QCPBars* m_outliers = nullptr; ///< channels far above the others
    QCPGraph* m_outline = nullptr; ///< of the pinned layer
    QCPItemText* m_readout = nullptr;
    QCPItemText* m_pinName = nullptr;
    QCPItemRect* m_clipped = nullptr;
    QCPItemRect* m_reach = nullptr;
    std::array<QCPItemStraightLine*, LineCount> m_lines{};
    std::array<QCPItemText*, LineCount> m_labels{};
    std::optional<ActivationView> m_view;
    std::optional<ActivationView> m_pinned;
    std::optional<double> m_moved;
    bool m_dragging = false, m_log = true, m_keyMoved = false;
};

} // namespace mantissa::ui
