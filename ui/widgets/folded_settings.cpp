// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/folded_settings.h"

#include "ui/widgets/named.h"

#include <QToolButton>
#include <QVBoxLayout>

namespace mantissa::ui {

FoldedSettings::FoldedSettings(const QString& name, const QString& toolTip, QWidget* parent)
    : QWidget(parent)
    , m_more(named(new QToolButton(this), name + QStringLiteral("More"), tr("More settings")))
    , m_body(named(new QWidget(this), name + QStringLiteral("MoreBody"), tr("More settings")))
{
    setObjectName(name + QStringLiteral("Options"));
    setAccessibleName(tr("More settings"));
    m_more->setCheckable(true);
    m_more->setAutoRaise(true);
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_more->setToolTip(toolTip);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_more, 0, Qt::AlignLeft);
    column->addWidget(m_body);
    m_body->hide();
    connect(m_more, &QToolButton::toggled, this, [this](bool open) {
        m_body->setVisible(open);
        refresh();
    });
    refresh();
}

void FoldedSettings::setSummary(const QStringList& parts)
{
    m_parts = parts;
    refresh();
}

void FoldedSettings::refresh()
{
    const bool open = m_more->isChecked();
    m_more->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    const QString text
        = open || m_parts.isEmpty() ? tr("More") : tr("More: %1").arg(m_parts.join(QStringLiteral(", ")));
    constexpr int kWidest = 250; // pixels: the narrowest column that it stands in has 300
    m_more->setText(m_more->fontMetrics().elidedText(text, Qt::ElideRight, kWidest));
}

} // namespace mantissa::ui
