// SPDX-License-Identifier: GPL-3.0-or-later
// Brings a pair of pictures from their files into the form that a viewport paints, and measures the maps that
// it asks for; both on threads of their own.
#pragma once

#include "engine/compare/comparison.h"
#include "ui/job_controller.h"
#include "ui/viewport/picture_pair.h"

#include <QObject>

namespace mantissa::ui {

class PairLoader : public QObject {
    Q_OBJECT
public:
    explicit PairLoader(QObject* parent = nullptr);

    /// Reads both pictures; `test` may be empty. A newer call makes the older one's answer go missing.
    void load(const std::filesystem::path& reference, const std::filesystem::path& test, const QString& nameA,
        const QString& nameB);
    /// A map of the pair that was loaded last.
    void measure(DifferenceKind kind);
    bool isLoading() const { return m_read.isRunning(); }

Q_SIGNALS:
    void loaded(const mantissa::ui::PicturePair& pair);
    void measured(
        mantissa::ui::DifferenceKind kind, const std::shared_ptr<const mantissa::ui::DifferencePlane>& plane);
    void failed(const mantissa::Error& error);

private:
    PicturePair m_pair;
    JobController m_read, m_measure;
};

} // namespace mantissa::ui
