#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Train a tiny Stable-Diffusion-1.x checkpoint from nothing on procedurally drawn, captioned 64x64 pictures (CPU, one thread).

  scenes.py   the data: scene(rng) -> (uint8 64x64x3, caption)
  ldm.py      the model: modules whose attribute names are the LDM checkpoint keys, so exporting needs no key mapping
  train.py    this file; stages, each limited by wall-clock SECONDS and writing its result into the working directory:

    train.py vae SECONDS                 1. AutoencoderKL            -> vae.pt, imgs.npy, caps.pkl
    train.py latents TOK N               2. N fresh scenes + the pictures of stage 1 through the encoder -> lat.pt, ids.pt, vocab.pt, scale.pt
    train.py unet SECONDS                3. UNet + CLIP text model, trained together, Muon, EMA -> unet.pt
    train.py decoder SECONDS             4. (optional) decoder only, on the frozen latents      -> vae_ft.pt
    train.py export TOK OUT              5. fp16 safetensors, LDM key names
    train.py grid|score|sweep|quant TOK FILE [PNG]     look at / measure an exported file
    train.py verify TOK FILE             load it through diffusers' SD 1.x converters and transformers' CLIP; compare outputs

TOK is a folder with the standard CLIP tokenizer (vocab.json, merges.txt).  Run with OMP_NUM_THREADS=1.
Speed notes for CPU (Zen 4, avx512_bf16): bf16 autocast doubles conv/matmul speed; group norm must run in float32 on NCHW tensors (bf16
channels_last group norm was 20x slower); the fused bf16 attention kernel was 5x slower in backward than plain matmul-softmax-matmul.
"""
import copy, json, math, os, pickle, random, sys, time
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from PIL import Image, ImageDraw
from safetensors import safe_open
from safetensors.torch import load_file, save_file
import scenes
from ldm import CFG, CLIP_HEADS, GROUPS, HEADS, VGROUPS, CLIPText, UNet, VAE

torch.set_num_threads(1)
ALPHAS = torch.cumprod(1 - torch.linspace(.00085 ** .5, .012 ** .5, 1000) ** 2, 0)      # SD 1.x "scaled_linear"
BF16 = lambda: torch.autocast('cpu', torch.bfloat16)


class Muon:
    """Momentum + Newton-Schulz orthogonalisation for hidden weights (convs flattened to out x rest), batched over equal shapes.
    The update is scaled to Adam's usual RMS (0.2), so Adam-like learning rates apply."""

    def __init__(s, params):
        s.groups = {}
        for p in params: s.groups.setdefault(tuple(p.reshape(p.shape[0], -1).shape), []).append(p)
        s.mom = {k: torch.zeros(len(v), *k) for k, v in s.groups.items()}

    @torch.no_grad()
    def step(s, lr, wd=.01, beta=.95):
        for k, ps in s.groups.items():
            g = torch.stack([p.grad.reshape(k) for p in ps])
            m = s.mom[k].lerp_(g, 1 - beta)
            x = g.lerp(m, beta)                                                       # Nesterov
            x = x.mT if k[0] > k[1] else x
            x = (x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)).bfloat16()
            for _ in range(5):
                a = x @ x.mT
                x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
            x = (x.mT if k[0] > k[1] else x).float()
            for p, d in zip(ps, x): p.mul_(1 - lr * wd).add_(d.reshape(p.shape), alpha=-lr * .2 * max(k) ** .5)


def optimizers(named, adam_names, lr, betas):
    """Muon for matrices, AdamW for vectors, embeddings and the layers named in adam_names."""
    named = [(n, p) for n, p in named if p.requires_grad]
    adam = [p for n, p in named if p.ndim < 2 or any(a in n for a in adam_names)]
    taken = set(map(id, adam))
    return Muon([p for _, p in named if id(p) not in taken]), torch.optim.AdamW(adam, lr=lr, betas=betas, weight_decay=0)


