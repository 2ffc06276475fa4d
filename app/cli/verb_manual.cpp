// SPDX-License-Identifier: GPL-3.0-or-later
// man and completions: for packagers; not listed in the help.
#include "app/build_info.h"
#include "app/cli/command.h"
#include "app/cli/manual.h"

#include <CLI/CLI.hpp>

namespace mantissa::cli {
namespace {

OptionTable ownTable()
{
    Console console;
    std::vector<std::unique_ptr<Command>> commands;
    return optionTable(*makeApp(commands, console));
}

class Man final : public Command {
public:
    void declare(CLI::App& app) override
    {
        app.group("");
        app.add_flag("--markdown", m_markdown, "As docs/CLI.md");
    }

    int run(const Console& console) override
    {
        console.print(m_markdown ? markdownManual(ownTable()) : manPage(ownTable(), buildVersion()));
        return 0;
    }

private:
    bool m_markdown = false;
};

class Completions final : public Command {
public:
    void declare(CLI::App& app) override
    {
        app.group("");
        app.add_option("SHELL", m_shell, "The shell to complete for")
            ->required()
            ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    }

    int run(const Console& console) override
    {
        const OptionTable table = ownTable();
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
