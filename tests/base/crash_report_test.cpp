// SPDX-License-Identifier: GPL-3.0-or-later
// Real crashes, in children of this process.
#include "engine/base/crash_report.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace mantissa;
using namespace mantissa::test;
using Catch::Contains;

namespace {

struct Crash {
    int signal = 0; ///< that the parent sees
    std::vector<std::string> reports;
};

/// Runs `doom` in a child that reports its crashes into `folder`.
Crash crashIn(const std::filesystem::path& folder, bool nameFiles, const std::function<void()>& doom)
{
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const rlimit noCore{0, 0};
        ::setrlimit(RLIMIT_CORE, &noCore);
        ::alarm(30);
        if (!installCrashReports({folder, "mantissa-test", "1.2.3", nameFiles}))
            ::_exit(1);
        doom();
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    Crash crash;
    crash.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        CHECK(entry.path().filename().string().starts_with("crash-"));
        std::ifstream in(entry.path());
        crash.reports.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return crash;
}

// Catch2 has handlers of its own; ours replace them in the child.
int overflow(int depth) // NOLINT(misc-no-recursion): until there is no stack left
{
    volatile char room[4096];
    room[depth % 4096] = static_cast<char>(depth);
    return depth < 0 ? depth : overflow(depth + 1) + room[(depth + 1) % 4096];
}

} // namespace

TEST_CASE("A crash leaves a report, and the parent sees the signal")
{
    const TempFolder folder;
    const Crash crash = crashIn(folder / "crashes", false, [] {
        for (int line = 0; line < 100; ++line)
            noteForCrash(fmt::format("line {}", line));
        noteForCrash("Started: /home/somebody/my secret.safetensors");
        setCrashFile("/home/somebody/my secret.safetensors");
        ::raise(SIGSEGV);
    });
    CHECK(crash.signal == SIGSEGV);
    REQUIRE(crash.reports.size() == 1);
    const std::string& text = crash.reports.front();
    INFO(text);
    CHECK_THAT(text, Contains("mantissa-test 1.2.3\n"));
    CHECK_THAT(text, Contains(fmt::format("signal: {}, SIGSEGV", SIGSEGV)));
    CHECK_THAT(text, Contains("crashed: 20") && Contains(" UTC\n"));
    CHECK_THAT(text, Contains("  line 99\n") && !Contains("  line 10\n"));
    CHECK_THAT(text, Contains("Started: (file)\n"));
    CHECK_THAT(text, !Contains("secret") && !Contains("somebody") && !Contains("file: "));
    CHECK_THAT(text, Contains("test_base +0x"));
    CHECK_THAT(text, !Contains("/"));
}

TEST_CASE("Names of files are in a report where they are allowed")
{
    const TempFolder folder;
    const Crash crash = crashIn(folder / "crashes", true, [] {
        noteForCrash("Started: /data/model.safetensors");
        setCrashFile("/data/model.safetensors");
        std::abort();
    });
    CHECK(crash.signal == SIGABRT);
    REQUIRE(crash.reports.size() == 1);
    CHECK_THAT(crash.reports.front(), Contains("file: /data/model.safetensors\n"));
    CHECK_THAT(crash.reports.front(), Contains("Started: /data/model.safetensors\n"));
}

TEST_CASE("Exceptions that nobody catches, threads and overflowing stacks are reported")
{
    const TempFolder folder;
    const Crash thrown = crashIn(
        folder / "a", false, [] { std::thread([] { throw std::runtime_error("no way on"); }).join(); });
    CHECK(thrown.signal == SIGABRT);
    REQUIRE(thrown.reports.size() == 1);
    CHECK_THAT(thrown.reports.front(), Contains("exception: no way on\n"));
#ifndef __SANITIZE_ADDRESS__ // its own checks come first
    const Crash deep = crashIn(folder / "b", false, [] { ::_exit(overflow(0) & 1); });
    CHECK(deep.signal == SIGSEGV);
    CHECK(deep.reports.size() == 1);
#endif
}

TEST_CASE("Text up to a name is kept, the name and what follows is not")
{
    CHECK(withoutFileNames("12 weights are NaN or infinity") == "12 weights are NaN or infinity");
    CHECK(withoutFileNames("block.1.attn: odd") == "block.1.attn: odd");
    CHECK(withoutFileNames("cannot read a b.ckpt now") == "cannot read a (file)");
    CHECK(withoutFileNames("in /tmp/a b c: no") == "in (file)");
    CHECK(withoutFileNames("") == "");
}
