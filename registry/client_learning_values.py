"""Hold requests to learn a style and the registry's answers, for `client_learning.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from styles.canvas.quadrilateral import WHOLE
from styles.errors import BalancerUnavailable, PainterError, Permanent
from styles.service.problems import from_problem
from styles.service.sanitize import plain

LearningState = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintingToLearn:
    """Describe a painting to learn from; with a `photo`, that photo is painted exactly like it."""

    painting: bytes
    key: str  #: of the request: the same key begins one job, however often it is sent
    name: str = ""
    title: str = ""
    artist: str = ""
    minutes: float = 0.0  #: 0 is the balancer's own choice
    photo: bytes = b""
    address: str = ""  #: of the author, if the bot asks
    corners: str = ""  #: JSON [[x, y]*4], or "" to have them found

    @property
    def fields(self) -> dict[str, str]:
        """The fields of the form that are given."""
        names = ("name", "title", "artist", "address", "key", "corners")
        given = {name: str(getattr(self, name)) for name in names}
        if self.minutes:
            given["minutes"] = f"{self.minutes:g}"
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningStatus:
    """Describe how far a job is."""

    id: str
    name: str
    state: LearningState
    phase: str = ""
    share: float = 0.0  #: of the work, 0 to 1
    seconds_left: float | None = None
    position: int = 0  #: jobs before it
    previews: int = 0  #: pictures of the way so far
    problem: PainterError | None = None  #: why it failed
    steps: float = 0.0
    minutes: float = 0.0
    is_seen: bool = True  #: somebody has looked for the painting in the picture
    is_whole: bool = False  #: no painting was found in the picture, so all of it is learnt from

    @property
    def place(self) -> int:
        """Its place among those that wait, from 1; 0 once its turn has come."""
        return self.position + 1 if self.state == "queued" else 0

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> LearningStatus:
        """Build a status from JSON. Raises KeyError, TypeError, ValueError or AttributeError."""
        summary, left = values.get("summary") or {}, values.get("seconds_left")
        if values["state"] not in ("queued", "running", "done", "failed", "cancelled"):
            raise ValueError("an unknown state")
        return cls(
            id=str(values["id"]),
            name=plain(values.get("name") or ""),
            state=values["state"],
            phase=plain(values.get("phase") or ""),
            share=float(values.get("share") or 0),
            seconds_left=None if left is None else float(left),
            position=int(values.get("position") or 0),
            previews=int(values.get("previews") or 0),
            problem=problem_in(values["problem"]) if values.get("problem") else None,
            steps=float(summary.get("steps") or 0),
            minutes=float(summary.get("minutes") or 0),
            is_seen=values.get("corners") is not None,
            is_whole=values.get("corners") == [list(corner) for corner in WHOLE],
        )

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to the job."""
        return self.state in ("done", "failed", "cancelled")


def problem_in(problem: Mapping[str, Any], status: int = 422) -> PainterError:
    """Return a problem as the error of its class, or as one that repeats its sentence."""
    said = problem.get("title") or problem.get("detail") or "It cannot be learnt."
    try:
        return from_problem({**problem, "title": said})
    except ValueError:
        pass
    if status == 429:
        return BalancerUnavailable(plain(said))
    detail = problem.get("detail")
    error = Permanent(plain(detail if problem.get("type") == "about:blank" and detail else said))
    error.status = status
    return error
