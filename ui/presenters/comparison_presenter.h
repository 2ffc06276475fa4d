// SPDX-License-Identifier: GPL-3.0-or-later
// Comparisons for the window: what is compared, the run in a process of its own (a setting), and the
// comparison as far as it is.
#pragma once

#include "engine/compare/comparison.h"
#include "engine/compare/folder_pairs.h"
#include "ui/comparison_command.h"
#include "ui/document.h"
#include "ui/judgement_store.h"
#include "ui/prompt_choice.h"
#include "ui/sampling_choice.h"

#include <QHash>
#include <QImage>
#include <QObject>

#include <vector>

namespace mantissa::ui {

/// Something to compare with the open checkpoint, which is always the baseline.
struct VariantChoice {
    enum class Kind {
        CurrentPlan, ///< the document's plan as it is when the run starts, without an export
        Format, ///< the plan that `quantize --format` would follow, without an export
        File, ///< an export, or any other checkpoint that makes pictures
    };
    Kind kind = Kind::CurrentPlan;
    QString value; ///< id of the format, or path of the file
    bool wanted = true;

    QString name() const;
    bool operator==(const VariantChoice&) const = default;
};

struct ComparisonSettings {
    PromptChoice prompts;
    int count = 0; ///< the first so many; 0: all
    QString seeds = QStringLiteral("0"); ///< "0, 1, 5-8"
    int steps = 0, width = 0, height = 0; ///< 0: the model's usual ones
    SamplingChoice sampling;
    QString negative; ///< what pictures should not show
    bool remake = false;
};

/// "0, 1, 5-8" as numbers, each once; empty where the text is no such list or names more than 1000.
std::vector<std::uint64_t> parseSeeds(const QString& text);

class ComparisonPresenter : public QObject {
    Q_OBJECT
public:
    ComparisonPresenter(PlanDocument& document, JudgementStore& judgements, QObject* parent = nullptr);

    const std::vector<VariantChoice>& variants() const { return m_choices; }
    /// Nothing happens where it is listed already.
    void add(const VariantChoice& choice);
    void remove(std::size_t index);
    void setWanted(std::size_t index, bool wanted);
    /// A file with statistics of the open checkpoint, for plans whose recipe needs them; empty: none.
    void setStatistics(const QString& file);

    /// Why this cannot start, as a sentence; empty if it can.
    QString obstacle(const ComparisonSettings& settings) const;
    void start(const ComparisonSettings& settings);
    /// Pictures that exist, in two or more folders; the first one is the baseline.
    void startFolders(const QStringList& folders);
    /// Ends after the step under way; pictures that are finished are kept, and a new start goes on after
    /// them.
    void stop();
    bool isRunning() const { return m_job.isRunning(); }
    bool isStopping() const { return m_job.stopRequested(); }

    /// As far as it is: the variants in their order, each with the pairs that are done.
    const Comparison& comparison() const { return m_comparison; }
    bool isEmpty() const { return m_comparison.variants.size() < 2; }
    /// Null where the variant has no such pair (yet).
    const ComparedPair* pair(std::size_t variant, std::size_t index) const;
    /// Whether the pictures were made from the open checkpoint, so that its plan can be mended.
    bool isOfDocument() const { return m_ofDocument; }
    /// Small picture of a file; null until it was made.
    QImage thumbnail(const std::filesystem::path& file) const;
    /// What is being made: the latest preview, null where there is none.
    const QImage& preview() const { return m_preview; }
    std::size_t expectedPairs() const { return m_prompts.size() * m_seeds.size(); }
    /// How the pictures are made; prompt and seed are each picture's own.
    const GenerationRequest& sampling() const { return m_sampling; }
    const std::vector<std::string>& prompts() const { return m_prompts; }
    const std::vector<std::uint64_t>& seeds() const { return m_seeds; }

    /// Writes report.html, .json, .csv and .pdf into a folder, with maps, pictures, ratings and notes.
    void exportReport(const QString& folder);
    bool isExporting() const { return m_export.isRunning(); }
    /// What was compared last, for the command line.
    const ComparisonRecord& record() const { return m_record; }

Q_SIGNALS:
    void choicesChanged();
    /// Another comparison: its variants are known, its pairs come.
    void started();
    void pairDone(std::size_t variant, std::size_t pair);
    void previewed(std::size_t variant, std::size_t pair);
    void variantDone(std::size_t variant);
    void thumbnailMade();
    void progressed(const mantissa::ProgressSnapshot& snapshot);
    void finished();
    void failed(const mantissa::Error& error); ///< Cancelled included; what is done stays
    void runningChanged(bool running);
    void reportWritten(const QString& htmlFile);
    void reportFailed(const mantissa::Error& error);

private:
    /// Goes on with `next` once LPIPS is measured as its setting says, or reports why it cannot be.
    void withMetrics(std::function<void()> next);
    void makePictures(const ComparisonSettings& settings);
    void compareFolders(const std::vector<FolderSpec>& folders);
    bool currentPlanNeedsStatistics() const;
    ComparisonWatcher watcher(quint64 run);
    void post(quint64 run, std::function<void()> work);
    void begin(Comparison outline);
    void finish(Result<Comparison> result);

    PlanDocument& m_document;
    JudgementStore& m_judgements;
    std::vector<VariantChoice> m_choices;
    QString m_statistics;
    Comparison m_comparison;
    ComparisonRecord m_record;
    std::vector<std::string> m_prompts;
    std::vector<std::uint64_t> m_seeds;
    GenerationRequest m_sampling;
    QHash<QString, QImage> m_thumbnails;
    QImage m_preview;
    bool m_ofDocument = false;
    quint64 m_run = 0; ///< tells late news of an earlier run apart
    JobController m_job, m_export; ///< last: they end before what they report to
};

} // namespace mantissa::ui
