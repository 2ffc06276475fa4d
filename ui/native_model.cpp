// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/native_model.h"

#include "ui/text.h"

namespace mantissa::ui {

Result<NativeModel> detectNative(
    std::shared_ptr<const TensorSource> source, const DetectionOverrides& overrides)
{
    auto model = detectModel(std::move(source), overrides);
    if (!model)
        return forward(std::move(model));
    return withNativeKeys(std::move(*model), overrides);
}

Result<std::shared_ptr<const Model>> openNative(const QString& file, const DetectionOverrides& overrides)
{
    auto source = openCheckpoint(toPath(file));
    if (!source)
        return tl::unexpected(source.error());
    auto native = detectNative(std::move(*source), overrides);
    if (!native)
        return tl::unexpected(std::move(native.error()).at(toStd(file)));
    return std::move(native->model);
}

} // namespace mantissa::ui
