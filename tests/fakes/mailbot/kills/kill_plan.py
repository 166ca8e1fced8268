"""Where the bot is killed, and in which order.

POINTS         every place, in the order of a mail's walk, and the kind of mail that passes it
LMTP_POINTS    the same where a mail server hands the mails over
plan           which place, at which crossing
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence


def sides(name: str, kind: str = "photo", sides: Sequence[str] = ("before", "after")) -> dict[str, str]:
    """The sides of a place, with the kind of message that passes it."""
    return {f"{name}: {side}": kind for side in sides}


#: Every place, and the kind of mail that passes it.
POINTS: dict[str, str] = {
    **sides("commit open"),
    **sides("commit recover"),
    **sides("commit write"),  # the pulse
    **sides("imap LOGIN", sides=("sent", "answered")),
    **sides("imap SELECT", sides=("sent", "answered")),
    **sides("imap SEARCH", sides=("sent", "answered")),
    **sides("imap FETCH", sides=("sent", "answered")),
    **sides("spool write", sides=("half",)),
    **sides("spool fsync"),
    **sides("spool rename"),
    **sides("folder fsync"),
    **sides("commit accept"),
    **sides("imap MOVE", sides=("before", "sent", "answered")),
    **sides("commit filed"),
    **sides("imap IDLE", sides=("sent",)),
    **sides("commit lease"),
    **sides("parse"),
    **sides("commit noted"),
    **sides("commit muted"),
    **sides("commit admit"),
    **sides("commit note_language"),  # the language of a thread
    **sides("balancer", sides=("before", "sent", "answered")),
    **sides("commit make", "closed"),
    **sides("commit finish"),
    **sides("spool unlink", "help"),  # a mail with photos stays
    **sides("commit take"),
    **sides("smtp EHLO", sides=("sent", "answered")),
    **sides("smtp MAIL", sides=("before", "sent", "answered")),
    **sides("smtp RCPT", sides=("sent", "answered")),
    **sides("smtp DATA", sides=("sent", "answered")),
    **sides("smtp body", sides=("before", "sent", "answered")),
    **sides("commit sent"),
    **sides("commit silence", "silent"),
    **sides("commit quarantine", "unparseable"),
    **sides("commit copying", "unparseable"),
    **sides("imap APPEND", "unparseable", ("before", "sent", "literal sent", "answered")),
    **sides("commit placed", "unparseable"),
    **sides("commit set_aside", "unparseable"),
    **sides("commit postpone", "busy"),
    **sides("commit failed_unexpectedly", "stumbling"),
    **sides("commit deferred", "delayed"),
    **sides("commit failed", "refused"),
    **sides("commit forget", "forgetting"),
    **sides("commit erase_due", "forgetting"),
    **sides("commit settled", "forgetting"),
    **sides("commit release", "stopped"),
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
    **sides("lmtp body", sides=("received",)),
    **sides("commit accept"),
    **sides("lmtp taken", sides=("before", "sent")),
}
LMTP_POINTS: dict[str, str] = {
    **{point: kind for point, kind in POINTS.items() if not point.startswith(_OF_MAILBOX)},
    **sides("lmtp command", sides=("before", "sent")),
    **sides("lmtp DATA", sides=("before", "sent")),
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
    "twilio list",
    "twilio media list",
    "commit add_missed",
    "commit listed",
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
