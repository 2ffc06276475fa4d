// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/danger_panel.h"

#include "ui/text.h"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace mantissa::ui {

namespace {
constexpr std::size_t kShownRows = 6;
constexpr std::size_t kMostRows = 200; // a hostile file may list millions
} // namespace

DangerPanel::DangerPanel(const std::vector<PickleCall>& calls, QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("dangerPanel"));
    setAccessibleName(tr("What this file would have run"));
    auto* title
        = new QLabel(tr("Loaded by Python, this file would have called %n function(s) of its own choice. "
                        "Nothing was run here.",
                         nullptr, static_cast<int>(std::min<std::size_t>(calls.size(), 1u << 30))),
            this);
    title->setObjectName(QStringLiteral("dangerTitle"));
    title->setAccessibleName(tr("Explanation"));
    title->setWordWrap(true);

    auto* list = new QTreeWidget(this);
    list->setObjectName(QStringLiteral("dangerCalls"));
    list->setAccessibleName(tr("Calls that were refused"));
    list->setHeaderLabels({tr("Would have called"), tr("At byte")});
    list->setRootIsDecorated(false);
    list->setAlternatingRowColors(true);
    for (std::size_t idx = 0; idx < std::min(calls.size(), kMostRows); ++idx) {
        auto* row = new QTreeWidgetItem(list, {toQt(calls[idx].global), countText(calls[idx].offset)});
        row->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    }
    if (calls.size() > kMostRows)
        new QTreeWidgetItem(list, {tr("and %1 more").arg(countText(calls.size() - kMostRows))});
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    list->header()->setStretchLastSection(false);
    const int rows = static_cast<int>(std::min<std::size_t>(calls.size(), kShownRows));
    list->setFixedHeight((rows + 1) * (list->fontMetrics().height() + 6) + 8);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 6, 0, 0);
    column->addWidget(title);
    column->addWidget(list);
    auto* convert = new QPushButton(tr("Save as safetensors…"), this);
    convert->setObjectName(QStringLiteral("dangerConvert"));
    convert->setAccessibleName(tr("Save the tensors of this file as safetensors"));
    convert->setToolTip(
        tr("Writes the plain tensors into a file that cannot run anything. None of these calls is "
           "made; what they would have made is left out."));
    connect(convert, &QPushButton::clicked, this, &DangerPanel::convertRequested);
    column->addWidget(convert, 0, Qt::AlignLeft);
}

} // namespace mantissa::ui
