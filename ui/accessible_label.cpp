// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/accessible_label.h"

#include <QAccessibleWidget>
#include <QLabel>
#include <QTextDocumentFragment>

namespace mantissa::ui {

namespace {

/// What is on the label, without markup and underlined letters.
QString shownText(const QLabel& label)
{
    QString text = label.text();
    if (label.textFormat() == Qt::RichText
        || (label.textFormat() == Qt::AutoText && Qt::mightBeRichText(text)))
        return QTextDocumentFragment::fromHtml(text).toPlainText();
    if (label.buddy() != nullptr)
        text.remove(QLatin1Char('&'));
    return text.remove(QChar(0x200B)); // places where long names may break
}

class LabelInterface final : public QAccessibleWidget {
public:
    explicit LabelInterface(QLabel* label)
        : QAccessibleWidget(label, QAccessible::StaticText)
    { }

    QString text(QAccessible::Text which) const override
    {
        const auto* label = qobject_cast<const QLabel*>(widget());
        if (which != QAccessible::Name || label == nullptr)
            return QAccessibleWidget::text(which);
        const QString name = label->accessibleName(), shown = shownText(*label);
        if (name.isEmpty() || name == shown || label->buddy() != nullptr)
            return shown.isEmpty() ? name : shown;
        return shown.isEmpty() ? name : QStringLiteral("%1: %2").arg(name, shown);
    }

    QVector<QPair<QAccessibleInterface*, QAccessible::Relation>> relations(
        QAccessible::Relation match) const override
    {
        auto relations = QAccessibleWidget::relations(match);
        const auto* label = qobject_cast<const QLabel*>(widget());
        if (label != nullptr && label->buddy() != nullptr && match.testFlag(QAccessible::Labelled))
            relations.append({QAccessible::queryAccessibleInterface(label->buddy()), QAccessible::Labelled});
        return relations;
    }
};

} // namespace

QAccessibleInterface* accessibleLabel(const QString&, QObject* object)
{
    auto* label = qobject_cast<QLabel*>(object);
    return label == nullptr ? nullptr : new LabelInterface(label);
}

} // namespace mantissa::ui
