"""Places in the bot's life at which it can be killed, put there from outside: the bot knows of none of them.

    Points       counts who passes where, and kills this process at a chosen place
    instrument   wraps what the bot stands on: SQLite's commits, files, IMAP, LMTP, SMTP, HTTP, the parser

A place is named by what is done and on which side of it: "commit finish: before", "imap MOVE: sent",
"smtp body: answered". Every crossing is written to a file at once, so that it outlives the process.
"""

from __future__ import annotations

import functools
import inspect
import os
import signal
import sqlite3
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import aioimaplib
import aiosmtplib.protocol

from mailbot import responder as responder_module
from mailbot.lmtp import delivery
from mailbot.storage.ledger import Ledger

#: A mail with these bytes is an error of ours, the first time that it is read.
STUMBLE = b"X-Stumble: "

#: The public method of the ledger that a call belongs to, in the event loop and on the ledger's thread.
_method: ContextVar[str] = ContextVar("method", default="open")
_thread = threading.local()


class Points:
    """Dies at the `nth` crossing of `target`, by a signal that nobody can catch."""

    def __init__(self, target: str, nth: int, crossings: Path) -> None:
        self._target, self._nth = target, nth
        self._counts: Counter[str] = Counter()
        self._file = os.open(crossings, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def cross(self, name: str) -> None:
        os.write(self._file, f"{name}\n".encode())
        self._counts[name] += 1
        if name == self._target and self._counts[name] == self._nth:
            os.kill(os.getpid(), signal.SIGKILL)


def instrument(points: Points, marks: Path) -> None:
    """Wrap everything; `marks` is a folder that remembers which mails have failed_unexpectedly."""
    _ledger(points)
    _files(points)
    _imap(points)
    _lmtp(points)
    _smtp(points)
    _http(points)
    _parse(points, marks)


def _ledger(points: Points) -> None:
    for name, method in inspect.getmembers(Ledger, inspect.iscoroutinefunction):
        if not name.startswith("_"):
            setattr(Ledger, name, _known_as(name, method))
    call: Any = Ledger._call

    async def named_call(self: Ledger, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        name = _method.get()
        if name == "transact":
            name = _called_by(args[0])

        def named_work(*args: Any, **kwargs: Any) -> Any:
            _thread.method = name
            return work(*args, **kwargs)

        return await call(self, named_work, *args, **kwargs)

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
            if sql != "COMMIT":
                return super().execute(sql, *args)
            points.cross(f"commit {_thread.method}: before")
            cursor = super().execute(sql)
            points.cross(f"commit {_thread.method}: after")
            return cursor

    Ledger._call = named_call  # type: ignore[method-assign, assignment]
    sqlite3.connect = functools.partial(sqlite3.connect, factory=Connection)  # type: ignore[assignment]


def _called_by(work: Any) -> str:
    """What a transaction is for: `filed` for `lambda db: server_copies.filed(db, …)`."""
    work = getattr(work, "func", work)
    if work.__name__ != "<lambda>":
        return str(work.__name__)
    names = work.__code__.co_names
    return str(names[1] if inspect.ismodule(work.__globals__.get(names[0])) else names[0])


def _known_as(name: str, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def known(*args: Any, **kwargs: Any) -> Any:
        outer = _method.get()  # `lease` is done by `transact`, and is the one of the plan
        token = _method.set(name if outer == "open" else outer)
        try:
            return await method(*args, **kwargs)
        finally:
            _method.reset(token)

    return known


def _files(points: Points) -> None:
    fsync, replace, unlink, open_file = os.fsync, Path.replace, Path.unlink, Path.open

    def dying_fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        _around(points, "spool fsync" if path.suffix == ".part" else "folder fsync", fsync, descriptor)

    def dying_replace(path: Path, target: Path) -> Path:
        moved: Path = _around(points, "spool rename", replace, path, target)
        return moved

    def dying_unlink(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".eml":
            _around(points, "spool unlink", unlink, path, missing_ok)
        else:
            unlink(path, missing_ok)

    def dying_open(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        file: Any = open_file(path, mode, *args, **kwargs)
        if path.suffix != ".part":
            return file

        def write(content: bytes) -> None:
            file.write(content[: len(content) // 2])
            file.flush()
            points.cross("spool write: half")
            file.write(content[len(content) // 2 :])

        return _Half(file, write)

    os.fsync = dying_fsync  # type: ignore[assignment]
    Path.replace = dying_replace  # type: ignore[method-assign, assignment]
    Path.unlink = dying_unlink  # type: ignore[method-assign, assignment]
    Path.open = dying_open  # type: ignore[method-assign, assignment]


class _Half:
    """A file that is written in two halves."""

    def __init__(self, file: Any, write: Callable[[bytes], None]) -> None:
        self._file = file
        self.write = write

    def __enter__(self) -> Any:
        return SimpleNamespace(write=self.write, flush=self._file.flush, fileno=self._file.fileno)

    def __exit__(self, *_exc: object) -> None:
        self._file.close()


def _imap(points: Points) -> None:
    protocol = aioimaplib.IMAP4ClientProtocol
    send, execute, continuation = protocol.send, protocol.execute, protocol._continuation

    def dying_send(self: Any, line: str, scrub: str | None = None) -> None:
        words = line.split()
        name = words[2] if words[1:2] == ["UID"] else words[1] if words[1:] else words[0]
        _around(points, f"imap {name}", send, self, line, scrub, after="sent")

    async def dying_execute(self: Any, command: Any, scrub: str | None = None) -> Any:
        response = await execute(self, command, scrub)
        points.cross(f"imap {command.name}: answered")
        return response

    def dying_continuation(self: Any, line: bytes) -> None:
        is_append = self.literal_data is not None
        continuation(self, line)
        if is_append:
            points.cross("imap APPEND: literal sent")

    protocol.send, protocol.execute, protocol._continuation = dying_send, dying_execute, dying_continuation
    protocol.literal_data = None


def _lmtp(points: Points) -> None:
    connection, delivery_of = delivery.LmtpConnection, delivery.LmtpDelivery
    push, take = connection.push, delivery_of.handle_DATA

    async def dying_push(self: Any, status: Any) -> None:
        name = "DATA" if status.startswith("354") else "taken" if status.startswith("250 2.0") else "command"
        points.cross(f"lmtp {name}: before")
        await push(self, status)
        points.cross(f"lmtp {name}: sent")

    async def dying_take(self: Any, *args: Any) -> str:
        points.cross("lmtp body: received")
        return await take(self, *args)

    connection.push, delivery_of.handle_DATA = dying_push, dying_take  # type: ignore[method-assign, assignment]


def _smtp(points: Points) -> None:
    protocol: Any = aiosmtplib.protocol.SMTPProtocol
    write, read_response = protocol.write, protocol.read_response

    def dying_write(self: Any, data: bytes) -> None:
        verb = data.split()[0].decode(errors="replace") if len(data) < 512 else "body"
        self.verb = verb if verb in {"EHLO", "MAIL", "RCPT", "DATA", "RSET", "QUIT"} else "body"
        _around(points, f"smtp {self.verb}", write, self, data, after="sent")

    async def dying_read(self: Any, timeout: float | None = None) -> Any:  # noqa: ASYNC109 - the library's own
        response = await read_response(self, timeout)
        points.cross(f"smtp {getattr(self, 'verb', 'greeting')}: answered")
        return response

    protocol.write, protocol.read_response = dying_write, dying_read


def _http(points: Points) -> None:
    trace = aiohttp.TraceConfig()

    def crosses(side: str) -> Any:
        async def cross(_session: Any, _context: Any, about: Any) -> None:
            if name := _request_of(about):
                points.cross(f"{name}: {side}")

        return cross

    trace.on_request_start.append(crosses("before"))
    trace.on_request_chunk_sent.append(crosses("sent"))
    trace.on_request_end.append(crosses("answered"))
    create: Any = aiohttp.ClientSession.__init__
    aiohttp.ClientSession.__init__ = (  # type: ignore[method-assign]
        lambda self, *args, **kwargs: create(self, *args, trace_configs=[trace], **kwargs)
    )


def _request_of(about: Any) -> str:
    """What a request is for: the balancer, a method of Telegram, or something at Twilio."""
    first, _, rest = str(about.url.path).lstrip("/").partition("/")
    if first == "2010-04-01":
        listed = "twilio media list" if rest.endswith("/Media.json") else "twilio list"
        return "twilio send" if about.method == "POST" else listed
    if first == "media":
        return "twilio media"
    if first.startswith("bot") or first == "file":
        return f"telegram {rest if first != 'file' else first}"
    return "balancer" if about.method == "POST" else ""


def _parse(points: Points, marks: Path) -> None:
    responder: Any = responder_module
    parse = responder.read_request

    def dying_parse(channel: str, raw: bytes) -> Any:
        if STUMBLE in raw:
            mark = raw.partition(STUMBLE)[2].split()[0].decode()
            if not (marks / mark).exists():
                (marks / mark).touch()
                raise KeyError(mark)
        return _around(points, "parse", parse, channel, raw)

    responder.read_request = dying_parse


def _around(points: Points, name: str, work: Callable[..., Any], *args: Any, after: str = "after") -> Any:
    points.cross(f"{name}: before")
    result = work(*args)
    points.cross(f"{name}: {after}")
    return result
