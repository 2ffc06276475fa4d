// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/manual.h"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mantissa::cli {
namespace {

struct ExitCode {
    int code;
    std::string_view meaning;
};

constexpr std::array kExitCodes = {
    ExitCode{0, "Done."},
    ExitCode{1, "A defect of Mantissa; please report it."},
    ExitCode{2, "Wrong usage."},
    ExitCode{3,
        "The input is not what it claims to be: malformed, truncated, hostile, or a pickle that would run "
        "code."},
    ExitCode{4, "Understood, but not supported."},
    ExitCode{5, "The system refused: missing or unreadable file, disk full, permission, out of memory."},
    ExitCode{6, "A check failed (verify)."},
    ExitCode{130, "Cancelled by SIGINT or SIGTERM."},
};

struct Example {
    std::string_view what;
    std::string_view command;
};

constexpr std::array kExamples = {
    Example{"See what a file is", "mantissa inspect model.safetensors"},
    Example{
        "See what a conversion would do to each layer", "mantissa analyze model.safetensors --format nvfp4"},
    Example{
        "Convert", "mantissa quantize -i model.safetensors -o model-fp8.safetensors --format float8_e4m3fn"},
    Example{"Check the result against the original",
        "mantissa verify model-fp8.safetensors --against model.safetensors"},
    Example{
        "Bring a pickled checkpoint into safetensors", "mantissa convert model.ckpt -o model.safetensors"},
};

/// "-o, --output VALUE" or "FILE".
std::string signature(const OptionRow& option)
{
    if (!option.positional.empty() && option.longNames.empty() && option.shortNames.empty())
        return option.positional;
    std::vector<std::string> names;
    for (const std::string& name : option.shortNames)
        names.emplace_back("-" + name);
    for (const std::string& name : option.longNames)
        names.emplace_back("--" + name);
    std::string text = fmt::format("{}", fmt::join(names, ", "));
    if (!option.takesValue)
        return text;
    return text + (option.values.empty() ? " VALUE" : fmt::format(" {}", fmt::join(option.values, "|")));
}

std::string synopsis(const VerbRow& verb)
{
    std::string text = "mantissa " + verb.name;
    for (const OptionRow& option : verb.options) {
        if (!option.positional.empty())
            text += option.required ? " " + option.positional : " [" + option.positional + "]";
        else if (option.required)
            text += fmt::format(" {} VALUE",
                option.shortNames.empty() ? "--" + option.longNames.front()
                                          : "-" + option.shortNames.front());
    }
    return text + " [OPTION...]";
}

/// Text as troff shows it literally.
std::string troff(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else if ((c == '.' || c == '\'') && out.empty())
            out += fmt::format("\\&{}", c);
        else
            out += c;
    }
    return out;
}

void appendTroffOptions(std::string& out, const VerbRow& verb)
{
    for (const OptionRow& option : verb.options)
        out += fmt::format(".TP\n.B {}\n{}\n", troff(signature(option)), troff(option.summary));
}

/// Cells of a markdown table: a bar would end the cell.
std::string cell(std::string_view text)
{
    std::string out;
    for (const char c : text)
        out += c == '|' ? std::string("\\|") : std::string(1, c);
    return out;
}

} // namespace

std::string manPage(const OptionTable& table, std::string_view version)
{
    std::string out = fmt::format(".TH MANTISSA 1 \"\" \"mantissa {}\" \"User Commands\"\n", troff(version));
    out += ".SH NAME\nmantissa \\- quantization studio for diffusion models\n";
    out += ".SH SYNOPSIS\n.B mantissa\n.I VERB\n[\\fIOPTION\\fR...]\n";
    out += ".SH DESCRIPTION\nOpens checkpoints of diffusion models, says what they are, and stores them "
           "layer by layer in "
           "smaller number formats that ComfyUI loads. The window\n.B mantissa\\-studio\ndoes the same by "
           "hand.\n";
    out += ".SH OPTIONS\n";
    appendTroffOptions(out, table.program);
    out += ".SH VERBS\n";
    for (const VerbRow& verb : table.verbs) {
        out += fmt::format(".SS {}\n{}.\n", troff(synopsis(verb)), troff(verb.summary));
        if (!verb.details.empty())
            out += fmt::format(".PP\n{}\n", troff(verb.details));
        appendTroffOptions(out, verb);
    }
    out += ".SH EXIT STATUS\n";
    for (const ExitCode& row : kExitCodes)
        out += fmt::format(".TP\n.B {}\n{}\n", row.code, troff(row.meaning));
    out += ".SH EXAMPLES\n";
    for (const Example& example : kExamples)
        out += fmt::format(
            "{}:\n.PP\n.RS\n.EX\n{}\n.EE\n.RE\n.PP\n", troff(example.what), troff(example.command));
    return out;
}

std::string markdownManual(const OptionTable& table)
{
    std::string out
        = "<!-- Printed by `mantissa man --markdown`; a test checks that it is current. -->\n"
          "# Command line\n\n"
          "`mantissa VERB [OPTION...]`. `--json` prints one JSON document on standard output and nothing "
          "else "
          "there; progress and remarks go to standard error. Output is written to `OUT.part` and renamed "
          "when "
          "whole; an existing output needs `--overwrite`. Underscores in option names count as dashes.\n\n";
    for (const Example& example : kExamples)
        out += fmt::format("- {}: `{}`\n", example.what, example.command);
    out += "\n## Exit codes\n\n| code | meaning |\n|---|---|\n";
    for (const ExitCode& row : kExitCodes)
        out += fmt::format("| {} | {} |\n", row.code, row.meaning);
    const auto options = [&out](const VerbRow& verb) {
        if (verb.options.empty())
            return;
        out += "| option | does |\n|---|---|\n";
        for (const OptionRow& option : verb.options)
            out += fmt::format("| `{}` | {} |\n", cell(signature(option)), cell(option.summary));
    };
    out += "\n## Everywhere\n\n";
    options(table.program);
    for (const VerbRow& verb : table.verbs) {
        out += fmt::format("\n## {}\n\n{}.\n\n    {}\n\n", verb.name, verb.summary, synopsis(verb));
        if (!verb.details.empty())
            out += verb.details + "\n\n";
        options(verb);
    }
    return out;
}

} // namespace mantissa::cli
