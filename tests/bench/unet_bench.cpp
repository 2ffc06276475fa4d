// SPDX-License-Identifier: GPL-3.0-or-later
// unet_bench CHECKPOINT [--dtype fp32|bf16|int8|int8-bf16] [--steps N] [--size PIXELS] [--batch N] [--threads
// N]
//
// Seconds for one call of a checkpoint's U-Net on random latents, the median of N after one warm-up, the
// processor time that all threads spent in it (on a busy machine, with one thread, the figure to compare),
// and the peak of resident memory. tests/bench/unet_peer.py does the same with diffusers; unet_bench.sh runs
// both in turn.
#include "engine/torch/prelude.h"

#include "engine/torch/failure.h"
#include "engine/torch/models/network.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <sys/resource.h>
#include <vector>

using namespace mantissa;

namespace {

struct Arguments {
    std::string file, dtype = "fp32";
    int steps = 3, size = 512, batch = 2, threads = 2;
};

Arguments parse(int argc, char** argv)
{
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const auto number = [&] { return i + 1 < argc ? std::atoi(argv[++i]) : 0; };
        if (word == "--dtype" && i + 1 < argc)
            arguments.dtype = argv[++i];
        else if (word == "--steps")
            arguments.steps = number();
        else if (word == "--size")
            arguments.size = number();
        else if (word == "--batch")
            arguments.batch = number();
        else if (word == "--threads")
            arguments.threads = number();
        else
            arguments.file = word;
    }
    return arguments;
}

void measure(const Arguments& arguments)
{
    const c10::InferenceMode noGradients;
    at::set_num_threads(arguments.threads);
    const auto model = valueOf(detectModel(valueOf(openCheckpoint(arguments.file))));
    WeightOptions options;
    options.compute = arguments.dtype.ends_with("bf16") ? at::kBFloat16 : at::kFloat;
    Network network = openNetwork(model, 0, options);
    // Of a checkpoint that is stored so.
    network.context->weights.multiplyNatively({.int8 = arguments.dtype.starts_with("int8"), .float8 = false});
    if (!network.denoiser)
        raise(ErrorCode::Usage, "{} does not start with a denoising network", arguments.file);
    const std::int64_t rows = arguments.size / 8;
    DenoiserInput input;
    input.x = at::randn({arguments.batch, 4, rows, rows});
    input.timestep = at::full({arguments.batch}, 500.0f);
    input.context = at::randn({arguments.batch, 77, 768});
    std::vector<double> seconds, processor;
    for (int i = 0; i <= arguments.steps; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const std::clock_t ticks = std::clock();
        const at::Tensor out = network.denoiser->forward(input);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        if (!out.isfinite().all().item<bool>())
            raise(ErrorCode::Internal, "the output is not finite");
        if (i > 0) { // the first call reads the weights
            seconds.push_back(took.count());
            processor.push_back(static_cast<double>(std::clock() - ticks) / CLOCKS_PER_SEC);
        }
    }
    std::sort(seconds.begin(), seconds.end());
    std::sort(processor.begin(), processor.end());
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf("{\"tool\": \"mantissa\", \"dtype\": \"%s\", \"seconds_per_step\": %.3f, "
                "\"cpu_seconds_per_step\": %.3f, \"peak_mb\": %ld}\n",
        arguments.dtype.c_str(), seconds[seconds.size() / 2], processor[processor.size() / 2],
        usage.ru_maxrss / 1024);
}

} // namespace

int main(int argc, char** argv)
{
    const auto done = guarded([&] { measure(parse(argc, argv)); });
    if (done)
        return 0;
    std::fprintf(stderr, "unet_bench: error: %s\n", done.error().message.c_str());
    return static_cast<int>(done.error().code);
}
