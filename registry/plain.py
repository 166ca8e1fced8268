"""Strangers' words for a log or a terminal: one line that obeys nothing but the alphabet."""

from __future__ import annotations


def plain(text: object) -> str:
    """As it reads, each character that does not print, such as a line's end or an escape, a mark instead."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(text))
