// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/findings_panel.h"

#include "engine/compat/loaders.h"
#include "ui/icons.h"
#include "ui/post.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <memory>

namespace mantissa::ui {

namespace {

constexpr int kSign = 18;

/// Never colour alone: each severity has a sign of its own.
QString signOf(Severity severity)
{
    switch (severity) {
    case Severity::Problem:
        return QStringLiteral("danger");
    case Severity::Warning:
        return QStringLiteral("warning");
    case Severity::Note:
        return QStringLiteral("info");
    }
    return {};
}

} // namespace

FindingsPanel::FindingsPanel(FindingsPresenter& presenter, QWidget* parent)
    : QWidget(parent)
    , m_presenter(presenter)
    , m_loader(new QComboBox(this))
    , m_summary(new QLabel(this))
    , m_scroll(new QScrollArea(this))
    , m_empty(new QLabel(
          tr("Nothing stands out: every rule matches, sensitive layers are preserved, and the runtime reads "
             "every format. Measured errors and open statistics add to what is looked at."),
          this))
{
    setObjectName(QStringLiteral("findingsPanel"));
    setAccessibleName(tr("Findings"));
    m_loader->setObjectName(QStringLiteral("findingsLoader"));
    m_loader->setAccessibleName(tr("Runtime that the file is for"));
    m_loader->setToolTip(tr("Formats that this runtime does not load become findings"));
    m_loader->addItem(tr("any runtime"), QString());
    for (const Loader& loader : knownLoaders())
        m_loader->addItem(loader.version.empty()
                ? toQt(loader.name)
                : QStringLiteral("%1 %2").arg(toQt(loader.name), toQt(loader.version)),
            toQt(loader.id));
    m_loader->setCurrentIndex(std::max(0, m_loader->findData(m_presenter.loader())));
    m_summary->setObjectName(QStringLiteral("findingsSummary"));
    m_summary->setAccessibleName(tr("Summary"));
    m_summary->setForegroundRole(QPalette::PlaceholderText);
    m_scroll->setObjectName(QStringLiteral("findingsList"));
    m_scroll->setAccessibleName(tr("Findings"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_empty->setObjectName(QStringLiteral("findingsEmpty"));
    m_empty->setAccessibleName(tr("No findings"));
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_empty->setWordWrap(true);

    auto* name = label(QStringLiteral("findingsLoaderLabel"), tr("The file is &for"), this);
    name->setTextFormat(Qt::AutoText);
    name->setBuddy(m_loader);
    auto* head = new QHBoxLayout;
    head->addWidget(name);
    head->addWidget(m_loader);
    head->addSpacing(8);
    head->addWidget(m_summary, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(m_scroll, 1);
    column->addWidget(m_empty, 1);
    connect(m_loader, &QComboBox::currentIndexChanged, this,
        [this] { m_presenter.setLoader(m_loader->currentData().toString()); });
    connect(&m_presenter, &FindingsPresenter::changed, this, &FindingsPanel::refresh);
    refresh();
}

QLabel* FindingsPanel::label(const QString& name, const QString& text, QWidget* parent) const
{
    auto* made = new QLabel(text, parent);
    made->setObjectName(name);
    made->setAccessibleName(text);
    made->setTextFormat(Qt::PlainText);
    return made;
}

QWidget* FindingsPanel::makeRow(std::size_t index)
{
    const Finding& finding = m_presenter.findings()[index];
    auto* row = new QFrame;
    row->setObjectName(QStringLiteral("finding_%1").arg(toQt(finding.id)));
    row->setAccessibleName(
        QStringLiteral("%1: %2").arg(severityText(finding.severity), asSentence(messageText(finding.text))));
    auto* sign = label(QStringLiteral("findingSign"), severityText(finding.severity), row);
    sign->setPixmap(icon(signOf(finding.severity)).pixmap(QSize(kSign, kSign), devicePixelRatioF()));
    sign->setToolTip(severityText(finding.severity));
    sign->setFixedWidth(kSign + 4);
    auto* kind = label(QStringLiteral("findingSeverity"), severityText(finding.severity), row);
    QFont bold = font();
    bold.setBold(true);
    kind->setFont(bold);
    const ThemeColors& colors = Theme::colors(palette());
    QPalette ink = kind->palette();
    ink.setColor(QPalette::WindowText,
        finding.severity == Severity::Problem       ? colors.danger
            : finding.severity == Severity::Warning ? colors.warning
                                                    : colors.muted);
    kind->setPalette(ink);
    auto* text = label(QStringLiteral("findingText"), asSentence(messageText(finding.text)), row);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto buttons = std::make_unique<QHBoxLayout>();
    buttons->setSpacing(6);
    for (std::size_t fix = 0; fix < finding.fixes.size(); ++fix) {
        auto* button = new QPushButton(fixText(finding.fixes[fix]), row);
        button->setObjectName(QStringLiteral("findingFix%1").arg(fix));
        button->setAccessibleName(button->text());
        button->setToolTip(tr("Mends this as one step; undo takes it back"));
        // The rows go away with what they say: not while one of their buttons is being pressed.
        connect(
            button, &QPushButton::clicked, this, [this, index, fix] { m_presenter.apply(index, fix); },
            Qt::QueuedConnection);
        buttons->addWidget(button);
    }
    if (!finding.layers.empty()) {
        auto* show
            = new QPushButton(tr("Show %n layer(s)", nullptr, static_cast<int>(finding.layers.size())), row);
        show->setObjectName(QStringLiteral("findingLayers"));
        show->setAccessibleName(show->text());
        show->setFlat(true);
        show->setIcon(icon(QStringLiteral("select-similar")));
        connect(show, &QPushButton::clicked, this,
            [this, layers = finding.layers] { Q_EMIT layersRequested(layers); });
        buttons->addWidget(show);
    }
    buttons->addStretch(1);
    auto* words = new QVBoxLayout;
    words->setSpacing(4);
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(kind, 0, Qt::AlignTop);
    line->addWidget(text, 1);
    words->addLayout(line);
    if (buttons->count() > 1)
        words->addLayout(buttons.release());
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(4, 6, 4, 8);
    layout->addWidget(sign, 0, Qt::AlignTop);
    layout->addLayout(words, 1);
    return row;
}

void FindingsPanel::refresh()
{
    const int at = m_loader->findData(m_presenter.loader());
    const QSignalBlocker quiet(m_loader);
    m_loader->setCurrentIndex(std::max(0, at));
    auto* list = new QWidget;
    list->setObjectName(QStringLiteral("findingRows"));
    list->setAccessibleName(tr("Findings"));
    auto* column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (std::size_t index = 0; index < m_presenter.findings().size(); ++index) {
        if (index > 0) {
            auto* line = new QFrame(list);
            line->setObjectName(QStringLiteral("findingLine"));
            line->setFrameShape(QFrame::HLine);
            line->setFrameShadow(QFrame::Plain);
            line->setForegroundRole(QPalette::Mid);
            column->addWidget(line);
        }
        column->addWidget(makeRow(index));
    }
    column->addStretch(1);
    m_scroll->setWidget(list);
    const bool any = !m_presenter.findings().empty();
    m_scroll->setVisible(any);
    m_empty->setVisible(!any);
    const int problems = m_presenter.count(Severity::Problem),
              warnings = m_presenter.count(Severity::Warning) - problems,
              notes = m_presenter.count(Severity::Note) - problems - warnings;
    QStringList parts;
    if (problems > 0)
        parts << tr("%n problem(s)", nullptr, problems);
    if (warnings > 0)
        parts << tr("%n warning(s)", nullptr, warnings);
    if (notes > 0)
        parts << tr("%n note(s)", nullptr, notes);
    m_summary->setText(parts.join(QStringLiteral(" · ")));
}

void FindingsPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_scroll->widget() != nullptr)
        post(this, [this] { refresh(); });
}

} // namespace mantissa::ui
