// SPDX-License-Identifier: GPL-3.0-or-later
// Several sources as one: the shards of a set, or the components of a folder.
#pragma once

#include "engine/io/tensor_source.h"

#include <memory>
#include <string>
#include <vector>

namespace mantissa {

struct SourcePart {
    std::shared_ptr<const TensorSource> source;
    std::string
        prefix; ///< put before its tensor names, config paths ('.' becomes '/') and warnings; may be empty
};

/// Reads go to the part a tensor belongs to. Tensors come part by part, files and metadata are merged.
class CompositeSource final : public TensorSource {
public:
    /// `info` brings container, path, and whatever warnings and configs there are beside those of the parts.
    /// InvalidInput if two parts have a tensor of the same name.
    static Result<std::shared_ptr<const TensorSource>> make(
        SourceInfo info, const std::vector<SourcePart>& parts);

    Status read(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const override;

private:
    Status merge(const std::vector<SourcePart>& parts);
    void mergeInfo(const SourcePart& part);

    struct Place {
        std::uint32_t part = 0;
        std::uint32_t tensor = 0;
    };
    std::vector<std::shared_ptr<const TensorSource>> m_parts;
    std::vector<Place> m_places;
};

} // namespace mantissa
