// SPDX-License-Identifier: GPL-3.0-or-later
// Asks where the export shall go, and whether an existing file may be replaced. Nothing is asked later.
#pragma once

#include "engine/export/assembly.h"

#include <QDialog>

#include <cstdint>
#include <functional>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace mantissa::ui {

class ExportDialog : public QDialog {
    Q_OBJECT
public:
    /// `obstacle` says why a path cannot be the output, or nothing.
    /// `memory`: what the conversion takes beside the program itself, bytes.
    ExportDialog(const QString& suggestedPath, std::uint64_t bytes, std::uint64_t memory,
        std::function<QString(const QString&)> obstacle, QWidget* parent = nullptr);
    QString path() const;
    WriteOptions options() const;
    bool verifies() const; ///< whether the file is read back and decoded afterwards

private:
    void check();
    void browse();

    std::uint64_t m_bytes, m_memory;
    std::function<QString(const QString&)> m_obstacle;
    QLineEdit* m_path;
    QLabel* m_problem;
    QLabel* m_space;
    QCheckBox* m_resume;
    QCheckBox* m_verify;
    QCheckBox* m_nonFinite;
    QCheckBox* m_measure;
    QPushButton* m_start;
};

} // namespace mantissa::ui
