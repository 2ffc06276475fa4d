// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compat/gpu_memory.h"
#include "engine/compat/hardware.h"
#include "engine/compat/hardware_table.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <set>
#include <unistd.h>

using namespace mantissa;
namespace fs = std::filesystem;

namespace {

Gpu found(std::string_view name)
{
    auto gpu = findGpu(name);
    INFO(name << (gpu ? std::string() : ": " + gpu.error().message + " " + gpu.error().hint));
    REQUIRE(gpu.has_value());
    return std::move(*gpu);
}

/// A folder that looks like / to the detector; removed at the end.
class FakeRoot {
public:
    FakeRoot()
        : m_path(fs::temp_directory_path() / fs::path("mantissa-gpus-" + std::to_string(::getpid())))
    {
        fs::remove_all(m_path);
        fs::create_directories(m_path);
    }
    ~FakeRoot() { fs::remove_all(m_path); }
    FakeRoot(const FakeRoot&) = delete;
    FakeRoot& operator=(const FakeRoot&) = delete;

    void write(const std::string& path, const std::string& text)
    {
        fs::create_directories((m_path / path).parent_path());
        std::ofstream(m_path / path) << text;
    }
    void pciDevice(const std::string& slot, const std::string& kind, const std::string& vendor,
        const std::string& device)
    {
        write("sys/bus/pci/devices/" + slot + "/class", kind + "\n");
        write("sys/bus/pci/devices/" + slot + "/vendor", vendor + "\n");
        write("sys/bus/pci/devices/" + slot + "/device", device + "\n");
    }
    const fs::path& path() const { return m_path; }

private:
    fs::path m_path;
};

} // namespace

