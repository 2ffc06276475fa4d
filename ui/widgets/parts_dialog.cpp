// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/parts_dialog.h"

#include "ui/text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/path_field.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace mantissa::ui {

namespace {
/// Paths keep their order in a window that runs from right to left.
class PathDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->text = leftToRight(option->text);
    }
};
} // namespace

PartsDialog::PartsDialog(const ModelParts& parts, const QString& folder, QWidget* parent)
    : QDialog(parent)
    , m_folder(folder)
    , m_companions(named(new QListWidget(this), "partsCompanions", tr("Files with a VAE or text encoders")))
    , m_remove(named(new QPushButton(tr("&Remove"), this), "partsRemove", tr("Remove the chosen files")))
    , m_embeddings(new PathField(QStringLiteral("partsEmbeddings"), tr("Text that was encoded elsewhere"),
          tr("Safetensors (*.safetensors)"), this))
    , m_tokenizer(new PathField(QStringLiteral("partsTokenizer"),
          tr("T5's vocabulary, where the text encoder's file has none"),
          tr("SentencePiece (spiece.model *.model)"), this))
{
    setObjectName(QStringLiteral("partsDialog"));
    setWindowTitle(tr("Parts from other files"));
    setAccessibleName(windowTitle());
    auto* why = wrappedLabel("partsWhy", tr("What this is for"), this);
    why->setText(
        tr("To calibrate and to make pictures, a network needs its VAE and its text encoders. Name the "
           "files that have them where this checkpoint does not. The first file with a part counts."));

    for (const QString& file : parts.companions)
        addCompanion(file);
    m_companions->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_companions->setItemDelegate(new PathDelegate(m_companions));
    m_companions->setTextElideMode(Qt::ElideMiddle);
    m_companions->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // elided instead
    m_companions->setMinimumSize(460, 5 * fontMetrics().lineSpacing());
    auto* add = named(new QPushButton(tr("&Add files…"), this), "partsAdd", tr("Add files"));
    connect(add, &QPushButton::clicked, this, &PartsDialog::addCompanions);
    connect(m_remove, &QPushButton::clicked, this, [this] { qDeleteAll(m_companions->selectedItems()); });
    const auto follow = [this] { m_remove->setEnabled(!m_companions->selectedItems().isEmpty()); };
    connect(m_companions, &QListWidget::itemSelectionChanged, this, follow);
    follow();
    auto* beside = new QVBoxLayout;
    beside->addWidget(add);
    beside->addWidget(m_remove);
    beside->addStretch(1);
    auto* list = new QHBoxLayout;
    list->addWidget(m_companions, 1);
    list->addLayout(beside);

    auto* encoded = wrappedLabel("partsEncodedWhy", tr("When embeddings are needed"), this);
    encoded->setText(
        tr("Text encoders that are large language models (Qwen-Image, Z-Image, FLUX.2, Lumina 2, "
           "HunyuanVideo) do not run here: give their output as a file with the tensors "
           "context, and negative_context and y where the network has them. Calibrations sample "
           "all of its texts, pictures to compare are drawn from the first."));
    auto* form = new QFormLayout;
    const auto row = [&](const char* name, const QString& label, PathField* field) {
        field->setFolder(folder);
        field->edit()->setClearButtonEnabled(true);
        form->addRow(buddyLabel(QString(QLatin1String(name)), label, field->edit()), field);
    };
    row("partsEmbeddingsLabel", tr("&Embeddings"), m_embeddings);
    row("partsTokenizerLabel", tr("T5 &vocabulary"), m_tokenizer);
    m_embeddings->edit()->setPlaceholderText(tr("none: the text encoders run"));
    m_tokenizer->edit()->setPlaceholderText(tr("that of the text encoder's file"));
    m_embeddings->setFile(parts.embeddings);
    m_tokenizer->setFile(parts.tokenizer);

    auto* buttons = named(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this),
        "partsButtons", tr("Buttons"));
    named(buttons->button(QDialogButtonBox::Ok), "partsOk", tr("Use these files"))
        ->setText(tr("&Use these files"));
    named(buttons->button(QDialogButtonBox::Cancel), "partsCancel", tr("Cancel"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* column = new QVBoxLayout(this);
    column->setSpacing(10);
    column->addWidget(why);
    column->addLayout(list, 1);
    column->addWidget(encoded);
    column->addLayout(form);
    column->addWidget(buttons);
}

void PartsDialog::addCompanions()
{
    const QStringList files = QFileDialog::getOpenFileNames(
        this, tr("Files with a VAE or text encoders"), m_folder, checkpointFilter());
    for (const QString& file : files)
        if (m_companions->findItems(file, Qt::MatchExactly).isEmpty())
            addCompanion(file);
}

void PartsDialog::addCompanion(const QString& file)
{
    auto* item = new QListWidgetItem(file, m_companions);
    item->setToolTip(file);
}

ModelParts PartsDialog::parts() const
{
    ModelParts parts;
    for (int row = 0; row < m_companions->count(); ++row)
        parts.companions << m_companions->item(row)->text();
    parts.embeddings = m_embeddings->file();
    parts.tokenizer = m_tokenizer->file();
    return parts;
}

} // namespace mantissa::ui
