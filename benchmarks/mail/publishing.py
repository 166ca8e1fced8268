"""Time an upload from its last byte to the first mail painted with it, less the painting.

The whole system runs as `mailbot up` runs it, with the embedded mail server. Styles come in over HTTP, each
under a new name and with new weights: ours, a state dict of pytorch/examples' shape, and an ONNX network that
Keras made. As soon as the registry says that it is live, a mail asks for it by SMTP; it is over when the
answer lies in the sender's mailbox. The stages, by the registry's answer and the bot's ledger:

    trial          as the registry tells it
    publishing     the rest of the time until the 201 is here, with what the validation waited for its process
    mail in        from the mail's handing-in until the bot has read it
    style found    until the balancer has painted it, the engine's own seconds aside: resolving, loading
    mail out       until it lies in the sender's mailbox
"""

from __future__ import annotations

import asyncio
import imaplib
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import aiosmtplib
import numpy as np
import onnx
from onnx import numpy_helper

from benchmarks.reporting.findings import Row
from benchmarks.reporting.progress import progress
from styles.formats import style_file
from styles.formats.style_file import BUILTIN
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.styles.foreign_files import write_state_dict
from tests.fakes.system import System

#: Uploads of each kind, after one of each to warm up.
COUNT = 10
#: The target at the median, seconds.
TARGET = 2.0
TOKEN = "benchmark"  # noqa: S105 - of a registry that lives for a minute
ARTIST = "artist@mail.example"
KERAS = Path("tests/registry/models/keras-nhwc.onnx")
#: How often the sender's mailbox is looked at, seconds.
LOOK_EVERY = 0.01
STAGES = ("trial", "publishing", "mail in", "style found", "mail out")

#: Writes a file, each time with other weights, by a number.
Write = Callable[[Path, int], object]


def _ours(path: Path, number: int) -> None:
    style = style_file.read(BUILTIN / "great-wave" / "weights.safetensors")
    noise = np.random.default_rng(number).normal(1, 0.001, style.row.shape)
    style_file.write(path, replace(style, row=(style.row * noise).astype(style.row.dtype)))


def _state_dict(path: Path, number: int) -> None:
    write_state_dict(path, seed=number)


def _keras(path: Path, number: int) -> None:
    model = onnx.load(KERAS)
    for weights in model.graph.initializer:
        values = numpy_helper.to_array(weights)
        if values.ndim == 4:  # a convolution's; the others are shapes and axes
            changed = values * np.float32(1 + number / 10_000)
            weights.CopyFrom(numpy_helper.from_array(changed, weights.name))
    onnx.save(model, path)


KINDS: Mapping[str, tuple[str, Write]] = {
    "ours": (".safetensors", _ours),
    "fast_neural_style": (".pth", _state_dict),
    "Keras, ONNX": (".onnx", _keras),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedPublication:
    """Hold the seconds of each stage of one upload and its mail, and of the painting."""

    kind: str
    stages: Mapping[str, float]
    painting: float

    @property
    def seconds(self) -> float:
        """Return the seconds from the last byte to the sender's mailbox, less the painting."""
        return sum(self.stages.values())


async def run() -> list[Row]:
    """Measure all kinds of files in turns."""
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder))
        try:
            await system.start({"REGISTRY_UPLOAD_TOKEN": TOKEN})
            publications = await _measure(system, Path(folder))
        finally:
            await asyncio.to_thread(system.stop)
    return _lines(publications)


def _lines(publications: Sequence[TimedPublication]) -> list[Row]:
    """Report the sum by kind and by stage, and what it leaves out."""
    everything = [p.seconds for p in publications]
    kinds = {kind: [p.seconds for p in publications if p.kind == kind] for kind in KINDS}
    stages = {stage: [p.stages[stage] for p in publications] for stage in STAGES}
    return [
        Row(measure="last byte to mailbox less the engine", seconds=everything, target=TARGET),
        *[Row(measure=f"  {name}", seconds=seconds) for name, seconds in (kinds | stages).items()],
        Row(measure="the engine", seconds=[p.painting for p in publications]),
    ]


