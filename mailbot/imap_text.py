"""How IMAP writes strings."""

from __future__ import annotations


def quoted(text: str) -> str:
    """A string as IMAP quotes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
