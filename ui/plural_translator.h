// SPDX-License-Identifier: GPL-3.0-or-later
// English plural forms without a translation file: "%n layer(s)" becomes "1 layer" or "38 layers".
#pragma once

#include <QTranslator>

namespace mantissa::ui {

class PluralTranslator : public QTranslator {
    Q_OBJECT
public:
    using QTranslator::QTranslator;
    bool isEmpty() const override { return false; }
    QString translate(
        const char* context, const char* source, const char* disambiguation, int n) const override;
};

} // namespace mantissa::ui
