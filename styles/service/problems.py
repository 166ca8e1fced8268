"""Convert errors to RFC 9457's problem details and back: plain JSON objects, for HTTP or a socket.

`type` names the class of `styles.errors`, `title` is the sentence for the person, `detail` is for engineers.
Other values of a class stand beside them. So do those that fill the placeholders of its `sentence`: with
them it can be said in the person's language.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import isfinite
from string import Formatter
from typing import Any

from styles.errors import (
    BalancerUnavailable,
    Busy,
    NotBlendable,
    PainterError,
    UnknownStyle,
    Unpaintable,
    ValuesNeeded,
)
from styles.learning_errors import LearningQueueFull

#: The media type of RFC 9457.
MEDIA_TYPE = "application/problem+json"
#: The beginning of `type`; the class's name follows.
PREFIX = "urn:mailbot:error:"


def to_problem(error: PainterError) -> dict[str, Any]:
    """Return the error as a JSON object."""
    problem: dict[str, Any] = {
        "type": PREFIX + type(error).__name__,
        "title": error.message,
        "status": error.status,
        "detail": error.detail or error.message,
    }
    problem |= {name: error.fields[name] for name in _placeholders(type(error)) & error.fields.keys()}
    if isinstance(error, UnknownStyle):
        problem |= {"near": list(error.near), "known": list(error.known)}
    if isinstance(error, Unpaintable):
        problem |= {"kills": error.kills}
    if isinstance(error, Busy):
        problem |= {"retry_after": error.retry_after}
    if isinstance(error, LearningQueueFull):
        problem |= {"place": error.place, "seconds_left": error.seconds_left}
    if isinstance(error, ValuesNeeded):
        problem |= {"inputs": [dict(one) for one in error.inputs]}
        problem |= {"upload": error.upload} if error.upload else {}
    return problem


def from_problem(problem: Mapping[str, Any]) -> PainterError:
    """Return the error that a JSON object describes.

    Raises ValueError where it is of no class of `styles.errors`.
    """
    name = str(problem.get("type", "")).removeprefix(PREFIX)
    kind = next((kind for kind in _below(PainterError) if kind.__name__ == name), None)
    title, detail = problem.get("title"), problem.get("detail")
    if kind is None or not isinstance(title, str):
        raise ValueError("an unknown error")
    error = kind.__new__(kind)  # the constructors differ, but all of them call this one
    PainterError.__init__(error, title, str(detail) if detail and detail != title else "")
    fields = {name: str(problem.get(name) or "") for name in _placeholders(kind)}
    if fields and all(fields.values()):
        error.template, error.fields = kind.sentence, fields
    if isinstance(error, UnknownStyle | NotBlendable):
        error.name = str(problem.get("name", ""))
    if isinstance(error, UnknownStyle):
        error.near = _strings(problem.get("near"))
        error.known = _strings(problem.get("known"))
    if isinstance(error, Unpaintable):
        error.kills = problem.get("kills") is True
    if isinstance(error, ValuesNeeded):
        inputs = problem.get("inputs")
        error.inputs = tuple(filter(_is_object, inputs)) if isinstance(inputs, list) else ()
        error.upload = str(problem.get("upload", ""))
    if isinstance(error, Busy):
        error.retry_after = _number(problem.get("retry_after"), 1.0)
    if isinstance(error, LearningQueueFull):
        error.place = int(_number(problem.get("place")))
        error.seconds_left = _number(problem.get("seconds_left"))
    return error


def error_in(answer: bytes, status: int) -> PainterError:
    """Return the error that a balancer answers, or `BalancerUnavailable` where it names no known one."""
    try:
        return from_problem(json.loads(answer))
    except (ValueError, AttributeError):  # no JSON, no object, or no known error
        return BalancerUnavailable(f"status {status} without a reason that is known")


def _below(kind: type[PainterError]) -> Iterator[type[PainterError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _below(child)


def _placeholders(kind: type[PainterError]) -> set[str]:
    """Return the names of the values that fill the sentence of a class."""
    parts = Formatter().parse(kind.sentence)
    return {name for _, name, _, _ in parts if name}


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _number(value: object, otherwise: float = 0.0) -> float:
    return float(value) if isinstance(value, int | float) and isfinite(value) else otherwise


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
