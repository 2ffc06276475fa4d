// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes become the model_index.json of a folder with two small components.
#include "engine/io/safetensors_header.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/io/temp_files.h"

namespace {

const mantissa::test::TempFolder& pipeline()
{
    static const mantissa::test::TempFolder folder;
    static const bool filled = [] {
        const std::string file
            = mantissa::makeSafetensorsHeader({{"a", mantissa::DType::U8, {3}}}, {})->bytes + "abc";
        folder.write("p/unet/diffusion_pytorch_model.safetensors", file);
        folder.write("p/vae/diffusion_pytorch_model.safetensors", file);
        folder.write("p/scheduler/scheduler_config.json", "{}");
        folder.write("outside/model.safetensors", file);
        return true;
    }();
    (void)filled;
    return folder;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace mantissa;
    pipeline().write("p/model_index.json", {reinterpret_cast<const char*>(data), size});
    const auto opened = openCheckpoint(pipeline().path() / "p");
    fuzz::exercise(opened);
    if (opened)
        for (const SourceFile& file : (*opened)->info().files)
            fuzz::require(file.path.string().find("outside") == std::string::npos);
    return 0;
}
