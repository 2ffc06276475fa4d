// SPDX-License-Identifier: GPL-3.0-or-later
// Speed of every entry of every kernel set on one core, beside a plain copy of the same floats.
//
//   kernel_bench [NAME…]    entries whose name contains one of the words; all without words
//
// Figures are float32 data per second (GB = 10^9 bytes), best of several runs, on a row block that fits the
// L2 cache as in the exporter.
#include "kernels/dispatch.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace mantissa::kernels;

namespace {

constexpr std::size_t kColumns = 1280; ///< as in the largest layers of SD 1.5
constexpr std::size_t kRows = 48;
constexpr std::size_t kCount = kRows * kColumns; ///< 240 KiB of floats
constexpr double kSecondsPerRun = 0.02;
constexpr int kRuns = 5;

struct Data {
    std::vector<float> floats, out;
    std::vector<std::byte> halves, brains, doubles;
    std::vector<std::uint8_t> bytes, scales, packed;
    float largest = 0;

    Data()
        : floats(kCount)
        , out(kCount)
        , halves(2 * kCount)
        , brains(2 * kCount)
        , doubles(8 * kCount)
        , bytes(kCount)
        , scales(kCount / 8)
        , packed(kCount)
    {
        std::mt19937 random(1);
        std::normal_distribution<float> normal(0.0f, 0.02f);
        for (std::size_t i = 0; i < kCount; ++i) {
            floats[i] = normal(random);
            bytes[i] = static_cast<std::uint8_t>(random());
            const double wide = static_cast<double>(floats[i]) * 1.000001;
            std::memcpy(doubles.data() + i * sizeof wide, &wide, sizeof wide);
        }
        for (auto& scale : scales)
            scale = static_cast<std::uint8_t>(random() % 0x7F);
        referenceKernels().f16FromFloat(floats.data(), kCount, halves.data());
        referenceKernels().bf16FromFloat(floats.data(), kCount, brains.data());
        largest = referenceKernels().absmax(floats.data(), kCount);
    }
    std::uint8_t* packedRow(std::size_t row) { return packed.data() + row * kColumns / 2; }
    float* row(std::size_t index) { return floats.data() + index * kColumns; }
};

struct Entry {
    std::string name;
    std::function<void(const KernelSet&, Data&)> run; ///< once over the kCount floats
};

volatile double g_sink = 0; ///< keeps results that nothing else uses

/// Processor time of this thread, so that other work on the machine does not count.
double secondsNow()
{
    return static_cast<double>(std::clock()) / static_cast<double>(CLOCKS_PER_SEC);
}

template <typename Run> double bytesPerSecond(const Run& run)
{
    double best = 0;
    run();
    for (int i = 0; i < kRuns; ++i) {
        const double start = secondsNow();
        std::size_t rounds = 0;
        double passed = 0;
        do {
            run();
            ++rounds;
            passed = secondsNow() - start;
        } while (passed < kSecondsPerRun);
        best = std::max(best, static_cast<double>(rounds * kCount * sizeof(float)) / passed);
    }
    return best;
}

void addConversions(std::vector<Entry>& list)
{
    list.push_back({"floatFromF16",
        [](const KernelSet& set, Data& d) { set.floatFromF16(d.halves.data(), kCount, d.out.data()); }});
    list.push_back({"floatFromBF16",
        [](const KernelSet& set, Data& d) { set.floatFromBF16(d.brains.data(), kCount, d.out.data()); }});
    list.push_back({"floatFromF64",
        [](const KernelSet& set, Data& d) { set.floatFromF64(d.doubles.data(), kCount, d.out.data()); }});
    list.push_back({"f16FromFloat",
        [](const KernelSet& set, Data& d) { set.f16FromFloat(d.floats.data(), kCount, d.halves.data()); }});
    list.push_back({"bf16FromFloat",
        [](const KernelSet& set, Data& d) { set.bf16FromFloat(d.floats.data(), kCount, d.brains.data()); }});
    list.push_back({"roundTo bf16", [](const KernelSet& set, Data& d) {
                        set.roundTo(Precision::BF16, d.floats.data(), kCount, d.out.data());
                    }});
    list.push_back({"roundTo f16", [](const KernelSet& set, Data& d) {
                        set.roundTo(Precision::F16, d.floats.data(), kCount, d.out.data());
                    }});
}

void addReductions(std::vector<Entry>& list)
{
    list.push_back({"absmax", [](const KernelSet& set, Data& d) {
                        for (std::size_t row = 0; row < kRows; ++row)
                            g_sink = static_cast<double>(set.absmax(d.row(row), kColumns));
                    }});
    for (const std::size_t group : {16u, 128u})
        list.push_back({"groupAbsmax " + std::to_string(group), [group](const KernelSet& set, Data& d) {
                            set.groupAbsmax(d.floats.data(), kCount, group, d.out.data());
                        }});
    list.push_back({"countNonFinite", [](const KernelSet& set, Data& d) {
                        g_sink = static_cast<double>(set.countNonFinite(d.floats.data(), kCount));
                    }});
    list.push_back({"sumSquares",
        [](const KernelSet& set, Data& d) { g_sink = set.sumSquares(d.floats.data(), kCount); }});
    list.push_back({"sumSquaredError", [](const KernelSet& set, Data& d) {
                        g_sink = set.sumSquaredError(d.floats.data(), d.out.data(), kCount);
                    }});
}

void addFp8(std::vector<Entry>& list)
{
    list.push_back({"encodeE4M3", [](const KernelSet& set, Data& d) {
                        set.encodeE4M3(
                            d.floats.data(), kCount, kE4M3Max / d.largest, Precision::F32, d.packed.data());
                    }});
    list.push_back({"encodeE5M2", [](const KernelSet& set, Data& d) {
                        set.encodeE5M2(
                            d.floats.data(), kCount, kE5M2Max / d.largest, Precision::F32, d.packed.data());
                    }});
    list.push_back({"decodeE4M3",
        [](const KernelSet& set, Data& d) { set.decodeE4M3(d.bytes.data(), kCount, 0.01f, d.out.data()); }});
    list.push_back({"decodeE5M2",
        [](const KernelSet& set, Data& d) { set.decodeE5M2(d.bytes.data(), kCount, 0.01f, d.out.data()); }});
}

void addIntegers(std::vector<Entry>& list)
{
    list.push_back({"encodeInt8Multiply", [](const KernelSet& set, Data& d) {
                        set.encodeInt8Multiply(d.floats.data(), kCount, 127.0f / d.largest,
                            reinterpret_cast<std::int8_t*>(d.packed.data()));
                    }});
    list.push_back({"encodeInt8Divide", [](const KernelSet& set, Data& d) {
                        set.encodeInt8Divide(d.floats.data(), kCount, d.largest / 127.0f, Precision::F32,
                            -128, reinterpret_cast<std::int8_t*>(d.packed.data()));
                    }});
    list.push_back({"decodeInt8", [](const KernelSet& set, Data& d) {
                        set.decodeInt8(reinterpret_cast<const std::int8_t*>(d.bytes.data()), kCount, 0.01f,
                            d.out.data());
                    }});
    list.push_back({"encodeInt4Divide", [](const KernelSet& set, Data& d) {
                        set.encodeInt4Divide(
                            d.floats.data(), kCount, d.largest / 7.0f, Precision::F32, d.packed.data());
                    }});
    list.push_back({"decodeInt4",
        [](const KernelSet& set, Data& d) { set.decodeInt4(d.bytes.data(), kCount, 0.01f, d.out.data()); }});
    list.push_back({"roundingErrors x20", [](const KernelSet& set, Data& d) {
                        float scales[20], errors[20];
                        for (std::size_t k = 0; k < 20; ++k)
                            scales[k] = d.largest / 7.0f * (1.0f - 0.025f * static_cast<float>(k));
                        for (std::size_t row = 0; row < kRows; ++row) {
                            set.roundingErrors(d.row(row), kColumns, scales, 20, 7.0f, errors);
                            g_sink = static_cast<double>(errors[3]);
                        }
                    }});
}

void addBlocks(std::vector<Entry>& list)
{
    for (const std::size_t group : {64u, 256u})
        list.push_back({"rotate " + std::to_string(group), [group](const KernelSet& set, Data& d) {
                            std::memcpy(d.out.data(), d.floats.data(), kCount * sizeof(float));
                            set.rotate(d.out.data(), kCount, group, Precision::F32);
                        }});
    list.push_back({"nvfp4Row", [](const KernelSet& set, Data& d) {
                        for (std::size_t row = 0; row < kRows; ++row)
                            set.nvfp4Row(d.row(row), kColumns, d.largest / 2688.0f, 16, d.bytes.data(),
                                d.packedRow(row));
                    }});
    list.push_back({"nvfp4SearchRow", [](const KernelSet& set, Data& d) {
                        for (std::size_t row = 0; row < kRows; ++row)
                            g_sink = set.nvfp4SearchRow(d.row(row), kColumns, d.largest / 2688.0f, 16,
                                d.bytes.data(), d.packedRow(row));
                    }});
    list.push_back({"nvfp4SearchRow error only", [](const KernelSet& set, Data& d) {
                        for (std::size_t row = 0; row < kRows; ++row)
                            g_sink = set.nvfp4SearchRow(
                                d.row(row), kColumns, d.largest / 2688.0f, 16, nullptr, nullptr);
                    }});
    list.push_back({"decodeNvfp4Row", [](const KernelSet& set, Data& d) {
                        for (std::size_t row = 0; row < kRows; ++row)
                            set.decodeNvfp4Row(d.packedRow(row), d.scales.data(), kColumns,
                                d.largest / 2688.0f, 16, d.out.data() + row * kColumns);
                    }});
    list.push_back({"mxfp8Row", [](const KernelSet& set, Data& d) {
                        for (std::size_t row = 0; row < kRows; ++row)
                            set.mxfp8Row(
                                d.row(row), kColumns, d.bytes.data(), d.packed.data() + row * kColumns);
                    }});
    list.push_back({"decodeMxfp8Row", [](const KernelSet& set, Data& d) {
                        for (std::size_t row = 0; row < kRows; ++row)
                            set.decodeMxfp8Row(d.packed.data() + row * kColumns, d.scales.data(), kColumns,
                                d.out.data() + row * kColumns);
                    }});
}

bool wanted(const std::string& name, const std::vector<std::string>& words)
{
    return words.empty() || std::any_of(words.begin(), words.end(), [&](const std::string& word) {
        return name.find(word) != std::string::npos;
    });
}

} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    Data data;
    std::vector<Entry> list;
    addConversions(list);
    addReductions(list);
    addFp8(list);
    addIntegers(list);
    addBlocks(list);

    const double copy
        = bytesPerSecond([&] { std::memcpy(data.out.data(), data.floats.data(), kCount * sizeof(float)); });
    std::printf("copy in the cache: %.1f GB/s; each cell: GB/s of floats (share of the copy) ns per weight\n",
        copy / 1e9);
    std::printf("%-26s", "entry");
    for (const KernelSet* set : allKernels())
        std::printf("%24s", set->name);
    std::printf("\n");
    for (const Entry& entry : list) {
        if (!wanted(entry.name, words))
            continue;
        std::printf("%-26s", entry.name.c_str());
        for (const KernelSet* set : allKernels()) {
            const double speed = bytesPerSecond([&] { entry.run(*set, data); });
            std::printf("%9.2f (%5.3f) %6.2f", speed / 1e9, speed / copy, 4e9 / speed);
        }
        std::printf("\n");
        std::fflush(stdout);
    }
    return 0;
}
