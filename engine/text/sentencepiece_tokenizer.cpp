// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/sentencepiece_tokenizer.h"

#include "engine/io/random_access_file.h"
#include "engine/io/tensor_source.h"
#include "engine/text/unicode_text.h"

#include <array>
#include <exception>
#include <sentencepiece_processor.h>
#include <string>

namespace mantissa {

namespace {

/// T5's model has 0.8 MB, UMT5's 4.5 MB.
constexpr std::uint64_t kMaximumModelBytes = std::uint64_t{64} << 20;
constexpr std::array<const char*, 2> kModelNames = {"spiece.model", "tokenizer.model"};
constexpr std::string_view kTensorName = "spiece_model";

/// The library reports by status, but its parts throw (a malformed trie, memory).
template <typename Call> Status guardedCall(ErrorCode code, const Sentence& what, const Call& call)
{
    try {
        const sentencepiece::util::Status status = call();
        if (status.ok())
            return {};
        return fail(code, "{}: {}", what, status.error_message());
    } catch (const std::exception& problem) {
        return fail(code, "{}: {}", what, problem.what());
    }
}

} // namespace

struct SentencePieceTokenizer::Impl {
    sentencepiece::SentencePieceProcessor processor;

    static std::optional<TokenId> named(int id) { return id < 0 ? std::nullopt : std::optional<TokenId>(id); }
};

SentencePieceTokenizer::SentencePieceTokenizer(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{ }
SentencePieceTokenizer::~SentencePieceTokenizer() = default;

Result<std::shared_ptr<const SentencePieceTokenizer>> SentencePieceTokenizer::fromBytes(
    std::string_view model)
{
    if (model.empty() || model.size() > kMaximumModelBytes)
        return fail(
            ErrorCode::InvalidInput, "a SentencePiece model of {} bytes is not plausible", model.size());
    auto impl = std::make_unique<Impl>();
    Status loaded = guardedCall(ErrorCode::InvalidInput, "this is not a SentencePiece model",
        [&] { return impl->processor.LoadFromSerializedProto(model); });
    if (!loaded)
        return forward(std::move(loaded));
    return std::shared_ptr<const SentencePieceTokenizer>(new SentencePieceTokenizer(std::move(impl)));
}

Result<std::shared_ptr<const SentencePieceTokenizer>> SentencePieceTokenizer::fromPath(
    const std::filesystem::path& path)
{
    std::error_code ignored;
    std::filesystem::path model = path;
    if (std::filesystem::is_directory(path, ignored)) {
        for (const char* const name : kModelNames)
            if (std::filesystem::exists(path / name, ignored)) {
                model = path / name;
                break;
            }
        if (model == path)
            return tl::unexpected(Error{ErrorCode::Unsupported, "the folder has no SentencePiece model",
                path.string(), "put the spiece.model of the text encoder there"});
    }
    const auto file = RandomAccessFile::open(model);
    if (!file)
        return tl::unexpected(file.error());
    if ((*file)->size() > kMaximumModelBytes)
        return tl::unexpected(Error{
            ErrorCode::InvalidInput, "the file is too large for a SentencePiece model", model.string(), {}});
    const auto bytes = (*file)->readText(0, static_cast<std::size_t>((*file)->size()));
    if (!bytes)
        return tl::unexpected(bytes.error());
    auto tokenizer = fromBytes(*bytes);
    if (!tokenizer)
        return tl::unexpected(std::move(tokenizer.error()).at(model.string()));
    return tokenizer;
}

Result<std::shared_ptr<const SentencePieceTokenizer>> SentencePieceTokenizer::fromCheckpoint(
    const TensorSource& source)
{
    for (std::size_t i = 0; i < source.tensors().size(); ++i) {
        const TensorInfo& tensor = source.tensors()[i];
        const std::string_view name = tensor.name;
        const bool named = name.ends_with(kTensorName)
            && (name.size() == kTensorName.size() || name[name.size() - kTensorName.size() - 1] == '.');
        if (!named || tensor.dtype != DType::U8)
            continue;
        if (tensor.bytes > kMaximumModelBytes)
            return tl::unexpected(Error{ErrorCode::InvalidInput,
                "the tensor is too large for a SentencePiece model", tensor.name, {}});
        std::string bytes(static_cast<std::size_t>(tensor.bytes), '\0');
        Status read = source.read(i, 0, std::as_writable_bytes(std::span(bytes)));
        if (!read)
            return forward(std::move(read));
        auto tokenizer = fromBytes(bytes);
        if (!tokenizer)
            return tl::unexpected(std::move(tokenizer.error()).at(tensor.name));
        return tokenizer;
    }
    return tl::unexpected(Error{ErrorCode::Unsupported, "the text encoder's file has no tokenizer in it",
        source.info().path.string(),
        "use a diffusers folder, whose tokenizer folder has a spiece.model, or a file with the tensor "
        "spiece_model"});
}

Result<std::vector<TokenId>> SentencePieceTokenizer::encode(std::string_view text) const
{
    if (text.size() > kMaximumPromptBytes)
        return fail(
            ErrorCode::Usage, "the text is {} bytes long; {} is the most", text.size(), kMaximumPromptBytes);
    if (const auto codepoints = decodeUtf8(text); !codepoints)
        return tl::unexpected(codepoints.error());
    std::vector<int> ids;
    Status encoded = guardedCall(ErrorCode::Internal, "the text cannot be tokenized",
        [&] { return m_impl->processor.Encode(text, &ids); });
    if (!encoded)
        return forward(std::move(encoded));
    return std::vector<TokenId>(ids.begin(), ids.end());
}

std::size_t SentencePieceTokenizer::vocabularySize() const
{
    return static_cast<std::size_t>(m_impl->processor.GetPieceSize());
}

std::optional<TokenId> SentencePieceTokenizer::beginId() const
{
    return Impl::named(m_impl->processor.bos_id());
}
std::optional<TokenId> SentencePieceTokenizer::endId() const
{
    return Impl::named(m_impl->processor.eos_id());
}
std::optional<TokenId> SentencePieceTokenizer::padId() const
{
    return Impl::named(m_impl->processor.pad_id());
}

} // namespace mantissa
