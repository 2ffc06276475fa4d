// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/actions.h"

#include "ui/icons.h"
#include "ui/text.h"
#include "ui/widgets/format_badge.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>
#include <QSettings>

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

const std::vector<Spec>& table()
{
    using A = ActionId;
    using M = MenuId;
    static const std::vector<Spec> kTable{
        {A::Open, M::File, "actionOpen", QT_TRANSLATE_NOOP("Actions", "&Open…"), QKeySequence::Open, "open",
            QT_TRANSLATE_NOOP(
                "Actions", "Open a checkpoint: safetensors, sharded index, GGUF, .ckpt, .pt, .bin")},
        {A::OpenFolder, M::File, "actionOpenFolder", QT_TRANSLATE_NOOP("Actions", "Open &folder…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::SHIFT | Qt::Key_O), "folder",
            QT_TRANSLATE_NOOP("Actions", "Open a diffusers folder or a folder of shards")},
        {A::OpenInWindow, M::File, "actionOpenInWindow",
            QT_TRANSLATE_NOOP("Actions", "Open in a new &window…"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O), "open",
            QT_TRANSLATE_NOOP(
                "Actions", "Open another file and keep this one: each window has its own plan")},
        {A::OpenSample, M::File, "actionOpenSample", QT_TRANSLATE_NOOP("Actions", "Open the &sample"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_O), "sample",
            QT_TRANSLATE_NOOP("Actions", "Open the small model that comes with Mantissa")},
        {A::OpenPlan, M::File, "actionOpenPlan", QT_TRANSLATE_NOOP("Actions", "Open &plan…"),
            QKeySequence(Qt::CTRL | Qt::Key_L), "file",
            QT_TRANSLATE_NOOP("Actions", "Apply a saved plan, or a layer config of convert-to-quant"), true},
        {A::SavePlan, M::File, "actionSavePlan", QT_TRANSLATE_NOOP("Actions", "&Save plan"),
            QKeySequence::Save, "save", QT_TRANSLATE_NOOP("Actions", "Save the plan as JSON")},
        {A::SavePlanAs, M::File, "actionSavePlanAs", QT_TRANSLATE_NOOP("Actions", "Save plan &as…"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S), nullptr,
            QT_TRANSLATE_NOOP("Actions", "Save the plan under another name")},
        {A::SaveProject, M::File, "actionSaveProject", QT_TRANSLATE_NOOP("Actions", "Save pro&ject"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_S), "project",
            QT_TRANSLATE_NOOP(
                "Actions", "Save source, plan, statistics, ratings and layout as one project file"),
            true},
        {A::SaveProjectAs, M::File, "actionSaveProjectAs", QT_TRANSLATE_NOOP("Actions", "Save project as&…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::SHIFT | Qt::Key_S), nullptr,
            QT_TRANSLATE_NOOP("Actions", "Save the project under another name")},
        {A::OpenStatistics, M::File, "actionOpenStatistics",
            QT_TRANSLATE_NOOP("Actions", "Open s&tatistics…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L),
            "histogram",
            QT_TRANSLATE_NOOP("Actions", "Use the statistics of an earlier calibration for this model"),
            true},
        {A::ModelParts, M::File, "actionModelParts", QT_TRANSLATE_NOOP("Actions", "&Parts from other files…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_F), "file",
            QT_TRANSLATE_NOOP("Actions",
                "Name the files that have the VAE, the text encoders or their output, for calibration and "
                "pictures")},
        {A::ContinueExport, M::File, "actionContinueExport",
            QT_TRANSLATE_NOOP("Actions", "Continue from the plan of this e&xport…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_E), "undo",
            QT_TRANSLATE_NOOP(
                "Actions", "Open the file that this export was made from, with the plan that made it")},
        {A::CompareFile, M::File, "actionCompareFile",
            QT_TRANSLATE_NOOP("Actions", "Compare &with another file…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_C), "select-similar",
            QT_TRANSLATE_NOOP(
                "Actions", "List added, missing and changed layers with the error of their weights")},
        {A::Quit, M::File, "actionQuit", QT_TRANSLATE_NOOP("Actions", "&Quit"),
            QKeySequence(Qt::CTRL | Qt::Key_Q), "quit", QT_TRANSLATE_NOOP("Actions", "Close the window"),
            true},

        {A::Undo, M::Edit, "actionUndo", QT_TRANSLATE_NOOP("Actions", "&Undo"), QKeySequence::Undo, "undo",
            QT_TRANSLATE_NOOP("Actions", "Take the last step back")},
        {A::Redo, M::Edit, "actionRedo", QT_TRANSLATE_NOOP("Actions", "&Redo"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), "redo",
            QT_TRANSLATE_NOOP("Actions", "Do the last step again")},
        {A::Find, M::Edit, "actionFind", QT_TRANSLATE_NOOP("Actions", "&Find layers"), QKeySequence::Find,
            "search", QT_TRANSLATE_NOOP("Actions", "Go to the search box"), true},
        {A::ClearFilter, M::Edit, "actionClearFilter", QT_TRANSLATE_NOOP("Actions", "Show &all layers"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F), nullptr,
            QT_TRANSLATE_NOOP("Actions", "Empty the search box")},
        {A::Settings, M::Edit, "actionSettings", QT_TRANSLATE_NOOP("Actions", "&Settings…"),
            QKeySequence(Qt::CTRL | Qt::Key_Comma), "options",
            QT_TRANSLATE_NOOP("Actions", "Colours, language, and what exports and calibrations start with"),
            true},

        {A::ExpandAll, M::View, "actionExpandAll", QT_TRANSLATE_NOOP("Actions", "&Expand all"),
            QKeySequence(Qt::CTRL | Qt::Key_Plus), "expand",
            QT_TRANSLATE_NOOP("Actions", "Open every branch")},
        {A::CollapseAll, M::View, "actionCollapseAll", QT_TRANSLATE_NOOP("Actions", "&Collapse all"),
            QKeySequence(Qt::CTRL | Qt::Key_Minus), "collapse",
            QT_TRANSLATE_NOOP("Actions", "Close every branch")},
        {A::ThemeSystem, M::View, "actionThemeSystem", QT_TRANSLATE_NOOP("Actions", "Colours of the &system"),
            QKeySequence(Qt::ALT | Qt::Key_F5), "theme",
            QT_TRANSLATE_NOOP("Actions", "Follow the light or dark setting of the desktop"), true, true},
        {A::ThemeLight, M::View, "actionThemeLight", QT_TRANSLATE_NOOP("Actions", "&Light colours"),
            QKeySequence(Qt::ALT | Qt::Key_F6), nullptr, QT_TRANSLATE_NOOP("Actions", "Always light"), false,
            true},
        {A::ThemeDark, M::View, "actionThemeDark", QT_TRANSLATE_NOOP("Actions", "&Dark colours"),
            QKeySequence(Qt::ALT | Qt::Key_F7), nullptr, QT_TRANSLATE_NOOP("Actions", "Always dark"), false,
            true},
        {A::FullScreen, M::View, "actionFullScreen", QT_TRANSLATE_NOOP("Actions", "F&ull screen"),
            QKeySequence(Qt::Key_F11), nullptr, QT_TRANSLATE_NOOP("Actions", "Use the whole screen"), true,
            true},
        {A::ResetLayout, M::View, "actionResetLayout", QT_TRANSLATE_NOOP("Actions", "&Reset layout"),
            QKeySequence(Qt::CTRL | Qt::Key_F11), nullptr,
            QT_TRANSLATE_NOOP("Actions", "Panels and columns back to where they were at first")},
        {A::CopyPicture, M::View, "actionCopyPicture", QT_TRANSLATE_NOOP("Actions", "Copy as p&icture"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_Y), nullptr,
            QT_TRANSLATE_NOOP(
                "Actions", "The pictures under comparison, or the plot that is seen, to the clipboard"),
            true},
        {A::SavePicture, M::View, "actionSavePicture", QT_TRANSLATE_NOOP("Actions", "Sa&ve as picture…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_P), "save",
            QT_TRANSLATE_NOOP(
                "Actions", "The pictures under comparison, or the plot that is seen, as PNG, SVG or PDF")},

        {A::SetFormatWithOptions, M::Plan, "actionSetFormatOptions",
            QT_TRANSLATE_NOOP("Actions", "Set format with &options…"),
            QKeySequence(Qt::CTRL | Qt::Key_Return), "options",
            QT_TRANSLATE_NOOP("Actions", "Choose scales, block size and rotation for the selected layers")},
        {A::Keep, M::Plan, "actionKeep", QT_TRANSLATE_NOOP("Actions", "&Keep as it is"),
            QKeySequence(Qt::CTRL | Qt::Key_0), "keep",
            QT_TRANSLATE_NOOP("Actions", "Do not quantize the selected layers")},
        {A::ClearOverride, M::Plan, "actionClearOverride",
            QT_TRANSLATE_NOOP("Actions", "&Clear what is set here"),
            QKeySequence(Qt::CTRL | Qt::Key_Backspace), "clear",
            QT_TRANSLATE_NOOP(
                "Actions", "Let base format, rules and guards decide about the selected layers again")},
        {A::ClearAllOverrides, M::Plan, "actionClearAll",
            QT_TRANSLATE_NOOP("Actions", "Clear everything set by &hand"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Backspace), nullptr,
            QT_TRANSLATE_NOOP("Actions", "Let base format, rules and guards decide about all layers again")},
        {A::SelectSameRole, M::Plan, "actionSelectSameRole",
            QT_TRANSLATE_NOOP("Actions", "Select the same layer in all &blocks"),
            QKeySequence(Qt::CTRL | Qt::Key_B), "select-similar",
            QT_TRANSLATE_NOOP("Actions", "Select the layers that play this part in every repeated block"),
            true},
        {A::SelectMatching, M::Plan, "actionSelectMatching",
            QT_TRANSLATE_NOOP("Actions", "Select all &matching layers"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A), nullptr,
            QT_TRANSLATE_NOOP("Actions", "Select every layer that the search box shows")},
        {A::BaseOptions, M::Plan, "actionBaseOptions",
            QT_TRANSLATE_NOOP("Actions", "Options of the base &format…"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_B), "options",
            QT_TRANSLATE_NOOP("Actions",
                "Choose scales, block size and rotation for all layers without a setting of their own"),
            true},
        {A::AddRule, M::Plan, "actionAddRule", QT_TRANSLATE_NOOP("Actions", "Add a &rule…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_R), "rule",
            QT_TRANSLATE_NOOP("Actions", "Decide about every layer whose name fits a pattern")},
        {A::ImportRules, M::Plan, "actionImportRules", QT_TRANSLATE_NOOP("Actions", "&Import rules…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_I), "rule",
            QT_TRANSLATE_NOOP("Actions",
                "Take over the rules of stable-diffusion.cpp or comfy-quants, after a look at them")},
        {A::ExportRules, M::Plan, "actionExportRules", QT_TRANSLATE_NOOP("Actions", "&Export rules…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_X), "rule",
            QT_TRANSLATE_NOOP("Actions",
                "What the plan does, as rules of convert-to-quant, comfy-quants or stable-diffusion.cpp")},
        {A::MeasureBudget, M::Plan, "actionMeasureBudget",
            QT_TRANSLATE_NOOP("Actions", "&Measure for a budget"), QKeySequence(Qt::CTRL | Qt::Key_M),
            "histogram",
            QT_TRANSLATE_NOOP("Actions", "Try the formats on every layer, and show size against harm")},
        {A::StopMeasuring, M::Plan, "actionStopMeasuring",
            QT_TRANSLATE_NOOP("Actions", "Stop meas&uring for a budget"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::SHIFT | Qt::Key_M), "cancel",
            QT_TRANSLATE_NOOP("Actions",
                "Stop; where only the probe of the network was under way, the errors of the layers stay")},
        {A::MeasureLayers, M::Plan, "actionMeasureLayers",
            QT_TRANSLATE_NOOP("Actions", "Measure the &layers"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_M), "histogram",
            QT_TRANSLATE_NOOP(
                "Actions", "Read the weights and show the error of every format on every layer in the tree")},
        {A::Presets, M::Plan, "actionPresets", QT_TRANSLATE_NOOP("Actions", "&Presets…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_T), "format",
            QT_TRANSLATE_NOOP("Actions", "See what a preset would change, apply it, or save the plan as one"),
            true},
        {A::EditNote, M::Plan, "actionEditNote", QT_TRANSLATE_NOOP("Actions", "Write a &note…"),
            QKeySequence(Qt::Key_F2), "file",
            QT_TRANSLATE_NOOP("Actions", "Keep your own words about the current layer in the plan"), true},
        {A::Explain, M::Plan, "actionExplain", QT_TRANSLATE_NOOP("Actions", "&Why this format?"),
            QKeySequence(Qt::Key_F4), "help",
            QT_TRANSLATE_NOOP("Actions", "Show what decided about the current layer, and what it won over")},

        {A::Export, M::Run, "actionExport", QT_TRANSLATE_NOOP("Actions", "&Export…"),
            QKeySequence(Qt::CTRL | Qt::Key_E), "export",
            QT_TRANSLATE_NOOP("Actions", "Write the quantized checkpoint")},
        {A::CancelExport, M::Run, "actionCancelExport", QT_TRANSLATE_NOOP("Actions", "&Cancel the export"),
            QKeySequence(Qt::CTRL | Qt::Key_Period), "cancel",
            QT_TRANSLATE_NOOP("Actions", "Stop writing; what was finished is kept for resuming")},
        {A::ShowResult, M::Run, "actionShowResult",
            QT_TRANSLATE_NOOP("Actions", "Open the &folder of the result"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E), "folder",
            QT_TRANSLATE_NOOP("Actions", "Show the exported file in the file manager")},
        {A::Calibrate, M::Run, "actionCalibrate", QT_TRANSLATE_NOOP("Actions", "Start ca&libration"),
            QKeySequence(Qt::CTRL | Qt::Key_R), "run",
            QT_TRANSLATE_NOOP("Actions", "Run the model on prompts and collect statistics of its inputs"),
            true},
        {A::StopCalibration, M::Run, "actionStopCalibration",
            QT_TRANSLATE_NOOP("Actions", "&Stop the calibration"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R), "cancel",
            QT_TRANSLATE_NOOP("Actions", "Stop after the step under way; finished prompts are kept")},
        {A::ResumeJobs, M::Run, "actionResumeJobs", QT_TRANSLATE_NOOP("Actions", "&Resume unfinished jobs"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_H), "queue",
            QT_TRANSLATE_NOOP("Actions", "Go on with jobs that were stopped or interrupted"), true},
        {A::HoldQueue, M::Run, "actionHoldQueue",
            QT_TRANSLATE_NOOP("Actions", "&Hold the queue after this job"),
            QKeySequence(Qt::CTRL | Qt::Key_H), "pause",
            QT_TRANSLATE_NOOP("Actions", "Let the running job end and start no other"), false, true},
        {A::SaveLog, M::Run, "actionSaveLog", QT_TRANSLATE_NOOP("Actions", "Sa&ve the log…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_L), "save",
            QT_TRANSLATE_NOOP("Actions", "Write the messages of all jobs into a file"), true},
        {A::OpenJobLog, M::Run, "actionOpenJobLog", QT_TRANSLATE_NOOP("Actions", "Open the &job's log"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_J), "file",
            QT_TRANSLATE_NOOP(
                "Actions", "Open the file with all messages of the job that is chosen in the queue")},
        {A::CopyCommand, M::Run, "actionCopyCommand", QT_TRANSLATE_NOOP("Actions", "Copy as c&ommand"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), "rule",
            QT_TRANSLATE_NOOP(
                "Actions", "Save the plan and put the command line that makes this export on the clipboard")},

        {A::ComparePictures, M::Compare, "actionComparePictures",
            QT_TRANSLATE_NOOP("Actions", "&Compare pictures"), QKeySequence(Qt::CTRL | Qt::Key_K), "compare",
            QT_TRANSLATE_NOOP("Actions", "See and measure what a plan or an export does to the pictures")},
        {A::BackToPlan, M::Compare, "actionBackToPlan", QT_TRANSLATE_NOOP("Actions", "Back to the &plan"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_K), "undo",
            QT_TRANSLATE_NOOP("Actions", "Show the layers again")},
        {A::MakePictures, M::Compare, "actionMakePictures", QT_TRANSLATE_NOOP("Actions", "&Make pictures"),
            QKeySequence(Qt::CTRL | Qt::Key_G), "run",
            QT_TRANSLATE_NOOP(
                "Actions", "Draw every prompt with every variant; pictures that exist are kept"),
            true},
        {A::StopComparison, M::Compare, "actionStopComparison",
            QT_TRANSLATE_NOOP("Actions", "Stop makin&g pictures"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_G), "cancel",
            QT_TRANSLATE_NOOP("Actions", "Stop after the step under way; finished pictures are kept")},
        {A::CompareFolders, M::Compare, "actionCompareFolders",
            QT_TRANSLATE_NOOP("Actions", "Compare &folders…"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_K),
            "folder",
            QT_TRANSLATE_NOOP(
                "Actions", "Compare pictures that exist, matched by prompt and seed or by name")},
        {A::PreviousPair, M::Compare, "actionPreviousPair", QT_TRANSLATE_NOOP("Actions", "Pre&vious picture"),
            QKeySequence(Qt::ALT | Qt::Key_Up), "up",
            QT_TRANSLATE_NOOP("Actions", "The pair above in the table"), true},
        {A::NextPair, M::Compare, "actionNextPair", QT_TRANSLATE_NOOP("Actions", "&Next picture"),
            QKeySequence(Qt::ALT | Qt::Key_Down), "down",
            QT_TRANSLATE_NOOP("Actions", "The pair below in the table")},
        {A::MarkBad, M::Compare, "actionMarkBad", QT_TRANSLATE_NOOP("Actions", "Mark as &bad"),
            QKeySequence(Qt::CTRL | Qt::Key_D), "warning",
            QT_TRANSLATE_NOOP("Actions", "Remember that this picture must not be shipped"), false, true},
        {A::FindLayers, M::Compare, "actionFindLayers",
            QT_TRANSLATE_NOOP("Actions", "Find the &layers to blame"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D), "search",
            QT_TRANSLATE_NOOP("Actions",
                "Measure what each layer of the plan does to this prompt and seed, and propose what to store "
                "better")},
        {A::BlindTest, M::Compare, "actionBlindTest", QT_TRANSLATE_NOOP("Actions", "Blin&d test…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_B), "blind",
            QT_TRANSLATE_NOOP("Actions", "Judge the pictures without knowing whose they are")},
        {A::ExportReport, M::Compare, "actionExportReport", QT_TRANSLATE_NOOP("Actions", "Write a &report…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_W), "export",
            QT_TRANSLATE_NOOP(
                "Actions", "HTML, PDF, JSON and CSV with all pictures, numbers, ratings and notes")},
        {A::ViewSplitVertical, M::Compare, "actionViewSplitVertical",
            QT_TRANSLATE_NOOP("Actions", "&Split, left and right"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_1), "split-vertical",
            QT_TRANSLATE_NOOP("Actions", "A left of the line, B right of it"), true, true},
        {A::ViewSplitHorizontal, M::Compare, "actionViewSplitHorizontal",
            QT_TRANSLATE_NOOP("Actions", "Split, &above and below"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_2), "split-horizontal",
            QT_TRANSLATE_NOOP("Actions", "A above the line, B below it"), false, true},
        {A::ViewSideBySide, M::Compare, "actionViewSideBySide", QT_TRANSLATE_NOOP("Actions", "Side b&y side"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_3), "side-by-side",
            QT_TRANSLATE_NOOP("Actions", "A and B beside each other, with one zoom"), false, true},
        {A::ViewBlink, M::Compare, "actionViewBlink", QT_TRANSLATE_NOOP("Actions", "Blin&k"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_4), "blink",
            QT_TRANSLATE_NOOP("Actions", "A, and B in its place while Space is held"), false, true},
        {A::ViewOverlay, M::Compare, "actionViewOverlay", QT_TRANSLATE_NOOP("Actions", "&Overlay"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_5), "overlay",
            QT_TRANSLATE_NOOP("Actions", "B laid over A, as strong as you like"), false, true},
        {A::ViewDifference, M::Compare, "actionViewDifference", QT_TRANSLATE_NOOP("Actions", "D&ifference"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_6), "difference",
            QT_TRANSLATE_NOOP("Actions", "A map of where and how far the two differ"), false, true},
        {A::ViewSmooth, M::Compare, "actionViewSmooth", QT_TRANSLATE_NOOP("Actions", "Smooth &edges"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_M), "smooth",
            QT_TRANSLATE_NOOP("Actions", "Average when zooming, instead of showing every pixel as it is"),
            true, true},
        {A::ViewLoupe, M::Compare, "actionViewLoupe", QT_TRANSLATE_NOOP("Actions", "Lo&upe"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_U), "loupe",
            QT_TRANSLATE_NOOP("Actions", "Enlarge the pixels under the pointer, with both values"), false,
            true},
        {A::ZoomIn, M::Compare, "actionZoomIn", QT_TRANSLATE_NOOP("Actions", "&Zoom in"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_Plus), "zoom-in",
            QT_TRANSLATE_NOOP("Actions", "Twice as large"), true},
        {A::ZoomOut, M::Compare, "actionZoomOut", QT_TRANSLATE_NOOP("Actions", "Zoom ou&t"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_Minus), "zoom-out",
            QT_TRANSLATE_NOOP("Actions", "Half as large")},
        {A::ZoomFit, M::Compare, "actionZoomFit", QT_TRANSLATE_NOOP("Actions", "Fit into the &window"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_0), "zoom-fit",
            QT_TRANSLATE_NOOP("Actions", "The whole picture")},
        {A::ZoomActual, M::Compare, "actionZoomActual", QT_TRANSLATE_NOOP("Actions", "One to one (&100 %)"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_9), "zoom-actual",
            QT_TRANSLATE_NOOP("Actions", "A pixel of the picture is a pixel of the screen")},

        {A::Palette, M::Help, "actionPalette", QT_TRANSLATE_NOOP("Actions", "Command &palette…"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P), "search",
            QT_TRANSLATE_NOOP("Actions", "Find any action by a part of its name")},
        {A::Guide, M::Help, "actionGuide", QT_TRANSLATE_NOOP("Actions", "&Guide through the sample"),
            QKeySequence(Qt::CTRL | Qt::Key_F2), "sample",
            QT_TRANSLATE_NOOP(
                "Actions", "Open the sample and go through plan, calibration and export step by step")},
        {A::Shortcuts, M::Help, "actionShortcuts", QT_TRANSLATE_NOOP("Actions", "&Keyboard shortcuts"),
            QKeySequence(Qt::Key_F1), "keyboard",
            QT_TRANSLATE_NOOP("Actions", "List every action with its keys")},
        {A::CrashReports, M::Help, "actionCrashReports", QT_TRANSLATE_NOOP("Actions", "&Crash reports…"),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_F1), "warning",
            QT_TRANSLATE_NOOP("Actions", "Read, copy or delete what was kept of crashes; nothing is sent")},
        {A::About, M::Help, "actionAbout", QT_TRANSLATE_NOOP("Actions", "&About Mantissa"),
            QKeySequence(Qt::SHIFT | Qt::Key_F1), "info", QT_TRANSLATE_NOOP("Actions", "Version and licence"),
            true},
        {A::AboutQt, M::Help, "actionAboutQt", QT_TRANSLATE_NOOP("Actions", "About &Qt"),
            QKeySequence(Qt::CTRL | Qt::Key_F1), nullptr,
            QT_TRANSLATE_NOOP("Actions", "The toolkit that this window is made with")},
    };
    return kTable;
}

constexpr std::array<const char*, static_cast<std::size_t>(MenuId::Count)> kMenuTexts{
    QT_TRANSLATE_NOOP("Actions", "&File"), QT_TRANSLATE_NOOP("Actions", "&Edit"),
    QT_TRANSLATE_NOOP("Actions", "&View"), QT_TRANSLATE_NOOP("Actions", "&Plan"),
    QT_TRANSLATE_NOOP("Actions", "&Run"), QT_TRANSLATE_NOOP("Actions", "&Compare"),
    QT_TRANSLATE_NOOP("Actions", "&Help")};
constexpr std::array<const char*, static_cast<std::size_t>(MenuId::Count)> kMenuNames{
    "menuFile", "menuEdit", "menuView", "menuPlan", "menuRun", "menuCompare", "menuHelp"};

QString translated(const char* text)
{
    return QCoreApplication::translate("Actions", text);
}

constexpr int kDigitShortcuts = 9;
constexpr const char* kStandardKey = "standardKey"; // a property of each action
const QString kKeys = QStringLiteral("shortcuts/");

/// Notes the key that comes with an action, then gives it the person's own where there is one.
void restoreKey(QAction* action)
{
    action->setProperty(kStandardKey, QVariant::fromValue(action->shortcut()));
    const QVariant chosen = QSettings().value(kKeys + action->objectName());
    if (chosen.isValid())
        action->setShortcut(QKeySequence::fromString(chosen.toString(), QKeySequence::PortableText));
}

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
    for (QAction* action : m_actions)
        restoreKey(action);
    for (QAction* action : m_formats)
        restoreKey(action);
}

void Actions::addView(QAction* action)
{
    restoreKey(action);
    m_views << action;
}

QKeySequence Actions::standardKey(const QAction* action)
{
    return action->property(kStandardKey).value<QKeySequence>();
}

void Actions::setKey(QAction* action, const QKeySequence& key)
{
    action->setShortcut(key);
    if (key == standardKey(action))
        QSettings().remove(kKeys + action->objectName());
    else
        QSettings().setValue(kKeys + action->objectName(), key.toString(QKeySequence::PortableText));
}

QAction* Actions::withKey(const QKeySequence& key) const
{
    for (const auto& [menu, actions] : byMenu())
        for (QAction* action : actions)
            if (!key.isEmpty() && action->shortcut() == key)
                return action;
    return nullptr;
}

void Actions::createFormatActions()
{
    int number = 1;
    for (const StorageFormat* format : storageFormats()) {
        const FormatInfo& info = format->info();
        auto* action = new QAction(badgeIcon(toQt(info.id)), toQt(info.name), this);
        action->setObjectName(QStringLiteral("actionFormat_") + toQt(info.id));
        action->setData(toQt(info.id));
        const QString tip = tr("Set the selected layers to %1. %2 %3")
                                .arg(toQt(info.name), asSentence(engineText(info.summary)),
                                    asSentence(loaderText(info.loader)));
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

QList<QAction*> Actions::ofComparison() const
{
    QList<QAction*> actions;
    for (const Spec& spec : table())
        if (spec.menu == MenuId::Compare && spec.id != ActionId::ComparePictures
            && spec.id != ActionId::CompareFolders)
            actions << (*this)[spec.id];
    return actions;
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
