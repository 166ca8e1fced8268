"""Optimise the pixels of one picture on the objective that networks are trained on (Gatys et al. 2016).

It takes minutes for a picture instead of a fraction of a second. It is for one perfect picture, and it is the
ceiling to which networks are held.

The picture is the sum of five levels, from its full size to a sixteenth, added to what it begins from before
a logistic function. So large forms move as fast as strokes do. It begins from the photo with the painting's
colours. L-BFGS moves the levels: in the same number of steps Adam left coloured noise, since it moves a pixel
that no loss cares for as far as any other.

The photo has forms of the painting in it, as networks get it: see `styles/imaging/underpainting.py`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from styles.imaging.codec import Pixels
from styles.imaging.underpainting import lay_under, underpainting_of
from styles.networks.precision import fast_type
from styles.training.dataset import to_tensor
from styles.training.losses import Features
from styles.training.objective import UNCOMPARED, LossWeights, Objective, Target
from styles.training.recipe import Painting, Progress

#: Reductions of the levels that make up the picture, and the factor of each: how far it moves at first.
LEVELS = {1: 1.0, 2: 0.7, 4: 0.5, 8: 0.35, 16: 0.25}
#: What the three numbers of a pixel, which are light and two opponent colours, add to red, green and blue.
COLOURS = ((1.0, 1.0, 1.0), (0.6, -0.6, 0.0), (0.3, 0.3, -0.6))
#: Sides must be a multiple of this, pixels: of the last level, and of half the margin of the objective.
MULTIPLE = 32
#: Steps that L-BFGS remembers and compares, and steps for which the random piece of fine style stays.
HISTORY, HELD = 10, 10
#: Times the loss of the step before from which on a step is taken back; parts of their length by which steps
#: are shorter then, and longer after each good one.
WORSE, SHORTER, LONGER = 1.5, 0.5, 1.1
#: Reduction of photo and painting for a first, small picture, the share of the budget that it takes, and the
#: least short side of a photo that gets one, pixels. Forms of the painting come in there, and strokes later.
COARSE, COARSE_SHARE, LEAST_COARSE = 2, 0.25, 128
#: Steps at full size below which the small picture gets all of the budget, on a busy machine: ten of its
#: steps make a picture, and four at full size in the same time made none.
LEAST_FULL = 10
#: Parts of the photo's light that the small picture cannot have which are added to it when it is enlarged.
FINE_LIGHT = 0.6
#: Range that a picture to begin from is cut to: the logit of 0 and 1 is infinite.
DARKEST, LIGHTEST = 0.02, 0.98
#: Turns of the colour transfer: after 20 the distributions agree along every axis. Then the most pixels of
#: the painting whose colours are taken: to sort all of them took a third of the time until the first step.
TURNS, MOST_COLOURS = 20, 1 << 17
#: Side of the piece that features see, pixels of the full size. It bounds the memory: in bfloat16 a picture
#: of 1024x811 pixels, which is whole, takes 1.8 GB, one of 2048x1536 2.2 GB.
PIECE = 1280
#: Weights of the losses for pixels. They follow each loss further than a network can: fine style at 0.6 came
#: out as coloured noise. With style at 1.0 pictures were photos with a texture.
WEIGHTS = LossWeights(
    content=0.5, style=8.0, fine=0.2, palette=3.0, light=0.25, edges=0.4, hue=0.0, variation=2.0, tints=0.0
)


def paint_like(
    photo: Pixels,
    painting: Painting,
    features: Features,
    device: str,
    report: Callable[[Progress], None],
    share: Callable[[int], float],
    show: Callable[[Callable[[], Pixels], bool], None] | None = None,
    *,
    kept: Pixels | None = None,
    steps: int = 0,
    is_small: bool = False,
) -> Pixels:
    """Paint a photo (H, W, 3) like a painting, small and then at its size. See `optimize` for the others.

    At the end it gets exactly the painting's colours: spots of others were left, and a violet tint.
    `show` also gets whether the picture is the small one. `kept` is the picture after `steps` of an
    earlier call, `is_small` whether it was small then: it is gone on with.
    """
    objective = Objective(features, WEIGHTS, device=device, type=fast_type(device), piece=PIECE)
    forms = underpainting_of(painting.kept_underpainting())
    whole, picture = to_tensor(lay_under(photo, forms)).to(device), painting.picture.to(device)
    size, progress = whole.shape[2:], Progress(step=steps, share=share(steps) if steps else 0.0)

    def optimized(photo: Tensor, picture: Tensor, begin: Tensor, until: float) -> Tensor:
        def shown(painted: Callable[[], Tensor]) -> None:
            if show:
                show(lambda: _pixels(_resized(painted(), size)), photo.shape[2:] != size)

        target = objective.target(picture, painting.weight)
        return optimize(objective, photo, target, begin, report, share, shown, progress=progress, until=until)

    begin = transfer(whole, picture) if kept is None else to_tensor(kept).to(device)
    if (kept is None or is_small) and min(size) >= LEAST_COARSE:
        small, reduced, first = (_resized(each, _reduced(each.shape[2:])) for each in (whole, picture, begin))
        since, taken = share(progress.step), progress.step
        first = optimized(small, reduced, first, COARSE_SHARE)
        full_step = COARSE**2 * (progress.share - since) / max(1, progress.step - taken)
        if 1.0 - progress.share < LEAST_FULL * full_step:
            first = optimized(small, reduced, first, 1.0)
        lost = (whole - _resized(small, size)).mean(dim=1, keepdim=True)
        begin = _resized(first, size) + FINE_LIGHT * lost
    if progress.share < 1.0:
        begin = optimized(whole, picture, begin, 1.0)
    return _pixels(transfer(begin, picture))


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
    descent = _Descent([torch.zeros_like(F.avg_pool2d(start, by)) for by in LEVELS])
    progress = progress or Progress()
    before, began = progress.seconds, time.monotonic()

    def picture() -> Tensor:
        with torch.no_grad():
            painted = _composed(start, descent.best)
        return painted[:, :, UNCOMPARED : UNCOMPARED + height, UNCOMPARED : UNCOMPARED + width]

    def losses() -> dict[str, Tensor]:
        piece = np.random.default_rng([seed, progress.step // HELD])
        return objective.losses(_composed(start, descent.levels), photo, [target], piece)

    while progress.share < until:
        progress.losses = descent.step(losses)
        progress.step += 1
        progress.share, progress.seconds = share(progress.step), before + time.monotonic() - began
        report(progress)
        show(picture)
    return picture()


class _Descent:
    """Lower a loss by L-BFGS, and go back where a step has made it worse."""

    def __init__(self, levels: Sequence[Tensor]) -> None:
        self.levels = [level.requires_grad_() for level in levels]
        self.best = [level.detach().clone() for level in levels]  #: that have been seen
        #: L-BFGS learns nothing from a curvature below 1e-10, as that of a mean over pixels is.
        self._scale = float(sum(level.numel() for level in levels))
        self._last, self._rate = math.inf, 1.0
        self._begin()

    def step(self, losses: Callable[[], dict[str, Tensor]]) -> dict[str, float]:
        """Take a step, and return the losses before it."""
        found: dict[str, float] = {}

        def total() -> Tensor:
            seen = losses()
            self._optimizer.zero_grad(set_to_none=True)
            (self._scale * seen["total"]).backward()  # type: ignore[no-untyped-call]
            found.update((name, float(value.detach())) for name, value in seen.items())
            return seen["total"]

        here = [level.detach().clone() for level in self.levels]
        self._optimizer.param_groups[0]["lr"] = self._rate
        self._optimizer.step(total)  # type: ignore[no-untyped-call]
        if found["total"] <= WORSE * self._last:
            self.best, self._last = here, found["total"]
            self._rate = min(1.0, LONGER * self._rate)
            return found
        with torch.no_grad():
            for level, best in zip(self.levels, self.best, strict=True):
                level.copy_(best)
        self._rate *= SHORTER
        self._last = math.inf  # another piece of fine style may have a larger loss
        self._begin()
        return found

    def _begin(self) -> None:
        self._optimizer = torch.optim.LBFGS(
            self.levels, max_iter=1, history_size=HISTORY, tolerance_grad=0, tolerance_change=0
        )


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
    """Mirror pixels around a photo: `UNCOMPARED` on each side, and more where a multiple is missing.

    A photo that is too narrow for that has its border repeated.
    """
    height, width = photo.shape[2:]
    below, right = (-length % MULTIPLE + UNCOMPARED for length in (height, width))
    mode = "reflect" if below < height and right < width else "replicate"
    return F.pad(photo, (UNCOMPARED, right, UNCOMPARED, below), mode=mode)


def _composed(start: Tensor, levels: Sequence[Tensor]) -> Tensor:
    *finer, picture = (factor * level for factor, level in zip(LEVELS.values(), levels, strict=True))
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
    chosen = torch.randperm(theirs.shape[1], generator=random)[:MOST_COLOURS]
    theirs = theirs[:, chosen.to(theirs.device)]
    for _ in range(TURNS):
        axes = torch.linalg.qr(torch.randn(3, 3, generator=random))[0].to(photo.device)
        along, wanted = axes @ ours, (axes @ theirs).sort(dim=1).values
        ranked = F.interpolate(wanted[None], size=ours.shape[1], mode="linear")[0]
        ours = axes.T @ torch.empty_like(along).scatter_(1, along.argsort(dim=1), ranked)
    return ours.view_as(photo).clamp(0, 1)
