"""Keep a training run in its folder, so that it goes on after a kill or a power cut as if nothing had been.

    state.safetensors          network, rows, and in its metadata everything else
    moments-STEP.safetensors   what the optimizers and the average remember, of the same step

Two files, so that each stays small enough to be carried. A run goes on with what it has learnt, so nothing
that it learnt by may change between; only its budget may.

A run that only fits rows is kept in some tens of kB without its network, as `to_bytes` makes them. A process
that may write no file hands them to its parent.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save, save_file
from torch import Tensor, nn

from styles.errors import BadOption
from styles.service.archive import sync_folder
from styles.training.recipe import Painting, Progress, Recipe
from styles.training.training_state import Learner

#: Digits of a digest that are kept and shown; two pictures share them once in 10^14.
DIGEST_DIGITS = 12
#: What to do where a folder holds another run; the end of several messages.
ANOTHER = "Give the run another folder by --run, or remove that one."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingCheckpoint:
    """Hold a run at one step, as its files do."""

    names: list[str]  #: of the styles, in the order of the rows
    progress: Mapping[str, Any]  #: `Progress.kept`
    told: Mapping[str, str]  #: the conditions of the run, see `told`
    weights: Mapping[str, Tensor]  #: `Learner.weights`
    moments: Mapping[str, Tensor]  #: `Learner.moments`
    file: Path  #: state.safetensors

    @classmethod
    def read(cls, file: Path) -> TrainingCheckpoint:
        """Read it onto the CPU. Raises `BadOption` when a file is broken or missing."""
        try:
            weights, metadata = _read(file)
            told = {key: json.loads(metadata[key]) for key in ("names", "progress", "told")}
            moments, _ = _read(_moments_file(file, told["progress"]["step"]))
            return cls(weights=weights, moments=moments, file=file, **told)
        except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
            raise BadOption(f"{file} is broken, so the run cannot go on. {ANOTHER}", str(error)) from error

    @classmethod
    def from_bytes(cls, content: bytes, weights: Mapping[str, Tensor]) -> TrainingCheckpoint:
        """Read what `to_bytes` made; `weights` has the network. Raises `BadOption` for broken bytes."""
        try:
            length = int.from_bytes(content[:8], "little")
            metadata = json.loads(content[8 : 8 + length])["__metadata__"]
            facts = {key: json.loads(metadata[key]) for key in ("names", "progress", "told")}
            tensors = load(content)
            rows = {**weights, "rows": tensors.pop("rows")}
            return cls(weights=rows, moments=tensors, file=Path(), **facts)
        except (SafetensorError, ValueError, KeyError, TypeError) as error:
            raise BadOption("The checkpoint is broken, so the run cannot go on.", str(error)) from error

    def to_bytes(self) -> bytes:
        """Return the rows with their moments, and all facts, but no network."""
        tensors = {"rows": self.weights["rows"], **self.moments}
        return save({name: t.cpu().contiguous() for name, t in tensors.items()}, self._metadata())

    def _metadata(self) -> dict[str, str]:
        return {key: json.dumps(getattr(self, key)) for key in ("names", "progress", "told")}

    def write(self) -> None:
        """Write the moments of this step, swap the state in, then remove the moments of other steps.

        Each is on the disk before the next begins: a power cut leaves one whole step.
        """
        moments = _moments_file(self.file, self.progress["step"])
        _write(moments, self.moments, {})
        _write(self.file, self.weights, self._metadata())
        for other in self.file.parent.glob("moments-*.safetensors"):
            if other != moments:
                other.unlink()

    def require(self, names: list[str], told: Mapping[str, str]) -> None:
        """Raise `BadOption` with the first thing in which the run that is asked for is another."""
        holds = f"{self.file.parent} holds a run"
        if self.names != names:
            raise BadOption(f"{holds} of other paintings ({', '.join(self.names)}). {ANOTHER}")
        for what, now in told.items():
            then = self.told.get(what, now)
            if then != now:
                raise BadOption(f"{holds} whose {what} was {then}; now it is {now}. {ANOTHER}")

    def restore(self, learner: Learner) -> None:
        """Put everything back in its place. Raises `BadOption` when it has another shape."""
        try:
            learner.restore(self.weights, self.moments)
        except (RuntimeError, LookupError) as error:
            where = self.file.parent
            raise BadOption(f"{where} holds a run of another network. {ANOTHER}", str(error)) from error

    def progress_for(self, recipe: Recipe) -> Progress:
        """Return how far the run is, by the budget of `recipe`, which may be another than before.

        Raises `BadOption` when that is used while the one before was not: the rate would not be run down.
        """
        progress = Progress(**self.progress)
        whole = progress.share >= 1
        progress.share = recipe.progress(progress.step, progress.seconds, progress.reserve)
        if progress.share >= 1 and not whole:
            raise BadOption(
                f"The run in {self.file.parent} has taken {progress.step} steps, {progress.seconds / 60:.1f} "
                "minutes, and is not finished: give it more than that by --minutes or --steps, in which its "
                "learning rate can run down."
            )
        return progress


def told(recipe: Recipe, paintings: Mapping[str, Painting], base: nn.Module | None) -> dict[str, str]:
    """Return every condition of the result as text: the recipe without its budget, paintings, base."""
    facts = asdict(recipe)
    weights = facts.pop("weights")
    del facts["minutes"], facts["steps"], facts["least_steps"]
    said: dict[str, Any] = {"command": "learn" if facts.pop("learn") else "train"}
    said["base to begin from"] = _digest(*base.state_dict().values()) if base else "random weights"
    for name, painting in paintings.items():
        said[f"picture of {name} (its file, size and crop)"] = _digest(painting.picture)
        said[f"style weight of {name}"] = painting.weight
        said[f"forms of {name}"] = tuple(painting.forms)
        said[f"patch of {name}"] = painting.patch or "not said"
    said |= {key.replace("_", " "): value for key, value in facts.items()}
    said |= {f"weight of the loss {key}": value for key, value in weights.items()}
    return {what: str(value) for what, value in said.items()}


def _digest(*tensors: Tensor) -> str:
    digest = hashlib.sha256()
    for tensor in tensors:
        digest.update(f"{tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:DIGEST_DIGITS]


def _moments_file(state: Path, step: int) -> Path:
    return state.with_name(f"moments-{step:07d}.safetensors")


def _read(file: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    with safe_open(file, "pt") as opened:
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - no dict
        return tensors, opened.metadata() or {}


def _write(file: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str]) -> None:
    """Write a file beside its old self, and swap it in when it is on the disk."""
    temporary = file.with_suffix(".partial")
    save_file({name: tensor.cpu().contiguous() for name, tensor in tensors.items()}, temporary, metadata)
    with temporary.open("rb") as written:
        os.fsync(written.fileno())
    temporary.replace(file)
    sync_folder(file.parent)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make a run's folder and keep others out of it. Raises `BadOption` where one trains already."""
    folder.mkdir(parents=True, exist_ok=True)
    with _opened(folder) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # closing it, or dying, lets go of it
        except BlockingIOError as error:
            raise BadOption(
                f"A run is training in {folder} already: wait for its end, or name another folder by --run."
            ) from error
        yield


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def cut_back(log: Path, step: int) -> None:
    """Take the lines of later steps out of a log, and one that a kill cut off."""
    if log.exists():
        lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
        log.write_text("".join(line for line in lines if _step(line) <= step), encoding="utf-8")


def _step(line: str) -> float:
    try:
        return int(json.loads(line)["step"])
    except ValueError:
        return float("inf")
