// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/format_dialog.h"

#include "ui/text.h"
#include "ui/widgets/format_badge.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mantissa::ui {

namespace {
// Rotation groups that the ConvRot loaders know (spec/quant-formats): powers of four up to 1024; 256 is
// usual.
constexpr int kRotationGroups[] = {16, 64, 256, 1024};
constexpr int kDefaultRotation = -1;
} // namespace

FormatDialog::FormatDialog(const QString& title, const Choice& initial, QWidget* parent)
    : QDialog(parent)
    , m_initial(initial)
    , m_form(new QFormLayout)
{
    setObjectName(QStringLiteral("formatDialog"));
    setWindowTitle(tr("Set format"));
    setAccessibleName(tr("Set format"));
    auto* heading = new QLabel(title, this);
    heading->setObjectName(QStringLiteral("formatDialogTitle"));
    heading->setAccessibleName(title);
    heading->setTextFormat(Qt::PlainText);
    heading->setWordWrap(true);
    QFont bold = heading->font();
    bold.setBold(true);
    heading->setFont(bold);

    m_format = addPicker(QStringLiteral("formatPicker"), tr("&Format"));
    fillFormatCombo(m_format, {});
    m_summary = new QLabel(this);
    m_summary->setObjectName(QStringLiteral("formatSummary"));
    m_summary->setAccessibleName(tr("About the format"));
    m_summary->setWordWrap(true);
    m_summary->setMinimumHeight(3 * fontMetrics().lineSpacing());
    m_summary->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_summary->setForegroundRole(QPalette::PlaceholderText);
    m_form->addRow(m_summary);
    m_scaling = addPicker(QStringLiteral("scalingPicker"), tr("S&cales per"));
    m_block = addPicker(QStringLiteral("blockPicker"), tr("&Block size"));
    m_rotation = addPicker(QStringLiteral("rotationPicker"), tr("&Rotation group"));
    m_bits = addPicker(QStringLiteral("bitsPicker"), tr("B&its a code"));
    m_rank = addPicker(QStringLiteral("rankPicker"), tr("R&ank of the branch"));
    m_rank->setToolTip(tr("Each step keeps more of the weight in 16 bits beside the codes: closer to the "
                          "original, and larger"));
    m_fullPrecision = new QCheckBox(tr("Multiply in full precision"), this);
    m_fullPrecision->setObjectName(QStringLiteral("fullPrecision"));
    m_fullPrecision->setAccessibleName(tr("Multiply in full precision"));
    m_fullPrecision->setToolTip(
        tr("Asks the loader to dequantize first: slower, and closer to the original"));
    m_form->addRow(QString(), m_fullPrecision);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->setObjectName(QStringLiteral("formatButtons"));
    buttons->setAccessibleName(tr("Buttons"));
    QPushButton* apply = buttons->addButton(tr("&Set format"), QDialogButtonBox::AcceptRole);
    apply->setObjectName(QStringLiteral("formatAccept"));
    apply->setAccessibleName(tr("Set format"));
    apply->setDefault(true);
    buttons->button(QDialogButtonBox::Cancel)->setObjectName(QStringLiteral("formatCancel"));
    buttons->button(QDialogButtonBox::Cancel)->setAccessibleName(tr("Cancel"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* column = new QVBoxLayout(this);
    column->addWidget(heading);
    column->addLayout(m_form);
    column->addStretch(1);
    column->addWidget(buttons);
    setMinimumWidth(440);
    connect(m_format, &QComboBox::currentIndexChanged, this, &FormatDialog::offerOptions);
    setChoice(initial);
}

QComboBox* FormatDialog::addPicker(const QString& name, const QString& text)
{
    auto* combo = new QComboBox(this);
    combo->setObjectName(name);
    combo->setAccessibleName(QString(text).remove(QLatin1Char('&')));
    m_form->addRow(text, combo);
    return combo;
}

void FormatDialog::setChoice(const Choice& choice)
{
    int row = m_format->findData(toQt(choice.format));
    if (row < 0 || choice.keeps()) // the first entry is a heading
        for (row = 0; row < m_format->count() && m_format->itemData(row).toString().isEmpty();)
            ++row;
    m_format->setCurrentIndex(row);
    offerOptions();
    m_scaling->setCurrentIndex(std::max(0, m_scaling->findData(toQt(choice.params.scaling))));
    m_block->setCurrentIndex(std::max(0, m_block->findData(choice.params.blockSize)));
    if (const auto group = choice.params.convrotGroup; group && m_rotation->findData(*group) < 0)
        m_rotation->addItem(QString::number(*group), *group);
    m_rotation->setCurrentIndex(
        std::max(0, m_rotation->findData(choice.params.convrotGroup.value_or(kDefaultRotation))));
    m_bits->setCurrentIndex(std::max(0, m_bits->findData(choice.params.bits)));
    m_rank->setCurrentIndex(std::max(0, m_rank->findData(choice.params.rank)));
    m_fullPrecision->setChecked(choice.params.fullPrecisionMatrixMult);
}

void FormatDialog::showChoice(QComboBox* picker, bool there)
{
    picker->setEnabled(there);
    m_form->setRowVisible(picker, there);
}

void FormatDialog::offerNumbers(QComboBox* picker, const std::vector<int>& numbers)
{
    for (const int number : numbers)
        picker->addItem(QString::number(number), number);
    showChoice(picker, numbers.size() > 1);
}

void FormatDialog::offerOptions()
{
    const StorageFormat* format = findFormat(toStd(m_format->currentData().toString()));
    for (QComboBox* picker : {m_scaling, m_block, m_rotation, m_bits, m_rank})
        picker->clear();
    if (format == nullptr)
        return;
    const FormatInfo& info = format->info();
    for (const std::string_view scaling : info.scalings)
        m_scaling->addItem(toQt(scaling), toQt(scaling));
    showChoice(m_scaling, info.scalings.size() > 1);
    offerNumbers(m_block, info.blockSizes);
    offerNumbers(m_bits, info.bitWidths);
    offerNumbers(m_rank, info.ranks);
    if (info.rotates) {
        m_rotation->addItem(tr("as the format and recipe suggest"), kDefaultRotation);
        m_rotation->addItem(tr("off"), 0);
        for (const int group : kRotationGroups)
            m_rotation->addItem(QString::number(group), group);
    }
    showChoice(m_rotation, info.rotates);
    m_summary->setText(QStringLiteral("%1 %2").arg(
        asSentence(engineText(info.summary)), asSentence(loaderText(info.loader))));
}

Choice FormatDialog::choice() const
{
    Choice choice;
    choice.format = toStd(m_format->currentData().toString());
    if (choice.format == m_initial.format)
        choice.params = m_initial.params;
    if (m_scaling->isEnabled())
        choice.params.scaling = toStd(m_scaling->currentData().toString());
    if (m_block->isEnabled())
        choice.params.blockSize = m_block->currentData().toInt();
    if (m_rotation->isEnabled()) {
        const int group = m_rotation->currentData().toInt();
        choice.params.convrotGroup = group == kDefaultRotation ? std::nullopt : std::optional(group);
    }
    if (m_bits->isEnabled())
        choice.params.bits = m_bits->currentData().toInt();
    if (m_rank->isEnabled())
        choice.params.rank = m_rank->currentData().toInt();
    choice.params.fullPrecisionMatrixMult = m_fullPrecision->isChecked();
    return choice;
}

} // namespace mantissa::ui
