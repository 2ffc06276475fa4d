// SPDX-License-Identifier: GPL-3.0-or-later
// ctq: the command line of convert-to-quant, argument for argument. It is parsed by engine/ctq with the rules
// of Python's argparse; what is declared here is for the man page and the completions.
#include "app/cli/command.h"
#include "engine/ctq/ctq.h"
#include "engine/ctq/options.h"
#include "engine/plan/ctq_filters.h"
#include "engine/base/json.h"

namespace mantissa::cli {
namespace {

/// The spellings that CLI11 can hold ("-fpmm" is none), with commas between.
std::string declaredNames(std::string_view names)
{
    std::string declared;
    for (const std::string_view name : ctq::words(names))
        if (name.starts_with("--") || name.size() == 2)
            declared += (declared.empty() ? "" : ",") + std::string(name);
    return declared;
}

class Ctq final : public Command {
public:
    void declare(Options& options) override
    {
        for (const ctq::OptionSpec& spec : ctq::optionTable()) {
            if (spec.key == "json" || spec.key == "quiet")
                continue; // the program's own
            const std::string names = declaredNames(spec.names);
            if (spec.kind == ctq::OptionKind::Switch) {
                options.flag(names, m_switch, std::string(spec.help));
                continue;
            }
            const OptionHandle option = options.add(names, m_values, std::string(spec.help));
            if (!spec.choices.empty()) {
                const auto choices = ctq::words(spec.choices);
                option.oneOf(std::vector<std::string>(choices.begin(), choices.end()));
            }
        }
        for (const CtqFilter& filter : ctqFilters())
            options.flag("--" + filter.id, m_switch,
                fmt::format("Leave out what {} models need unquantized", filter.id));
    }

    bool parsesItself() const override { return true; }

    int run(const Console& console) override
    {
        Console own = console;
        own.json = console.json || ctqWantsJson(arguments);
        own.quiet = console.quiet || ctqWantsQuiet(arguments);
        if (own.json && !ctqWantsJson(arguments))
            arguments.emplace_back("--json");
        const auto outcome = runJob(own, [&](const JobContext& job) { return runCtq(arguments, {}, job); });
        if (!outcome)
            return own.report(outcome.error());
        for (const std::string& note : outcome->notes)
            own.note(note);
        own.print(outcome->text);
        if (own.json)
            own.document(parseOrderedJson(outcome->text));
        return 0;
    }

private:
    bool m_switch = false;
    std::vector<std::string> m_values;
};

} // namespace

std::unique_ptr<Command> makeCtq()
{
    return std::make_unique<Ctq>();
}

} // namespace mantissa::cli
