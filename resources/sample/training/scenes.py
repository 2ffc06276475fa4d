# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedural captioned pictures: scene(rng) -> (64x64x3 uint8, caption). Drawn with PIL at 4x and box-reduced."""
import math, random
import numpy as np
from PIL import Image, ImageChops, ImageDraw

R, S = 64, 4                                    # picture side, supersampling factor
N = R * S
COLORS = dict(red=(218, 38, 38), orange=(245, 140, 30), yellow=(250, 218, 48), green=(46, 160, 67),
              cyan=(60, 205, 215), blue=(45, 90, 215), purple=(135, 55, 185), pink=(246, 130, 180),
              white=(244, 244, 244), black=(24, 24, 30), brown=(122, 72, 38), gray=(130, 130, 136))
SHAPES = ['circle', 'square', 'triangle', 'star', 'heart', 'ring', 'diamond', 'cross']
TEXTURES = ['striped', 'dotted', 'checkered', 'shiny']
POS = {'in the center': (32, 32), 'at the top': (32, 17), 'at the bottom': (32, 47), 'on the left': (17, 32),
       'on the right': (47, 32), 'in the top left corner': (17, 17), 'in the top right corner': (47, 17),
       'in the bottom left corner': (17, 47), 'in the bottom right corner': (47, 47)}
_y, _x = np.mgrid[0:2 * N, 0:2 * N]
_P = 8 * S                                      # texture period: 8 pixels
PAT = {'striped': _x % _P < _P // 2, 'checkered': (_x % _P < _P // 2) ^ (_y % _P < _P // 2),
       'dotted': ((_x % _P - _P / 2) ** 2 + (_y % _P - _P / 2) ** 2) < (0.30 * _P) ** 2}
PAT = {k: Image.fromarray((v * 255).astype(np.uint8)) for k, v in PAT.items()}
_y, _x = np.mgrid[0:128, 0:128]
BLOB = Image.fromarray((np.clip(1 - np.hypot(_x - 63.5, _y - 63.5) / 64, 0, 1) ** 1.3 * 255).astype(np.uint8))
RAMP = Image.fromarray(np.repeat(np.linspace(0, 255, N).astype(np.uint8)[:, None], N, 1))


def jit(rng, name, j=6):
    return tuple(max(0, min(255, c + rng.randint(-j, j))) for c in COLORS[name])


def mix(a, b, t):
    return tuple(int(x + (y - x) * t) for x, y in zip(a, b))


def ramp(top, bottom):
    return Image.composite(Image.new('RGB', (N, N), bottom), Image.new('RGB', (N, N), top), RAMP)


def mask_of(shape, cx, cy, r):
    """'L' mask of one shape; cx, cy, r in picture pixels."""
    m = Image.new('L', (N, N)); d = ImageDraw.Draw(m)
    cx, cy, r = cx * S, cy * S, r * S
    poly = lambda pts: d.polygon([(cx + r * x, cy + r * y) for x, y in pts], fill=255)
    ell = lambda k, f: d.ellipse([cx - k * r, cy - k * r, cx + k * r, cy + k * r], fill=f)
    if shape == 'circle': ell(1, 255)
    elif shape == 'ring': ell(1, 255); ell(.55, 0)
    elif shape == 'square': poly([(-.88, -.88), (.88, -.88), (.88, .88), (-.88, .88)])
    elif shape == 'diamond': poly([(0, -1.1), (.8, 0), (0, 1.1), (-.8, 0)])
    elif shape == 'triangle': poly([(0, -1), (1, .85), (-1, .85)])
    elif shape == 'cross':
        poly([(-.34, -1), (.34, -1), (.34, 1), (-.34, 1)]); poly([(-1, -.34), (1, -.34), (1, .34), (-1, .34)])
    elif shape == 'star':
        poly([((1.1 if k % 2 == 0 else .45) * math.sin(k * math.pi / 5),
               -(1.1 if k % 2 == 0 else .45) * math.cos(k * math.pi / 5)) for k in range(10)])
    elif shape == 'heart':
        t = [2 * math.pi * k / 40 for k in range(40)]
        poly([(math.sin(a) ** 3, -(13 * math.cos(a) - 5 * math.cos(2 * a) - 2 * math.cos(3 * a) - math.cos(4 * a)) / 16)
              for a in t])
    return m


