"""What needs a person, and how a screen says it."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from mailbot.admin.heartbeat import HeartbeatRow
from mailbot.admin.ledger_summary import (
    FailedReply,
    LedgerSizes,
    Overview,
    RecentMail,
    ReplyCounts,
    masked,
    without_addresses,
)
from mailbot.admin.status import Status, judge, poll_age
from mailbot.admin.status_screen import screen
from mailbot.config import Mail
from styles.service.units import DAY, HOUR

NOW = 1_000_000.0
BEAT = HeartbeatRow(pid=1, started_at=NOW - DAY, at=NOW - 1, polled_at=NOW - 5)
WELL = Overview(
    at=NOW,
    bot=BEAT,
    mails=dict.fromkeys(("accepted", "working", "done", "silent", "quarantined"), 0),
    oldest_mail=None,
    postponed=(),
    answers=dict.fromkeys(("pending", "sending", "sent", "failed", "bounced"), 0),
    oldest_answer=None,
    latest=(),
    refused=(),
    sizes=LedgerSizes(ledger=0, spool=0, spooled=0),
    channels={},
    codes={"waiting": 0, "redeemed": 0, "expired": 0},
    untold=0,
    hour=ReplyCounts(answers=0, people=0, most=0),
    day=ReplyCounts(answers=0, people=0, most=0),
)
REFUSED = FailedReply(id=1, recipient="a@b.example", at=NOW - HOUR, error="550 no", can_retry=True)
READY = {"registry": "ready", "balancer": "ready"}


def test_paintings_of_which_nobody_could_tell_need_a_person() -> None:
    (words,) = judge(replace(WELL, untold=2), READY, Mail())
    assert words == "2 paintings did not arrive: mailbot codes"


def test_nothing_needs_a_person_where_all_is_well() -> None:
    assert judge(WELL, READY, Mail()) == ()
    long_ago = replace(REFUSED, at=NOW - 2 * DAY)
    came_back = replace(REFUSED, can_retry=False)
    assert judge(replace(WELL, refused=(long_ago, came_back), oldest_mail=HOUR), READY, Mail()) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bot": None}, "not running"),
        ({"bot": replace(BEAT, stopped=True)}, "not running"),
        ({"bot": replace(BEAT, at=NOW - 60)}, "not running"),
        ({"bot": replace(BEAT, polled_at=NOW - HOUR)}, "not been looked into"),
        ({"bot": replace(BEAT, polled_at=None)}, "not been looked into"),
        ({"oldest_mail": HOUR + 1}, "Mails have waited"),
        ({"oldest_answer": HOUR + 1}, "Answers have waited"),
        ({"refused": (REFUSED,)}, "1 answer was refused"),
        ({"refused": (REFUSED, REFUSED)}, "2 answers were refused"),
        ({"mails": {**WELL.mails, "quarantined": 3}}, "3 mails are in quarantine"),
    ],
)
def test_what_needs_a_person_is_said_once(changes: dict[str, object], words: str) -> None:
    (said,) = judge(replace(WELL, **changes), READY, Mail())  # type: ignore[arg-type]
    assert words in said


def test_a_service_that_is_away_needs_one() -> None:
    assert judge(WELL, {**READY, "balancer": "away"}, Mail()) == ("The balancer is away.",)


def test_the_age_of_the_last_poll_grows_when_the_bot_has_died() -> None:
    assert poll_age(replace(WELL, bot=None)) is None
    assert poll_age(replace(WELL, at=NOW + DAY)) == DAY + 5
    assert poll_age(replace(WELL, bot=replace(BEAT, polled_at=None))) == DAY


def test_addresses_are_masked_wherever_they_stand() -> None:
    assert masked("jane@mail.example") == "j…@mail.example"
    assert masked("") == ""
    assert without_addresses("550 <jane@mail.example>: no such user") == "550 <j…@mail.example>: no such user"


def test_a_note_that_says_why_nothing_was_painted_is_called_no_error() -> None:
    last = RecentMail(
        id=1,
        accepted_at=NOW,
        sender="",
        kind="error",
        state="sent",
        seconds=1,
        engine_seconds=0,
        erased=False,
    )
    told = io.StringIO()
    status = Status(
        ledger=replace(WELL, latest=(last,)),
        mailbox="m",
        caps=dict.fromkeys(("replies_per_hour", "replies_per_day", "total_per_day"), 9),
        services=READY,
        attention=(),
    )
    Console(file=told, width=120).print(screen(status, addresses=False))
    assert "told why not" in told.getvalue()
    assert "error" not in told.getvalue()


def test_what_others_wrote_moves_no_cursor() -> None:
    refused = replace(REFUSED, error="550 \x1b[2J\u202eno\nuser " + "x" * 99)
    told = io.StringIO()
    status = Status(
        ledger=replace(WELL, refused=(refused,)),
        mailbox="m",
        caps=dict.fromkeys(("replies_per_hour", "replies_per_day", "total_per_day"), 9),
        services=READY,
        attention=(),
    )
    Console(file=told, width=160).print(screen(status, addresses=True))
    assert "550 \\x1b[2J\\u202eno user xxx" in told.getvalue()
    assert "x…" in told.getvalue()
