"""Every error as `application/problem+json` (RFC 9457), whether it is ours or aiohttp's own.

Ours are written by `styles.service.problems`; where the status says all, `type` is `about:blank`.

    number, count   numbers in the query of a request, read as strictly as JSON writes them
"""

from __future__ import annotations

import errno
import json
import logging
import math
import re
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from styles.errors import BadCheckpoint, Busy, PainterError
from styles.service.problems import MEDIA_TYPE, to_problem
from styles.service.sanitize import plain

log = logging.getLogger(__name__)

#: After a database that was busy or full for longer than a writer waits, seconds.
RETRY_AFTER = "5"
#: What writing says where there is no room, or no more for this user.
FULL = (errno.ENOSPC, errno.EDQUOT)

#: A JSON number that is not negative; float() reads more, such as "1_0", and the digits of any script.
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
#: The largest number: SQLite can hold it, and no other number becomes it as a float.
LARGEST = 2**53 - 1

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns what a handler raises into an answer."""
    try:
        return await handler(request)
    except PainterError as error:
        return of_error(error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return of_http(request, error)
    except ConnectionError:  # who asked is gone; aiohttp notes it
        raise
    except sqlite3.OperationalError as error:
        log.exception("%s %s: the database does not answer", request.method, plain(request.path))
        return problem(503, "The registry cannot answer just now.", str(error), {"Retry-After": RETRY_AFTER})
    except Exception as error:
        log.exception("%s %s failed", request.method, plain(request.path))
        if request.writer.output_size:  # half an answer is out already: cut it off, add nothing to it
            raise
        if isinstance(error, OSError) and error.errno in FULL:
            return problem(507, "The registry's disk is full.", "Nothing was kept. Make room and try again.")
        return problem(500, "Something went wrong in the registry.", "The registry's log has the error.")


def of_error(error: PainterError) -> web.Response:
    """One of our own errors."""
    headers = {"Retry-After": str(math.ceil(error.retry_after))} if isinstance(error, Busy) else {}
    body = to_problem(error)
    if isinstance(error, BadCheckpoint):  # the artist is the engineer: both halves, in the one place to look
        body["detail"] = str(error)
    return _answer(body, headers)


def problem(status: int, title: str, detail: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """A problem as an answer, of no type of ours."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return _answer(body, headers or {})


def _answer(body: Mapping[str, Any], headers: Mapping[str, str]) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    headers = {"Cache-Control": "no-store", **headers}
    return web.Response(status=body["status"], text=text, content_type=MEDIA_TYPE, headers=headers)


def of_http(request: web.Request, error: web.HTTPException) -> web.Response:
    """aiohttp's own: no such path, wrong method. Its headers stay, such as `Allow` of a 405."""
    kept = {k: v for k, v in error.headers.items() if k.lower() not in ("content-type", "content-length")}
    title = HTTPStatus(error.status).phrase
    told = error.text if error.text and not error.text.startswith(f"{error.status}:") else ""
    return problem(error.status, title, told or f"{request.method} {request.path}: {title}.", kept)


def number(request: web.Request, key: str, default: float) -> float:
    """A number, 0 or more. Raises 400."""
    text = request.query.get(key, f"{default:g}")
    found = float(text) if NUMBER.fullmatch(text) else math.nan
    if not 0 <= found <= LARGEST:
        raise web.HTTPBadRequest(text=f"{key} must be a number, 0 or more, not {text!r:.40}.")
    return found


def count(request: web.Request, key: str, default: int, *, least: int = 0, most: int = LARGEST) -> int:
    """A whole number from `least` to `most`. Raises 400."""
    found = number(request, key, default)
    if not (least <= found <= most and found.is_integer()):
        raise web.HTTPBadRequest(text=f"{key} must be a whole number from {least} to {most}.")
    return int(found)
