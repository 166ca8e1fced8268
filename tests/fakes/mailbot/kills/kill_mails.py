"""Mails of every kind that the kill harness sends, and what is to become of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.fakes.mailbot.kills.death_points import STUMBLE
from tests.fakes.mailbot.mails import mail, photo

Fate = Literal["answered", "silent", "quarantined", "failed"]

#: Larger mails are answered without being downloaded; what has too many boundaries takes 72 kB.
MAX_BYTES = 100_000
#: What the SMTP server never takes mail for.
REFUSED = "@refused.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One mail as it is delivered, once or more often."""

    number: int
    kind: str
    body: bytes
    copies: int = 1

    @property
    def message_id(self) -> str:
        return f"<{self.number}@mail.example>"

    @property
    def fate(self) -> Fate:
        return FATES.get(self.kind, "answered")


def sample(kind: str, number: int) -> Sample:
    """The `number`-th mail; those of one number and kind are the same."""
    return Sample(
        number=number,
        kind=kind,
        body=KINDS.get(kind, _photos)(number),
        copies=2 if kind == "twin" else 1,
    )


def _mail(
    number: int, subject: str, count: int = 1, *, domain: str = "@example.org", text: str = ""
) -> bytes:
    pictures = [(f"p{n}.jpg", photo(160, 120, seed=10 * number + n)) for n in range(count)]
    sender = f"person{number}{domain}"
    return mail(subject, text, pictures, sender, message_id=f"<{number}@mail.example>")


def _photos(number: int) -> bytes:
    return _mail(number, "mosaic")


def _headed(head: bytes, body: bytes) -> bytes:
    return head + body


#: How a mail of each kind is made. "busy", "delayed" and "dropped" are photos that meet a fault on their way.
KINDS: dict[str, Callable[[int], bytes]] = {
    "photo": _photos,
    "photos": lambda number: _mail(number, "mosaic", 3),
    "twin": _photos,
    "help": lambda number: _mail(number, "help", 0),
    "unknown style": lambda number: _mail(number, "Picasso"),
    "oversized": lambda number: _mail(number, "mosaic", text="x" * 70 + "\n" + ("y" * 70 + "\n") * 1500),
    "silent": lambda number: _headed(b"Auto-Submitted: auto-replied\n", _mail(number, "mosaic")),
    "unparseable": lambda number: _headed(_mail(number, "mosaic", 0), b"boundary\n" * 8000),
    "refused": lambda number: _mail(number, "mosaic", domain=REFUSED),
    "closed": lambda number: _mail(number, "mosaic", domain="@tmomail.net"),
    "stumbling": lambda number: _headed(STUMBLE + b"%d\n" % number, _mail(number, "mosaic")),
    "forgetting": lambda number: _mail(number, "delete my photos", 0),
    "busy": _photos,
    "delayed": _photos,
    "dropped": _photos,
}
FATES: dict[str, Fate] = {"silent": "silent", "unparseable": "quarantined", "refused": "failed"}
#: Of twenty-one mails that come.
MIX = (
    *("photo",) * 6, *("photos",) * 2, "twin", "twin", "help", "unknown style", "oversized", "silent",
    "unparseable", "refused", "closed", "stumbling", "busy", "delayed", "dropped",
)  # fmt: skip
