// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a fuzz target without libFuzzer: every seed as it is, then mutations of them, the same in every run.
// usage: fuzz_NAME FOLDER MUTATIONS
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kLargestInput = 64 << 10;

void run(const std::string& input)
{
    // A copy of its own, so that a sanitizer sees a read beyond the end.
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::string mutate(std::string input, const std::vector<std::string>& seeds, std::mt19937& random)
{
    static constexpr std::uint64_t kOdd[]{
        0, 1, 7, 0x7F, 0x80, 0xFF, 0x7FFFFFFF, 0xFFFFFFFF, ~std::uint64_t{0}};
    const auto below = [&](std::size_t limit) { return limit == 0 ? 0 : random() % limit; };
    for (std::size_t n = 1 + below(4); n > 0; --n) {
        const std::size_t at = below(input.size() + 1);
        const std::size_t length = std::min<std::size_t>(1 + below(16), input.size() - at);
        switch (below(7)) {
        case 0:
            if (at < input.size())
                input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
            break;
        case 1:
            if (at < input.size())
                input[at] = static_cast<char>(random());
            break;
        case 2:
            input.erase(at, length);
            break;
        case 3:
            input.insert(at, input.substr(at, length));
            break;
        case 4:
            input.resize(at);
            break;
        case 5: {
            const std::uint64_t number = kOdd[below(std::size(kOdd))];
            for (std::size_t i = 0; i < 8 && at + i < input.size(); ++i)
                input[at + i] = static_cast<char>(number >> (8 * i));
            break;
        }
        default: {
            const std::string& other = seeds[below(seeds.size())];
            input.insert(at, other.substr(below(other.size() + 1), 1 + below(64)));
        }
        }
    }
    input.resize(std::min(input.size(), kLargestInput));
    return input;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fputs("usage: fuzz_NAME FOLDER MUTATIONS\n", stderr);
        return 2;
    }
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1]))
        paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<std::string> seeds;
    for (const auto& path : paths) {
        std::ifstream in(path, std::ios::binary);
        seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    if (seeds.empty()) {
        std::fputs("there are no seeds\n", stderr);
        return 1;
    }
    run("");
    for (const std::string& seed : seeds)
        run(seed);
    std::mt19937 random(1); // NOLINT: the same sequence in every run is the purpose
    const long mutations = std::stol(argv[2]);
    for (long i = 0; i < mutations; ++i)
        run(mutate(seeds[random() % seeds.size()], seeds, random));
    std::printf("%zu seeds and %ld mutations\n", seeds.size(), mutations);
    return 0;
}
