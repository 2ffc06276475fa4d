// SPDX-License-Identifier: GPL-3.0-or-later
// What the person thinks: a rating and a note for the picture that is shown, and for its variant as a whole.
#pragma once

#include "ui/actions.h"
#include "ui/judgement_store.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPlainTextEdit;

namespace mantissa::ui {

class JudgementPanel : public QWidget {
    Q_OBJECT
public:
    JudgementPanel(JudgementStore& store, QAction* markBad, QWidget* parent = nullptr);

    /// Keys of the store; empty: nothing is shown there.
    void show(const QString& pairKey, const QString& pairTitle, const QString& variantKey,
        const QString& variantTitle);

private:
    struct Part {
        QLabel* title;
        QComboBox* rating;
        QPlainTextEdit* note;
        QString key;
    };
    Part makePart(const char* name, const QString& accessible);
    QLayout* layoutOf(Part& part, QWidget* extra);
    void write(Part& part);
    void fill(Part& part);

    JudgementStore& m_store;
    QAction* m_markBad;
    Part m_pair, m_variant;
    bool m_filling = false;
};

} // namespace mantissa::ui
