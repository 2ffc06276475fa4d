// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/actions.h"

#include "ui/icons.h"
#include "ui/text.h"
#include "ui/widgets/format_badge.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>

namespace mantissa::ui {

namespace {

struct Spec {
    ActionId id;
    MenuId menu;
    const char* name; ///< object name
    const char* text;
    QKeySequence key;
    const char* icon; ///< null: none
    const char* tip;
    bool separatorBefore = false;
    bool checkable = false;
};

#define TEXT(text) QT_TRANSLATE_NOOP("Actions", text)

const std::vector<Spec>& table()
{
    using A = ActionId;
    using M = MenuId;
    static const std::vector<Spec> kTable{
        {A::Open, M::File, "actionOpen", TEXT("&Open…"), QKeySequence::Open, "open",
            TEXT("Open a checkpoint: safetensors, sharded index, .ckpt, .pt, .bin")},
        {A::OpenFolder, M::File, "actionOpenFolder", TEXT("Open &folder…"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O), "folder",
            TEXT("Open a diffusers folder or a folder of shards")},
        {A::OpenSample, M::File, "actionOpenSample", TEXT("Open the &sample"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_O), "sample",
            TEXT("Open the small model that comes with Mantissa")},
        {A::OpenPlan, M::File, "actionOpenPlan", TEXT("Open &plan…"), QKeySequence(Qt::CTRL | Qt::Key_L),
            "file", TEXT("Apply a saved plan, or a layer config of convert-to-quant"), true},
        {A::SavePlan, M::File, "actionSavePlan", TEXT("&Save plan"), QKeySequence::Save, "save",
            TEXT("Save the plan as JSON")},
        {A::SavePlanAs, M::File, "actionSavePlanAs", TEXT("Save plan &as…"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S), nullptr,
            TEXT("Save the plan under another name")},
        {A::SaveProject, M::File, "actionSaveProject", TEXT("Save pro&ject"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_S), "project",
            TEXT("Save source, plan, statistics and layout as one project file"), true},
        {A::SaveProjectAs, M::File, "actionSaveProjectAs", TEXT("Save project as&…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::SHIFT | Qt::Key_S), nullptr,
            TEXT("Save the project under another name")},
        {A::OpenStatistics, M::File, "actionOpenStatistics", TEXT("Open s&tatistics…"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L), "histogram",
            TEXT("Use the statistics of an earlier calibration for this model"), true},
        {A::ContinueExport, M::File, "actionContinueExport", TEXT("Continue from the plan of this e&xport…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_E), "undo",
            TEXT("Open the file that this export was made from, with the plan that made it")},
        {A::Quit, M::File, "actionQuit", TEXT("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q), "quit",
            TEXT("Close the window"), true},

        {A::Undo, M::Edit, "actionUndo", TEXT("&Undo"), QKeySequence::Undo, "undo",
            TEXT("Take the last step back")},
        {A::Redo, M::Edit, "actionRedo", TEXT("&Redo"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z),
            "redo", TEXT("Do the last step again")},
        {A::Find, M::Edit, "actionFind", TEXT("&Find layers"), QKeySequence::Find, "search",
            TEXT("Go to the search box"), true},
        {A::ClearFilter, M::Edit, "actionClearFilter", TEXT("Show &all layers"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F), nullptr, TEXT("Empty the search box")},

        {A::ExpandAll, M::View, "actionExpandAll", TEXT("&Expand all"), QKeySequence(Qt::CTRL | Qt::Key_Plus),
            "expand", TEXT("Open every branch")},
        {A::CollapseAll, M::View, "actionCollapseAll", TEXT("&Collapse all"),
            QKeySequence(Qt::CTRL | Qt::Key_Minus), "collapse", TEXT("Close every branch")},
        {A::ThemeSystem, M::View, "actionThemeSystem", TEXT("Colours of the &system"),
            QKeySequence(Qt::ALT | Qt::Key_F5), "theme",
            TEXT("Follow the light or dark setting of the desktop"), true, true},
        {A::ThemeLight, M::View, "actionThemeLight", TEXT("&Light colours"),
            QKeySequence(Qt::ALT | Qt::Key_F6), nullptr, TEXT("Always light"), false, true},
        {A::ThemeDark, M::View, "actionThemeDark", TEXT("&Dark colours"), QKeySequence(Qt::ALT | Qt::Key_F7),
            nullptr, TEXT("Always dark"), false, true},
        {A::FullScreen, M::View, "actionFullScreen", TEXT("F&ull screen"), QKeySequence(Qt::Key_F11), nullptr,
            TEXT("Use the whole screen"), true, true},
        {A::ResetLayout, M::View, "actionResetLayout", TEXT("&Reset layout"),
            QKeySequence(Qt::CTRL | Qt::Key_F11), nullptr,
            TEXT("Panels and columns back to where they were at first")},

        {A::SetFormatWithOptions, M::Plan, "actionSetFormatOptions", TEXT("Set format with &options…"),
            QKeySequence(Qt::CTRL | Qt::Key_Return), "options",
            TEXT("Choose scales, block size and rotation for the selected layers")},
        {A::Keep, M::Plan, "actionKeep", TEXT("&Keep as it is"), QKeySequence(Qt::CTRL | Qt::Key_0), "keep",
            TEXT("Do not quantize the selected layers")},
        {A::ClearOverride, M::Plan, "actionClearOverride", TEXT("&Clear what is set here"),
            QKeySequence(Qt::CTRL | Qt::Key_Backspace), "clear",
            TEXT("Let base format, rules and guards decide about the selected layers again")},
        {A::ClearAllOverrides, M::Plan, "actionClearAll", TEXT("Clear everything set by &hand"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Backspace), nullptr,
            TEXT("Let base format, rules and guards decide about all layers again")},
        {A::SelectSameRole, M::Plan, "actionSelectSameRole", TEXT("Select the same layer in all &blocks"),
            QKeySequence(Qt::CTRL | Qt::Key_B), "select-similar",
            TEXT("Select the layers that play this part in every repeated block"), true},
        {A::SelectMatching, M::Plan, "actionSelectMatching", TEXT("Select all &matching layers"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A), nullptr,
            TEXT("Select every layer that the search box shows")},
        {A::BaseOptions, M::Plan, "actionBaseOptions", TEXT("Options of the base &format…"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_B), "options",
            TEXT("Choose scales, block size and rotation for all layers without a setting of their own"),
            true},
        {A::AddRule, M::Plan, "actionAddRule", TEXT("Add a &rule…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_R), "rule",
            TEXT("Decide about every layer whose name fits a pattern")},

        {A::Export, M::Run, "actionExport", TEXT("&Export…"), QKeySequence(Qt::CTRL | Qt::Key_E), "export",
            TEXT("Write the quantized checkpoint")},
        {A::CancelExport, M::Run, "actionCancelExport", TEXT("&Cancel the export"),
            QKeySequence(Qt::CTRL | Qt::Key_Period), "cancel",
            TEXT("Stop writing; what was finished is kept for resuming")},
        {A::ShowResult, M::Run, "actionShowResult", TEXT("Open the &folder of the result"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E), "folder",
            TEXT("Show the exported file in the file manager")},
        {A::Calibrate, M::Run, "actionCalibrate", TEXT("Start ca&libration"),
            QKeySequence(Qt::CTRL | Qt::Key_R), "run",
            TEXT("Run the model on prompts and collect statistics of its inputs"), true},
        {A::StopCalibration, M::Run, "actionStopCalibration", TEXT("&Stop the calibration"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R), "cancel",
            TEXT("Stop after the step under way; finished prompts are kept")},
        {A::ResumeJobs, M::Run, "actionResumeJobs", TEXT("&Resume unfinished jobs"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_H), "queue",
            TEXT("Go on with jobs that were stopped or interrupted"), true},
        {A::HoldQueue, M::Run, "actionHoldQueue", TEXT("&Hold the queue after this job"),
            QKeySequence(Qt::CTRL | Qt::Key_H), "pause", TEXT("Let the running job end and start no other"),
            false, true},
        {A::SaveLog, M::Run, "actionSaveLog", TEXT("Sa&ve the log…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_L), "save",
            TEXT("Write the messages of all jobs into a file"), true},

        {A::Palette, M::Help, "actionPalette", TEXT("Command &palette…"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P), "search",
            TEXT("Find any action by a part of its name")},
        {A::Shortcuts, M::Help, "actionShortcuts", TEXT("&Keyboard shortcuts"), QKeySequence(Qt::Key_F1),
            "keyboard", TEXT("List every action with its keys")},
        {A::About, M::Help, "actionAbout", TEXT("&About Mantissa"), QKeySequence(Qt::SHIFT | Qt::Key_F1),
            "info", TEXT("Version and licence"), true},
        {A::AboutQt, M::Help, "actionAboutQt", TEXT("About &Qt"), QKeySequence(Qt::CTRL | Qt::Key_F1),
            nullptr, TEXT("The toolkit that this window is made with")},
    };
    return kTable;
}

constexpr std::array<const char*, static_cast<std::size_t>(MenuId::Count)> kMenuTexts{
    TEXT("&File"), TEXT("&Edit"), TEXT("&View"), TEXT("&Plan"), TEXT("&Run"), TEXT("&Help")};
constexpr std::array<const char*, static_cast<std::size_t>(MenuId::Count)> kMenuNames{
    "menuFile", "menuEdit", "menuView", "menuPlan", "menuRun", "menuHelp"};

#undef TEXT

QString translated(const char* text)
{
    return QCoreApplication::translate("Actions", text);
}

constexpr int kDigitShortcuts = 9;

} // namespace

Actions::Actions(QObject* parent)
    : QObject(parent)
{
    for (const Spec& spec : table()) {
        auto* action = new QAction(translated(spec.text), this);
        action->setObjectName(QLatin1String(spec.name));
        action->setShortcut(spec.key);
        action->setToolTip(translated(spec.tip));
        action->setStatusTip(translated(spec.tip));
        action->setCheckable(spec.checkable);
        if (spec.icon != nullptr)
            action->setIcon(icon(QLatin1String(spec.icon)));
        m_actions[static_cast<std::size_t>(spec.id)] = action;
    }
    auto* themes = new QActionGroup(this);
    for (const ActionId id : {ActionId::ThemeSystem, ActionId::ThemeLight, ActionId::ThemeDark})
        themes->addAction((*this)[id]);
    createFormatActions();
}

void Actions::createFormatActions()
{
    int number = 1;
    for (const StorageFormat* format : storageFormats()) {
        const FormatInfo& info = format->info();
        auto* action = new QAction(badgeIcon(toQt(info.id)), toQt(info.name), this);
        action->setObjectName(QStringLiteral("actionFormat_") + toQt(info.id));
        action->setData(toQt(info.id));
        const QString tip
            = tr("Set the selected layers to %1. %2 %3")
                  .arg(toQt(info.name), asSentence(toQt(info.summary)), asSentence(loaderText(info.loader)));
        action->setToolTip(tip);
        action->setStatusTip(tip);
        if (number <= kDigitShortcuts)
            action->setShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + number)));
        ++number;
        m_formats << action;
    }
}

QString loaderHeading(int loader)
{
    switch (static_cast<LoaderSupport>(loader)) {
    case LoaderSupport::Stock:
        return Actions::tr("Stock ComfyUI loads it");
    case LoaderSupport::CustomNode:
        return Actions::tr("Needs a custom node");
    case LoaderSupport::None:
        return Actions::tr("No known runtime loads it");
    }
    return {};
}

void Actions::fillFormatMenu(QMenu* menu) const
{
    for (const LoaderSupport loader :
        {LoaderSupport::Stock, LoaderSupport::CustomNode, LoaderSupport::None}) {
        bool headed = false;
        for (QAction* action : m_formats) {
            const StorageFormat* format = findFormat(toStd(action->data().toString()));
            if (format == nullptr || format->info().loader != loader)
                continue;
            if (!headed)
                menu->addSection(loaderHeading(static_cast<int>(loader)));
            headed = true;
            menu->addAction(action);
        }
    }
}

void Actions::fill(QMenuBar* bar)
{
    for (std::size_t idx = 0; idx < m_menus.size(); ++idx) {
        m_menus[idx] = bar->addMenu(translated(kMenuTexts[idx]));
        m_menus[idx]->setObjectName(QLatin1String(kMenuNames[idx]));
        m_menus[idx]->setToolTipsVisible(true);
    }
    auto* formats = menu(MenuId::Plan)->addMenu(icon(QStringLiteral("format")), tr("&Set format"));
    formats->setObjectName(QStringLiteral("menuSetFormat"));
    formats->setToolTipsVisible(true);
    fillFormatMenu(formats);
    for (const Spec& spec : table()) {
        if (spec.separatorBefore)
            menu(spec.menu)->addSeparator();
        menu(spec.menu)->addAction((*this)[spec.id]);
    }
}

QList<QPair<QString, QList<QAction*>>> Actions::byMenu() const
{
    QList<QPair<QString, QList<QAction*>>> groups;
    for (std::size_t idx = 0; idx < m_menus.size(); ++idx) {
        QList<QAction*> actions;
        for (const Spec& spec : table())
            if (static_cast<std::size_t>(spec.menu) == idx)
                actions << (*this)[spec.id];
        if (static_cast<MenuId>(idx) == MenuId::Plan)
            actions << m_formats;
        if (static_cast<MenuId>(idx) == MenuId::View)
            actions << m_views;
        groups << qMakePair(translated(kMenuTexts[idx]).remove(QLatin1Char('&')), actions);
    }
    return groups;
}

} // namespace mantissa::ui
