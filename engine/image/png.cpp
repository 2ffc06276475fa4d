// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/image/png.h"

#include <algorithm>
#include <cerrno>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <memory>
#include <png.h>
#include <unistd.h>

namespace mantissa {

namespace {

constexpr std::size_t kLargestChunk = std::size_t{64}
    << 20; ///< bytes; keeps a text bomb from filling the memory

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// What libpng's error callback leaves behind before it jumps.
struct Problem {
    char text[160] = {};
};

[[noreturn]] void onError(png_structp png, png_const_charp message)
{
    auto* problem = static_cast<Problem*>(png_get_error_ptr(png));
    std::snprintf(problem->text, sizeof problem->text, "%s", message);
    std::longjmp(png_jmpbuf(png), 1);
}

void onWarning(png_structp, png_const_charp) { }

tl::unexpected<Error> systemError(const Sentence& what, const std::filesystem::path& path)
{
    return tl::unexpected(
        Error{ErrorCode::System, sentence("{}: {}", what, std::strerror(errno)), path.string(), {}});
}

// The functions between setjmp and longjmp below hold nothing that has a destructor.

bool encode(std::FILE* file, const Picture& picture, png_text* texts, int textCount, png_bytep* rows,
    Problem& problem)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &problem, onError, onWarning);
    png_infop info = png ? png_create_info_struct(png) : nullptr;
    if (!info) {
        png_destroy_write_struct(&png, nullptr);
        std::snprintf(problem.text, sizeof problem.text, "out of memory");
        return false;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_init_io(png, file);
    png_set_IHDR(png, info, static_cast<png_uint_32>(picture.width), static_cast<png_uint_32>(picture.height),
        8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (textCount > 0)
        png_set_text(png, info, texts, textCount);
    png_write_info(png, info);
    png_write_image(png, rows);
    png_write_end(png, nullptr);
    png_destroy_write_struct(&png, &info);
    return true;
}

class Reader {
public:
    explicit Reader(std::FILE* file)
        : m_file(file)
    {
        m_png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &m_problem, onError, onWarning);
        m_info = m_png ? png_create_info_struct(m_png) : nullptr;
    }
    ~Reader() { png_destroy_read_struct(&m_png, &m_info, nullptr); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// Size and form; the picture's rows can then be read.
    bool readHeader(int& width, int& height)
    {
        if (!m_info || setjmp(png_jmpbuf(m_png)))
            return false;
        png_init_io(m_png, m_file);
        png_set_user_limits(m_png, kLargestSide, kLargestSide);
        png_set_chunk_malloc_max(m_png, kLargestChunk);
        png_set_chunk_cache_max(m_png, 256);
        png_read_info(m_png, m_info);
        width = static_cast<int>(png_get_image_width(m_png, m_info));
        height = static_cast<int>(png_get_image_height(m_png, m_info));
        png_set_expand(m_png);
        png_set_strip_16(m_png);
        png_set_gray_to_rgb(m_png);
        png_color_16 black{};
        png_set_background(m_png, &black, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1.0);
        png_set_interlace_handling(m_png);
        png_read_update_info(m_png, m_info);
        return png_get_rowbytes(m_png, m_info) == static_cast<std::size_t>(width) * 3;
    }
    bool readRows(png_bytep* rows)
    {
        if (setjmp(png_jmpbuf(m_png)))
            return false;
        png_read_image(m_png, rows);
        png_read_end(m_png, m_info);
        return true;
    }
    PngTexts texts() const
    {
        png_textp found = nullptr;
        int count = 0;
        png_get_text(m_png, m_info, &found, &count);
        PngTexts texts;
        for (int i = 0; i < count; ++i)
            texts.emplace_back(found[i].key, found[i].text ? found[i].text : "");
        return texts;
    }
    const char* problem() const { return m_problem.text; }

private:
    std::FILE* m_file;
    Problem m_problem;
    png_structp m_png = nullptr;
    png_infop m_info = nullptr;
};

std::vector<png_bytep> rowsOf(Picture& picture)
{
    std::vector<png_bytep> rows(static_cast<std::size_t>(picture.height));
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = picture.rgb.data() + i * static_cast<std::size_t>(picture.width) * 3;
    return rows;
}

} // namespace

Status writePng(
    const std::filesystem::path& path, const Picture& picture, const PngTexts& texts, bool overwrite)
{
    if (picture.width < 1 || picture.height < 1 || picture.width > kLargestSide
        || picture.height > kLargestSide
        || picture.rgb.size()
            != static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * 3)
        return fail(
            ErrorCode::Internal, "a picture of {} × {} cannot be written", picture.width, picture.height);
    std::error_code ignored;
    if (!overwrite && std::filesystem::exists(path, ignored))
        return tl::unexpected(Error{
            ErrorCode::Usage, "the file exists already", path.string(), "add --overwrite to replace it"});
    std::vector<png_text> chunks;
    for (const auto& [keyword, text] : texts) {
        const bool ascii
            = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) > 0; });
        png_text chunk{};
        // iTXt holds UTF-8, but only tEXt is read by every tool.
        chunk.compression = ascii ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE;
        chunk.key = const_cast<char*>(keyword.c_str()); // libpng copies both
        chunk.text = const_cast<char*>(text.c_str());
        chunks.push_back(chunk);
    }
    const auto part = std::filesystem::path(path).concat(fmt::format(".part-{}", ::getpid()));
    const auto discard = [&] { std::filesystem::remove(part, ignored); };
    File file(std::fopen(part.c_str(), "wb"));
    if (!file)
        return systemError("the picture cannot be written", path);
    Problem problem;
    Picture copy = picture;
    std::vector<png_bytep> rows = rowsOf(copy);
    const bool encoded
        = encode(file.get(), copy, chunks.data(), static_cast<int>(chunks.size()), rows.data(), problem);
    const bool flushed = encoded && std::fflush(file.get()) == 0 && ::fsync(::fileno(file.get())) == 0;
    if (!flushed) {
        auto failed = encoded || errno == ENOSPC
            ? systemError("the picture cannot be written", path)
            : tl::unexpected(Error{ErrorCode::System,
                sentence("the picture cannot be written: {}", problem.text), path.string(), {}});
        discard();
        return failed;
    }
    file.reset();
    std::error_code problemOfRename;
    std::filesystem::rename(part, path, problemOfRename);
    if (problemOfRename) {
        discard();
        return tl::unexpected(Error{ErrorCode::System,
            sentence("the picture cannot be written: {}", problemOfRename.message()), path.string(), {}});
    }
    return {};
}

Result<PngFile> readPng(const std::filesystem::path& path)
{
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored))
        return tl::unexpected(
            Error{ErrorCode::InvalidInput, "this is no picture but a folder or device", path.string(), {}});
    const File file(std::fopen(path.c_str(), "rb"));
    if (!file)
        return systemError("the picture cannot be opened", path);
    Reader reader(file.get());
    PngFile png;
    const auto refused = [&] {
        return tl::unexpected(Error{ErrorCode::InvalidInput,
            sentence(
                "this is no PNG that can be read: {}", *reader.problem() ? reader.problem() : "unusual form"),
            path.string(), {}});
    };
    if (!reader.readHeader(png.picture.width, png.picture.height))
        return refused();
    png.picture.rgb.resize(
        static_cast<std::size_t>(png.picture.width) * static_cast<std::size_t>(png.picture.height) * 3);
    std::vector<png_bytep> rows = rowsOf(png.picture);
    if (!reader.readRows(rows.data()))
        return refused();
    png.texts = reader.texts();
    return png;
}

} // namespace mantissa
