// SPDX-License-Identifier: GPL-3.0-or-later
// Private to the readers' .cpp files: nlohmann's event parser with a byte position and without a document in
// memory.
#pragma once

#include "engine/base/error.h"
#include "engine/base/json.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace mantissa::detail {

/// Walks over text and tells how far the parser has come.
class JsonCursor {
public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    JsonCursor() = default;
    JsonCursor(const char* at, const char** seen)
        : m_at(at)
        , m_seen(seen)
    { }
    reference operator*() const { return *m_at; }
    JsonCursor& operator++()
    {
        *m_seen = ++m_at;
        return *this;
    }
    JsonCursor operator++(int)
    {
        JsonCursor before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const JsonCursor& a, const JsonCursor& b) { return a.m_at == b.m_at; }

private:
    const char* m_at = nullptr;
    const char** m_seen = nullptr;
};

/// Events of a JSON text. Handlers override what they accept; everything else is refused. `refuse` ends the
/// parsing.
class JsonEvents : public nlohmann::json_sax<nlohmann::json> {
public:
    bool null() override { return unexpected("null"); }
    bool boolean(bool) override { return unexpected("true or false"); }
    bool number_integer(std::int64_t) override { return unexpected("a negative number"); }
    bool number_unsigned(std::uint64_t) override { return unexpected("a number"); }
    bool number_float(double, const std::string&) override
    {
        return unexpected("a number that is not a whole one");
    }
    bool string(std::string&) override { return unexpected("a text"); }
    bool binary(nlohmann::json::binary_t&) override { return unexpected("binary data"); }
    bool start_array(std::size_t) override { return unexpected("a list"); }
    bool end_array() override { return true; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override
    {
        return refuse("it is not valid JSON");
    }

    /// Parses all of `text`; the problem and its byte position, or nothing. The text must be valid UTF-8.
    struct Problem {
        Sentence message;
        std::size_t position = 0;
    };
    std::optional<Problem> parse(std::string_view text)
    {
        m_begin = m_seen = text.data();
        const bool good = nlohmann::json::sax_parse(
            JsonCursor(text.data(), &m_seen), JsonCursor(text.data() + text.size(), &m_seen), this);
        if (good)
            return std::nullopt;
        return Problem{m_problem, position()};
    }

protected:
    bool refuse(Sentence message)
    {
        if (m_problem.empty())
            m_problem = std::move(message);
        return false;
    }
    virtual bool unexpected(std::string_view what) = 0;
    /// Bytes consumed so far: the end of the token of the present event.
    std::size_t position() const { return static_cast<std::size_t>(m_seen - m_begin); }

private:
    const char* m_begin = nullptr;
    const char* m_seen = nullptr;
    Sentence m_problem;
};

} // namespace mantissa::detail
