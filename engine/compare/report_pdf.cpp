// SPDX-License-Identifier: GPL-3.0-or-later
// The report on paper: A4 pages drawn with libharu.
#include "engine/compare/report.h"
#include "engine/image/png.h"
#include "engine/io/atomic_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <hpdf.h>

namespace mantissa {

namespace {

constexpr float kPageWidth = 595, kPageHeight = 842; ///< A4 in points
constexpr float kMargin = 42, kContent = kPageWidth - 2 * kMargin;
constexpr std::size_t kPairsOnPaper = 8; ///< of each variant, the worst
constexpr const char* kFontFile = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

struct Colour {
    float r, g, b;
};
constexpr Colour kInk{0.11f, 0.12f, 0.15f}, kFaint{0.42f, 0.44f, 0.48f}, kLine{0.85f, 0.86f, 0.88f},
    kBar{0.20f, 0.40f, 0.75f};

struct FreeDocument {
    void operator()(HPDF_Doc document) const { HPDF_Free(document); }
};

/// Remembers the first error; libharu then refuses further work by itself.
void onError(HPDF_STATUS code, HPDF_STATUS, void* first)
{
    auto* status = static_cast<HPDF_STATUS*>(first);
    if (*status == HPDF_OK)
        *status = code;
}

class Paper {
public:
    Paper()
        : m_document(HPDF_New(onError, &m_status))
    {
        if (!m_document)
            return;
        HPDF_SetCompressionMode(m_document.get(), HPDF_COMP_ALL);
        HPDF_UseUTFEncodings(m_document.get());
        // Without DejaVu, letters beyond Latin are lost, and nothing else is.
        if (std::error_code ignored; std::filesystem::exists(kFontFile, ignored))
            m_font = HPDF_GetFont(
                m_document.get(), HPDF_LoadTTFontFromFile(m_document.get(), kFontFile, HPDF_TRUE), "UTF-8");
        else
            m_font = HPDF_GetFont(m_document.get(), "Helvetica", "WinAnsiEncoding");
        addPage();
    }
    void setTitle(const std::string& title)
    {
        HPDF_SetInfoAttr(m_document.get(), HPDF_INFO_CREATOR, "Mantissa");
        HPDF_SetInfoAttr(m_document.get(), HPDF_INFO_TITLE, title.c_str());
    }

