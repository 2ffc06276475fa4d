// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/open_presenter.h"

#include "engine/base/resource.h"
#include "engine/export/provenance.h"
#include "ui/native_model.h"
#include "ui/project.h"
#include "ui/text.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace mantissa::ui {

namespace {

// A plan that lists every layer of the largest known model takes a few megabytes; more is no plan.
constexpr qint64 kMaxPlanBytes = 64 << 20;

std::string formatToStartWith()
{
    const auto formats = storageFormats();
    return formats.empty() ? std::string() : std::string(formats.front()->info().id);
}

/// What the user chose for the old look at the file, on top of the defaults for the new one.
QuantPlan carriedOver(QuantPlan plan, const QuantPlan& old)
{
    plan.base = old.base;
    if (const Preset* preset = findPreset(plan.preset))
        applyPreset(plan, *preset); // its rules depend on the width of the base
    plan.base = old.base;
    plan.recipe = old.recipe;
    plan.outputDtype = old.outputDtype;
    plan.preserveCritical = old.preserveCritical;
    plan.overrides = old.overrides;
    for (const Rule& rule : old.rules)
        if (!rule.origin.starts_with("preset"))
            plan.rules.push_back(rule);
    return plan;
}

/// The plan that an export was made with.
Result<QuantPlan> planOfExport(const QString& name)
{
    const auto source = openCheckpoint(toPath(name));
    if (!source)
        return tl::unexpected(source.error());
    auto record = readProvenance((*source)->info());
    if (!record)
        return forward(std::move(record));
    if (!*record)
        return tl::unexpected(Error{ErrorCode::InvalidInput, "this file does not say what plan made it",
            toStd(name), "only files that Mantissa exported hold their plan"});
    return std::move((*record)->plan);
}

Result<QuantPlan> readPlan(const QString& name)
{
    if (!name.endsWith(QLatin1String(".json"), Qt::CaseInsensitive))
        return planOfExport(name);
    QFile file(name);
    const std::string place = toStd(name);
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(Error{ErrorCode::System,
            sentence("the plan cannot be read: {}", toStd(file.errorString())), place, {}});
    const QByteArray text = file.read(kMaxPlanBytes + 1);
    if (text.size() > kMaxPlanBytes)
        return tl::unexpected(Error{ErrorCode::InvalidInput, "the file is too large for a plan", place, {}});
    Result<QuantPlan> plan
        = parsePlan(std::string_view(text.constData(), static_cast<std::size_t>(text.size())));
    if (!plan)
        plan.error().where = plan.error().where.empty() ? place : place + " at " + plan.error().where;
    return plan;
}

} // namespace

