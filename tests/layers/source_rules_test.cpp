// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/layers/source_rules.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

using mantissa::test::checkContent;
using mantissa::test::checkSource;
using mantissa::test::Finding;
using mantissa::test::showsJsonTypes;
namespace fs = std::filesystem;

namespace {

const std::string kGood = "// SPDX-License-Identifier: GPL-3.0-or-later\n#pragma once\n";

std::size_t findingsFor(const std::string& path, const std::string& rest)
{
    return checkSource(path, kGood + rest).size();
}

std::string readFile(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Calls visit(relative path) for every file below the source folders and for the files in the root.
template <typename Visit> void forEachSourceFile(Visit visit)
{
    for (const fs::directory_entry& entry : fs::directory_iterator("."))
        if (entry.is_regular_file() && entry.path().filename() != ".git") // a file in a git worktree
            visit(entry.path().lexically_normal());
    for (const char* folder :
        {"app", "ui", "engine", "kernels", "tests", "cmake", "packaging", "docs", "resources", ".ci"}) {
        if (!fs::exists(folder))
            continue;
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
            if (entry.is_regular_file())
                visit(entry.path().lexically_normal());
    }
}

bool isSource(const fs::path& path)
{
    static const std::set<std::string> kExtensions = {".h", ".cpp", ".cu", ".cuh"};
    return kExtensions.count(path.extension().string()) != 0;
}

/// Data files hold what they hold; everything else is text that a person wrote.
bool isText(const fs::path& path)
{
    static const std::set<std::string> kData
        = {".safetensors", ".png", ".gz", ".zip", ".ckpt", ".pt", ".bin", ".ico"};
    const std::string name = path.generic_string();
    return kData.count(path.extension().string()) == 0 && !name.starts_with("tests/golden/")
        && !name.starts_with("tests/fuzz/corpus/") && !name.starts_with("tests/fuzz/seeds/");
}

} // namespace

TEST_CASE("Includes may only point down", "[layers]")
{
    CHECK(findingsFor("ui/window.h", "#include \"engine/plan/plan.h\"\n") == 0);
    CHECK(findingsFor("engine/io/zip.h", "#include \"kernels/number_formats.h\"\n") == 0);
    CHECK(findingsFor("engine/io/zip.h", "#include \"ui/window.h\"\n") == 1);
    CHECK(findingsFor("kernels/cpu/x.cpp", "#include \"engine/base/error.h\"\n") == 1);
    CHECK(findingsFor("ui/window.h", "  #  include \"app/build_info.h\"\n") == 1);
    CHECK(findingsFor("engine/io/zip.h", "#include \"tests/support/golden_file.h\"\n") == 1);
    CHECK(findingsFor("app/cli/main.cpp", "#include \"ui/window.h\"\n") == 1);
    CHECK(findingsFor("tests/ui/x.cpp", "#include \"ui/window.h\"\n#include <QWidget>\n") == 0);
}

TEST_CASE("Each library has its place", "[layers]")
{
    CHECK(findingsFor("ui/window.h", "#include <QWidget>\n") == 0);
    CHECK(findingsFor("engine/base/x.cpp", "#include <QString>\n") == 1);
    CHECK(findingsFor("kernels/x.cpp", "#include <QtCore/QString>\n") == 1);
    CHECK(findingsFor("app/cli/main.cpp", "#include <QtGlobal>\n") == 1);
    CHECK(findingsFor("engine/torch/x.cpp", "#include <torch/torch.h>\n#include <ATen/ATen.h>\n") == 0);
    CHECK(findingsFor("engine/ctq/x.cpp", "#include <torch/torch.h>\n") == 1);
    CHECK(findingsFor("ui/x.cpp", "#include <c10/core/Device.h>\n") == 1);
    CHECK(findingsFor("engine/plan/x.cpp", "#include <nlohmann/json.hpp>\n") == 1);
    CHECK(findingsFor("engine/base/json.h", "#include <nlohmann/json.hpp>\n") == 0);
    CHECK(findingsFor("kernels/cpu/x.cpp", "#include <hwy/highway.h>\n#include <cmath>\n") == 0);
    CHECK(findingsFor("kernels/cpu/x.cpp", "#include <fmt/format.h>\n") == 1);
}

TEST_CASE("JSON types stay in .cpp files", "[layers]")
{
    const std::string json = "#include <nlohmann/json.hpp>\n";
    CHECK(showsJsonTypes("engine/io/json_cursor.h", json));
    CHECK(showsJsonTypes("engine/io/json_cursor.h", "#include \"engine/base/json.h\"\n"));
    CHECK_FALSE(showsJsonTypes("engine/io/json_cursor.cpp", json));
    CHECK_FALSE(showsJsonTypes("engine/io/x.h", "#include <vector>\n"));
    const std::set<std::string> headers = {"engine/io/json_cursor.h"};
    const std::string use = kGood + "#include \"engine/io/json_cursor.h\"\n";
    CHECK(checkSource("engine/io/x.cpp", use, headers).empty());
    CHECK(checkSource("engine/io/x.h", use, headers).size() == 1);
}

TEST_CASE("Files have a licence, a guard and a bounded length", "[layers]")
{
    CHECK(checkSource("engine/x.cpp", "#include <vector>\n").size() == 1);
    CHECK(checkSource("engine/x.cpp", "").size() == 1);
    CHECK(checkSource("engine/x.h", "// SPDX-License-Identifier: GPL-3.0-or-later\n").size() == 1);
    CHECK(checkSource("kernels/cpu/x-inl.h", "// SPDX-License-Identifier: GPL-3.0-or-later\n").empty());
    CHECK(findingsFor("engine/x.h", "using namespace std;\n") == 1);
    CHECK(findingsFor("engine/x.cpp", std::string("// TO") + "DO later\n") == 1);
    CHECK(findingsFor("engine/x.cpp", "// no autoTODOs\n") == 0);
    CHECK(findingsFor("engine/x.cpp", std::string(498, '\n')) == 0);
    const auto long_ = checkSource("engine/x.cpp", kGood + std::string(499, '\n'));
    REQUIRE(long_.size() == 1);
    CHECK_FALSE(long_[0].fatal);
    const auto tooLong = checkSource("engine/x.cpp", kGood + std::string(799, '\n'));
    REQUIRE(tooLong.size() == 1);
    CHECK(tooLong[0].fatal);
}

TEST_CASE("No machine's paths and no registry's hosts", "[layers]")
{
    CHECK(checkContent("README.md", "see build/release/bin\n").empty());
    // In two parts, so that this file keeps the rule.
    std::string path = "see /wo", host = "curl https://pypi.or";
    path += "rk/main\n";
    host += "g/simple\n";
    CHECK(checkContent("README.md", path).size() == 1);
    CHECK(checkContent("packaging/x", host).size() == 1);
}

TEST_CASE("The source tree keeps the rules", "[layers]")
{
    std::map<std::string, std::string> texts;
    std::set<std::string> jsonHeaders;
    forEachSourceFile([&](const fs::path& path) {
        if (!isText(path))
            return;
        const std::string& text = texts[path.generic_string()] = readFile(path);
        if (showsJsonTypes(path.generic_string(), text))
            jsonHeaders.insert(path.generic_string());
    });
    std::size_t sources = 0;
    for (const auto& [path, text] : texts) {
        std::vector<Finding> findings = checkContent(path, text);
        if (isSource(path)) {
            ++sources;
            const auto more = checkSource(path, text, jsonHeaders);
            findings.insert(findings.end(), more.begin(), more.end());
        }
        for (const Finding& finding : findings) {
            if (finding.fatal)
                FAIL_CHECK(finding.where << " " << finding.what);
            else
                WARN(finding.where << " " << finding.what);
        }
    }
    CHECK(sources > 20);
}
