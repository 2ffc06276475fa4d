// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/options.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace mantissa::cli {

OptionHandle OptionHandle::group(const std::string& heading) const
{
    m_option.group(heading);
    return *this;
}

OptionHandle OptionHandle::required() const
{
    m_option.required();
    return *this;
}

OptionHandle OptionHandle::oneOf(std::vector<std::string> values) const
{
    m_option.check(CLI::IsMember(std::move(values)));
    return *this;
}

OptionHandle OptionHandle::oneOf(std::initializer_list<int> values) const
{
    m_option.check(CLI::IsMember(std::vector<int>(values)));
    return *this;
}

OptionHandle OptionHandle::between(int lowest, int highest) const
{
    m_option.check(CLI::Range(lowest, highest));
    return *this;
}

OptionHandle OptionHandle::between(double lowest, double highest) const
{
    m_option.check(CLI::Range(lowest, highest));
    return *this;
}

OptionHandle OptionHandle::positive() const
{
    m_option.check(CLI::PositiveNumber);
    return *this;
}

OptionHandle OptionHandle::separatedBy(char delimiter) const
{
    m_option.delimiter(delimiter);
    return *this;
}

OptionHandle OptionHandle::values(int count) const
{
    m_option.expected(count);
    return *this;
}

OptionHandle OptionHandle::values(int fewest, int most) const
{
    m_option.expected(fewest, most);
    return *this;
}

template <typename T>
OptionHandle Options::add(const std::string& names, T& value, const std::string& summary)
{
    return OptionHandle(*m_app.add_option(names, value, summary));
}

OptionHandle Options::flag(const std::string& names, bool& value, const std::string& summary)
{
    return OptionHandle(*m_app.add_flag(names, value, summary));
}

void Options::hideVerb()
{
    m_app.group("");
}

#define MANTISSA_OPTION_TYPE(T) template OptionHandle Options::add(const std::string&, T&, const std::string&)
MANTISSA_OPTION_TYPE(std::string);
MANTISSA_OPTION_TYPE(int);
MANTISSA_OPTION_TYPE(unsigned);
MANTISSA_OPTION_TYPE(std::int64_t);
MANTISSA_OPTION_TYPE(std::uint64_t);
MANTISSA_OPTION_TYPE(float);
MANTISSA_OPTION_TYPE(double);
MANTISSA_OPTION_TYPE(std::filesystem::path);
MANTISSA_OPTION_TYPE(std::optional<double>);
MANTISSA_OPTION_TYPE(std::vector<std::string>);
MANTISSA_OPTION_TYPE(std::vector<std::filesystem::path>);
MANTISSA_OPTION_TYPE(std::vector<int>);
MANTISSA_OPTION_TYPE(std::vector<std::uint64_t>);
#undef MANTISSA_OPTION_TYPE

} // namespace mantissa::cli
