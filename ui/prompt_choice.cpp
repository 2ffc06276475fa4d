// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/prompt_choice.h"

#include "engine/calibration/calibration.h"
#include "ui/state_file.h"
#include "ui/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace mantissa::ui {

namespace {

constexpr qint64 kMaxPromptBytes = 8 << 20;

struct PromptText {
    Q_DECLARE_TR_FUNCTIONS(mantissa::ui::PromptSource)
};

Result<PromptList> allPrompts(const PromptChoice& choice, const std::function<Result<PromptList>()>& shipped)
{
    switch (choice.from) {
    case PromptChoice::From::Shipped:
        return shipped();
    case PromptChoice::From::Typed:
        return parsePrompts(toStd(choice.typed));
    case PromptChoice::From::File:
        break;
    }
    const auto text = readWhole(choice.file, kMaxPromptBytes);
    if (!text)
        return tl::unexpected(text.error());
    return parsePrompts(text->toStdString());
}

} // namespace

QString promptObstacle(const PromptChoice& choice)
{
    if (choice.from == PromptChoice::From::File && choice.file.trimmed().isEmpty())
        return PromptText::tr("Choose the file with the prompts.");
    if (choice.from == PromptChoice::From::Typed && parsePrompts(toStd(choice.typed)).empty())
        return PromptText::tr("Type at least one prompt, one a line.");
    return {};
}

Result<PromptList> readPrompts(
    const PromptChoice& choice, std::size_t most, const std::function<Result<PromptList>()>& shipped)
{
    auto prompts = allPrompts(choice, shipped);
    if (!prompts)
        return prompts;
    if (prompts->empty())
        return tl::unexpected(Error{ErrorCode::InvalidInput, "there is no prompt in it", toStd(choice.file),
            "write one prompt a line"});
    if (most > 0)
        prompts->resize(std::min(prompts->size(), most));
    return prompts;
}

} // namespace mantissa::ui
