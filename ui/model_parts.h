// SPDX-License-Identifier: GPL-3.0-or-later
// What a network needs to run and its own file lacks: VAE and text encoders of other checkpoints, or their
// output. Checkpoints of large models are the network alone; calibration and comparison ask for these.
#pragma once

#include "engine/torch/generation.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

namespace mantissa::ui {

struct ModelParts {
    QStringList companions; ///< checkpoints; the first that has a part counts
    QString embeddings; ///< text that was encoded elsewhere (.safetensors); empty: text encoders run
    QString tokenizer; ///< T5's spiece.model; empty: the text encoder's file has it, or it is not needed

    bool isEmpty() const { return companions.isEmpty() && embeddings.isEmpty() && tokenizer.isEmpty(); }
    friend bool operator==(const ModelParts&, const ModelParts&) = default;
};

/// Opens the companions; reads files, so not on the window's thread.
Result<GeneratorOptions> generatorOptions(const ModelParts& parts);

/// `folder`: where the JSON file is (stored_path.h).
QJsonObject toObject(const ModelParts& parts, const QString& folder);
ModelParts modelPartsFrom(const QJsonObject& object, const QString& folder);

} // namespace mantissa::ui
