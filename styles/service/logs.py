"""Write log lines for people or as JSON, and mark each with the trace of the photo that it is about.

A trace is the id of one mail's way through all processes: 32 hex digits, as in W3C's `traceparent` header
(https://www.w3.org/TR/trace-context/). The bot derives it from the mail. The balancer gets it by that header,
and a runner with each task. Only the standard library is imported, since a sandboxed process loads this.

    10:24:07 INFO [4bf92f35] answered mail 12 in 0.42 s (engine 0.05 s)
    {"time": "2026-11-28T10:24:07.031Z", "level": "INFO", "process": "bot", "pid": 4711, "logger": …}
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

#: Environment's variable by which a process passes the kind of its log on to its children: "json", or absent.
VARIABLE = "MAILBOT_LOGS"
#: Name of the header that carries a trace over HTTP.
HEADER = "traceparent"
#: Digits of a trace in lines for people.
SHORT = 8

log = logging.getLogger(__name__)

_current: ContextVar[str] = ContextVar("trace", default="")
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")


def set_up(process: str, *, as_json: bool | None = None, prefix: str = "") -> None:
    """Log to standard error from now on.

    `as_json` is the config's; a child process leaves it out, and logs as its parent. `prefix` stands before
    the lines for people, where a parent's log has those of its children too.
    """
    if as_json:
        os.environ[VARIABLE] = "json"
    elif as_json is not None:
        os.environ.pop(VARIABLE, None)
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonFormatter(process) if is_json() else _TextFormatter(prefix))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    if is_json():  # also what Python itself would print as text
        logging.captureWarnings(True)
        sys.excepthook = lambda *error: log.critical("ended by an error", exc_info=error)


def is_json() -> bool:
    """Tell whether this process, or the one that has started it, logs as JSON."""
    return os.environ.get(VARIABLE) == "json"


def json_line(process: str, message: str, at: float | None = None, **fields: object) -> str:
    """Return the line of a message; `at` is its time in seconds since the epoch, by default now."""
    at = time.time() if at is None else at
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))
    line = {"time": f"{moment}.{int(at % 1 * 1000):03d}Z", "level": "INFO", "process": process}
    return json.dumps(line | fields | {"message": message}, ensure_ascii=False)


def is_json_line(text: str) -> bool:
    """Tell whether a text is a line that `json_line` returns."""
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and {"time", "level", "process", "message"} <= found.keys()


@contextmanager
def tracing(trace: str) -> Iterator[None]:
    """Mark the lines of the block, and of tasks that it starts, with a trace."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)


def current_trace() -> str:
    """Return the trace of the block, or ""."""
    return _current.get()


def trace_or_new(headers: Mapping[str, str]) -> str:
    """Return the trace that a request brings along, or a new one."""
    return trace_of(headers.get(HEADER, "")) or new_trace()


def new_trace() -> str:
    """Return the trace of a photo that came without one."""
    return secrets.token_hex(16)


def traceparent(trace: str) -> str:
    """Return the header's value for one call."""
    return f"00-{trace}-{secrets.token_hex(8)}-01"


def trace_of(header: str) -> str:
    """Return the trace in a header's value, or "" for one that makes no sense."""
    found = _TRACEPARENT.fullmatch(header)
    return found[1] if found else ""


class _TextFormatter(logging.Formatter):
    def __init__(self, prefix: str) -> None:
        super().__init__(f"%(asctime)s %(levelname)s {prefix}%(mark)s%(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        trace = _current.get()
        record.mark = f"[{trace[:SHORT]}] " if trace else ""
        return super().format(record)


class _JsonFormatter(logging.Formatter):
    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {"level": record.levelname, "pid": os.getpid(), "logger": record.name}
        if trace := _current.get():
            fields["trace"] = trace
        if record.exc_info:
            fields["error"] = self.formatException(record.exc_info)
        return json_line(self._process, record.getMessage(), record.created, **fields)
