// SPDX-License-Identifier: GPL-3.0-or-later
// Declares the options of a verb. CLI11 reads the command line; its header takes 4 s a file to compile, so
// that it is seen by the few files that parse, and not by every verb.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace mantissa::cli {

/// One declared option, to say more about it. Valid as long as its parser.
class OptionHandle {
public:
    explicit OptionHandle(CLI::Option& option)
        : m_option(option)
    { }
    /// Under which heading of the help it stands.
    OptionHandle group(const std::string& heading) const;
    OptionHandle required() const;
    /// Refuses other values, and names these in the help and to completions.
    OptionHandle oneOf(std::vector<std::string> values) const;
    OptionHandle oneOf(std::initializer_list<int> values) const;
    OptionHandle between(int lowest, int highest) const;
    OptionHandle between(double lowest, double highest) const;
    OptionHandle positive() const;
    /// One value may hold several, with this character between them.
    OptionHandle separatedBy(char delimiter) const;
    /// How many values follow the name; a negative number: that many or more.
    OptionHandle values(int count) const;
    OptionHandle values(int fewest, int most) const;

private:
    CLI::Option& m_option;
};

/// The options of one verb. Values are written where the caller says when the command line is parsed, and
/// keep their defaults where an option is not given: they must live as long as the parser.
class Options {
public:
    explicit Options(CLI::App& app)
        : m_app(app)
    { }
    /// An option with a value. `names` as in "-o,--output"; without dashes it is positional. The types
    /// of values are those that options.cpp instantiates.
    template <typename T> OptionHandle add(const std::string& names, T& value, const std::string& summary);
    /// An option without one, which sets `value`.
    OptionHandle flag(const std::string& names, bool& value, const std::string& summary);
    /// Leaves the verb out of the list of verbs.
    void hideVerb();

private:
    CLI::App& m_app;
};

} // namespace mantissa::cli
