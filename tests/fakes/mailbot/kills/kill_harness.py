"""Kills the bot at the places of `kill_plan`, and keeps the books.

    Harness    delivers, lets a bot live until it dies, and tells at the end what became of every mail

SMTP leaves one window in which an answer can go out twice: the server has taken it, and `sent` is not
committed. At each death the harness looks who is in that window: an answer that the sink has and the ledger
does not call sent. A second copy of any other answer is an error, and so is one with other bytes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any, Self

from tests.fakes.mailbot.kills.kill_mails import MAX_BYTES, Fate, Sample, sample
from tests.fakes.mailbot.kills.kill_sources import MailSource
from tests.fakes.mailbot.process import smtp_table
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until

ROOT = Path(__file__).parents[4]
#: What one life may take to reach its place, seconds.
LIFE_SECONDS = 60.0
#: After so many mails of its kind a place is taken for one that nobody passes.
MOST_MAILS = 20


@dataclass(slots=True)
class Kill:
    """One death: what was delivered for it, and which answers were in the window."""

    point: str
    nth: int
    mails: list[Sample] = field(default_factory=list)
    is_stopping: bool = False  #: the bot was told to stop, and is to die while it does
    window: list[str] = field(default_factory=list)  #: Message-IDs of answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one mail."""

    sample: Sample
    fate: Fate | None  #: None: it is lost
    copies: int  #: how often its answer went out
    explained: int  #: how often it may have: once, and once more for each time that it was in the window
    identical: bool  #: all copies of the answer are the same to the last byte, its Message-ID included

    @property
    def is_right(self) -> bool:
        answers = 1 if self.sample.fate == "answered" else 0
        return self.fate == self.sample.fate and answers <= self.copies <= self.explained and self.identical


