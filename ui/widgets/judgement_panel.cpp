// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/judgement_panel.h"

#include "ui/text.h"
#include "ui/widgets/named.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

namespace mantissa::ui {

JudgementPanel::JudgementPanel(JudgementStore& store, QAction* markBad, QWidget* parent)
    : QWidget(parent)
    , m_store(store)
    , m_markBad(markBad)
    , m_pair(makePart("pair", tr("this picture")))
    , m_variant(makePart("variant", tr("the variant")))
{
    setObjectName(QStringLiteral("judgementPanel"));
    setAccessibleName(tr("Ratings and notes"));
    auto* bad = named(new QToolButton(this), "pairBad", markBad->toolTip());
    bad->setDefaultAction(markBad);
    bad->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 12, 8);
    row->setSpacing(24);
    row->addLayout(layoutOf(m_pair, bad), 1);
    row->addLayout(layoutOf(m_variant, nullptr), 1);
    connect(markBad, &QAction::toggled, this, [this] { write(m_pair); });
    const auto refill = [this] {
        fill(m_pair);
        fill(m_variant);
    };
    connect(&m_store, &JudgementStore::loaded, this, refill);
    show({}, {}, {}, {});
}

JudgementPanel::Part JudgementPanel::makePart(const char* name, const QString& accessible)
{
    const QByteArray prefix(name);
    Part part{
        wrappedLabel((prefix + "JudgementTitle").constData(), tr("Judgement about %1").arg(accessible), this),
        named(new QComboBox(this), (prefix + "Rating").constData(), tr("Rating of %1").arg(accessible)),
        named(new QPlainTextEdit(this), (prefix + "Note").constData(), tr("Note about %1").arg(accessible)),
        {}};
    part.rating->addItem(tr("no rating"));
    const QStringList words{
        tr("useless"), tr("poor"), tr("usable"), tr("good"), tr("as good as the baseline")};
    for (int rating = 1; rating <= kBestRating; ++rating)
        part.rating->addItem(QStringLiteral("%1  %2").arg(
            QString(rating, QChar(0x2605)) + QString(kBestRating - rating, QChar(0x2606)),
            words[rating - 1]));
    part.note->setPlaceholderText(tr("Note"));
    part.note->setTabChangesFocus(true);
    return part;
}

QLayout* JudgementPanel::layoutOf(Part& part, QWidget* extra)
{
    QFont bold = part.title->font();
    bold.setBold(true);
    part.title->setFont(bold);
    auto* head = new QHBoxLayout;
    head->addWidget(part.rating);
    if (extra != nullptr)
        head->addWidget(extra);
    head->addStretch(1);
    auto* column = new QVBoxLayout;
    column->setSpacing(6);
    column->addWidget(part.title);
    column->addLayout(head);
    column->addWidget(part.note, 1);
    connect(part.rating, &QComboBox::currentIndexChanged, this, [this, &part] { write(part); });
    connect(part.note, &QPlainTextEdit::textChanged, this, [this, &part] { write(part); });
    return column;
}

void JudgementPanel::write(Part& part)
{
    if (m_filling || part.key.isEmpty())
        return;
    Judgement judgement;
    judgement.rating = part.rating->currentIndex();
    judgement.bad = &part == &m_pair && m_markBad->isChecked();
    judgement.note = toStd(part.note->toPlainText().trimmed());
    m_store.set(part.key, judgement);
}

void JudgementPanel::fill(Part& part)
{
    m_filling = true;
    const Judgement judgement = m_store.of(part.key);
    part.rating->setCurrentIndex(judgement.rating);
    if (part.note->toPlainText().trimmed() != toQt(judgement.note))
        part.note->setPlainText(toQt(judgement.note));
    part.rating->setEnabled(!part.key.isEmpty());
    part.note->setEnabled(!part.key.isEmpty());
    if (&part == &m_pair) {
        m_markBad->setChecked(judgement.bad);
        m_markBad->setEnabled(!part.key.isEmpty());
    }
    m_filling = false;
}

void JudgementPanel::show(
    const QString& pairKey, const QString& pairTitle, const QString& variantKey, const QString& variantTitle)
{
    m_pair.key = pairKey;
    m_variant.key = variantKey;
    m_pair.title->setText(pairKey.isEmpty() ? tr("Choose a picture to rate it.") : pairTitle);
    m_variant.title->setText(variantKey.isEmpty() ? tr("No variant is chosen.") : variantTitle);
    fill(m_pair);
    fill(m_variant);
}

} // namespace mantissa::ui
