// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message_json.h"

#include "ui/text.h"

#include <cmath>

namespace mantissa::ui::wire {

QString key(const char* name)
{
    return QString::fromLatin1(name);
}

qint64 number(std::uint64_t value)
{
    return static_cast<qint64>(value); // what is too large comes back from the negative number that it is
}

std::uint64_t count(const QJsonObject& object, const char* name)
{
    return static_cast<std::uint64_t>(object.value(key(name)).toInteger());
}

QJsonValue real(double value)
{
    return std::isfinite(value) ? QJsonValue(value) : QJsonValue(QString::number(value));
}

double realOf(const QJsonValue& value)
{
    return value.isString() ? value.toString().toDouble() : value.toDouble();
}

QJsonValue maybeReal(const std::optional<double>& value)
{
    return value ? real(*value) : QJsonValue();
}

std::optional<double> maybeRealOf(const QJsonValue& value)
{
    return value.isDouble() || value.isString() ? std::optional(realOf(value)) : std::nullopt;
}

void add(QJsonObject& object, const char* name, const std::optional<double>& value)
{
    if (value)
        object.insert(key(name), real(*value));
}

std::optional<double> maybe(const QJsonObject& object, const char* name)
{
    return maybeRealOf(object.value(key(name)));
}

std::string text(const QJsonObject& object, const char* name)
{
    return toStd(object.value(key(name)).toString());
}

QJsonArray toArray(const std::vector<std::string>& texts)
{
    QJsonArray array;
    for (const std::string& each : texts)
        array.append(toQt(each));
    return array;
}

std::vector<std::string> texts(const QJsonObject& object, const char* name)
{
    std::vector<std::string> all;
    for (const auto each : object.value(key(name)).toArray())
        all.push_back(toStd(each.toString()));
    return all;
}

QJsonValue partsOf(const Message& message)
{
    if (message.isVerbatim())
        return toQt(message.text());
    QJsonArray arguments;
    for (const Message& argument : message.arguments())
        arguments.append(partsOf(argument));
    QJsonObject parts{{key("source"), QString::fromUtf8(message.source())}, {key("arguments"), arguments}};
    if (message.count() >= 0)
        parts.insert(key("count"), static_cast<qint64>(message.count()));
    return parts;
}

Message messageOf(const QJsonValue& parts)
{
    if (parts.isString())
        return toStd(parts.toString());
    const QJsonObject object = parts.toObject();
    std::vector<Message> arguments;
    for (const auto argument : object.value(key("arguments")).toArray())
        arguments.push_back(messageOf(argument));
    return Message::received(
        text(object, "source"), std::move(arguments), object.value(key("count")).toInteger(-1));
}

void add(QJsonObject& object, const char* name, const Sentence& sentence)
{
    object.insert(key(name), toQt(sentence));
    if (const Message message = sentence.translatable(); !message.isVerbatim())
        object.insert(key(name) + QLatin1String("_parts"), partsOf(message));
}

Sentence sentenceOf(const QJsonObject& object, const char* name)
{
    const QJsonValue parts = object.value(key(name) + QLatin1String("_parts"));
    return parts.isObject() ? Sentence(messageOf(parts)) : Sentence(text(object, name));
}

QJsonArray partsOfAll(const std::vector<Sentence>& sentences)
{
    QJsonArray array;
    for (const Sentence& sentence : sentences)
        array.append(partsOf(sentence.translatable()));
    return array;
}

std::vector<Sentence> sentences(const QJsonObject& object, const char* name)
{
    std::vector<Sentence> all;
    for (const auto parts : object.value(key(name)).toArray())
        all.emplace_back(messageOf(parts));
    return all;
}

} // namespace mantissa::ui::wire
