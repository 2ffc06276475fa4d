# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiny Stable-Diffusion-1.x: plain PyTorch modules whose attribute names ARE the LDM checkpoint keys."""
import math
import torch
from torch import nn
import torch.nn.functional as F

GROUPS, VGROUPS, HEADS, CLIP_HEADS = 8, 2, 4, 4
CFG = dict(model_channels=32, channel_mult=(1, 2, 3), num_res_blocks=1, attn_levels=(1, 2), context_dim=64,
           vae_ch=16, vae_mult=(1, 2, 4), vae_res=1, clip_layers=2)


class GN(nn.GroupNorm):                            # always float32, as LDM's GroupNorm32 (bf16 group norm is 3-20x slower on CPU)
    def __init__(s, c, eps=1e-5, g=GROUPS): super().__init__(g, c, eps=eps)
    def forward(s, x): return super().forward(x.float())

def conv(i, o, k=3, s=1, p=None): return nn.Conv2d(i, o, k, s, k // 2 if p is None else p)
def attend(q, k, v, mask=None):                   # plain matmuls: the fused CPU kernel is 5x slower in bf16 backward
    a = (q * q.shape[-1] ** -.5) @ k.transpose(-1, -2)
    return (a if mask is None else a + mask).softmax(-1).to(v.dtype) @ v
def zero(m):
    nn.init.zeros_(m.weight)
    if m.bias is not None: nn.init.zeros_(m.bias)
    return m


# ---------------------------------------------------------------- UNet (model.diffusion_model.*)
class ResBlock(nn.Module):
    def __init__(s, i, o, e):
        super().__init__()
        s.in_layers = nn.Sequential(GN(i), nn.SiLU(), conv(i, o))
        s.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(e, o))
        s.out_layers = nn.Sequential(GN(o), nn.SiLU(), nn.Dropout(0), zero(conv(o, o)))
        s.skip_connection = conv(i, o, 1) if i != o else nn.Identity()

    def forward(s, x, emb, ctx):
        h = s.in_layers(x) + s.emb_layers(emb)[:, :, None, None].to(x.dtype)
        return s.skip_connection(x) + s.out_layers(h)


class Attn(nn.Module):
    def __init__(s, c, kv):
        super().__init__()
        s.to_q, s.to_k, s.to_v = nn.Linear(c, c, False), nn.Linear(kv, c, False), nn.Linear(kv, c, False)
        s.to_out = nn.Sequential(nn.Linear(c, c), nn.Dropout(0))

    def forward(s, x, y):
        q, k, v = (f(t).unflatten(2, (HEADS, -1)).transpose(1, 2) for f, t in ((s.to_q, x), (s.to_k, y), (s.to_v, y)))
        return s.to_out(attend(q, k, v).transpose(1, 2).flatten(2))


class GEGLU(nn.Module):
    def __init__(s, c): super().__init__(); s.proj = nn.Linear(c, 8 * c)
    def forward(s, x): a, g = s.proj(x).chunk(2, -1); return a * F.gelu(g)


class FF(nn.Module):
    def __init__(s, c): super().__init__(); s.net = nn.Sequential(GEGLU(c), nn.Dropout(0), nn.Linear(4 * c, c))
    def forward(s, x): return s.net(x)


class Block(nn.Module):
    def __init__(s, c, kv):
        super().__init__()
        s.attn1, s.ff, s.attn2 = Attn(c, c), FF(c), Attn(c, kv)
        s.norm1, s.norm2, s.norm3 = nn.LayerNorm(c), nn.LayerNorm(c), nn.LayerNorm(c)

    def forward(s, x, ctx):
        h = s.norm1(x); x = x + s.attn1(h, h)
        x = x + s.attn2(s.norm2(x), ctx)
        return x + s.ff(s.norm3(x))


class SpatialTransformer(nn.Module):
    def __init__(s, c, kv):
        super().__init__()
        s.norm, s.proj_in = GN(c, 1e-6), conv(c, c, 1)
        s.transformer_blocks = nn.ModuleList([Block(c, kv)]); s.proj_out = zero(conv(c, c, 1))

    def forward(s, x, emb, ctx):
        b, c, h, w = x.shape
        t = s.proj_in(s.norm(x)).permute(0, 2, 3, 1).reshape(b, h * w, c)
        t = s.transformer_blocks[0](t, ctx)
        return x + s.proj_out(t.reshape(b, h, w, c).permute(0, 3, 1, 2))


class Down(nn.Module):
    def __init__(s, c): super().__init__(); s.op = conv(c, c, 3, 2)
    def forward(s, x, emb, ctx): return s.op(x)


