// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses a format with the options that it offers. What a choice says beyond them stays as it was.
#pragma once

#include "engine/plan/plan.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;

namespace mantissa::ui {

class FormatDialog : public QDialog {
    Q_OBJECT
public:
    /// `title` says what the choice is for ("38 layers").
    FormatDialog(const QString& title, const Choice& initial, QWidget* parent = nullptr);
    Choice choice() const;

private:
    void offerOptions();
    void setChoice(const Choice& choice);
    QComboBox* addPicker(const QString& name, const QString& text);
    /// Numbers that the format offers, by their own text; a row without a choice is not shown.
    void offerNumbers(QComboBox* picker, const std::vector<int>& numbers);
    void showChoice(QComboBox* picker, bool there);

    Choice m_initial;
    QFormLayout* m_form;
    QComboBox* m_format;
    QComboBox* m_scaling;
    QComboBox* m_block;
    QComboBox* m_rotation;
    QComboBox* m_bits;
    QComboBox* m_rank;
    QCheckBox* m_fullPrecision;
    QLabel* m_summary;
};

} // namespace mantissa::ui
