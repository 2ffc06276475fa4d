// SPDX-License-Identifier: GPL-3.0-or-later
// Where what is made from a checkpoint goes, unless a person says otherwise.
#pragma once

#include <QString>

namespace mantissa::ui {

/// The name of the checkpoint (file or folder) with another ending ("-nvfp4.safetensors"), beside it; in the
/// home folder where nothing can be written beside it, and for the sample, which lies in the program's own
/// folders.
QString suggestedFile(const QString& checkpoint, const QString& ending);

} // namespace mantissa::ui
