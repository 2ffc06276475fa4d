// SPDX-License-Identifier: GPL-3.0-or-later
// Copying and saving what is seen: the pictures under comparison and every plot, by one pair of actions, in
// the views' own context menus too.
#pragma once

#include "ui/actions.h"
#include "ui/job_controller.h"

#include <QList>
#include <QObject>
#include <QPointer>
#include <QWidget>

namespace mantissa::ui {

class PictureSaver : public QObject {
    Q_OBJECT
public:
    /// Takes the actions CopyPicture and SavePicture over.
    explicit PictureSaver(const Actions& actions, QObject* parent = nullptr);

    /// `name`: what files are called at first, without a suffix. Views are asked in this order when an action
    /// comes by menu or key; one that has the focus comes before all.
    void offer(QWidget* view, const QString& name);
    /// The view that the actions mean; null where none is seen.
    QWidget* current() const;
    /// As it is seen. `file` ends with .png, .pdf or .svg; plots become lines and letters in the last two.
    void save(QWidget* view, const QString& file);

Q_SIGNALS:
    void saved(const QString& file);
    void copied();
    void failed(const mantissa::Error& error);

private:
    struct Offer {
        QPointer<QWidget> view;
        QString name;
    };
    void copy(QWidget* view);
    void askAndSave(QWidget* view);

    QList<Offer> m_offers;
    QString m_folder; ///< of the last one
    JobController m_writer;
};

} // namespace mantissa::ui