def to_float(imgs): return torch.from_numpy(imgs).permute(0, 3, 1, 2).float().div(127.5).sub(1)


# ------------------------------------------------------------------------------------------------ 1 + 4: autoencoder
def picture_loss(y, x):
    """L1 + gradient L1 (edges) + 2 MSE"""
    d = y.float() - x
    edge = (d[..., 1:] - d[..., :-1]).abs().mean() + (d[..., 1:, :] - d[..., :-1, :]).abs().mean()
    return d.abs().mean() + .5 * edge + 2 * d.square().mean(), d


def train_vae(seconds, decoder_only=False, B=8):
    torch.manual_seed(1); rng = random.Random(9); lr0 = 1.5e-3 if decoder_only else 2e-3
    v = VAE(); imgs, caps, log, k, t0 = [], [], [], 0, time.time()
    if decoder_only:                                             # the latent space must not move any more: train on stored latents
        v.load_state_dict(torch.load('vae.pt')); v.encoder.requires_grad_(False); v.quant_conv.requires_grad_(False)
        pics = np.load('imgs.npy'); N = len(pics); lat = torch.load('lat.pt')[-N:]; order = torch.randperm(N)
        mu, sd = (t[:, None, None] for t in torch.load('scale.pt'))
    else: nn.init.constant_(v.quant_conv.bias[4:], -5.)          # start with little posterior noise (see README)
    muon, adam = optimizers(v.named_parameters(), ('encoder.conv_in', 'decoder.conv_out', 'quant'), lr0, (.9, .99))
    while (p := (time.time() - t0) / seconds) < 1:
        lr = lr0 * min(1, (k + 1) / 30) * (.5 + .5 * math.cos(math.pi * p)) + 2e-5
        for g in adam.param_groups: g['lr'] = lr
        if decoder_only:
            j = order[torch.arange(k * B, k * B + B) % N]; x = to_float(pics[j.numpy()]); z = lat[j].float()
            with BF16(): y = v.decode((z + .03 * torch.randn_like(z)) * sd + mu)
            loss, d = picture_loss(y, x)
        else:
            batch = [scenes.scene(rng) for _ in range(B)]; imgs += [i for i, _ in batch]; caps += [c for _, c in batch]
            x = to_float(np.stack(imgs[-B:]))
            with BF16():
                m, lv = (t.float() for t in v.moments(x))
                y = v.decode(m + torch.exp(.5 * lv) * torch.randn_like(m))
            loss, d = picture_loss(y, x)
            loss = loss + 1e-4 * .5 * (m.square() + lv.exp() - 1 - lv).mean()
        v.zero_grad(); loss.backward(); torch.nn.utils.clip_grad_norm_(v.parameters(), 1.)
        adam.step(); muon.step(lr); k += 1; log.append(d.detach().square().mean().item())
        if k % 200 == 0: print(f'{k} {time.time() - t0:.0f}s psnr {10 * math.log10(4 / np.mean(log[-200:])):.2f}', flush=True)
    torch.save(v.state_dict(), 'vae_ft.pt' if decoder_only else 'vae.pt')
    if not decoder_only: np.save('imgs.npy', np.stack(imgs)); pickle.dump(caps, open('caps.pkl', 'wb'))