TEST_CASE("a GPU is found by the names people and drivers use")
{
    const std::vector<std::tuple<std::string, std::string, int>> names{
        {"4090", "GeForce RTX 4090", 89},
        {"rtx 4090", "GeForce RTX 4090", 89},
        {"RTX4090", "GeForce RTX 4090", 89},
        {"NVIDIA GeForce RTX 4090", "GeForce RTX 4090", 89},
        {"NVIDIA GeForce RTX 3070 Laptop GPU", "GeForce RTX 3070", 86},
        {"NVIDIA GeForce RTX 2080 with Max-Q Design", "", 0},
        {"RTX 2070 Max-Q", "GeForce RTX 2070", 75},
        {"4070 ti super", "GeForce RTX 4070 Ti SUPER", 89},
        {"5090", "GeForce RTX 5090", 120},
        {"gtx 1660 super", "GeForce GTX 1660 SUPER", 75},
        {"1080", "GeForce GTX 1080", 61},
        {"NVIDIA A100-SXM4-80GB", "NVIDIA A100", 80},
        {"NVIDIA H100 80GB HBM3", "NVIDIA H100", 90},
        {"H100 PCIe", "NVIDIA H100", 90},
        {"NVIDIA H200 NVL", "NVIDIA H200", 90},
        {"b200", "NVIDIA B200", 100},
        {"B300", "NVIDIA B300", 103},
        {"Tesla T4", "Tesla T4", 75},
        {"t4", "Tesla T4", 75},
        {"L40S", "NVIDIA L40S", 89},
        {"L4", "NVIDIA L4", 89},
        {"A6000", "NVIDIA RTX A6000", 86},
        {"RTX A6000", "NVIDIA RTX A6000", 86},
        {"NVIDIA RTX 6000 Ada Generation", "NVIDIA RTX 6000 Ada", 89},
        {"Quadro RTX 6000", "Quadro RTX 6000", 75},
        {"NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "NVIDIA RTX PRO 6000 Blackwell", 120},
        {"pro 6000", "NVIDIA RTX PRO 6000 Blackwell", 120},
        {"NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", "NVIDIA RTX PRO 6000 Blackwell", 120},
        {"Tesla V100-SXM2-32GB", "Tesla V100", 70},
        {"DGX Spark", "NVIDIA GB10", 121},
        {"NVIDIA GB10", "NVIDIA GB10", 121},
        {"AMD Radeon RX 7900 XTX", "Radeon RX 7900 XTX", 0},
        {"7900 xtx", "Radeon RX 7900 XTX", 0},
        {"Apple M3 Max", "Apple M3 Max", 0},
        {"m3", "Apple M3", 0},
        {"arc b580", "Arc B580", 0},
    };
    for (const auto& [query, name, capability] : names) {
        if (name.empty()) {
            CHECK_FALSE(findGpu(query).has_value());
            continue;
        }
        CAPTURE(query);
        const Gpu gpu = found(query);
        CHECK(gpu.name == name);
        CHECK(gpu.computeCapability == capability);
        CHECK_FALSE(gpu.source.empty());
    }
    CHECK(found("A100 80GB").memoryGib == std::vector<int>{80});
    CHECK(found("rtx 4060 ti 16 GB").memoryGib == std::vector<int>{16});
    CHECK(found("A100").memoryGib == std::vector<int>{40, 80});
    CHECK(found("sm_89").computeCapability == 89);
    CHECK(found("sm120").computeCapability == 120);
    CHECK(found("12.0").computeCapability == 120);
}

TEST_CASE("a doubtful name is refused with what is near")
{
    for (const char* query : {"", "   ", "rtx 4999", "banana", "sm_7", "8.9.1.2.3.4", "nvidia"}) {
        CAPTURE(query);
        const auto gpu = findGpu(query);
        REQUIRE_FALSE(gpu.has_value());
        CHECK(gpu.error().code == ErrorCode::Usage);
        CHECK_FALSE(gpu.error().hint.empty());
    }
    const auto ambiguous = findGpu("RTX 6000");
    REQUIRE_FALSE(ambiguous.has_value());
    CHECK_THAT(
        ambiguous.error().hint, Catch::Contains("Quadro RTX 6000") && Catch::Contains("NVIDIA RTX 6000 Ada"));
    CHECK_THAT(findGpu("geforce 409").error().hint, Catch::Contains("GeForce RTX 4090"));
}

TEST_CASE("every GPU of the table is found by its own name, and every row has a source")
{
    std::set<std::string> names;
    for (const Gpu& gpu : knownGpus()) {
        CAPTURE(gpu.name);
        CHECK(names.insert(gpu.name).second);
        CHECK(found(gpu.name).name == gpu.name);
        CHECK_FALSE(gpu.memoryGib.empty());
        CHECK_FALSE(gpu.source.empty());
        CHECK((gpu.computeCapability > 0) == (gpu.vendor == GpuVendor::Nvidia));
    }
    CHECK(names.size() > 120);
}

TEST_CASE("the table knows every format, with the registry's capabilities")
{
    for (const StorageFormat* format : storageFormats()) {
        const FormatInfo& info = format->info();
        CAPTURE(info.id);
        if (info.loader == LoaderSupport::None)
            continue;
        const auto row = hardwareTable().formats.find(info.id);
        REQUIRE(row != hardwareTable().formats.end());
        CHECK(row->second.minComputeCapability == info.computeCapability);
        CHECK_FALSE(row->second.runtime.empty());
    }
    CHECK(hardwareTable().formats.size() == storageFormats().size());
}

TEST_CASE("automatic choice goes by the fast path and says why")
{
    const std::vector<std::tuple<std::string, std::string, std::string>> cases{
        {"5090", "flux1", "nvfp4"},
        {"B200", "qwen_image", "nvfp4"},
        {"5090", "sdxl", "float8_e4m3fn"},
        {"5090", "clip_l", "float8_e4m3fn"},
        {"4090", "flux1", "float8_e4m3fn"},
        {"H100", "wan", "float8_e4m3fn"},
        {"3090", "flux1", "int8_tensorwise"},
        {"A100", "sdxl", "int8_tensorwise"},
        {"T4", "sd1", "int8_tensorwise"},
        {"V100", "flux1", "float8_e4m3fn"},
        {"1080 ti", "sdxl", "float8_e4m3fn"},
        {"RX 7900 XTX", "flux1", "float8_e4m3fn"},
    };
    for (const auto& [name, architecture, format] : cases) {
        const Gpu gpu = found(name);
        const AutoChoice chosen = chooseFormat(&gpu, architecture);
        CAPTURE(name, architecture, chosen.reason);
        CHECK(chosen.choice.format == format);
        CHECK(checkChoice(chosen.choice).has_value());
        CHECK_THAT(chosen.reason, Catch::Contains(gpu.name) && Catch::StartsWith(format));
    }
    const AutoChoice none = chooseFormat(nullptr, "flux1");
    CHECK(none.choice.format == "float8_e4m3fn");
    CHECK_THAT(none.reason, Catch::Contains("no GPU was found or named"));
}

TEST_CASE("doctor's verdicts: native, emulated, refused, each with a reason")
{
    const auto verdictOf = [](const Gpu* gpu, std::string_view format) {
        const auto all = judgeFormats(gpu);
        CHECK(all.size() == storageFormats().size());
        for (const FormatVerdict& verdict : all)
            if (verdict.format == format) {
                CHECK_FALSE(verdict.reason.empty());
                return verdict;
            }
        FAIL("no verdict on " << format);
        return FormatVerdict{};
    };
    const Gpu ada = found("4090"), ampere = found("3090"), blackwell = found("5090"),
              radeon = found("7900 XTX");
    CHECK(verdictOf(&ada, "float8_e4m3fn").support == FormatSupport::Native);
    CHECK(verdictOf(&ada, "nvfp4").support == FormatSupport::Emulated);
    CHECK_THAT(verdictOf(&ada, "nvfp4").reason, Catch::Contains("10.0") && Catch::Contains("8.9"));
    CHECK(verdictOf(&blackwell, "nvfp4").support == FormatSupport::Native);
    CHECK(verdictOf(&ampere, "float8_e4m3fn").support == FormatSupport::Emulated);
    CHECK(verdictOf(&ampere, "int8_tensorwise").support == FormatSupport::Native);
    CHECK(verdictOf(&radeon, "int8_tensorwise").support == FormatSupport::Emulated);
    CHECK(verdictOf(nullptr, "mxfp8").support == FormatSupport::Emulated);
    CHECK(verdictOf(&blackwell, "int8_blockwise").support == FormatSupport::Refused);
    CHECK_THAT(verdictOf(&blackwell, "int8_blockwise").reason, Catch::Contains("stock ComfyUI refuses"));
}

TEST_CASE("GPUs are detected from what the kernel shows")
{
    SECTION("an NVIDIA driver")
    {
        FakeRoot root;
        root.write("proc/driver/nvidia/gpus/0000:01:00.0/information",
            "Model: \t\t NVIDIA GeForce RTX 4090\nIRQ:   \t\t 170\nGPU UUID: \t GPU-x\n");
        root.write("proc/driver/nvidia/gpus/0000:02:00.0/information", "Model: \t\t NVIDIA Strange 9\n");
        root.pciDevice("0000:01:00.0", "0x030000", "0x10de", "0x2684");
        root.pciDevice("0000:00:02.0", "0x030000", "0x8086", "0xa780");
        const GpuDetection detection = detectGpus(root.path());
        REQUIRE(detection.gpus.size() == 3);
        CHECK(detection.gpus[0].name == "GeForce RTX 4090");
        CHECK(detection.gpus[0].computeCapability == 89);
        CHECK(detection.gpus[1].name == "NVIDIA Strange 9");
        CHECK(detection.gpus[1].computeCapability == 0);
        CHECK(detection.gpus[2].vendor == GpuVendor::Intel);
        CHECK_THAT(detection.reason, Catch::Contains("Strange 9"));
    }
    SECTION("no driver, but a list of names")
    {
        FakeRoot root;
        root.pciDevice("0000:01:00.0", "0x030200", "0x10de", "0x20b5");
        root.pciDevice("0000:02:00.0", "0x010802", "0x144d", "0xa808");
        root.write("usr/share/misc/pci.ids",
            "# list\n1002  AMD\n\t20b5  Wrong vendor\n10de  NVIDIA Corporation\n\t20b5  GA100 [A100 PCIe "
            "80GB]\n\t\t10de 1533  sub\n");
        const GpuDetection detection = detectGpus(root.path());
        REQUIRE(detection.gpus.size() == 1);
        CHECK(detection.gpus[0].name == "NVIDIA A100");
        CHECK(detection.gpus[0].memoryGib == std::vector<int>{80});
        CHECK_THAT(detection.reason, Catch::Contains("driver is not loaded"));
    }
    SECTION("no list of names")
    {
        FakeRoot root;
        root.pciDevice("0000:01:00.0", "0x030000", "0x1002", "0x744c");
        const GpuDetection detection = detectGpus(root.path());
        REQUIRE(detection.gpus.size() == 1);
        CHECK(detection.gpus[0].name == "AMD GPU 1002:744c");
        CHECK(detection.gpus[0].vendor == GpuVendor::Amd);
    }
    SECTION("nothing")
    {
        FakeRoot root;
        CHECK_THAT(detectGpus(root.path()).reason, Catch::Contains("neither an NVIDIA driver nor a PCI bus"));
        root.pciDevice("0000:02:00.0", "0x010802", "0x144d", "0xa808");
        CHECK_THAT(detectGpus(root.path()).reason, Catch::Contains("no display controller"));
        root.write("dev/dxg", "");
        CHECK_THAT(detectGpus(root.path()).reason, Catch::Contains("Windows"));
    }
}

namespace {

/// A stand-in for nvidia-smi that says `text`.
GpuMemorySources fakeTool(FakeRoot& root, const std::string& script)
{
    root.write("bin/fake-smi", "#!/bin/sh\n" + script);
    GpuMemorySources sources;
    sources.root = root.path();
    sources.tool = (root.path() / "bin/fake-smi").string();
    std::filesystem::permissions(sources.tool, std::filesystem::perms::owner_all);
    return sources;
}

} // namespace

TEST_CASE("free memory is what NVIDIA's tool says of each GPU")
{
    FakeRoot root;
    // It gets the question in the form that nvidia-smi understands.
    const auto reading = readGpuMemory(fakeTool(root,
        "[ \"$1 $2\" = '--query-gpu=name,memory.total,memory.free --format=csv,noheader,nounits' ] || exit "
        "3\n"
        "echo 'NVIDIA GeForce RTX 4090, 24564, 23010'\necho 'NVIDIA GeForce RTX 4090, 24564, 24000'\n"
        "echo 'NVIDIA Strange, 9, 1000, 10'\n"));
    CHECK(reading.problem.empty());
    REQUIRE(reading.gpus.size() == 3);
    CHECK(reading.gpus[0].gpu.name == "GeForce RTX 4090");
    CHECK(reading.gpus[0].gpu.computeCapability == 89);
    CHECK(reading.gpus[0].totalBytes == std::uint64_t{24564} << 20);
    CHECK(reading.gpus[0].freeBytes == std::uint64_t{23010} << 20);
    CHECK(reading.gpus[2].gpu.name == "NVIDIA Strange, 9");
    const GpuMemory* mine = memoryOf(reading, *findGpu("rtx 4090"));
    REQUIRE(mine != nullptr);
    CHECK(mine->freeBytes == std::uint64_t{24000} << 20); // that with most
    CHECK(memoryOf(reading, *findGpu("rtx 3090")) == nullptr);
}

TEST_CASE("free memory that cannot be read has a reason, and no GPU is no problem")
{
    FakeRoot root;
    for (const char* script :
        {"echo 'NVIDIA X, [N/A], [N/A]'\n", "echo nonsense\n", "echo 'NVIDIA X, 5, 9'\n", "exit 9\n",
            "kill -9 $$\n", "echo 'X, 99999999999999999999, 1'\n", "echo ','\n", "echo ',,'\n"}) {
        INFO(script);
        const auto reading = readGpuMemory(fakeTool(root, script));
        CHECK(reading.gpus.empty());
        CHECK_FALSE(reading.problem.empty());
    }
    // A driver that hangs, with its output open and with it closed.
    for (const char* script : {"exec sleep 30\n", "exec >&-\nexec sleep 30\n", "yes\n"}) {
        INFO(script);
        GpuMemorySources sources = fakeTool(root, script);
        sources.patience = std::chrono::milliseconds(300);
        const auto begin = std::chrono::steady_clock::now();
        const auto reading = readGpuMemory(sources);
        CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
        CHECK(reading.gpus.empty());
        CHECK_FALSE(reading.problem.empty());
    }
    GpuMemorySources none;
    none.root = root.path();
    none.tool = (root.path() / "bin/not-there").string();
    CHECK(readGpuMemory(none).problem.empty());
    root.write("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: NVIDIA GeForce RTX 4090\n");
    CHECK_THAT(readGpuMemory(none).problem, Catch::Contains("not-there")); // a driver without its tool
}

TEST_CASE("free memory of AMD's GPUs is in sysfs")
{
    FakeRoot root;
    GpuMemorySources sources;
    sources.root = root.path();
    sources.tool = (root.path() / "bin/not-there").string();
    root.pciDevice("0000:03:00.0", "0x030000", "0x1002", "0x744c");
    CHECK_THAT(readGpuMemory(sources).problem, Catch::Contains("does not say"));
    root.write("usr/share/misc/pci.ids", "1002  AMD\n\t744c  Navi 31 [Radeon RX 7900 XTX]\n");
    root.write("sys/bus/pci/devices/0000:03:00.0/mem_info_vram_total", "25753026560\n");
    root.write("sys/bus/pci/devices/0000:03:00.0/mem_info_vram_used", "1000000000\n");
    const auto reading = readGpuMemory(sources);
    CHECK(reading.problem.empty());
    REQUIRE(reading.gpus.size() == 1);
    CHECK(reading.gpus[0].gpu.vendor == GpuVendor::Amd);
    CHECK(reading.gpus[0].gpu.name.find("7900 XTX") != std::string::npos);
    CHECK(reading.gpus[0].totalBytes == 25753026560);
    CHECK(reading.gpus[0].freeBytes == 24753026560);
}
