// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/settings_dialog.h"

#include "ui/icons.h"
#include "ui/widgets/files_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mantissa::ui {

namespace {

/// The default in words, for the line below a control.
QString standardText(const SettingSpec& spec)
{
    for (const auto& [name, value] : spec.choices)
        if (value == spec.standard)
            return name;
    if (spec.standard.typeId() == QMetaType::QStringList)
        return SettingsDialog::tr("none");
    return spec.standard.typeId() == QMetaType::Bool
        ? (spec.standard.toBool() ? SettingsDialog::tr("on") : SettingsDialog::tr("off"))
        : spec.standard.toString();
}

} // namespace

SettingsDialog::SettingsDialog(QWidget* parent)
    : QDialog(parent)
    , m_none(new QLabel(tr("No setting fits."), this))
{
    setObjectName(QStringLiteral("settingsDialog"));
    setWindowTitle(tr("Settings"));
    setAccessibleName(tr("Settings"));
    auto* search = new QLineEdit(this);
    search->setObjectName(QStringLiteral("settingsSearch"));
    search->setAccessibleName(tr("Search settings"));
    search->setPlaceholderText(tr("Search settings"));
    search->setClearButtonEnabled(true);
    search->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(10);
    column->addWidget(search);
    for (const SettingSpec& spec : settingTable())
        addRow(spec, this, column);
    m_none->setObjectName(QStringLiteral("settingsNone"));
    m_none->setAccessibleName(tr("No setting fits."));
    m_none->setForegroundRole(QPalette::PlaceholderText);
    m_none->hide();
    column->addWidget(m_none);
    column->addStretch(1);
    auto* where = new QLabel(this);
    where->setObjectName(QStringLiteral("settingsWhere"));
    where->setAccessibleName(tr("Where settings are kept"));
    where->setForegroundRole(QPalette::PlaceholderText);
    where->setWordWrap(true);
    where->setText(portableFolder().isEmpty()
            ? tr("Kept in your home folder; with MANTISSA_PORTABLE=FOLDER in that folder. Nothing is sent "
                 "anywhere.")
            : tr("Portable: kept in %1. Nothing is sent anywhere.").arg(portableFolder()));
    column->addWidget(where);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->setObjectName(QStringLiteral("settingsButtons"));
    buttons->setAccessibleName(tr("Buttons"));
    buttons->button(QDialogButtonBox::Close)->setObjectName(QStringLiteral("settingsClose"));
    buttons->button(QDialogButtonBox::Close)->setAccessibleName(tr("Close"));
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    connect(search, &QLineEdit::textChanged, this, &SettingsDialog::filter);
    setMinimumWidth(560);
}

QWidget* SettingsDialog::makeControl(const SettingSpec& spec, QWidget* parent)
{
    if (!spec.choices.isEmpty()) {
        auto* combo = new QComboBox(parent);
        for (const auto& [name, value] : spec.choices)
            combo->addItem(name, value);
        connect(combo, &QComboBox::currentIndexChanged, this,
            [this, spec, combo] { store(spec, combo->currentData()); });
        return combo;
    }
    if (spec.standard.typeId() == QMetaType::Bool) {
        auto* box = new QCheckBox(tr("on"), parent);
        connect(box, &QCheckBox::toggled, this, [this, spec](bool on) { store(spec, on); });
        return box;
    }
    if (spec.standard.typeId() == QMetaType::QStringList) {
        auto* files = new FilesField(QStringLiteral("setting") + QString(spec.key).remove(QLatin1Char('/')),
            spec.name, tr("none"), spec.most, parent);
        connect(files, &FilesField::changed, this,
            [this, spec](const QStringList& chosen) { store(spec, chosen); });
        return files;
    }
    auto* number = new QSpinBox(parent);
    number->setRange(spec.least, spec.most);
    connect(number, &QSpinBox::valueChanged, this, [this, spec](int value) { store(spec, value); });
    return number;
}

void SettingsDialog::addRow(const SettingSpec& spec, QWidget* parent, QVBoxLayout* column)
{
    Row row{spec, new QWidget(parent), nullptr, nullptr};
    const QString name = QString(spec.key).replace(QLatin1Char('/'), QLatin1Char('_'));
    row.holder->setObjectName(QStringLiteral("setting_") + name);
    row.holder->setAccessibleName(spec.name);
    auto* title = new QLabel(spec.name, row.holder);
    title->setObjectName(QStringLiteral("settingName_") + name);
    title->setAccessibleName(spec.name);
    title->setMinimumWidth(210);
    row.control = makeControl(spec, row.holder);
    row.control->setObjectName(QStringLiteral("settingValue_") + name);
    row.control->setAccessibleName(spec.name);
    row.control->setToolTip(spec.help);
    title->setBuddy(row.control);
    row.reset = new QToolButton(row.holder);
    row.reset->setObjectName(QStringLiteral("settingReset_") + name);
    row.reset->setAccessibleName(tr("Back to the default of “%1”").arg(spec.name));
    row.reset->setToolTip(row.reset->accessibleName());
    row.reset->setIcon(icon(QStringLiteral("undo")));
    auto* help = new QLabel(tr("%1. Default: %2").arg(spec.help, standardText(spec)), row.holder);
    help->setObjectName(QStringLiteral("settingHelp_") + name);
    help->setAccessibleName(spec.help);
    help->setForegroundRole(QPalette::PlaceholderText);
    help->setWordWrap(true);
    auto* line = new QHBoxLayout;
    line->addWidget(title);
    line->addWidget(row.control, 1);
    line->addWidget(row.reset);
    auto* rows = new QVBoxLayout(row.holder);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(2);
    rows->addLayout(line);
    rows->addWidget(help);
    column->addWidget(row.holder);
    m_rows << row;
    const auto at = m_rows.size() - 1;
    connect(row.reset, &QToolButton::clicked, this, [this, at] {
        store(m_rows[at].spec, m_rows[at].spec.standard);
        show(m_rows[at]);
    });
    show(m_rows.back());
}

void SettingsDialog::show(Row& row)
{
    const QSignalBlocker quiet(row.control);
    const QVariant value = settingValue(row.spec.id);
    if (auto* combo = qobject_cast<QComboBox*>(row.control))
        combo->setCurrentIndex(std::max(0, combo->findData(value)));
    else if (auto* box = qobject_cast<QCheckBox*>(row.control))
        box->setChecked(value.toBool());
    else if (auto* number = qobject_cast<QSpinBox*>(row.control))
        number->setValue(value.toInt());
    else if (auto* files = qobject_cast<FilesField*>(row.control))
        files->setFiles(value.toStringList());
    row.reset->setEnabled(value != row.spec.standard);
}

void SettingsDialog::store(const SettingSpec& spec, const QVariant& value)
{
    setSettingValue(spec.id, value);
    for (Row& row : m_rows)
        if (row.spec.id == spec.id)
            row.reset->setEnabled(value != spec.standard);
    Q_EMIT changed(spec.id);
}

void SettingsDialog::filter(const QString& text)
{
    bool any = false;
    for (const Row& row : m_rows) {
        const bool fits = row.spec.name.contains(text, Qt::CaseInsensitive)
            || row.spec.help.contains(text, Qt::CaseInsensitive);
        row.holder->setVisible(fits);
        any = any || fits;
    }
    m_none->setVisible(!any);
}

} // namespace mantissa::ui
