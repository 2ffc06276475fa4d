// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/export_dialog.h"

#include "ui/icons.h"
#include "ui/settings.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStorageInfo>
#include <QVBoxLayout>

namespace mantissa::ui {

namespace {
QCheckBox* checkBox(const QString& name, const QString& text, const QString& tip, QWidget* parent)
{
    auto* box = new QCheckBox(text, parent);
    box->setObjectName(name);
    box->setAccessibleName(text);
    box->setToolTip(tip);
    return box;
}
} // namespace

ExportDialog::ExportDialog(const QString& suggestedPath, std::uint64_t bytes, std::uint64_t memory,
    std::function<QString(const QString&)> obstacle, QWidget* parent)
    : QDialog(parent)
    , m_bytes(bytes)
    , m_memory(memory)
    , m_obstacle(std::move(obstacle))
    , m_path(new QLineEdit(suggestedPath, this))
    , m_problem(new QLabel(this))
    , m_space(new QLabel(this))
    , m_resume(checkBox(QStringLiteral("exportResume"), tr("&Continue an interrupted export"),
          tr("Layers that are finished and still fit the plan are not done again, even if the plan was "
             "changed"),
          this))
    , m_verify(checkBox(QStringLiteral("exportVerify"), tr("&Verify the file afterwards"),
          tr("Reads the file back, decodes every layer and compares it with the original"), this))
    , m_nonFinite(checkBox(QStringLiteral("exportNonFinite"), tr("&Allow NaN and infinity in weights"),
          tr("Otherwise such a weight stops the export and is named"), this))
    , m_measure(checkBox(QStringLiteral("exportMeasure"), tr("&Measure the error of each layer"),
          tr("Decodes every layer after it was encoded; takes a little longer"), this))
{
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export"));
    setAccessibleName(tr("Export"));
    m_path->setObjectName(QStringLiteral("exportPath"));
    m_path->setAccessibleName(tr("Output file"));
    m_path->setMinimumWidth(460);
    m_path->setCursorPosition(static_cast<int>(suggestedPath.size()));
    auto* browse = new QPushButton(icon(QStringLiteral("folder")), tr("C&hoose…"), this);
    browse->setObjectName(QStringLiteral("exportBrowse"));
    browse->setAccessibleName(tr("Choose the output file"));
    browse->setAutoDefault(false);
    connect(browse, &QPushButton::clicked, this, &ExportDialog::browse);
    for (QLabel* label : {m_problem, m_space}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    m_problem->setObjectName(QStringLiteral("exportProblem"));
    m_problem->setAccessibleName(tr("Problem with the output file"));
    m_problem->setMinimumHeight(2 * fontMetrics().lineSpacing());
    m_problem->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_space->setObjectName(QStringLiteral("exportSpace"));
    m_space->setAccessibleName(tr("Size and free space"));

    auto* fileRow = new QHBoxLayout;
    fileRow->addWidget(m_path, 1);
    fileRow->addWidget(browse);
    auto* form = new QFormLayout;
    auto* fileLabel = new QLabel(tr("&Output file"), this);
    fileLabel->setObjectName(QStringLiteral("exportPathLabel"));
    fileLabel->setAccessibleName(tr("Output file"));
    fileLabel->setBuddy(m_path);
    form->addRow(fileLabel, fileRow);
    form->addRow(QString(), m_problem);
    form->addRow(tr("Size"), m_space);
    form->addRow(tr("Options"), m_measure);
    form->addRow(QString(), m_verify);
    form->addRow(QString(), m_resume);
    form->addRow(QString(), m_nonFinite);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->setObjectName(QStringLiteral("exportButtons"));
    buttons->setAccessibleName(tr("Buttons"));
    m_start = buttons->addButton(tr("&Export"), QDialogButtonBox::AcceptRole);
    m_start->setObjectName(QStringLiteral("exportStart"));
    m_start->setDefault(true);
    buttons->button(QDialogButtonBox::Cancel)->setObjectName(QStringLiteral("exportDialogCancel"));
    buttons->button(QDialogButtonBox::Cancel)->setAccessibleName(tr("Cancel"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addStretch(1);
    column->addWidget(buttons);
    m_verify->setChecked(settingValue(Setting::VerifyExports).toBool());
    m_measure->setChecked(settingValue(Setting::MeasureExports).toBool());
    connect(m_resume, &QCheckBox::toggled, this, &ExportDialog::check);
    connect(m_path, &QLineEdit::textChanged, this, &ExportDialog::check);
    check();
}

QString ExportDialog::path() const
{
    return QFileInfo(m_path->text().trimmed()).absoluteFilePath();
}

void ExportDialog::check()
{
    const QString problem = m_obstacle(m_path->text().trimmed());
    const bool exists = problem.isEmpty() && QFileInfo::exists(path());
    m_problem->setText(exists
            ? tr("This file exists. It is replaced when the export is complete; if the export fails or "
                 "is cancelled, it stays as it is.")
            : problem);
    QPalette palette = m_problem->palette();
    const ThemeColors& colors = Theme::colors(QGuiApplication::palette());
    palette.setColor(QPalette::WindowText, exists ? colors.warning : colors.danger);
    m_problem->setPalette(palette);
    m_start->setText(exists ? tr("&Overwrite") : tr("&Export"));
    m_start->setAccessibleName(exists ? tr("Overwrite") : tr("Export"));
    m_start->setEnabled(problem.isEmpty());

    const QStorageInfo disk(QFileInfo(path()).absolutePath());
    const auto available = static_cast<std::uint64_t>(std::max<qint64>(0, disk.bytesAvailable()));
    QString text = tr("%1 (%2 bytes)").arg(sizeText(m_bytes), countText(m_bytes));
    if (disk.isValid())
        text += available < m_bytes ? tr("; the disk has only %1 free").arg(sizeText(available))
                                    : tr("; %1 free on the disk").arg(sizeText(available));
    if (m_memory > 0)
        text += QLatin1Char('\n') + tr("about %1 of memory while it is written").arg(sizeText(m_memory));
    m_space->setText(text);
    // Better refused here than after half an hour; a part that is continued has its room already.
    if (problem.isEmpty() && disk.isValid() && available < m_bytes && !m_resume->isChecked()) {
        m_problem->setText(tr("There is not enough room on that disk; choose another folder, or free %1.")
                               .arg(sizeText(m_bytes - available)));
        m_start->setEnabled(false);
    }
}

void ExportDialog::browse()
{
    // The question about an existing file is asked in this dialog, not twice.
    const QString file = QFileDialog::getSaveFileName(this, tr("Export to"), m_path->text(),
        tr("Safetensors (*.safetensors)"), nullptr, QFileDialog::DontConfirmOverwrite);
    if (!file.isEmpty())
        m_path->setText(file);
}

bool ExportDialog::verifies() const
{
    return m_verify->isChecked();
}

WriteOptions ExportDialog::options() const
{
    WriteOptions options;
    options.overwrite = QFileInfo::exists(path());
    options.resume = m_resume->isChecked();
    options.allowNonFinite = m_nonFinite->isChecked();
    options.measureErrors = m_measure->isChecked();
    return options;
}

} // namespace mantissa::ui
