// SPDX-License-Identifier: GPL-3.0-or-later
// A header beside rows whose titles are sentences: as many lines as a row has room for, the last one elided.
// The whole title is the model's tool tip.
#pragma once

#include <QHeaderView>

namespace mantissa::ui {

class WrappedHeader : public QHeaderView {
    Q_OBJECT
public:
    explicit WrappedHeader(QWidget* parent = nullptr);

protected:
    void initStyleOptionForIndex(QStyleOptionHeader* option, int logicalIndex) const override;
};

/// `text` broken into lines of at most `width` pixels; what does not fit into `lines` of them is elided.
QString wrappedAndElided(const QString& text, const QFont& font, double width, int lines);

} // namespace mantissa::ui
