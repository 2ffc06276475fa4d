// SPDX-License-Identifier: GPL-3.0-or-later
// What networks see beside noise and text, against what diffusers' pipelines make of the same pictures
// (tests/golden/peer/extra_channels.safetensors).
#include "engine/torch/prelude.h"

#include "engine/torch/failure.h"
#include "engine/torch/nn/functions.h"
#include "engine/torch/pipeline/extra_inputs.h"
#include "engine/torch/weight_store.h"

#include <catch2/catch.hpp>

using namespace mantissa;

namespace {

constexpr int kDownscale = 8;

struct Golden {
    std::unique_ptr<WeightStore> store;
    GenerationRequest request;

    Golden()
    {
        auto model = std::make_shared<Model>();
        model->source
            = valueOf(openCheckpoint(std::string(MANTISSA_TEST_DATA) + "/peer/extra_channels.safetensors"));
        store = std::make_unique<WeightStore>(model, "", WeightOptions{});
        request.start = picture("picture");
        request.mask = picture("mask");
        request.width = request.start.width;
        request.height = request.start.height;
    }
    at::Tensor tensor(const char* name) const { return store->readFloat(store->find(name)); }
    Picture picture(const char* name) const
    {
        const at::Tensor bytes = tensor(name).to(at::kByte).contiguous();
        Picture made;
        made.height = static_cast<int>(bytes.size(0));
        made.width = static_cast<int>(bytes.size(1));
        made.rgb.assign(
            bytes.const_data_ptr<std::uint8_t>(), bytes.const_data_ptr<std::uint8_t>() + bytes.numel());
        return made;
    }
    std::vector<std::int64_t> noise(std::int64_t frames = 0) const
    {
        std::vector<std::int64_t> shape{1, 4, request.height / kDownscale, request.width / kDownscale};
        if (frames > 0)
            shape.insert(shape.begin() + 2, frames);
        return shape;
    }
};

/// The fixture's VAE.
at::Tensor meanOfPixels(const at::Tensor& x)
{
    const at::Tensor mean = x.dim() == 4
        ? at::avg_pool2d(x, kDownscale)
        : at::avg_pool3d(x.slice(2, 0, x.size(2), 4), {1, kDownscale, kDownscale});
    return at::cat({mean, mean.slice(1, 0, 1)}, 1);
}

} // namespace

TEST_CASE("masks and pictures become the channels that networks were trained with")
{
    const c10::InferenceMode noGradients;
    Golden golden;
    const at::Tensor inpaint
        = extraChannels(ExtraKind::Inpaint, golden.request, golden.noise(), kDownscale, meanOfPixels);
    CHECK(inpaint.allclose(golden.tensor("inpaint"), 1e-5, 1e-6));

    const at::Tensor fill
        = extraChannels(ExtraKind::Fill, golden.request, golden.noise(), kDownscale, meanOfPixels);
    CHECK(nn::patchify(fill, 2).allclose(golden.tensor("fill_tokens"), 1e-5, 1e-6));

    golden.request.frames = 9;
    const at::Tensor first
        = extraChannels(ExtraKind::FirstFrame, golden.request, golden.noise(3), kDownscale, meanOfPixels);
    CHECK(first.allclose(golden.tensor("first_frame"), 1e-5, 1e-6));

    // SeedVR2's own layout (spec/architectures 6.12): the latent, then 1 where it is known.
    const at::Tensor restore = extraChannels(ExtraKind::Restoration, golden.request, golden.noise(1),
        kDownscale, [](const at::Tensor& x) { return meanOfPixels(x).unsqueeze(2); });
    REQUIRE(restore.size(1) == 5);
    CHECK(restore.slice(1, 4).eq(1).all().item<bool>());
}

TEST_CASE("channels tell what a network needs, and strange ones are refused")
{
    CHECK(extraKindOf("sd1", {4, 0}, 8) == ExtraKind::None);
    CHECK(extraKindOf("sd1", {4, 5}, 8) == ExtraKind::Inpaint);
    CHECK(extraKindOf("flux1", {16, 80, false, true}, 8) == ExtraKind::Fill);
    CHECK(extraKindOf("flux1", {16, 16, false, true}, 8) == ExtraKind::Control);
    CHECK(extraKindOf("wan", {16, 20, true}, 8) == ExtraKind::FirstFrame);
    CHECK(extraKindOf("seedvr2_3b", {16, 17, true}, 8) == ExtraKind::Restoration);
    for (const auto& [family, form] : {std::pair<const char*, LatentForm>{"sd1", {4, 4}},
             {"hunyuan_video", {16, 17, true}}, {"wan", {16, 32, true}}}) {
        CAPTURE(family);
        const auto refused = guarded([&, name = family, what = form] { extraKindOf(name, what, 8); });
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::Unsupported);
    }
}

TEST_CASE("pictures that a network needs or cannot use are said in a sentence")
{
    Picture small, large;
    small.width = small.height = 8;
    small.rgb.assign(8 * 8 * 3, 0);
    large.width = large.height = 16;
    large.rgb.assign(16 * 16 * 3, 0);
    const LatentForm pictures{4, 5}, looking{16, 0, false, true}, video{16, 20, true};
    GenerationRequest request;
    CHECK_FALSE(checkPictures(request, ExtraKind::Inpaint, pictures));
    CHECK_FALSE(checkPictures(request, ExtraKind::FirstFrame, video));
    CHECK_FALSE(checkPictures(request, ExtraKind::Restoration, video));
    CHECK_FALSE(checkPictures(request, ExtraKind::Control, looking));
    CHECK(checkPictures(request, ExtraKind::None, {4, 0}));
    request.start = small;
    CHECK_FALSE(checkPictures(request, ExtraKind::Fill, looking));
    CHECK_FALSE(checkPictures(request, ExtraKind::None, {16, 0, true}));
    request.mask = large;
    CHECK_FALSE(checkPictures(request, ExtraKind::Inpaint, pictures));
    request.mask = small;
    CHECK(checkPictures(request, ExtraKind::Inpaint, pictures));
    CHECK_FALSE(checkPictures(request, ExtraKind::None, {4, 0}));
    request.mask = {};
    request.references = {small};
    CHECK(checkPictures(request, ExtraKind::None, looking));
    CHECK_FALSE(checkPictures(request, ExtraKind::None, {4, 0}));
}
