// SPDX-License-Identifier: GPL-3.0-or-later
// doctor: what this machine has, and which formats it can run.
#include "app/cli/command.h"
#include "engine/compat/gpu_memory.h"
#include "engine/compat/hardware.h"
#include "engine/compat/machine.h"
#include "kernels/kernel_set.h"
#include "engine/base/json.h"

#include <sys/sysinfo.h>
#include <thread>

namespace mantissa::cli {
namespace {

using Json = nlohmann::ordered_json;

class Doctor final : public Command {
public:
    void declare(Options& options) override
    {
        options.add("--gpu", m_gpu, "Judge for this GPU instead of the one found");
    }

    int run(const Console& console) override
    {
        std::optional<Gpu> gpu;
        GpuDetection found = detectGpus();
        if (!m_gpu.empty()) {
            auto named = findGpu(m_gpu);
            if (!named)
                return console.report(named.error());
            gpu = std::move(*named);
        } else if (!found.gpus.empty()) {
            gpu = found.gpus.front();
        }
        struct sysinfo memory { };
        ::sysinfo(&memory);
        const std::uint64_t total = std::uint64_t{memory.totalram} * memory.mem_unit;
        const std::uint64_t available = std::uint64_t{memory.freeram + memory.bufferram} * memory.mem_unit;
        const auto verdicts = judgeFormats(gpu ? &*gpu : nullptr);
        const GpuMemoryReading free = readGpuMemory();
        if (console.json)
            console.document(document(gpu, found, free, total, available, verdicts));
        else
            print(console, gpu, found, free, total, verdicts);
        return 0;
    }

private:
    static std::vector<std::string> kernelSets()
    {
        std::vector<std::string> names;
        for (const kernels::KernelSet* set : kernels::allKernels())
            names.emplace_back(set->name);
        return names;
    }

    static Json document(const std::optional<Gpu>& gpu, const GpuDetection& found,
        const GpuMemoryReading& free, std::uint64_t total, std::uint64_t available,
        const std::vector<FormatVerdict>& verdicts)
    {
        Json out{{"processor", processorName()}, {"threads", std::thread::hardware_concurrency()},
            {"kernels", kernels::activeKernels().name}, {"kernel_sets", kernelSets()},
            {"memory_bytes", total}, {"memory_free_bytes", available}};
        out["gpu"] = gpu ? Json({{"name", gpu->name}, {"vendor", nameOf(gpu->vendor)},
                         {"family", gpu->family}, {"compute_capability", gpu->computeCapability}})
                         : Json();
        out["gpu_reason"] = found.reason.empty() ? Json() : Json(found.reason);
        out["gpu_memory"] = Json::array();
        for (const GpuMemory& memory : free.gpus)
            out["gpu_memory"].push_back({{"name", memory.gpu.name}, {"total_bytes", memory.totalBytes},
                {"free_bytes", memory.freeBytes}});
        out["gpu_memory_problem"] = free.problem.empty() ? Json() : Json(free.problem);
        out["formats"] = Json::array();
        for (const FormatVerdict& verdict : verdicts)
            out["formats"].push_back({{"format", verdict.format}, {"support", nameOf(verdict.support)},
                {"runtime", verdict.runtime}, {"reason", verdict.reason}});
        return out;
    }

    static void print(const Console& console, const std::optional<Gpu>& gpu, const GpuDetection& found,
        const GpuMemoryReading& free, std::uint64_t total, const std::vector<FormatVerdict>& verdicts)
    {
        console.print(fmt::format("processor  {}, {} threads, kernels {} (of {})\nmemory     {}\n",
            processorName(), std::thread::hardware_concurrency(), kernels::activeKernels().name,
            fmt::join(kernelSets(), ", "), humanBytes(total)));
        console.print(gpu ? fmt::format("GPU        {} {}{}\n", nameOf(gpu->vendor), gpu->name,
                          gpu->computeCapability > 0 ? fmt::format(
                              ", SM {}.{}", gpu->computeCapability / 10, gpu->computeCapability % 10)
                                                     : "")
                          : std::string("GPU        none\n"));
        if (!found.reason.empty())
            console.print("           " + found.reason + "\n");
        for (const GpuMemory& memory : free.gpus)
            console.print(fmt::format("           {}: {} of {} free now\n", memory.gpu.name,
                humanBytes(memory.freeBytes), humanBytes(memory.totalBytes)));
        if (!free.problem.empty())
            console.print("           " + free.problem + "\n");
        std::vector<std::vector<std::string>> rows{{"format", "here", "loaded by", "why"}};
        for (const FormatVerdict& verdict : verdicts)
            rows.push_back(
                {verdict.format, std::string(nameOf(verdict.support)), verdict.runtime, verdict.reason});
        console.print("\n" + formatTable(rows));
    }

    std::string m_gpu;
};

} // namespace

std::unique_ptr<Command> makeDoctor()
{
    return std::make_unique<Doctor>();
}

} // namespace mantissa::cli
