// SPDX-License-Identifier: GPL-3.0-or-later
// Names the files that have what the open checkpoint lacks for running its network.
#pragma once

#include "ui/model_parts.h"

#include <QDialog>

class QLineEdit;
class QListWidget;
class QPushButton;

namespace mantissa::ui {

class PartsDialog : public QDialog {
    Q_OBJECT
public:
    /// `folder`: where files are looked for first.
    PartsDialog(const ModelParts& parts, const QString& folder, QWidget* parent = nullptr);
    ModelParts parts() const;

private:
    void addCompanions();
    QLineEdit* fileRow(class QFormLayout* form, const QString& name, const QString& label,
        const QString& title, const QString& filter);

    QString m_folder;
    QListWidget* m_companions;
    QPushButton* m_remove;
    QLineEdit *m_embeddings, *m_tokenizer;
};

} // namespace mantissa::ui
