// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/shipped_vocabulary.h"

#include <algorithm>
#include <zlib.h>

namespace mantissa {

Result<std::string> unpackGzip(std::string_view packed, std::size_t limit)
{
    z_stream stream{};
    // 16: a gzip header is expected (zlib.h, inflateInit2).
    if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
        return fail(ErrorCode::System, "out of memory");
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string text;
    int state = Z_OK;
    while (state == Z_OK && text.size() <= limit) {
        const std::size_t filled = text.size(), room = std::max<std::size_t>(packed.size(), 4096);
        text.resize(filled + room);
        stream.next_out = reinterpret_cast<Bytef*>(text.data() + filled);
        stream.avail_out = static_cast<uInt>(room);
        state = inflate(&stream, Z_NO_FLUSH);
        text.resize(filled + room - stream.avail_out);
    }
    inflateEnd(&stream);
    if (state != Z_STREAM_END)
        return fail(ErrorCode::InvalidInput, "the packed text is damaged, cut off or too long");
    if (text.size() > limit)
        return fail(ErrorCode::InvalidInput, "the packed text is longer than {} bytes", limit);
    return text;
}

Result<std::string> shippedClipVocabularyText(std::size_t limit)
{
    const std::string_view packed = detail::embeddedClipVocabulary();
    if (packed.empty())
        return tl::unexpected(
            Error{ErrorCode::Unsupported, "this build has no vocabulary for CLIP text encoders", {},
                "`packaging/run` fetches it; or use a diffusers folder, whose tokenizer is read"});
    return unpackGzip(packed, limit);
}

} // namespace mantissa
