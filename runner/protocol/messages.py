"""Define the messages between the balancer and a runner, and encode them as frames.

Task          one photo of a batch, its styles by digest             balancer -> runner
StyleShare    one style of a task, a blend or a sheet
PaintedPhoto  one painted photo                                      runner -> balancer
Report        the state of a runner, with each answer                runner -> balancer
Outcome       a PaintedPhoto, or the error instead

While a large photo is painted, frames with `engine` say when the engine begins and ends a slice of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from runner.protocol.framing import Frame, WireError
from styles.contract import StyleOptions
from styles.errors import BadOption, PainterError
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

    parts: tuple[StyleShare, ...]  #: at least one
    image: bytes
    options: StyleOptions
    sheet: bool = False  #: a sheet is a batch of its own
    xmp: str = ""  #: packet that is put into the picture
    #: Painted in strips, beside other batches; a batch of its own. A photo of 50 megapixels takes up to 30 s
    #: on two cores and up to 2 GB.
    large: bool = False
    #: Pixels to which a large photo is reduced, so that it is painted in time; None: it is not.
    most_pixels: int | None = None

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
#: Fields of a painted photo in the header of a frame; its pictures are parts.
PAINTED = ("seconds", "loading", "pixels", "reduced_from")


def batch_to_frame(batch: Sequence[Task]) -> Frame:
    """Encode a batch as the request `batch`: tasks in the header, photos as parts."""
    return Frame({"op": "batch", "tasks": list(map(_task_line, batch))}, [t.image for t in batch])


def _task_line(task: Task) -> dict[str, Any]:
    line = {name: getattr(task, name) for name in ("sheet", "xmp", "large", "most_pixels")}
    return line | {"styles": list(map(_line, task.parts)), "options": _fields(task.options)}


def _line(part: StyleShare) -> dict[str, Any]:
    return {"digest": part.digest, "share": part.share, "label": _fields(part.label)}


def _fields(value: Any) -> dict[str, Any]:
    """Return plain fields as a JSON object. `dataclasses.asdict` copies deeply, and takes 20 us more."""
    return {name: getattr(value, name) for name in value.__slots__}


def frame_to_batch(frame: Frame) -> list[Task]:
    """Decode the tasks of a request `batch`. Raises `WireError`."""
    try:
        batch = [_task(line, image) for line, image in zip(frame.header["tasks"], frame.parts, strict=True)]
    except (KeyError, TypeError, ValueError, BadOption) as error:
        raise WireError(f"a batch that makes no sense: {error}") from error
    if len(batch) > 1 and any(task.sheet or task.large for task in batch):
        raise WireError("a sheet or a large photo that is not alone in its batch")
    return batch


def _task(line: Mapping[str, Any], image: bytes) -> Task:
    values = dict(line)
    parts = tuple(_part(**style) for style in values.pop("styles"))
    if not parts:
        raise WireError("a task without a style")
    return Task(parts=parts, image=image, options=StyleOptions(**values.pop("options")), **values)


def _part(*, digest: str, share: float, label: Mapping[str, str]) -> StyleShare:
    return StyleShare(digest=digest, share=float(share), label=Label(**label))


def outcomes_to_frame(outcomes: Sequence[Outcome], report: Report) -> Frame:
    """Encode the answer to a batch: seconds or a problem, and picture and preview, which may be empty."""
    lines: list[dict[str, Any]] = []
    parts: list[bytes] = []
    for outcome in outcomes:
        if isinstance(outcome, PaintedPhoto):
            lines.append({name: getattr(outcome, name) for name in PAINTED})
            parts += [outcome.image, outcome.preview]
        else:
            lines.append({"problem": to_problem(outcome)})
            parts += [b"", b""]
    return Frame({"outcomes": lines, "report": report_to_json(report)}, parts)


def frame_to_outcomes(frame: Frame, expected: int) -> list[Outcome]:
    """Decode one outcome for each of `expected` tasks. Raises `WireError`."""
    try:
        lines = frame.header["outcomes"]
        if len(lines) != expected:
            raise WireError(f"{len(lines)} outcomes for {expected} tasks")
        pairs = zip(frame.parts[::2], frame.parts[1::2], strict=True)
        return [_outcome(line, *pair) for line, pair in zip(lines, pairs, strict=True)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WireError(f"an answer that makes no sense: {error}") from error


def _outcome(line: Mapping[str, Any], image: bytes, preview: bytes) -> Outcome:
    if "seconds" in line:
        reduced = line.get("reduced_from")
        return PaintedPhoto(
            image=image,
            seconds=float(line["seconds"]),
            preview=preview,
            loading=float(line.get("loading", 0.0)),
            pixels=int(line.get("pixels", 0)),
            reduced_from=(int(reduced[0]), int(reduced[1])) if reduced else None,
        )
    error = from_problem(line["problem"])
    if error is None:
        raise WireError("an unknown error")
    return error


def slice_frame(*, begins: bool) -> Frame:
    """Encode that the engine begins a slice of a large photo, or has ended it."""
    return Frame({"engine": begins})


def report_to_json(report: Report) -> dict[str, Any]:
    """Return a report as a JSON object."""
    return asdict(report) | {"resident": sorted(report.resident)}


def report_from_json(value: object) -> Report:
    """Read a report from a JSON object, whose version may be older or newer.

    Raises `WireError`.
    """
    try:
        fields = dict(value)  # type: ignore[call-overload]
        return Report(
            resident=frozenset(map(str, fields["resident"])),
            memory=int(fields["memory"]),
            batches=int(fields["batches"]),
            loads=int(fields.get("loads", 0)),
            evictions=int(fields.get("evictions", 0)),
            large=bool(fields.get("large", False)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WireError(f"a report that makes no sense: {error}") from error
