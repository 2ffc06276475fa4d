// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model_parts.h"

#include "ui/native_model.h"
#include "ui/stored_path.h"
#include "ui/text.h"

#include <QJsonArray>

namespace mantissa::ui {

Result<GeneratorOptions> generatorOptions(const ModelParts& parts)
{
    GeneratorOptions options;
    for (const QString& file : parts.companions) {
        auto model = openNative(file);
        if (!model)
            return forward(std::move(model));
        options.companions.push_back(std::move(*model));
    }
    options.embeddings = toPath(parts.embeddings);
    options.tokenizer = toPath(parts.tokenizer);
    return options;
}

QJsonObject toObject(const ModelParts& parts, const QString& folder)
{
    QJsonObject object;
    QJsonArray companions;
    for (const QString& file : parts.companions)
        companions.append(pathObject(file, folder));
    if (!companions.isEmpty())
        object.insert(QStringLiteral("companions"), companions);
    if (!parts.embeddings.isEmpty())
        object.insert(QStringLiteral("embeddings"), pathObject(parts.embeddings, folder));
    if (!parts.tokenizer.isEmpty())
        object.insert(QStringLiteral("tokenizer"), pathObject(parts.tokenizer, folder));
    return object;
}

ModelParts modelPartsFrom(const QJsonObject& object, const QString& folder)
{
    ModelParts parts;
    for (const auto file : object.value(QLatin1String("companions")).toArray())
        if (const QString path = pathOf(file.toObject(), folder); !path.isEmpty())
            parts.companions << path;
    parts.embeddings = pathOf(object.value(QLatin1String("embeddings")).toObject(), folder);
    parts.tokenizer = pathOf(object.value(QLatin1String("tokenizer")).toObject(), folder);
    return parts;
}

} // namespace mantissa::ui
