"""Show how far a benchmark is, in one line of a terminal; do nothing without a terminal."""

from __future__ import annotations

import sys


def progress(text: str = "") -> None:
    """Show the text in place of the one before; an empty text clears the line."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