class Harness:
    """An async context manager: a source of mails, a sink, and a bot that lives again and again."""

    def __init__(
        self, folder: Path, source: MailSource, sink: Sink, balancer: FakeBalancer, seed: int = 0
    ) -> None:
        self.folder = folder
        self._source, self._sink, self._balancer = source, sink, balancer
        self._rng = random.Random(seed)
        self._explained: Counter[str] = Counter()
        self._read: list[tuple[str, str, bytes]] = []
        self.samples: list[Sample] = []
        self.kills: list[Kill] = []
        self.environment: dict[str, str] = {}  #: of the bot
        self._config = folder / "config.toml"
        self._config.write_text(
            f"""[mail]
            ledger = "ledger.db"
            max_message_bytes = {MAX_BYTES}
            {source.table}
            {smtp_table(sink)}
            [balancer]
            host = "127.0.0.1"
            port = {balancer.port}
            [registry]
            host = "127.0.0.1"
            port = {balancer.port}
            """
        )

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.fakes.mailbot.kills.dying_bot", str(self._config)),
            cwd=ROOT,
            env={**os.environ, **self.environment, "MAILBOT_IMAP_PASSWORD": Dovecot.password},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return self

    async def __aexit__(self, *_exc: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()  # the kernel kills a bot that still lives with it
        await self._process.wait()
        self._process._transport.close()  # type: ignore[attr-defined]  # or it warns when it is collected

    # Deaths

    async def kill_at(self, point: str, nth: int) -> None:
        """Let a bot live until its `nth` crossing of `point` kills it."""
        if self._is_somebody_twice_hit():
            await self.settle()
        kill = Kill(point, nth)
        self.kills.append(kill)
        for _ in range(self._rng.choice((0, 0, 1, 3))):
            self.deliver(kill, self._rng.choice(self._source.mix))
        self.deliver(kill, self._source.points[point])
        async with asyncio.timeout(LIFE_SECONDS):
            pid, ended = await self.start(point, nth)
            while not ended.done():
                await asyncio.wait({ended}, timeout=0.03)
                if self._source.points[point] == "stopped":
                    self._stop_while_painting(pid, kill)
                elif not ended.done() and self.is_settled():
                    assert len(kill.mails) < MOST_MAILS, f"{point} is never passed"
                    self.deliver(kill, self._source.points[point])
        assert ended.result() == -signal.SIGKILL, f"{point} ended with {ended.result()}"
        await self._sink.until_idle()
        self._balancer.may_paint.set()
        self._note_window(kill)

    def _stop_while_painting(self, pid: int, kill: Kill) -> None:
        senders = {job["sender"].partition("@")[0] for job in self._balancer.jobs}
        waiting = any(f"person{mail.number}" in senders for mail in kill.mails if mail.kind == "stopped")
        if waiting and not kill.is_stopping:
            kill.is_stopping = True  # a second signal would end the bot at once
            os.kill(pid, signal.SIGTERM)

    async def settle(self) -> None:
        """A life that nobody ends before everything is done; then a stop in good order."""
        if self.is_settled():
            return
        async with asyncio.timeout(LIFE_SECONDS):
            pid, ended = await self.start("", 0)
            await until(lambda: ended.done() or self.is_settled(), LIFE_SECONDS)
            assert not ended.done(), (self.folder / "bot.log").read_text()[-3000:]
            os.kill(pid, signal.SIGTERM)
            assert await ended == 0
        await self._sink.until_idle()

    async def start(self, target: str, nth: int) -> tuple[int, asyncio.Task[int]]:
        """A life; gives its pid, and how it ends."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"target": target, "nth": nth}).encode() + b"\n")
        return await self._line(), asyncio.create_task(self._line())

    async def _line(self) -> int:
        assert self._process.stdout is not None
        return int(await self._process.stdout.readline())

    def deliver(self, kill: Kill, kind: str) -> None:
        """One more mail, and the fault that one of its kind meets."""
        mail = sample(kind, len(self.samples) + 1)
        self.samples.append(mail)
        kill.mails.append(mail)
        if kind == "busy":
            self._balancer.faults.append((503, "Too many at once.", "RunnerDied"))
        elif kind == "delayed":
            self._sink.faults.append("451 not now")
        elif kind == "dropped":
            self._sink.faults.append("drop")
        elif kind == "stopped":
            self._balancer.may_paint.clear()
        for _ in range(mail.copies):
            self._source.deliver(mail.body)

    # The books

    def is_settled(self) -> bool:
        """Whether everything is done that was delivered."""
        if self._source.waiting():
            return False
        open_ends = """SELECT (SELECT count(*) FROM message WHERE state IN ('accepted', 'working')
            OR (state = 'quarantined' AND NOT set_aside AND id IN (SELECT message FROM sighting)))
            + (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')),
            (SELECT count(*) FROM message)"""
        rows = self._rows(open_ends)
        return bool(rows) and rows[0] == (0, len(self.samples))

    def _is_somebody_twice_hit(self) -> bool:
        """Whether a mail was at work at two deaths: after a third it would be taken for their cause."""
        at_work = "SELECT 1 FROM message WHERE state IN ('accepted', 'working') AND attempts >= 2"
        return bool(self._rows(at_work))

    def _note_window(self, kill: Kill) -> None:
        copies = self._copies()
        for (message_id,) in self._rows(
            "SELECT message_id FROM outbox WHERE state IN ('sending', 'pending')"
        ):
            if copies[message_id] > self._explained[message_id] + self._drops(message_id):
                kill.window.append(message_id)
                self._explained[message_id] = copies[message_id] - self._drops(message_id)

    def _copies(self) -> Counter[str]:
        return Counter(message_id for message_id, _, _ in self._answers())

    def _answers(self) -> list[tuple[str, str, bytes]]:
        """What the sink has: Message-ID, In-Reply-To and all the bytes."""
        known = self._read
        for envelope in self._sink.envelopes[len(known) :]:
            raw = bytes(envelope.original_content or b"")
            head = BytesHeaderParser().parsebytes(raw)
            known.append((str(head["Message-ID"]), str(head["In-Reply-To"]), raw))
        return known

    def _drops(self, message_id: str) -> int:
        wanted = message_id.encode()
        return sum(wanted in (envelope.original_content or b"") for envelope in self._sink.dropped)

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read without touching: a dead bot's write-ahead log is for the next bot to find."""
        try:
            with closing(sqlite3.connect(f"file:{self.folder}/ledger.db?mode=ro", uri=True)) as connection:
                return connection.execute(query).fetchall()
        except sqlite3.OperationalError:
            return []  # not there yet, or just being made

    def outcomes(self) -> list[Outcome]:
        """What became of every mail; asked for after `settle`."""
        answers: dict[str, list[tuple[str, bytes]]] = {}
        for message_id, asked, raw in self._answers():
            answers.setdefault(asked, []).append((message_id, raw))
        aside = self._source.set_aside(self.folder / "ledger.db")
        failed = {row[0] for row in self._rows("SELECT recipient FROM outbox WHERE state = 'failed'")}
        return [self._outcome(mail, answers.get(mail.message_id, []), aside, failed) for mail in self.samples]

    def _outcome(
        self, mail: Sample, answers: list[tuple[str, bytes]], aside: bytes, failed: set[object]
    ) -> Outcome:
        fate: Fate | None = "silent" if mail.fate == "silent" else None
        if answers:
            fate = "answered"
        elif mail.message_id.encode() in aside:
            fate = "quarantined"
        elif any(str(address).startswith(f"person{mail.number}@") for address in failed):
            fate = "failed"
        first = answers[0][0] if answers else ""
        return Outcome(
            sample=mail,
            fate=fate,
            copies=len(answers),
            explained=1 + self._explained[first] + self._drops(first) if answers else 1,
            identical=len(set(answers)) <= 1,
        )
