// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/picture_saver.h"

#include "ui/state_file.h"
#include "ui/text.h"
#include "ui/widgets/plot_library.h"

#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>

namespace mantissa::ui {

namespace {

constexpr int kScreenDpi = 96; ///< a pixel of the window, as CSS and Qt count them
constexpr double kPointsPerInch = 72;

void paintOn(QPaintDevice& device, QWidget& view, const QImage& seen)
{
    if (auto* plot = qobject_cast<QCustomPlot*>(&view)) {
        QCPPainter painter;
        if (!painter.begin(&device))
            return;
        painter.setMode(QCPPainter::pmVectorized);
        painter.setMode(QCPPainter::pmNoCaching);
        painter.fillRect(QRect(QPoint(0, 0), view.size()), view.palette().color(QPalette::Base));
        plot->toPainter(&painter, view.width(), view.height());
        return;
    }
    QPainter painter(&device);
    painter.drawImage(QRect(QPoint(0, 0), view.size()), seen);
}

QByteArray pdfOf(QWidget& view, const QImage& seen)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(kScreenDpi);
    writer.setPageSize(QPageSize(
        QSizeF(view.size()) * (kPointsPerInch / kScreenDpi), QPageSize::Point, {}, QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    paintOn(writer, view, seen);
    return bytes;
}

QByteArray svgOf(QWidget& view, const QImage& seen)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator writer;
    writer.setOutputDevice(&buffer);
    writer.setResolution(kScreenDpi);
    writer.setSize(view.size());
    writer.setViewBox(QRect(QPoint(0, 0), view.size()));
    writer.setTitle(view.accessibleName());
    writer.setDescription(view.accessibleDescription());
    paintOn(writer, view, seen);
    return bytes;
}

Result<QByteArray> pngOf(const QImage& seen)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (!seen.save(&buffer, "PNG"))
        return fail(ErrorCode::Internal, "the picture could not be encoded");
    return bytes;
}

} // namespace

PictureSaver::PictureSaver(const Actions& actions, QObject* parent)
    : QObject(parent)
    , m_folder(QDir::homePath())
{
    const auto on = [&](ActionId id, void (PictureSaver::*work)(QWidget*)) {
        connect(actions[id], &QAction::triggered, this, [this, work] {
            if (QWidget* view = current())
                (this->*work)(view);
            else
                Q_EMIT failed(Error{ErrorCode::Usage, toStd(tr("No picture and no plot is seen now")), {},
                    toStd(tr("compare pictures, calibrate, or measure for a budget"))});
        });
    };
    on(ActionId::CopyPicture, &PictureSaver::copy);
    on(ActionId::SavePicture, &PictureSaver::askAndSave);
}

void PictureSaver::offer(QWidget* view, const QString& name)
{
    m_offers.push_back({view, name});
    auto* copyThis = new QAction(tr("Copy as picture"), view);
    copyThis->setObjectName(view->objectName() + QStringLiteral("Copy"));
    auto* saveThis = new QAction(tr("Save as picture…"), view);
    saveThis->setObjectName(view->objectName() + QStringLiteral("Save"));
    connect(copyThis, &QAction::triggered, this, [this, view] { copy(view); });
    connect(saveThis, &QAction::triggered, this, [this, view] { askAndSave(view); });
    view->addActions({copyThis, saveThis});
    view->setContextMenuPolicy(Qt::ActionsContextMenu);
}

QWidget* PictureSaver::current() const
{
    QWidget* seen = nullptr;
    for (const Offer& offer : m_offers) {
        if (offer.view == nullptr || !offer.view->isVisible() || offer.view->visibleRegion().isEmpty())
            continue;
        if (offer.view->hasFocus() || offer.view->isAncestorOf(QApplication::focusWidget())
            || offer.view->parentWidget() == QApplication::focusWidget())
            return offer.view;
        if (seen == nullptr)
            seen = offer.view;
    }
    return seen;
}

void PictureSaver::copy(QWidget* view)
{
    QApplication::clipboard()->setImage(view->grab().toImage());
    Q_EMIT copied();
}

void PictureSaver::askAndSave(QWidget* view)
{
    QString name = QStringLiteral("picture");
    for (const Offer& offer : m_offers)
        if (offer.view == view)
            name = offer.name;
    QString chosen;
    QString file = QFileDialog::getSaveFileName(view->window(), tr("Save as picture"),
        QStringLiteral("%1/%2.png").arg(m_folder, name), tr("PNG (*.png);;SVG (*.svg);;PDF (*.pdf)"),
        &chosen);
    if (file.isEmpty())
        return;
    if (QFileInfo(file).suffix().isEmpty())
        file += chosen.startsWith(QLatin1String("SVG")) ? QStringLiteral(".svg")
            : chosen.startsWith(QLatin1String("PDF"))   ? QStringLiteral(".pdf")
                                                        : QStringLiteral(".png");
    m_folder = QFileInfo(file).absolutePath();
    save(view, file);
}

void PictureSaver::save(QWidget* view, const QString& file)
{
    const QImage seen = view->grab().toImage();
    const QString suffix = QFileInfo(file).suffix().toLower();
    if (suffix != QLatin1String("png") && suffix != QLatin1String("pdf") && suffix != QLatin1String("svg")) {
        Q_EMIT failed(Error{ErrorCode::Usage, toStd(tr("Pictures are not saved as “.%1”").arg(suffix)),
            toStd(file), toStd(tr("end the name with .png, .svg or .pdf"))});
        return;
    }
    // Painting belongs to this thread, encoding and writing do not.
    const QByteArray lines = suffix == QLatin1String("pdf") ? pdfOf(*view, seen)
        : suffix == QLatin1String("svg")                    ? svgOf(*view, seen)
                                                            : QByteArray();
    m_writer.start<bool>(
        [seen, lines, file](const JobContext&) -> Result<bool> {
            Result<QByteArray> bytes = lines.isEmpty() ? pngOf(seen) : Result<QByteArray>(lines);
            if (!bytes)
                return forward(std::move(bytes));
            if (Status written = writeWhole(file, *bytes); !written)
                return forward(std::move(written));
            return true;
        },
        [this, file](Result<bool> done) {
            if (done)
                Q_EMIT saved(file);
            else
                Q_EMIT failed(done.error());
        });
}

} // namespace mantissa::ui