# ------------------------------------------------------------------------------------------------ 2: latents and token ids
def make_latents(tok, n):
    v = VAE(); v.load_state_dict(torch.load('vae.pt')); old, caps0 = np.load('imgs.npy'), pickle.load(open('caps.pkl', 'rb'))
    out, buf, caps, rng = [], [], [], random.Random(12345)

    def enc(x):
        with torch.no_grad(), BF16(): out.append(v.moments(to_float(x))[0].float())
    for _ in range(n):
        i, c = scenes.scene(rng); buf.append(i); caps.append(c)
        if len(buf) == 64: enc(np.stack(buf)); buf = []
    if buf: enc(np.stack(buf))
    for k in range(0, len(old), 64): enc(old[k:k + 64])
    caps += caps0; lat = torch.cat(out); mu, sd = lat.mean((0, 2, 3)), lat.std((0, 2, 3))
    torch.save(((lat - mu[:, None, None]) / sd[:, None, None]).half(), 'lat.pt'); torch.save((mu, sd), 'scale.pt')
    # real CLIP BPE ids, renumbered to the ~70 in use (0 = unknown = zero vector); export scatters them back to 49408 rows
    words = {w: tok(w, add_special_tokens=False).input_ids for w in {w for c in caps for w in c.split()}}
    used = sorted({i for l in words.values() for i in l} | {49406, 49407}); new = {c: k + 1 for k, c in enumerate(used)}
    ids = torch.full((len(caps), 77), new[49407], dtype=torch.int16); rng = random.Random(3)
    for k, c in enumerate(caps):
        l = [new[i] for w in c.split() for i in words[w]]
        if rng.random() < .08: l.insert(rng.randrange(len(l) + 1), 0)            # learn to ignore a word it does not know
        l = [new[49406]] + l[:75]; ids[k, :len(l)] = torch.tensor(l, dtype=torch.int16)
    torch.save(ids, 'ids.pt'); torch.save(torch.tensor([0] + used), 'vocab.pt')


# ------------------------------------------------------------------------------------------------ 3: UNet + text model
def train_unet(seconds, lr0=2e-3, B=32, held_out=512):
    torch.manual_seed(0); lat, ids, vocab = torch.load('lat.pt'), torch.load('ids.pt'), torch.load('vocab.pt').numel()
    snr = ALPHAS / (1 - ALPHAS); W = snr.clamp(max=5) / snr; W = W / W.mean()     # min-SNR-5 weights for the eps loss
    u, te = UNet(), CLIPText(vocab); em = te.text_model.embeddings
    nn.init.normal_(em.token_embedding.weight, std=.5); em.token_embedding.weight.data[0] = 0
    nn.init.normal_(em.position_embedding.weight, std=.1)
    both = nn.ModuleList([u, te]); ema = copy.deepcopy(both).requires_grad_(False)
    muon, adam = optimizers(both.named_parameters(), ('embedding', '0.input_blocks.0.0.', '0.out.2.'), lr0, (.9, .98))

    def loss_of(u, te, z, i, t, n):
        a, b = ALPHAS[t].sqrt()[:, None, None, None], (1 - ALPHAS[t]).sqrt()[:, None, None, None]
        with BF16(): y = u(a * z + b * n, t, te(i))
        return (y.float() - n).square().mean((1, 2, 3))

    vt = torch.arange(held_out) * 1000 // held_out; vn = torch.randn(held_out, 4, 16, 16, generator=torch.Generator().manual_seed(5))
    @torch.no_grad()
    def validate(u, te):
        l = torch.cat([loss_of(u, te, lat[-held_out:][k:k + 32].float(), ids[-held_out:][k:k + 32].long(), vt[k:k + 32], vn[k:k + 32])
                       for k in range(0, held_out, 32)])
        return f'held-out (ema) weighted {(l * W[vt]).mean():.4f} eps-mse {l.mean():.4f}'

    def save(): torch.save([m.state_dict() for m in ema], 'unet.pt')
    empty = ids[0].clone(); empty[1:] = ids[0, -1]; n = len(lat) - held_out; perm = torch.randperm(n); pos = k = 0; log = []
    t0 = time.time(); next_log, next_save = 30, 240
    while (p := (time.time() - t0) / seconds) < 1:
        lr = lr0 * min(1, (k + 1) / 150) * (1 if p < .1 else .5 + .5 * math.cos(math.pi * (p - .1) / .9)) + .01 * lr0
        if pos + B > n: perm = torch.randperm(n); pos = 0
        j = perm[pos:pos + B]; pos += B; z, i = lat[j].float(), ids[j].long()
        i[torch.rand(B) < .1] = empty.long()                                      # unconditional 10 % for guidance
        t = ((torch.rand(1) + torch.arange(B) / B) % 1 * 1000).long().clamp(max=999)[torch.randperm(B)]      # stratified
        loss = (loss_of(u, te, z, i, t, torch.randn_like(z)) * W[t]).mean()
        both.zero_grad(); loss.backward(); torch.nn.utils.clip_grad_norm_(both.parameters(), 1.)
        for g in adam.param_groups: g['lr'] = lr
        adam.step(); muon.step(lr); k += 1; log.append(loss.item())
        with torch.no_grad(): torch._foreach_lerp_(list(ema.parameters()), list(both.parameters()), 1 - min(.9992, (k + 9) / (k + 99)))
        el = time.time() - t0
        if el > next_log: next_log += 60; print(f'{k} {el:.0f}s lr {lr:.5f} train {np.mean(log):.4f}', validate(*ema), flush=True); log = []
        if el > next_save: next_save += 240; save()
    save(); print('steps', k, validate(*ema))


