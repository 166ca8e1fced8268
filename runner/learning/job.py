"""Hold a painting that is to be learnt from, with its state, and describe it as JSON."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from runner.learning.messages import LearningOrder, LearningProgress, Phase
from runner.learning.worker.machine_time import MOST_TIMES, times_of
from styles.canvas.quadrilateral import Corner
from styles.errors import PainterError
from styles.service.problems import to_problem
from styles.service.units import DAY

JobState = Literal["queued", "running", "done", "failed", "cancelled"]
#: The states that a job does not leave.
FINAL = ("done", "failed", "cancelled")


@dataclass(slots=True, kw_only=True, eq=False)
class JobRecord:
    """Hold what is kept of a job on disk."""

    id: str
    order: LearningOrder
    came: float  #: time of its coming, seconds since 1970
    state: JobState = "queued"
    corners: tuple[Corner, ...] | None = None
    problem: dict[str, Any] | None = None
    summary: dict[str, Any] | None = None
    ended: float | None = None  #: when it was final
    worked: float = 0.0  #: seconds of all attempts so far
    previews: int = 0
    published: str = ""  #: name of the style that was made of it
    deaths: int = 0  #: of processes in a row that died before a new checkpoint


@dataclass(slots=True)
class LearningPace:
    """Measure how many seconds pass for one of the clock of a job's process."""

    tried: float | None = None  #: what the process tried when it began
    _first: tuple[float, float] | None = None  #: a time, and the seconds of the clock
    _last: tuple[float, float] = (0.0, 0.0)

    def note(self, now: float, seconds: float) -> None:
        """Note the seconds of the clock while the process trains."""
        self._last = (now, seconds)
        self._first = self._first or self._last

    @property
    def met(self) -> float | None:
        """The pace that was met while it trained; before, the one that was tried, if any was."""
        first = self._first or self._last
        passed, counted = self._last[0] - first[0], self._last[1] - first[1]
        if passed < MEASURED_SECONDS:
            return self.tried
        return max(1.0, passed / max(counted, passed / MOST_TIMES))


@dataclass(slots=True, kw_only=True, eq=False)
class LearningJob:
    """Hold a job while the balancer runs."""

    record: JobRecord
    phase: Phase = "finding the painting"
    share: float = 0.0
    step: int = 0
    seconds_left: float | None = None  #: by the clock of its process
    pace: LearningPace = field(default_factory=LearningPace)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def id(self) -> str:
        """Identifier of the job, which its routes and files have too."""
        return self.record.id

    @property
    def is_final(self) -> bool:
        """Whether its state changes no more."""
        return self.record.state in FINAL

    @property
    def is_outdated(self) -> bool:
        """Whether it ended so long ago that it may be forgotten."""
        kept = PUBLISHED_SECONDS if self.record.published else KEPT_SECONDS
        return self.is_final and (self.record.ended or 0) < time.time() - kept

    @property
    def counts(self) -> bool:
        """Whether it counts in a person's limit: not if it was cancelled early, or refused at a look.

        On a busy machine a look may take longer than what counts. A process that hangs or dies counts.
        """
        record = self.record
        is_seen = record.corners is not None or record.deaths > 0
        return record.state == "done" or (record.worked >= COUNTED_SECONDS and is_seen)

    @property
    def clock_seconds_left(self) -> float:
        """Seconds that are left by the clock of its process, all of them before it begins."""
        return 60 * self.record.order.minutes if self.seconds_left is None else self.seconds_left

    @property
    def deadline(self) -> float:
        """Seconds of work after which it fails: a machine that paints much takes longer.

        It is the balancer's own: a process that its picture has taken over may say that it goes on for ever.
        """
        minutes = self.record.order.minutes
        return 60 * minutes * times_of(minutes) + DEADLINE_SECONDS

    def changed(self) -> None:
        """Wake those who watch."""
        self._news.set()
        self._news = asyncio.Event()

    @property
    def news(self) -> asyncio.Event:
        """The event that is set at the next change."""
        return self._news

    def went_on(self, progress: LearningProgress) -> None:
        """Note how far its process is."""
        self.phase, self.share, self.step = progress.phase, progress.share, progress.step
        self.seconds_left = progress.seconds_left
        if progress.phase == "finding the painting":  # a process has begun
            self.pace = LearningPace(progress.pace)
        if progress.phase == "training":
            self.pace.note(time.monotonic(), progress.seconds)
        self.changed()

    def died(self, *, has_gone_on: bool) -> bool:
        """Count a death of its process, and return whether another one may try."""
        self.record.deaths = 1 if has_gone_on else self.record.deaths + 1
        return self.record.deaths < MOST_DEATHS

    def end(self, state: JobState, error: PainterError | None = None) -> None:
        """Note a final state."""
        self.record.state, self.record.ended = state, time.time()
        self.record.problem = None if error is None else told(error)
        self.seconds_left = None
        self.changed()

    def status(self, position: int | None, seconds_left: float | None) -> dict[str, Any]:
        """Describe it; `position` is the number of jobs before it while it is queued."""
        record, order = self.record, self.record.order
        return {
            "id": record.id,
            "kind": "picture" if order.is_picture else "style",
            "name": order.name,
            "title": order.title,
            "artist": order.artist,
            "state": record.state,
            "phase": self.phase,
            "share": 1.0 if record.state == "done" else round(self.share, 4),  # after a restart too
            "seconds_left": None if seconds_left is None else round(seconds_left, 1),
            "position": position,
            "corners": record.corners,
            "previews": record.previews,
            "problem": record.problem,
            "summary": record.summary,
            "published": record.published or None,
        }


#: Seconds for which a job is kept after its end, and one that is published: it has no picture left, and who
#: did not hear of the publication asks again.
KEPT_SECONDS, PUBLISHED_SECONDS = 3600.0, DAY
#: Seconds of training from which on its pace is known.
MEASURED_SECONDS = 10.0
#: Seconds of work from which on a job counts that came to nothing.
COUNTED_SECONDS = 60.0
#: Deaths of processes without a new checkpoint between them after which a job is given up.
MOST_DEATHS = 3
#: Seconds for measuring and writing, after those in which the clock of its process ends the training.
DEADLINE_SECONDS = 300


def told(error: PainterError) -> dict[str, Any]:
    """Return a problem whose `detail` is the sentence for the person, as its `title` is."""
    return {**to_problem(error), "detail": error.message}
