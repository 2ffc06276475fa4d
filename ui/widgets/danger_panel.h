// SPDX-License-Identifier: GPL-3.0-or-later
// What a dangerous pickle would have run, had another program loaded it.
#pragma once

#include "engine/io/tensor_source.h"

#include <QWidget>

#include <vector>

namespace mantissa::ui {

class DangerPanel : public QWidget {
    Q_OBJECT
public:
    DangerPanel(const std::vector<PickleCall>& calls, QWidget* parent = nullptr);

Q_SIGNALS:
    /// The person wants its plain tensors, without any of the calls.
    void convertRequested();
};

} // namespace mantissa::ui
