// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/presets_dialog.h"

#include "ui/state_file.h"
#include "ui/text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plan_preview_list.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mantissa::ui {

namespace {

constexpr qint64 kMaxPresetBytes = 16 << 20;
constexpr int kIdRole = Qt::UserRole, kOwnRole = Qt::UserRole + 1;

} // namespace

PresetsDialog::PresetsDialog(PlanDocument& document, QWidget* parent)
    : QDialog(parent)
    , m_document(document)
    , m_list(named(new QListWidget(this), "presetList", tr("Presets")))
    , m_summary(named(new QLabel(this), "presetSummary", tr("What the preset is for")))
    , m_changes(new PlanPreviewList("presetCount", tr("What the preset would change"), "presetRows",
          tr("Layers that the preset would change"), this))
    , m_name(named(new QLineEdit(this), "presetName", tr("Name for the present plan")))
    , m_save(named(new QPushButton(tr("&Save"), this), "presetSave", tr("Save the present plan as a preset")))
    , m_remove(named(new QPushButton(tr("&Remove"), this), "presetRemove", tr("Remove this preset of yours")))
    , m_export(
          named(new QPushButton(tr("&Export…"), this), "presetExport", tr("Write this preset into a file")))
    , m_preview(document)
{
    setObjectName(QStringLiteral("presetsDialog"));
    setWindowTitle(tr("Presets"));
    setAccessibleName(tr("Presets"));
    m_summary->setWordWrap(true);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setForegroundRole(QPalette::PlaceholderText);
    auto* left = new QVBoxLayout;
    makeSide(left);
    auto* right = new QVBoxLayout;
    right->addWidget(m_summary);
    right->addWidget(m_changes, 1);
    auto* both = new QHBoxLayout;
    both->setSpacing(14);
    both->addLayout(left, 2);
    both->addLayout(right, 3);
    auto* buttons
        = named(new QDialogButtonBox(QDialogButtonBox::Cancel, this), "presetButtons", tr("Buttons"));
    m_apply = buttons->addButton(tr("&Apply preset"), QDialogButtonBox::AcceptRole);
    named(m_apply, "presetApply", tr("Apply preset"))->setDefault(true);
    named(buttons->button(QDialogButtonBox::Cancel), "presetCancel", tr("Cancel"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addLayout(both, 1);
    column->addWidget(buttons);
    resize(860, 520);
    connect(m_list, &QListWidget::currentItemChanged, this, &PresetsDialog::showChosen);
    connect(&m_preview, &RulePreview::changed, this, &PresetsDialog::showPreview);
    fill();
    load();
}

void PresetsDialog::makeSide(QVBoxLayout* column)
{
    auto* label = named(new QLabel(tr("&Presets for this model"), this), "presetListLabel", tr("Presets"));
    label->setBuddy(m_list);
    auto* import = named(
        new QPushButton(tr("&Import…"), this), "presetImport", tr("Take a preset or plan from a file"));
    for (QPushButton* button : {m_save, m_remove, m_export, import})
        button->setAutoDefault(false);
    auto* files = new QHBoxLayout;
    files->addWidget(m_remove);
    files->addWidget(import);
    files->addWidget(m_export);
    files->addStretch(1);
    m_name->setPlaceholderText(tr("Name for the present plan"));
    m_save->setEnabled(false);
    auto* keep = new QHBoxLayout;
    keep->addWidget(m_name, 1);
    keep->addWidget(m_save);
    column->addWidget(label);
    column->addWidget(m_list, 1);
    column->addLayout(files);
    column->addLayout(keep);
    connect(m_name, &QLineEdit::textChanged, this,
        [this] { m_save->setEnabled(!m_name->text().trimmed().isEmpty()); });
    connect(m_save, &QPushButton::clicked, this, &PresetsDialog::save);
    connect(m_remove, &QPushButton::clicked, this, &PresetsDialog::remove);
    connect(import, &QPushButton::clicked, this, &PresetsDialog::bringIn);
    connect(m_export, &QPushButton::clicked, this, &PresetsDialog::sendOut);
}

void PresetsDialog::load()
{
    using Own = std::vector<UserPreset>;
    m_reader.start<Own>([](const JobContext&) -> Result<Own> { return readUserPresets(); },
        [this](Result<Own> own) {
            if (own)
                m_own = std::move(*own);
            fill();
        });
}

void PresetsDialog::fill()
{
    const QString chosen = m_list->currentItem() != nullptr ? m_list->currentItem()->data(kIdRole).toString()
                                                            : toQt(m_document.plan().preset);
    m_list->clear();
    const std::string& family = m_document.model()->architecture.id;
    for (const Preset& preset : presets()) {
        const auto& fits = preset.architectures;
        if (!fits.empty() && std::find(fits.begin(), fits.end(), family) == fits.end())
            continue;
        auto* item = new QListWidgetItem(toQt(preset.name), m_list);
        item->setData(kIdRole, toQt(preset.id));
        item->setData(kOwnRole, -1);
    }
    for (std::size_t i = 0; i < m_own.size(); ++i) {
        auto* item = new QListWidgetItem(tr("%1 (yours)").arg(m_own[i].name), m_list);
        item->setData(kIdRole, m_own[i].name);
        item->setData(kOwnRole, static_cast<int>(i));
    }
    for (int row = 0; row < m_list->count(); ++row)
        if (m_list->item(row)->data(kIdRole).toString() == chosen)
            m_list->setCurrentRow(row);
    if (m_list->currentRow() < 0 && m_list->count() > 0)
        m_list->setCurrentRow(0);
    showChosen();
}

QString PresetsDialog::presetName() const
{
    return m_list->currentItem() != nullptr ? m_list->currentItem()->text() : QString();
}

QuantPlan PresetsDialog::plan() const
{
    QuantPlan plan = m_document.plan();
    const QListWidgetItem* item = m_list->currentItem();
    if (item == nullptr)
        return plan;
    const int own = item->data(kOwnRole).toInt();
    if (own >= 0)
        return withUserPreset(std::move(plan), m_own[static_cast<std::size_t>(own)]);
    if (const Preset* preset = findPreset(toStd(item->data(kIdRole).toString())))
        mantissa::applyPreset(plan, *preset);
    return plan;
}

void PresetsDialog::showChosen()
{
    const QListWidgetItem* item = m_list->currentItem();
    const bool own = item != nullptr && item->data(kOwnRole).toInt() >= 0;
    m_remove->setEnabled(own);
    m_export->setEnabled(item != nullptr);
    m_apply->setEnabled(item != nullptr);
    if (item == nullptr)
        return;
    const Preset* preset = own ? nullptr : findPreset(toStd(item->data(kIdRole).toString()));
    m_summary->setText(preset != nullptr
            ? asSentence(engineText(preset->summary))
            : tr("A preset of yours. Rules that you wrote stay, and stay stronger."));
    m_preview.ask(plan());
}

void PresetsDialog::showPreview(const PlanPreview& preview)
{
    m_changes->setPreview(preview);
    m_apply->setEnabled(preview.problem.isEmpty());
}

void PresetsDialog::run(std::function<Status()> work, const QString& done)
{
    m_writer.start<bool>(
        [work = std::move(work)](const JobContext&) -> Result<bool> {
            if (Status status = work(); !status)
                return forward(std::move(status));
            return true;
        },
        [this, done](const Result<bool>& result) {
            m_summary->setText(result
                    ? done
                    : errorSentence(result.error()) + QLatin1Char(' ') + hintSentence(result.error()));
            if (result)
                load();
        });
}

void PresetsDialog::save()
{
    const QString name = m_name->text().trimmed();
    run([name, plan = m_document.plan()] { return saveUserPreset(name, plan); }, tr("Saved “%1”.").arg(name));
    m_name->clear();
}

void PresetsDialog::remove()
{
    const QString name = m_list->currentItem()->data(kIdRole).toString();
    run([name] { return removeUserPreset(name); }, tr("Removed “%1”.").arg(name));
}

void PresetsDialog::bringIn()
{
    const QString file = QFileDialog::getOpenFileName(
        this, tr("Import a preset"), {}, tr("Presets, plans and layer configs (*.json);;All files (*)"));
    if (file.isEmpty())
        return;
    QString name = QFileInfo(file).completeBaseName();
    name.remove(QStringLiteral(".preset"));
    run(
        [file, name]() -> Status {
            const auto text = readWhole(file, kMaxPresetBytes);
            if (!text)
                return tl::unexpected(text.error());
            const auto plan = parsePlan(text->toStdString());
            return plan ? saveUserPreset(name, *plan) : Status(tl::unexpected(plan.error()));
        },
        tr("Imported “%1”.").arg(name));
}

void PresetsDialog::sendOut()
{
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Export the preset"), presetName() + QStringLiteral(".preset.json"), tr("Presets (*.json)"));
    if (file.isEmpty())
        return;
    QuantPlan plan = this->plan();
    plan.overrides.clear();
    plan.notes.clear();
    plan.sourceName.clear();
    plan.sourceHash.clear();
    run([file, plan] { return writeWhole(file, QByteArray::fromStdString(mantissa::toJson(plan))); },
        tr("Written to %1.").arg(file));
}

} // namespace mantissa::ui
