// SPDX-License-Identifier: GPL-3.0-or-later
// Calibration for the window: settings to a job of the queue, the live view of the chosen layer, statistics
// that exist, and what a recipe needs of them.
#pragma once

#include "ui/activation_view.h"
#include "ui/document.h"
#include "ui/presenters/job_queue.h"
#include "ui/prompt_choice.h"
#include "ui/sampling_choice.h"

#include <QObject>
#include <QStringList>
#include <QTimer>

#include <memory>
#include <optional>

namespace mantissa::ui {

struct CalibrationSettings {
    PromptChoice prompts;
    int count = kQuickCalibrationPrompts, steps = kCalibrationSteps;
    std::uint64_t seed = 0;
    QString sizes; ///< "512x768, 768x512"; empty: the model's own and two beside it
    SamplingChoice sampling;
    std::vector<std::string> components{"diffusion_model"}; ///< roles
    bool randomData = false; ///< noise in the place of prompts
    QString output;
    bool overwrite = false, resume = false;
};

/// What is known of the statistics that exports use.
struct StatisticsInfo {
    QString file;
    std::size_t layers = 0, prompts = 0;
    int steps = 0;
    bool randomData = false;
    QString how; ///< sampler, guidance, sizes, components, in words
};

/// Sizes as the calibration panel takes them, apart by commas; Usage where one is none.
Result<std::vector<PixelSize>> parsePixelSizes(const QString& text);

class CalibrationPresenter : public QObject {
    Q_OBJECT
public:
    CalibrationPresenter(PlanDocument& document, JobQueue& queue, QObject* parent = nullptr);

    /// Parts of the open model that can be watched.
    std::vector<std::string> roles() const;
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
    /// What is selected in the tree: the layer of its current row (empty: a branch), and all layers of the
    /// selection, `selected` of them named up to kMostLiveLayers. Two and more are looked at side by side.
    /// The same again changes nothing, so that a layer that was chosen meanwhile stays.
    void select(const QString& current, const QStringList& layers, std::size_t selected);
    const QStringList& multiples() const { return m_multiples; }
    std::size_t selected() const { return m_selected; }

Q_SIGNALS:
    void started();
    void progressed(const mantissa::ProgressSnapshot& snapshot);
    void ended(); ///< whatever the outcome
    void finished(const mantissa::CalibrationReport& report);
    void failed(const mantissa::Error& error); ///< Cancelled included
    void viewChanged(const mantissa::ui::ActivationView& view);
    /// Views of the layers that are looked at side by side, those that there is something to see of.
    void multiplesChanged(const std::vector<mantissa::ui::ActivationView>& views);
    /// Why there is nothing to see of the chosen layer.
    void viewMissing(const QString& why);
    void statisticsChanged();

private:
    void enqueue(const CalibrationSettings& settings, std::vector<std::string> prompts);
    void look(); ///< at the live view, where there is a new one
    void chooseLive();
    void showStored();
    void showStoredMultiples();
    InputGrid gridOf(const QString& layer) const;
    void end();

    PlanDocument& m_document;
    JobQueue& m_queue;
    std::shared_ptr<LiveFeed> m_feed; ///< set from the start of a run to its end
    QString m_job, m_layer;
    QStringList m_multiples, m_selection;
    QString m_current; ///< row of the tree
    std::size_t m_selected = 0;
    std::shared_ptr<const StatisticsFile> m_statistics;
    StatisticsInfo m_info;
    QTimer m_poll;
    JobController m_prepare, m_open, m_look, m_read, m_readMultiples;
};

} // namespace mantissa::ui
