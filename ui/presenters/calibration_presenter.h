// SPDX-License-Identifier: GPL-3.0-or-later
// Calibration for the window: settings to a job of the queue, the live view of the chosen layer, statistics
// that exist, and what a recipe needs of them.
#pragma once

#include "ui/activation_view.h"
#include "ui/document.h"
#include "ui/presenters/job_queue.h"
#include "ui/prompt_choice.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace mantissa::ui {

struct CalibrationSettings {
    PromptChoice prompts;
    int count = kQuickCalibrationPrompts, steps = kCalibrationSteps;
    std::uint64_t seed = 0;
    QString output;
    bool overwrite = false, resume = false;
};

/// What is known of the statistics that exports use.
struct StatisticsInfo {
    QString file;
    std::size_t layers = 0, prompts = 0;
    int steps = 0;
    bool randomData = false;
};

class CalibrationPresenter : public QObject {
    Q_OBJECT
public:
    CalibrationPresenter(PlanDocument& document, JobQueue& queue, QObject* parent = nullptr);

    /// "<folder>/<name>.statistics.safetensors"
    QString suggestedOutput() const;
    /// Why this cannot start, as a sentence; empty if it can.
    QString obstacle(const CalibrationSettings& settings) const;
    void start(const CalibrationSettings& settings);
    /// Stops after the step under way; what is finished is kept for going on.
    void stop();
    bool isRunning() const { return m_feed != nullptr; }
    bool isPreparing() const { return m_prepare.isRunning(); }

    /// Statistics that exist; empty closes them.
    void openStatistics(const QString& file);
    bool hasStatistics() const { return m_statistics != nullptr; }
    std::shared_ptr<const StatisticsFile> statisticsFile() const { return m_statistics; } ///< null: none
    const StatisticsInfo& statistics() const { return m_info; }
    /// The layer to look at; while a run goes on, its live view.
    void chooseLayer(const QString& layer);
    QString chosenLayer() const { return m_layer; }

Q_SIGNALS:
    void started();
    void progressed(const mantissa::ProgressSnapshot& snapshot);
    void ended(); ///< whatever the outcome
    void finished(const mantissa::CalibrationReport& report);
    void failed(const mantissa::Error& error); ///< Cancelled included
    void viewChanged(const mantissa::ui::ActivationView& view);
    /// Why there is nothing to see of the chosen layer.
    void viewMissing(const QString& why);
    void statisticsChanged();

private:
    void enqueue(const CalibrationSettings& settings, std::vector<std::string> prompts);
    void look(); ///< at the live view, where there is a new one
    void showStored();
    InputGrid gridOf(const QString& layer) const;
    void end();

    PlanDocument& m_document;
    JobQueue& m_queue;
    std::shared_ptr<LiveFeed> m_feed; ///< set from the start of a run to its end
    QString m_job, m_layer;
    std::shared_ptr<const StatisticsFile> m_statistics;
    StatisticsInfo m_info;
    QTimer m_poll;
    JobController m_prepare, m_open, m_look, m_read;
};

} // namespace mantissa::ui