OpenPresenter::OpenPresenter(PlanDocument& document, PlanEditor& editor, RecentFiles& recent, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_editor(editor)
    , m_recent(recent)
{ }

void OpenPresenter::open(const QString& file)
{
    const bool isShardIndex = file.endsWith(QLatin1String(".index.json"));
    const bool isFolderIndex = file.endsWith(QLatin1String("model_index.json"));
    if (file.endsWith(QLatin1String(".json"), Qt::CaseInsensitive) && !isShardIndex && !isFolderIndex)
        openPlan(file);
    else
        startOpening({QFileInfo(file).absoluteFilePath(), nullptr, {}, {}, {}, {}});
}

void OpenPresenter::openSample()
{
    if (const auto path = resourcePath("sample/tiny-sd.safetensors"))
        open(fromPath(*path));
    else
        Q_EMIT failed({tr("the sample"),
            {ErrorCode::System, "the sample is not where this program was installed",
                "sample/tiny-sd.safetensors",
                "install Mantissa again, or write the sample with `mantissa sample`"},
            {}});
}

void OpenPresenter::redetect(const DetectionOverrides& overrides)
{
    if (!m_document.isEmpty())
        startOpening({m_file, m_document.model()->source, overrides, m_document.plan(), {}, {}});
}

void OpenPresenter::openWith(
    const QString& file, const DetectionOverrides& overrides, const QuantPlan& plan, const QString& catalogue)
{
    startOpening({file, nullptr, overrides, {}, plan, catalogue});
}

Result<OpenPresenter::Outcome> OpenPresenter::run(const Request& request, const JobContext& job)
{
    Outcome outcome;
    const auto refuse = [&](Error error) {
        outcome.error = std::move(error);
        return outcome;
    };
    auto opened = request.source;
    if (!opened) {
        auto result = openCheckpoint(toPath(request.file));
        if (!result) {
            if (auto calls = listDangerousCalls(toPath(request.file)))
                outcome.dangerous = std::move(*calls);
            return refuse(std::move(result.error()));
        }
        opened = std::move(*result);
    }
    auto model = detectNative(opened, request.overrides);
    if (!model)
        return refuse(std::move(model.error()));
    outcome.notes = std::move(model->notes);
    outcome.changed
        = !request.catalogue.isEmpty() && catalogueHash(*model->model->source) != request.catalogue;
    if (job.cancelled())
        return fail(ErrorCode::Cancelled, "opening was cancelled");
    OpenedCheckpoint& made = outcome.opened;
    made.file = request.file;
    made.overrides = request.overrides;
    made.model = std::move(model->model);
    made.tree = LayerTree::build(*made.model);
    made.plan = request.exact ? *request.exact : defaultPlan(*made.model, Choice{formatToStartWith(), {}});
    if (request.carryOver)
        made.plan = carriedOver(std::move(made.plan), *request.carryOver);
    auto state = computePlanState(made.plan, made.model, *made.tree);
    if (!state)
        return refuse(std::move(state.error()));
    made.state = std::make_shared<const PlanState>(std::move(*state));
    return outcome;
}

void OpenPresenter::startOpening(const Request& request)
{
    Q_EMIT openStarted(request.file);
    m_job.start<Outcome>([request](const JobContext& job) { return run(request, job); },
        [this, request](Result<Outcome> result) {
            if (result) {
                finishOpening(request, std::move(*result));
                return;
            }
            Outcome outcome;
            outcome.error = std::move(result.error());
            finishOpening(request, std::move(outcome));
        });
}

void OpenPresenter::finishOpening(const Request& request, Outcome outcome)
{
    if (outcome.error) {
        Q_EMIT openEnded();
        if (outcome.error->code != ErrorCode::Cancelled)
            Q_EMIT failed({request.file, std::move(*outcome.error), std::move(outcome.dangerous)});
        return;
    }
    m_file = request.file;
    m_overrides = request.overrides;
    if (!request.source) {
        m_planFile.clear();
        m_recent.add(request.file);
    }
    m_document.reset(std::move(outcome.opened));
    Q_EMIT planFileChanged();
    Q_EMIT openEnded();
    for (const Sentence& note : outcome.notes)
        Q_EMIT notice(asSentence(sentenceText(note)));
    if (outcome.changed)
        Q_EMIT notice(
            tr("%1 is not the file that the project was made with: its tensors differ. Look at the findings "
               "before you export.")
                .arg(QFileInfo(request.file).fileName()));
}

void OpenPresenter::cancel()
{
    m_job.requestStop();
}

void OpenPresenter::openPlan(const QString& file)
{
    if (m_document.isEmpty()) {
        Q_EMIT notice(tr("Open a checkpoint first; a plan says what to do with one."));
        return;
    }
    m_planJob.start<QuantPlan>([file](const JobContext&) { return readPlan(file); },
        [this, file, model = m_document.model()](Result<QuantPlan> plan) {
            if (!plan) {
                Q_EMIT failed({file, std::move(plan.error()), {}});
                return;
            }
            if (model != m_document.model())
                return;
            const std::string& wanted = plan->architecture;
            if (!wanted.empty() && wanted != model->architecture.id)
                Q_EMIT notice(tr(
                    "This plan was made for %1, the open file is %2. Look at the findings before you export.")
                                  .arg(toQt(wanted), toQt(model->architecture.id)));
            m_editor.replacePlan(std::move(*plan), tr("Load plan %1").arg(QFileInfo(file).fileName()));
            m_planFile = file;
            Q_EMIT planFileChanged();
        });
}

void OpenPresenter::savePlan(const QString& file)
{
    m_planJob.start<bool>(
        [file, plan = m_document.plan()](const JobContext&) -> Result<bool> {
            const std::string text = toJson(plan);
            QSaveFile out(file);
            const auto size = static_cast<qint64>(text.size());
            if (!out.open(QIODevice::WriteOnly) || out.write(text.data(), size) != size || !out.commit())
                return tl::unexpected(Error{ErrorCode::System,
                    sentence("the plan cannot be saved: {}", toStd(out.errorString())), toStd(file),
                    "choose another folder"});
            return true;
        },
        [this, file](Result<bool> saved) {
            if (!saved) {
                Q_EMIT failed({file, std::move(saved.error()), {}});
                return;
            }
            m_planFile = file;
            m_document.undoStack()->setClean();
            Q_EMIT planFileChanged();
            Q_EMIT notice(tr("Saved the plan as %1.").arg(QFileInfo(file).fileName()));
        });
}

} // namespace mantissa::ui
