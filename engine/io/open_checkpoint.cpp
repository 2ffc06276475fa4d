// SPDX-License-Identifier: GPL-3.0-or-later
// Decides by content which reader opens a path, and says helpfully what a file is that none of them can open.
#include "engine/io/gguf_reader.h"
#include "engine/io/open_file.h"
#include "engine/io/random_access_file.h"
#include "engine/io/safetensors_reader.h"
#include "engine/io/salvage.h"
#include "engine/io/shard_index.h"
#include "engine/io/tensor_source.h"
#include "engine/io/text.h"
#include "engine/io/torch_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <new>

namespace mantissa {
namespace {

constexpr std::size_t kHeadBytes = 512; // enough for every magic number, the one of tar at 257 included

constexpr std::string_view kUnknownKind = " of a known kind";

struct ForeignKind {
    std::string_view magic;
    ErrorCode code;
    MessageSource message;
    MessageSource hint;
    std::size_t at = 0;
};
using namespace std::string_view_literals;
constexpr std::array kForeignKinds{
    ForeignKind{"version https://git-lfs"sv, ErrorCode::InvalidInput,
        messageSource("Engine", "this is a Git LFS pointer, not the file itself"),
        messageSource("Engine", "fetch the real file with git lfs pull, or download it again")},
    ForeignKind{"PK\x05\x06"sv, ErrorCode::InvalidInput,
        messageSource("Engine", "this is an empty zip archive"),
        messageSource("Engine", "the checkpoint was not saved correctly; get it again")},
    ForeignKind{"\x1f\x8b"sv, ErrorCode::Unsupported, messageSource("Engine", "this is a gzip archive"),
        messageSource("Engine", "unpack it first")},
    ForeignKind{"7z\xbc\xaf\x27\x1c"sv, ErrorCode::Unsupported,
        messageSource("Engine", "this is a 7z archive"), messageSource("Engine", "unpack it first")},
    ForeignKind{"Rar!"sv, ErrorCode::Unsupported, messageSource("Engine", "this is a RAR archive"),
        messageSource("Engine", "unpack it first")},
    ForeignKind{"\x28\xb5\x2f\xfd"sv, ErrorCode::Unsupported,
        messageSource("Engine", "this is a Zstandard archive"), messageSource("Engine", "unpack it first")},
    ForeignKind{"ustar"sv, ErrorCode::Unsupported, messageSource("Engine", "this is a tar archive"),
        messageSource("Engine", "unpack it first"), 257},
    ForeignKind{"\x89HDF"sv, ErrorCode::Unsupported,
        messageSource("Engine", "this is an HDF5 file, which cannot be opened"),
        messageSource("Engine", "convert it to safetensors with the program that made it")},
};

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return std::tolower(c); });
    return result;
}

std::string_view withoutLeadingSpace(std::string_view text)
{
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    return start == std::string_view::npos ? std::string_view{} : text.substr(start);
}

tl::unexpected<Error> invalid(const RandomAccessFile& file, ErrorCode code, Sentence message, Sentence hint)
{
    return tl::unexpected<Error>(Error{code, std::move(message), file.path().string(), std::move(hint)});
}

/// The error for a file that no reader takes.
tl::unexpected<Error> explainForeign(const RandomAccessFile& file, std::string_view head)
{
    for (const ForeignKind& kind : kForeignKinds)
        if (head.size() >= kind.at && head.substr(kind.at).starts_with(kind.magic))
            return invalid(file, kind.code, Message(kind.message), Message(kind.hint));
    const std::string text = lowered(withoutLeadingSpace(head));
    if (text.starts_with("<!doctype") || text.starts_with("<html") || text.starts_with("<?xml"))
        return invalid(file, ErrorCode::InvalidInput, "this is a web page, not a checkpoint",
            "the download gave an error or login page; download the file again");
    if (text.starts_with('{') || text.starts_with('['))
        return invalid(file, ErrorCode::InvalidInput, "this is a JSON file, not a checkpoint",
            "name the checkpoint itself, its *.index.json or its folder");
    return invalid(file, ErrorCode::InvalidInput, "this is not a checkpoint of a known kind",
        "safetensors files, GGUF files, PyTorch files (.ckpt, .pt, .pth, .bin), shard indexes and diffusers "
        "folders can be opened");
}

bool looksLikeZip(std::string_view head)
{
    return head.starts_with("PK\x03\x04");
}

bool looksLikePickle(std::string_view head)
{
    constexpr char kProtocol = '\x80', kOldest = 2, kNewest = 5; // older protocols have no mark of their own
    return head.size() >= 2 && head[0] == kProtocol && head[1] >= kOldest && head[1] <= kNewest;
}

bool hasPickleExtension(const std::filesystem::path& path)
{
    constexpr std::array<std::string_view, 6> kExtensions{".ckpt", ".pt", ".pth", ".bin", ".pkl", ".pickle"};
    return std::ranges::find(kExtensions, lowered(path.extension().string())) != kExtensions.end();
}

