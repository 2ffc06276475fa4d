# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes prompt_chunks.json. The rules are those of ComfyUI's comfy/sd1_clip.py (parse_parentheses, token_weights,
SDTokenizer.tokenize_with_weights), written down from its behaviour. Words are ids: "w12" is 12, anything else 1000 plus
its length."""
import json
import math


def split(text):
    parts, current, level = [], "", 0
    for c in text:
        if c == "(":
            if level == 0 and current:
                parts.append(current)
                current = ""
            current += c
            level += 1
        elif c == ")":
            level -= 1
            current += c
            if level == 0:
                parts.append(current)
                current = ""
        else:
            current += c
    return parts + ([current] if current else [])


def weigh(text, weight):
    out = []
    for part in split(text):
        if len(part) >= 2 and part[0] == "(" and part[-1] == ")":
            part, inner = part[1:-1], weight * 1.1
            colon = part.rfind(":")
            if colon > 0:
                try:
                    number = float(part[colon + 1:])
                    if math.isfinite(number):  # ours: ComfyUI takes infinities
                        inner, part = number, part[:colon]
                except ValueError:
                    pass
            out += weigh(part, inner)
        else:
            out.append((part, weight))
    return out


def parse(prompt):
    hidden = prompt.replace("\\)", "\0\1").replace("\\(", "\0\2")
    return [(t.replace("\0\1", ")").replace("\0\2", "("), w) for t, w in weigh(hidden, 1.0)]


def ids_of(text):
    return [int(w[1:]) if w[:1] == "w" and w[1:].isdigit() else 1000 + len(w) for w in text.split()]


def chunks(prompt, begin, end, pad, length, fill, minimum):
    groups = [(ids_of(text), weight) for text, weight in parse(prompt)]
    head = [(begin, 1.0)] if begin is not None else []
    batches = [list(head)]
    for ids, weight in groups:
        large = len(ids) >= 8
        while ids:
            room = length - len(batches[-1]) - (end is not None)
            if len(ids) <= room:
                batches[-1] += [(t, weight) for t in ids]
                break
            if large:
                batches[-1] += [(t, weight) for t in ids[:room]]
                ids = ids[room:]
            if end is not None:
                batches[-1].append((end, 1.0))
            if fill:
                batches[-1] += [(pad, 1.0)] * (length - len(batches[-1]))
            batches.append(list(head))
    if end is not None:
        batches[-1].append((end, 1.0))
    batches[-1] += [(pad, 1.0)] * ((length if fill else minimum) - len(batches[-1]))
    return [{"ids": [t for t, _ in b], "weights": [w for _, w in b]} for b in batches]


def words(first, count):
    return " ".join(f"w{i}" for i in range(first, first + count))


PROMPTS = [
    "", "w1", "(w1)", "((w1))", "(w1:1.3)", "((w1:1.3) w2)", "(w1 (w2:0.5) w3:2)", "w1 (w2) w3", "[w1]", "[[w1] w2]",
    "\\(w1\\)", "(w1 \\(w2\\):1.4)", "\\\\(w1)", "(w1", "w1)", "w1) (w2)", "((w1)", "(w1))", ")(", "()", "(:1.2)", "(w1:)",
    "(w1:x)", "(w1: 1.25 )", "(w1:-1)", "(w1:+0.5)", "(w1:1e-1)", "(w1:.5)", "(w1:2.)", "(w1:inf)", "(w1:nan)", "(a:b:1.5)",
    "(w1:1.1:1.2)", "((w1:1.2):1.3)", "(w1)(w2)", "(w1:0)", "(w1 w2, (w3:1.5), ((w4)):1.2) w5",
    words(0, 75), words(0, 76), words(0, 150), words(0, 151), words(0, 200),
    words(0, 72) + " (" + words(100, 4) + ":1.5) " + words(200, 10),
    words(0, 72) + " (" + words(100, 8) + ":1.5) " + words(200, 10),
    words(0, 68) + " (" + words(100, 7) + ")", words(0, 69) + " (" + words(100, 7) + ")",
    words(0, 75) + " (w1)", "(" + words(0, 160) + ":0.7)",
]

cases = []
for prompt in PROMPTS:
    cases.append({
        "prompt": prompt,
        "parts": [[t, w] for t, w in parse(prompt)],
        "clip": chunks(prompt, 49406, 49407, 0, 77, True, 0),
        "t5": chunks(prompt, None, 1, 0, 10 ** 9, False, 77),
    })
with open("prompt_chunks.json", "w") as out:
    out.write('{"cases": [\n' + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]}\n")
