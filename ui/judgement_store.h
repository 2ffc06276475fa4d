// SPDX-License-Identifier: GPL-3.0-or-later
// Ratings, notes and blind results of a person, kept beside the queue. They belong to pictures and variants
// by content, so they come back whenever the same ones are compared again.
#pragma once

#include "engine/compare/comparison.h"
#include "ui/state_file.h"

#include <QHash>
#include <QJsonObject>
#include <QObject>
#include <QSet>

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

    /// What goes into a project file: what was judged since forgetProject(), what came with the project, and
    /// what is known of the comparison that is shown.
    QJsonObject ofProject(const Comparison& shown) const;
    /// What a project file brought. Judgements that are known here stay as they are.
    void takeOver(const QJsonObject& judgements);
    /// Another file is open: what was judged belongs to the project before.
    void forgetProject() { m_ofProject.clear(); }

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
    static QJsonObject toJson(const Entry& entry);
    static Entry parse(const QJsonObject& object);
    static Result<Entries> parse(const QByteArray& json);
    void store();

    Entries m_entries;
    QSet<QString> m_ofProject; ///< keys
    StateFile m_file;
    JobController m_load;
};

} // namespace mantissa::ui
