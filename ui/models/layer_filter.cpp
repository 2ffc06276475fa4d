// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_filter.h"

#include "ui/text.h"

#include <QCoreApplication>
#include <QMap>

#include <algorithm>

namespace mantissa::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("LayerFilter", text);
}

/// Splits at blanks, but not inside /regular expressions/ or "quoted text".
QStringList wordsOf(const QString& query)
{
    QStringList words;
    QString word;
    QChar closing;
    for (const QChar c : query) {
        const bool opens = closing.isNull() && (c == QLatin1Char('"') || c == QLatin1Char('/'))
            && (word.isEmpty() || word == QLatin1String("-"));
        if (opens) {
            closing = c;
            word += c;
        } else if (!closing.isNull() && c == closing) {
            word += c;
            closing = QChar();
        } else if (closing.isNull() && c.isSpace()) {
            if (!word.isEmpty())
                words << word;
            word.clear();
        } else {
            word += c;
        }
    }
    if (!word.isEmpty())
        words << word;
    return words;
}

double unitOf(const QString& suffix, bool& known)
{
    static const QMap<QString, double> kUnits{{QString(), 1}, {QStringLiteral("b"), 1},
        {QStringLiteral("k"), 1e3}, {QStringLiteral("kb"), 1e3}, {QStringLiteral("m"), 1e6},
        {QStringLiteral("mb"), 1e6}, {QStringLiteral("g"), 1e9}, {QStringLiteral("gb"), 1e9}};
    known = kUnits.contains(suffix);
    return kUnits.value(suffix, 1);
}

bool compares(double value, double number, int order)
{
    return order > 0 ? value > number : order < 0 ? value < number : value == number;
}

} // namespace

LayerFilter LayerFilter::parse(const QString& query, QString* mistake)
{
    LayerFilter filter;
    QString wrong;
    for (const QString& text : wordsOf(query)) {
        Word word;
        if (!parseWord(text, word, wrong)) {
            filter.m_words.clear();
            break;
        }
        filter.m_words.push_back(std::move(word));
    }
    if (mistake != nullptr)
        *mistake = std::move(wrong);
    return filter;
}

bool LayerFilter::parseWord(QString word, Word& into, QString& mistake)
{
    if (word.size() > 1 && word.startsWith(QLatin1Char('-'))) {
        into.negated = true;
        word.remove(0, 1);
    }
    static const QMap<QString, What> kFlags{{QStringLiteral("critical"), What::Critical},
        {QStringLiteral("changed"), What::Changed}, {QStringLiteral("noted"), What::Noted},
        {QStringLiteral("quantized"), What::Quantized}, {QStringLiteral("kept"), What::Kept}};
    if (kFlags.contains(word.toLower())) {
        into.what = kFlags.value(word.toLower());
        return true;
    }
    if (word.startsWith(QLatin1Char('/'))) {
        const bool closed = word.size() > 1 && word.endsWith(QLatin1Char('/'));
        into.what = What::Pattern;
        into.pattern = QRegularExpression(
            word.mid(1, word.size() - (closed ? 2 : 1)), QRegularExpression::CaseInsensitiveOption);
        if (!into.pattern.isValid())
            mistake = tr("Not a regular expression: %1.").arg(into.pattern.errorString());
        return into.pattern.isValid();
    }
    const qsizetype colon = word.indexOf(QLatin1Char(':'));
    if (colon > 0)
        return parseFacet(word.left(colon).toLower(), word.mid(colon + 1), into, mistake);
    word.remove(QLatin1Char('"'));
    if (word.contains(QLatin1Char('*')) || word.contains(QLatin1Char('?'))) {
        into.what = What::Pattern;
        into.pattern = QRegularExpression(QRegularExpression::wildcardToRegularExpression(
                                              word, QRegularExpression::UnanchoredWildcardConversion),
            QRegularExpression::CaseInsensitiveOption);
        return true;
    }
    into.text = std::move(word);
    return true;
}

