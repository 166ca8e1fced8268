"""Answer every error as `application/problem+json` (RFC 9457), this project's own and aiohttp's.

`styles.service.problems` writes this project's errors. Where the status says all, `type` is `about:blank`.
`number` and `whole_number` read numbers in a query as strictly as JSON.
"""

from __future__ import annotations

import errno
import json
import logging
import math
import re
import sqlite3
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from registry.database.dialect import StateUnavailable
from styles.errors import BadCheckpoint, Busy, PainterError
from styles.service.problems import MEDIA_TYPE, to_problem
from styles.service.sanitize import plain

log = logging.getLogger(__name__)

#: Seconds for Retry-After where the database is busy or full for longer than a writer waits.
RETRY_AFTER = "5"
#: Errors of a write to a full disk, or beyond the user's quota.
FULL = (errno.ENOSPC, errno.EDQUOT)

#: A JSON number that is not negative. float() reads more, such as "1_0", and the digits of any script.
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
#: The largest number that SQLite holds and that no other number becomes as a float.
LARGEST = 2**53 - 1


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn the error of a handler into a response."""
    try:
        return await handler(request)
    except (sqlite3.OperationalError, StateUnavailable) as error:
        # In an outage every request ends here, and one line says all. SQLite's error may also mean a bug.
        may_be_bug = not isinstance(error, StateUnavailable)
        log.warning("%s %s: %s", request.method, plain(request.path), plain(str(error)), exc_info=may_be_bug)
        if request.writer.output_size:  # see below
            raise
        return _unavailable(error)
    except PainterError as error:
        return of_error(error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return of_http(request, error)
    except ConnectionError:  # the client is gone; aiohttp logs it
        raise
    except Exception as error:
        log.exception("%s %s failed", request.method, plain(request.path))
        if request.writer.output_size:  # part of a response is sent: end it, and add nothing to it
            raise
        if isinstance(error, OSError) and error.errno in FULL:
            return problem(507, "The registry's disk is full.", "Nothing was kept. Make room and try again.")
        return problem(500, "Something went wrong in the registry.", "The registry's log has the error.")


def _unavailable(error: sqlite3.OperationalError | StateUnavailable) -> web.Response:
    """Build the response while the database is away. It names no host: the log does."""
    detail = error.message if isinstance(error, StateUnavailable) else str(error)
    return problem(503, "The registry cannot answer just now.", detail, {"Retry-After": RETRY_AFTER})


def of_error(error: PainterError) -> web.Response:
    """Convert one of this project's errors."""
    headers = {"Retry-After": str(math.ceil(error.retry_after))} if isinstance(error, Busy) else {}
    body = to_problem(error)
    if isinstance(error, BadCheckpoint):  # the artist fixes the file, and needs both sentences
        body["detail"] = str(error)
    return problem(headers=headers, **body)


def problem(
    status: int, title: str, detail: str, headers: Mapping[str, str] = MappingProxyType({}), **more: Any
) -> web.Response:
    """Build a problem as a response, of no particular type unless it is among `more` of its values."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    text, headers = json.dumps(body, ensure_ascii=False), {"Cache-Control": "no-store", **headers}
    return web.Response(status=status, text=text, content_type=MEDIA_TYPE, headers=headers)


def of_http(request: web.Request, error: web.HTTPException) -> web.Response:
    """Convert an aiohttp error, such as an unknown path. Headers but those of its text stay, as `Allow`."""
    kept = {k: v for k, v in error.headers.items() if k.lower() not in ("content-type", "content-length")}
    title = HTTPStatus(error.status).phrase
    text = error.text if error.text and not error.text.startswith(f"{error.status}:") else ""
    return problem(error.status, title, text or f"{request.method} {request.path}: {title}.", kept)


def number(request: web.Request, key: str, default: float) -> float:
    """Read a number of the query, 0 or more. Raises 400."""
    text = request.query.get(key, f"{default:g}")
    found = float(text) if NUMBER.fullmatch(text) else math.nan
    if not 0 <= found <= LARGEST:
        raise web.HTTPBadRequest(text=f"{key} must be a number, 0 or more, not {text!r:.40}.")
    return found


def whole_number(request: web.Request, key: str, default: int, *, least: int = 0, most: int = LARGEST) -> int:
    """Return a whole-number query parameter, or `default`. Raises 400 outside `least` to `most`."""
    found = number(request, key, default)
    if not (least <= found <= most and found.is_integer()):
        raise web.HTTPBadRequest(text=f"{key} must be a whole number from {least} to {most}.")
    return int(found)
