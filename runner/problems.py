"""Problem details read back as errors: from a runner, and from a balancer by its clients.

`styles.problems` writes them; here is the other direction, which knows every class of the error tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from styles.errors import Busy, PainterError, UnknownStyle
from styles.problems import PREFIX


def from_problem(problem: Mapping[str, Any]) -> PainterError | None:
    """The error that a JSON object tells of, or None where it is none of ours."""
    kind = _classes().get(str(problem.get("type", "")).removeprefix(PREFIX))
    title, detail = problem.get("title"), problem.get("detail")
    if kind is None or not isinstance(title, str):
        return None
    error = kind.__new__(kind)  # the constructors differ; what they all come down to is this
    PainterError.__init__(error, title, str(detail) if detail and detail != title else "")
    if isinstance(error, UnknownStyle):
        error.name = str(problem.get("name", ""))
        error.near = _strings(problem.get("near"))
        error.known = _strings(problem.get("known"))
    if isinstance(error, Busy):
        error.retry_after = _seconds(problem.get("retry_after"))
    return error


def _classes() -> dict[str, type[PainterError]]:
    return {kind.__name__: kind for kind in _below(PainterError)}


def _below(kind: type[PainterError]) -> Iterator[type[PainterError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _below(child)


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 1.0
