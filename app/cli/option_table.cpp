// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/option_table.h"

#include "app/cli/command.h"

#include <CLI/CLI.hpp>

namespace mantissa::cli {
namespace {

/// CLI11 shows a list of accepted values in the type: "TEXT:{float32,float16}".
std::vector<std::string> acceptedValues(const std::string& typeName)
{
    std::vector<std::string> values;
    const std::size_t begin = typeName.find('{');
    const std::size_t end = typeName.rfind('}');
    if (begin == std::string::npos || end == std::string::npos || end < begin)
        return values;
    std::string rest = typeName.substr(begin + 1, end - begin - 1);
    for (std::size_t comma = 0; comma != std::string::npos;) {
        comma = rest.find(',');
        values.push_back(rest.substr(0, comma));
        rest.erase(0, comma == std::string::npos ? comma : comma + 1);
    }
    return values;
}

VerbRow readVerb(const CLI::App& app)
{
    VerbRow verb{app.get_name(), app.get_description(), app.get_footer(), {}};
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_group().empty())
            continue; // hidden
        OptionRow row;
        row.longNames = option->get_lnames();
        row.shortNames = option->get_snames();
        if (!option->nonpositional())
            row.positional = option->get_name(true);
        row.summary = option->get_description();
        row.group = option->get_group();
        row.values = acceptedValues(option->get_type_name());
        row.takesValue = option->get_items_expected_max() > 0;
        row.required = option->get_required();
        verb.options.push_back(std::move(row));
    }
    return verb;
}

} // namespace

OptionTable optionTable()
{
    Console console;
    std::vector<std::unique_ptr<Command>> commands;
    const auto app = makeApp(commands, console);
    OptionTable table;
    table.program = readVerb(*app);
    table.program.name.clear();
    for (const CLI::App* verb : app->get_subcommands([](const CLI::App*) { return true; }))
        if (!verb->get_group().empty())
            table.verbs.push_back(readVerb(*verb));
    return table;
}

} // namespace mantissa::cli
