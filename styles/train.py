"""Trains styles from paintings: one base network and one row a painting.

A run lives in a folder: `state.safetensors` (network, rows and optimizer, so that it goes on after a
kill exactly where it was last saved), `log.jsonl` (a line every few steps) and `preview-*.jpg`. The
schedule follows the share of the budget that is used, in minutes or in steps, so a run on a busy
machine still ends with its learning rate run down.

A run begins from random weights, or from the styles of a base (`begin_nearest`). With `Recipe.learn` the
base stays as it is and only the rows are fitted (Dumoulin et al. 2017, arXiv:1610.07629).
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from styles.architecture import MARGIN, STRIDE, Shape
from styles.checkpoint import StyleFile
from styles.errors import BadOption
from styles.losses import (
    CONTENT_TAP,
    Features,
    content_loss,
    halve,
    light_loss,
    painting_target,
    palette_loss,
    style_loss,
    variation_loss,
)
from styles.network import Painter, StyleNet
from styles.photos import Photos
from styles.recipe import Painting, Progress, Recipe

#: Early gradients reach norms of 30; longer ones are cut to this.
GRADIENT_NORM = 5.0
#: Steps in which the rate rises to its full height.
WARM_UP_STEPS = 50
_Module = TypeVar("_Module", bound=nn.Module)


class Trainer:
    """One run: holds the network, the rows and the optimizer, and steps them."""

    def __init__(
        self,
        paintings: Mapping[str, Painting],
        photos: Sequence[Path],
        features: Features,
        folder: Path,
        recipe: Recipe,
        device: str = "cpu",
        network: Painter | None = None,
    ) -> None:
        """`paintings` by the name of the style; `network` is what training begins with.

        Raises `BadOption` when the folder holds a run of other paintings.
        """
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.folder = folder
        self.device = torch.device(device)
        self.photos = Photos(photos, recipe.seed, recipe.photo_scale)
        self.names = list(paintings)
        self.network = _placed(network or StyleNet(), self.device).requires_grad_(not recipe.learn)
        self.rows = nn.Parameter(self.network.neutral_row().repeat(len(self.names), 1).to(self.device))
        self.features = _placed(features, self.device).to(torch.bfloat16)
        self.targets = [
            painting_target(self.features, p.picture.to(self.device, torch.bfloat16), p.weight)
            for p in paintings.values()
        ]
        self.optimizer = torch.optim.Adam(
            [
                {"params": list(self.network.parameters()), "base_rate": recipe.rate},
                {"params": [self.rows], "base_rate": recipe.row_rate},
            ],
            betas=(0.9, 0.99),
        )
        self.progress = Progress()
        folder.mkdir(parents=True, exist_ok=True)
        if self.state_file.exists():
            self._resume()

    @property
    def state_file(self) -> Path:
        """What the run is resumed from."""
        return self.folder / "state.safetensors"

    def run(
        self,
        report: Callable[[Progress], None],
        *,
        save_seconds: float = 60.0,
        preview_seconds: float = 300.0,
        preview: Callable[[Trainer], None] | None = None,
    ) -> None:
        """Steps until the budget is used; saves, previews and reports on the way."""
        saved = previewed = time.monotonic()
        while self.progress.share < 1:
            self.step()
            report(self.progress)
            now = time.monotonic()
            if now - saved > save_seconds:
                self.save()
                saved = now
            if preview and now - previewed > preview_seconds:
                preview(self)
                previewed = now
        self.save()
        if preview:
            preview(self)

    def step(self) -> None:
        """One step of Adam; dropped, and counted, when its gradient is not finite."""
        started = time.monotonic()
        progress = self.progress
        self._set_rates(progress.share)
        # Small crops first: they cost half as much and the palette does not need more.
        crop = self.recipe.crop if progress.share >= 0.4 else self.recipe.crop * 3 // 4 // STRIDE * STRIDE
        photo, grained = self.photos.batch(progress.step, self.recipe.batch, crop + 2 * MARGIN)
        losses = self.losses(photo, grained, self._styles(progress.step))
        self.optimizer.zero_grad(set_to_none=True)
        losses["total"].backward()  # type: ignore[no-untyped-call]
        parameters = [p for p in (*self.network.parameters(), self.rows) if p.requires_grad]
        norm = nn.utils.clip_grad_norm_(parameters, GRADIENT_NORM)
        if torch.isfinite(norm):
            self.optimizer.step()
        else:
            progress.dropped += 1
        progress.step += 1
        progress.seconds += time.monotonic() - started
        progress.share = self.recipe.progress(progress.step, progress.seconds)
        progress.losses = {name: float(value.detach()) for name, value in losses.items()}

    def losses(self, photo: Tensor, grained: Tensor, styles: Sequence[int]) -> dict[str, Tensor]:
        """The weighted total and its parts for photos (B, 3, H, W), each painted in its style.

        `grained` is what the network is given, `photo` what content is compared with, both with `MARGIN`.
        """
        weights = self.recipe.weights
        targets = [self.targets[i] for i in styles]
        counts = torch.tensor([t.weight for t in targets], device=self.device)
        painted = _inner(self.paint(grained.to(self.device), self.rows[list(styles)]))
        activations = self.features(painted.to(torch.bfloat16))
        coarse = self.features(halve(painted).to(torch.bfloat16))
        with torch.no_grad():
            plain = _inner(photo).to(self.device, torch.bfloat16, memory_format=torch.channels_last)
            original = self.features(plain, CONTENT_TAP + 1)[CONTENT_TAP]
        content = content_loss(activations[CONTENT_TAP], original)
        style = style_loss(activations, [t.full for t in targets], counts)
        large = style_loss(coarse, [t.half for t in targets], counts)
        palette = palette_loss(painted, targets)
        light = light_loss(painted, _inner(photo).to(self.device))
        variation = variation_loss(painted)
        total = (
            weights.content * content
            + weights.style * (style + weights.coarse * large)
            + weights.palette * palette
            + weights.light * light
            + weights.variation * variation
        )
        parts = {"content": content, "style": style, "coarse": large, "palette": palette}
        return {"total": total, **parts, "light": light, "variation": variation}

    def paint(self, photo: Tensor, rows: Tensor) -> Tensor:
        """photo (B, 3, H, W) in 0..1, rows (B, R) -> painted, of the same shape."""
        with torch.autocast(self.device.type, torch.bfloat16):
            painted: Tensor = self.network(photo.contiguous(memory_format=torch.channels_last), rows)
        return painted

    def measure(self, files: Sequence[Path]) -> dict[str, dict[str, float]]:
        """Losses of each style over held-out photos, cut the same way every time."""
        held_out = Photos(files, self.recipe.seed, self.recipe.photo_scale)
        batches = [
            held_out.batch(-1 - i & 0xFFFF, 2, self.recipe.crop + 2 * MARGIN)
            for i in range(max(1, len(files) // 2))
        ]
        measured = {}
        with torch.no_grad():
            for index, name in enumerate(self.names):
                parts = [self.losses(*batch, [index] * 2) for batch in batches]
                measured[name] = {k: float(torch.stack([p[k] for p in parts]).mean()) for k in parts[0]}
        return measured

    def begin_nearest(self, name: str, rows: Sequence[Tensor]) -> None:
        """Lets a style begin from the one of some rows (R,) that paints its painting best as it is."""
        index = self.names.index(name)
        photo, grained = self.photos.batch(0, self.recipe.batch, self.recipe.crop + 2 * MARGIN)
        styles = [index] * self.recipe.batch
        found = []
        with torch.no_grad():
            for row in rows:
                self.rows[index] = row.to(self.device)
                found.append(float(self.losses(photo, grained, styles)["total"]))
            self.rows[index] = rows[found.index(min(found))].to(self.device)

    def save(self) -> None:
        """Writes the state beside the old one and swaps it in, so a kill leaves one of the two."""
        tensors = {f"network.{k}": v for k, v in self.network.state_dict().items()}
        tensors["rows"] = self.rows.detach()
        for index, state in self.optimizer.state_dict()["state"].items():
            tensors |= {f"adam.{index}.{key}": torch.as_tensor(value) for key, value in state.items()}
        progress = {k: getattr(self.progress, k) for k in ("step", "seconds", "share", "dropped")}
        metadata = {"names": json.dumps(self.names), "progress": json.dumps(progress)}
        temporary = self.state_file.with_suffix(".partial")
        save_file({k: v.contiguous() for k, v in tensors.items()}, temporary, metadata)
        temporary.replace(self.state_file)

    def _resume(self) -> None:
        with safe_open(self.state_file, "pt", device=str(self.device)) as file:
            metadata = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no dict
        names = json.loads(metadata["names"])
        if names != self.names:
            raise BadOption(
                f"{self.folder} holds a run of other paintings ({', '.join(names)}). "
                "Give the run another folder by --run, or remove that one."
            )
        self.progress = Progress(**json.loads(metadata["progress"]))
        self.progress.share = self.recipe.progress(self.progress.step, self.progress.seconds)
        self.network.load_state_dict(
            {k.removeprefix("network."): v for k, v in tensors.items() if k.startswith("network.")}
        )
        self.rows.data.copy_(tensors["rows"])
        state: dict[int, dict[str, Tensor]] = {}
        for name, tensor in tensors.items():
            if name.startswith("adam."):
                _, index, key = name.split(".")
                state.setdefault(int(index), {})[key] = tensor
        self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": state})

    def _set_rates(self, share: float) -> None:
        """A cosine from the rate to `final_rate` of it, after a short warm-up."""
        final = self.recipe.final_rate
        factor = final + (1 - final) * (1 + math.cos(math.pi * share)) / 2
        warm = min(1.0, (self.progress.step + 1) / WARM_UP_STEPS)
        for group in self.optimizer.param_groups:
            group["lr"] = group["base_rate"] * factor * warm

    def _styles(self, step: int) -> list[int]:
        """The style of each photo in the batch: every style in turn, so each is seen equally often."""
        first = step * self.recipe.batch
        return [(first + i) % len(self.names) for i in range(self.recipe.batch)]


def _inner(image: Tensor) -> Tensor:
    """(B, 3, H, W) without the margin that the losses do not see.

    The loss network pads with zeros, and what comes out best beside them is a frame; a network whose border
    is the losses' border learns to paint it.
    """
    return image[:, :, MARGIN:-MARGIN, MARGIN:-MARGIN]


def network_of(style: StyleFile) -> StyleNet:
    """The base of a style file, to train on."""
    network = StyleNet(Shape.of(style.network))
    network.load_state_dict({name: torch.from_numpy(t.astype("f4")) for name, t in style.network.items()})
    return network


def _placed(module: _Module, device: torch.device) -> _Module:
    """On its device, channels last: convolutions on a CPU are a third faster so."""
    return module.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]
