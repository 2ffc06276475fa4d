#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the fixtures of this folder with diffusers as the reference: make.py [OUT]. README.md says how to run it."""
import json
import pathlib
import struct
import sys
import types

import numpy as np
import PIL.Image
import torch
from diffusers import (AutoencoderKL, AutoencoderKLFlux2, AutoencoderKLHunyuanVideo, AutoencoderKLWan,
                       Flux2Transformer2DModel, FluxFillPipeline, FluxTransformer2DModel,
                       QwenImageTransformer2DModel, StableDiffusionInpaintPipeline, UNet2DConditionModel,
                       WanImageToVideoPipeline)
from diffusers.image_processor import VaeImageProcessor

MASK = (1 << 64) - 1


def fnv1a(text):
    key = 0xCBF29CE484222325
    for byte in text.encode():
        key = ((key ^ byte) * 0x100000001B3) & MASK
    return key


def draw(rule):
    """The numbers of a rule, as ../arch/README.md defines them."""
    count = int(np.prod(rule["shape"], dtype=np.int64))
    with np.errstate(over="ignore"):
        z = np.uint64(fnv1a(rule["draw"]) ^ rule["seed"]) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(
            0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    t = (z >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1.0
    return (rule["offset"] + rule["scale"] * t).astype(np.float32).reshape(rule["shape"])


def rule_for(name, shape):
    shape = list(shape)
    norm = len([n for n in shape if n != 1]) <= 1
    rule = {"name": name, "draw": name, "dtype": "F32", "shape": shape, "seed": 1, "offset": 0.0}
    if name.endswith("running_var"):
        rule.update(offset=2.0, scale=1.0)
    elif norm and (name.endswith("weight") or name.endswith("gamma") or name.endswith("scale")):
        rule.update(offset=1.0, scale=0.2)
    elif norm:
        rule.update(scale=0.1)
    elif name == "decoder.head.2.weight":  # WAN's decoders cut off what is beyond -1..1
        rule.update(scale=0.02)
    else:
        rule.update(scale=float(np.float32((3.0 / np.prod(shape[1:]))**0.5)))
    return rule


def inputs(**shapes):
    return {name: torch.from_numpy(draw({"draw": "in." + name, "seed": 2, "offset": 0.0, "scale": 1.7, "shape": shape}))
            for name, shape in shapes.items()}


def write(path, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name in sorted(tensors):
        values = tensors[name].detach().to(torch.float32).contiguous().numpy()
        header[name] = {"dtype": "F32", "shape": list(values.shape),
                        "data_offsets": [len(data), len(data) + values.nbytes]}
        data += values.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def fixture(folder, name, arch, model, rename, run, given, config):
    """`rename` gives the file's name of one of the model's tensors, or a function that cuts its values out."""
    model = model.eval()
    rules = {}
    state = {}
    for key, value in model.state_dict().items():
        if key.endswith("num_batches_tracked"):
            state[key] = value
            continue
        target = rename(key, value)
        native, cut = target if isinstance(target, tuple) else (target, None)
        if cut is None:
            rules[native] = rule_for(native, value.shape)
            state[key] = torch.from_numpy(draw(rules[native]))
        else:
            shape, part = cut
            rules[native] = rule_for(native, shape)
            state[key] = part(torch.from_numpy(draw(rules[native]))).contiguous()
    model.load_state_dict(state)
    with torch.no_grad():
        outputs = run(model, given)
        wide = run(model.double(), {key: value.double() for key, value in given.items()})
    worst = max(float((wide[key] - outputs[key].double()).abs().max() / wide[key].square().mean().sqrt())
                for key in outputs)
    tensors = {"golden.in." + key: value for key, value in given.items()}
    tensors.update({"golden." + key: value for key, value in outputs.items()})
    metadata = {"fixture": name, "arch": arch, "weights": json.dumps(list(rules.values())),
                "config": json.dumps(config), "float64_difference": json.dumps(worst)}
    write(folder / (name + ".safetensors"), tensors, metadata)
    print(f"{name}: {sum(int(np.prod(rule['shape'])) for rule in rules.values())} parameters, {worst:.1e}")


# VAEs

def run_vae(model, given):
    posterior = model.encode(given["video"]).latent_dist
    return {"mean": posterior.mean, "decoded": model.decode(given["latent"]).sample}


def wan_name(levels_per_block):
    """Of a tensor of AutoencoderKLWan; `levels_per_block`: modules of a level of the decoder, None for lists of lists."""
    def rename(key, _):
        for ours, theirs in [("quant_conv", "conv1"), ("post_quant_conv", "conv2")]:
            if key.startswith(ours + "."):
                return theirs + key[len(ours):]
        half, rest = key.split(".", 1)
        parts = rest.split(".")
        if parts[0] in ("conv_in", "norm_out", "conv_out"):
            place = {"conv_in": "conv1", "norm_out": "head.0", "conv_out": "head.2"}[parts[0]]
            return ".".join([half, place] + parts[1:])
        if parts[0] == "mid_block":
            index = {"resnets0": 0, "attentions0": 1, "resnets1": 2}[parts[1] + parts[2]]
            place, parts = f"middle.{index}", parts[3:]
        else:
            listing = "downsamples" if half == "encoder" else "upsamples"
            level = int(parts[1])
            if parts[2] == "resnets":
                module, parts = int(parts[3]), parts[4:]
            elif parts[2] in ("upsamplers", "upsampler", "downsampler"):
                module = (levels_per_block or (2 if half == "encoder" else 3)) - 1
                parts = parts[4:] if parts[2] == "upsamplers" else parts[3:]
                if levels_per_block is None:
                    module = 1 if half == "encoder" else 2
            else:  # the encoder of WAN 2.1 is one list
                module, parts = None, parts[2:]
            if levels_per_block is None:
                place = f"{listing}.{level}.{listing}.{module}"
            elif module is None:
                place = f"{listing}.{level}"
            else:
                place = f"{listing}.{level * levels_per_block + module}"
        names = {"norm1": "residual.0", "conv1": "residual.2", "norm2": "residual.3", "conv2": "residual.6",
                 "conv_shortcut": "shortcut"}
        return ".".join([half, place, names.get(parts[0], parts[0])] + parts[1:])
    return rename


def ldm_name(key, value):
    """Of a tensor of AutoencoderKLHunyuanVideo or AutoencoderKLFlux2, in LDM's names."""
    parts = key.split(".")
    if "mid_block" in parts:
        names = {"resnets0": "block_1", "attentions0": "attn_1", "resnets1": "block_2"}
        parts = [parts[0], "mid", names[parts[2] + parts[3]]] + parts[4:]
    elif "down_blocks" in parts or "up_blocks" in parts:
        up = parts[1] == "up_blocks"
        level = 3 - int(parts[2]) if up else int(parts[2])
        inner = ["block", parts[4]] if parts[3] == "resnets" else ["upsample" if up else "downsample"]
        parts = [parts[0], "up" if up else "down", str(level)] + inner + parts[5:]
    names = {"conv_norm_out": "norm_out", "conv_shortcut": "nin_shortcut", "group_norm": "norm", "to_q": "q",
             "to_k": "k", "to_v": "v", "to_out": "proj_out"}
    name = ".".join(names.get(part, part) for part in parts).replace("proj_out.0", "proj_out")
    if ".attn_1." in name and name.endswith("weight") and value.dim() == 2:
        dims = 5 if "hunyuan" in ldm_name.family else 4
        shape = list(value.shape) + [1] * (dims - 2)
        return name, (shape, lambda whole: whole.reshape(value.shape))
    return name


def vaes(folder):
    video = dict(video=[1, 3, 5, 32, 16], latent=[1, 16, 3, 2, 3])
    wan = dict(z_dim=16, base_dim=4, dim_mult=[1, 2, 2, 2], num_res_blocks=1, temperal_downsample=[False, True, True])
    fixture(folder, "vae_wan21", "vae.wan21", AutoencoderKLWan(**wan), wan_name(3), run_vae, inputs(**video), {})
    wan22 = dict(wan, z_dim=48, base_dim=4, decoder_base_dim=8, is_residual=True, in_channels=12, out_channels=12,
                 patch_size=2, scale_factor_spatial=16, latents_mean=[0.0] * 48, latents_std=[1.0] * 48)
    fixture(folder, "vae_wan22", "vae.wan22", AutoencoderKLWan(**wan22), wan_name(None), run_vae,
            inputs(video=[1, 3, 5, 32, 32], latent=[1, 48, 3, 1, 2]), {})
    hunyuan = dict(block_out_channels=(4, 4, 8, 8), layers_per_block=1, norm_num_groups=2)
    fixture(folder, "vae_hunyuan_video", "vae.hunyuan_video", AutoencoderKLHunyuanVideo(**hunyuan), lambda key, _: key,
            run_vae, inputs(**video), {"norm_num_groups": 2})
    ldm_name.family = "hunyuan"
    fixture(folder, "vae_hunyuan_video_ldm", "vae.hunyuan_video", AutoencoderKLHunyuanVideo(**hunyuan), ldm_name,
            run_vae, inputs(**video), {"norm_num_groups": 2})
    ldm_name.family = "flux2"

    def run_flux2(model, given):
        # The pipeline's own steps around the VAE: 2x2 pixels as channels, and the statistics of the batch norm.
        std = torch.sqrt(model.bn.running_var.view(1, -1, 1, 1) + model.config.batch_norm_eps)
        mean = model.bn.running_mean.view(1, -1, 1, 1)
        moments = model.encode(given["image"]).latent_dist.mean
        b, c, h, w = moments.shape
        packed = moments.view(b, c, h // 2, 2, w // 2, 2).permute(0, 1, 3, 5, 2, 4).reshape(b, c * 4, h // 2, w // 2)
        latent = given["latent"] * std + mean
        b, c, h, w = latent.shape
        latent = latent.reshape(b, c // 4, 2, 2, h, w).permute(0, 1, 4, 2, 5, 3).reshape(b, c // 4, h * 2, w * 2)
        return {"normalized": (packed - mean) / std, "denormalized_decoded": model.decode(latent).sample}

    def run_picture(model, given):
        return {"mean": model.encode(given["image"]).latent_dist.mean, "decoded": model.decode(given["latent"]).sample}

    model = AutoencoderKL(latent_channels=16, block_out_channels=(4, 4, 8, 8), layers_per_block=1, norm_num_groups=2,
                          down_block_types=["DownEncoderBlock2D"] * 4,
                          up_block_types=["UpDecoderBlock2D"] * 4, use_quant_conv=False, use_post_quant_conv=False)
    fixture(folder, "vae_kl16", "vae.kl16", model, lambda key, _: key, run_picture,
            inputs(image=[1, 3, 32, 48], latent=[1, 16, 3, 2]), {"norm_num_groups": 2})
    model = AutoencoderKLFlux2(block_out_channels=(4, 4, 8, 8), layers_per_block=1, norm_num_groups=2)
    fixture(folder, "vae_flux2", "vae.flux2", model, ldm_name, run_flux2,
            inputs(image=[1, 3, 32, 48], latent=[1, 128, 2, 1]), {"norm_num_groups": 2})


# Networks that see more than noise and text

def tokens(x):
    """2x2 patches, channels slowest."""
    b, c, h, w = x.shape
    return x.view(b, c, h // 2, 2, w // 2, 2).permute(0, 2, 4, 1, 3, 5).reshape(b, h // 2 * (w // 2), c * 4)


def pixels(rows, h, w):
    b, _, c = rows.shape
    return rows.reshape(b, h // 2, w // 2, c // 4, 2, 2).permute(0, 3, 1, 4, 2, 5).reshape(b, c // 4, h, w)


def places(*axes):
    return torch.cartesian_prod(*[torch.tensor(axis, dtype=torch.float64) if isinstance(axis, list)
                                  else torch.arange(axis, dtype=torch.float64) for axis in axes])


def references(folder):
    def run_flux1(model, given):
        x, ref = given["x"], given["reference.0"]
        ids = torch.cat([places([0], x.shape[2] // 2, x.shape[3] // 2), places([1], ref.shape[2] // 2,
                                                                             ref.shape[3] // 2)])
        rows = torch.cat([tokens(x), tokens(ref)], 1)
        out = model(rows, given["context"], given["y"], given["timestep"], ids.to(x.dtype),
                    torch.zeros(given["context"].shape[1], 3, dtype=x.dtype), given["guidance"], return_dict=False)[0]
        n = tokens(x).shape[1]
        return {"out": pixels(out[:, :n], x.shape[2], x.shape[3])}

    config = dict(patch_size=1, in_channels=64, num_layers=1, num_single_layers=1, attention_head_dim=16,
                  num_attention_heads=2, joint_attention_dim=24, pooled_projection_dim=20, guidance_embeds=True,
                  axes_dims_rope=(4, 6, 6))
    given = inputs(x=[1, 16, 8, 4], context=[1, 5, 24], y=[1, 20])
    given.update(inputs(**{"reference.0": [1, 16, 4, 6]}))
    given.update(timestep=torch.tensor([0.7]), guidance=torch.tensor([3.5]))
    fixture(folder, "flux1_kontext", "flux1", FluxTransformer2DModel(**config), lambda key, _: key, run_flux1, given,
            dict(config, _class_name="FluxTransformer2DModel"))

    def run_fill(model, given):
        x = given["x"]
        out = model(tokens(x), given["context"], given["y"], given["timestep"],
                    places([0], x.shape[2] // 2, x.shape[3] // 2).to(x.dtype),
                    torch.zeros(given["context"].shape[1], 3, dtype=x.dtype), given["guidance"], return_dict=False)[0]
        return {"out": pixels(out, x.shape[2], x.shape[3])}

    fill = dict(config, in_channels=384, out_channels=64)
    given = inputs(x=[1, 96, 4, 4], context=[1, 5, 24], y=[1, 20])
    given.update(timestep=torch.tensor([0.7]), guidance=torch.tensor([30.0]))
    fixture(folder, "flux1_fill", "flux1", FluxTransformer2DModel(**fill), lambda key, _: key, run_fill, given,
            dict(fill, _class_name="FluxTransformer2DModel"))

    def run_unet(model, given):
        return {"out": model(given["x"], given["timesteps"], given["context"], return_dict=False)[0]}

    unet = dict(in_channels=9, block_out_channels=(32, 64), layers_per_block=1, cross_attention_dim=24, norm_num_groups=8,
                attention_head_dim=4, down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
                up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"))
    given = inputs(x=[1, 9, 8, 6], context=[1, 5, 24])
    given.update(timesteps=torch.tensor([500.0]))
    fixture(folder, "unet_inpaint", "sd1", UNet2DConditionModel(**unet), lambda key, _: key, run_unet, given,
            dict(unet, _class_name="UNet2DConditionModel"))

    def run_qwen(model, given):
        x, pictures = given["x"], [given["reference.0"], given["reference.1"]]
        shapes = [(1, p.shape[2] // 2, p.shape[3] // 2) for p in [x] + pictures]
        rows = torch.cat([tokens(p) for p in [x] + pictures], 1)
        out = model(rows, given["context"], timestep=given["timestep"], img_shapes=[shapes], return_dict=False)[0]
        return {"out": pixels(out[:, :tokens(x).shape[1]], x.shape[2], x.shape[3])}

    config = dict(patch_size=2, in_channels=64, out_channels=16, num_layers=2, attention_head_dim=16,
                  num_attention_heads=2, joint_attention_dim=24, axes_dims_rope=(4, 6, 6))
    given = inputs(x=[1, 16, 8, 4], context=[1, 5, 24])
    given.update(inputs(**{"reference.0": [1, 16, 4, 12], "reference.1": [1, 16, 4, 4]}))
    given.update(timestep=torch.tensor([0.7]))
    fixture(folder, "qwen_image_edit", "qwen_image", QwenImageTransformer2DModel(**config), lambda key, _: key,
            run_qwen, given, dict(config, _class_name="QwenImageTransformer2DModel"))

    def flux2_name(key, value):
        width = 32
        names = {"x_embedder": "img_in", "context_embedder": "txt_in", "proj_out": "final_layer.linear",
                 "time_guidance_embed.timestep_embedder.linear_1": "time_in.in_layer",
                 "time_guidance_embed.timestep_embedder.linear_2": "time_in.out_layer",
                 "time_guidance_embed.guidance_embedder.linear_1": "guidance_in.in_layer",
                 "time_guidance_embed.guidance_embedder.linear_2": "guidance_in.out_layer",
                 "double_stream_modulation_img.linear": "double_stream_modulation_img.lin",
                 "double_stream_modulation_txt.linear": "double_stream_modulation_txt.lin",
                 "single_stream_modulation.linear": "single_stream_modulation.lin"}
        module = key.rsplit(".", 1)[0]
        if module in names:
            return names[module] + ".weight"
        if module == "norm_out.linear":
            return "final_layer.adaLN_modulation.1.weight", (
                list(value.shape), lambda whole: torch.cat([whole[width:], whole[:width]]))
        kind, block, rest = key.split(".", 2)
        if kind == "single_transformer_blocks":
            single = {"attn.to_qkv_mlp_proj.weight": "linear1.weight", "attn.to_out.weight": "linear2.weight",
                      "attn.norm_q.weight": "norm.query_norm.scale", "attn.norm_k.weight": "norm.key_norm.scale"}
            return f"single_blocks.{block}.{single[rest]}"
        fused = {"attn.to_q.weight": ("img_attn", 0), "attn.to_k.weight": ("img_attn", 1),
                 "attn.to_v.weight": ("img_attn", 2), "attn.add_q_proj.weight": ("txt_attn", 0),
                 "attn.add_k_proj.weight": ("txt_attn", 1), "attn.add_v_proj.weight": ("txt_attn", 2)}
        if rest in fused:
            side, part = fused[rest]
            return f"double_blocks.{block}.{side}.qkv.weight", ([3 * width, width],
                                                                lambda whole: whole[part * width:(part + 1) * width])
        plain = {"attn.to_out.0.weight": "img_attn.proj.weight", "attn.to_add_out.weight": "txt_attn.proj.weight",
                 "attn.norm_q.weight": "img_attn.norm.query_norm.scale",
                 "attn.norm_k.weight": "img_attn.norm.key_norm.scale",
                 "attn.norm_added_q.weight": "txt_attn.norm.query_norm.scale",
                 "attn.norm_added_k.weight": "txt_attn.norm.key_norm.scale", "ff.linear_in.weight": "img_mlp.0.weight",
                 "ff.linear_out.weight": "img_mlp.2.weight", "ff_context.linear_in.weight": "txt_mlp.0.weight",
                 "ff_context.linear_out.weight": "txt_mlp.2.weight"}
        return f"double_blocks.{block}.{plain[rest]}"

    def run_flux2(model, given):
        x, ref = given["x"], given["reference.0"]
        ids = torch.cat([places([0], x.shape[2], x.shape[3], [0]), places([10], ref.shape[2], ref.shape[3], [0])])
        words = places([0], [0], [0], given["context"].shape[1])
        rows = torch.cat([x.flatten(2), ref.flatten(2)], 2).transpose(1, 2)
        out = model(rows, given["context"], given["timestep"], ids, words, given["guidance"], return_dict=False)[0]
        return {"out": out[:, :x.shape[2] * x.shape[3]].transpose(1, 2).reshape(x.shape)}

    config = dict(patch_size=1, in_channels=128, num_layers=1, num_single_layers=1, attention_head_dim=16,
                  num_attention_heads=2, joint_attention_dim=24, axes_dims_rope=(4, 4, 4, 4), rope_theta=2000)
    given = inputs(x=[1, 128, 2, 3], context=[1, 5, 24])
    given.update(inputs(**{"reference.0": [1, 128, 2, 1]}))
    given.update(timestep=torch.tensor([0.7]), guidance=torch.tensor([4.0]))
    fixture(folder, "flux2_reference", "flux2", Flux2Transformer2DModel(**config), flux2_name, run_flux2, given, config)


# What networks see beside the noise. The VAE is a mean over 8x8 pixels (and every fourth frame), with red once more as
# the fourth channel, so that only the pipelines' own steps are compared.

class MeanVae(torch.nn.Module):
    dtype = torch.float32
    config = types.SimpleNamespace(scaling_factor=1.0, shift_factor=0.0, z_dim=4, latents_mean=[0.0] * 4,
                                   latents_std=[1.0] * 4)

    def __init__(self):
        super().__init__()
        self.register_buffer("place", torch.zeros(1))  # where pipelines look for the device

    def encode(self, x):
        if x.dim() == 4:
            mean = torch.nn.functional.avg_pool2d(x, 8)
        else:
            mean = torch.nn.functional.avg_pool3d(x[:, :, ::4], (1, 8, 8))
        mean = torch.cat([mean, mean[:, :1]], 1)
        return types.SimpleNamespace(latent_dist=types.SimpleNamespace(sample=lambda _: mean, mode=lambda: mean))


def stub(kind, **members):
    """A pipeline without networks."""
    pipeline = kind.__new__(kind)
    for name, value in dict(members, vae=MeanVae(), _internal_dict=types.SimpleNamespace(expand_timesteps=False)).items():
        object.__setattr__(pipeline, name, value)
    return pipeline


def extra_channels(folder):
    height, width, frames = 32, 48, 9
    unit = draw({"draw": "picture", "seed": 2, "offset": 0.5, "scale": 0.5, "shape": [height, width, 3]})
    picture = np.clip(np.floor(unit * 256), 0, 255).astype(np.uint8)
    unit = draw({"draw": "mask", "seed": 2, "offset": 0.5, "scale": 0.5, "shape": [height, width]})
    mask = np.repeat(np.clip(np.floor(unit * 256), 0, 255).astype(np.uint8)[..., None], 3, 2)
    image = VaeImageProcessor().preprocess(PIL.Image.fromarray(picture))
    holes = VaeImageProcessor(do_normalize=False, do_binarize=True, do_convert_grayscale=True).preprocess(
        PIL.Image.fromarray(mask))
    same = dict(dtype=torch.float32, device=torch.device("cpu"), generator=None)

    inpaint = stub(StableDiffusionInpaintPipeline, vae_scale_factor=8)
    small, kept = inpaint.prepare_mask_latents(holes, image * (holes < 0.5), 1, height, width,
                                               do_classifier_free_guidance=False, **same)
    fill = stub(FluxFillPipeline, vae_scale_factor=8)
    below, packed = fill.prepare_mask_latents(holes, image * (1 - holes), 1, 4, 1, height, width, **same)
    wan = stub(WanImageToVideoPipeline, vae_scale_factor_temporal=4, vae_scale_factor_spatial=8)
    _, first = wan.prepare_latents(image, 1, 4, height, width, frames, **same)
    write(folder / "extra_channels.safetensors",
          {"picture": torch.from_numpy(picture), "mask": torch.from_numpy(mask),
           "inpaint": torch.cat([small, kept], 1), "fill_tokens": torch.cat([packed, below], -1),
           "first_frame": first}, {"frames": str(frames)})


if __name__ == "__main__":
    out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    torch.manual_seed(0)
    vaes(out)
    references(out)
    extra_channels(out)
