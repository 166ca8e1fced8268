"""Match the colours of a trained network's pictures to its painting's, by its last layer.

No loss can ask for all of a painting's colours in each piece of a photo: an even sky got dark clouds by
it. So pictures come out a little paler than the painting, and with fringes in colours that it does not have.
The mean and the covariance over many pictures can be the painting's, by one linear map of colours (Pitié and
Kokaram 2007). The last layer takes it in, so it costs no time when a photo is painted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from styles.training.held_out import held_out_crops
from styles.training.trainer import Trainer

#: Pictures that are looked at, and the step at which their pixels are: colours need no more.
MOST_PICTURES, STEP = 16, 4
#: Most that a colour's distance from the mean grows or shrinks by. Further, fringes are what grows.
MOST_CHANGE = 1.6
#: Range that colours are cut to: the logit of 0 and 1 is infinite.
DARKEST, LIGHTEST = 0.02, 0.98
#: Least variance along an axis of colours: a flat picture has none.
LEAST_VARIANCE = 1e-5


def match_colors(trainer: Trainer, painting: Tensor, files: Sequence[Path]) -> None:
    """Change the last layer of a run of one style, so that its pictures have the painting's colours.

    `painting` is (1, 3, H, W) in 0..1; `files` are photos that were held out. Nothing changes where none can
    be read.
    """
    pictures = list(_painted(trainer, files))
    if not pictures:
        return
    colors, wanted = torch.cat(pictures).double(), _pixels(painting).double()
    change = _map(_covariance(colors), _covariance(wanted))
    matched = (colors - colors.mean(dim=0)) @ change + wanted.mean(dim=0)
    # The last layer's sums come before a logistic function: its own linear map is the nearest one there.
    sums, aims = (torch.logit(c.clamp(DARKEST, LIGHTEST)) for c in (colors, matched))
    known = torch.cat([sums, torch.ones_like(sums[:, :1])], dim=1)
    solution = torch.linalg.lstsq(known, aims).solution
    _mix(trainer, solution[:3].T.float(), solution[3].float())


def _mix(trainer: Trainer, mixture: Tensor, added: Tensor) -> None:
    """Replace the last layer's sums (3,) by `mixture` (3, 3) of them and `added` (3,), of the average too."""
    learner, device = trainer.learner, trainer.device
    weights, biases = (
        (learner.parameters[name], learner.lag[name]) for name in ("network.out.weight", "network.out.bias")
    )
    with torch.no_grad():
        for weight in weights:
            weight.copy_(torch.einsum("ij,jchw->ichw", mixture.to(device), weight.float()))
        for bias in biases:
            bias.copy_(mixture.to(device) @ bias.float())
        biases[0].add_(added.to(device))


def _painted(trainer: Trainer, files: Sequence[Path]) -> Iterator[Tensor]:
    """Paint photos, as they are measured: their pixels (N, 3)."""
    with torch.no_grad(), trainer.learner.averaged():
        for _, crops in held_out_crops(files[:MOST_PICTURES], trainer.underpaintings):
            yield _pixels(trainer.paint(crops.to(trainer.device), trainer.rows[:1]))


def _pixels(image: Tensor) -> Tensor:
    """Return some pixels (N, 3) of an image (1, 3, H, W)."""
    return image[0, :, ::STEP, ::STEP].flatten(1).T.float().cpu()


def _covariance(colors: Tensor) -> Tensor:
    return torch.cov(colors.T) + LEAST_VARIANCE * torch.eye(3, dtype=colors.dtype)


def _map(ours: Tensor, theirs: Tensor) -> Tensor:
    """Return the symmetric map (3, 3) from one covariance of colours to another, within `MOST_CHANGE`."""
    root, back = _power(ours, 0.5), _power(ours, -0.5)
    change, axes = torch.linalg.eigh(back @ _power(root @ theirs @ root, 0.5) @ back)
    matrix: Tensor = axes @ torch.diag(change.clamp(1 / MOST_CHANGE, MOST_CHANGE)) @ axes.T
    return matrix


def _power(covariance: Tensor, exponent: float) -> Tensor:
    values, axes = torch.linalg.eigh(covariance)
    matrix: Tensor = axes @ torch.diag(values**exponent) @ axes.T
    return matrix