    void addPage()
    {
        m_page = HPDF_AddPage(m_document.get());
        HPDF_Page_SetSize(m_page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
        m_y = kPageHeight - kMargin;
    }
    /// Starts a new page where less than this height is left.
    void need(float height)
    {
        if (m_y - height < kMargin)
            addPage();
    }
    void skip(float height) { m_y -= height; }
    float y() const { return m_y; }

    float widthOf(const std::string& text, float size)
    {
        HPDF_Page_SetFontAndSize(m_page, m_font, size);
        return HPDF_Page_TextWidth(m_page, text.c_str());
    }
    void textAt(float x, float y, const std::string& text, float size, Colour colour)
    {
        HPDF_Page_SetFontAndSize(m_page, m_font, size);
        HPDF_Page_SetRGBFill(m_page, colour.r, colour.g, colour.b);
        HPDF_Page_BeginText(m_page);
        HPDF_Page_TextOut(m_page, x, y, text.c_str());
        HPDF_Page_EndText(m_page);
    }
    /// The text cut to a width, with "…".
    void cutTextAt(float x, float y, std::string text, float size, Colour colour, float width)
    {
        if (widthOf(text, size) > width) {
            while (!text.empty() && widthOf(text + "…", size) > width)
                do {
                    text.pop_back();
                } while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80);
            if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0)
                text.pop_back();
            text += "…";
        }
        textAt(x, y, text, size, colour);
    }
    /// One line below the last.
    void line(const std::string& text, float size, Colour colour = kInk)
    {
        need(size * 1.5f);
        m_y -= size * 1.4f;
        cutTextAt(kMargin, m_y, text, size, colour, kContent);
    }
    void heading(const std::string& text)
    {
        need(60);
        skip(10);
        line(text, 13);
        skip(4);
    }
    /// A heading with lines below it, on one page unless they are too many for any.
    void block(const std::string& title, const std::vector<std::string>& lines, float size)
    {
        need(std::min(kPageHeight - 2 * kMargin, 40 + size * 1.4f * static_cast<float>(lines.size())));
        heading(title);
        for (const std::string& text : lines)
            line(text, size);
    }
    void box(float x, float y, float width, float height, Colour colour)
    {
        HPDF_Page_SetRGBFill(m_page, colour.r, colour.g, colour.b);
        HPDF_Page_Rectangle(m_page, x, y, width, height);
        HPDF_Page_Fill(m_page);
    }
    void picture(const Picture& picture, float x, float y, float width, float height)
    {
        HPDF_Image image = HPDF_LoadRawImageFromMem(m_document.get(), picture.rgb.data(),
            static_cast<HPDF_UINT>(picture.width), static_cast<HPDF_UINT>(picture.height), HPDF_CS_DEVICE_RGB,
            8);
        HPDF_Page_DrawImage(m_page, image, x, y, width, height);
    }
    Result<std::string> bytes()
    {
        if (m_document)
            HPDF_SaveToStream(m_document.get());
        if (!m_document || m_status != HPDF_OK)
            return fail(ErrorCode::System, "the PDF could not be made (libharu error {:#x})", m_status);
        std::string all(HPDF_GetStreamSize(m_document.get()), '\0');
        auto size = static_cast<HPDF_UINT32>(all.size());
        HPDF_ReadFromStream(m_document.get(), reinterpret_cast<HPDF_BYTE*>(all.data()), &size);
        all.resize(size);
        return all;
    }

private:
    HPDF_STATUS m_status = HPDF_OK;
    std::unique_ptr<std::remove_pointer_t<HPDF_Doc>, FreeDocument> m_document;
    HPDF_Font m_font = nullptr;
    HPDF_Page m_page = nullptr;
    float m_y = 0;
};

std::size_t metricIndex(std::string_view id)
{
    std::size_t i = 0;
    while (pictureMetrics()[i]->info().id != id)
        ++i;
    return i;
}

std::string valueText(const ComparedVariant& variant, std::string_view id)
{
    const std::size_t i = metricIndex(id);
    const auto& value = variant.mean.at(i);
    return value ? metricText(pictureMetrics()[i]->info(), value) : "–";
}

void drawTable(Paper& paper, const Comparison& comparison)
{
    constexpr std::array<const char*, 9> kHeads{
        "variant", "size", "PSNR", "SSIM", "FLIP", "MAE", "s/step", "speed-up", "peak"};
    constexpr std::array<float, 9> kWidths{136, 52, 52, 44, 44, 50, 44, 44, 45};
    const auto row = [&](const std::array<std::string, 9>& cells, Colour colour) {
        paper.need(16);
        paper.skip(14);
        float x = kMargin;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i == 0)
                paper.cutTextAt(x, paper.y(), cells[i], 8, colour, kWidths[i] - 6);
            else
                paper.textAt(x + kWidths[i] - paper.widthOf(cells[i], 8), paper.y(), cells[i], 8, colour);
            x += kWidths[i];
        }
        paper.box(kMargin, paper.y() - 4, kContent, 0.5f, kLine);
    };
    std::array<std::string, 9> heads;
    std::copy(kHeads.begin(), kHeads.end(), heads.begin());
    row(heads, kFaint);
    for (const ComparedVariant& variant : comparison.variants) {
        const bool baseline = &variant == &comparison.variants.front();
        const auto metric
            = [&](std::string_view id) { return baseline ? std::string("–") : valueText(variant, id); };
        const auto gain = speedUp(comparison, variant);
        row({variant.name + (baseline ? " (baseline)" : ""), bytesText(variant.bytes), metric("psnr_db"),
                metric("ssim"), metric("flip"), metric("mae"),
                variant.secondsPerStep ? fmt::format("{:.3g}", *variant.secondsPerStep) : "–",
                gain ? fmt::format("{:.2f} ×", *gain) : "–", bytesText(variant.peakBytes)},
            kInk);
    }
}

void drawBars(Paper& paper, const Comparison& comparison, std::string_view id, const std::string& title)
{
    const std::size_t index = metricIndex(id);
    paper.heading(title);
    double largest = 0;
    for (const ComparedVariant* variant : ranked(comparison))
        if (const auto value = variant->mean.at(index); value && std::isfinite(*value))
            largest = std::max(largest, *value);
    constexpr float kNames = 150, kValues = 70;
    for (const ComparedVariant* variant : ranked(comparison)) {
        const auto value = variant->mean.at(index);
        paper.need(18);
        paper.skip(16);
        paper.cutTextAt(kMargin, paper.y(), variant->name, 8, kInk, kNames - 8);
        const double share = !value                ? 0
            : std::isinf(*value) || !(largest > 0) ? (std::isinf(*value) ? 1 : 0)
                                                   : *value / largest;
        paper.box(kMargin + kNames, paper.y() - 2,
            std::max(1.0f, static_cast<float>(share) * (kContent - kNames - kValues)), 10, kBar);
        paper.textAt(kPageWidth - kMargin - kValues + 8, paper.y(),
            metricText(pictureMetrics()[index]->info(), value), 8, kInk);
    }
}

std::string judgementText(const Judgement& judgement)
{
    std::string text = judgement.bad ? "Marked as bad. " : "";
    if (judgement.rating > 0)
        text += fmt::format("Rated {} of {}. ", judgement.rating, kBestRating);
    return text + judgement.note;
}

