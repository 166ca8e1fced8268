"""Trains styles from paintings: one base network and one row a painting.

A run lives in a folder: `state.safetensors` (network, rows and optimizer, so that it goes on after a
kill exactly where it was last saved), `log.jsonl` (a line every few steps) and `preview-*.jpg`. The
schedule follows the share of the budget that is used, in minutes or in steps, so a run on a busy
machine still ends with its learning rate run down.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from styles.architecture import STRIDE, Shape
from styles.errors import NotAnImage
from styles.image import Pixels, decode
from styles.losses import (
    CONTENT_TAP,
    Features,
    Weights,
    content_loss,
    halve,
    painting_target,
    palette_loss,
    style_loss,
    variation_loss,
)
from styles.network import StyleNet

#: Every this many photos, sorted by name, one is kept out of training and only measured.
HELD_OUT_EVERY = 50
#: Early gradients reach norms of 30; longer ones are cut to this.
GRADIENT_NORM = 5.0
_Module = TypeVar("_Module", bound=nn.Module)
#: Photo file endings that `photos_in` takes.
PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a run trains; the defaults are what the shipped styles were trained with."""

    minutes: float | None = 120.0
    steps: int | None = None
    batch: int = 2
    crop: int = 256
    painting_side: int = 720  # short side of the painting, which sets how large its strokes come out
    photo_scale: tuple[float, float] = (0.64, 1.0)
    rate: float = 2e-3
    row_rate: float = 4e-3
    final_rate: float = 0.01  # of the rate, at the end of the cosine
    seed: int = 1
    weights: Weights = Weights()
    shape: Shape = Shape()

    def progress(self, steps: int, seconds: float) -> float:
        """Share of the budget that is used, 0..1."""
        if self.steps is not None:
            return min(1.0, steps / self.steps)
        return min(1.0, seconds / (60 * (self.minutes or 120.0)))


@dataclass(slots=True)
class Progress:
    """What a run can tell at any step."""

    step: int = 0
    seconds: float = 0.0
    share: float = 0.0
    dropped: int = 0
    losses: dict[str, float] = field(default_factory=dict)

    @property
    def seconds_left(self) -> float:
        """Estimated from the share used so far; infinite before the first step."""
        return self.seconds * (1 - self.share) / self.share if self.share else math.inf


class Photos:
    """Random crops of a folder of photos, the same ones for the same seed and step."""

    def __init__(self, files: Sequence[Path], recipe: Recipe) -> None:
        self.files = list(files)
        self.recipe = recipe

    def batch(self, step: int, crop: int) -> Tensor:
        """(B, 3, crop, crop) in 0..1."""
        random = np.random.default_rng([self.recipe.seed, step])
        return torch.cat([self._one(random, crop) for _ in range(self.recipe.batch)])

    def _one(self, random: np.random.Generator, crop: int) -> Tensor:
        file = self.files[random.integers(len(self.files))]
        return to_tensor(cut(decode(file.read_bytes()), random, crop, self.recipe.photo_scale))


def cut(pixels: Pixels, random: np.random.Generator, crop: int, scale: tuple[float, float]) -> Pixels:
    """A random square of a photo, reduced and mirrored at random: (crop, crop, 3)."""
    image = Image.fromarray(pixels)
    share = max(random.uniform(*scale), crop / min(image.size))
    width, height = (max(crop, round(side * share)) for side in image.size)
    left, top = random.integers(width - crop + 1), random.integers(height - crop + 1)
    x, y = image.width / width, image.height / height
    box = (left * x, top * y, (left + crop) * x, (top + crop) * y)
    square = image.resize((crop, crop), Image.Resampling.BICUBIC, box=box)
    if random.random() < 0.5:
        square = square.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return np.asarray(square)


def to_tensor(pixels: Pixels) -> Tensor:
    """(H, W, 3) uint8 -> (1, 3, H, W) float in 0..1."""
    return torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 255


def photos_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """(training, held out) photo files of a folder, by name. Raises `NotAnImage` if there are none."""
    files = sorted(f for f in folder.rglob("*") if f.suffix.lower() in PHOTO_SUFFIXES)
    if not files:
        raise NotAnImage(f"no photos in {folder}")
    if len(files) == 1:
        return files, files
    return [f for i, f in enumerate(files) if i % HELD_OUT_EVERY], files[::HELD_OUT_EVERY]


