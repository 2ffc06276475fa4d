// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/plan_preview_list.h"

#include "ui/text.h"
#include "ui/widgets/named.h"

#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace mantissa::ui {

namespace {

constexpr std::size_t kMostRows = 500; // more nobody reads in a dialog

} // namespace

PlanPreviewList::PlanPreviewList(const char* countName, const QString& countText, const char* rowsName,
    const QString& rowsText, QWidget* parent)
    : QWidget(parent)
    , m_count(named(new QLabel(this), countName, countText))
    , m_rows(named(new QTreeWidget(this), rowsName, rowsText))
{
    named(this, QLatin1String(rowsName) + QStringLiteral("Part"), rowsText);
    m_count->setWordWrap(true);
    m_count->setTextFormat(Qt::PlainText);
    m_rows->setHeaderLabels({tr("Layer"), tr("Now"), tr("Then")});
    m_rows->setRootIsDecorated(false);
    m_rows->setUniformRowHeights(true);
    m_rows->setAlternatingRowColors(true);
    m_rows->setTextElideMode(Qt::ElideMiddle);
    m_rows->header()->setStretchLastSection(false);
    m_rows->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_rows->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_rows->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_count);
    column->addWidget(m_rows, 1);
}

void PlanPreviewList::clear(const QString& text)
{
    m_rows->clear();
    m_count->setText(text);
}

void PlanPreviewList::setPreview(const PlanPreview& preview)
{
    if (!preview.problem.isEmpty())
        return clear(preview.problem);
    clear(preview.rows.empty()
            ? tr("No layer would be stored differently.")
            : tr("%n layer(s) would be stored differently; all layers together take %1 instead of %2.",
                nullptr, static_cast<int>(preview.rows.size()))
                  .arg(sizeText(preview.bytesAfter), sizeText(preview.bytesBefore)));
    QList<QTreeWidgetItem*> items;
    for (const PreviewRow& row : preview.rows) {
        if (static_cast<std::size_t>(items.size()) == kMostRows) {
            items << new QTreeWidgetItem(
                {tr("and %1 more").arg(countText(preview.rows.size() - kMostRows)), {}, {}});
            break;
        }
        items << new QTreeWidgetItem({row.name, row.before, row.after});
        items.back()->setToolTip(0, row.name);
    }
    m_rows->addTopLevelItems(items);
}

} // namespace mantissa::ui
