// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/comparison_command.h"

#include "engine/compare/pair_measurement.h"
#include "ui/shell_command.h"
#include "ui/state_file.h"
#include "ui/text.h"

namespace mantissa::ui {

namespace {

QString planFile(const ComparisonRecord::Variant& variant, const QString& folder)
{
    return QStringLiteral("%1/plans/%2.json").arg(folder, toQt(pathName(toStd(variant.name))));
}

QString promptFile(const QString& folder)
{
    return folder + QStringLiteral("/prompts.txt");
}

/// [NAME=]FILE[:FORMAT|:PLAN], as readVariants() of the command line takes it.
QString variantText(const ComparisonRecord::Variant& variant, const QString& folder)
{
    QString text = variant.file;
    if (!variant.format.isEmpty())
        text += QLatin1Char(':') + variant.format;
    else if (variant.plan)
        text += QLatin1Char(':') + planFile(variant, folder);
    // Such a name would be taken for a part of a path, or cut short.
    const bool sayable = !variant.name.contains(QLatin1Char('/')) && !variant.name.contains(QLatin1Char('='));
    return sayable ? variant.name + QLatin1Char('=') + text : text;
}

} // namespace

QString comparisonCommand(const ComparisonRecord& record, const QString& folder)
{
    if (record.variants.empty() || !record.repeatable)
        return {};
    QStringList words{QStringLiteral("mantissa"), QStringLiteral("compare")};
    const auto add = [&words](const char* option, const QString& value) {
        words << QLatin1String(option) << shellWord(value);
    };
    if (record.folders)
        words << QStringLiteral("--images");
    for (const ComparisonRecord::Variant& variant : record.variants)
        words << shellWord(variantText(variant, folder));
    add("-o", folder + QStringLiteral("-again"));
    if (!record.folders) {
        QStringList seeds;
        for (const std::uint64_t seed : record.seeds)
            seeds << QString::number(seed);
        add("--prompts", promptFile(folder));
        add("--seeds", seeds.join(QLatin1Char(',')));
        if (record.steps > 0)
            add("--steps", QString::number(record.steps));
        if (record.width > 0)
            add("--size", QStringLiteral("%1x%2").arg(record.width).arg(record.height));
        if (!record.sampling.sampler.isEmpty())
            add("--sampler", record.sampling.sampler);
        if (!record.sampling.scheduler.isEmpty())
            add("--scheduler", record.sampling.scheduler);
        if (record.sampling.cfg >= 0)
            add("--cfg", QString::number(record.sampling.cfg));
        if (!record.negative.isEmpty())
            add("--negative", record.negative);
        if (!record.statistics.isEmpty())
            add("--calibration", record.statistics);
        for (const QString& file : record.parts.companions)
            add("--with", file);
        if (!record.parts.embeddings.isEmpty())
            add("--embeddings", record.parts.embeddings);
        if (!record.parts.tokenizer.isEmpty())
            add("--tokenizer", record.parts.tokenizer);
    }
    if (!record.lpips.isEmpty())
        words << QStringLiteral("--lpips");
    for (const QString& file : record.lpips)
        words << shellWord(file);
    return words.join(QLatin1Char(' '));
}

Status writeComparisonInputs(const ComparisonRecord& record, const QString& folder)
{
    if (record.folders || record.variants.empty() || !record.repeatable)
        return {};
    QByteArray prompts;
    for (const std::string& prompt : record.prompts)
        prompts += QByteArray::fromStdString(prompt) + '\n';
    if (Status written = writeWhole(promptFile(folder), prompts); !written)
        return written;
    for (const ComparisonRecord::Variant& variant : record.variants)
        if (variant.plan && variant.format.isEmpty())
            if (Status written
                = writeWhole(planFile(variant, folder), QByteArray::fromStdString(toJson(*variant.plan)));
                !written)
                return written;
    return {};
}

} // namespace mantissa::ui
