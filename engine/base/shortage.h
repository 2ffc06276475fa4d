// SPDX-License-Identifier: GPL-3.0-or-later
// What a job ran out of: memory, room on a disk, its GPU. None of these is the end of the job: a window
// pauses it and asks, a command line says what to do.
#pragma once

#include "engine/base/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace mantissa {

enum class Shortage { Memory, Disk, Device };

/// Errors of the engine carry these texts, so that a shortage is known again, also behind a process boundary.
inline constexpr std::string_view kMemoryHint = "set a lower --memory-limit";
inline constexpr std::string_view kDiskHint
    = "free some space on that disk, or choose another folder for the output";
inline constexpr std::string_view kNoDevice = "libtorch finds no CUDA device on this machine";

/// System, with the hint that memory asks for. `what`: one sentence without a final stop.
Error outOfMemory(Sentence what, Sentence where = {});

/// For catch (...): std::bad_alloc, and threads that the system refuses, become outOfMemory(), everything
/// else Internal.
Error errorOfException(Sentence where = {});

/// Empty: the error is none of these.
std::optional<Shortage> shortageOf(const Error& error);

} // namespace mantissa
