// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/project.h"

#include "ui/overrides_json.h"
#include "ui/state_file.h"
#include "ui/stored_path.h"
#include "ui/text.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

namespace mantissa::ui {

namespace {

constexpr int kProjectVersion = 1;
constexpr qint64 kMaxProjectBytes = 64 << 20;

} // namespace

QString catalogueHash(const TensorSource& source)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const TensorInfo& tensor : source.tensors()) {
        QByteArray line = QByteArray::fromStdString(tensor.name);
        line += '\t' + QByteArray::fromStdString(std::string(nameOf(tensor.dtype)));
        for (const std::int64_t dimension : tensor.shape)
            line += '\t' + QByteArray::number(static_cast<qlonglong>(dimension));
        hash.addData(line + '\n');
    }
    return QString::fromLatin1(hash.result().toHex());
}

QByteArray toJson(const Project& project, const QString& folder)
{
    QJsonObject source = pathObject(project.source, folder);
    source.insert(QStringLiteral("catalogue_sha256"), project.catalogue);
    source.insert(QStringLiteral("bytes"), static_cast<qint64>(project.bytes));
    QJsonObject detection;
    addOverrides(detection, project.overrides);
    QJsonObject root{{QStringLiteral("mantissa_project"), kProjectVersion},
        {QStringLiteral("source"), source}, {QStringLiteral("detection"), detection},
        {QStringLiteral("plan"),
            QJsonDocument::fromJson(QByteArray::fromStdString(mantissa::toJson(project.plan))).object()},
        {QStringLiteral("window"), QString::fromLatin1(project.window.toBase64())}};
    if (!project.statistics.isEmpty())
        root.insert(QStringLiteral("statistics"), pathObject(project.statistics, folder));
    if (!project.parts.isEmpty())
        root.insert(QStringLiteral("parts"), toObject(project.parts, folder));
    if (!project.judgements.isEmpty())
        root.insert(QStringLiteral("judgements"), project.judgements);
    if (project.saved.isValid())
        root.insert(QStringLiteral("saved"), project.saved.toUTC().toString(Qt::ISODate));
    return QJsonDocument(root).toJson();
}

Result<Project> parseProject(const QByteArray& json, const QString& folder)
{
    QJsonParseError mistake;
    const QJsonDocument document = QJsonDocument::fromJson(json, &mistake);
    const QJsonObject root = document.object();
    if (document.isNull())
        return fail(ErrorCode::InvalidInput, "the project is no JSON: {} at byte {}",
            mistake.errorString().toStdString(), mistake.offset);
    const int version = root.value(QLatin1String("mantissa_project")).toInt();
    if (version > kProjectVersion)
        return fail(ErrorCode::Unsupported, "the project was saved by a newer version of Mantissa");
    const QJsonObject source = root.value(QLatin1String("source")).toObject();
    if (version < 1 || source.value(QLatin1String("path")).toString().isEmpty())
        return fail(ErrorCode::InvalidInput, "the file is no project of Mantissa");
    auto plan = parsePlan(QJsonDocument(root.value(QLatin1String("plan")).toObject())
                              .toJson(QJsonDocument::Compact)
                              .toStdString());
    if (!plan)
        return forward(std::move(plan));
    Project project;
    project.source = pathOf(source, folder);
    project.catalogue = source.value(QLatin1String("catalogue_sha256")).toString();
    project.bytes = static_cast<quint64>(source.value(QLatin1String("bytes")).toInteger());
    project.overrides = overridesFrom(root.value(QLatin1String("detection")).toObject());
    project.plan = std::move(*plan);
    project.statistics = pathOf(root.value(QLatin1String("statistics")).toObject(), folder);
    project.parts = modelPartsFrom(root.value(QLatin1String("parts")).toObject(), folder);
    project.window = QByteArray::fromBase64(root.value(QLatin1String("window")).toString().toLatin1());
    project.judgements = root.value(QLatin1String("judgements")).toObject();
    project.saved = QDateTime::fromString(root.value(QLatin1String("saved")).toString(), Qt::ISODate);
    return project;
}

Result<Project> readProject(const QString& file)
{
    const auto text = readWhole(file, kMaxProjectBytes);
    if (!text)
        return tl::unexpected(text.error());
    Result<Project> project = parseProject(*text, QFileInfo(file).absolutePath());
    if (!project)
        return tl::unexpected(std::move(project.error()).at(toStd(file)));
    return project;
}

} // namespace mantissa::ui
