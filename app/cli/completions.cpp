// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/manual.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mantissa::cli {
namespace {

std::vector<std::string> dashed(const OptionRow& option)
{
    std::vector<std::string> names;
    for (const std::string& name : option.longNames)
        names.emplace_back("--" + name);
    for (const std::string& name : option.shortNames)
        names.emplace_back("-" + name);
    return names;
}

std::vector<std::string> verbNames(const OptionTable& table)
{
    std::vector<std::string> names;
    for (const VerbRow& verb : table.verbs)
        names.push_back(verb.name);
    return names;
}

/// Inside '…' of a shell.
std::string shellQuoted(std::string_view text)
{
    std::string out;
    for (const char c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out;
}

/// Inside '…[here]' of zsh's _arguments.
std::string zshText(std::string_view text)
{
    std::string out;
    for (const char c : shellQuoted(text)) {
        if (c == '[' || c == ']' || c == ':')
            out += '\\';
        out += c;
    }
    return out;
}

void appendZshOptions(std::string& out, const VerbRow& verb, std::string_view indent)
{
    for (const OptionRow& option : verb.options) {
        for (const std::string& name : dashed(option)) {
            out += fmt::format(" \\\n{}'*{}{}[{}]", indent, name,
                option.takesValue && name.starts_with("--") ? "=" : "", zshText(option.summary));
            if (option.takesValue)
                out += option.values.empty() ? ":value:_files"
                                             : fmt::format(":value:({})", fmt::join(option.values, " "));
            out += "'";
        }
    }
}

} // namespace

std::string bashCompletion(const OptionTable& table)
{
    std::string words; // options of each verb
    std::string choices; // values of each option that has a list of them
    std::vector<std::string> everywhere;
    for (const OptionRow& option : table.program.options)
        for (const std::string& name : dashed(option))
            everywhere.push_back(name);
    for (const VerbRow& verb : table.verbs) {
        std::vector<std::string> names = everywhere;
        for (const OptionRow& option : verb.options) {
            const std::vector<std::string> own = dashed(option);
            names.insert(names.end(), own.begin(), own.end());
            if (option.values.empty() || own.empty())
                continue;
            std::vector<std::string> patterns;
            patterns.reserve(own.size());
            for (const std::string& name : own)
                patterns.push_back(verb.name + ":" + name);
            choices += fmt::format("    {}) COMPREPLY=($(compgen -W '{}' -- \"$current\")); return ;;\n",
                fmt::join(patterns, "|"), fmt::join(option.values, " "));
        }
        words += fmt::format("    {}) words='{}' ;;\n", verb.name, fmt::join(names, " "));
    }
    return fmt::format(R"(# bash completion for mantissa; printed by `mantissa completions bash`
_mantissa() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} verb='' word words=''
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case $word in -*) ;; *) verb=$word; break ;; esac
    done
    # In --option=value bash makes '=' a word of its own.
    if [ "$current" = '=' ]; then current=''; elif [ "$previous" = '=' ]; then previous=${{COMP_WORDS[COMP_CWORD-2]}}; fi
    case $verb:$previous in
{1}    esac
    case $verb in
    '') words='{0} {2}' ;;
{3}    esac
    case $verb:$current in
    :* | *:-*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
    esac
}}
complete -o filenames -F _mantissa mantissa
)",
        fmt::join(verbNames(table), " "), choices, fmt::join(everywhere, " "), words);
}

std::string zshCompletion(const OptionTable& table)
{
    std::string out
        = "#compdef mantissa\n# zsh completion for mantissa; printed by `mantissa completions zsh`\n"
          "_mantissa() {\n    local state\n    local -a verbs\n    verbs=(\n";
    for (const VerbRow& verb : table.verbs)
        out += fmt::format("        '{}:{}'\n", verb.name, shellQuoted(verb.summary));
    out += "    )\n    _arguments -C";
    appendZshOptions(out, table.program, "        ");
    out += " \\\n        '1:verb:->verb' '*::argument:->arguments'\n    case $state in\n"
           "    verb) _describe verb verbs ;;\n    arguments)\n        case $words[1] in\n";
    for (const VerbRow& verb : table.verbs) {
        out += fmt::format("        {}) _arguments", verb.name);
        appendZshOptions(out, verb, "            ");
        out += " \\\n            '*:file:_files' ;;\n";
    }
    return out + "        esac ;;\n    esac\n}\n_mantissa \"$@\"\n";
}

std::string fishCompletion(const OptionTable& table)
{
    std::string out = "# fish completion for mantissa; printed by `mantissa completions fish`\n";
    const auto options = [&out](const VerbRow& verb, const std::string& condition) {
        for (const OptionRow& option : verb.options) {
            if (option.longNames.empty() && option.shortNames.empty())
                continue;
            out += "complete -c mantissa" + condition;
            for (const std::string& name : option.longNames)
                out += " -l " + name;
            for (const std::string& name : option.shortNames)
                out += " -s " + name;
            if (!option.values.empty())
                out += fmt::format(" -x -a '{}'", fmt::join(option.values, " "));
            else if (option.takesValue)
                out += " -r";
            out += fmt::format(" -d '{}'\n", shellQuoted(option.summary));
        }
    };
    options(table.program, "");
    for (const VerbRow& verb : table.verbs) {
        out += fmt::format("complete -c mantissa -n __fish_use_subcommand -f -a {} -d '{}'\n", verb.name,
            shellQuoted(verb.summary));
        options(verb, fmt::format(" -n '__fish_seen_subcommand_from {}'", verb.name));
    }
    return out;
}

} // namespace mantissa::cli
