// SPDX-License-Identifier: GPL-3.0-or-later
// picture_bench [MODEL] [THREADS]: seconds for a picture of the sample model (its own settings: 20 steps with
// guidance), text and decoding included; the median of nine after one warm-up.
#include "engine/torch/prelude.h"

#include "engine/torch/failure.h"
#include "engine/torch/pipeline/image_pipeline.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace mantissa;

int main(int argc, char** argv)
{
    const char* const file = argc > 1 ? argv[1] : "resources/sample/tiny-sd.safetensors";
    const auto done = guarded([&] {
        GeneratorOptions options;
        options.threads = argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 1;
        const auto generator
            = valueOf(makeImagePipeline(valueOf(detectModel(valueOf(openCheckpoint(file)))), options));
        GenerationRequest request;
        request.prompt = "a large red circle above a small blue square on a green background";
        std::vector<double> seconds;
        for (int i = 0; i < 10; ++i) {
            const GenerationResult result = valueOf(generator->generate(request, {}, {}));
            if (i > 0)
                seconds.push_back(result.seconds);
        }
        std::sort(seconds.begin(), seconds.end());
        std::printf("{\"model\": \"%s\", \"threads\": %u, \"seconds\": %.3f, \"lowest\": %.3f}\n", file,
            options.threads, seconds[seconds.size() / 2], seconds.front());
    });
    if (!done)
        std::fprintf(stderr, "picture_bench: error: %s\n", done.error().message.c_str());
    return done ? 0 : static_cast<int>(done.error().code);
}
