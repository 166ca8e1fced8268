"""Where the bot is killed, and in which order.

POINTS         every place, in the order of a mail's walk, and the kind of mail that passes it
LMTP_POINTS    the same where a mail server hands the mails over
plan           which place, at which crossing
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence


def _sides(name: str, kind: str = "photo", sides: Sequence[str] = ("before", "after")) -> dict[str, str]:
    return {f"{name}: {side}": kind for side in sides}


#: Every place, and the kind of mail that passes it.
POINTS: dict[str, str] = {
    **_sides("commit open"),
    **_sides("commit recover"),
    **_sides("commit write"),  # the pulse
    **_sides("imap LOGIN", sides=("sent", "answered")),
    **_sides("imap SELECT", sides=("sent", "answered")),
    **_sides("imap SEARCH", sides=("sent", "answered")),
    **_sides("imap FETCH", sides=("sent", "answered")),
    **_sides("spool write", sides=("half",)),
    **_sides("spool fsync"),
    **_sides("spool rename"),
    **_sides("folder fsync"),
    **_sides("commit accept"),
    **_sides("imap MOVE", sides=("before", "sent", "answered")),
    **_sides("commit filed"),
    **_sides("imap IDLE", sides=("sent",)),
    **_sides("commit lease"),
    **_sides("parse"),
    **_sides("commit noted"),
    **_sides("commit muted"),
    **_sides("commit admit"),
    **_sides("balancer", sides=("before", "sent", "answered")),
    **_sides("commit finish"),
    **_sides("spool unlink", "help"),  # a mail with photos stays
    **_sides("commit take"),
    **_sides("smtp EHLO", sides=("sent", "answered")),
    **_sides("smtp MAIL", sides=("before", "sent", "answered")),
    **_sides("smtp RCPT", sides=("sent", "answered")),
    **_sides("smtp DATA", sides=("sent", "answered")),
    **_sides("smtp body", sides=("before", "sent", "answered")),
    **_sides("commit sent"),
    **_sides("commit silence", "silent"),
    **_sides("commit quarantine", "unparseable"),
    **_sides("commit copying", "unparseable"),
    **_sides("imap APPEND", "unparseable", ("before", "sent", "literal sent", "answered")),
    **_sides("commit placed", "unparseable"),
    **_sides("commit set_aside", "unparseable"),
    **_sides("commit postpone", "busy"),
    **_sides("commit failed_unexpectedly", "stumbling"),
    **_sides("commit deferred", "delayed"),
    **_sides("commit failed", "refused"),
    **_sides("commit forget", "forgetting"),
    **_sides("commit erase_due", "forgetting"),
    **_sides("commit settled", "forgetting"),
    **_sides("commit release", "stopped"),
}
#: What only a bot with a mailbox passes.
_OF_MAILBOX = (
    "imap ",
    "commit filed",
    "commit copying",
    "commit placed",
    "commit set_aside",
    "commit settled",
)
#: Where a mail comes in by LMTP, from its last byte on.
LMTP_WAY_IN: dict[str, str] = {
    **_sides("lmtp body", sides=("received",)),
    **_sides("commit accept"),
    **_sides("lmtp taken", sides=("before", "sent")),
}
LMTP_POINTS: dict[str, str] = {
    **{point: kind for point, kind in POINTS.items() if not point.startswith(_OF_MAILBOX)},
    **_sides("lmtp command", sides=("before", "sent")),
    **_sides("lmtp DATA", sides=("before", "sent")),
    **LMTP_WAY_IN,
}
#: These commit nothing: they only read.
READS = {
    f"commit {name}: {side}"
    for name in ("_is_deletion_open", "is_anything_to_clear", "folders", "to_clear")
    for side in ("before", "after")
}
#: Passed once in a life, or as good as.
ONCE = (
    "commit open",
    "commit recover",
    "commit write",
    "commit release",
    "imap LOGIN",
    "imap SELECT",
    "smtp EHLO",
)


def plan(times: int, seed: int = 0, points: Iterable[str] = tuple(POINTS)) -> list[tuple[str, int]]:
    """Every point at its first crossing, and `times - 1` times at a later one, shuffled."""
    rng = random.Random(seed)
    kills = [(point, 1) for point in points]
    for point in points:
        highest = 1 if point.startswith(ONCE) else 3
        kills += [(point, rng.randint(min(2, highest), highest)) for _ in range(times - 1)]
    rng.shuffle(kills)
    return kills
