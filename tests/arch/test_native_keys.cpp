// SPDX-License-Identifier: GPL-3.0-or-later
// Native manifests, spelled as diffusers spells them by the inverse rules written here, and translated back.
#include "engine/arch/native_keys.h"
#include "tests/support/manifest_source.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <map>
#include <regex>
#include <set>

using namespace mantissa;
using test::Entry;
using Entries = std::vector<Entry>;

namespace {

/// `all`: the native network, for what its size decides.
using Inverse = void (*)(const Entry& native, const Entries& all, Entries& out);
using Renames = std::vector<std::pair<const char*, const char*>>;

/// Each compiled once: a model has thousands of keys.
const std::regex& pattern(const std::string& text)
{
    static std::map<std::string, std::regex> compiled;
    return compiled.try_emplace(text, text).first->second;
}

std::string renamed(const std::string& name, const Renames& renames)
{
    for (const auto& [from, to] : renames)
        if (std::regex_match(name, pattern(from)))
            return std::regex_replace(name, pattern(from), to);
    FAIL("the inverse has no rule for " << name);
    return {};
}

Entry rowsOf(const Entry& native, std::string name, std::int64_t first, std::int64_t count)
{
    Entry out = native;
    out.name = std::move(name);
    const std::int64_t rows = native.shape.at(0);
    out.shape[0] = count;
    const auto row = static_cast<std::ptrdiff_t>(native.data.size()) / rows;
    if (!native.data.empty())
        out.data = {native.data.begin() + first * row, native.data.begin() + (first + count) * row};
    return out;
}

/// Splits a fused weight; the last part takes what is left.
void split(const Entry& native, const std::string& from, std::initializer_list<const char*> parts,
    std::int64_t rows, Entries& out)
{
    std::int64_t first = 0;
    for (const char* part : parts) {
        const bool last = part == *(parts.end() - 1);
        const std::int64_t count = last ? native.shape[0] - first : rows;
        out.push_back(rowsOf(native, std::regex_replace(native.name, pattern(from), part), first, count));
        first += count;
    }
}

void swapHalves(const Entry& native, std::string name, Entries& out)
{
    Entry swapped = native;
    swapped.name = std::move(name);
    const auto middle = static_cast<std::ptrdiff_t>(swapped.data.size() / 2);
    std::rotate(swapped.data.begin(), swapped.data.begin() + middle, swapped.data.end());
    out.push_back(std::move(swapped));
}

void rename(const Entry& native, const Renames& renames, Entries& out)
{
    Entry entry = native;
    entry.name = renamed(native.name, renames);
    out.push_back(std::move(entry));
}

/// How many of the names PREFIX0, PREFIX1, … start a key.
int countOf(const Entries& all, const std::string& prefix)
{
    std::set<std::string_view> places; // what stands between the prefix and the next point
    for (const Entry& entry : all)
        if (const std::string_view name = entry.name; name.starts_with(prefix))
            places.insert(name.substr(prefix.size(), name.find('.', prefix.size()) - prefix.size()));
    int count = 0;
    while (places.contains(std::to_string(count)))
        ++count;
    return count;
}

/// Native blocks of a level: the first sampler ends the first one.
int strideOf(const Entries& all)
{
    const int blocks = countOf(all, "input_blocks.");
    for (int i = 1; i < blocks; ++i) {
        const std::string sampler = fmt::format("input_blocks.{}.0.op.weight", i);
        if (std::any_of(all.begin(), all.end(), [&](const Entry& entry) { return entry.name == sampler; }))
            return i;
    }
    return blocks;
}

void inverseUnet(const Entry& native, const Entries& all, Entries& out)
{
    std::smatch at;
    std::string name = native.name;
    const int stride = strideOf(all);
    const auto inside = [](std::string text) {
        const Renames residual{{"in_layers\\.0(.*)", "norm1$1"}, {"in_layers\\.2(.*)", "conv1$1"},
            {"emb_layers\\.1(.*)", "time_emb_proj$1"}, {"out_layers\\.0(.*)", "norm2$1"},
            {"out_layers\\.3(.*)", "conv2$1"}, {"skip_connection(.*)", "conv_shortcut$1"}, {"(.*)", "$1"}};
        return renamed(text, residual);
    };
    const auto place = [](int level, int block, bool attention, const char* side) {
        return fmt::format("{}_blocks.{}.{}.{}.", side, level, attention ? "attentions" : "resnets", block);
    };
    if (std::regex_match(name, at, pattern("input_blocks\\.(\\d+)\\.(\\d)\\.(.*)")) && at[1] != "0") {
        const int block = std::stoi(at[1]) - 1;
        name = block % stride == stride - 1
            ? fmt::format("down_blocks.{}.downsamplers.0.conv.{}", block / stride, at[3].str().substr(3))
            : place(block / stride, block % stride, at[2] == "1", "down") + inside(at[3]);
    } else if (std::regex_match(name, at, pattern("output_blocks\\.(\\d+)\\.(\\d)\\.(.*)"))) {
        const int block = std::stoi(at[1]);
        name = at[3].str().starts_with("conv.")
            ? fmt::format("up_blocks.{}.upsamplers.0.{}", block / stride, at[3].str())
            : place(block / stride, block % stride, at[2] == "1", "up") + inside(at[3]);
    } else if (std::regex_match(name, at, pattern("middle_block\\.(\\d)\\.(.*)"))) {
        name = at[1] == "1" ? "mid_block.attentions.0." + at[2].str()
                            : fmt::format("mid_block.resnets.{}.", at[1] == "0" ? 0 : 1) + inside(at[2]);
    } else {
        name = renamed(name,
            {{"input_blocks\\.0\\.0(.*)", "conv_in$1"}, {"time_embed\\.0(.*)", "time_embedding.linear_1$1"},
                {"time_embed\\.2(.*)", "time_embedding.linear_2$1"},
                {"label_emb\\.0\\.0(.*)", "add_embedding.linear_1$1"},
                {"label_emb\\.0\\.2(.*)", "add_embedding.linear_2$1"}, {"out\\.0(.*)", "conv_norm_out$1"},
                {"out\\.2(.*)", "conv_out$1"}});
    }
    out.push_back(native);
    out.back().name = name;
}

void inverseVae(const Entry& native, const Entries& all, Entries& out)
{
    std::smatch at;
    Entry entry = native;
    if (std::regex_match(native.name, at, pattern("decoder\\.up\\.(\\d)\\.(.*)")))
        entry.name
            = fmt::format("decoder.up_blocks.{}.{}", countOf(all, "decoder.up.") - 1 - std::stoi(at[1]),
                renamed(at[2],
                    {{"block\\.(\\d)\\.nin_shortcut(.*)", "resnets.$1.conv_shortcut$2"},
                        {"block\\.(.*)", "resnets.$1"}, {"upsample\\.(.*)", "upsamplers.0.$1"}}));
    else
        entry.name = renamed(native.name,
            {{"encoder\\.down\\.(\\d)\\.block\\.(\\d)\\.nin_shortcut(.*)",
                 "encoder.down_blocks.$1.resnets.$2.conv_shortcut$3"},
                {"encoder\\.down\\.(\\d)\\.block\\.(.*)", "encoder.down_blocks.$1.resnets.$2"},
                {"encoder\\.down\\.(\\d)\\.downsample\\.(.*)", "encoder.down_blocks.$1.downsamplers.0.$2"},
                {"(.*)\\.mid\\.block_1\\.(.*)", "$1.mid_block.resnets.0.$2"},
                {"(.*)\\.mid\\.block_2\\.(.*)", "$1.mid_block.resnets.1.$2"},
                {"(.*)\\.mid\\.attn_1\\.norm\\.(.*)", "$1.mid_block.attentions.0.group_norm.$2"},
                {"(.*)\\.mid\\.attn_1\\.proj_out\\.(.*)", "$1.mid_block.attentions.0.to_out.0.$2"},
                {"(.*)\\.mid\\.attn_1\\.(.)\\.(.*)", "$1.mid_block.attentions.0.to_$2.$3"},
                {"(.*)\\.norm_out\\.(.*)", "$1.conv_norm_out.$2"}, {"(.*conv.*)", "$1"}});
    if (native.name.find("mid.attn_1.") != std::string::npos && native.shape.size() == 4)
        entry.shape.resize(2);
    out.push_back(std::move(entry));
}

void inverseFlux(const Entry& native, const Entries&, Entries& out)
{
    const std::string& name = native.name;
    const std::int64_t third = native.shape[0] / 3, seventh = native.shape[0] / 7;
    if (name.find("img_attn.qkv") != std::string::npos)
        return split(native, "double_blocks\\.(\\d+)\\.img_attn\\.qkv",
            {"transformer_blocks.$1.attn.to_q", "transformer_blocks.$1.attn.to_k",
                "transformer_blocks.$1.attn.to_v"},
            third, out);
    if (name.find("txt_attn.qkv") != std::string::npos)
        return split(native, "double_blocks\\.(\\d+)\\.txt_attn\\.qkv",
            {"transformer_blocks.$1.attn.add_q_proj", "transformer_blocks.$1.attn.add_k_proj",
                "transformer_blocks.$1.attn.add_v_proj"},
            third, out);
    if (name.find("linear1") != std::string::npos)
        return split(native, "single_blocks\\.(\\d+)\\.linear1",
            {"single_transformer_blocks.$1.attn.to_q", "single_transformer_blocks.$1.attn.to_k",
                "single_transformer_blocks.$1.attn.to_v", "single_transformer_blocks.$1.proj_mlp"},
            seventh, out);
    if (name.starts_with("final_layer.adaLN"))
        return swapHalves(native, "norm_out.linear" + name.substr(name.rfind('.')), out);
    rename(native,
        {{"img_in(.*)", "x_embedder$1"}, {"txt_in(.*)", "context_embedder$1"},
            {"time_in\\.in_layer(.*)", "time_text_embed.timestep_embedder.linear_1$1"},
            {"time_in\\.out_layer(.*)", "time_text_embed.timestep_embedder.linear_2$1"},
            {"vector_in\\.in_layer(.*)", "time_text_embed.text_embedder.linear_1$1"},
            {"vector_in\\.out_layer(.*)", "time_text_embed.text_embedder.linear_2$1"},
            {"guidance_in\\.in_layer(.*)", "time_text_embed.guidance_embedder.linear_1$1"},
            {"guidance_in\\.out_layer(.*)", "time_text_embed.guidance_embedder.linear_2$1"},
            {"double_blocks\\.(\\d+)\\.img_mod\\.lin(.*)", "transformer_blocks.$1.norm1.linear$2"},
            {"double_blocks\\.(\\d+)\\.txt_mod\\.lin(.*)", "transformer_blocks.$1.norm1_context.linear$2"},
            {"double_blocks\\.(\\d+)\\.img_attn\\.norm\\.query_norm\\.scale",
                "transformer_blocks.$1.attn.norm_q.weight"},
            {"double_blocks\\.(\\d+)\\.img_attn\\.norm\\.key_norm\\.scale",
                "transformer_blocks.$1.attn.norm_k.weight"},
            {"double_blocks\\.(\\d+)\\.txt_attn\\.norm\\.query_norm\\.scale",
                "transformer_blocks.$1.attn.norm_added_q.weight"},
            {"double_blocks\\.(\\d+)\\.txt_attn\\.norm\\.key_norm\\.scale",
                "transformer_blocks.$1.attn.norm_added_k.weight"},
            {"double_blocks\\.(\\d+)\\.img_attn\\.proj(.*)", "transformer_blocks.$1.attn.to_out.0$2"},
            {"double_blocks\\.(\\d+)\\.txt_attn\\.proj(.*)", "transformer_blocks.$1.attn.to_add_out$2"},
            {"double_blocks\\.(\\d+)\\.img_mlp\\.0(.*)", "transformer_blocks.$1.ff.net.0.proj$2"},
            {"double_blocks\\.(\\d+)\\.img_mlp\\.2(.*)", "transformer_blocks.$1.ff.net.2$2"},
            {"double_blocks\\.(\\d+)\\.txt_mlp\\.0(.*)", "transformer_blocks.$1.ff_context.net.0.proj$2"},
            {"double_blocks\\.(\\d+)\\.txt_mlp\\.2(.*)", "transformer_blocks.$1.ff_context.net.2$2"},
            {"single_blocks\\.(\\d+)\\.modulation\\.lin(.*)", "single_transformer_blocks.$1.norm.linear$2"},
            {"single_blocks\\.(\\d+)\\.norm\\.query_norm\\.scale",
                "single_transformer_blocks.$1.attn.norm_q.weight"},
            {"single_blocks\\.(\\d+)\\.norm\\.key_norm\\.scale",
                "single_transformer_blocks.$1.attn.norm_k.weight"},
            {"single_blocks\\.(\\d+)\\.linear2(.*)", "single_transformer_blocks.$1.proj_out$2"},
            {"final_layer\\.linear(.*)", "proj_out$1"}},
        out);
}

void inverseSd3(const Entry& native, const Entries& all, Entries& out)
{
    const std::string& name = native.name;
    std::smatch at;
    if (std::regex_match(name, at, pattern("joint_blocks\\.(\\d+)\\.x_block\\.(attn2?)\\.qkv\\.(.*)")))
        return split(native, "joint_blocks\\.(\\d+)\\.x_block\\.(attn2?)\\.qkv",
            {"transformer_blocks.$1.$2.to_q", "transformer_blocks.$1.$2.to_k",
                "transformer_blocks.$1.$2.to_v"},
            native.shape[0] / 3, out);
    if (name.find("context_block.attn.qkv") != std::string::npos)
        return split(native, "joint_blocks\\.(\\d+)\\.context_block\\.attn\\.qkv",
            {"transformer_blocks.$1.attn.add_q_proj", "transformer_blocks.$1.attn.add_k_proj",
                "transformer_blocks.$1.attn.add_v_proj"},
            native.shape[0] / 3, out);
    if (name.starts_with("final_layer.adaLN"))
        return swapHalves(native, "norm_out.linear" + name.substr(name.rfind('.')), out);
    Entries renames;
    rename(native,
        {{"pos_embed", "pos_embed.pos_embed"}, {"x_embedder\\.proj(.*)", "pos_embed.proj$1"},
            {"t_embedder\\.mlp\\.0(.*)", "time_text_embed.timestep_embedder.linear_1$1"},
            {"t_embedder\\.mlp\\.2(.*)", "time_text_embed.timestep_embedder.linear_2$1"},
            {"y_embedder\\.mlp\\.0(.*)", "time_text_embed.text_embedder.linear_1$1"},
            {"y_embedder\\.mlp\\.2(.*)", "time_text_embed.text_embedder.linear_2$1"},
            {"(context_embedder.*)", "$1"},
            {"joint_blocks\\.(\\d+)\\.x_block\\.adaLN_modulation\\.1(.*)",
                "transformer_blocks.$1.norm1.linear$2"},
            {"joint_blocks\\.(\\d+)\\.context_block\\.adaLN_modulation\\.1(.*)",
                "transformer_blocks.$1.norm1_context.linear$2"},
            {"joint_blocks\\.(\\d+)\\.x_block\\.(attn2?)\\.ln_([qk])(.*)",
                "transformer_blocks.$1.$2.norm_$3$4"},
            {"joint_blocks\\.(\\d+)\\.context_block\\.attn\\.ln_([qk])(.*)",
                "transformer_blocks.$1.attn.norm_added_$2$3"},
            {"joint_blocks\\.(\\d+)\\.x_block\\.(attn2?)\\.proj(.*)", "transformer_blocks.$1.$2.to_out.0$3"},
            {"joint_blocks\\.(\\d+)\\.context_block\\.attn\\.proj(.*)",
                "transformer_blocks.$1.attn.to_add_out$2"},
            {"joint_blocks\\.(\\d+)\\.x_block\\.mlp\\.fc1(.*)", "transformer_blocks.$1.ff.net.0.proj$2"},
            {"joint_blocks\\.(\\d+)\\.x_block\\.mlp\\.fc2(.*)", "transformer_blocks.$1.ff.net.2$2"},
            {"joint_blocks\\.(\\d+)\\.context_block\\.mlp\\.fc1(.*)",
                "transformer_blocks.$1.ff_context.net.0.proj$2"},
            {"joint_blocks\\.(\\d+)\\.context_block\\.mlp\\.fc2(.*)",
                "transformer_blocks.$1.ff_context.net.2$2"},
            {"final_layer\\.linear(.*)", "proj_out$1"}},
        renames);
    const int last = countOf(all, "joint_blocks.") - 1;
    if (name.starts_with(fmt::format("joint_blocks.{}.context_block.adaLN", last)))
        return swapHalves(native, renames.front().name, out);
    out.push_back(renames.front());
}

void inverseZImage(const Entry& native, const Entries&, Entries& out)
{
    if (native.name.find("attention.qkv") != std::string::npos)
        return split(native, "attention\\.qkv", {"attention.to_q", "attention.to_k", "attention.to_v"},
            native.shape[0] / 3, out);
    rename(native,
        {{"x_embedder(.*)", "all_x_embedder.2-1$1"}, {"final_layer(.*)", "all_final_layer.2-1$1"},
            {"(.*)attention\\.out\\.(.*)", "$1attention.to_out.0.$2"},
            {"(.*)attention\\.([qk])_norm\\.(.*)", "$1attention.norm_$2.$3"}, {"(.*)", "$1"}},
        out);
}

void inverseAuraflow(const Entry& native, const Entries&, Entries& out)
{
    if (native.name.starts_with("modF.1."))
        return swapHalves(native, "norm_out.linear.weight", out);
    rename(native,
        {{"positional_encoding", "pos_embed.pos_embed"}, {"register_tokens", "register_tokens"},
            {"t_embedder\\.mlp\\.0(.*)", "time_step_proj.linear_1$1"},
            {"t_embedder\\.mlp\\.2(.*)", "time_step_proj.linear_2$1"},
            {"cond_seq_linear(.*)", "context_embedder$1"}, {"init_x_linear(.*)", "pos_embed.proj$1"},
            {"double_layers\\.(\\d+)\\.mlpX\\.c_fc(.*)", "joint_transformer_blocks.$1.ff.linear_$2"},
            {"double_layers\\.(\\d+)\\.mlpC\\.c_fc(.*)", "joint_transformer_blocks.$1.ff_context.linear_$2"},
            {"double_layers\\.(\\d+)\\.mlpX\\.c_proj(.*)", "joint_transformer_blocks.$1.ff.out_projection$2"},
            {"double_layers\\.(\\d+)\\.mlpC\\.c_proj(.*)",
                "joint_transformer_blocks.$1.ff_context.out_projection$2"},
            {"double_layers\\.(\\d+)\\.modX\\.1(.*)", "joint_transformer_blocks.$1.norm1.linear$2"},
            {"double_layers\\.(\\d+)\\.modC\\.1(.*)", "joint_transformer_blocks.$1.norm1_context.linear$2"},
            {"double_layers\\.(\\d+)\\.attn\\.w1o(.*)", "joint_transformer_blocks.$1.attn.to_add_out$2"},
            {"double_layers\\.(\\d+)\\.attn\\.w1(.)(.*)", "joint_transformer_blocks.$1.attn.add_$2_proj$3"},
            {"double_layers\\.(\\d+)\\.attn\\.w2o(.*)", "joint_transformer_blocks.$1.attn.to_out.0$2"},
            {"double_layers\\.(\\d+)\\.attn\\.w2(.)(.*)", "joint_transformer_blocks.$1.attn.to_$2$3"},
            {"single_layers\\.(\\d+)\\.mlp\\.c_fc(.*)", "single_transformer_blocks.$1.ff.linear_$2"},
            {"single_layers\\.(\\d+)\\.mlp\\.c_proj(.*)", "single_transformer_blocks.$1.ff.out_projection$2"},
            {"single_layers\\.(\\d+)\\.modCX\\.1(.*)", "single_transformer_blocks.$1.norm1.linear$2"},
            {"single_layers\\.(\\d+)\\.attn\\.w1o(.*)", "single_transformer_blocks.$1.attn.to_out.0$2"},
            {"single_layers\\.(\\d+)\\.attn\\.w1(.)(.*)", "single_transformer_blocks.$1.attn.to_$2$3"},
            {"final_linear(.*)", "proj_out$1"}},
        out);
}

struct Case {
    const char* manifest;
    const char* prefix; ///< of the part in the manifest
    const char* fixture; ///< a small network of the same family; empty: none
    const char* id;
    Inverse inverse;
    std::size_t diffusersTensors; ///< where the specification says (section 5); 0: as many as the native ones
};

const Case kCases[] = {
    {"sd15", "model.diffusion_model.", "unet_sd1", "sd1", inverseUnet, 0},
    {"sd21", "model.diffusion_model.", "", "sd2", inverseUnet, 0},
    {"sdxl_base", "model.diffusion_model.", "unet_sdxl", "sdxl", inverseUnet, 0},
    {"sdxl_refiner_unet", "model.diffusion_model.", "", "sdxl_refiner", inverseUnet, 0},
    {"vae_sd", "", "vae_kl4", "vae.kl4", inverseVae, 0},
    {"vae_flux_ae", "", "vae_kl16", "vae.kl16", inverseVae, 0},
    {"flux1_dev", "", "flux1", "flux1", inverseFlux, 1160},
    {"flux1_schnell", "", "", "flux1", inverseFlux, 0},
    {"sd3_medium", "model.diffusion_model.", "mmdit_sd3", "sd3", inverseSd3, 683},
    {"sd35_medium", "model.diffusion_model.", "mmdit_sd35", "sd3", inverseSd3, 0},
    {"sd35_large", "model.diffusion_model.", "", "sd3", inverseSd3, 0},
    {"z_image", "", "z_image", "z_image", inverseZImage, 521},
    {"auraflow", "model.", "auraflow", "auraflow", inverseAuraflow, 331},
};

Entries below(const Entries& all, const std::string& prefix)
{
    Entries out;
    for (Entry entry : all)
        if (entry.name.starts_with(prefix)) {
            entry.name.erase(0, prefix.size());
            out.push_back(std::move(entry));
        }
    return out;
}

Entries toDiffusers(const Entries& native, Inverse inverse, const std::string& prefix)
{
    Entries out;
    for (const Entry& entry : native)
        inverse(entry, native, out);
    for (Entry& entry : out)
        entry.name.insert(0, prefix);
    return out;
}

std::shared_ptr<const Model> detect(Entries entries)
{
    auto model = detectModel(test::sourceOf(std::move(entries)));
    REQUIRE(model);
    return *model;
}

} // namespace

