// SPDX-License-Identifier: GPL-3.0-or-later
// Every action of the window in one table: menu, text, shortcut, icon, explanation.
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QList>
#include <QObject>

#include <array>

class QMenu;
class QMenuBar;

namespace mantissa::ui {

enum class ActionId {
    Open,
    OpenFolder,
    OpenInWindow,
    OpenSample,
    OpenPlan,
    SavePlan,
    SavePlanAs,
    SaveProject,
    SaveProjectAs,
    OpenStatistics,
    ModelParts,
    ContinueExport,
    CompareFile,
    Quit,
    Undo,
    Redo,
    Find,
    ClearFilter,
    Settings,
    ExpandAll,
    CollapseAll,
    ThemeSystem,
    ThemeLight,
    ThemeDark,
    FullScreen,
    ResetLayout,
    CopyPicture,
    SavePicture,
    SetFormatWithOptions,
    Keep,
    ClearOverride,
    ClearAllOverrides,
    SelectSameRole,
    SelectMatching,
    BaseOptions,
    AddRule,
    ImportRules,
    ExportRules,
    MeasureBudget,
    StopMeasuring,
    MeasureLayers,
    Presets,
    EditNote,
    Explain,
    Export,
    CancelExport,
    ShowResult,
    Calibrate,
    StopCalibration,
    ResumeJobs,
    HoldQueue,
    SaveLog,
    OpenJobLog,
    ComparePictures,
    BackToPlan,
    MakePictures,
    StopComparison,
    CompareFolders,
    PreviousPair,
    NextPair,
    MarkBad,
    FindLayers,
    BlindTest,
    ExportReport,
    ViewSplitVertical,
    ViewSplitHorizontal,
    ViewSideBySide,
    ViewBlink,
    ViewOverlay,
    ViewDifference,
    ViewSmooth,
    ViewLoupe,
    ZoomIn,
    ZoomOut,
    ZoomFit,
    ZoomActual,
    CopyCommand,
    Palette,
    Guide,
    Shortcuts,
    CrashReports,
    About,
    AboutQt,
    Count,
};

enum class MenuId { File, Edit, View, Plan, Run, Compare, Help, Count };

/// Creates all actions and the menu bar that holds them; owners connect to `operator[]`.
class Actions : public QObject {
    Q_OBJECT
public:
    explicit Actions(QObject* parent);

    QAction* operator[](ActionId id) const { return m_actions[static_cast<std::size_t>(id)]; }
    QMenu* menu(MenuId id) const { return m_menus[static_cast<std::size_t>(id)]; }
    /// "Set to NVFP4" and so on, in the order of the registry, with Ctrl+1 to Ctrl+9. data() is the format's
    /// id.
    const QList<QAction*>& formatActions() const { return m_formats; }

    /// Fills a menu bar; call once.
    void fill(QMenuBar* bar);
    /// A menu of formats under headings that say who loads them.
    void fillFormatMenu(QMenu* menu) const;
    /// The actions that only mean something where pictures are compared.
    QList<QAction*> ofComparison() const;
    /// Panels and the like that others put into the View menu; the palette and the shortcut sheet list them.
    void addView(QAction* action);
    /// The key that an action has unless a person chose another.
    static QKeySequence standardKey(const QAction* action);
    /// Gives an action another key, and remembers it; the standard one forgets what was chosen.
    void setKey(QAction* action, const QKeySequence& key);
    /// The action that has this key already; null: none.
    QAction* withKey(const QKeySequence& key) const;
    /// All of them with their menu names, for the shortcut sheet and the palette.
    QList<QPair<QString, QList<QAction*>>> byMenu() const;

private:
    void createFormatActions();
    std::array<QAction*, static_cast<std::size_t>(ActionId::Count)> m_actions{};
    std::array<QMenu*, static_cast<std::size_t>(MenuId::Count)> m_menus{};
    QList<QAction*> m_formats, m_views;
};

/// The heading above formats of one kind of loader: "Stock ComfyUI", "Needs a custom node", "No known
/// runtime".
QString loaderHeading(int loader);

} // namespace mantissa::ui
