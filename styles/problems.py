"""Errors as RFC 9457's problem details: plain JSON objects, for whoever answers over HTTP or a socket.

`type` names the class of `styles.errors`, `title` is the sentence for the person, `detail` is for
engineers, and what else a class carries stands beside them.
"""

from __future__ import annotations

from typing import Any

from styles.errors import Busy, PainterError, UnknownStyle

#: The media type of RFC 9457.
MEDIA_TYPE = "application/problem+json"
#: What `type` begins with; the class's name follows.
PREFIX = "urn:mailbot:error:"


def to_problem(error: PainterError) -> dict[str, Any]:
    """The error as a JSON object."""
    problem: dict[str, Any] = {
        "type": PREFIX + type(error).__name__,
        "title": error.message,
        "status": error.status,
        "detail": error.detail or error.message,
    }
    if isinstance(error, UnknownStyle):
        problem |= {"name": error.name, "near": list(error.near), "known": list(error.known)}
    if isinstance(error, Busy):
        problem |= {"retry_after": error.retry_after}
    return problem
