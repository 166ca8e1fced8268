"""Define the messages between the balancer and a runner, and encode them as frames.

Task          one photo of a batch, its styles by digest             balancer -> runner
StyleShare    one style of a task, a blend or a sheet
PaintedPhoto  one painted photo                                      runner -> balancer
Report        the state of a runner, with each answer                runner -> balancer
Outcome       a PaintedPhoto, or the error instead

While a large photo is painted, frames with `engine` say when the engine begins and ends a slice of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec

from runner.protocol.framing import Frame, WireError
from styles.contract import StyleOptions
from styles.errors import PainterError
from styles.service.problems import from_problem, to_problem

#: Batches that a runner may hold at once. It paints one and meanwhile decodes the photos of the other. A
#: third would only wait where no other runner can take it over.
CREDITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Hold the label of a painting on a sheet."""

    name: str = ""
    title: str = ""
    artist: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleShare:
    """Hold one style of a task; runners know digests and no names."""

    digest: str  #: `sha256:…` of the style file
    share: float = 1.0  #: of a blend; all shares sum to 1
    label: Label = Label()  #: on a sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Hold one photo to paint: in one style, in a blend, or in each style of a sheet."""

    parts: Annotated[tuple[StyleShare, ...], msgspec.Meta(min_length=1)]
    image: bytes
    options: StyleOptions
    sheet: bool = False  #: a sheet is a batch of its own
    xmp: str = ""  #: packet that is put into the picture
    #: Painted in strips, beside other batches; a batch of its own. A photo of 50 megapixels takes up to 30 s
    #: on two cores and up to 2 GB.
    large: bool = False
    #: Pixels to which a large photo is reduced, so that it is painted in time; None: it is not.
    most_pixels: int | None = None
    trace: str = ""  #: as in the job

    @property
    def digests(self) -> frozenset[str]:
        """Digests of the style files."""
        return frozenset(part.digest for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintedPhoto:
    """Hold one painted photo; `seconds` is its decoding, its share of the painting, and its encoding."""

    image: bytes
    seconds: float
    preview: bytes = b""  #: a smaller JPEG, where one was asked for
    #: Seconds that the styles of its whole batch took to load, as far as they delayed it.
    loading: float = field(default=0.0, compare=False)
    pixels: int = 0  #: of a large photo, as it was painted; else 0
    #: Width and height that a photo was asked for, where it was reduced to be painted in time.
    reduced_from: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Describe the state of a runner."""

    resident: frozenset[str] = frozenset()  #: digests of the styles in memory
    memory: int = 0  #: resident set, bytes
    batches: int = 0  #: batches painted since it started
    loads: int = 0  #: styles loaded since then
    evictions: int = 0  #: styles dropped since then to make room
    large: bool = False  #: whether it holds a large photo, which takes memory until it is painted


Outcome = PaintedPhoto | PainterError


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn what a message of another shape raises while it is read into `WireError`."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, msgspec.ValidationError, PainterError) as error:
        raise WireError(f"{what} that makes no sense: {error}") from error


def to_plain(value: Task | PaintedPhoto | Report) -> dict[str, Any]:
    """Return the fields as a JSON object, with sets sorted; pictures stay bytes."""
    plain: dict[str, Any] = msgspec.to_builtins(value, builtin_types=(bytes,), order="deterministic")
    return plain


def batch_to_frame(batch: Sequence[Task]) -> Frame:
    """Encode a batch as the request `batch`: tasks in the header, photos as parts."""
    lines = [to_plain(task) for task in batch]
    return Frame({"op": "batch", "tasks": lines}, [line.pop("image") for line in lines])


def frame_to_batch(frame: Frame) -> list[Task]:
    """Decode the tasks of a request `batch`. Raises `WireError`."""
    with reading("a batch"):
        pairs = zip(frame.header["tasks"], frame.parts, strict=True)
        batch = [msgspec.convert(line | {"image": image}, Task) for line, image in pairs]
    if json.dumps(batch_to_frame(batch).header["tasks"]) != json.dumps(frame.header["tasks"]):
        raise WireError("a batch with fields that are missing or unknown")
    if len(batch) > 1 and any(task.sheet or task.large for task in batch):
        raise WireError("a sheet or a large photo that is not alone in its batch")
    return batch


def outcomes_to_frame(outcomes: Sequence[Outcome], report: Report) -> Frame:
    """Encode the answer to a batch: seconds or a problem, and picture and preview, which may be empty."""
    lines: list[dict[str, Any]] = [
        to_plain(o) if isinstance(o, PaintedPhoto) else {"problem": to_problem(o)} for o in outcomes
    ]
    parts: list[bytes] = [line.pop(picture, b"") for line in lines for picture in ("image", "preview")]
    return Frame({"outcomes": lines, "report": to_plain(report)}, parts)


def frame_to_outcomes(frame: Frame, expected: int) -> list[Outcome]:
    """Decode one outcome for each of `expected` tasks. Raises `WireError`."""
    with reading("an answer"):
        lines = frame.header["outcomes"]
        if len(lines) != expected:
            raise WireError(f"{len(lines)} outcomes for {expected} tasks")
        pairs = zip(frame.parts[::2], frame.parts[1::2], strict=True)
        return [_outcome(line, *pair) for line, pair in zip(lines, pairs, strict=True)]


def _outcome(line: dict[str, Any], image: bytes, preview: bytes) -> Outcome:
    if "seconds" in line:
        return msgspec.convert(line | {"image": image, "preview": preview}, PaintedPhoto)
    return from_problem(line["problem"])


def slice_frame(*, begins: bool) -> Frame:
    """Encode that the engine begins a slice of a large photo, or has ended it."""
    return Frame({"engine": begins})


def report_from_json(value: object) -> Report:
    """Read a report from a JSON object, whose version may be older or newer.

    Raises `WireError`.
    """
    if not value:
        raise WireError("an answer without a report")
    with reading("a report"):
        return msgspec.convert(value, Report)
