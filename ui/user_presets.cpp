// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/user_presets.h"

#include "ui/rule_writer.h"
#include "ui/settings.h"
#include "ui/state_file.h"
#include "ui/text.h"

#include <QDir>
#include <QStandardPaths>

#include <algorithm>

namespace mantissa::ui {

namespace {

constexpr qint64 kMaxPresetBytes = 16 << 20;
const QString kEnding = QStringLiteral(".preset.json");

/// No path, no hidden file, nothing that a file system dislikes.
bool isName(const QString& name)
{
    static const QString kBad = QStringLiteral("/\\:*?\"<>|");
    return !name.trimmed().isEmpty() && name.size() <= 80 && !name.startsWith(QLatin1Char('.'))
        && std::none_of(
            name.begin(), name.end(), [](QChar c) { return kBad.contains(c) || c < QChar(0x20); });
}

QString fileOf(const QString& name)
{
    return presetFolder() + QLatin1Char('/') + name + kEnding;
}

} // namespace

QString presetFolder()
{
    const QString portable = portableFolder();
    return (portable.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation)
                               : portable)
        + QStringLiteral("/presets");
}

std::vector<UserPreset> readUserPresets()
{
    std::vector<UserPreset> presets;
    const QDir folder(presetFolder());
    for (const QString& file : folder.entryList({QLatin1Char('*') + kEnding}, QDir::Files, QDir::Name)) {
        const auto text = readWhole(folder.filePath(file), kMaxPresetBytes);
        auto plan = text ? parsePlan(text->toStdString()) : Result<QuantPlan>(tl::unexpected(text.error()));
        if (plan)
            presets.push_back({file.chopped(kEnding.size()), std::move(*plan)});
    }
    return presets;
}

Status saveUserPreset(const QString& name, const QuantPlan& plan)
{
    if (!isName(name))
        return tl::unexpected(Error{ErrorCode::Usage, "a preset cannot have this name", toStd(name),
            "use letters, digits and blanks"});
    QuantPlan kept;
    kept.base = plan.base;
    kept.fallback = plan.fallback;
    kept.recipe = plan.recipe;
    kept.outputDtype = plan.outputDtype;
    kept.components = plan.components;
    kept.preserveCritical = plan.preserveCritical;
    kept.rules = plan.rules;
    return writeWhole(fileOf(name), QByteArray::fromStdString(mantissa::toJson(kept)));
}

Status removeUserPreset(const QString& name)
{
    if (!isName(name) || !QFile::remove(fileOf(name)))
        return tl::unexpected(Error{ErrorCode::System, "the preset cannot be removed", toStd(name), {}});
    return {};
}

QuantPlan withUserPreset(QuantPlan plan, const UserPreset& preset)
{
    std::vector<Rule> own;
    for (Rule& rule : plan.rules)
        if (isOfUser(rule))
            own.push_back(std::move(rule));
    plan.rules = preset.plan.rules;
    for (Rule& rule : plan.rules)
        rule.origin = "preset " + toStd(preset.name);
    plan.rules.insert(
        plan.rules.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
    plan.base = preset.plan.base;
    plan.fallback = preset.plan.fallback;
    plan.recipe = preset.plan.recipe;
    plan.outputDtype = preset.plan.outputDtype;
    plan.components = preset.plan.components;
    plan.preserveCritical = preset.plan.preserveCritical;
    plan.preset = toStd(preset.name);
    return plan;
}

} // namespace mantissa::ui