Status drawPair(Paper& paper, const ComparedPair& pair)
{
    constexpr float kSide = 150;
    std::vector<std::pair<std::string, std::filesystem::path>> pictures{
        {"baseline", pair.reference}, {"variant", pair.test}};
    for (const auto& [id, path] : pair.maps)
        if (id == "flip")
            pictures.emplace_back("FLIP map", path);
    const float height = kSide
        * static_cast<float>(std::min(1.5, static_cast<double>(pair.height) / std::max(1, pair.width)));
    paper.need(height + 46);
    std::string values;
    for (const char* id : {"psnr_db", "ssim", "flip"}) {
        const std::size_t i = metricIndex(id);
        values += fmt::format("   {} {}", pictureMetrics()[i]->info().name,
            metricText(pictureMetrics()[i]->info(), pair.values.at(i)));
    }
    paper.line(pair.name + values, 9);
    if (!pair.prompt.empty())
        paper.line(pair.prompt, 8, kFaint);
    if (!pair.judgement.isEmpty())
        paper.line(judgementText(pair.judgement), 8);
    paper.skip(height + 6);
    float x = kMargin;
    for (const auto& [name, path] : pictures) {
        const auto png = readPng(path);
        if (!png)
            return tl::unexpected(png.error());
        paper.picture(png->picture, x, paper.y(), kSide, height);
        x += kSide + 12;
    }
    paper.skip(10);
    return {};
}

Status drawPairs(Paper& paper, const ComparedVariant& variant)
{
    std::vector<const ComparedPair*> pairs;
    for (const ComparedPair& pair : variant.pairs)
        pairs.push_back(&pair);
    const std::size_t flip = metricIndex("flip");
    std::stable_sort(pairs.begin(), pairs.end(), [&](const ComparedPair* a, const ComparedPair* b) {
        return a->values[flip].value_or(0) > b->values[flip].value_or(0);
    });
    paper.addPage();
    paper.heading(variant.name
        + (pairs.size() > kPairsOnPaper
                ? fmt::format(": the {} worst of {} pairs", kPairsOnPaper, pairs.size())
                : std::string(": pairs, the worst first")));
    paper.line("From left to right: the baseline's picture, the variant's, and the FLIP map (black: no "
               "visible difference)",
        8, kFaint);
    if (!variant.judgement.isEmpty())
        paper.line(judgementText(variant.judgement), 9);
    if (variant.blind)
        paper.line(
            fmt::format("Blind test: preferred {} times, the baseline {} times, no difference {} times",
                variant.blind->variant, variant.blind->baseline, variant.blind->undecided),
            9);
    for (std::size_t i = 0; i < std::min(kPairsOnPaper, pairs.size()); ++i)
        if (Status drawn = drawPair(paper, *pairs[i]); !drawn)
            return drawn;
    if (!variant.worstLayers.empty()) {
        paper.heading("Layers furthest from the original");
        for (const LayerError& layer : variant.worstLayers)
            paper.line(fmt::format("{:.1f} dB   {}   {}", layer.snrDb, layer.format, layer.name), 8);
    }
    return {};
}

} // namespace

Status writeReportPdf(const Report& report, const std::filesystem::path& path)
{
    const Comparison& comparison = report.comparison;
    Paper paper;
    paper.setTitle("Comparison with " + comparison.variants.front().name);
    paper.line("Comparison with " + comparison.variants.front().name, 18);
    paper.skip(2);
    paper.line(fmt::format("{} pictures of each variant, made with Mantissa, {}",
                   comparison.variants.front().pairs.size(), report.made),
        9, kFaint);
    for (const std::string& problem : report.problems)
        paper.line("Limit broken: " + problem, 9);
    paper.skip(8);
    drawTable(paper, comparison);
    drawBars(paper, comparison, "psnr_db", "Mean PSNR, dB: longer is closer to the baseline");
    drawBars(paper, comparison, "flip", "Mean FLIP: shorter is closer to the baseline");
    const auto facts = [&](const std::string& title, const auto& list) {
        std::vector<std::string> lines;
        for (const auto& [name, text] : list)
            lines.push_back(fmt::format("{}: {}", name, text));
        if (!lines.empty())
            paper.block(title, lines, 8);
    };
    facts("Settings", comparison.settings);
    facts("Environment", report.environment);
    for (const ComparedVariant& variant : comparison.variants)
        facts(variant.name, variant.facts);
    for (std::size_t i = 1; i < comparison.variants.size(); ++i)
        if (Status drawn = drawPairs(paper, comparison.variants[i]); !drawn)
            return drawn;
    const auto bytes = paper.bytes();
    if (!bytes)
        return tl::unexpected(bytes.error());
    return writeFileAtomically(path, *bytes, true);
}

} // namespace mantissa
