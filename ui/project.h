// SPDX-License-Identifier: GPL-3.0-or-later
// A project file (.mantissa): which checkpoint, what shall happen to it, with which statistics, and how the
// window looked. JSON; the journal that survives a crash has the same form.
#pragma once

#include "engine/model/model.h"
#include "engine/plan/plan.h"
#include "ui/model_parts.h"

#include <QByteArray>
#include <QDateTime>
#include <QJsonObject>
#include <QString>

namespace mantissa::ui {

struct Project {
    QString source; ///< absolute path of the checkpoint
    QString catalogue; ///< catalogueHash() of it; empty: unknown
    quint64 bytes = 0; ///< of its files
    DetectionOverrides overrides;
    QuantPlan plan; ///< sourceHash in it is that of the whole file, where it is known
    QString statistics; ///< absolute path; empty: none
    ModelParts parts; ///< from other files, for running the network
    QByteArray window; ///< QMainWindow::saveState()
    QJsonObject judgements; ///< ratings, notes and blind results, as JudgementStore::ofProject() gives them
    QDateTime saved; ///< of a journal; invalid in project files, so that equal projects give equal files
};

/// SHA-256 of names, dtypes, shapes and sizes of all tensors: tells checkpoints apart without reading them.
QString catalogueHash(const TensorSource& source);

/// `folder` is where the file will be: the source is also named relative to it, for projects that move.
QByteArray toJson(const Project& project, const QString& folder);
/// Sources that are not where they were are looked for relative to `folder`. InvalidInput, in a sentence.
Result<Project> parseProject(const QByteArray& json, const QString& folder);
Result<Project> readProject(const QString& file);

inline const QString kProjectSuffix = QStringLiteral("mantissa");

} // namespace mantissa::ui
