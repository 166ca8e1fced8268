"""A fleet in memory that paints by inverting bytes and fails when a photo tells it to.

A photo that begins with

    DIE      takes its runner along, with the whole batch
    BAD      is not an image
    LOST     finds that its style's blob cannot be had
    BUG      makes the fleet itself raise

While `gate` is cleared every batch waits in its runner's hands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from runner.fleet.fleet import NotDelivered, RunnerState, State
from runner.protocol.messages import Outcome, PaintedPhoto, Report, StyleShare, Task
from styles.contract import ResolvedStyle, StyleJob, StyleOptions, StyleSummary
from styles.errors import NotAnImage, RegistryUnavailable, RunnerDied, UnknownStyle


def a_style(name: str = "mosaic", base: str = "base", version: int = 1) -> ResolvedStyle:
    """A resolved style whose digest tells its name and version."""
    return ResolvedStyle(
        name=name,
        version=version,
        digest=f"sha256:{name}-{version}",
        base=base,
        format="safetensors",
        architecture="style-unet",
        bytes=1,
    )


def a_job(id: str = "1", image: bytes = b"photo", **fields: object) -> StyleJob:
    """A job; `size` is its option, the other fields are a job's own."""
    options = StyleOptions(size=fields.pop("size", 1024))  # type: ignore[arg-type]
    values: dict[str, object] = {"style": "mosaic", "options": options, **fields}
    return StyleJob(id=id, image=image, **values)  # type: ignore[arg-type]


def a_task(digest: str, image: bytes = b"photo", **options: object) -> Task:
    """A photo in one style."""
    return Task(parts=(StyleShare(digest=digest),), image=image, options=StyleOptions(**options))  # type: ignore[arg-type]


def a_large_task(digest: str, image: bytes = b"photo", most_pixels: int | None = None) -> Task:
    """A large photo in one style."""
    options = StyleOptions(size=8192)
    parts = (StyleShare(digest=digest),)
    return Task(parts=parts, image=image, options=options, large=True, most_pixels=most_pixels)


def inverted(image: bytes) -> bytes:
    """What a photo looks like, painted."""
    return bytes(255 - byte for byte in image)


#: What every preview looks like.
PREVIEW = b"preview"


class ScriptedFleet:
    """Runners `r0`, `r1`, … that are up at once."""

    def __init__(self, runners: int = 1) -> None:
        self._states = {
            f"r{i}": RunnerState(
                name=f"r{i}", device="cpu", pid=None, state="ready", restarts=0, report=Report()
            )
            for i in range(runners)
        }
        self._changed: Callable[[], None] = lambda: None
        self.gate = asyncio.Event()
        self.gate.set()
        self.batches: list[tuple[str, list[Task]]] = []  #: what came, in order
        self.arrived = asyncio.Event()  #: set whenever a batch comes
        self.warmed: list[str] = []  #: digests that went live, in order
        self.not_delivered = 0  #: so many batches find their runner gone
        self.restarted = 0  #: so often fresh runners were asked for
        self.is_shut_down = False

    @property
    def painted(self) -> list[list[bytes]]:
        """The photos of each batch that came."""
        return [[task.image for task in batch] for _, batch in self.batches]

    async def startup(self, changed: Callable[[], None]) -> None:
        """Everything is up already."""
        self._changed = changed

    def runners(self) -> list[RunnerState]:
        """All of them."""
        return list(self._states.values())

    def set(self, name: str, state: State, resident: Sequence[str] = ()) -> None:
        """Puts a runner into a state, and what it holds."""
        report = Report(resident=frozenset(resident))
        self.put(replace(self._states[name], state=state, report=report))

    def put(self, runner: RunnerState) -> None:
        """This is what the runner of that name is like now."""
        self._states[runner.name] = runner
        self._changed()

    def drop(self, name: str) -> None:
        """A runner is no more."""
        del self._states[name]
        self._changed()

    async def run(self, runner: str, batch: Sequence[Task]) -> list[Outcome]:
        """Does what the photos say."""
        self.batches.append((runner, list(batch)))
        self.arrived.set()
        if self.not_delivered:
            self.not_delivered -= 1
            raise NotDelivered("gone")
        await self.gate.wait()
        await asyncio.sleep(0)
        if any(task.image.startswith(b"DIE") for task in batch):
            raise RunnerDied("told so")
        if any(task.image.startswith(b"BUG") for task in batch):
            raise ZeroDivisionError
        return [_outcome(task) for task in batch]

    def warm(self, digest: str) -> None:
        """Only takes note."""
        self.warmed.append(digest)

    def restart(self) -> None:
        """Only takes note."""
        self.restarted += 1

    async def shutdown(self) -> None:
        """Nothing is left to end."""
        self.is_shut_down = True


def _outcome(task: Task) -> Outcome:
    if task.image.startswith(b"BAD"):
        return NotAnImage("told so")
    if task.image.startswith(b"LOST"):
        return RegistryUnavailable("told so")
    preview = PREVIEW if task.options.preview else b""
    return PaintedPhoto(image=inverted(task.image), seconds=0.25, preview=preview)


class Shelf:
    """A resolver that knows the styles it is given."""

    def __init__(self, *styles: ResolvedStyle) -> None:
        self.styles = {style.name: style for style in styles or (a_style(),)}
        self.asked = 0
        self.open = asyncio.Event()  #: while it is cleared, nobody is answered
        self.open.set()

    async def resolve(self, name: str) -> ResolvedStyle:
        """From the shelf."""
        self.asked += 1
        await asyncio.sleep(0)
        await self.open.wait()
        if name not in self.styles:
            raise UnknownStyle(name, near=["mosaic"], known=sorted(self.styles))
        return self.styles[name]

    async def live(self) -> list[StyleSummary]:
        """What is on it, in the order in which it was put there."""
        return [
            StyleSummary(name=name, title=name.title(), aliases={"live": style.version})
            for name, style in self.styles.items()
        ]

    async def summaries(self, names: Sequence[str]) -> Sequence[StyleSummary]:
        """What is on it of these."""
        return [style for style in await self.live() if style.name in names]
