"""Have paintings learnt by mail, one after the other, and time each from its mail to its answer.

The whole system runs as `mailbot up` runs it, beside Dovecot and a foreign SMTP server. What comes is seen
where people see it, and in the folder of the learning jobs.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from email.message import EmailMessage
from pathlib import Path
from urllib.request import urlopen

from benchmarks.learning.killing import Killer, learners
from benchmarks.learning.subjects import Subject
from tests.fakes.mailbot.bot import text_of
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.servers.dovecot import Dovecot, running_dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.system import System

#: Paintings of one person: the bot learns from five in a day.
OF_A_PERSON = 2
#: Times its minutes that a painting may take before it is given up, and seconds between two looks.
MOST_TIMES, LOOK_SECONDS = 8, 0.5
#: Seconds for the registry to be back, where it was killed last.
BACK_SECONDS = 60.0
#: Seconds after which a picture that does not come is given up.
EXACTLY_SECONDS = 1800.0


@dataclass(kw_only=True)
class Lesson:
    """Hold what became of one painting."""

    file: str
    name: str
    shown: str
    is_unseen: bool
    style: str = ""  #: name of the published style
    found: bool | None = None  #: whether corners were found; None: it was not learnt
    seconds_to_notice: float | None = None
    seconds_to_preview: float | None = None
    seconds_to_live: float | None = None  #: the answer has come, and the registry has the style live
    steps: int = 0
    minutes: float = 0.0  #: of the budget
    losses: dict[str, float] = field(default_factory=dict)
    killed: dict[str, int] = field(default_factory=dict)  #: processes, by what they were
    answers: int = 0  #: one that says when, and one that says what was learnt
    load: float = 0.0  #: processes that wanted a core, at the end, on average over 5 minutes
    said: str = ""  #: first line of the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedSystem:
    """Hold a running system, and the ways in and out of it."""

    system: System
    dovecot: Dovecot
    user: str
    sink: Sink

    @property
    def balancer(self) -> str:
        """The balancer's URL."""
        return f"http://127.0.0.1:{self.system.ports['balancer']}"

    def send(self, subject: str, id: str, sender: str, *pictures: tuple[str, bytes]) -> None:
        """Deliver a mail to the bot, under a Message-ID."""
        raw = mail(subject, "", list(pictures), sender, message_id=f"<{id}>")
        self.dovecot.deliver(self.user, raw)

    def answers(self, id: str) -> list[EmailMessage]:
        """Return the answers to a mail so far."""
        return [each for each in self.sink.messages if each["In-Reply-To"] == f"<{id}>"]

    def is_live(self, style: str) -> bool:
        """Tell whether the registry has a style live."""
        address = f"http://127.0.0.1:{self.system.ports['registry']}/api/styles/{style}"
        with suppress(OSError), urlopen(address, timeout=10) as answer:
            return "live" in json.load(answer)["aliases"]
        return False


@asynccontextmanager
async def mailed_system(folder: Path, features: Path, minutes: float) -> AsyncIterator[MailedSystem]:
    """Start the system in a folder, beside its mail servers; `features` is an absolute path."""
    with running_dovecot() as dovecot:
        user = dovecot.add_user("bot")
        async with Sink() as sink:
            settings = (
                f'teachers = ["@example.org"]\nteaching_minutes = {minutes:g}\n'
                f'[mail.imap]\nhost = "127.0.0.1"\nport = {dovecot.port}\ntls = "none"\nusername = "{user}"\n'
                f'[mail.smtp]\nhost = "127.0.0.1"\nport = {sink.port}\ntls = "none"\n'
            )
            shutil.rmtree(folder / "current", ignore_errors=True)  # of a run before
            system = System(folder, settings, runner=f'learn = true\nfeatures = "{features}"\n')
            try:
                await system.start({"MAILBOT_IMAP_PASSWORD": Dovecot.password})
                yield MailedSystem(system=system, dovecot=dovecot, user=user, sink=sink)
            finally:
                await asyncio.to_thread(system.stop)


