// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/text.h"

#include <QCoreApplication>
#include <QFile>
#include <QGuiApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <limits>

namespace mantissa::ui {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(Text)
};
} // namespace

QString toQt(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

std::string toStd(const QString& text)
{
    return text.toStdString();
}

std::filesystem::path toPath(const QString& file)
{
    return std::filesystem::path(QFile::encodeName(file).toStdString());
}

QString fromPath(const std::filesystem::path& path)
{
    return QFile::decodeName(QByteArray::fromStdString(path.string()));
}

QString leftToRight(const QString& text)
{
    return QGuiApplication::isRightToLeft() ? QChar(0x2066) + text + QChar(0x2069) // Unicode's isolates
                                            : text;
}

QString sizeText(std::uint64_t bytes)
{
    std::uint64_t unit = 1;
    while (bytes / unit >= 1000)
        unit *= 1000;
    // Three significant digits: enough to tell sizes apart, short enough for a column.
    const int digits = bytes < 1000 ? 0 : bytes / unit >= 100 ? 0 : bytes / unit >= 10 ? 1 : 2;
    return leftToRight(
        QLocale().formattedDataSize(static_cast<qint64>(bytes), digits, QLocale::DataSizeSIFormat));
}

QString checkpointPatterns()
{
    return QStringLiteral("*.safetensors *.sft *.index.json *.gguf *.ckpt *.pt *.pth *.bin");
}

QString checkpointFilter()
{
    return Text::tr("Checkpoints (%1);;All files (*)").arg(checkpointPatterns());
}

QString sizesText(std::uint64_t before, std::uint64_t after)
{
    return leftToRight(Text::tr("%1 → %2").arg(sizeText(before), sizeText(after)));
}

QString storedSizeText(std::uint64_t before, std::uint64_t after)
{
    return before == after ? sizeText(before) : sizesText(before, after);
}

QString countText(std::uint64_t count)
{
    return QLocale().toString(static_cast<qulonglong>(count));
}

QString shortCountText(std::uint64_t count)
{
    const double value = static_cast<double>(count);
    if (count >= 1'000'000'000)
        return Text::tr("%1 billion").arg(QLocale().toString(value / 1e9, 'f', 2));
    if (count >= 1'000'000)
        return Text::tr("%1 million").arg(QLocale().toString(value / 1e6, 'f', 1));
    return countText(count);
}

double savedShare(std::uint64_t before, std::uint64_t after)
{
    return before == 0 ? 0.0 : 1.0 - static_cast<double>(after) / static_cast<double>(before);
}

QString savedText(std::uint64_t before, std::uint64_t after)
{
    const double percent = 100.0 * savedShare(before, after);
    if (std::abs(percent) < 0.05)
        return Text::tr("0 %");
    return leftToRight((percent > 0 ? QStringLiteral("−") : QStringLiteral("+"))
        + QLocale().toString(std::abs(percent), 'f', 1) + QStringLiteral(" %"));
}

QString percentText(double share)
{
    const double percent = 100 * share;
    const int digits = percent >= 10 ? 1 : percent >= 0.1 || percent <= 0 ? 2 : 4;
    return leftToRight(Text::tr("%1 %").arg(QLocale().toString(percent, 'f', digits)));
}

QString decibelText(double power)
{
    return power > 0 ? QLocale().toString(-10 * std::log10(power), 'f', 1) : QStringLiteral("∞");
}

QString shapeText(const Shape& shape)
{
    if (shape.empty())
        return Text::tr("scalar");
    QStringList parts;
    for (const std::int64_t dimension : shape)
        parts << QString::number(dimension);
    return leftToRight(parts.join(QStringLiteral("×")));
}

QString durationText(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0)
        return {};
    const auto whole = static_cast<qint64>(std::llround(seconds));
    if (seconds < 10)
        return Text::tr("%1 s").arg(QLocale().toString(seconds, 'f', 1));
    if (whole < 60)
        return Text::tr("%1 s").arg(whole);
    if (whole < 3600)
        return Text::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    return Text::tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
}

QString loaderText(LoaderSupport loader)
{
    switch (loader) {
    case LoaderSupport::Stock:
        return Text::tr("Loads in stock ComfyUI");
    case LoaderSupport::CustomNode:
        return Text::tr("Needs a custom node");
    case LoaderSupport::None:
        return Text::tr("No known runtime loads it");
    }
    return {};
}

QString formatName(std::string_view id)
{
    if (id.empty())
        return Text::tr("Keep");
    const StorageFormat* format = findFormat(id);
    return toQt(format != nullptr ? format->info().name : storedName(id));
}

QString kindText(LayerKind kind)
{
    return toQt(nameOf(kind));
}

QString provenanceText(Provenance provenance)
{
    switch (provenance) {
    case Provenance::Untouched:
        return Text::tr("untouched");
    case Provenance::Base:
        return Text::tr("base format");
    case Provenance::Critical:
        return Text::tr("critical");
    case Provenance::Rule:
        return Text::tr("rule");
    case Provenance::Override:
        return Text::tr("set here");
    case Provenance::Guard:
        return Text::tr("guard");
    }
    return {};
}

QString confidenceText(Confidence confidence)
{
    switch (confidence) {
    case Confidence::Exact:
        return Text::tr("exact match");
    case Confidence::Family:
        return Text::tr("same family, other widths");
    case Confidence::Unknown:
        return Text::tr("not recognised");
    }
    return {};
}

QString roleText(std::string_view role)
{
    if (role == "diffusion_model")
        return Text::tr("Diffusion model");
    if (role == "vae")
        return Text::tr("VAE");
    if (role == "text_encoder")
        return Text::tr("Text encoder");
    if (role.starts_with("text_encoder_"))
        return Text::tr("Text encoder %1").arg(toQt(role.substr(role.rfind('_') + 1)));
    QString text = toQt(role).replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

QString hyperText(const HyperValue& value)
{
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return QString::number(*integer);
    if (const auto* real = std::get_if<double>(&value))
        return QString::number(*real, 'g', 6);
    if (const auto* text = std::get_if<std::string>(&value))
        return toQt(*text);
    QStringList parts;
    for (const std::int64_t each : std::get<std::vector<std::int64_t>>(value))
        parts << QString::number(each);
    return parts.join(QStringLiteral(", "));
}

QString choiceText(const Choice& choice)
{
    QStringList parts{formatName(choice.format)};
    if (!choice.keeps()) {
        if (!choice.params.scaling.empty())
            parts << Text::tr("%1 scales").arg(toQt(choice.params.scaling));
        if (choice.params.blockSize > 0)
            parts << Text::tr("block %1").arg(choice.params.blockSize);
        if (choice.params.convrotGroup)
            parts << (*choice.params.convrotGroup == 0
                    ? Text::tr("no rotation")
                    : Text::tr("rotation group %1").arg(*choice.params.convrotGroup));
        if (choice.params.fullPrecisionMatrixMult)
            parts << Text::tr("full-precision product");
        if (choice.inputClip > 0)
            parts << Text::tr("inputs cut at %1").arg(QLocale().toString(choice.inputClip, 'g', 4));
    }
    return parts.join(QStringLiteral(", "));
}

namespace {
/// Of the sentences marked in the engine's source, and of those of its data files.
constexpr const char* kEngineContext = "Engine";
} // namespace

QString engineText(std::string_view text)
{
    return text.empty() ? QString() : QCoreApplication::translate(kEngineContext, std::string(text).c_str());
}

QString messageText(const Message& message)
{
    if (message.isVerbatim())
        return engineText(message.text());
    std::vector<std::string> arguments;
    for (const Message& argument : message.arguments())
        arguments.push_back(toStd(messageText(argument)));
    const auto count = static_cast<int>(
        std::min<std::int64_t>(message.count(), std::numeric_limits<int>::max())); // Qt's counts are ints
    const QString text = QCoreApplication::translate(kEngineContext, message.source(), nullptr, count);
    return toQt(fillMessage(toStd(text), arguments, message.count()));
}

QString sentenceText(const Sentence& sentence)
{
    return messageText(sentence.translatable());
}

QString asSentence(QString text)
{
    text = text.trimmed();
    if (text.isEmpty())
        return text;
    text[0] = text[0].toUpper();
    static const QString kEnds = QStringLiteral(".!?:…");
    if (!kEnds.contains(text.back()))
        text += QLatin1Char('.');
    return text;
}

QString errorSentence(const Error& error)
{
    QString text = sentenceText(error.message);
    if (!error.where.empty())
        text += Text::tr(" (%1)").arg(sentenceText(error.where));
    return asSentence(text);
}

QString hintSentence(const Error& error)
{
    return asSentence(sentenceText(error.hint));
}

} // namespace mantissa::ui
