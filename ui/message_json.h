// SPDX-License-Identifier: GPL-3.0-or-later
// The values of messages between window and worker (job_messages.h) as JSON: every number comes back as it
// was. What is missing reads as zero or nothing.
#pragma once

#include "engine/base/sentence.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mantissa::ui::wire {

QString key(const char* name);

qint64 number(std::uint64_t value);
std::uint64_t count(const QJsonObject& object, const char* name);

/// JSON has neither infinity nor NaN: a text stands for them.
QJsonValue real(double value);
double realOf(const QJsonValue& value);
/// Null for an empty one.
QJsonValue maybeReal(const std::optional<double>& value);
std::optional<double> maybeRealOf(const QJsonValue& value);
/// Nothing is added where it is empty.
void add(QJsonObject& object, const char* name, const std::optional<double>& value);
std::optional<double> maybe(const QJsonObject& object, const char* name);

std::string text(const QJsonObject& object, const char* name);
QJsonArray toArray(const std::vector<std::string>& texts);
std::vector<std::string> texts(const QJsonObject& object, const char* name);

/// What a translation is made from; a text where nothing is.
QJsonValue partsOf(const Message& message);
Message messageOf(const QJsonValue& parts);
/// In English, with its parts beside it where it has some.
void add(QJsonObject& object, const char* name, const Sentence& sentence);
Sentence sentenceOf(const QJsonObject& object, const char* name);
QJsonArray partsOfAll(const std::vector<Sentence>& sentences);
std::vector<Sentence> sentences(const QJsonObject& object, const char* name);

/// Numbers as they lie in memory: window and worker are one program on one machine.
template <typename Number> QString packed(std::span<const Number> numbers)
{
    return QString::fromLatin1(QByteArray::fromRawData(
        reinterpret_cast<const char*>(numbers.data()), static_cast<qsizetype>(numbers.size_bytes()))
                                   .toBase64());
}
/// Empty where they are none.
template <typename Number> std::vector<Number> unpacked(const QJsonObject& object, const char* name)
{
    const QByteArray bytes = QByteArray::fromBase64(object.value(key(name)).toString().toLatin1());
    if (static_cast<std::size_t>(bytes.size()) % sizeof(Number) != 0)
        return {};
    std::vector<Number> numbers(static_cast<std::size_t>(bytes.size()) / sizeof(Number));
    const auto raw = std::as_writable_bytes(std::span(numbers));
    std::copy_n(reinterpret_cast<const std::byte*>(bytes.constData()), raw.size(), raw.begin());
    return numbers;
}

} // namespace mantissa::ui::wire
