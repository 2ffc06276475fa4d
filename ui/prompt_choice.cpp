// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/prompt_choice.h"

#include "engine/calibration/calibration.h"
#include "ui/state_file.h"
#include "ui/text.h"

#include <QCoreApplication>

namespace mantissa::ui {

namespace {

constexpr qint64 kMaxPromptBytes = 8 << 20;

struct PromptText {
    Q_DECLARE_TR_FUNCTIONS(mantissa::ui::PromptSource)
};

} // namespace

QString promptObstacle(const PromptChoice& choice)
{
    if (choice.from == PromptChoice::From::File && choice.file.trimmed().isEmpty())
        return PromptText::tr("Choose the file with the prompts.");
    if (choice.from == PromptChoice::From::Typed && parsePrompts(toStd(choice.typed)).empty())
        return PromptText::tr("Type at least one prompt, one a line.");
    return {};
}

Result<PromptList> givenPrompts(const PromptChoice& choice)
{
    if (choice.from == PromptChoice::From::Shipped)
        return PromptList{};
    std::string text = toStd(choice.typed);
    if (choice.from == PromptChoice::From::File) {
        const auto read = readWhole(choice.file, kMaxPromptBytes);
        if (!read)
            return tl::unexpected(read.error());
        text = read->toStdString();
    }
    PromptList prompts = parsePrompts(text);
    if (prompts.empty())
        return tl::unexpected(Error{ErrorCode::InvalidInput, "there is no prompt in it", toStd(choice.file),
            "write one prompt a line"});
    return prompts;
}

} // namespace mantissa::ui