async def learnt(
    place: MailedSystem,
    subject: Subject,
    number: int,
    picture: bytes,
    minutes: float,
    *,
    hasten: bool,
    killer: Killer | None = None,
) -> Lesson:
    """Mail a painting, and return what became of it when its style is live, or its answer a refusal."""
    lesson = Lesson(file=subject.file, name=subject.name, shown=subject.shown, is_unseen=subject.is_unseen)
    before, sent = set(_jobs(place)), time.monotonic()
    id = f"{number}.{time.time_ns()}@example.org"  # a run that goes on sends another mail
    sender = f"Teacher <teacher{number // OF_A_PERSON}@example.org>"
    place.send(f"learn: {subject.name}", id, sender, (subject.file, picture))
    job: Path | None = None
    async with asyncio.timeout(60 * minutes * MOST_TIMES + 300):
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            passed = time.monotonic() - sent
            job = job or next((each for each in _jobs(place) if each not in before), None)
            if hasten:
                at_normal_priority(place.system)
            if killer:
                await asyncio.to_thread(killer.look)
            answers = place.answers(id)
            if answers and lesson.seconds_to_notice is None:
                lesson.seconds_to_notice = passed
            if job and lesson.seconds_to_preview is None and (job / "preview.jpg").exists():
                lesson.seconds_to_preview = passed
            if len(answers) > 1:
                break
            _note_result(lesson, job)  # it forgets itself once its style is published
    lesson.said = text_of(answers[-1]).splitlines()[0]
    lesson.style = subject.name.replace(" ", "-")
    if "I have learnt" in text_of(answers[-1]) and await _is_live(place, lesson.style, bool(killer)):
        lesson.seconds_to_live = passed
    if killer:
        lesson.killed = dict(killer.killed)
        killer.killed.clear()
    lesson.answers, lesson.load = len(place.answers(id)), os.getloadavg()[1]
    return lesson


async def _is_live(place: MailedSystem, style: str, may_wait: bool) -> bool:
    """Tell whether a style is live; with `may_wait`, once the registry is back."""
    until = time.monotonic() + BACK_SECONDS * may_wait
    while not (is_live := place.is_live(style)) and time.monotonic() < until:  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)
    return is_live


async def painted_exactly(place: MailedSystem, photo: bytes, painting: bytes) -> tuple[float, bytes]:
    """Mail a photo with a painting to paint it like, and return the seconds and the picture."""
    sent, id = time.monotonic(), f"exactly.{time.time_ns()}@example.org"
    pictures = (("photo.jpg", photo), ("canvas.jpg", painting))
    place.send("paint it exactly like this", id, "Painter <painter@example.org>", *pictures)
    async with asyncio.timeout(EXACTLY_SECONDS):
        while len(answers := place.answers(id)) < 2:  # noqa: ASYNC110 - a mail server gives no event
            await asyncio.sleep(LOOK_SECONDS)
    passed = time.monotonic() - sent
    picture = next(part for part in answers[-1].walk() if part.get_content_type() == "image/jpeg")
    return passed, bytes(picture.get_payload(decode=True))


def _jobs(place: MailedSystem) -> list[Path]:
    folder = place.system.folder / "var" / "runner" / "learning"
    return [each for each in folder.glob("*") if each.is_dir()] if folder.exists() else []


def _note_result(lesson: Lesson, job: Path | None) -> None:
    """Note what the job says of itself, if it is there."""
    if job is None:
        return
    with suppress(OSError, ValueError):
        record = json.loads((job / "job.json").read_bytes())
        corners, summary = record.get("corners"), record.get("summary") or {}
        lesson.found = corners is not None and corners != [[0, 0], [1, 0], [1, 1], [0, 1]]
        lesson.steps, lesson.minutes = summary.get("steps", 0), summary.get("minutes", 0.0)
        lesson.losses = summary.get("losses", {})


def at_normal_priority(system: System) -> None:
    """Take a system's learning processes out of their class, which yields to all others on this machine."""
    for process in learners(system):
        with suppress(OSError):  # it has ended
            for thread in Path(f"/proc/{process}/task").iterdir():
                os.sched_setscheduler(int(thread.name), os.SCHED_OTHER, os.sched_param(0))


def read(kept: Path) -> list[Lesson]:
    """Return what became of the paintings of a run before."""
    return [Lesson(**row) for row in json.loads(kept.read_text())] if kept.exists() else []


def write(lessons: Iterable[Lesson], kept: Path) -> None:
    """Write what became of the paintings."""
    kept.write_text(json.dumps([asdict(each) for each in lessons], indent=1))