Result<std::string> headOf(const RandomAccessFile& file)
{
    if (file.size() == 0)
        return invalid(file, ErrorCode::InvalidInput, "the file is empty", "download or copy it again");
    return file.readText(0, static_cast<std::size_t>(std::min<std::uint64_t>(file.size(), kHeadBytes)));
}

struct HeadedFile {
    std::shared_ptr<const RandomAccessFile> file;
    std::string head; ///< headOf()
};

Result<HeadedFile> openWithHead(const std::filesystem::path& path)
{
    auto file = RandomAccessFile::open(path);
    if (!file)
        return forward(std::move(file));
    Result<std::string> head = headOf(**file);
    if (!head)
        return forward(std::move(head));
    return HeadedFile{std::move(*file), std::move(*head)};
}

Result<std::shared_ptr<const TensorSource>> openPath(const std::filesystem::path& path)
{
    std::error_code ignored; // whatever is wrong with the path, opening it will say so
    if (std::filesystem::is_directory(path, ignored))
        return openFolder(path);
    if (path.filename() == "model_index.json")
        return openFolder(path.has_parent_path() ? path.parent_path() : ".");
    auto opened = openWithHead(path);
    if (!opened)
        return forward(std::move(opened));
    auto& [file, head] = *opened;
    if (withoutLeadingSpace(head).starts_with('{') && !looksLikeSafetensors(head))
        return openShardIndex(file);
    return openTensorFile(std::move(file));
}

} // namespace

Result<std::shared_ptr<const TensorSource>> openTensorFile(std::shared_ptr<const RandomAccessFile> file)
{
    const Result<std::string> head = headOf(*file);
    if (!head)
        return tl::unexpected<Error>(head.error());
    if (looksLikeSafetensors(*head))
        return openSafetensors(std::move(file));
    if (looksLikeGguf(*head))
        return openGguf(std::move(file));
    if (looksLikeZip(*head))
        return openTorchZip(file);
    if (looksLikePickle(*head))
        return openTorchLegacy(file);
    auto foreign = explainForeign(*file, *head);
    if (!foreign.value().message.ends_with(kUnknownKind))
        return foreign;
    // The header length itself may be what is wrong: then the name decides, and the reader says what it is.
    if (lowered(file->path().extension().string()) == ".safetensors")
        return openSafetensors(std::move(file));
    if (hasPickleExtension(file->path())) { // a pickle of protocol 0 or 1 may be anything: see what it does
        const auto calls = surveyTorchLegacy(file);
        auto source = openTorchLegacy(file);
        if (source || (calls && !calls->empty()))
            return source;
    }
    return foreign;
}

Result<std::shared_ptr<const TensorSource>> openCheckpoint(const std::filesystem::path& path)
try {
    return openPath(path);
} catch (const std::bad_alloc&) {
    return fail(ErrorCode::System, "there is not enough memory to read the header of {}", path.string());
} catch (const std::exception& error) {
    return fail(ErrorCode::Internal, "reading {} failed unexpectedly: {}", path.string(), error.what());
}

Result<std::shared_ptr<const TensorSource>> openWithoutCalls(const std::filesystem::path& path)
try {
    auto source = openPath(path);
    if (source)
        return source;
    // Only what was refused for its calls is read with indulgence, not what is damaged.
    if (const auto calls = listDangerousCalls(path); !calls || calls->empty())
        return source;
    auto opened = openWithHead(path);
    if (!opened)
        return forward(std::move(opened));
    auto& [file, head] = *opened;
    return looksLikeZip(head) ? openTorchZip(file, PickleMode::Survey)
                              : openTorchLegacy(file, PickleMode::Survey);
} catch (const std::bad_alloc&) {
    return fail(ErrorCode::System, "there is not enough memory to read the header of {}", path.string());
} catch (const std::exception& error) {
    return fail(ErrorCode::Internal, "reading {} failed unexpectedly: {}", path.string(), error.what());
}

Result<std::vector<PickleCall>> listDangerousCalls(const std::filesystem::path& path)
try {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return std::vector<PickleCall>{};
    auto opened = openWithHead(path);
    if (!opened)
        return forward(std::move(opened));
    auto& [file, head] = *opened;
    if (looksLikeZip(head))
        return surveyTorchZip(file);
    const bool pickle = looksLikePickle(head) || hasPickleExtension(path);
    return pickle && !looksLikeSafetensors(head) && !looksLikeGguf(head) ? surveyTorchLegacy(file)
                                                                         : std::vector<PickleCall>{};
} catch (const std::bad_alloc&) {
    return fail(ErrorCode::System, "there is not enough memory to examine {}", path.string());
} catch (const std::exception& error) {
    return fail(ErrorCode::Internal, "examining {} failed unexpectedly: {}", path.string(), error.what());
}

} // namespace mantissa
