// SPDX-License-Identifier: GPL-3.0-or-later
// "Will it load?" as a table: runtimes and their versions down, GPUs across.
#pragma once

#include "engine/compat/loaders.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace mantissa::ui {

class LoadModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role { VerdictRole = Qt::UserRole }; ///< int of LoadVerdict

    explicit LoadModel(QObject* parent = nullptr);
    void setFormats(std::vector<FormatUse> formats);
    /// The person's own GPU, as the first column after the names; null: none.
    void setGpu(std::optional<Gpu> gpu);
    bool hasGpu() const { return m_gpu.has_value(); }
    const std::optional<Gpu>& gpu() const { return m_gpu; }
    /// The worst verdict of stock ComfyUI's newest version, in a sentence.
    QString summary() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void recompute();
    const Gpu& gpuOf(int column) const;
    static QString rowName(const Loader& loader);

    std::vector<FormatUse> m_formats;
    std::optional<Gpu> m_gpu;
    std::vector<std::vector<LoadAnswer>> m_answers; ///< by row and column
};

QString verdictText(LoadVerdict verdict);

} // namespace mantissa::ui
