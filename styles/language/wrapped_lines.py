"""Join the lines of a text that a mail program wrapped."""

from __future__ import annotations

import re

#: Characters from which a line was probably broken by the mail program, not by its writer.
_WRAPPED = 60


def unwrapped(text: str) -> str:
    """Join the lines that a mail program wrapped."""
    lines = text.splitlines()
    out: list[str] = []
    for before, line in zip(["", *lines], lines, strict=False):
        is_wrapped = (
            len(before) >= _WRAPPED and line[:1].strip() and not re.search(r"[.!?:;。！？]\s*$", before)
        )
        out.append(" " if is_wrapped else "\n")
        out.append(line)
    return "".join(out)
