"""A registry that is killed fifty times at any moment of an upload, and what is there when it is back."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fakes.mailbot.servers.dovecot import free_port
from tests.fakes.styles.style_files import make_shipped
from tests.fakes.waiting import until

#: Kills of the long run, and of the short one, whose first ones are of all kinds.
KILLS, FEW = 50, 7
TOKEN = "secret"
#: Few names, so that most have several versions in the end.
NAMES = [f"print-{number}" for number in range(6)]
#: How long a registry may take to start on a busy machine, seconds.
START_SECONDS = 60.0


class Registry:
    """`python -m registry serve` on a folder that outlives it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "registry"
        self.port = free_port()
        self._config = folder / "config.toml"
        self._log = folder / "log"
        self._config.write_text(
            f'[registry]\nhost = "127.0.0.1"\nport = {self.port}\ndata = "{self.data}"\n[mail]\n[styles]\n'
        )
        self._process: asyncio.subprocess.Process | None = None
        self.passed_at = 0.0  #: when the last validation that was waited for had passed

    async def start(self) -> None:
        """Starts it and waits until it says that it listens."""
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "registry", "serve", "--config", str(self._config)),
                stderr=log,
                env={**os.environ, "REGISTRY_UPLOAD_TOKEN": TOKEN},
            )
        async with asyncio.timeout(START_SECONDS):
            while "listening" not in self._log.read_text():
                assert self._process.returncode is None, self._log.read_text()
                await asyncio.sleep(0.01)

    async def kill(self) -> None:
        """SIGKILL, and the end of it."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def stop(self) -> None:
        """SIGTERM, and its polite end."""
        assert self._process is not None
        self._process.terminate()
        assert await self._process.wait() == 0, self._log.read_text()

    def kept(self) -> set[Path]:
        """What validations have made and handed over."""
        return set(self.data.glob("incoming/*/kept"))

    def processes(self) -> list[str]:
        """The command lines that name its folder: its own, and those of the processes that try styles."""
        lines = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has just ended
                lines.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        return [line for line in lines if str(self.data.parent) in line]

    async def get(self, session: aiohttp.ClientSession, path: str) -> Any:
        """A JSON answer, or the bytes of a blob."""
        async with session.get(f"http://127.0.0.1:{self.port}{path}") as response:
            assert response.status == 200, (path, response.status)
            return await (response.json() if path.startswith("/api") else response.read())


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When to kill: so many seconds after a part of the body was sent, or after something was seen."""

    body: float = 1.0
    seconds: float = 0.0
    passed: bool = False  #: what the validation made is there, and is about to be published
    answered: bool = False


def moments(seconds: float, publishing: float) -> list[Moment]:
    """Fifty of them; an upload takes so many `seconds` after a start, and so many are the `publishing`."""
    dice = random.Random(4)
    while_sent = [Moment(body=dice.random()) for _ in range(24)]
    in_trial = [Moment(seconds=dice.uniform(0, seconds)) for _ in range(10)]
    # The last few milliseconds, which kills at random would miss.
    in_publishing = [Moment(passed=True, seconds=publishing * dice.random() ** 2) for _ in range(12)]
    after = [Moment(answered=True) for _ in range(KILLS - 46)]
    chosen = [*while_sent, *in_trial, *in_publishing, *after]
    dice.shuffle(chosen)
    return chosen


def request(name: str, weights: Path) -> tuple[bytes, bytes]:
    """The head and the body of an upload."""
    body = b'--edge\r\nContent-Disposition: form-data; name="title"\r\n\r\nA print\r\n'
    body += b'--edge\r\nContent-Disposition: form-data; name="weights"; filename="w"\r\n\r\n'
    body += weights.read_bytes() + b"\r\n--edge--\r\n"
    lines = [
        f"POST /api/styles/{name}/versions HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {TOKEN}",
        "Content-Type: multipart/form-data; boundary=edge",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode(), body


async def upload(registry: Registry, name: str, weights: Path, moment: Moment) -> dict[str, Any] | None:
    """Sends an upload and kills the registry at a moment of it; gives the answer, if it still came."""
    head, body = request(name, weights)
    before = registry.kept()  # by those that were killed earlier
    reader, writer = await asyncio.open_connection("127.0.0.1", registry.port)
    writer.write(head + body[: int(len(body) * moment.body)])
    await writer.drain()
    reading = asyncio.create_task(_answer(reader))
    if moment.passed:
        while registry.kept() == before and not reading.done():  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.001)
        registry.passed_at = time.monotonic()
    await asyncio.wait([reading], timeout=None if moment.answered else moment.seconds)
    await registry.kill()
    answer = await reading
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return answer


