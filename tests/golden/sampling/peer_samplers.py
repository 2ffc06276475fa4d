#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes peer_samplers.safetensors: trajectories of diffusers 0.42.1 for samplers that samplers.safetensors lacks.

x is in the variables of samplers.safetensors (x0 + sigma*n). diffusers keeps alpha*x there (variance preserving), so each
row is divided by alpha = 1/sqrt(1+sigma^2). Needs diffusers, torch and safetensors: peer_samplers.py OUT
"""
import sys

import torch
from diffusers import DPMSolverMultistepScheduler, LCMScheduler, UniPCMultistepScheduler
from safetensors.torch import save_file

STEPS = 12
BETAS = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000)
torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(7)
unit = torch.randn(2, 4, 4, 4, generator=generator)
noises = torch.randn(STEPS, 2, 4, 4, 4, generator=generator)


def denoised(network, x, sigma):
    return 0.5 * x if network == "half" else x / (1 + sigma**2)


def run(scheduler, sigmas, network):
    """Rows of x before each step, and the result."""
    alpha = [1 / (1 + float(s) ** 2) ** 0.5 for s in sigmas]
    x = unit * float(sigmas[0])
    rows = [x]
    for i, t in enumerate(scheduler.timesteps):
        options = {}
        if isinstance(scheduler, DPMSolverMultistepScheduler):
            options["variance_noise"] = noises[i]
        prediction = denoised(network, x, float(sigmas[i]))
        x = scheduler.step(prediction, t, x * alpha[i], return_dict=False, **options)[0] / alpha[i + 1]
        rows.append(x)
    return torch.stack(rows)


def run_lcm(network):
    scheduler = LCMScheduler(**BETAS, prediction_type="sample")
    scheduler.set_timesteps(8)
    bars = scheduler.alphas_cumprod.double()
    sigmas = torch.tensor([float(((1 - bars[t]) / bars[t]) ** 0.5) for t in scheduler.timesteps] + [0.0])
    x, rows, drawn = unit * sigmas[0], [unit * sigmas[0]], []
    for i, t in enumerate(scheduler.timesteps):
        alpha = bars[t] ** 0.5
        noise = torch.Generator().manual_seed(i)
        drawn.append(torch.randn(x.shape, generator=torch.Generator().manual_seed(i)))
        prediction = denoised(network, x, sigmas[i])
        x = scheduler.step(prediction, t, x * alpha, generator=noise, return_dict=False)[0]
        if i + 1 < len(scheduler.timesteps):
            x = x / bars[scheduler.timesteps[i + 1]] ** 0.5
        rows.append(x)
    return sigmas, torch.stack(rows), torch.stack(drawn)


out = {}
for network in ("half", "gauss"):
    for name, scheduler in {
        "uni_pc": UniPCMultistepScheduler(**BETAS, prediction_type="sample", solver_type="bh1", use_karras_sigmas=True,
                                          final_sigmas_type="zero"),
        "uni_pc_bh2": UniPCMultistepScheduler(**BETAS, prediction_type="sample", solver_type="bh2",
                                              use_karras_sigmas=True, final_sigmas_type="zero"),
        "dpmpp_2m_sde": DPMSolverMultistepScheduler(**BETAS, prediction_type="sample", algorithm_type="sde-dpmsolver++",
                                                    use_karras_sigmas=True, final_sigmas_type="zero"),
    }.items():
        scheduler.set_timesteps(STEPS)
        scheduler.sigmas = scheduler.sigmas.double()
        if name == "uni_pc":
            scheduler.sigmas[-1] = 0.02  # diffusers' B1 form gives NaN where the last level is 0
        key = f"{name}.karras.{network}"
        out[key + ".sigmas"] = scheduler.sigmas.clone()
        out[key + ".x"] = run(scheduler, scheduler.sigmas, network)
        if name == "dpmpp_2m_sde":
            out[key + ".noise"] = noises
    out[f"lcm.own.{network}.sigmas"], out[f"lcm.own.{network}.x"], out[f"lcm.own.{network}.noise"] = run_lcm(network)
save_file({k: v.float().contiguous() for k, v in out.items()}, sys.argv[1])
