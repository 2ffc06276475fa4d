// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/load_model.h"

#include "ui/icons.h"
#include "ui/text.h"

#include <QCoreApplication>

namespace mantissa::ui {

QString verdictText(LoadVerdict verdict)
{
    switch (verdict) {
    case LoadVerdict::Native:
        return LoadModel::tr("native");
    case LoadVerdict::Emulated:
        return LoadModel::tr("emulated");
    case LoadVerdict::Loads:
        return LoadModel::tr("loads");
    case LoadVerdict::Unknown:
        return LoadModel::tr("not known");
    case LoadVerdict::Refused:
        return LoadModel::tr("refused");
    }
    return {};
}

LoadModel::LoadModel(QObject* parent)
    : QAbstractTableModel(parent)
{
    recompute();
}

const Gpu& LoadModel::gpuOf(int column) const
{
    if (m_gpu && column == 0)
        return *m_gpu;
    return exampleGpus()[static_cast<std::size_t>(column - (m_gpu ? 1 : 0))];
}

void LoadModel::recompute()
{
    m_answers.clear();
    for (const Loader& loader : knownLoaders()) {
        std::vector<LoadAnswer> row;
        for (int column = 0; column < columnCount(); ++column)
            row.push_back(willItLoad(m_formats, loader, &gpuOf(column)));
        m_answers.push_back(std::move(row));
    }
}

void LoadModel::setFormats(std::vector<FormatUse> formats)
{
    m_formats = std::move(formats);
    recompute();
    if (rowCount() > 0 && columnCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void LoadModel::setGpu(std::optional<Gpu> gpu)
{
    beginResetModel();
    m_gpu = std::move(gpu);
    recompute();
    endResetModel();
}

QString LoadModel::rowName(const Loader& loader)
{
    return loader.version.empty() ? toQt(loader.name)
                                  : QStringLiteral("%1 %2").arg(toQt(loader.name), toQt(loader.version));
}

QString LoadModel::summary() const
{
    if (!m_gpu)
        return tr("Choose your GPU, or read the column of its generation.");
    QStringList parts;
    for (std::size_t row = 0; row < knownLoaders().size(); ++row) {
        const Loader& loader = knownLoaders()[row];
        if (!loader.refusesOthers || m_answers[row].empty())
            continue;
        parts << tr("%1: %2").arg(rowName(loader), verdictText(m_answers[row].front().verdict));
    }
    return tr("On %1 — %2.").arg(toQt(gpuOf(0).name), parts.join(QStringLiteral(", ")));
}

int LoadModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(knownLoaders().size());
}

int LoadModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(exampleGpus().size()) + (m_gpu ? 1 : 0);
}

QVariant LoadModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const LoadAnswer& answer
        = m_answers[static_cast<std::size_t>(index.row())][static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole:
        return verdictText(answer.verdict);
    case Qt::DecorationRole: // a shape of its own for each verdict
        return icon(toQt(nameOf(answer.verdict)));
    case Qt::ToolTipRole: {
        QStringList lines;
        for (const Message& reason : answer.reasons)
            lines << messageText(reason) + QLatin1Char('.'); // starts with the id of a format
        return lines.join(QLatin1Char('\n'));
    }
    case Qt::AccessibleTextRole:
        return tr("%1 on %2: %3")
            .arg(rowName(knownLoaders()[static_cast<std::size_t>(index.row())]),
                toQt(gpuOf(index.column()).name), verdictText(answer.verdict));
    case VerdictRole:
        return static_cast<int>(answer.verdict);
    default:
        return {};
    }
}

QVariant LoadModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical) {
        const Loader& loader = knownLoaders()[static_cast<std::size_t>(section)];
        if (role == Qt::DisplayRole)
            return rowName(loader);
        if (role == Qt::ToolTipRole && !loader.note.empty())
            return asSentence(engineText(loader.note));
        return {};
    }
    const Gpu& gpu = gpuOf(section);
    if (role == Qt::DisplayRole) {
        QString name = toQt(gpu.name);
        for (const char* word : {"GeForce ", "Radeon ", "NVIDIA "})
            name.remove(QLatin1String(word));
        return m_gpu && section == 0 ? tr("Yours: %1").arg(name) : name;
    }
    if (role == Qt::ToolTipRole) {
        return gpu.computeCapability > 0 ? tr("%1, %2, compute capability %3.%4")
                                               .arg(toQt(gpu.name), toQt(gpu.family))
                                               .arg(gpu.computeCapability / 10)
                                               .arg(gpu.computeCapability % 10)
                                         : tr("%1, %2").arg(toQt(gpu.name), toQt(gpu.family));
    }
    return {};
}

} // namespace mantissa::ui
