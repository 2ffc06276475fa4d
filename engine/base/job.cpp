// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/job.h"

namespace mantissa {

const char* nameOf(LogLevel level)
{
    return level == LogLevel::Warning ? "warning" : level == LogLevel::Info ? "info" : "detail";
}

void Progress::start(std::string phase, std::uint64_t bytesTotal, std::uint32_t itemsTotal)
{
    const std::scoped_lock lock(m_mutex);
    m_phase = std::move(phase);
    m_bytesDone = 0;
    m_itemsDone = 0;
    m_bytesTotal = bytesTotal;
    m_itemsTotal = itemsTotal;
}

void Progress::setCurrent(std::string layer)
{
    const std::scoped_lock lock(m_mutex);
    m_current = std::move(layer);
}

void Progress::log(LogLevel level, Sentence text, std::string layer)
{
    const std::scoped_lock lock(m_mutex);
    m_log.push_back({level, std::move(text), std::move(layer)});
}

ProgressSnapshot Progress::snapshot() const
{
    const std::scoped_lock lock(m_mutex);
    return {m_phase, m_bytesDone, m_bytesTotal, m_itemsDone, m_itemsTotal, m_current};
}

std::vector<LogLine> Progress::logSince(std::size_t from) const
{
    const std::scoped_lock lock(m_mutex);
    if (from >= m_log.size())
        return {};
    return {m_log.begin() + static_cast<std::ptrdiff_t>(from), m_log.end()};
}

} // namespace mantissa
