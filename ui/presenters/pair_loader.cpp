// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/pair_loader.h"

#include "engine/compare/metric.h"
#include "engine/image/png.h"

namespace mantissa::ui {

namespace {

using Levels = std::shared_ptr<const PictureLevels>;
using Plane = std::shared_ptr<const DifferencePlane>;

Result<Levels> readLevels(const std::filesystem::path& file)
{
    const auto png = readPng(file);
    if (!png)
        return tl::unexpected(png.error());
    return std::make_shared<const PictureLevels>(toImage(png->picture));
}

Picture toPicture(const QImage& image)
{
    const QImage rgb = image.convertToFormat(QImage::Format_RGB888);
    Picture picture{rgb.width(), rgb.height(), {}};
    picture.rgb.reserve(3 * static_cast<std::size_t>(rgb.width()) * static_cast<std::size_t>(rgb.height()));
    for (int y = 0; y < rgb.height(); ++y)
        picture.rgb.insert(picture.rgb.end(), rgb.constScanLine(y), rgb.constScanLine(y) + 3 * rgb.width());
    return picture;
}

Result<Plane> flipOf(const PictureLevels& a, const PictureLevels& b)
{
    const Metric* flip = findMetric("flip");
    if (flip == nullptr)
        return fail(ErrorCode::Internal, "the metric FLIP is not registered");
    const Measurement measured = flip->measure(toPicture(a.level(0)), toPicture(b.level(0)), true);
    if (measured.map.empty())
        return fail(ErrorCode::Unsupported, "FLIP is not defined for pictures of this size");
    return differenceOf(measured.map.width, measured.map.height, measured.map.values);
}

} // namespace

PairLoader::PairLoader(QObject* parent)
    : QObject(parent)
{ }

void PairLoader::load(const std::filesystem::path& reference, const std::filesystem::path& test,
    const QString& nameA, const QString& nameB)
{
    m_measure.requestStop();
    m_pair = {};
    m_read.start<PicturePair>(
        [reference, test, nameA, nameB](const JobContext&) -> Result<PicturePair> {
            PicturePair pair{nullptr, nullptr, nameA, nameB};
            auto a = readLevels(reference);
            if (!a)
                return forward(std::move(a));
            pair.a = std::move(*a);
            if (test.empty())
                return pair;
            auto b = readLevels(test);
            if (!b)
                return forward(std::move(b));
            pair.b = std::move(*b);
            return pair;
        },
        [this](Result<PicturePair> read) {
            if (!read) {
                Q_EMIT failed(read.error());
                return;
            }
            m_pair = std::move(*read);
            Q_EMIT loaded(m_pair);
        });
}

void PairLoader::measure(DifferenceKind kind)
{
    if (!m_pair.sameSize())
        return;
    m_measure.start<Plane>(
        [a = m_pair.a, b = m_pair.b, kind](const JobContext&) -> Result<Plane> {
            return kind == DifferenceKind::Flip ? flipOf(*a, *b) : Result<Plane>(differenceOf(*a, *b, kind));
        },
        [this, kind, a = m_pair.a, b = m_pair.b](Result<Plane> plane) {
            if (a != m_pair.a || b != m_pair.b)
                return;
            if (plane)
                Q_EMIT measured(kind, *plane);
            else
                Q_EMIT failed(plane.error());
        });
}

} // namespace mantissa::ui
