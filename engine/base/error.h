// SPDX-License-Identifier: GPL-3.0-or-later
// The one error type of the engine: a value, never an exception that crosses a layer.
#pragma once

#include "engine/base/sentence.h"

#include <fmt/format.h>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace mantissa {

/// The values are the exit codes of the command line (docs/cli: "Rules for all verbs").
enum class ErrorCode {
    Internal = 1, ///< a defect of ours
    Usage = 2, ///< what was asked for makes no sense
    InvalidInput = 3, ///< the input is not what it claims to be: malformed, truncated, hostile
    Unsupported = 4, ///< understood, but not supported
    System = 5, ///< the system refused: missing file, permission, disk full, out of memory
    CheckFailed = 6, ///< a check that was asked for did not pass
    Cancelled = 130, ///< the user stopped the work
};

/// What went wrong, in one sentence that a user can act on. The three texts are English, and know what a
/// window makes its own language's from (sentence.h): write what has arguments with sentence() or fail(), not
/// with fmt::format or +.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    Sentence message; ///< one sentence without a final stop; names what is wrong
    Sentence where; ///< file, tensor or byte offset; may be empty
    Sentence hint; ///< what to do about it; may be empty

    /// Adds the place to an error that does not name one yet.
    Error&& at(Sentence place) &&
    {
        if (where.empty())
            where = std::move(place);
        return std::move(*this);
    }
    Error&& withHint(Sentence text) &&
    {
        hint = std::move(text);
        return std::move(*this);
    }
};

template <typename T> using Result = tl::expected<T, Error>;
using Status = Result<void>;

/// `return fail(ErrorCode::InvalidInput, "the header is {} bytes long", n);`
template <typename... Args>
[[nodiscard]] tl::unexpected<Error> fail(ErrorCode code, fmt::format_string<Args...> text, Args&&... args)
{
    return tl::unexpected<Error>(Error{code, sentence(text, std::forward<Args>(args)...), {}, {}});
}

/// Passes an error on from a Result of another type.
template <typename T> [[nodiscard]] tl::unexpected<Error> forward(Result<T>&& failed)
{
    return tl::unexpected<Error>(std::move(failed.error()));
}

} // namespace mantissa
