"""The corpus as a table: what each mail shows, what is read, what comes of it, and whether that is right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mailbot.parsing import carriers
from mailbot.parsing.mail_parser import StyleRequest
from tests.emails.corpus import Case

#: Where the table is kept.
DOCUMENT = Path(__file__).parents[2] / "docs" / "corpus.md"
COLUMNS = ("case", "what it shows", "what is read", "what comes of it", "")
#: Characters of a subject or a text that are shown.
_SHOWN = 40
_ORDINARY = {"paint", "count", "max_bytes", "strength", "keep_colors"}


def row(case: Case) -> tuple[str, ...]:
    """The cells of one case."""
    read = _read(case.request) if case.request else "nothing"
    return case.name, case.shows, read, _outcome(case), "✗" if case.differences else "✓"


def document(cases: Sequence[Case]) -> str:
    """The table as Markdown."""
    rows = [row(case) for case in cases]
    right = sum(cells[-1] == "✓" for cells in rows)
    lines = [
        "# The corpus: mails as they really come",
        "",
        "Made by `make corpus` from the mails in `tests/emails`, each with its expected reading beside it.",
        "The mails are our own, in the shapes that phones, carriers and mail programs give to theirs.",
        "",
        f"{right} of {len(rows)} are read as they should be.",
        "",
        "|" + "|".join(f" {column} " for column in COLUMNS) + "|",
        "|" + "---|" * len(COLUMNS),
    ]
    return (
        "\n".join([*lines, *("|" + "|".join(f" {_cell(c)} " for c in cells) + "|" for cells in rows)]) + "\n"
    )


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _read(request: StyleRequest) -> str:
    carrier = carriers.of(request.sender)
    who = f"{carrier} phone" if carrier else "mail" if request.sender else "nobody"
    kinds = [photo.kind or "no image" for photo in request.images]
    photos = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)) or "no photo"
    words = [_quoted(request.subject), _quoted(request.text)]
    return f"{who}: {photos}; {' / '.join(word for word in words if word) or 'no words'}"


def _quoted(words: str) -> str:
    line = " ".join(words.split())
    return f"“{line[:_SHOWN]}…”" if len(line) > _SHOWN else f"“{line}”" if line else ""


def _outcome(case: Case) -> str:
    request, command = case.request, case.expected["command"]
    if request is None:
        return "quarantine"
    if case.expected["silence"]:
        return f"silence: {case.expected['silence']}"
    if case.expected.get("unsupported") and (command is None or "no_image" in command):
        return f"told: {case.expected['unsupported']}"
    return _told(command) if command else "—"


def _spaced(key: str) -> str:
    """`no_image` and `ListStyles` as words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", key).lower()


def _told(command: dict[str, Any]) -> str:
    if "paint" not in command:
        return ", ".join(f"told: {_spaced(key)}" for key in command)
    count = f" × {command['count']}" if command["count"] > 1 else ""
    strength = f", {command['strength']:.0%}" if "strength" in command else ""
    colors = ", colours kept" if command.get("keep_colors") else ""
    phone = ", for a phone" if "max_bytes" in command else ""
    others = "".join(f", {key} {value}" for key, value in command.items() if key not in _ORDINARY)
    return f"{command['paint']}{count}{strength}{colors}{others}{phone}"
