// SPDX-License-Identifier: GPL-3.0-or-later
// studio: what is started, with what, and what is said where it cannot be.
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

#include <array>
#include <catch2/catch.hpp>
#include <fcntl.h>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace mantissa::test;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

const std::string kSample = "resources/sample/tiny-sd.safetensors";

/// A copy of the program without the window beside it, and places for stand-ins of the window. A stand-in
/// writes its name, its arguments and whether it has a session of its own into a pipe.
class Stage {
public:
    Stage()
    {
        fs::create_directory(m_folder / "alone");
        fs::create_directory(m_folder / "path");
        fs::copy_file(builtProgram("mantissa"), m_folder / "alone/mantissa");
        REQUIRE(::mkfifo((m_folder / "pipe").c_str(), 0600) == 0);
    }
    ~Stage()
    {
        if (m_pipe >= 0)
            ::close(m_pipe);
    }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    fs::path beside() const { return m_folder / "alone/mantissa-studio"; }
    fs::path elsewhere() const { return m_folder / "path/mantissa-studio"; }

    void place(const fs::path& file, const std::string& name, mode_t mode = 0755) const
    {
        writeFile(file,
            "#!/bin/sh\nread -r pid name state parent group session rest </proc/$$/stat\n{ echo " + name
                + "; for file; do echo \"$file\"; done; [ \"$session\" = $$ ] && echo detached; } >"
                + (m_folder / "pipe").string() + "\n");
        REQUIRE(::chmod(file.c_str(), mode) == 0);
    }

    ProcessResult run(std::vector<std::string> arguments, const std::string& display = ":77",
        const std::string& wayland = {})
    {
        if (m_pipe >= 0)
            ::close(m_pipe); // its end was read: only one that is opened anew waits for the next writer
        m_pipe = ::open((m_folder / "pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        REQUIRE(m_pipe >= 0);
        arguments.insert(arguments.begin(), "studio");
        ProcessOptions options;
        options.environment = {"PATH=" + (m_folder / "path").string() + ":/usr/bin:/bin",
            "DISPLAY=" + display, "WAYLAND_DISPLAY=" + wayland};
        return runProcess((m_folder / "alone/mantissa").string(), arguments, options);
    }

    /// What the stand-in writes, once it has ended.
    std::string written() const
    {
        constexpr int kPatienceMs = 60'000;
        std::string text;
        std::array<char, 1024> piece{};
        for (;;) {
            pollfd waiting{m_pipe, POLLIN, 0};
            REQUIRE(::poll(&waiting, 1, kPatienceMs) == 1);
            const ssize_t count = ::read(m_pipe, piece.data(), piece.size());
            if (count == 0)
                return text;
            REQUIRE(count > 0);
            text.append(piece.data(), static_cast<std::size_t>(count));
        }
    }

private:
    TempFolder m_folder;
    int m_pipe = -1;
};

} // namespace

TEST_CASE("studio starts the window with the files, and does not wait for it")
{
    Stage stage;
    stage.place(stage.elsewhere(), "elsewhere");
    const ProcessResult first = stage.run({kSample, "docs"});
    CAPTURE(first.err);
    CHECK(first.exitCode == 0);
    CHECK(first.out.empty());
    CHECK(first.err.empty());
    CHECK(stage.written() == "elsewhere\n" + kSample + "\ndocs\ndetached\n");
    stage.place(stage.beside(), "beside", 0644); // no program
    CHECK(stage.run({}).exitCode == 0);
    CHECK(stage.written() == "elsewhere\ndetached\n");
    stage.place(stage.beside(), "beside");
    const ProcessResult second = stage.run({kSample, "--json"}, "", "wayland-0");
    CHECK(second.exitCode == 0);
    const auto document = nlohmann::json::parse(second.out);
    CHECK(document["program"] == stage.beside().string());
    CHECK(document["files"] == std::vector<std::string>{kSample});
    CHECK(document["process"] > 0);
    CHECK(stage.written() == "beside\n" + kSample + "\ndetached\n");
}

TEST_CASE("studio says why no window opens")
{
    Stage stage;
    const ProcessResult absent = stage.run({});
    CHECK(absent.exitCode == 5);
    CHECK_THAT(absent.err, Contains("neither beside this program nor in PATH"));
    stage.place(stage.elsewhere(), "elsewhere", 0644);
    const ProcessResult forbidden = stage.run({});
    CHECK(forbidden.exitCode == 5);
    CHECK_THAT(forbidden.err, Contains("mantissa-studio could not be started"));
    stage.place(stage.elsewhere(), "elsewhere");
    const ProcessResult blind = stage.run({}, "");
    CHECK(blind.exitCode == 2);
    CHECK_THAT(blind.err, Contains("neither DISPLAY nor WAYLAND_DISPLAY is set"));
    const ProcessResult missing = stage.run({"/no/such/file"});
    CHECK(missing.exitCode == 5);
    CHECK_THAT(missing.err, Contains("/no/such/file: there is no such file"));
}
