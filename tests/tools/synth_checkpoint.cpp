// SPDX-License-Identifier: GPL-3.0-or-later
// synth_checkpoint MANIFEST.json OUT.safetensors [--dtype D] [--sparse] [--seed N] [--prefix P] [--threads N]
//
// Writes a full-size checkpoint from a shape manifest (tests/golden/manifests), for tests and benchmarks.
#include "tests/tools/checkpoint_file.h"
#include "tests/tools/plausible_weights.h"

#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

using namespace mantissa;

namespace {

struct Options {
    std::string manifest, out, prefix;
    std::optional<DType> dtype;
    bool sparse = false;
    std::uint64_t seed = 0;
    unsigned threads = 2;
};

Result<Options> parseOptions(int argc, char** argv)
{
    Options options;
    const auto number = [](std::string_view text, auto& value) {
        return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{};
    };
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const bool more = i + 1 < argc;
        if (word == "--sparse")
            options.sparse = true;
        else if (word == "--dtype" && more)
            options.dtype = dtypeFromName(argv[++i]);
        else if (word == "--prefix" && more)
            options.prefix = argv[++i];
        else if (more
            && ((word == "--seed" && number(argv[i + 1], options.seed))
                || (word == "--threads" && number(argv[i + 1], options.threads))))
            ++i;
        else if (word.starts_with("--"))
            return fail(ErrorCode::Usage, "unknown or incomplete option {}", word);
        else
            (options.manifest.empty() ? options.manifest : options.out) = word;
    }
    if (options.manifest.empty() || options.out.empty())
        return fail(ErrorCode::Usage,
            "synth_checkpoint MANIFEST.json OUT.safetensors [--dtype D] [--sparse] [--seed N] [--prefix P] "
            "[--threads N]");
    return options;
}

Result<std::vector<HeaderTensor>> readManifest(const Options& options)
{
    std::ifstream file(options.manifest, std::ios::binary);
    if (!file)
        return fail(ErrorCode::System, "cannot open {}", options.manifest);
    const auto json
        = nlohmann::json::parse(std::string(std::istreambuf_iterator<char>(file), {}), nullptr, false);
    if (!json.is_array())
        return fail(ErrorCode::InvalidInput, "{} is not a manifest", options.manifest);
    std::vector<HeaderTensor> tensors;
    for (const auto& row : json) {
        auto dtype = dtypeFromName(row.value("dtype", std::string()));
        if (!dtype)
            return fail(ErrorCode::InvalidInput, "{} names an unknown dtype", options.manifest);
        if (options.dtype && isTrainingFloat(*dtype))
            dtype = options.dtype;
        tensors.push_back(
            {options.prefix + row.value("name", std::string()), *dtype, row.value("shape", Shape())});
    }
    return tensors;
}

Status run(int argc, char** argv)
{
    const auto options = parseOptions(argc, argv);
    if (!options)
        return tl::unexpected(options.error());
    const auto tensors = readManifest(*options);
    if (!tensors)
        return tl::unexpected(tensors.error());
    if (options->sparse)
        return tools::writeCheckpoint(options->out, *tensors, {{"format", "pt"}}, 1, {});
    const tools::PlausibleWeights weights(*tensors, options->seed);
    return tools::writeCheckpoint(options->out, *tensors, {{"format", "pt"}}, options->threads,
        [&](std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) {
            weights.fill(tensor, offset, dst);
        });
}

} // namespace

int main(int argc, char** argv)
{
    try {
        const Status status = run(argc, argv);
        if (status)
            return 0;
        std::fprintf(stderr, "synth_checkpoint: error: %s\n", status.error().message.c_str());
        return static_cast<int>(status.error().code);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "synth_checkpoint: error: %s\n", problem.what());
        return 1;
    }
}
