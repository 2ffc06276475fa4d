// SPDX-License-Identifier: GPL-3.0-or-later
// man and completions: for packagers; not listed in the help.
#include "app/build_info.h"
#include "app/cli/command.h"
#include "app/cli/manual.h"

namespace mantissa::cli {
namespace {

class Man final : public Command {
public:
    void declare(Options& options) override
    {
        options.hideVerb();
        options.flag("--markdown", m_markdown, "As docs/CLI.md");
    }

    int run(const Console& console) override
    {
        console.print(m_markdown ? markdownManual(optionTable()) : manPage(optionTable(), buildVersion()));
        return 0;
    }

private:
    bool m_markdown = false;
};

class Completions final : public Command {
public:
    void declare(Options& options) override
    {
        options.hideVerb();
        options.add("SHELL", m_shell, "The shell to complete for").required().oneOf({"bash", "zsh", "fish"});
    }

    int run(const Console& console) override
    {
        const OptionTable table = optionTable();
        console.print(m_shell == "bash" ? bashCompletion(table)
                : m_shell == "zsh"      ? zshCompletion(table)
                                        : fishCompletion(table));
        return 0;
    }

private:
    std::string m_shell;
};

} // namespace

std::unique_ptr<Command> makeMan()
{
    return std::make_unique<Man>();
}
std::unique_ptr<Command> makeCompletions()
{
    return std::make_unique<Completions>();
}

} // namespace mantissa::cli