bool LayerFilter::parseFacet(const QString& key, const QString& value, Word& into, QString& mistake)
{
    static const QMap<QString, What> kFacets{{QStringLiteral("kind"), What::Kind},
        {QStringLiteral("dtype"), What::DType}, {QStringLiteral("fmt"), What::Format},
        {QStringLiteral("format"), What::Format}, {QStringLiteral("from"), What::From},
        {QStringLiteral("block"), What::Block}, {QStringLiteral("shape"), What::Shape},
        {QStringLiteral("size"), What::Size}, {QStringLiteral("sens"), What::Sensitivity}};
    if (!kFacets.contains(key)) {
        mistake
            = tr("There is no facet “%1:”; known are kind, dtype, fmt, from, block, shape, size and sens.")
                  .arg(key);
        return false;
    }
    into.what = kFacets.value(key);
    if (into.what != What::Shape && into.what != What::Size && into.what != What::Sensitivity) {
        into.values = value.toLower().split(QLatin1Char(','), Qt::SkipEmptyParts);
        return true;
    }
    QString rest = value.toLower();
    if (rest.startsWith(QLatin1Char('>')) || rest.startsWith(QLatin1Char('<'))) {
        into.compare = rest.startsWith(QLatin1Char('>')) ? Compare::Greater : Compare::Less;
        rest.remove(0, 1);
    }
    qsizetype digits = 0;
    while (digits < rest.size() && (rest[digits].isDigit() || rest[digits] == QLatin1Char('.')))
        ++digits;
    bool isNumber = false, isUnit = false;
    const bool percent = into.what == What::Sensitivity && rest.mid(digits) == QLatin1String("%");
    into.number = rest.left(digits).toDouble(&isNumber)
        * unitOf(percent ? QString() : rest.mid(digits), isUnit) * (percent ? 0.01 : 1);
    if (rest.isEmpty()) { // still typing
        into.compare = Compare::Greater;
        into.number = -1;
        return true;
    }
    if (!isNumber || !isUnit)
        mistake = tr("“%1” is not a number; write for example %2:>4096.").arg(rest, key);
    return isNumber && isUnit;
}

bool LayerFilter::dependsOnPlan() const
{
    return std::any_of(m_words.begin(), m_words.end(), [](const Word& word) {
        return word.what == What::Format || word.what == What::From || word.what == What::Changed
            || word.what == What::Quantized || word.what == What::Kept || word.what == What::Noted
            || word.what == What::Sensitivity;
    });
}

bool LayerFilter::matches(const QString& name, const Layer& layer, const Facts& facts) const
{
    return std::all_of(m_words.begin(), m_words.end(),
        [&](const Word& word) { return matchesWord(word, name, layer, facts) != word.negated; });
}

bool LayerFilter::matchesWord(const Word& word, const QString& name, const Layer& layer, const Facts& facts)
{
    const Decision* const decision = facts.decision;
    const auto hasValue = [&word](const QString& value) {
        return word.values.isEmpty()
            || std::any_of(word.values.begin(), word.values.end(),
                [&value](const QString& wanted) { return value.startsWith(wanted); });
    };
    const int order = word.compare == Compare::Greater ? 1 : word.compare == Compare::Less ? -1 : 0;
    switch (word.what) {
    case What::Text:
        return name.contains(word.text, Qt::CaseInsensitive);
    case What::Pattern:
        return word.pattern.match(name).hasMatch();
    case What::Kind:
        return hasValue(kindText(layer.kind));
    case What::DType:
        return hasValue(toQt(nameOf(layer.dtype)).toLower());
    case What::Format: {
        const std::string id = decision != nullptr ? decision->choice.format : std::string();
        return hasValue(id.empty() ? QStringLiteral("keep") : toQt(id));
    }
    case What::From:
        return decision != nullptr && hasValue(toQt(nameOf(decision->provenance)));
    case What::Block:
        return word.values.isEmpty() || word.values.contains(toQt(layer.block).toLower());
    case What::Shape: {
        const auto largest = std::max_element(layer.shape.begin(), layer.shape.end());
        return largest != layer.shape.end() && compares(static_cast<double>(*largest), word.number, order);
    }
    case What::Size:
        return decision != nullptr
            && compares(static_cast<double>(decision->bytesBefore), word.number, order);
    case What::Sensitivity:
        return facts.error && compares(*facts.error, word.number, order);
    case What::Noted:
        return facts.noted;
    case What::Critical:
        return layer.critical || layer.criticalAt4Bits;
    case What::Changed:
        return facts.byUser || (decision != nullptr && decision->provenance == Provenance::Override);
    case What::Quantized:
        return decision != nullptr && !decision->choice.keeps();
    case What::Kept:
        return decision == nullptr || decision->choice.keeps();
    }
    return true;
}

} // namespace mantissa::ui
