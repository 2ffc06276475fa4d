// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/details_pane.h"

#include "ui/presenters/sensitivity_presenter.h"
#include "ui/text.h"
#include "ui/widgets/format_badge.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <cmath>

namespace mantissa::ui {

namespace {

QLabel* plainLabel(const QString& name, const QString& text, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setAccessibleName(text);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

/// Dotted names have no blanks to break at: offer the dots.
QString breakable(const QString& path)
{
    QString text = path;
    return text.replace(QLatin1Char('.'), QStringLiteral(".\u200b"));
}

QString sizesAndSaved(std::uint64_t before, std::uint64_t after)
{
    return before == after
        ? sizeText(before)
        : leftToRight(
            DetailsPane::tr("%1 → %2 (%3)").arg(sizeText(before), sizeText(after), savedText(before, after)));
}

QString winnerText(const Decision& decision, const QuantPlan& plan)
{
    if (decision.provenance == Provenance::Rule && decision.rule >= 0
        && static_cast<std::size_t>(decision.rule) < plan.rules.size()) {
        const Rule& rule = plan.rules[static_cast<std::size_t>(decision.rule)];
        return DetailsPane::tr("Rule %1 (%2): %3")
            .arg(decision.rule + 1)
            .arg(toQt(rule.origin), toQt(rule.pattern));
    }
    switch (decision.provenance) {
    case Provenance::Override:
        return DetailsPane::tr("Set here by you");
    case Provenance::Guard:
        return DetailsPane::tr("A guard, which wins over everything");
    case Provenance::Critical:
        return DetailsPane::tr("Critical layer, kept by default");
    case Provenance::Base:
        return DetailsPane::tr("Base format of the plan");
    case Provenance::Rule:
        return DetailsPane::tr("A rule");
    case Provenance::Untouched:
        return DetailsPane::tr("No part of the plan speaks about it");
    }
    return {};
}

} // namespace

DetailsPane::DetailsPane(QWidget* parent)
    : QScrollArea(parent)
{
    setObjectName(QStringLiteral("detailsPane"));
    setAccessibleName(tr("Layer details"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    showNothing();
}

void DetailsPane::begin()
{
    m_body = new QWidget;
    m_body->setObjectName(QStringLiteral("detailsBody"));
    m_body->setAccessibleName(tr("Layer details"));
    m_body->setBackgroundRole(QPalette::Base);
    m_body->setAutoFillBackground(true);
    m_column = new QVBoxLayout(m_body);
    m_column->setContentsMargins(14, 12, 14, 14);
    m_column->setSpacing(4);
}

void DetailsPane::end()
{
    m_column->addStretch(1);
    setWidget(m_body);
}

void DetailsPane::showNothing()
{
    begin();
    addText(QStringLiteral("detailsEmpty"),
        tr("Select a layer to see how it is stored and what decided that."), true);
    end();
}

QString DetailsPane::keptText(const Model& model, const QuantPlan& plan, const Layer& layer)
{
    if (layer.stored && !layer.stored->decodedByReader)
        return tr("As it is (%1)").arg(formatName(layer.stored->id));
    const DType written = layer.weight < model.source->tensors().size()
        ? writtenDtype(plan, layer, model.source->tensors()[layer.weight])
        : layer.dtype;
    if (layer.stored) // of GGUF only the values can be kept
        return tr("Decoded to %1").arg(toQt(nameOf(written)));
    return written == layer.dtype ? tr("As it is (%1)").arg(toQt(nameOf(written)))
                                  : tr("As %1").arg(toQt(nameOf(written)));
}

void DetailsPane::showLayer(const Model& model, const QuantPlan& plan, const PlanState& state,
    std::size_t layer, const LayerErrors* errors)
{
    const Layer& at = model.layers[layer];
    const Decision& decision = state.resolved.decisions[layer];
    begin();
    addTitle(breakable(toQt(at.name)));
    addText(QStringLiteral("detailsKind"),
        tr("%1 · %2 · %3").arg(kindText(at.kind), toQt(nameOf(at.dtype)), shapeText(at.shape)), true);
    if (at.stored)
        addText(QStringLiteral("detailsStored"), tr("Stored now as %1").arg(formatName(at.stored->id)), true);

    addHeading(tr("Will be stored as"));
    addBadge(toQt(decision.choice.format),
        decision.choice.keeps() ? keptText(model, plan, at) : choiceText(decision.choice));
    if (const StorageFormat* format = findFormat(decision.choice.format)) {
        addText(QStringLiteral("detailsLoader"),
            loaderText(format->info().loader)
                + (format->info().loaderNote.empty()
                        ? QString()
                        : QStringLiteral(" · ") + engineText(format->info().loaderNote)),
            true);
    }
    addText(QStringLiteral("detailsSize"), sizesAndSaved(decision.bytesBefore, decision.bytesAfter));

    addHeading(tr("Decided by"));
    addText(QStringLiteral("detailsWinner"), winnerText(decision, plan));
    if (!decision.why.empty())
        addText(QStringLiteral("detailsWhy"), asSentence(messageText(decision.why)), true);
    if (!decision.beaten.empty()) {
        addHeading(tr("Won over"));
        for (const Message& beaten : decision.beaten)
            addText(QStringLiteral("detailsBeaten"), QStringLiteral("• ") + messageText(beaten), true);
    }
    if (at.critical || at.criticalAt4Bits) {
        addHeading(at.critical ? tr("Critical layer") : tr("Critical at 4 bits"));
        addText(QStringLiteral("detailsCritical"), asSentence(sentenceText(at.reason)), true);
    }
    if (const LayerSensitivity* known = errors != nullptr ? errors->layer(layer) : nullptr)
        addErrors(*known, decision.choice);
    if (const auto note = state.notes.find(layer); note != state.notes.end()) {
        addHeading(tr("Note"));
        addText(QStringLiteral("detailsNote"), toQt(note->second));
    }
    end();
}

void DetailsPane::showGroup(const QString& title, const NodeSummary& summary)
{
    begin();
    addTitle(breakable(title));
    addText(QStringLiteral("detailsKind"),
        tr("%n layer(s)", nullptr, static_cast<int>(summary.layers))
            + (summary.critical > 0 ? tr(" · %1 critical").arg(countText(summary.critical)) : QString()),
        true);
    addHeading(tr("Will be stored as"));
    for (const auto& [format, count] : summary.formats)
        addBadge(toQt(format),
            tr("%1 × %2").arg(countText(count), format.empty() ? tr("as it is") : formatName(format)));
    if (summary.formats.empty())
        addText(QStringLiteral("detailsEmpty"), tr("No weights here that a format could store."), true);
    addText(QStringLiteral("detailsSize"), sizesAndSaved(summary.bytesBefore, summary.bytesAfter));
    if (summary.overridden > 0)
        addText(QStringLiteral("detailsOverridden"),
            tr("%n layer(s) set by you", nullptr, static_cast<int>(summary.overridden)), true);
    end();
}

/// Every way to store the layer with its price, and what the next better one would cost: the reason for a
/// mix.
void DetailsPane::addErrors(const LayerSensitivity& known, const Choice& planned)
{
    const auto errorOf = [](const ChoiceSensitivity& choice) {
        return choice.outputError.value_or(choice.weightError.value_or(0));
    };
    addHeading(known.evidence == InputEvidence::None ? tr("Measured error of the weights")
                                                     : tr("Measured error of the output"));
    const ChoiceSensitivity* chosen = nullptr;
    for (const ChoiceSensitivity& choice : known.choices) {
        const bool isPlanned = choice.choice.format == planned.format;
        if (isPlanned)
            chosen = &choice;
        const QString text = choice.choice.keeps()
            ? tr("%1 as it is").arg(sizeText(choice.bytes))
            : tr("%1, error %2 (%3 dB)")
                  .arg(sizeText(choice.bytes), percentText(std::sqrt(errorOf(choice))),
                      decibelText(errorOf(choice)));
        addBadge(toQt(choice.choice.format), isPlanned ? tr("%1 — planned").arg(text) : text);
    }
    const ChoiceSensitivity* better = nullptr;
    for (const ChoiceSensitivity& choice : known.choices)
        if (chosen != nullptr && errorOf(choice) < errorOf(*chosen)
            && (better == nullptr || choice.bytes < better->bytes))
            better = &choice;
    if (better != nullptr && better->bytes > chosen->bytes)
        addText(QStringLiteral("detailsPrice"),
            tr("%1 would take %2 more for an error of %3 instead of %4.")
                .arg(formatName(better->choice.format), sizeText(better->bytes - chosen->bytes),
                    percentText(std::sqrt(errorOf(*better))), percentText(std::sqrt(errorOf(*chosen)))),
            true);
    else if (better != nullptr)
        addText(QStringLiteral("detailsPrice"),
            tr("%1 is better here: no larger, and an error of %2 instead of %3.")
                .arg(formatName(better->choice.format), percentText(std::sqrt(errorOf(*better))),
                    percentText(std::sqrt(errorOf(*chosen)))),
            true);
}

void DetailsPane::addTitle(const QString& text)
{
    auto* label = plainLabel(QStringLiteral("detailsTitle"), text, m_body);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    m_column->addWidget(label);
}

void DetailsPane::addHeading(const QString& text)
{
    auto* label = plainLabel(QStringLiteral("heading"), text, m_body);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    label->setContentsMargins(0, 10, 0, 1);
    m_column->addWidget(label);
}

void DetailsPane::addText(const QString& name, const QString& text, bool muted)
{
    auto* label = plainLabel(name, text, m_body);
    if (muted)
        label->setForegroundRole(QPalette::PlaceholderText);
    m_column->addWidget(label);
}

void DetailsPane::addBadge(const QString& format, const QString& text)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    auto* badge = new QLabel(m_body);
    badge->setObjectName(QStringLiteral("detailsBadge"));
    badge->setAccessibleName(tr("Badge %1").arg(badgeLetters(format)));
    badge->setPixmap(badgeIcon(format).pixmap(QSize(26, 18), devicePixelRatioF()));
    row->addWidget(badge, 0, Qt::AlignTop);
    row->addWidget(plainLabel(QStringLiteral("detailsFormat"), text, m_body), 1);
    m_column->addLayout(row);
}

} // namespace mantissa::ui