async def _answer(reader: asyncio.StreamReader) -> dict[str, Any] | None:
    """What a 201 says, if all of it comes."""
    with suppress(ConnectionError):
        head, _, content = (await reader.read()).partition(b"\r\n\r\n")
        if not head:
            return None
        assert b" 201 " in head.splitlines()[0], content
        with suppress(ValueError):  # cut short
            answer: dict[str, Any] = json.loads(content)
            return answer
    return None


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[Registry]:
    registry = Registry(tmp_path)
    await registry.start()
    yield registry
    await registry.kill()


@pytest.mark.parametrize("kills", [FEW, pytest.param(KILLS, marks=pytest.mark.slow)])
async def test_killed_many_times(registry: Registry, tmp_path: Path, kills: int) -> None:
    files = [make_shipped(tmp_path / "files", str(number), number).weights for number in range(kills + 1)]
    await registry.kill()
    await registry.start()
    started = time.monotonic()
    answered = [await upload(registry, NAMES[0], files.pop(), Moment(passed=True, answered=True))]
    ended = time.monotonic()
    assert answered[0]
    chosen = moments(ended - started, ended - registry.passed_at)[:kills]
    async with aiohttp.ClientSession() as session:
        for number, (moment, file) in enumerate(zip(chosen, files, strict=True)):
            await registry.start()
            answer = await upload(registry, NAMES[number % len(NAMES)], file, moment)
            assert answer or not moment.answered
            answered.append(answer)
            if number % 10 == 9:
                await registry.start()
                await check(registry, session, answered)
                await registry.kill()
    age(registry.data)
    await registry.start()
    async with aiohttp.ClientSession() as session:
        named = await check(registry, session, answered)
    await registry.stop()
    await until(lambda: not registry.processes())
    left = [path for path in registry.data.rglob("*") if path.is_file() and path.stem != "registry"]
    assert {f"sha256:{path.name}" for path in left} == named | thumbnails(registry.data)
    assert not [path for folder in ("incoming", "trials") for path in (registry.data / folder).iterdir()]


def thumbnails(data: Path) -> set[str]:
    """The digests of the small pictures of previews."""
    with closing(sqlite3.connect(data / "registry.db")) as db:
        rows = db.execute("SELECT small, medium, large FROM thumbnail").fetchall()
    return {digest for row in rows for digest in row if digest}


async def check(
    registry: Registry, session: aiohttp.ClientSession, answered: list[dict[str, Any] | None]
) -> set[str]:
    """Whatever is there is whole, and whatever was answered is there. Gives the digests that are named."""
    named: set[str] = set()
    published: Counter[str] = Counter()
    for summary in await registry.get(session, "/api/styles"):
        style = await registry.get(session, f"/api/styles/{summary['name']}")
        numbers = [version["version"] for version in style["versions"]]
        assert numbers == list(range(len(numbers), 0, -1))
        assert style["aliases"]["live"] == numbers[0]
        assert style["aliases"].get("previous", 0) == numbers[0] - 1
        published[style["name"]] = len(numbers)
        for version in style["versions"]:
            for path in filter(None, (version["weights"], version["preview"])):
                content = await registry.get(session, path)
                digest = path.rpartition("/")[2]
                assert hashlib.sha256(content).hexdigest() == digest
                named.add(f"sha256:{digest}")
    for answer in filter(None, answered):
        resolved = await registry.get(
            session, f"/api/styles/{answer['name']}/resolve?ref={answer['version']}"
        )
        assert resolved["digest"] == answer["digest"]
    events = (await registry.get(session, "/api/events?since=0"))["events"]
    assert Counter(event["style"] for event in events) == published
    return named


def age(data: Path) -> None:
    """As if all that lies about had been there for two hours."""
    for path in data.rglob("*"):
        os.utime(path, (time.time() - 7200,) * 2)
