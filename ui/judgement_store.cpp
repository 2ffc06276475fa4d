// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/judgement_store.h"

#include "ui/text.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace mantissa::ui {

namespace {

constexpr qint64 kMostBytes = 32 << 20;
constexpr int kFormat = 1;
constexpr std::size_t kKeyDigits = 32; ///< of a name that the picture cache gives

QString hashOf(const std::string& identity)
{
    return QString::fromLatin1(
        QCryptographicHash::hash(QByteArray::fromStdString(identity), QCryptographicHash::Sha256)
            .left(16)
            .toHex());
}

std::string identityOf(const std::filesystem::path& picture)
{
    std::string stem = picture.stem().string();
    const bool byContent
        = stem.size() == kKeyDigits && stem.find_first_not_of("0123456789abcdef") == std::string::npos;
    std::error_code ignored;
    return byContent ? stem : std::filesystem::absolute(picture, ignored).string();
}

std::string identityOf(const ComparedVariant& variant)
{
    std::string identity;
    for (const auto& [name, text] : variant.facts)
        if (name == "XXH3-128" || name == "Folder")
            identity += text;
    return identity.empty() ? variant.name : identity + variant.plan;
}

QJsonObject blindJson(const BlindScore& score)
{
    return {{QStringLiteral("variant"), static_cast<qint64>(score.variant)},
        {QStringLiteral("baseline"), static_cast<qint64>(score.baseline)},
        {QStringLiteral("undecided"), static_cast<qint64>(score.undecided)}};
}

/// What other windows stored meanwhile stays, but for keys that this one knows, emptied ones included.
StateFile::Merge keepOthers(const QStringList& known)
{
    return [known](const QByteArray& onDisk, const QByteArray& mine) {
        const QString key = QStringLiteral("judgements");
        QJsonObject root = QJsonDocument::fromJson(mine).object();
        QJsonObject all = root[key].toObject();
        const QJsonObject theirs = QJsonDocument::fromJson(onDisk).object()[key].toObject();
        for (auto it = theirs.constBegin(); it != theirs.constEnd(); ++it)
            if (!known.contains(it.key()))
                all[it.key()] = it.value();
        root[key] = all;
        return QJsonDocument(root).toJson(QJsonDocument::Indented);
    };
}

} // namespace

JudgementStore::JudgementStore(const QString& folder, QObject* parent)
    : QObject(parent)
    , m_file(folder + QStringLiteral("/judgements.json"))
{
    connect(&m_file, &StateFile::failed, this, &JudgementStore::failed);
    if (!QFile::exists(m_file.path()))
        return;
    m_load.start<Entries>(
        [file = m_file.path()](const JobContext&) -> Result<Entries> {
            auto text = readWhole(file, kMostBytes);
            if (!text)
                return tl::unexpected(text.error());
            return parse(*text);
        },
        [this](Result<Entries> read) {
            if (!read) {
                Q_EMIT failed(read.error());
                return;
            }
            for (auto it = read->cbegin(); it != read->cend(); ++it)
                if (!m_entries.contains(it.key())) // what was said meanwhile is newer
                    m_entries.insert(it.key(), it.value());
            Q_EMIT loaded();
        });
}

QString JudgementStore::keyOf(const ComparedPair& pair)
{
    return hashOf(identityOf(pair.reference) + '\n' + identityOf(pair.test));
}

QString JudgementStore::keyOf(const ComparedVariant& variant, const ComparedVariant& baseline)
{
    return hashOf("variant\n" + identityOf(baseline) + '\n' + identityOf(variant));
}

void JudgementStore::set(const QString& key, const Judgement& judgement)
{
    m_ofProject.insert(key);
    Entry& entry = m_entries[key];
    if (entry.judgement == judgement)
        return;
    entry.judgement = judgement;
    store();
    Q_EMIT changed(key);
}

void JudgementStore::setBlind(const QString& key, const BlindScore& score)
{
    m_ofProject.insert(key);
    m_entries[key].blind = score;
    store();
    Q_EMIT changed(key);
}

