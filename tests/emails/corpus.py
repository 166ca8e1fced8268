"""The corpus, read: each mail's reading as it is and as it should be.

Case     one mail and what is expected of it
cases    all of them, by name
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mailbot.intents import commands
from mailbot.intents.command_types import Paint
from mailbot.parsing.carriers import PHONE
from mailbot.parsing.mail_parser import ParseError, StyleRequest, parse_email
from mailbot.sender_policy import silence
from styles.contract import StyleOptions
from styles.errors import NoImage, UnknownStyle
from tests.fakes.mailbot.bot import ADDRESS
from tests.fakes.mailbot.mails import STYLES, deep

FOLDER = Path(__file__).parent
DEFAULT_STYLE = "udnie"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One mail."""

    name: str
    raw: bytes
    expected: dict[str, Any]

    @cached_property
    def request(self) -> StyleRequest | None:
        """What is read of it; None if nothing can be."""
        try:
            return parse_email(self.raw)
        except ParseError:
            return None

    @property
    def shows(self) -> str:
        """Why it is in the corpus."""
        return str(self.expected.get("shows") or f"Never answered: {self.expected['silence']}")

    @property
    def found(self) -> dict[str, Any]:
        """The reading, in the form of the expected one."""
        request = self.request
        if request is None:
            return {"unreadable": True}
        found = {
            "sender": request.sender,
            "subject": request.subject,
            "text": request.text,
            "images": [{"name": i.name, "sha256": i.sha256, "kind": i.kind} for i in request.images],
            "silence": silence.silence(request, frozenset({ADDRESS})),
            "unsupported": request.unsupported,
            "message_id": request.message_id,
            "references": list(request.references),
        }
        return found if self.expected["command"] is None else found | {"command": described(request)}

    @property
    def differences(self) -> dict[str, tuple[Any, Any]]:
        """What is expected and what was found, where they differ."""
        usual = {"unsupported": "", "message_id": f"<{self.name}@mail.example>", "references": []}
        wanted = usual | self.expected
        return {
            field: (wanted.get(field), found)
            for field, found in self.found.items()
            if wanted.get(field) != found
        }


def described(request: StyleRequest) -> dict[str, object]:
    """What the mail asks for, in the form of the files."""
    try:
        command = commands.read(request, STYLES, DEFAULT_STYLE, "m1", own=(ADDRESS,))
    except UnknownStyle as error:
        return {"unknown": error.name}
    except NoImage:
        return {"no_image": True}
    if not isinstance(command, Paint):
        return {type(command).__name__: True}
    job = command.jobs[0]
    found: dict[str, object] = {"paint": "all styles" if job.sheet else job.style, "count": len(command.jobs)}
    plain = StyleOptions()
    for name in ("strength", "keep_colors"):
        if getattr(job.options, name) != getattr(plain, name):
            found[name] = getattr(job.options, name)
    if job.options.max_bytes == PHONE.max_bytes:
        found["max_bytes"] = PHONE.max_bytes
    return found


def cases() -> list[Case]:
    """The whole corpus, by name."""
    kept = [
        Case(
            name=mail.stem, raw=mail.read_bytes(), expected=json.loads(mail.with_suffix(".json").read_text())
        )
        for mail in FOLDER.glob("*.eml")
    ]
    made = Case(  # too large to keep
        name="hostile-3000-levels",
        raw=deep(3000),
        expected={
            "shows": "3,000 parts within each other: set aside, since no person wrote it",
            "silence": None,
            "command": None,
            "unreadable": True,
        },
    )
    return sorted([*kept, made], key=lambda case: case.name)
