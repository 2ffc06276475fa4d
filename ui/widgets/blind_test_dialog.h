// SPDX-License-Identifier: GPL-3.0-or-later
// Judging pictures without knowing whose they are: two pictures named 1 and 2, keys 1, 2 and 0, and at the
// end what the answers prove.
#pragma once

#include "engine/compare/blind_test.h"
#include "ui/presenters/comparison_presenter.h"
#include "ui/presenters/pair_loader.h"
#include "ui/viewport/picture_viewport.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace mantissa::ui {

class BlindTestDialog : public QDialog {
    Q_OBJECT
public:
    /// Of one variant against the baseline; `seed` decides order and sides.
    BlindTestDialog(ComparisonPresenter& presenter, JudgementStore& judgements, std::size_t variant,
        std::uint64_t seed, QWidget* parent = nullptr);

    const BlindTest& test() const { return m_test; }

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void answer(BlindAnswer answer);
    void takeBack();
    void ask();
    void showResult();

    ComparisonPresenter& m_presenter;
    JudgementStore& m_judgements;
    std::size_t m_variant;
    BlindTest m_test;
    PairLoader m_loader;
    PictureViewport* m_viewport;
    QLabel* m_question;
    QLabel* m_prompt;
    QPushButton* m_first;
    QPushButton* m_second;
    QPushButton* m_none;
    QPushButton* m_back;
    QPushButton* m_close;
    bool m_ready = false; ///< the pictures of the present trial are seen
};

/// What a score says, in sentences.
QString blindText(const BlindScore& score, const QString& variant);

} // namespace mantissa::ui