def load_painting(file: Path, short_side: int, crop: Sequence[float] = (0, 0, 1, 1)) -> Tensor:
    """A painting (1, 3, H, W) in 0..1, its border cut off and its short side `short_side` long."""
    image = Image.fromarray(decode(file.read_bytes()))
    box = (image.width * crop[0], image.height * crop[1], image.width * crop[2], image.height * crop[3])
    width, height = box[2] - box[0], box[3] - box[1]
    scale = short_side / min(width, height)
    size = (round(width * scale), round(height * scale))
    return to_tensor(np.asarray(image.resize(size, Image.Resampling.LANCZOS, box=box)))


class Trainer:
    """One run: holds the network, the rows and the optimizer, and steps them.

    `paintings` maps each style's name to its picture (1, 3, H, W) in 0..1.
    """

    def __init__(
        self,
        paintings: dict[str, Tensor],
        photos: Sequence[Path],
        features: Features,
        folder: Path,
        recipe: Recipe,
        device: str = "cpu",
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.folder = folder
        self.device = torch.device(device)
        self.photos = Photos(photos, recipe)
        self.names = list(paintings)
        self.network = _placed(StyleNet(recipe.shape), self.device)
        self.rows = nn.Parameter(self.network.neutral_row().repeat(len(self.names), 1).to(self.device))
        self.features = _placed(features, self.device).to(torch.bfloat16)
        self.targets = [
            painting_target(self.features, p.to(self.device, torch.bfloat16)) for p in paintings.values()
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
        crop = self.recipe.crop if progress.share >= 0.5 else self.recipe.crop * 3 // 4 // STRIDE * STRIDE
        photo = self.photos.batch(progress.step, crop).to(self.device)
        styles = self._styles(progress.step)
        losses = self.losses(photo, styles)
        self.optimizer.zero_grad(set_to_none=True)
        losses["total"].backward()  # type: ignore[no-untyped-call]
        parameters = [*self.network.parameters(), self.rows]
        norm = nn.utils.clip_grad_norm_(parameters, GRADIENT_NORM)
        if torch.isfinite(norm):
            self.optimizer.step()
        else:
            progress.dropped += 1
        progress.step += 1
        progress.seconds += time.monotonic() - started
        progress.share = self.recipe.progress(progress.step, progress.seconds)
        progress.losses = {name: float(value.detach()) for name, value in losses.items()}

    def losses(self, photo: Tensor, styles: Sequence[int]) -> dict[str, Tensor]:
        """The weighted total and its parts for photos (B, 3, H, W), each painted in its style."""
        weights = self.recipe.weights
        photo = photo.contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16):
            painted = self.network(photo, self.rows[list(styles)])
        targets = [self.targets[i] for i in styles]
        activations = self.features(painted.to(torch.bfloat16))
        coarse = self.features(halve(painted).to(torch.bfloat16))
        with torch.no_grad():
            original = self.features(photo.to(torch.bfloat16), CONTENT_TAP + 1)[CONTENT_TAP]
        content = content_loss(activations[CONTENT_TAP], original)
        style = style_loss(activations, [t.full for t in targets])
        large = style_loss(coarse, [t.half for t in targets])
        palette = palette_loss(painted, targets)
        variation = variation_loss(painted)
        total = (
            weights.content * content
            + weights.style * (style + weights.coarse * large)
            + weights.palette * palette
            + weights.variation * variation
        )
        parts = {"content": content, "style": style, "coarse": large, "palette": palette}
        return {"total": total, **parts, "variation": variation}

    def measure(self, files: Sequence[Path]) -> dict[str, dict[str, float]]:
        """Losses of each style over held-out photos, cut the same way every time."""
        held_out = Photos(files, self.recipe)
        photos = [held_out.batch(-1 - i & 0xFFFF, self.recipe.crop) for i in range(max(1, len(files) // 2))]
        measured = {}
        with torch.no_grad():
            for index, name in enumerate(self.names):
                parts = [self.losses(p.to(self.device), [index] * len(p)) for p in photos]
                measured[name] = {k: float(torch.stack([p[k] for p in parts]).mean()) for k in parts[0]}
        return measured

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
        if json.loads(metadata["names"]) != self.names:
            raise ValueError(f"{self.folder} holds a run of other paintings: {metadata['names']}")
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
        warm = min(1.0, (self.progress.step + 1) / 50)
        for group in self.optimizer.param_groups:
            group["lr"] = group["base_rate"] * factor * warm

    def _styles(self, step: int) -> list[int]:
        """The style of each photo in the batch: every style in turn, so each is seen equally often."""
        first = step * self.recipe.batch
        return [(first + i) % len(self.names) for i in range(self.recipe.batch)]


def _placed(module: _Module, device: torch.device) -> _Module:
    """On its device, channels last: convolutions on a CPU are a third faster so."""
    return module.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]
