"""Optimise the pixels of one picture on the objective that networks are trained on (Gatys et al. 2016).

It takes minutes for a picture instead of a fraction of a second. It is for one perfect picture, and it is the
ceiling to which networks are held.

The picture is the sum of five levels, from its full size to a sixteenth, added to what it begins from before
a logistic function. So large forms move as fast as strokes do. It begins from the photo with the painting's
colours.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from styles.imaging.codec import Pixels
from styles.training.dataset import to_tensor
from styles.training.losses import Features
from styles.training.objective import UNCOMPARED, LossWeights, Objective, Target
from styles.training.precision import fast_type
from styles.training.recipe import Painting, Progress

#: Reductions of the levels that make up the picture, and the share of the rate of each: at the full rate the
#: finest one came out as coloured noise.
LEVELS = {1: 0.2, 2: 0.4, 4: 0.8, 8: 1.0, 16: 1.0}
#: What the three numbers of a pixel, which are light and two opponent colours, add to red, green and blue.
#: Colours move at a third of the rate of light: brushes have fewer of them than a picture has pixels.
COLOURS = ((1.0, 1.0, 1.0), (0.33, -0.33, 0.0), (0.17, 0.17, -0.33))
#: Sides must be a multiple of this, pixels: of the last level, and of half the margin of the objective.
MULTIPLE = 32
#: Adam's rate in logits, its share at the end of the cosine, and its decay rates.
RATE, FINAL_RATE, BETAS = 0.05, 0.05, (0.9, 0.99)
#: Reduction of photo and painting for a first, small picture, the share of the budget that it takes, and the
#: least short side of a photo that gets one, pixels. Forms of the painting come in there, and strokes later.
COARSE, COARSE_SHARE, LEAST_COARSE = 2, 0.25, 128
#: Share of the photo in the painting's colours in the first picture; the rest is the photo as it is.
TRANSFERRED = 0.7
#: Parts of the photo's light that the small picture cannot have which are added to it when it is enlarged.
FINE_LIGHT = 0.6
#: Range that a picture to begin from is cut to: the logit of 0 and 1 is infinite.
DARKEST, LIGHTEST = 0.02, 0.98
#: Turns of the colour transfer: after 20 the distributions agree along every axis.
TURNS = 20
#: Side of the piece that features see, pixels of the full size. It bounds the memory: in bfloat16 a picture
#: of 1024x811 pixels, which is whole, takes 1.8 GB, one of 2048x1536 2.2 GB.
PIECE = 1280
#: Weights of the losses for pixels. They follow each loss further than a network can: fine style at 1.0 came
#: out as coloured noise.
WEIGHTS = LossWeights(content=0.8, fine=0.3, light=0.25, edges=0.8, hue=0.4, variation=3.0, even=0.3)


def paint_like(
    photo: Pixels,
    painting: Painting,
    features: Features,
    device: str,
    report: Callable[[Progress], None],
    share: Callable[[int], float],
    show: Callable[[Callable[[], Pixels]], None] | None = None,
) -> Pixels:
    """Paint a photo (H, W, 3) like a painting, small and then at its size. See `optimize` for the others."""
    objective = Objective(features, WEIGHTS, device=device, type=fast_type(device), piece=PIECE)
    whole, picture = to_tensor(photo).to(device), painting.picture.to(device)
    size, progress = whole.shape[2:], Progress()

    def shown(painted: Callable[[], Tensor]) -> None:
        if show:
            show(lambda: _pixels(_resized(painted(), size)))

    def optimized(photo: Tensor, picture: Tensor, begin: Tensor, until: float) -> Tensor:
        target = objective.target(picture, painting.weight)
        return optimize(objective, photo, target, begin, report, share, shown, progress=progress, until=until)

    begin = in_colours_of(picture, whole)
    if min(size) >= LEAST_COARSE:
        small, reduced, first = (_resized(each, _reduced(each.shape[2:])) for each in (whole, picture, begin))
        first = optimized(small, reduced, first, COARSE_SHARE)
        lost = (whole - _resized(small, size)).mean(dim=1, keepdim=True)
        begin = _resized(first, size) + FINE_LIGHT * lost
    return _pixels(optimized(whole, picture, begin, 1.0))


def optimize(
    objective: Objective,
    photo: Tensor,
    target: Target,
    begin: Tensor,
    report: Callable[[Progress], None],
    share: Callable[[int], float],
    show: Callable[[Callable[[], Tensor]], None] = lambda _: None,
    *,
    progress: Progress | None = None,
    until: float = 1.0,
    seed: int = 1,
) -> Tensor:
    """Paint a photo (1, 3, H, W) in 0..1 by optimising the pixels of `begin`: the same shape.

    `share` returns the part of the budget that is used after a number of steps, which `progress` counts. The
    picture is done at `until`. `show` is called at each step with a function that returns the picture so far.
    """
    height, width = photo.shape[2:]
    photo, begin = (_extended(each.to(objective.device)) for each in (photo, begin))
    start = torch.logit(begin.clamp(DARKEST, LIGHTEST))
    levels = {by: torch.zeros_like(F.avg_pool2d(start, by)).requires_grad_() for by in LEVELS}
    adam = torch.optim.Adam([{"params": [level]} for level in levels.values()], betas=BETAS)

    def picture() -> Tensor:
        with torch.no_grad():
            painted = _composed(start, levels)
        return painted[:, :, UNCOMPARED : UNCOMPARED + height, UNCOMPARED : UNCOMPARED + width]

    progress = progress or Progress()
    first, before, began = progress.share, progress.seconds, time.monotonic()
    pieces = np.random.default_rng(seed)
    while progress.share < until:
        cosine = (1 + math.cos(math.pi * (progress.share - first) / (until - first))) / 2
        for group, factor in zip(adam.param_groups, LEVELS.values(), strict=True):
            group["lr"] = RATE * factor * (FINAL_RATE + (1 - FINAL_RATE) * cosine)
        losses = objective.losses(_composed(start, levels), photo, [target], pieces)
        adam.zero_grad(set_to_none=True)
        losses["total"].backward()  # type: ignore[no-untyped-call]
        adam.step()
        progress.step += 1
        progress.share, progress.seconds = share(progress.step), before + time.monotonic() - began
        progress.losses = {name: float(value.detach()) for name, value in losses.items()}
        report(progress)
        show(picture)
    return picture()


def in_colours_of(painting: Tensor, photo: Tensor) -> Tensor:
    """Return a photo (1, 3, H, W) with the colours of a painting, to begin from."""
    return TRANSFERRED * transfer(photo, painting.to(photo.device)) + (1 - TRANSFERRED) * photo


def _pixels(painted: Tensor) -> Pixels:
    pixels: Pixels = (painted[0] * 255).round().byte().permute(1, 2, 0).cpu().numpy()
    return np.ascontiguousarray(pixels)


def _resized(image: Tensor, size: Sequence[int]) -> Tensor:
    """Resize an image (1, C, H, W) in 0..1."""
    if image.shape[2:] == tuple(size):
        return image
    return F.interpolate(image, size=tuple(size), mode="bicubic", antialias=True).clamp(0, 1)


def _reduced(size: Sequence[int]) -> tuple[int, int]:
    return size[0] // COARSE, size[1] // COARSE


def _extended(photo: Tensor) -> Tensor:
    """Mirror pixels around a photo: `UNCOMPARED` on each side, and more where a multiple is missing."""
    height, width = (length + 2 * UNCOMPARED for length in photo.shape[2:])
    below, right = -height % MULTIPLE + UNCOMPARED, -width % MULTIPLE + UNCOMPARED
    return F.pad(photo, (UNCOMPARED, right, UNCOMPARED, below), mode="reflect")


def _composed(start: Tensor, levels: Mapping[int, Tensor]) -> Tensor:
    *finer, picture = levels.values()
    for level in reversed(finer):
        picture = F.interpolate(picture, scale_factor=2.0, mode="bilinear") + level
    mixed = torch.einsum("bchw,cd->bdhw", picture, torch.tensor(COLOURS, device=start.device))
    return torch.sigmoid(mixed + start)


def transfer(photo: Tensor, painting: Tensor) -> Tensor:
    """Give a photo (1, 3, H, W) the colours of a painting (1, 3, h, w): the same shape, in 0..1.

    Along random axes, each of its colours becomes the painting's of the same rank (Pitié et al. 2007).
    """
    random = torch.Generator().manual_seed(1)
    ours, theirs = photo[0].flatten(1), painting[0].flatten(1)
    for _ in range(TURNS):
        axes = torch.linalg.qr(torch.randn(3, 3, generator=random))[0].to(photo.device)
        along, wanted = axes @ ours, (axes @ theirs).sort(dim=1).values
        ranked = F.interpolate(wanted[None], size=ours.shape[1], mode="linear")[0]
        ours = axes.T @ torch.empty_like(along).scatter_(1, along.argsort(dim=1), ranked)
    return ours.view_as(photo).clamp(0, 1)
