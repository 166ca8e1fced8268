"""What crosses between the balancer and a runner, as values and as frames.

Task       one photo of a batch, its style pinned by digest   balancer -> runner
Painting   one painted photo                                  runner -> balancer
Report     what a runner says of itself with every answer     runner -> balancer
Outcome    a Painting, or the error that came instead
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from runner.problems import from_problem
from runner.wire import Frame, WireError
from styles.contract import StyleOptions
from styles.errors import BadOption, PainterError
from styles.problems import to_problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One photo to be painted by a runner, which knows digests and no names."""

    digest: str  #: `sha256:…` of the style file
    image: bytes
    options: StyleOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Painting:
    """One painted photo; `seconds` is its share of the engine's time."""

    image: bytes
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a runner says of itself."""

    resident: frozenset[str] = frozenset()  #: digests of the styles in memory
    memory: int = 0  #: resident set, bytes
    batches: int = 0  #: painted since it started


Outcome = Painting | PainterError


def batch_to_frame(batch: Sequence[Task]) -> Frame:
    """A batch as the request `batch`: the tasks in the header, the photos as parts."""
    tasks = [{"digest": t.digest, "options": asdict(t.options)} for t in batch]
    return Frame({"op": "batch", "tasks": tasks}, [t.image for t in batch])


def frame_to_batch(frame: Frame) -> list[Task]:
    """The tasks of a request `batch`. Raises `WireError`."""
    try:
        return [
            Task(digest=t["digest"], image=image, options=StyleOptions(**t["options"]))
            for t, image in zip(frame.header["tasks"], frame.parts, strict=True)
        ]
    except (KeyError, TypeError, ValueError, BadOption) as error:
        raise WireError(f"a batch that makes no sense: {error}") from error


def outcomes_to_frame(outcomes: Sequence[Outcome], report: Report) -> Frame:
    """The answer to a batch: seconds or a problem for each task, an empty part where there is no picture."""
    lines = [
        {"seconds": o.seconds} if isinstance(o, Painting) else {"problem": to_problem(o)} for o in outcomes
    ]
    parts = [o.image if isinstance(o, Painting) else b"" for o in outcomes]
    return Frame({"outcomes": lines, "report": report_to_json(report)}, parts)


def frame_to_outcomes(frame: Frame, expected: int) -> list[Outcome]:
    """One outcome for each of `expected` tasks. Raises `WireError`."""
    try:
        lines = frame.header["outcomes"]
        if len(lines) != expected:
            raise WireError(f"{len(lines)} outcomes for {expected} tasks")
        return [_outcome(line, part) for line, part in zip(lines, frame.parts, strict=True)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WireError(f"an answer that makes no sense: {error}") from error


def _outcome(line: Mapping[str, Any], part: bytes) -> Outcome:
    if "seconds" in line:
        return Painting(image=part, seconds=float(line["seconds"]))
    error = from_problem(line["problem"])
    if error is None:
        raise WireError("an error that nobody knows")
    return error


def report_to_json(report: Report) -> dict[str, Any]:
    """A report as a JSON object."""
    return {"resident": sorted(report.resident), "memory": report.memory, "batches": report.batches}


def report_from_json(value: object) -> Report:
    """A report from a JSON object. Raises `WireError`."""
    try:
        fields = dict(value)  # type: ignore[call-overload]
        return Report(
            resident=frozenset(map(str, fields["resident"])),
            memory=int(fields["memory"]),
            batches=int(fields["batches"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WireError(f"a report that makes no sense: {error}") from error
