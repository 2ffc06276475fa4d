// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/process.h"

#include "tests/support/temp_folder.h"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace mantissa::test {

TempFolder::TempFolder()
{
    std::string pattern = (std::filesystem::temp_directory_path() / "mantissa-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        throw std::runtime_error("no temporary folder can be made");
    m_path = pattern;
}

TempFolder::~TempFolder()
{
    std::error_code ec;
    std::filesystem::remove_all(m_path, ec);
}

ProcessResult runProcess(
    const std::string& program, const std::vector<std::string>& arguments, const ProcessOptions& options)
{
    const TempFolder folder;
    const std::string out = (folder / "out").string(), err = (folder / "err").string();
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        const int outFd = ::open(out.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
        const int errFd = ::open(err.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
        const int in = ::open("/dev/null", O_RDONLY);
        ::dup2(in, STDIN_FILENO);
        ::dup2(outFd, STDOUT_FILENO);
        ::dup2(errFd, STDERR_FILENO);
        if (!options.workingFolder.empty() && ::chdir(options.workingFolder.c_str()) != 0)
            ::_exit(126);
        for (const std::string& variable : options.environment)
            ::putenv(const_cast<char*>(variable.c_str()));
        if (options.prepare)
            options.prepare();
        ::execv(program.c_str(), argv.data());
        ::_exit(127);
    }
    if (options.whileRunning)
        options.whileRunning(child);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) { }
    ProcessResult result;
    result.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result.out = readFile(out);
    result.err = readFile(err);
    return result;
}

std::string builtProgram(const std::string& name)
{
    return std::filesystem::absolute(std::filesystem::path(MANTISSA_BIN_DIR) / name).string();
}

ProcessResult runMantissa(const std::vector<std::string>& arguments, const ProcessOptions& options)
{
    return runProcess(builtProgram("mantissa"), arguments, options);
}

std::string readFile(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in)
        throw std::runtime_error("cannot read " + path.string());
    return {(std::istreambuf_iterator<char>(in)), {}};
}

void writeFile(const std::filesystem::path& path, const std::string& content)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << content;
    if (!out.flush())
        throw std::runtime_error("cannot write " + path.string());
}

} // namespace mantissa::test
