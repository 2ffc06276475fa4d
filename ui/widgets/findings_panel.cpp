// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/findings_panel.h"

#include "ui/icons.h"
#include "ui/text.h"

#include <QLabel>
#include <QListWidget>
#include <QVBoxLayout>

namespace mantissa::ui {

FindingsPanel::FindingsPanel(QWidget* parent)
    : QWidget(parent)
    , m_list(new QListWidget(this))
    , m_empty(new QLabel(
          tr("Nothing stands out: every rule matches, and a stock loader reads every format."), this))
{
    setObjectName(QStringLiteral("findingsPanel"));
    setAccessibleName(tr("Findings"));
    m_list->setObjectName(QStringLiteral("findingsList"));
    m_list->setAccessibleName(tr("Findings"));
    m_list->setWordWrap(true);
    m_list->setAlternatingRowColors(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_empty->setObjectName(QStringLiteral("findingsEmpty"));
    m_empty->setAccessibleName(tr("No findings"));
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_empty->setContentsMargins(12, 8, 12, 8);
    m_empty->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_list);
    column->addWidget(m_empty, 1);
    setFindings({});
}

void FindingsPanel::setFindings(const std::vector<std::string>& warnings)
{
    m_list->clear();
    for (const std::string& warning : warnings) {
        auto* item = new QListWidgetItem(icon(QStringLiteral("warning")), asSentence(toQt(warning)), m_list);
        item->setToolTip(item->text());
    }
    m_list->setVisible(!warnings.empty());
    m_empty->setVisible(warnings.empty());
}

} // namespace mantissa::ui
