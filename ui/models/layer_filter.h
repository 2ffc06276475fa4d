// SPDX-License-Identifier: GPL-3.0-or-later
// What the search box above the tree understands.
//
// Words are joined by "and". A word is text (found anywhere in the name, ignoring case), a glob if it holds *
// or ?, a regular expression between slashes, or a facet: kind: dtype: fmt: from: block: (alternatives with
// commas), shape:>4096 (largest dimension), size:>10MB, sens:>0.02 (measured relative error), critical,
// changed, noted, quantized, kept. A minus in front turns a word round.
#pragma once

#include "engine/plan/plan.h"

#include <QRegularExpression>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <vector>

namespace mantissa::ui {

class LayerFilter {
public:
    /// On a mistake returns a filter that matches everything and says what is wrong in `mistake`.
    static LayerFilter parse(const QString& query, QString* mistake = nullptr);

    bool isEmpty() const { return m_words.empty(); }
    /// True if an edit of the plan can change what matches.
    bool dependsOnPlan() const;
    /// What is known of a layer beside its name and shape.
    struct Facts {
        const Decision* decision = nullptr;
        bool byUser = false; ///< an override or a rule of the user decides about it
        bool noted = false; ///< a person wrote about it
        std::optional<double> error; ///< relative, in the planned format, where it was measured
    };
    bool matches(const QString& name, const Layer& layer, const Facts& facts) const;

private:
    enum class What {
        Text,
        Pattern,
        Kind,
        DType,
        Format,
        From,
        Block,
        Shape,
        Size,
        Sensitivity,
        Critical,
        Changed,
        Noted,
        Quantized,
        Kept
    };
    enum class Compare { Equal, Greater, Less };
    struct Word {
        What what = What::Text;
        bool negated = false;
        QString text;
        QStringList values; ///< lower case
        QRegularExpression pattern;
        Compare compare = Compare::Equal;
        double number = 0;
    };
    static bool parseWord(QString word, Word& into, QString& mistake);
    static bool parseFacet(const QString& key, const QString& value, Word& into, QString& mistake);
    static bool matchesWord(const Word& word, const QString& name, const Layer& layer, const Facts& facts);

    std::vector<Word> m_words;
};

} // namespace mantissa::ui
