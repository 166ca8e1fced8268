"""Train styles from paintings: one base network and one row a painting.

A run lives in a folder: its state (see `checkpoint.py`), `log.jsonl` (a line every few steps) and
`preview-*.jpg`. A process that may write no file has a run without a folder, and saves it elsewhere.

The schedule follows the share of the budget that is used, in minutes or in steps. So a run on a busy machine
still ends with its learning rate run down.

A run begins from random weights, or from the styles of a base (`starting_styles.py`). With `Recipe.learn` the
base stays as it is and only the rows are fitted (Dumoulin et al. 2017, arXiv:1610.07629).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from styles.errors import BadOption
from styles.imaging.underpainting import underpainting_of
from styles.networks.precision import fast_type
from styles.networks.style_unet import StyleNetwork, StyleUNet
from styles.training import budget
from styles.training.checkpoint import TrainingCheckpoint, told
from styles.training.dataset import PhotoDataset
from styles.training.gpu.prefetch import Prefetch
from styles.training.held_out import MEASURED_CROP, MEASURED_SEED, held_out_crops
from styles.training.losses import Features
from styles.training.objective import Objective
from styles.training.recipe import Painting, Progress, Recipe
from styles.training.training_state import Learner

#: Name of the file that a run is resumed from.
STATE = "state.safetensors"
#: Steps in a row without a finite gradient that end a run: it would not recover.
MOST_DROPPED = 100
#: Second seed of the random pieces that the losses look at, so that they do not follow the crops.
PIECES = 2


class Trainer:
    """Hold one run: network and rows, their objective, and their progress."""

    def __init__(
        self,
        paintings: Mapping[str, Painting],
        photos: Sequence[Path],
        features: Features,
        folder: Path | None,
        recipe: Recipe,
        device: str = "cpu",
        network: StyleNetwork | None = None,
        *,
        held_out: int = 0,
        since: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        kept: bytes = b"",
    ) -> None:
        """Begin the run, or go on with the one in `folder`, or with the one that was `kept`, if any.

        `paintings` go by the name of the style; `network` is what training begins with. `held_out` photos
        will be measured within the budget, which counts from `since`, a time of `clock`. Without a folder
        `kept` are the bytes of a checkpoint.

        Raises `BadOption` when the folder holds a run of other paintings or of another recipe.
        """
        self._clock = clock
        self._ticked = clock() if since is None else since
        torch.manual_seed(recipe.seed)
        recipe = recipe.weighed(list(paintings.values()))
        self.recipe, self.folder, self.device = recipe, folder, torch.device(device)
        self.type = fast_type(self.device)
        self.names, self.held_out = list(paintings), held_out
        self.network = network or StyleUNet()
        #: The paintings' forms, by style, as its file keeps them; then as they are laid.
        self.kept_underpaintings = {name: each.kept_underpainting() for name, each in paintings.items()}
        self.underpaintings = [underpainting_of(kept) for kept in self.kept_underpaintings.values()]
        self.photos = PhotoDataset(photos, recipe.seed, recipe.photo_scale, self.underpaintings)
        self._batches = Prefetch(self.photos) if self.device.type == "cuda" else self.photos
        self.told = told(recipe, paintings, network)
        self.network.to(device=self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.network.requires_grad_(not recipe.learn)
        self.rows = nn.Parameter(self.network.neutral_row().repeat(len(self.names), 1).to(self.device))
        self.objective = Objective(
            features, recipe.weights, device=self.device, type=self.type, piece=recipe.piece
        )
        self.targets = [self.objective.target(p.picture, p.weight) for p in paintings.values()]
        self.learner = Learner(
            self.network, self.rows, rate=recipe.rate, row_rate=recipe.row_rate, type=self.type
        )
        self.progress = Progress(crop=recipe.side)
        self._dropped_in_a_row, self._fastest = 0, math.inf
        if state := self._kept(kept):
            state.require(self.names, self.told)
            state.restore(self.learner)
            self.progress = state.progress_for(recipe)

    def _kept(self, kept: bytes) -> TrainingCheckpoint | None:
        if self.folder is None:
            return TrainingCheckpoint.from_bytes(kept, self.learner.weights()) if kept else None
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / STATE
        return TrainingCheckpoint.read(file) if file.exists() else None

    @property
    def finished(self) -> bool:
        """Return whether the budget is used."""
        return self.progress.share >= 1

    def run(
        self,
        report: Callable[[Progress], None],
        *,
        save_seconds: float = 60.0,
        preview_seconds: float = 300.0,
        preview: Callable[[Trainer], None] | None = None,
        pause_seconds: float = math.inf,
        save: Callable[[Trainer], None] | None = None,
    ) -> None:
        """Step until the budget is used, or for `pause_seconds`; save, preview and report on the way.

        `save` takes the place of `Trainer.save`. The first step is saved at once: so a run is known to go on.
        """
        save = save or Trainer.save
        began = previewed = time.monotonic()
        saved = -math.inf
        while not self.finished and time.monotonic() - began < pause_seconds:
            self.step()
            report(self.progress)
            now = time.monotonic()
            if now - saved > save_seconds:
                save(self)
                saved = now
            if preview and now - previewed > preview_seconds:
                preview(self)
                previewed = now
        save(self)
        if preview:
            preview(self)

    def step(self) -> None:
        """Take one step, dropped where its gradient is not finite; raise `BadOption` after many of these."""
        started = self._clock()  # of the budget: on a busy machine a step takes less of it than of the wall's
        progress, recipe = self.progress, self.recipe
        photos = self._batches.batch(progress.step, recipe.batch, progress.crop)
        pieces = np.random.default_rng([recipe.seed, progress.step, PIECES])
        losses = self.losses(photos, self.photos.styles_of(progress.step, recipe.batch), pieces)
        factor = recipe.rate_factor(progress.step, progress.share)
        self._count(dropped=not self.learner.step(losses["total"], factor, progress.step))
        progress.step += 1
        values = torch.stack([value.detach() for value in losses.values()]).tolist()
        progress.losses = dict(zip(losses, values, strict=True))
        self._budget(self._clock() - started)

    def _count(self, *, dropped: bool) -> None:
        self.progress.dropped += dropped
        self._dropped_in_a_row = self._dropped_in_a_row + 1 if dropped else 0
        if self._dropped_in_a_row == MOST_DROPPED:
            raise BadOption(
                f"{MOST_DROPPED} steps in a row had no finite gradient, so nothing is learnt any more: "
                "try another picture of the painting, or a smaller --style-weight."
            )

    def _budget(self, step_seconds: float) -> None:
        """Count the time since the last step, and plan the rest by the fastest step so far."""
        progress, recipe = self.progress, self.recipe
        now = self._clock()
        progress.seconds += now - self._ticked
        self._ticked = now
        self._fastest = min(self._fastest, step_seconds)
        if recipe.steps is None:
            area = (MEASURED_CROP / progress.crop) ** 2 / recipe.batch
            a_pass = self._fastest * budget.PASS_SHARE * area
            styles, seconds = len(self.names), 60 * recipe.minutes
            progress.photos = budget.photos_to_measure(self.held_out, styles, a_pass, seconds)
            progress.reserve = budget.reserve(min(progress.photos, self.held_out), styles, a_pass)
            if recipe.learn and progress.step == budget.STEPS_TO_KNOW:
                left = seconds - progress.reserve - progress.seconds
                progress.crop = budget.crop_for(progress.crop, self._fastest, left)
        progress.share = recipe.progress(progress.step, progress.seconds, progress.reserve)

    def losses(
        self,
        photos: Tensor,
        styles: Sequence[int],
        pieces: np.random.Generator,
        *,
        alike: bool = False,
    ) -> dict[str, Tensor]:
        """Return the weighted total and its parts for photos (B, 3, H, W), each painted in its style.

        The photos have forms of their styles' paintings in them, which are content too. For `pieces` and
        `alike` see `Objective.losses`.
        """
        photos = photos.to(self.device, non_blocking=True)
        painted = self.paint(photos, self.rows[list(styles)])
        return self.objective.losses(painted, photos, [self.targets[i] for i in styles], pieces, alike=alike)

    def paint(self, photo: Tensor, rows: Tensor) -> Tensor:
        """photo (B, 3, H, W) in 0..1, rows (B, R) -> painted, of the same shape."""
        with torch.autocast(self.device.type, self.type, enabled=self.type != torch.float32):
            painted: Tensor = self.network(photo.contiguous(memory_format=torch.channels_last), rows)
        return painted

    def measure(self, files: Sequence[Path]) -> dict[str, dict[str, float]]:
        """Return the losses of each style over held-out photos, comparable between runs."""
        measured: dict[str, list[dict[str, Tensor]]] = {name: [] for name in self.names}
        with torch.no_grad(), self.learner.averaged():
            for number, crops in held_out_crops(files, self.underpaintings):
                for index, name in enumerate(self.names):
                    pieces = np.random.default_rng([MEASURED_SEED, number, PIECES])
                    measured[name].append(self.losses(crops[index, None], [index], pieces, alike=True))
        return {
            name: {key: float(torch.stack([p[key] for p in parts]).mean()) for key in parts[0]}
            for name, parts in measured.items()
        }

    def begin(self, name: str, row: Tensor) -> None:
        """Let a style begin from a row (R,)."""
        self.learner.begin(self.names.index(name), row)

    def save(self) -> None:
        """Write the state in one swap: see `TrainingCheckpoint.write`."""
        self.checkpoint().write()

    def checkpoint(self) -> TrainingCheckpoint:
        """Return the run as it is now."""
        return TrainingCheckpoint(
            names=self.names,
            progress=self.progress.kept,
            told=self.told,
            weights=self.learner.weights(),
            moments=self.learner.moments(),
            file=(self.folder or Path()) / STATE,
        )