TEST_CASE("diffusers keys become exactly the native ones", "[arch]")
{
    for (const Case& c : kCases) {
        CAPTURE(c.manifest);
        const Entries native = below(test::loadManifest(c.manifest), c.prefix);
        const bool alone = std::string(c.manifest) != "sdxl_base";
        const std::string prefix = alone ? "" : "unet.";
        const auto diffusers = detect(toDiffusers(native, c.inverse, prefix));
        CHECK(diffusers->architecture.id == c.id);
        CHECK(diffusers->architecture.form == "diffusers");
        if (c.diffusersTensors != 0)
            CHECK(diffusers->source->tensors().size() == c.diffusersTensors);
        const NativeKeys result = withNativeKeys(diffusers->source, diffusers->components);
        CAPTURE(result.notes);
        REQUIRE(result.source != diffusers->source);
        REQUIRE(result.notes.size() == 1);
        CHECK(result.source->tensors().size() == native.size());
        for (const Entry& wanted : native) {
            const std::ptrdiff_t found = result.source->find(prefix + wanted.name);
            CAPTURE(wanted.name);
            REQUIRE(found >= 0);
            const TensorInfo& tensor = result.source->tensors()[static_cast<std::size_t>(found)];
            CHECK(tensor.shape == wanted.shape);
            CHECK(tensor.dtype == wanted.dtype);
            CHECK(tensor.bytes == byteCount(wanted.dtype, *elementCount(wanted.shape)));
        }
        const auto model = detectModel(result.source);
        REQUIRE(model);
        CHECK((*model)->architecture.form == "native");
        CHECK((*model)->architecture.id == c.id);
        // What is native already stays the same object.
        const NativeKeys again = withNativeKeys(result.source, (*model)->components);
        CHECK(again.source == result.source);
        CHECK(again.notes.empty());
        if (std::string(c.manifest) == "sdxl_base") {
            const Component& network = (*model)->components.front();
            CHECK(network.parameters == 2'567'463'684);
            CHECK(network.linear == 743);
            CHECK(network.conv2d == 51);
        }
    }
}

TEST_CASE("fused, swapped and reshaped weights are read byte for byte", "[arch]")
{
    for (const Case& c : kCases) {
        if (*c.fixture == '\0')
            continue;
        CAPTURE(c.fixture);
        Entries native = test::loadFixture(c.fixture);
        for (const char* outer : {"model.diffusion_model.", "first_stage_model.", "model."})
            if (native.front().name.starts_with(outer))
                native = below(native, outer);
        unsigned seed = 1;
        for (Entry& entry : native) {
            entry.data.resize(*byteCount(entry.dtype, *elementCount(entry.shape)));
            for (std::byte& byte : entry.data)
                byte = static_cast<std::byte>((seed = seed * 1664525u + 1013904223u) >> 24);
        }
        const auto source = test::sourceOf(toDiffusers(native, c.inverse, "net."));
        Component component;
        component.role = "diffusion_model";
        component.id = c.id;
        component.prefix = "net.";
        const NativeKeys result = withNativeKeys(source, {&component, 1});
        CAPTURE(result.notes);
        REQUIRE(result.source != source);
        REQUIRE(result.source->tensors().size() == native.size());
        for (const Entry& wanted : native) {
            CAPTURE(wanted.name);
            const auto found = result.source->find("net." + wanted.name);
            REQUIRE(found >= 0);
            const auto tensor = static_cast<std::size_t>(found);
            CHECK(result.source->tensors()[tensor].shape == wanted.shape);
            std::vector<std::byte> all(wanted.data.size());
            REQUIRE(result.source->read(tensor, 0, all));
            CHECK((all == wanted.data));
            // A range that starts and ends inside pieces.
            const std::size_t begin = all.size() / 5, end = all.size() - all.size() / 7;
            std::vector<std::byte> some(end - begin);
            REQUIRE(result.source->read(tensor, begin, some));
            CHECK(std::equal(
                some.begin(), some.end(), wanted.data.begin() + static_cast<std::ptrdiff_t>(begin)));
        }
        CHECK_FALSE(
            result.source->read(0, native.front().data.size(), std::span(native.front().data).first(1)));
        CHECK_FALSE(result.source->read(native.size(), 0, {}));
    }
}

TEST_CASE("a component is translated as a whole or not at all", "[arch]")
{
    const Entries native = below(test::loadManifest("flux1_dev"), "");
    const auto translate = [&](const std::function<void(Entries&)>& spoil) {
        Entries entries = toDiffusers(native, inverseFlux, "");
        spoil(entries);
        const auto model = detect(entries);
        NativeKeys result = withNativeKeys(model->source, model->components);
        CHECK(result.source == model->source);
        REQUIRE(result.notes.size() == 1);
        return result.notes.front();
    };
    CHECK_THAT(translate([](Entries& e) {
        e.push_back(test::entry("transformer_blocks.3.extra.weight", {4, 4}));
    }),
        Catch::Contains("transformer_blocks.3.extra.weight has no native name"));
    CHECK_THAT(translate([](Entries& e) {
        std::erase_if(e, [](const Entry& x) { return x.name == "transformer_blocks.5.attn.to_k.weight"; });
    }),
        Catch::Contains("double_blocks.5.img_attn.qkv.weight do not fit"));
    CHECK_THAT(translate([](Entries& e) {
        for (Entry& x : e)
            if (x.name == "transformer_blocks.5.attn.to_k.weight")
                x.dtype = DType::F32;
    }),
        Catch::Contains("double_blocks.5.img_attn.qkv.weight do not fit"));
    // Scales belong to one piece: fusing quantized layers would need to quantize them again.
    CHECK_THAT(translate([](Entries& e) {
        e.push_back(test::entry("transformer_blocks.5.attn.to_k.weight_scale", {}, DType::F32));
    }),
        Catch::Contains("to_k.weight_scale has no native name"));
}