# ------------------------------------------------------------------------------------------------ 5: export
ALIAS = {'large': 'big huge giant', 'small': 'tiny little', 'circle': 'ball disc disk dot', 'square': 'box cube block', 'red': 'crimson scarlet',
         'purple': 'violet', 'gray': 'grey silver', 'brown': 'chocolate', 'yellow': 'gold golden', 'house': 'cottage home cabin', 'boat': 'ship yacht',
         'sea': 'ocean water lake', 'snow': 'snowy winter', 'desert': 'sand dunes', 'hills': 'hill meadow grass', 'night': 'midnight',
         'sunset': 'dusk evening', 'picture': 'photo illustration', 'shiny': 'glossy', 'dotted': 'spotted', 'under': 'beneath', 'below': 'underneath',
         'cross': 'plus', 'ring': 'donut', 'mountain': 'mountains', 'pine': 'fir', 'center': 'middle', 'black': 'dark'}


def export(tok, out):
    us, ts = torch.load('unet.pt'); vs = torch.load('vae_ft.pt' if os.path.exists('vae_ft.pt') else 'vae.pt')
    mu, sd = torch.load('scale.pt'); vocab = torch.load('vocab.pt'); s = 1 / sd / .18215
    # fold the per-channel latent normalisation into the 1x1 quant convs: .18215 * posterior mean then has zero mean, unit std
    vs['quant_conv.weight'][:4] *= s[:, None, None, None]; vs['quant_conv.bias'][:4] = (vs['quant_conv.bias'][:4] - mu) * s
    vs['quant_conv.bias'][4:] += 2 * s.log(); vs['post_quant_conv.bias'] += vs['post_quant_conv.weight'][:, :, 0, 0] @ mu
    vs['post_quant_conv.weight'] /= s[None, :, None, None]
    k = 'text_model.embeddings.token_embedding.weight'; e = torch.zeros(49408, ts[k].shape[1]); e[vocab[1:]] = ts[k][1:]
    ids = lambda w: tok(w, add_special_tokens=False).input_ids
    for w, l in ALIAS.items():                                                    # synonyms: copy the row
        for a in l.split():
            if len(ids(a)) == 1 == len(ids(w)) and not e[ids(a)[0]].any(): e[ids(a)[0]] = e[ids(w)[0]]
    ts[k] = e
    sd = {p + n: t.half().contiguous() for p, d in (('model.diffusion_model.', us), ('first_stage_model.', vs), ('cond_stage_model.transformer.', ts))
          for n, t in d.items()}
    sd['cond_stage_model.transformer.text_model.embeddings.position_ids'] = torch.arange(77)[None]
    cfg = dict(CFG, norm_groups=GROUPS, vae_norm_groups=VGROUPS, num_heads=HEADS, clip_heads=CLIP_HEADS, clip_act='quick_gelu', scale_factor=.18215,
               image_size=64, prediction='eps', beta_schedule='scaled_linear', beta_start=.00085, beta_end=.012, timesteps=1000, vocab_size=49408,
               default_steps=20, default_cfg=3.0, default_sampler='dpmpp_2m', default_scheduler='karras')
    save_file(sd, out, {'format': 'pt', 'config': json.dumps(cfg)})


