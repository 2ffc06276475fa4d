// SPDX-License-Identifier: GPL-3.0-or-later
// How long a conversion takes, in units of copying its input: the whole program, page cache warm, alternating
// with `cp` followed by a sync of the copy, so that both see the same machine.
//
//   convert_bench INPUT FOLDER [RUNS] [THREADS]
//
// FOLDER must be on the disk that is to be measured. Prints a Markdown table of medians.
#include "tests/support/process.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using namespace mantissa::test;

struct Measured {
    double seconds = 0;
    long peakKibibytes = 0;
};

/// Runs a program to its end; exits this one if it fails, since a figure of a failed run is worth nothing.
Measured timed(const std::vector<std::string>& command)
{
    std::vector<char*> argv;
    for (const std::string& word : command)
        argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    const auto started = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child == 0) {
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    int status = 0;
    struct rusage usage { };
    ::wait4(child, &status, 0, &usage);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        std::fprintf(stderr, "%s failed\n", command[0].c_str());
        std::exit(1);
    }
    return {seconds, usage.ru_maxrss};
}

/// cp, then fsync of the copy: what a conversion has to beat.
double copySeconds(const fs::path& input, const fs::path& output)
{
    fs::remove(output);
    const auto started = std::chrono::steady_clock::now();
    timed({"cp", input.string(), output.string()});
    const int fd = ::open(output.c_str(), O_RDONLY);
    ::fsync(fd);
    ::close(fd);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    fs::remove(output);
    return seconds;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

struct Job {
    const char* format;
    const char* recipe;
    std::vector<std::string> options;
};

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: convert_bench INPUT FOLDER [RUNS] [THREADS]\n");
        return 2;
    }
    const fs::path input = argv[1], output = fs::path(argv[2]) / "bench-output.safetensors";
    const int runs = argc > 3 ? std::atoi(argv[3]) : 5;
    const std::string threads = argc > 4 ? argv[4] : "2";
    const double gigabytes = static_cast<double>(fs::file_size(input)) / 1e9;
    const std::string program = fs::read_symlink("/proc/self/exe").parent_path() / "mantissa";
    timed({"cp", input.string(), "/dev/null"}); // warms the page cache

    const std::vector<Job> jobs{{"float8_e4m3fn", "absmax", {}}, {"float8_e5m2", "absmax", {}},
        {"int8_tensorwise", "absmax", {"--scaling", "row", "--convrot", "off"}},
        {"int8_tensorwise", "absmax", {"--convrot", "256"}}, {"nvfp4", "absmax", {}}, {"mxfp8", "absmax", {}},
        {"convrot_w4a4", "absmax", {}}, {"float8_e4m3fn", "fast", {}}, {"int8_tensorwise", "fast", {}},
        {"int8_tensorwise", "fast", {"--scaling", "tensor"}}, {"nvfp4", "fast", {}}, {"mxfp8", "fast", {}},
        {"convrot_w4a4", "fast", {}}};
    fmt::print("| format | recipe | options | s | GB/s of input | peak MB | cp + sync, s | ratio |\n"
               "|---|---|---|---|---|---|---|---|\n");
    for (const Job& job : jobs) {
        std::vector<std::string> command{program, "quantize", "-i", input.string(), "-o", output.string(),
            "--format", job.format, "--recipe", job.recipe, "--threads", threads, "--quiet", "--overwrite"};
        command.insert(command.end(), job.options.begin(), job.options.end());
        std::vector<double> seconds, copies;
        long peak = 0;
        for (int run = 0; run < runs; ++run) {
            copies.push_back(copySeconds(input, output));
            fs::remove(output);
            const Measured measured = timed(command);
            seconds.push_back(measured.seconds);
            peak = std::max(peak, measured.peakKibibytes);
            fs::remove(output);
        }
        fmt::print("| {} | {} | {} | {:.2f} | {:.2f} | {} | {:.2f} | {:.2f} |\n", job.format, job.recipe,
            fmt::join(job.options, " "), median(seconds), gigabytes / median(seconds), peak * 1024 / 1000000,
            median(copies), median(seconds) / median(copies));
        std::fflush(stdout);
    }
    return 0;
}
