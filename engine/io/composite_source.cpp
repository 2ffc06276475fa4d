// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/composite_source.h"

#include "engine/io/text.h"

#include <map>

namespace mantissa {

Result<std::shared_ptr<const TensorSource>> CompositeSource::make(
    SourceInfo info, const std::vector<SourcePart>& parts)
{
    auto source = std::make_shared<CompositeSource>();
    source->m_info = std::move(info);
    if (Status status = source->merge(parts); !status)
        return forward(std::move(status));
    return std::shared_ptr<const TensorSource>(std::move(source));
}

void CompositeSource::mergeInfo(const SourcePart& part)
{
    const SourceInfo& from = part.source->info();
    m_info.files.insert(m_info.files.end(), from.files.begin(), from.files.end());
    for (const auto& [key, value] : from.metadata) {
        const auto [at, added] = m_info.metadata.emplace(key, value);
        if (!added && at->second != value)
            m_info.warnings.push_back(
                sentence("{} has another value of the metadata entry {}, which was ignored",
                    from.path.filename().string(), inQuotes(key)));
    }
    for (const Sentence& warning : from.warnings)
        m_info.warnings.push_back(sentence("{}: {}", from.path.filename().string(), warning));
    std::string folder = part.prefix;
    if (!folder.empty())
        folder.back() = '/';
    for (const auto& [path, text] : from.configs)
        m_info.configs.emplace(folder + path, text);
}

Status CompositeSource::merge(const std::vector<SourcePart>& parts)
{
    std::vector<TensorInfo> tensors;
    std::map<std::string, std::uint32_t> owner;
    for (const SourcePart& part : parts) {
        const auto firstFile = static_cast<std::uint32_t>(m_info.files.size());
        const auto number = static_cast<std::uint32_t>(m_parts.size());
        mergeInfo(part);
        m_parts.push_back(part.source);
        for (std::size_t i = 0; i < part.source->tensors().size(); ++i) {
            TensorInfo tensor = part.source->tensors()[i];
            tensor.name = part.prefix + tensor.name;
            tensor.file += firstFile;
            const auto [at, added] = owner.emplace(tensor.name, number);
            if (!added)
                return tl::unexpected<Error>(Error{ErrorCode::InvalidInput,
                    sentence("tensor {} is also in {}", inQuotes(tensor.name),
                        m_parts[at->second]->info().path.filename().string()),
                    part.source->info().path.string(), "the files do not belong to one set"});
            tensors.push_back(std::move(tensor));
            m_places.push_back({number, static_cast<std::uint32_t>(i)});
        }
    }
    setTensors(std::move(tensors));
    return {};
}

Status CompositeSource::read(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const
{
    if (tensor >= m_places.size())
        return fail(ErrorCode::Internal, "a read of a tensor that does not exist was asked for");
    return m_parts[m_places[tensor].part]->read(m_places[tensor].tensor, offset, dst);
}

} // namespace mantissa