void JudgementStore::fillIn(Comparison& comparison) const
{
    for (ComparedVariant& variant : comparison.variants) {
        const QString key = keyOf(variant, comparison.variants.front());
        variant.judgement = of(key);
        variant.blind = blindOf(key);
        for (ComparedPair& pair : variant.pairs)
            pair.judgement = of(keyOf(pair));
    }
}

QJsonObject JudgementStore::ofProject(const Comparison& shown) const
{
    QSet<QString> keys = m_ofProject;
    for (const ComparedVariant& variant : shown.variants) {
        keys.insert(keyOf(variant, shown.variants.front()));
        for (const ComparedPair& pair : variant.pairs)
            keys.insert(keyOf(pair));
    }
    QJsonObject object;
    for (const QString& key : keys)
        if (const auto it = m_entries.constFind(key); it != m_entries.cend())
            if (const QJsonObject entry = toJson(*it); !entry.isEmpty())
                object[key] = entry;
    return object;
}

void JudgementStore::takeOver(const QJsonObject& judgements)
{
    bool any = false;
    for (auto it = judgements.constBegin(); it != judgements.constEnd(); ++it) {
        m_ofProject.insert(it.key());
        if (m_entries.contains(it.key()))
            continue;
        m_entries.insert(it.key(), parse(it.value().toObject()));
        any = true;
    }
    if (!any)
        return;
    store();
    Q_EMIT loaded();
}

QJsonObject JudgementStore::toJson(const Entry& entry)
{
    QJsonObject object;
    if (entry.judgement.rating > 0)
        object[QStringLiteral("rating")] = entry.judgement.rating;
    if (entry.judgement.bad)
        object[QStringLiteral("bad")] = true;
    if (!entry.judgement.note.empty())
        object[QStringLiteral("note")] = toQt(entry.judgement.note);
    if (entry.blind)
        object[QStringLiteral("blind")] = blindJson(*entry.blind);
    return object;
}

JudgementStore::Entry JudgementStore::parse(const QJsonObject& object)
{
    const auto count = [](const QJsonValue& value) {
        return static_cast<std::size_t>(std::max<qint64>(0, value.toInteger()));
    };
    Entry entry;
    entry.judgement.rating = std::clamp(object[QStringLiteral("rating")].toInt(), 0, kBestRating);
    entry.judgement.bad = object[QStringLiteral("bad")].toBool();
    entry.judgement.note = toStd(object[QStringLiteral("note")].toString());
    if (const QJsonObject blind = object[QStringLiteral("blind")].toObject(); !blind.isEmpty())
        entry.blind = BlindScore{count(blind[QStringLiteral("variant")]),
            count(blind[QStringLiteral("baseline")]), count(blind[QStringLiteral("undecided")])};
    return entry;
}

Result<JudgementStore::Entries> JudgementStore::parse(const QByteArray& json)
{
    const QJsonObject root = QJsonDocument::fromJson(json).object();
    if (root[QStringLiteral("format")].toInt() != kFormat || !root[QStringLiteral("judgements")].isObject())
        return fail(
            ErrorCode::InvalidInput, "the ratings and notes cannot be read: the file is of another form");
    Entries entries;
    const QJsonObject all = root[QStringLiteral("judgements")].toObject();
    for (auto it = all.constBegin(); it != all.constEnd(); ++it)
        entries.insert(it.key(), parse(it.value().toObject()));
    return entries;
}

void JudgementStore::store()
{
    QJsonObject all;
    for (auto it = m_entries.cbegin(); it != m_entries.cend(); ++it)
        if (const QJsonObject entry = toJson(it.value()); !entry.isEmpty())
            all[it.key()] = entry;
    m_file.write(
        QJsonDocument(QJsonObject{{QStringLiteral("format"), kFormat}, {QStringLiteral("judgements"), all}})
            .toJson(QJsonDocument::Indented),
        keepOthers(m_entries.keys()));
}

} // namespace mantissa::ui
