// SPDX-License-Identifier: GPL-3.0-or-later
// bpe_simple_vocab_16e6.txt.gz of OpenAI's CLIP, which the set-up fetches and the build makes part of the
// program.
#pragma once

#include "engine/base/error.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace mantissa {

namespace detail {
/// Generated (cmake/EmbedResources.cmake); empty in a build without it.
std::string_view embeddedClipVocabulary() noexcept;
} // namespace detail

/// One gzip member, unpacked. InvalidInput if it is damaged or would be longer than `limit`.
Result<std::string> unpackGzip(std::string_view packed, std::size_t limit);
/// Unsupported in a build without the vocabulary.
Result<std::string> shippedClipVocabularyText(std::size_t limit);

} // namespace mantissa
