"""What a training run is kept in, so that it goes on after a kill or a power cut as if nothing had been.

    TrainingCheckpoint     the run at one step: written in one swap, read back, refused where it is another
                           run's
    tensors_of   network, rows and optimizer as named tensors
    told         what a run is told at its first step and goes by to its last
    locked       one run at a time in a folder
    cut_back     the log without the steps that are taken anew

A run goes on with what it has learnt, so nothing that it learnt by may change between; only its budget may.
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

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from styles.errors import BadOption
from styles.training.recipe import Painting, Progress, Recipe

#: Of a digest, what is kept and shown; two pictures share it once in 10^14.
DIGEST_DIGITS = 12
ANOTHER = "Give the run another folder by --run, or remove that one."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingCheckpoint:
    """A run at one step: what its file holds."""

    names: list[str]  #: of the styles, in the order of the rows
    progress: Mapping[str, Any]  #: `Progress.kept`
    told: Mapping[str, str]  #: see `told`; files from before it was kept have nothing here
    tensors: Mapping[str, Tensor]  #: see `tensors_of`
    file: Path

    @classmethod
    def read(cls, file: Path) -> TrainingCheckpoint:
        """Onto the CPU. Raises `BadOption` when the file is broken."""
        try:
            with safe_open(file, "pt") as opened:
                tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - no dict
                metadata = {key: json.loads(value) for key, value in opened.metadata().items()}
            return cls(
                names=metadata["names"],
                progress=metadata["progress"],
                told=metadata.get("told", {}),
                tensors=tensors,
                file=file,
            )
        except (SafetensorError, ValueError, KeyError, AttributeError) as error:
            raise BadOption(f"{file} is broken, so the run cannot go on. {ANOTHER}", str(error)) from error

    def write(self) -> None:
        """Beside its old self, swapped in when it is on the disk: a power cut leaves one of the two."""
        temporary = self.file.with_suffix(".partial")
        metadata = {key: json.dumps(getattr(self, key)) for key in ("names", "progress", "told")}
        save_file({name: tensor.contiguous() for name, tensor in self.tensors.items()}, temporary, metadata)
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(self.file)
        with _opened(self.file.parent) as folder:
            os.fsync(folder)

    def require(self, names: list[str], told: Mapping[str, str]) -> None:
        """Raises `BadOption` with the first thing in which the run that is asked for is another."""
        holds = f"{self.file.parent} holds a run"
        if self.names != names:
            raise BadOption(f"{holds} of other paintings ({', '.join(self.names)}). {ANOTHER}")
        for what, now in told.items():
            then = self.told.get(what, now)
            if then != now:
                raise BadOption(f"{holds} whose {what} was {then}; now it is {now}. {ANOTHER}")

    def restore(self, network: nn.Module, rows: Tensor, optimizer: Optimizer) -> None:
        """Puts everything back in its place. Raises `BadOption` when it has another shape."""
        inside = {k.removeprefix("network."): v for k, v in self.tensors.items() if k.startswith("network.")}
        try:
            network.load_state_dict(inside)
            rows.data.copy_(self.tensors["rows"])
            _set_adam(optimizer, self.tensors)
        except (RuntimeError, LookupError) as error:
            where = self.file.parent
            raise BadOption(f"{where} holds a run of another network. {ANOTHER}", str(error)) from error

    def progress_for(self, recipe: Recipe) -> Progress:
        """How far the run is, by the budget of `recipe`, which may be another than before.

        Raises `BadOption` when that is used while the one before was not: the rate would not be run down.
        Files from before `told` was kept are taken as they are.
        """
        progress = Progress(**self.progress)
        whole = progress.share >= 1 or not self.told
        progress.share = recipe.progress(progress.step, progress.seconds)
        if progress.share >= 1 and not whole:
            raise BadOption(
                f"The run in {self.file.parent} has taken {progress.step} steps, {progress.seconds / 60:.1f} "
                "minutes, and is not finished: give it more than that by --minutes or --steps, in which its "
                "learning rate can run down."
            )
        return progress


def told(recipe: Recipe, paintings: Mapping[str, Painting], base: nn.Module | None) -> dict[str, str]:
    """All that decides what is learnt, in words: the recipe but for its budget, the paintings, the base."""
    facts = asdict(recipe)
    weights = facts.pop("weights")
    del facts["minutes"], facts["steps"]
    said: dict[str, Any] = {"command": "learn" if facts.pop("learn") else "train"}
    said["base to begin from"] = _digest(*base.state_dict().values()) if base else "random weights"
    for name, painting in paintings.items():
        said[f"picture of {name} (its file, size and crop)"] = _digest(painting.picture)
        said[f"style weight of {name}"] = painting.weight
    said |= {key.replace("_", " "): value for key, value in facts.items()}
    said |= {f"weight of the loss {key}": value for key, value in weights.items()}
    return {what: str(value) for what, value in said.items()}


def _digest(*tensors: Tensor) -> str:
    digest = hashlib.sha256()
    for tensor in tensors:
        digest.update(f"{tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:DIGEST_DIGITS]


def tensors_of(network: nn.Module, rows: Tensor, optimizer: Optimizer) -> dict[str, Tensor]:
    """network.PARAMETER, rows (N, R), and of Adam adam.INDEX.step, .exp_avg and .exp_avg_sq."""
    tensors = {f"network.{key}": tensor for key, tensor in network.state_dict().items()}
    tensors["rows"] = rows.detach()
    for index, state in optimizer.state_dict()["state"].items():
        tensors |= {f"adam.{index}.{key}": torch.as_tensor(value) for key, value in state.items()}
    return tensors


def _set_adam(optimizer: Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """The moments go to each parameter's device, in its order of memory (channels last).

    `step` stays on the CPU: on a GPU every step would wait for it, once a parameter.
    """
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    states: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("adam."):
            _, number, key = name.split(".")
            like = parameters[int(number)].detach()
            value = tensor if key == "step" else torch.empty_like(like).copy_(tensor)
            states.setdefault(int(number), {})[key] = value
    optimizer.load_state_dict({**optimizer.state_dict(), "state": states})


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Makes a run's folder and keeps others out of it. Raises `BadOption` where one trains already."""
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
    """Takes the lines of later steps out of a log, and one that a kill cut off."""
    if log.exists():
        lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
        log.write_text("".join(line for line in lines if _step(line) <= step), encoding="utf-8")


def _step(line: str) -> float:
    try:
        return int(json.loads(line)["step"])
    except ValueError:
        return float("inf")
