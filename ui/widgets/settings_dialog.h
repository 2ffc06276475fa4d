// SPDX-License-Identifier: GPL-3.0-or-later
// All settings of the program with their defaults, and a search box. Changes count at once.
#pragma once

#include "ui/settings.h"

#include <QDialog>

class QFormLayout;
class QLabel;
class QToolButton;
class QVBoxLayout;
class QWidget;

namespace mantissa::ui {

class SettingsDialog : public QDialog {
    Q_OBJECT
public:
    explicit SettingsDialog(QWidget* parent = nullptr);

Q_SIGNALS:
    void changed(mantissa::ui::Setting id);

private:
    struct Row {
        SettingSpec spec;
        QWidget* holder = nullptr;
        QWidget* control = nullptr;
        QToolButton* reset = nullptr;
    };
    QWidget* makeControl(const SettingSpec& spec, QWidget* parent);
    void addRow(const SettingSpec& spec, QWidget* parent, QVBoxLayout* column);
    void show(Row& row); ///< the value that is stored
    void store(const SettingSpec& spec, const QVariant& value);
    void filter(const QString& text);
    QList<Row> m_rows;
    QLabel* m_none;
};

} // namespace mantissa::ui
