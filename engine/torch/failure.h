// SPDX-License-Identifier: GPL-3.0-or-later
// Errors inside engine/torch. libtorch throws, so code between it and the library's boundary does too;
// guarded() at the boundary turns whatever was thrown into the engine's Result. Nothing else of the engine
// sees an exception.
#pragma once

#include "engine/base/error.h"

#include <new>
#include <stdexcept>

namespace mantissa {

/// Carries an Error up to guarded().
class Failure : public std::exception {
public:
    explicit Failure(Error error)
        : m_error(std::move(error))
    { }
    const Error& error() const { return m_error; }
    const char* what() const noexcept override { return m_error.message.c_str(); }

private:
    Error m_error;
};

/// `raise(ErrorCode::InvalidInput, "{} has {} dimensions", name, n);`
template <typename... Args>
[[noreturn]] void raise(ErrorCode code, fmt::format_string<Args...> text, Args&&... args)
{
    throw Failure(Error{code, sentence(text, std::forward<Args>(args)...), {}, {}});
}

/// The value of a Result; its error goes up as a Failure.
template <typename T> T valueOf(Result<T>&& result)
{
    if (!result)
        throw Failure(std::move(result.error()));
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

/// Runs `work` and turns what it throws into an error: a Failure keeps its own, memory that is not there is
/// System, all else that libtorch throws is Internal with libtorch's first line.
template <typename Work> auto guarded(const Work& work) -> Result<decltype(work())>
{
    try {
        if constexpr (std::is_void_v<decltype(work())>) {
            work();
            return {};
        } else {
            return work();
        }
    } catch (const Failure& failure) {
        return tl::unexpected(failure.error());
    } catch (const std::bad_alloc&) {
        return tl::unexpected(Error{ErrorCode::System, "out of memory", {}, "set a lower --memory-limit"});
    } catch (const std::exception& problem) {
        const std::string text = problem.what();
        if (text.find("not enough memory") != std::string::npos
            || text.find("out of memory") != std::string::npos)
            return tl::unexpected(
                Error{ErrorCode::System, "out of memory", {}, "set a lower --memory-limit"});
        return fail(ErrorCode::Internal, "libtorch: {}", text.substr(0, text.find('\n')));
    }
}

} // namespace mantissa
