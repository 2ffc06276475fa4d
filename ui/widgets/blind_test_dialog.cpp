// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/blind_test_dialog.h"

#include "ui/text.h"
#include "ui/widgets/named.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace mantissa::ui {

namespace {

/// Below it, chance alone explains the answers too seldom to be believed: the usual level of significance.
constexpr double kSignificance = 0.05;

QPushButton* answerButton(const char* name, const QString& text, QWidget* parent)
{
    auto* button = named(new QPushButton(text, parent), name, text);
    button->setMinimumHeight(34);
    button->setAutoDefault(false);
    return button;
}

} // namespace

QString blindText(const BlindScore& score, const QString& variant)
{
    if (score.decided() == 0)
        return BlindTestDialog::tr(
            "You saw no difference in any of %n picture(s).", nullptr, static_cast<int>(score.undecided));
    const QLocale locale;
    const auto percent = [&](double share) { return locale.toString(100 * share, 'f', 0); };
    const Interval interval = score.interval();
    QString text
        = BlindTestDialog::tr("You preferred %1 in %2 of %3 pictures that you told apart (%4 %; 95 % "
                              "confidence interval %5 % to %6 %).")
              .arg(variant)
              .arg(score.variant)
              .arg(score.decided())
              .arg(percent(score.share()), percent(interval.low), percent(interval.high));
    if (score.undecided > 0)
        text += QLatin1Char(' ')
            + BlindTestDialog::tr(
                "In %n picture(s) you saw no difference.", nullptr, static_cast<int>(score.undecided));
    const double chance = score.chance();
    text += QLatin1Char(' ')
        + (chance >= kSignificance ? BlindTestDialog::tr(
               "That may be chance: so uneven an outcome comes about in %1 % of all cases "
               "where neither is better.")
                                         .arg(percent(chance))
                : score.variant > score.baseline
                ? BlindTestDialog::tr("You like it better than the baseline.")
                : BlindTestDialog::tr("You like it less than the baseline."));
    return text;
}

BlindTestDialog::BlindTestDialog(ComparisonPresenter& presenter, JudgementStore& judgements,
    std::size_t variant, std::uint64_t seed, QWidget* parent)
    : QDialog(parent)
    , m_presenter(presenter)
    , m_judgements(judgements)
    , m_variant(variant)
    , m_test(presenter.comparison().variants.at(variant).pairs.size(), seed)
    , m_viewport(new PictureViewport(this))
    , m_question(wrappedLabel("blindQuestion", tr("Question"), this))
    , m_prompt(wrappedLabel("blindPrompt", tr("Prompt"), this))
    , m_first(answerButton("blindFirst", tr("Picture 1 is better (1)"), this))
    , m_second(answerButton("blindSecond", tr("Picture 2 is better (2)"), this))
    , m_none(answerButton("blindNone", tr("No difference (0)"), this))
    , m_back(answerButton("blindBack", tr("Take the last answer back"), this))
    , m_close(answerButton("blindClose", tr("Close"), this))
{
    setObjectName(QStringLiteral("blindTest"));
    setWindowTitle(tr("Blind test"));
    setAccessibleName(windowTitle());
    m_viewport->setMarks(QStringLiteral("1"), QStringLiteral("2"));
    m_viewport->setMode(ViewMode::SideBySide);
    QFont large = m_question->font();
    large.setPointSizeF(1.2 * large.pointSizeF());
    m_question->setFont(large);
    m_prompt->setForegroundRole(QPalette::PlaceholderText);
    auto* buttons = new QHBoxLayout;
    for (QPushButton* button : {m_first, m_none, m_second})
        buttons->addWidget(button);
    buttons->addStretch(1);
    buttons->addWidget(m_back);
    buttons->addWidget(m_close);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_question);
    column->addWidget(m_prompt);
    column->addWidget(m_viewport, 1);
    column->addLayout(buttons);
    resize(980, 640);
    connect(m_first, &QPushButton::clicked, this, [this] { answer(BlindAnswer::First); });
    connect(m_second, &QPushButton::clicked, this, [this] { answer(BlindAnswer::Second); });
    connect(m_none, &QPushButton::clicked, this, [this] { answer(BlindAnswer::NoDifference); });
    connect(m_back, &QPushButton::clicked, this, &BlindTestDialog::takeBack);
    connect(m_close, &QPushButton::clicked, this, &QDialog::accept);
    connect(&m_loader, &PairLoader::loaded, this, [this](const PicturePair& pair) {
        m_viewport->setPair(pair);
        m_viewport->fit();
        m_ready = true;
    });
    connect(&m_loader, &PairLoader::failed, this,
        [this](const Error& error) { m_question->setText(errorSentence(error)); });
    ask();
}

void BlindTestDialog::ask()
{
    m_ready = false;
    m_back->setEnabled(m_test.answered() > 0);
    if (m_test.isFinished()) {
        showResult();
        return;
    }
    const BlindTrial& trial = m_test.current();
    const ComparedPair* pair = m_presenter.pair(m_variant, trial.pair);
    m_question->setText(
        tr("Which picture is better? (%1 of %2)").arg(m_test.answered() + 1).arg(m_test.count()));
    if (pair == nullptr)
        return;
    m_prompt->setText(toQt(pair->prompt));
    m_loader.load(trial.baselineFirst ? pair->reference : pair->test,
        trial.baselineFirst ? pair->test : pair->reference, {}, {});
}

void BlindTestDialog::answer(BlindAnswer answer)
{
    if (!m_ready || m_test.isFinished())
        return;
    m_test.answer(answer);
    ask();
}

void BlindTestDialog::takeBack()
{
    m_test.takeBack();
    for (QPushButton* button : {m_first, m_second, m_none})
        button->show();
    m_viewport->show();
    m_prompt->show();
    ask();
}

void BlindTestDialog::showResult()
{
    const Comparison& comparison = m_presenter.comparison();
    const ComparedVariant& variant = comparison.variants.at(m_variant);
    m_question->setText(blindText(m_test.score(), toQt(variant.name)));
    for (QWidget* part : std::initializer_list<QWidget*>{m_first, m_second, m_none, m_viewport, m_prompt})
        part->hide();
    m_judgements.setBlind(JudgementStore::keyOf(variant, comparison.variants.front()), m_test.score());
    m_close->setDefault(true);
    m_close->setFocus();
}

void BlindTestDialog::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_1:
        answer(BlindAnswer::First);
        break;
    case Qt::Key_2:
        answer(BlindAnswer::Second);
        break;
    case Qt::Key_0:
        answer(BlindAnswer::NoDifference);
        break;
    case Qt::Key_Backspace:
        takeBack();
        break;
    default:
        QDialog::keyPressEvent(event);
    }
}

} // namespace mantissa::ui
