// SPDX-License-Identifier: GPL-3.0-or-later
// Ratings, notes and blind results of a person, kept beside the queue. They belong to pictures and variants
// by content, so they come back whenever the same ones are compared again.
#pragma once

#include "engine/compare/comparison.h"
#include "ui/state_file.h"

#include <QHash>
#include <QObject>

namespace mantissa::ui {

class JudgementStore : public QObject {
    Q_OBJECT
public:
    /// `folder` holds judgements.json; it is read on another thread, see loaded().
    explicit JudgementStore(const QString& folder, QObject* parent = nullptr);

    /// Of two pictures: by the names that the cache gave them (their content), else by their paths.
    static QString keyOf(const ComparedPair& pair);
    /// Of a variant against its baseline: by content hashes and plan, else by folders.
    static QString keyOf(const ComparedVariant& variant, const ComparedVariant& baseline);

    Judgement of(const QString& key) const { return m_entries.value(key).judgement; }
    std::optional<BlindScore> blindOf(const QString& key) const { return m_entries.value(key).blind; }
    void set(const QString& key, const Judgement& judgement);
    void setBlind(const QString& key, const BlindScore& score);
    /// Fills in what is known of a comparison, for its report.
    void fillIn(Comparison& comparison) const;

Q_SIGNALS:
    void loaded();
    void changed(const QString& key);
    void failed(const mantissa::Error& error);

private:
    struct Entry {
        Judgement judgement;
        std::optional<BlindScore> blind;
    };
    using Entries = QHash<QString, Entry>;
    static QByteArray toJson(const Entries& entries);
    static Result<Entries> parse(const QByteArray& json);
    void store();

    Entries m_entries;
    StateFile m_file;
    JobController m_load;
};

} // namespace mantissa::ui
