// SPDX-License-Identifier: GPL-3.0-or-later
// Names the files that have what the open checkpoint lacks for running its network.
#pragma once

#include "ui/model_parts.h"

#include <QDialog>

class QListWidget;
class QPushButton;

namespace mantissa::ui {

class PathField;

class PartsDialog : public QDialog {
    Q_OBJECT
public:
    /// `folder`: where files are looked for first.
    PartsDialog(const ModelParts& parts, const QString& folder, QWidget* parent = nullptr);
    ModelParts parts() const;

private:
    void addCompanions();
    void addCompanion(const QString& file);

    QString m_folder;
    QListWidget* m_companions;
    QPushButton* m_remove;
    PathField* m_embeddings;
    PathField* m_tokenizer;
};

} // namespace mantissa::ui
