"""Numbers in the query of a request, read as strictly as JSON writes them."""

from __future__ import annotations

import math
import re

from aiohttp import web

#: A JSON number that is not negative; float() reads more, such as "1_0", and the digits of any script.
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
#: The largest number: SQLite can hold it, and no other number becomes it as a float.
LARGEST = 2**53 - 1


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
