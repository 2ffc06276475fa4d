// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell_command.h"

#include "ui/text.h"

#include <QRegularExpression>
#include <QStringList>

namespace mantissa::ui {

QString shellWord(const QString& text)
{
    static const QRegularExpression kSafe(QStringLiteral("^[A-Za-z0-9_./:=@%+,-]+$"));
    if (kSafe.match(text).hasMatch())
        return text;
    QString quoted = text;
    return QLatin1Char('\'') + quoted.replace(QLatin1Char('\''), QStringLiteral("'\\''")) + QLatin1Char('\'');
}

QString exportCommand(const QString& source, const DetectionOverrides& overrides, const QString& output,
    const QString& planFile, const QString& statistics)
{
    QStringList words{QStringLiteral("mantissa"), QStringLiteral("quantize"), QStringLiteral("-i"),
        shellWord(source), QStringLiteral("-o"), shellWord(output), QStringLiteral("--plan"),
        shellWord(planFile)};
    const auto add = [&words](const char* option, const QString& value) {
        if (!value.isEmpty())
            words << QLatin1String(option) << shellWord(value);
    };
    add("--calibration", statistics);
    add("--architecture", toQt(overrides.architecture));
    add("--variant", toQt(overrides.variant));
    add("--prediction", toQt(overrides.prediction));
    return words.join(QLatin1Char(' '));
}

} // namespace mantissa::ui