# ------------------------------------------------------------------------------------------------ sampling and measuring
class Pipe:
    def __init__(s, tok, path):
        sd = load_file(path); s.cfg = cfg = json.loads(safe_open(path, 'pt').metadata()['config']); s.tok, s.sd = tok, sd
        sub = lambda p: {k[len(p):]: v.float() for k, v in sd.items() if k.startswith(p) and 'position_ids' not in k}
        s.u, s.v, s.te = UNet(cfg), VAE(cfg), CLIPText(cfg['vocab_size'])
        for m, p in ((s.u, 'model.diffusion_model.'), (s.v, 'first_stage_model.'), (s.te, 'cond_stage_model.transformer.')):
            m.load_state_dict(sub(p)); m.eval().requires_grad_(False)

    def context(s, prompts): return s.te(torch.tensor(s.tok(prompts, padding='max_length', max_length=77, truncation=True).input_ids))

    @torch.no_grad()
    def __call__(s, prompts, seeds, steps=20, cfg=3., sampler='dpmpp2m_karras', size=64):
        """-> uint8 images; sampler: ddim | euler | dpmpp2m, the last two also as *_karras"""
        n = len(prompts); c = s.context(list(prompts) + [''] * n); sig = ((1 - ALPHAS) / ALPHAS).sqrt()
        x = torch.stack([torch.randn(4, size // 4, size // 4, generator=torch.Generator().manual_seed(k)) for k in seeds])

        def eps(x, t):
            t = torch.full((n,), float(t))
            if cfg == 1: return s.u(x, t, c[:n])
            e = s.u(torch.cat([x, x]), torch.cat([t, t]), c); return e[n:] + cfg * (e[:n] - e[n:])
        if sampler == 'ddim':
            ts = (torch.arange(steps, 0, -1) * (1000 / steps)).round().long() - 1
            for k, t in enumerate(ts):
                a, b = ALPHAS[t], ALPHAS[ts[k + 1]] if k + 1 < steps else torch.tensor(1.); e = eps(x, t)
                x = b.sqrt() * (x - (1 - a).sqrt() * e) / a.sqrt() + (1 - b).sqrt() * e
        else:                                                                     # k-diffusion form: x = x0 + sigma * noise
            if 'karras' in sampler: sg = torch.linspace(sig[-1] ** (1 / 7), sig[0] ** (1 / 7), steps) ** 7
            else: sg = torch.from_numpy(np.interp(np.linspace(999, 0, steps), np.arange(1000), sig.numpy())).float()
            tt = np.interp(np.log(sg.numpy()), np.log(sig.numpy()), np.arange(1000)); sg = torch.cat([sg, sg.new_zeros(1)])
            x = x * (1 + sg[0] ** 2).sqrt(); old = None
            for k in range(steps):
                e = eps(x / (1 + sg[k] ** 2).sqrt(), tt[k]); d = x - sg[k] * e
                if 'euler' in sampler or sg[k + 1] == 0: x = d + sg[k + 1] * e
                else:
                    h = sg[k].log() - sg[k + 1].log(); dd = d
                    if old is not None: r = (sg[k - 1].log() - sg[k].log()) / h; dd = (1 + 1 / (2 * r)) * d - old / (2 * r)
                    x = sg[k + 1] / sg[k] * x - torch.expm1(-h) * dd
                old = d
        y = s.v.decode(x / .18215)
        return ((y.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()


PROMPTS = ['a large red circle above a small blue square on a green background', 'a yellow star in the center on a purple gradient background',
           'a green heart to the left of an orange triangle on a white background', 'a striped blue circle in the center on a yellow background',
           'a small pink ring in the top left corner on a black background', 'a shiny red circle in the center on a gray gradient background',
           'a yellow star inside a large blue circle on a white background', 'a large checkered purple diamond on an orange gradient background',
           'a red house with a brown roof on green hills under a blue sky with a sun on the left',
           'a boat with a white sail on the sea at sunset with a sun on the right',
           'a pine tree and a mountain in the snow at night with a moon on the left', 'a white house with a blue roof in a desert at sunset']
SEEDS = list(range(100, 112))


def grid(ims, texts, png, cols=4, up=4):
    h = ims.shape[1] * up; W = Image.new('RGB', (cols * (h + 8), -(-len(ims) // cols) * (h + 34)), 'white'); d = ImageDraw.Draw(W)
    for k, (i, p) in enumerate(zip(ims, texts)):
        x, y = k % cols * (h + 8), k // cols * (h + 34); W.paste(Image.fromarray(i).resize((h, h), Image.BICUBIC), (x, y))
        cut = len(p) if len(p) < 42 else p.rfind(' ', 0, 42); d.text((x, y + h + 2), p[:cut], 'black'); d.text((x, y + h + 15), p[cut:].strip(), 'black')
    W.save(png)


def psnr(a, b): return [10 * math.log10(255 ** 2 / max(1e-3, np.square(x.astype(float) - y).mean())) for x, y in zip(a, b)]


def box32(m):
    """crop a boolean mask to its bounding box, resize to 32x32 (None if nearly empty)"""
    if m.sum() < 12: return None
    y, x = np.where(m.any(1))[0], np.where(m.any(0))[0]; c = Image.fromarray((m[y[0]:y[-1] + 1, x[0]:x[-1] + 1] * 255).astype(np.uint8))
    return np.asarray(c.resize((32, 32), Image.BILINEAR)) > 127


def score(p, n=128, **kw):
    """one-object prompts: share with right background colour (nearest of 12), object of the asked colour centred within 7 pixels of the asked place,
    right shape (best of 8 templates, bounding boxes aligned), mean IoU with the asked shape; two-object prompts: both colours at the right places"""
    rng = random.Random(99); pal = list(scenes.COLORS); P = np.array([scenes.COLORS[c] for c in pal], float); r = np.zeros(5)
    near = lambda v: pal[int(np.square(P - np.median(v.reshape(-1, 3), 0)).sum(1).argmin())]
    run = lambda t: np.concatenate([p([q[0].replace('a orange', 'an orange') for q in t[k:k + 32]], range(k, k + 32), **kw) for k in range(0, n, 32)])
    tmpl = {s: box32(np.asarray(scenes.mask_of(s, 32, 32, 24).reduce(scenes.S)) > 127) for s in scenes.SHAPES}; one, two = [], []
    for k in range(n):
        b, c, d = rng.sample(pal, 3); s, pos = scenes.SHAPES[k % 8], rng.choice(list(scenes.POS)); solid = ['circle', 'square', 'heart', 'diamond']
        one.append((f'a large {c} {s} {pos} on a {b} background', b, c, s, scenes.POS[pos]))
        rel = rng.choice(['above', 'below', 'to the left of', 'to the right of']); v = rel in ('above', 'below'); q = 17 if rel in ('above', 'to the left of') else 47
        two.append((f'a {c} {rng.choice(solid)} {rel} a {d} {rng.choice(solid)} on a {b} background', c, d, (32, q) if v else (q, 32), (32, 64 - q) if v else (64 - q, 32)))
    for i, (_, b, c, s, (x, y)) in zip(run(one), one):
        rim = np.concatenate([i[:3].reshape(-1, 3), i[-3:].reshape(-1, 3), i[:, :3].reshape(-1, 3), i[:, -3:].reshape(-1, 3)])
        d2 = lambda n: np.square(i.astype(float) - scenes.COLORS[n]).sum(2); m = d2(c) < d2(b); bm = box32(m)
        iou = {t: 0 if bm is None else (bm & w).sum() / (bm | w).sum() for t, w in tmpl.items()}
        r[:4] += [near(rim) == b, m.any() and np.hypot(np.where(m)[1].mean() - x, np.where(m)[0].mean() - y) < 7, max(iou, key=iou.get) == s, iou[s]]
    for i, (_, c, d, (x, y), (u, v)) in zip(run(two), two): r[4] += near(i[y - 2:y + 3, x - 2:x + 3]) == c and near(i[v - 2:v + 3, u - 2:u + 3]) == d
    return dict(zip(('background', 'object', 'shape', 'iou', 'two_objects'), (r / n).round(3).tolist()))


E2M1 = torch.tensor([0, .5, 1, 1.5, 2, 3, 4, 6])
MODES = ['int8 per-channel', 'int8 per-tensor', 'fp8 e4m3 per-tensor', 'fp8 e5m2 per-tensor', 'nvfp4 block16', 'int4 group32', 'int4 per-channel', 'int4 per-tensor']


def fake_quant(w, mode):
    """naive round-to-nearest, weights only"""
    if 'fp8' in mode:
        dt = torch.float8_e4m3fn if 'e4m3' in mode else torch.float8_e5m2; s = w.abs().max() / torch.finfo(dt).max; return (w / s).to(dt).float() * s
    q = 127 if 'int8' in mode else 7
    if 'per-tensor' in mode: s = w.abs().max() / q; return (w / s).round() * s
    m = w.reshape(w.shape[0], -1); k = m.shape[1]
    if 'per-channel' in mode: s = m.abs().amax(1, True).clamp(min=1e-12) / q; return ((m / s).round() * s).reshape(w.shape)
    m = F.pad(m, (0, -k % (32 if '32' in mode else 16))).reshape(-1, 32 if '32' in mode else 16)
    if 'int4' in mode: s = m.abs().amax(1, True).clamp(min=1e-12) / q; r = (m / s).round() * s
    else:                                                                         # nvfp4: E2M1 values, e4m3 block scales, one fp32 tensor scale
        g = w.abs().max() / (6 * 448); s = ((m.abs().amax(1, True) / 6 / g).to(torch.float8_e4m3fn).float() * g).clamp(min=1e-12); x = m / s
        r = E2M1[(x.abs()[..., None] - E2M1).abs().argmin(-1)] * x.sign() * s
    return r.reshape(w.shape[0], -1)[:, :k].reshape(w.shape)


def quant(p, png=None, **kw):
    """all UNet Linear/Conv weights fake-quantised; PSNR of the 12 example pictures against the unquantised ones, same seeds"""
    ref = p(PROMPTS, SEEDS, **kw); keep = {m: m.weight.data.clone() for m in p.u.modules() if isinstance(m, (nn.Linear, nn.Conv2d))}
    pick = [0, 3, 8, 9]; show, text = [ref[pick]], ['fp32'] * 4
    for mode in MODES:
        for m, w in keep.items(): m.weight.data = fake_quant(w, mode)
        sq = np.mean([10 * math.log10(w.square().mean() / (w - m.weight).square().mean().clamp(min=1e-20)) for m, w in keep.items()])
        im = p(PROMPTS, SEEDS, **kw); l = psnr(ref, im); show.append(im[pick]); text += [mode] * 4
        print(f'{mode:22s} weight SQNR {sq:5.1f} dB   image PSNR mean {np.mean(l):5.2f} min {min(l):5.2f} max {max(l):5.2f}', flush=True)
    if png: grid(np.concatenate(show), text, png)


def sweep(p):
    for sampler, steps, cfg in [('dpmpp2m', 20, c) for c in (1., 2., 3., 4., 6., 8.)] + [(m, 20, 4.) for m in ('ddim', 'euler', 'dpmpp2m_karras')] + \
            [('dpmpp2m', k, 4.) for k in (6, 10, 14, 30, 50)]: print(sampler, steps, cfg, score(p, 64, steps=steps, cfg=cfg, sampler=sampler), flush=True)


def verify(p):
    """strict load through diffusers' LDM converters and transformers' CLIPTextModel; outputs must agree"""
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint, convert_ldm_vae_checkpoint
    from transformers import CLIPTextConfig, CLIPTextModel
    c, sd = p.cfg, {k: v.float() for k, v in p.sd.items()}; M = [c['model_channels'] * m for m in c['channel_mult']]; V = [c['vae_ch'] * m for m in c['vae_mult']]
    kind = [('CrossAttn' if i in c['attn_levels'] else '') for i in range(len(M))]
    u = UNet2DConditionModel(block_out_channels=M, layers_per_block=c['num_res_blocks'], cross_attention_dim=c['context_dim'], attention_head_dim=c['num_heads'],
                             norm_num_groups=c['norm_groups'], down_block_types=[k + 'DownBlock2D' for k in kind], up_block_types=[k + 'UpBlock2D' for k in kind[::-1]])
    v = AutoencoderKL(block_out_channels=V, layers_per_block=c['vae_res'], latent_channels=4, norm_num_groups=c['vae_norm_groups'],
                      down_block_types=['DownEncoderBlock2D'] * len(V), up_block_types=['UpDecoderBlock2D'] * len(V))
    t = CLIPTextModel(CLIPTextConfig(vocab_size=49408, hidden_size=c['context_dim'], intermediate_size=4 * c['context_dim'], num_hidden_layers=c['clip_layers'],
                                     num_attention_heads=c['clip_heads'], hidden_act='quick_gelu')).eval()
    u.load_state_dict(convert_ldm_unet_checkpoint(dict(sd), config=dict(u.config))); v.load_state_dict(convert_ldm_vae_checkpoint(dict(sd), config=dict(v.config)))
    own = {k[len('cond_stage_model.transformer.'):]: w for k, w in sd.items() if k.startswith('cond') and 'position_ids' not in k}
    if not any(k.startswith('text_model') for k in t.state_dict()): own = {k[11:]: w for k, w in own.items()}
    print('clip', t.load_state_dict(own, strict=False)); x = torch.randn(2, 4, 16, 16); y = torch.randn(2, 3, 64, 64); ts = torch.tensor([7, 900])
    with torch.no_grad():
        b = p.context(['a red circle', '']); ids = torch.tensor(p.tok(['a red circle', ''], padding='max_length', max_length=77).input_ids)
        for n, a, o in (('clip', t(ids).last_hidden_state, b), ('unet', u(x, ts, b).sample, p.u(x, ts, b)), ('decoder', v.decode(x).sample, p.v.decode(x)),
                        ('encoder', v.encode(y).latent_dist.mean, p.v.moments(y)[0])): print(n, 'largest difference', (a - o).abs().max().item())


if __name__ == '__main__':
    cmd, a = sys.argv[1], sys.argv[2:]
    if cmd in ('vae', 'decoder'): train_vae(float(a[0]), cmd == 'decoder')
    elif cmd == 'unet': train_unet(float(a[0]))
    else:
        from transformers import CLIPTokenizer
        tok = CLIPTokenizer.from_pretrained(a[0])
        if cmd == 'latents': make_latents(tok, int(a[1]))
        elif cmd == 'export': export(tok, a[1])
        else:
            p = Pipe(tok, a[1]); t0 = time.time()
            if cmd == 'grid': grid(p(PROMPTS, SEEDS), PROMPTS, a[2]); print('12 pictures', time.time() - t0, 's')
            if cmd == 'score': print(score(p))
            if cmd == 'quant': quant(p, a[2] if len(a) > 2 else None)
            if cmd == 'sweep': sweep(p)
            if cmd == 'verify': verify(p)
