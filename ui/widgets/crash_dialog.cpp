// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/crash_dialog.h"

#include "ui/widgets/named.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace mantissa::ui {

CrashDialog::CrashDialog(CrashReports& reports, QWidget* parent)
    : QDialog(parent)
    , m_reports(reports)
    , m_which(named(new QComboBox(this), "crashWhich", tr("Which crash")))
    , m_text(named(new QPlainTextEdit(this), "crashText", tr("What the report says")))
    , m_empty(emptyLabel("crashEmpty", tr("No crash reports"),
          tr("There are no crash reports. One is written when the program, or the process of a job, "
             "crashes."),
          this))
    , m_copy(named(new QPushButton(tr("&Copy"), this), "crashCopy", tr("Copy the report")))
    , m_delete(named(new QPushButton(tr("&Delete"), this), "crashDelete", tr("Delete the report")))
{
    named(this, "crashDialog", tr("Crash reports"));
    setWindowTitle(tr("Crash reports"));
    auto* about = wrappedLabel("crashAbout", tr("About crash reports"), this);
    about->setText(
        tr("Reports stay on this machine. Nothing is sent; copy one into your own message if you want to "
           "report the crash."));
    m_text->setReadOnly(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    named(buttons, "crashButtons", tr("Buttons"));
    named(buttons->button(QDialogButtonBox::Close), "crashClose", tr("Close"));
    buttons->addButton(m_copy, QDialogButtonBox::ActionRole);
    buttons->addButton(m_delete, QDialogButtonBox::ActionRole);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(8);
    column->addWidget(about);
    column->addWidget(m_which);
    column->addWidget(m_text, 1);
    column->addWidget(m_empty, 1);
    column->addWidget(buttons);
    resize(720, 480);

    connect(m_which, &QComboBox::currentIndexChanged, this, &CrashDialog::showCurrent);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        if (const CrashReport* report = current())
            QGuiApplication::clipboard()->setText(report->text);
    });
    connect(m_delete, &QPushButton::clicked, this, [this] {
        if (const CrashReport* report = current())
            m_reports.remove(report->file);
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&m_reports, &CrashReports::changed, this, &CrashDialog::refresh);
    refresh();
}

void CrashDialog::refresh()
{
    const QString shown = m_which->currentData().toString();
    const QSignalBlocker quiet(m_which);
    m_which->clear();
    for (const CrashReport& report : m_reports.reports())
        m_which->addItem(QLocale().toString(report.when, QLocale::ShortFormat), report.file);
    m_which->setCurrentIndex(std::max(0, m_which->findData(shown)));
    showCurrent();
}

const CrashReport* CrashDialog::current() const
{
    const QString file = m_which->currentData().toString();
    for (const CrashReport& report : m_reports.reports())
        if (report.file == file)
            return &report;
    return nullptr;
}

void CrashDialog::showCurrent()
{
    const CrashReport* report = current();
    m_text->setPlainText(report != nullptr ? report->text : QString());
    for (QWidget* widget : std::initializer_list<QWidget*>{m_which, m_text})
        widget->setVisible(report != nullptr);
    m_empty->setVisible(report == nullptr);
    m_copy->setEnabled(report != nullptr);
    m_delete->setEnabled(report != nullptr);
}

} // namespace mantissa::ui
