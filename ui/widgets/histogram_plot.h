// SPDX-License-Identifier: GPL-3.0-or-later
// How often which magnitude occurs at the inputs of a layer, with clip lines, and the maxima over the
// timesteps beside it. The clip line can be dragged with the mouse or moved with the arrow keys: a question,
// not a setting.
#pragma once

#include "ui/activation_view.h"

#include <QWidget>

#include <array>
#include <optional>

class QCPAxisRect;
class QCPBars;
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
    /// Where the draggable line is: the chosen threshold until it was moved.
    double clip() const;
    void setClip(double clip);
    /// Back to the chosen threshold.
    void resetClip();
    /// Place of a magnitude in pixels from the left edge, for tests that use the mouse.
    double pixelOf(double magnitude) const;
    bool isLogarithmic() const { return m_log; }
    void setLogarithmic(bool log);

Q_SIGNALS:
    void clipMoved(double clip);

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum Line { Largest, P999, Chosen, Clip, LineCount };
    void makePlot();
    void restyle();
    void draw();
    void placeLine(Line line, double at, const QString& label);
    void drag(double pixel);

    QCustomPlot* m_plot;
    QCPBars* m_bars = nullptr;
    QCPBars* m_steps = nullptr;
    QCPAxisRect* m_stepRect = nullptr;
    QCPItemRect* m_clipped = nullptr;
    QCPItemRect* m_reach = nullptr;
    std::array<QCPItemStraightLine*, LineCount> m_lines{};
    std::array<QCPItemText*, LineCount> m_labels{};
    std::optional<ActivationView> m_view;
    std::optional<double> m_moved;
    bool m_dragging = false, m_log = true;
};

} // namespace mantissa::ui
