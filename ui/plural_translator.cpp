// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plural_translator.h"

namespace mantissa::ui {

QString PluralTranslator::translate(const char*, const char* source, const char*, int n) const
{
    QString text = n < 0 ? QString() : QString::fromUtf8(source);
    if (!text.contains(QLatin1String("(s)")))
        return {}; // not ours: the next translator, or the source text
    return text.replace(QLatin1String("(s)"), n == 1 ? QString() : QStringLiteral("s"));
}

} // namespace mantissa::ui
