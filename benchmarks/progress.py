"""How far a benchmark is: one line on a terminal, written over by the next; nothing where there is none."""

from __future__ import annotations

import sys


def progress(text: str = "") -> None:
    """Shows it in the place of what was shown before; nothing, to clear the line."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