def draw(img, rng, shape, tex, color, cx, cy, r):
    c = jit(rng, color); m = mask_of(shape, cx, cy, r)
    img.paste(c, (0, 0), m)
    if tex == 'shiny':
        s = int(1.5 * r * S); h = Image.new('L', (N, N))
        h.paste(BLOB.resize((s, s)), (int((cx - .35 * r) * S) - s // 2, int((cy - .4 * r) * S) - s // 2))
        img.paste((255, 255, 255), (0, 0), ImageChops.multiply(m, h))
    elif tex:
        ox, oy = rng.randrange(_P), rng.randrange(_P)
        dark = color in ('white', 'yellow', 'pink', 'cyan', 'orange', 'gray')
        img.paste(mix(c, (0, 0, 0) if dark else (255, 255, 255), .5), (0, 0),
                  ImageChops.multiply(m, PAT[tex].crop((ox, oy, ox + N, oy + N))))


def obj_text(size, tex, color, shape):
    return ' '.join(w for w in (size, tex, color, shape) if w)


def shapes_scene(rng):
    bg = rng.choice(list(COLORS)); grad = rng.random() < .4; b = jit(rng, bg)
    img = ramp(mix(b, (255, 255, 255), .45), mix(b, (0, 0, 0), .35)) if grad else Image.new('RGB', (N, N), b)
    pick = lambda *no: rng.choice([c for c in COLORS if c not in no])
    tex = lambda z: (rng.choice(TEXTURES) if z != 'small' else 'shiny') if rng.random() < .35 else ''
    j = lambda k: rng.uniform(-k, k)
    z1 = rng.choice(['small', '', 'large']); c1, s1, t1 = pick(bg), rng.choice(SHAPES), tex(z1)
    u = rng.random()
    if u < .45:                                                           # one object, nine positions
        pos = rng.choice(list(POS)) if rng.random() < .75 else 'in the center'
        rad = {'small': 8, '': 13, 'large': 19}[z1] + j(1)
        x, y = POS[pos]
        if z1 == 'large' and pos != 'in the center': rad -= 2.5
        draw(img, rng, s1, t1, c1, x + j(1.5), y + j(1.5), rad)
        cap = 'a ' + obj_text(z1, t1, c1, s1)
        if pos != 'in the center' or rng.random() < .5: cap += ' ' + pos
    elif u < .85:                                                         # two objects with a relation
        z2 = rng.choice(['small', '', 'large']); c2, s2, t2 = pick(bg), rng.choice(SHAPES), tex(z2)
        rad = lambda z: {'small': 7, '': 10, 'large': 14}[z] + j(.7)
        rel = rng.choice(['above', 'below', 'to the left of', 'to the right of'])
        d = -15 if rel in ('above', 'to the left of') else 15
        v = rel in ('above', 'below'); a, e = j(2), j(2)
        p1, p2 = ((32 + a, 32 + d), (32 + e, 32 - d)) if v else ((32 + d, 32 + a), (32 - d, 32 + e))
        draw(img, rng, s1, t1, c1, *p1, rad(z1)); draw(img, rng, s2, t2, c2, *p2, rad(z2))
        cap = f'a {obj_text(z1, t1, c1, s1)} {rel} a {obj_text(z2, t2, c2, s2)}'
    else:                                                                 # one inside the other
        s2 = rng.choice(['circle', 'square', 'heart', 'diamond']); c2 = pick(bg); c1 = pick(c2); x, y = 32 + j(2), 32 + j(2)
        draw(img, rng, s2, '', c2, x, y, 24 + j(1)); draw(img, rng, s1, t1, c1, x, y, 9.5 + j(1))
        cap = f'a {obj_text("", t1, c1, s1)} inside a {obj_text("large", "", c2, s2)}'
    return img, cap + f' on a {bg}{" gradient" if grad else ""} background'


def landscape(rng):
    sky = rng.choice(['day', 'sunset', 'night']); ground = rng.choice(['hills', 'desert', 'snow', 'sea'])
    j = lambda k: rng.uniform(-k, k)
    top, bot = {'day': ((55, 125, 225), (185, 222, 250)), 'sunset': ((120, 50, 130), (255, 165, 70)),
                'night': ((8, 10, 40), (40, 48, 105))}[sky]
    img = ramp(top, mix(top, bot, 1.0)); d = ImageDraw.Draw(img)
    E = lambda x, y, a, b, f: d.ellipse([(x - a) * S, (y - b) * S, (x + a) * S, (y + b) * S], fill=f)
    P = lambda pts, f: d.polygon([(x * S, y * S) for x, y in pts], fill=f)
    B = lambda x0, y0, x1, y1, f: d.rectangle([x0 * S, y0 * S, x1 * S - 1, y1 * S - 1], fill=f)
    side = rng.choice(['left', 'right']); lx = (13 if side == 'left' else 51) + j(2); ly = 12 + j(2)
    light = rng.random() < .7
    if sky == 'night':
        for _ in range(14): x, y, q = rng.uniform(2, 62), rng.uniform(2, 34), rng.uniform(.5, .9); E(x, y, q, q, (240, 240, 255))
    if light:
        if sky == 'night': E(lx, ly, 6, 6, (240, 240, 220))
        else: E(lx, ly, 6.5, 6.5, (255, 225, 60) if sky == 'day' else (255, 240, 190))
    H = 44 + j(1.5)
    mount = rng.random() < .25 and ground != 'sea'
    if mount:
        x = 32 + j(12); P([(x - 26, 50), (x, 15), (x + 26, 50)], (105, 105, 125)); P([(x - 7.4, 25), (x, 15), (x + 7.4, 25), (x + 3, 22.5), (x, 27), (x - 3, 22.5)], (248, 248, 252))
    dk = .35 if sky == 'night' else (.12 if sky == 'sunset' else 0)
    g = mix({'hills': (70, 165, 65), 'desert': (235, 195, 110), 'snow': (240, 244, 250), 'sea': (25, 95, 170)}[ground], (15, 15, 50), dk)
    if ground == 'hills': E(14, H + 26, 36, 30, mix(g, (0, 0, 0), .18)); E(52, H + 28, 40, 29, g); B(0, 52, 64, 64, g)
    elif ground == 'sea':
        B(0, H, 64, 64, g)
        for k in range(3):
            for q in range(5): x, y = q * 14 + (k % 2) * 7 + 2, H + 5 + k * 5.5; B(x, y, x + 5, y + 1, mix(g, (255, 255, 255), .35))
    else: B(0, H, 64, 64, g); E(20, H + 2, 26, 4, g)
    ob = 'boat' if ground == 'sea' else rng.choice(['house', 'tree', 'pine tree'] + ([''] if mount else []))
    x = 32 + j(6) if not light else (36 + j(5) if side == 'left' else 28 + j(5)); Y = 54 + j(1.5); c = rng.choice(list(COLORS)); f = jit(rng, c)
    if ob == 'house':
        rc = rng.choice([q for q in COLORS if q != c]); rf = jit(rng, rc); B(x - 11, Y - 15, x + 11, Y, f)
        P([(x - 14, Y - 15), (x, Y - 27), (x + 14, Y - 15)], rf); B(x - 8, Y - 9, x - 2, Y, mix(f, (0, 0, 0), .55)); w = (255, 235, 130) if sky == 'night' else (200, 230, 250)
        B(x + 2, Y - 11, x + 8, Y - 5, w); ob = f'a {c} house with a {rc} roof'
    elif ob == 'tree': B(x - 2, Y - 12, x + 2, Y, (105, 65, 35)); E(x, Y - 19, 11, 10, (40, 125, 45)); ob = 'a tree'
    elif ob == 'pine tree':
        B(x - 1.5, Y - 5, x + 1.5, Y, (95, 60, 35)); ob = 'a pine tree'
        for k in range(3): P([(x - 10 + 2 * k, Y - 4 - 8 * k), (x, Y - 17 - 7 * k), (x + 10 - 2 * k, Y - 4 - 8 * k)], (25, 95 + 12 * k, 60))
    elif ob == 'boat':
        Y = H + 7; P([(x - 13, Y - 4), (x + 13, Y - 4), (x + 8, Y + 3), (x - 8, Y + 3)], (110, 65, 35)); B(x - .7, Y - 25, x + .7, Y - 4, (80, 50, 30))
        P([(x + 1.5, Y - 24), (x + 1.5, Y - 6), (x + 12, Y - 6)], f); P([(x - 1.5, Y - 21), (x - 1.5, Y - 6), (x - 9, Y - 6)], f); ob = f'a boat with a {c} sail'
    gt = {'hills': 'on green hills', 'desert': 'in a desert', 'snow': 'in the snow', 'sea': 'on the sea'}[ground]
    parts = [ob] if ob else []
    if mount: parts.append('a mountain')
    cap = ' and '.join(parts) + ' ' + gt + {'day': ' under a blue sky', 'sunset': ' at sunset', 'night': ' at night'}[sky]
    if light: cap += f' with {"a moon" if sky == "night" else "a sun"} on the {side}'
    return img, cap


def scene(rng):
    img, cap = landscape(rng) if rng.random() < .3 else shapes_scene(rng)
    cap = cap.replace('a orange', 'an orange')
    u = rng.random()
    if u < .08: cap = cap.replace(' background', '')
    elif u < .16: cap = rng.choice(['a picture of ', 'a drawing of ', 'an image of ']) + cap
    elif u < .22: cap = ' '.join(w for w in cap.split() if w not in ('a', 'the'))
    return np.asarray(img.reduce(S)), cap


if __name__ == '__main__':
    import time
    rng = random.Random(1); t = time.time()
    ims = [scene(rng) for _ in range(40)]; print((time.time() - t) / 40 * 1e3, 'ms each')
    for _, c in ims: print(c)
    g = np.concatenate([np.concatenate([i for i, _ in ims[r * 8:r * 8 + 8]], 1) for r in range(5)], 0)
    Image.fromarray(g).resize((g.shape[1] * 2, g.shape[0] * 2), 0).save('data.png')
