"""Trains styles from paintings: one base network and one row a painting.

A run lives in a folder: `state.safetensors` (network, rows and optimizer: see `checkpoint.py`), `log.jsonl`
(a line every few steps) and `preview-*.jpg`. The schedule follows the share of the budget that is used, in
minutes or in steps, so a run on a busy machine still ends with its learning rate run down.

A run begins from random weights, or from the styles of a base (`begin_nearest`). With `Recipe.learn` the
base stays as it is and only the rows are fitted (Dumoulin et al. 2017, arXiv:1610.07629).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from styles.errors import BadOption, NotAnImage
from styles.networks.style_unet import StyleNetwork, StyleUNet
from styles.training.checkpoint import TrainingCheckpoint, tensors_of, told
from styles.training.dataset import PhotoDataset
from styles.training.losses import (
    CONTENT_TAP,
    Features,
    content_loss,
    halve,
    painting_target,
    palette_loss,
    style_loss,
)
from styles.training.margins import UNCOMPARED, inner, inner_of, placed
from styles.training.pixel_losses import grid_loss, light_loss, variation_loss
from styles.training.recipe import Painting, Progress, Recipe

#: Early gradients reach norms of 30; longer ones are cut to this.
GRADIENT_NORM = 5.0
#: So many steps in a row without a finite gradient end a run: it would not recover.
MOST_DROPPED = 100
#: How held-out photos are cut, whatever the run's own crops and seed are.
MEASURED_CROP, MEASURED_SEED = 256, 1


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
        network: StyleNetwork | None = None,
    ) -> None:
        """`paintings` by the name of the style; `network` is what training begins with.

        Raises `BadOption` when the folder holds a run of other paintings, or one that was told otherwise.
        """
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.folder = folder
        self.device = torch.device(device)
        self.photos = PhotoDataset(photos, recipe.seed, recipe.photo_scale)
        self.names = list(paintings)
        self.network = placed(network or StyleUNet(), self.device).requires_grad_(not recipe.learn)
        self.rows = nn.Parameter(self.network.neutral_row().repeat(len(self.names), 1).to(self.device))
        self.features = placed(features, self.device).to(torch.bfloat16)
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
        self.told = told(recipe, paintings, network)
        self.progress = Progress()
        self._dropped_in_a_row = 0
        folder.mkdir(parents=True, exist_ok=True)
        if self.state_file.exists():
            state = TrainingCheckpoint.read(self.state_file)
            state.require(self.names, self.told)
            state.restore(self.network, self.rows, self.optimizer)
            self.progress = state.progress_for(recipe)

    @property
    def state_file(self) -> Path:
        """What the run is resumed from."""
        return self.folder / "state.safetensors"

    @property
    def finished(self) -> bool:
        """Whether the budget is used."""
        return self.progress.share >= 1

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
        while not self.finished:
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
        """One step of Adam, dropped where its gradient is not finite; raises `BadOption` after many."""
        started, progress = time.monotonic(), self.progress
        for group in self.optimizer.param_groups:
            group["lr"] = group["base_rate"] * self.recipe.rate_factor(progress.step, progress.share)
        crop = self.recipe.crop_at(progress.share)
        photo, grained = self.photos.batch(progress.step, self.recipe.batch, crop)
        losses = self.losses(photo, grained, self._styles(progress.step))
        self.optimizer.zero_grad(set_to_none=True)
        losses["total"].backward()  # type: ignore[no-untyped-call]
        self._follow_the_gradient()
        progress.step += 1
        progress.seconds += time.monotonic() - started
        progress.share = self.recipe.progress(progress.step, progress.seconds)
        progress.losses = {name: float(value.detach()) for name, value in losses.items()}

    def _follow_the_gradient(self) -> None:
        parameters = [p for p in (*self.network.parameters(), self.rows) if p.requires_grad]
        norm = nn.utils.clip_grad_norm_(parameters, GRADIENT_NORM)
        if torch.isfinite(norm):
            self.optimizer.step()
            self._dropped_in_a_row = 0
            return
        self.progress.dropped += 1
        self._dropped_in_a_row += 1
        if self._dropped_in_a_row == MOST_DROPPED:
            raise BadOption(
                f"{MOST_DROPPED} steps in a row had no finite gradient, so nothing is learnt any more: "
                "try another picture of the painting, or a smaller --style-weight."
            )

    def losses(
        self, photo: Tensor, grained: Tensor, styles: Sequence[int], *, alike: bool = False
    ) -> dict[str, Tensor]:
        """The weighted total and its parts for photos (B, 3, H, W), each painted in its style.

        `grained` is what the network is given, `photo` what content is compared with. `UNCOMPARED` pixels on
        each side are seen by the network and by the features, but are not compared.
        `alike`: the weight of each painting is taken to be 1.
        """
        weights = self.recipe.weights
        targets = [self.targets[i] for i in styles]
        counts = torch.tensor([1.0 if alike else t.weight for t in targets], device=self.device)
        whole = self.paint(grained.to(self.device), self.rows[list(styles)])
        painted = inner(whole)
        activations = inner_of(self.features(whole.to(torch.bfloat16)), UNCOMPARED)
        coarse = inner_of(self.features(halve(whole).to(torch.bfloat16)), UNCOMPARED // 2)
        with torch.no_grad():
            plain = photo.to(self.device, torch.bfloat16, memory_format=torch.channels_last)
            original = inner_of(self.features(plain, CONTENT_TAP + 1), UNCOMPARED)[CONTENT_TAP]
        content = content_loss(activations[CONTENT_TAP], original)
        style = style_loss(activations, [t.full for t in targets], counts)
        large = style_loss(coarse, [t.half for t in targets], counts)
        palette = palette_loss(painted, targets)
        light = light_loss(painted, inner(photo).to(self.device))
        variation, grid = variation_loss(painted), grid_loss(painted)
        total = (
            weights.content * content
            + weights.style * (style + weights.coarse * large)
            + weights.palette * palette
            + weights.light * light
            + weights.variation * variation
            + weights.grid * grid
        )
        parts = {"content": content, "style": style, "coarse": large, "palette": palette}
        return {"total": total, **parts, "light": light, "variation": variation, "grid": grid}

    def paint(self, photo: Tensor, rows: Tensor) -> Tensor:
        """photo (B, 3, H, W) in 0..1, rows (B, R) -> painted, of the same shape."""
        with torch.autocast(self.device.type, torch.bfloat16):
            painted: Tensor = self.network(photo.contiguous(memory_format=torch.channels_last), rows)
        return painted

    def measure(self, files: Sequence[Path]) -> dict[str, dict[str, float]]:
        """Losses of each style over held-out photos, each once, comparable between runs.

        Whatever the recipe, photos are cut the same way and paintings weigh 1; the unreadable are left out.
        """
        measured: dict[str, list[dict[str, Tensor]]] = {name: [] for name in self.names}
        with torch.no_grad():
            for number, file in enumerate(files):
                held_out = PhotoDataset([file], MEASURED_SEED, self.recipe.photo_scale)
                try:
                    batch = held_out.batch(number, 1, MEASURED_CROP)
                except NotAnImage:  # it is told by then, and `photos_in` saw that the first one can be read
                    continue
                for index, name in enumerate(self.names):
                    measured[name].append(self.losses(*batch, [index], alike=True))
        return {
            name: {key: float(torch.stack([p[key] for p in parts]).mean()) for key in parts[0]}
            for name, parts in measured.items()
        }

    def begin(self, name: str, row: Tensor) -> None:
        """Lets a style begin from a row (R,)."""
        with torch.no_grad():
            self.rows[self.names.index(name)] = row.to(self.device)

    def begin_nearest(self, name: str, rows: Sequence[Tensor]) -> None:
        """Lets a style begin from the one of some rows (R,) that paints its painting best as it is."""
        index = self.names.index(name)
        photo, grained = self.photos.batch(0, self.recipe.batch, self.recipe.crop_at(1))
        styles = [index] * self.recipe.batch

        def cost(row: Tensor) -> float:
            self.begin(name, row)
            with torch.no_grad():
                return float(self.losses(photo, grained, styles)["total"])

        self.begin(name, min(rows, key=cost))

    def save(self) -> None:
        """Writes the state in one swap: see `TrainingCheckpoint.write`."""
        TrainingCheckpoint(
            names=self.names,
            progress=self.progress.kept,
            told=self.told,
            tensors=tensors_of(self.network, self.rows, self.optimizer),
            file=self.state_file,
        ).write()

    def _styles(self, step: int) -> list[int]:
        """The style of each photo in the batch: every style in turn, so each is seen equally often."""
        first = step * self.recipe.batch
        return [(first + i) % len(self.names) for i in range(self.recipe.batch)]
