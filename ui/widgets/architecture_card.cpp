// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/architecture_card.h"

#include "ui/text.h"
#include "ui/theme.h"
#include "ui/widgets/named.h"

#include <QComboBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace mantissa::ui {

namespace {

QLabel* plainLabel(const QString& name, const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setObjectName(name);
    label->setAccessibleName(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

void mute(QLabel* label)
{
    label->setForegroundRole(QPalette::PlaceholderText);
}

QString quantizationText(const ExistingQuantization& quantization)
{
    QStringList layers;
    for (const auto& [format, count] : quantization.layersByFormat)
        layers << ArchitectureCard::tr("%1 × %2").arg(countText(count), formatName(format));
    QString text = ArchitectureCard::tr("Already quantized (%1)").arg(toQt(quantization.scheme));
    if (!quantization.by.empty())
        text += ArchitectureCard::tr(" by %1").arg(toQt(quantization.by));
    return layers.isEmpty() ? text + QLatin1Char('.')
                            : text + QStringLiteral(": ") + layers.join(QStringLiteral(", "));
}

constexpr int kMostFacts = 24; // a card, not a dump: the tree has the rest

} // namespace

ArchitectureCard::ArchitectureCard(QWidget* parent)
    : QScrollArea(parent)
{
    setObjectName(QStringLiteral("architectureCard"));
    setAccessibleName(tr("Model"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setModel(nullptr, {}, {});
}

void ArchitectureCard::setModel(
    const Model* model, const DetectionOverrides& overrides, const ModelParts& parts)
{
    m_architecture = m_variant = nullptr;
    m_body = new QWidget;
    m_body->setObjectName(QStringLiteral("architectureBody"));
    m_body->setAccessibleName(tr("Model"));
    m_body->setBackgroundRole(QPalette::Base);
    m_body->setAutoFillBackground(true);
    m_column = new QVBoxLayout(m_body);
    m_column->setContentsMargins(14, 12, 14, 14);
    m_column->setSpacing(4);
    if (model == nullptr) {
        addText(QStringLiteral("architectureEmpty"), tr("Open a checkpoint to see what it is."), true);
    } else {
        addTitle(*model);
        addChoices(*model, overrides);
        addHeading(tr("Why"));
        for (const Sentence& reason : model->architecture.evidence)
            addText(QStringLiteral("evidence"), asSentence(sentenceText(reason)));
        if (model->architecture.evidence.empty())
            addText(QStringLiteral("evidence"),
                tr("No known architecture has these names and shapes. General rules protect norms, "
                   "embeddings, "
                   "biases and the first and last layers."));
        addComponents(*model);
        addParts(*model, parts);
        addFacts(*model);
    }
    m_column->addStretch(1);
    setWidget(m_body);
}

void ArchitectureCard::addTitle(const Model& model)
{
    const Architecture& architecture = model.architecture;
    auto* name = plainLabel(QStringLiteral("architectureName"), toQt(architecture.name), m_body);
    QFont font = name->font();
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 1.35);
    name->setFont(font);
    m_column->addWidget(name);

    std::uint64_t parameters = 0;
    for (const Component& component : model.components)
        parameters += component.parameters;
    addText(QStringLiteral("architectureId"),
        tr("%1 · %2").arg(toQt(architecture.id), confidenceText(architecture.confidence)), true);
    addText(QStringLiteral("architectureSize"),
        tr("%1 parameters · %2").arg(shortCountText(parameters), sizeText(model.source->totalBytes())), true);
    if (!model.quantization.scheme.empty())
        addText(QStringLiteral("existingQuantization"), quantizationText(model.quantization));
    for (const Sentence& warning : model.source->info().warnings)
        addText(QStringLiteral("sourceWarning"), tr("Note: %1").arg(asSentence(sentenceText(warning))));
}

void ArchitectureCard::addChoices(const Model& model, const DetectionOverrides& overrides)
{
    auto* form = new QFormLayout;
    form->setContentsMargins(0, 8, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_architecture = new QComboBox(m_body);
    m_architecture->setObjectName(QStringLiteral("architectureOverride"));
    m_architecture->setAccessibleName(tr("Architecture"));
    m_architecture->setToolTip(
        tr("Detection is wrong? Choose what the file is; what you set by hand stays."));
    m_architecture->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_architecture->setMinimumContentsLength(12);
    m_architecture->addItem(tr("As detected"), QString());
    for (const ArchitectureEntry& entry : knownArchitectures())
        m_architecture->addItem(tr("%1 (%2)").arg(toQt(entry.name), toQt(entry.id)), toQt(entry.id));
    m_architecture->setCurrentIndex(std::max(0, m_architecture->findData(toQt(overrides.architecture))));
    form->addRow(tr("Treat as"), m_architecture);
    connect(m_architecture, &QComboBox::activated, this, [this] {
        if (m_variant != nullptr)
            m_variant->setCurrentIndex(0); // variants belong to an architecture
        request();
    });

    if (!model.architecture.variants.empty()) {
        m_variant = new QComboBox(m_body);
        m_variant->setObjectName(QStringLiteral("variantChoice"));
        m_variant->setAccessibleName(tr("Variant"));
        m_variant->setToolTip(tr("Shapes cannot tell these apart; choose if you know."));
        m_variant->addItem(tr("Not said"), QString());
        for (const std::string& variant : model.architecture.variants)
            m_variant->addItem(toQt(variant), toQt(variant));
        m_variant->setCurrentIndex(std::max(0, m_variant->findData(toQt(model.architecture.variant))));
        form->addRow(tr("Variant"), m_variant);
        connect(m_variant, &QComboBox::activated, this, &ArchitectureCard::request);
    }
    m_column->addLayout(form);
}

void ArchitectureCard::request()
{
    DetectionOverrides overrides;
    overrides.architecture = toStd(m_architecture->currentData().toString());
    if (m_variant != nullptr)
        overrides.variant = toStd(m_variant->currentData().toString());
    Q_EMIT overrideRequested(overrides);
}

void ArchitectureCard::addComponents(const Model& model)
{
    addHeading(tr("Components"));
    for (const Component& component : model.components) {
        auto* title = plainLabel(QStringLiteral("componentTitle"),
            tr("%1 · %2").arg(
                roleText(component.role), component.id.empty() ? tr("other") : toQt(component.id)),
            m_body);
        QFont font = title->font();
        font.setWeight(QFont::DemiBold);
        title->setFont(font);
        m_column->addWidget(title);
        QStringList counts{
            tr("%1 parameters").arg(countText(component.parameters)), sizeText(component.bytes)};
        if (component.linear > 0)
            counts << tr("%1 linear").arg(countText(component.linear));
        if (component.conv1d + component.conv2d + component.conv3d > 0)
            counts << tr("%1 convolutions")
                          .arg(countText(component.conv1d + component.conv2d + component.conv3d));
        if (component.embedding > 0)
            counts << tr("%n embedding(s)", nullptr, static_cast<int>(component.embedding));
        addText(QStringLiteral("componentCounts"), counts.join(QStringLiteral(" · ")), true);
    }
}

void ArchitectureCard::addParts(const Model& model, const ModelParts& parts)
{
    const auto has = [&](std::string_view role) {
        return std::any_of(model.components.begin(), model.components.end(),
            [&](const Component& component) { return component.role.starts_with(role); });
    };
    const bool complete = has("vae") && has("text_encoder");
    if (!has("diffusion_model") || (complete && parts.isEmpty()))
        return;
    addHeading(tr("From other files"));
    QStringList names;
    for (const QString& file : parts.companions + QStringList{parts.embeddings, parts.tokenizer})
        if (!file.isEmpty())
            names << QFileInfo(file).fileName();
    if (!names.isEmpty())
        addText(QStringLiteral("partsNames"), names.join(QStringLiteral(" · ")));
    else
        addText(QStringLiteral("partsMissing"),
            !has("vae") && !has("text_encoder") ? tr("The VAE and the text encoder are not in this file. "
                                                     "Calibrating and making pictures need them.")
                : has("vae")
                ? tr("The text encoder is not in this file. Calibrating and making pictures need it.")
                : tr("The VAE is not in this file. Making pictures needs it."),
            true);
    auto* button
        = named(new QPushButton(tr("Name files…"), m_body), "partsButton", tr("Name files with the parts"));
    connect(button, &QPushButton::clicked, this, &ArchitectureCard::partsRequested);
    m_column->addWidget(button, 0, Qt::AlignLeft);
}

void ArchitectureCard::addFacts(const Model& model)
{
    std::map<std::string_view, std::uint64_t> bytesByDtype;
    for (const TensorInfo& tensor : model.source->tensors())
        bytesByDtype[tensor.encoding ? tensor.encoding->name : nameOf(tensor.dtype)] += tensor.storedBytes();
    QList<QPair<QString, QString>> rows;
    for (const auto& [dtype, bytes] : bytesByDtype)
        rows.append({toQt(dtype), sizeText(bytes)});
    addHeading(tr("Stored as"));
    addRows(QStringLiteral("dtype"), rows);

    const SourceInfo& info = model.source->info();
    rows = {
        {tr("Container"), toQt(info.container)}, {tr("Tensors"), countText(model.source->tensors().size())}};
    if (!model.architecture.prefix.empty())
        rows.append({tr("Prefix"), toQt(model.architecture.prefix)});
    if (!model.architecture.prediction.empty())
        rows.append({tr("Prediction"), toQt(model.architecture.prediction)});
    addHeading(tr("File"));
    addRows(QStringLiteral("file"), rows);

    rows.clear();
    for (const auto& [key, value] : model.architecture.hyperparameters)
        if (rows.size() < kMostFacts)
            rows.append({toQt(key), hyperText(value)});
    if (!rows.isEmpty()) {
        addHeading(tr("Read from the shapes"));
        addRows(QStringLiteral("hyper"), rows);
    }
}

void ArchitectureCard::addHeading(const QString& text)
{
    auto* label = plainLabel(QStringLiteral("heading"), text, m_body);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    label->setContentsMargins(0, 10, 0, 1);
    m_column->addWidget(label);
}

void ArchitectureCard::addText(const QString& name, const QString& text, bool muted)
{
    auto* label = plainLabel(name, text, m_body);
    if (muted)
        mute(label);
    m_column->addWidget(label);
}

void ArchitectureCard::addRows(const QString& name, const QList<QPair<QString, QString>>& rows)
{
    auto* form = new QFormLayout;
    form->setContentsMargins(0, 0, 0, 0);
    form->setVerticalSpacing(2);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    for (const auto& [key, value] : rows) {
        auto* left = plainLabel(name + QStringLiteral("Key"), key, m_body);
        left->setWordWrap(false);
        mute(left);
        form->addRow(left, plainLabel(name + QStringLiteral("Value"), value, m_body));
    }
    m_column->addLayout(form);
}

} // namespace mantissa::ui
