// SPDX-License-Identifier: GPL-3.0-or-later
// sample: writes the shipped sample model and its prompts.
#include "app/cli/command.h"
#include "engine/base/resource.h"
#include "engine/base/json.h"

#include <filesystem>
#include <unistd.h>

namespace mantissa::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFiles[] = {"tiny-sd.safetensors", "prompts.txt", "calibration_prompts.txt"};

class Sample final : public Command {
public:
    void declare(Options& options) override
    {
        options.add("-o,--output", m_folder, "Folder to write to (default: the current one)");
        options.flag("--overwrite", m_overwrite, "Replace files that are there");
    }

    int run(const Console& console) override
    {
        std::error_code ec;
        fs::create_directories(m_folder, ec);
        nlohmann::ordered_json written = nlohmann::ordered_json::array();
        for (const char* name : kFiles) {
            const auto from = resourcePath(std::string("sample/") + name);
            if (!from)
                return console.report({ErrorCode::System, "the sample is missing in this installation", name,
                    "install Mantissa again, or build it from its source tree"});
            const fs::path to = fs::path(m_folder) / name;
            if (fs::exists(to, ec) && !m_overwrite)
                return console.report({ErrorCode::Usage, "the file exists already", to.string(),
                    "add --overwrite to replace it"});
            const fs::path part = fs::path(to).concat(fmt::format(".part-{}", ::getpid()));
            fs::copy_file(*from, part, fs::copy_options::overwrite_existing, ec);
            if (!ec)
                fs::rename(part, to, ec);
            if (ec) {
                const std::string why = ec.message();
                fs::remove(part, ec);
                return console.report(
                    {ErrorCode::System, "the file could not be written: " + why, to.string(), {}});
            }
            console.print(to.string() + "\n");
            written.push_back(to.string());
        }
        console.document({{"files", written}});
        return 0;
    }

private:
    std::string m_folder = ".";
    bool m_overwrite = false;
};

} // namespace

std::unique_ptr<Command> makeSample()
{
    return std::make_unique<Sample>();
}

} // namespace mantissa::cli