class Up(nn.Module):
    def __init__(s, c): super().__init__(); s.conv = conv(c, c)
    def forward(s, x, emb, ctx): return s.conv(F.interpolate(x, scale_factor=2.0, mode='nearest'))


class First(nn.Conv2d):
    def forward(s, x, emb, ctx): return super().forward(x)


class Seq(nn.Sequential):
    def forward(s, x, emb, ctx):
        for m in s: x = m(x, emb, ctx)
        return x


class UNet(nn.Module):
    def __init__(s, c=CFG):
        super().__init__()
        M, kv = c['model_channels'], c['context_dim']; E = 4 * M; s.M = M
        s.time_embed = nn.Sequential(nn.Linear(M, E), nn.SiLU(), nn.Linear(E, E))
        s.input_blocks = nn.ModuleList([Seq(First(4, M, 3, padding=1))]); chans, ch = [M], M
        L = len(c['channel_mult'])
        for i, m in enumerate(c['channel_mult']):
            for _ in range(c['num_res_blocks']):
                b = [ResBlock(ch, m * M, E)]; ch = m * M
                if i in c['attn_levels']: b.append(SpatialTransformer(ch, kv))
                s.input_blocks.append(Seq(*b)); chans.append(ch)
            if i < L - 1: s.input_blocks.append(Seq(Down(ch))); chans.append(ch)
        s.middle_block = Seq(ResBlock(ch, ch, E), SpatialTransformer(ch, kv), ResBlock(ch, ch, E))
        s.output_blocks = nn.ModuleList()
        for i in reversed(range(L)):
            m = c['channel_mult'][i]
            for k in range(c['num_res_blocks'] + 1):
                b = [ResBlock(ch + chans.pop(), m * M, E)]; ch = m * M
                if i in c['attn_levels']: b.append(SpatialTransformer(ch, kv))
                if i and k == c['num_res_blocks']: b.append(Up(ch))
                s.output_blocks.append(Seq(*b))
        s.out = nn.Sequential(GN(ch), nn.SiLU(), zero(conv(ch, 4)))

    def forward(s, x, t, ctx):
        f = torch.exp(-math.log(10000) * torch.arange(s.M // 2, device=x.device) / (s.M // 2)); a = t[:, None].float() * f
        emb = s.time_embed(torch.cat([a.cos(), a.sin()], 1)); hs = []
        for b in s.input_blocks: x = b(x, emb, ctx); hs.append(x)
        x = s.middle_block(x, emb, ctx)
        for b in s.output_blocks: x = b(torch.cat([x, hs.pop()], 1), emb, ctx)
        return s.out(x)


# ---------------------------------------------------------------- AutoencoderKL (first_stage_model.*)
class VRes(nn.Module):
    def __init__(s, i, o):
        super().__init__()
        s.norm1, s.conv1, s.norm2, s.conv2 = GN(i, 1e-6, VGROUPS), conv(i, o), GN(o, 1e-6, VGROUPS), conv(o, o)
        if i != o: s.nin_shortcut = conv(i, o, 1)

    def forward(s, x):
        h = s.conv2(F.silu(s.norm2(s.conv1(F.silu(s.norm1(x))))))
        return (s.nin_shortcut(x) if hasattr(s, 'nin_shortcut') else x) + h


class VAttn(nn.Module):
    def __init__(s, c):
        super().__init__(); s.norm = GN(c, 1e-6, VGROUPS); s.q, s.k, s.v, s.proj_out = (conv(c, c, 1) for _ in range(4))

    def forward(s, x):
        b, c, h, w = x.shape; n = s.norm(x)
        q, k, v = (f(n).flatten(2).transpose(1, 2)[:, None] for f in (s.q, s.k, s.v))
        return x + s.proj_out(attend(q, k, v)[:, 0].transpose(1, 2).reshape(b, c, h, w))


class VDown(nn.Module):
    def __init__(s, c): super().__init__(); s.conv = conv(c, c, 3, 2, 0)
    def forward(s, x): return s.conv(F.pad(x, (0, 1, 0, 1)))


class VUp(nn.Module):
    def __init__(s, c): super().__init__(); s.conv = conv(c, c)
    def forward(s, x): return s.conv(F.interpolate(x, scale_factor=2.0, mode='nearest'))


def mid(c):
    m = nn.Module(); m.block_1, m.attn_1, m.block_2 = VRes(c, c), VAttn(c), VRes(c, c); return m


class Encoder(nn.Module):
    def __init__(s, c=CFG):
        super().__init__(); C, mult = c['vae_ch'], c['vae_mult']; s.conv_in = conv(3, C); s.down = nn.ModuleList(); ch = C
        for i, m in enumerate(mult):
            d = nn.Module(); d.block = nn.ModuleList()
            for _ in range(c['vae_res']): d.block.append(VRes(ch, C * m)); ch = C * m
            if i < len(mult) - 1: d.downsample = VDown(ch)
            s.down.append(d)
        s.mid, s.norm_out, s.conv_out = mid(ch), GN(ch, 1e-6, VGROUPS), conv(ch, 8)

    def forward(s, x):
        x = s.conv_in(x)
        for d in s.down:
            for b in d.block: x = b(x)
            if hasattr(d, 'downsample'): x = d.downsample(x)
        x = s.mid.block_2(s.mid.attn_1(s.mid.block_1(x)))
        return s.conv_out(F.silu(s.norm_out(x)))


class Decoder(nn.Module):
    def __init__(s, c=CFG):
        super().__init__(); C, mult = c['vae_ch'], c['vae_mult']; ch = C * mult[-1]
        s.conv_in, s.mid = conv(4, ch), mid(ch); ups = []
        for i in reversed(range(len(mult))):
            u = nn.Module(); u.block = nn.ModuleList()
            for _ in range(c['vae_res'] + 1): u.block.append(VRes(ch, C * mult[i])); ch = C * mult[i]
            if i: u.upsample = VUp(ch)
            ups.insert(0, u)
        s.up = nn.ModuleList(ups); s.norm_out, s.conv_out = GN(ch, 1e-6, VGROUPS), conv(ch, 3)

    def forward(s, z):
        x = s.conv_in(z); x = s.mid.block_2(s.mid.attn_1(s.mid.block_1(x)))
        for u in reversed(s.up):
            for b in u.block: x = b(x)
            if hasattr(u, 'upsample'): x = u.upsample(x)
        return s.conv_out(F.silu(s.norm_out(x)))


class VAE(nn.Module):
    def __init__(s, c=CFG):
        super().__init__(); s.encoder, s.decoder, s.quant_conv, s.post_quant_conv = Encoder(c), Decoder(c), conv(8, 8, 1), conv(4, 4, 1)
    def moments(s, x): m, lv = s.quant_conv(s.encoder(x)).chunk(2, 1); return m, lv.clamp(-30, 20)
    def decode(s, z): return s.decoder(s.post_quant_conv(z))


# ---------------------------------------------------------------- CLIP text model (cond_stage_model.transformer.*)
class CLayer(nn.Module):
    def __init__(s, w):
        super().__init__(); s.self_attn = nn.Module(); s.mlp = nn.Module()
        for n in ('k_proj', 'v_proj', 'q_proj', 'out_proj'): setattr(s.self_attn, n, nn.Linear(w, w))
        s.layer_norm1, s.layer_norm2 = nn.LayerNorm(w), nn.LayerNorm(w); s.mlp.fc1, s.mlp.fc2 = nn.Linear(w, 4 * w), nn.Linear(4 * w, w)

    def forward(s, x, mask):
        a, h = s.self_attn, s.layer_norm1(x)
        q, k, v = (f(h).unflatten(2, (CLIP_HEADS, -1)).transpose(1, 2) for f in (a.q_proj, a.k_proj, a.v_proj))
        x = x + a.out_proj(attend(q, k, v, mask).transpose(1, 2).flatten(2))
        h = s.mlp.fc1(s.layer_norm2(x)); return x + s.mlp.fc2(h * torch.sigmoid(1.702 * h))


class CLIPText(nn.Module):
    """vocab: 49408 for the shipped file; during training a compact table of the words in use (row 0 = unknown = zero)."""
    def __init__(s, vocab, w=CFG['context_dim'], layers=CFG['clip_layers']):
        super().__init__(); m = s.text_model = nn.Module(); m.embeddings, m.encoder = nn.Module(), nn.Module()
        m.embeddings.token_embedding, m.embeddings.position_embedding = nn.Embedding(vocab, w, padding_idx=0), nn.Embedding(77, w)
        m.encoder.layers = nn.ModuleList(CLayer(w) for _ in range(layers)); m.final_layer_norm = nn.LayerNorm(w)

    def forward(s, ids):
        m = s.text_model; x = m.embeddings.token_embedding(ids) + m.embeddings.position_embedding.weight
        mask = torch.full((77, 77), -1e9).triu(1)
        for l in m.encoder.layers: x = l(x, mask)
        return m.final_layer_norm(x)