async def _measure(system: System, folder: Path) -> list[TimedPublication]:
    publications: list[TimedPublication] = []
    with _mailbox(system) as mailbox:
        for number in range(COUNT + 1):
            for kind, (suffix, write) in KINDS.items():
                progress(f"turn {number} of {COUNT}: {kind}")
                file = folder / f"weights{suffix}"
                await asyncio.to_thread(write, file, number)
                publications.append(await _published(system, mailbox, file, kind, len(publications)))
    return publications[len(KINDS) :]


async def _published(
    system: System, mailbox: imaplib.IMAP4, file: Path, kind: str, number: int
) -> TimedPublication:
    """Publish a file, mail for it, and wait for its answer in the mailbox, after `number` others."""
    name = f"style-{number}"
    last_byte, answer = await _upload(system, file, name)
    live = time.time()
    pictures = [("beach.jpg", photo(1024, 768, seed=number))]
    raw = mail(name, images=pictures, sender=ARTIST, message_id=f"<{name}@mail.example>")
    await aiosmtplib.send(
        raw,
        sender=ARTIST,
        recipients=["bot@painter.example"],
        hostname="127.0.0.1",
        port=system.ports["smtp"],
        start_tls=False,
    )
    arrived = await asyncio.to_thread(_arrival, mailbox, number + 1)
    answered = str(mailbox.fetch(str(number + 1), "(BODY.PEEK[])")[1])
    assert f"beach-{name}.jpg" in answered, answered[:2000]
    parsed, painted, engine = _noted(system)
    stages = {
        "trial": float(answer["seconds"]),
        "publishing": live - last_byte - float(answer["seconds"]),
        "mail in": parsed - live,
        "style found": painted - parsed - engine,
        "mail out": arrived - painted,
    }
    return TimedPublication(kind=kind, stages=stages, painting=engine)


async def _upload(system: System, file: Path, name: str) -> tuple[float, dict[str, Any]]:
    """Upload a file; return when its last byte went out (seconds since the epoch) and the response."""
    went_out = 0.0

    async def body(content: bytes) -> AsyncIterator[bytes]:
        nonlocal went_out
        yield content[:-1]
        went_out = time.time()
        yield content[-1:]

    boundary = "benchmark"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="weights"; filename="{file.name}"\r\n\r\n'
    content = head.encode() + await asyncio.to_thread(file.read_bytes) + f"\r\n--{boundary}--\r\n".encode()
    headers = {
        "Authorization": f"Bearer {TOKEN}",
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Content-Length": str(len(content)),
    }
    url = f"http://127.0.0.1:{system.ports['registry']}/api/styles/{name}/versions"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body(content), headers=headers) as response,
    ):
        answer: dict[str, Any] = await response.json(content_type=None)
        assert response.status == 201, answer
        return went_out, answer


@contextmanager
def _mailbox(system: System) -> Iterator[imaplib.IMAP4]:
    """Open the artist's mailbox on the embedded server, where any address is an account."""
    with imaplib.IMAP4("127.0.0.1", system.ports["imap"]) as connection:
        connection.login(ARTIST, "local")
        connection.select("INBOX", readonly=True)
        yield connection


def _arrival(mailbox: imaplib.IMAP4, count: int) -> float:
    """Wait until a mailbox holds this number of mails; return the time in seconds since the epoch."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        mailbox.noop()
        if len(mailbox.search(None, "ALL")[1][0].split()) >= count:
            return time.time()
        time.sleep(LOOK_EVERY)
    raise TimeoutError


def _noted(system: System) -> tuple[float, float, float]:
    """Return when the newest mail was parsed, when it was painted, and its engine seconds."""
    query = "SELECT parsed_at, painted_at, engine_seconds FROM message ORDER BY id DESC LIMIT 1"
    with closing(sqlite3.connect(system.folder / "var" / "ledger.db", timeout=30)) as connection:
        parsed, painted, engine = connection.execute(query).fetchone()
    assert painted is not None, "the mail was answered, but nothing was painted"
    return float(parsed), float(painted), float(engine)
