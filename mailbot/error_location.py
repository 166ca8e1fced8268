"""Describe unexpected errors in the log without their messages, which may quote a mail."""

from __future__ import annotations

import traceback
from pathlib import PurePath

#: Stack frames that are named, from the innermost outwards.
_PLACES = 6


def where(error: BaseException) -> str:
    """Return an error's type and place, such as `KeyError at commands.py:88 read < bot.py:270 _fulfil`."""
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    places = [f"{PurePath(code.co_filename).name}:{line} {code.co_name}" for code, line in reversed(frames)]
    return f"{type(error).__name__} at {' < '.join(places[:_PLACES])}"
