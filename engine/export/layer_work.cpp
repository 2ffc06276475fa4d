// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/layer_work.h"

#include <algorithm>

namespace mantissa {
namespace {

/// 1 MiB of float32: a block, its source bytes and its codes stay in a core's second-level cache.
constexpr std::int64_t kBlockElements = std::int64_t{1} << 18;

} // namespace

std::int64_t rowsPerBlock(const EncodedLayer& layer)
{
    const std::int64_t granule = std::max<std::int64_t>(1, layer.encoder->rowGranularity());
    const std::int64_t perGranule = granule * std::max<std::int64_t>(1, layer.shape.cols);
    return granule * std::max<std::int64_t>(1, kBlockElements / perGranule);
}

std::vector<WorkItem> listWork(const Assembly& assembly)
{
    const auto tensors = assembly.source->tensors();
    const auto place = [&](WorkItem item, std::size_t source) {
        item.file = tensors[source].file;
        item.begin = tensors[source].fileOffset;
        item.end = item.begin + tensors[source].storedBytes();
        return item;
    };
    std::vector<WorkItem> items;
    for (std::size_t i = 0; i < assembly.layers.size(); ++i)
        items.push_back(place({static_cast<std::ptrdiff_t>(i), 0, 0, 0, 0}, assembly.layers[i].source));
    for (std::size_t i = 0; i < assembly.tensors.size(); ++i) {
        const auto& content = assembly.tensors[i].content;
        if (const auto* copy = std::get_if<CopyTensor>(&content))
            items.push_back(place({-1, i, 0, 0, 0}, copy->source));
        else if (!std::holds_alternative<FromLayer>(content))
            items.push_back({-1, i, UINT32_MAX, 0, 0});
    }
    std::stable_sort(items.begin(), items.end(), [](const WorkItem& a, const WorkItem& b) {
        return std::tie(a.file, a.begin) < std::tie(b.file, b.begin);
    });
    return items;
}

WorkQueue::WorkQueue(
    Assembly& assembly, std::vector<WorkItem> items, const std::vector<bool>& skip, unsigned maxActive)
    : m_assembly(assembly)
    , m_items(std::move(items))
    , m_skip(skip)
    , m_maxActive(std::max(1u, maxActive))
{ }

std::optional<WorkTask> WorkQueue::takeFromActive()
{
    for (const auto& active : m_active) {
        const MatrixShape shape = active->layer->shape;
        const std::int64_t rows = shape.cols == 0 ? 0 : shape.rows;
        if (active->nextRow < rows) {
            const std::int64_t count = std::min(active->rowsPerBlock, rows - active->nextRow);
            WorkTask task{WorkTask::Kind::Block, active->item, active, active->nextRow, count};
            active->nextRow += count;
            ++active->outstanding;
            return task;
        }
        if (active->outstanding == 0) {
            ++active->outstanding;
            return WorkTask{WorkTask::Kind::EndOfStage, active->item, active, 0, 0};
        }
    }
    return std::nullopt;
}

std::optional<WorkTask> WorkQueue::openNext()
{
    while (m_nextItem < m_items.size() && m_skip[m_nextItem])
        ++m_nextItem;
    if (m_nextItem >= m_items.size() || m_active.size() >= m_maxActive)
        return std::nullopt;
    const std::size_t item = m_nextItem++;
    if (m_items[item].layer < 0)
        return WorkTask{WorkTask::Kind::Tensor, item, nullptr, 0, 0};
    if (m_assembly.layers[static_cast<std::size_t>(m_items[item].layer)].whole)
        return WorkTask{WorkTask::Kind::Whole, item, nullptr, 0, 0};
    auto active = std::make_shared<ActiveLayer>();
    active->item = item;
    active->layer = &m_assembly.layers[static_cast<std::size_t>(m_items[item].layer)];
    active->rounds = active->layer->encoder->statsRounds();
    active->rowsPerBlock = rowsPerBlock(*active->layer);
    m_active.push_back(std::move(active));
    return takeFromActive();
}

std::optional<WorkTask> WorkQueue::next()
{
    std::unique_lock lock(m_mutex);
    while (!m_stopped) {
        auto task = takeFromActive();
        if (!task)
            task = openNext();
        if (task) {
            ++m_running;
            return task;
        }
        if (m_nextItem >= m_items.size() && m_active.empty() && m_running == 0)
            break;
        m_changed.wait(lock);
    }
    m_changed.notify_all();
    return std::nullopt;
}

void WorkQueue::done(const WorkTask& task)
{
    const std::scoped_lock lock(m_mutex);
    --m_running;
    m_changed.notify_all();
    if (!task.active)
        return;
    ActiveLayer& active = *task.active;
    --active.outstanding;
    if (task.kind != WorkTask::Kind::EndOfStage)
        return;
    const bool wasLast = active.stage >= active.rounds;
    ++active.stage;
    active.nextRow = 0;
    if (wasLast)
        std::erase(m_active, task.active);
}

void WorkQueue::stop()
{
    const std::scoped_lock lock(m_mutex);
    m_stopped = true;
    m_changed.notify_all();
}

} // namespace mantissa
