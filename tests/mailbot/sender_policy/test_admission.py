"""Whom the whole bot answers, as its config says, and how it deals with what came back."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mailbot.config import Mail
from mailbot.languages.translator import translator
from mailbot.parsing.headers import without_tag
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.providers import SENDS_PER_DAY
from mailbot.sender_policy import silence as silence_rules
from mailbot.sender_policy.admission import REASONS, UNVERIFIED_PER_DAY, OverLimit, listed, welcome
from mailbot.storage import erasure
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import RawMessage
from tests.fakes.mailbot.bot import ADDRESS, Folder, answering, asking, text_of, until_census
from tests.fakes.mailbot.ledger import numbered
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

CORPUS = Path(__file__).parent.parent.parent / "emails"
ANN, BOB = "ann@example.org", "bob@example.net"
SERVER = "mx.painter.example"
#: What the servers of the tests log, in the same process.
FAKES = ("aiohttp.access", "mail.log")


def written(number: int, sender: str = ANN, **fields: str) -> bytes:
    return mail("mosaic", "", None, sender, message_id=f"<{number}@example.org>", **fields)


def seen(said: str) -> dict[str, str]:
    """As our own mail server saw it."""
    return {"Authentication_Results": f"{SERVER}; {said} header.from=example.org"}


def raw(body: bytes) -> RawMessage:
    return RawMessage(account="a", folder="INBOX", uidvalidity=9, uid=1, body=body, size=len(body))


async def answered(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, *mails: bytes, **settings: Any
) -> list[str]:
    """The ids of those mails that the bot answers, once all are dealt with."""
    async with answering(Folder(*mails), ledger, balancer, sink, None, **settings):
        await until_settled(ledger, len(mails))
    return sorted(str(answer["In-Reply-To"]) for answer in sink.messages)


async def until_settled(ledger: Ledger, count: int) -> None:
    """Until `count` mails in all are answered or never will be, and the answers sent."""
    query = """SELECT (SELECT count(*) FROM message WHERE state IN ('done', 'silent')),
        (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'))"""
    async with asyncio.timeout(60):
        while await rows(ledger, query) != [(count, 0)]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def rows(ledger: Ledger, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await ledger.transact(lambda db: db.execute(query).fetchall())]


async def reasons(ledger: Ledger) -> list[str]:
    """Why mails were not answered, in their order."""
    return [
        reason
        for (reason,) in await rows(ledger, "SELECT reason FROM message WHERE state = 'silent' ORDER BY id")
    ]


# Lists


async def test_a_denied_sender_gets_silence_even_when_allowed(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    lists = {"allow": ["@example.org", "bob@*"], "deny": ["ann@example.org"]}
    mails = [
        written(1),
        written(2, sender="eve@example.org"),
        written(3, sender=BOB),
        written(4, sender="x@y.example"),
    ]
    assert await answered(ledger, balancer, sink, *mails, **lists) == ["<2@example.org>", "<3@example.org>"]
    assert await reasons(ledger) == ["deny or allow list"] * 2


async def test_a_friends_name_does_not_let_a_stranger_in(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    assert await answered(ledger, balancer, sink, written(1, Reply_To=BOB), allow=[ANN]) == []


async def test_an_alias_is_an_address_of_our_own(ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> None:
    mails = [written(1, sender="paint@painter.example"), written(2, sender="paint+candy@painter.example")]
    assert await answered(ledger, balancer, sink, *mails, aliases=["Paint@painter.example"]) == []


# Forged senders


async def test_what_our_server_calls_forged_gets_silence(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    mails = [written(1, **seen("dmarc=fail")), written(2, **seen("dmarc=pass"))]
    assert await answered(ledger, balancer, sink, *mails, authserv_id=[SERVER]) == ["<2@example.org>"]
    assert await reasons(ledger) == ["forged sender"]


async def test_nothing_is_believed_unless_the_config_says_whom(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    assert await answered(ledger, balancer, sink, written(1, **seen("dmarc=fail"))) == ["<1@example.org>"]


@pytest.mark.parametrize(
    "fields", [{}, {"Reply_To": BOB, **seen("dmarc=pass")}], ids=["no result", "reply-to"]
)
async def test_who_may_be_somebody_else_gets_few_answers_and_no_notice(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, fields: dict[str, str]
) -> None:
    mails = [written(number, **fields) for number in range(UNVERIFIED_PER_DAY + 2)]
    assert len(await answered(ledger, balancer, sink, *mails, authserv_id=[SERVER])) == UNVERIFIED_PER_DAY
    assert len(balancer.jobs) == UNVERIFIED_PER_DAY
    assert await reasons(ledger) == ["too many mails"] * 2


@pytest.mark.parametrize(
    ("said", "trusted", "left"),
    [("dmarc=none", [SERVER], 1), ("dmarc=pass", [SERVER], 0), ("dmarc=none", [], 0)],
    ids=["not proven", "proven", "nobody can tell"],
)
async def test_a_request_to_delete_must_be_its_senders_own(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, said: str, trusted: list[str], left: int
) -> None:
    body = mail("delete my photos", "", (), ANN, message_id="<2@example.org>", **seen(said))
    assert await ledger.accept(replace(raw(numbered(1)), uid=99))
    (victim,) = await ledger.lease(1)
    await ledger.transact(lambda db: erasure.noted(db, victim.id, ANN, 0.0))
    await ledger.postpone(victim, time.time() + 3600, "the painters are away")
    async with answering(Folder(body), ledger, balancer, sink, None, authserv_id=trusted):
        (answer,) = await sink.wait_for(1)
    waiting = await rows(ledger, "SELECT 1 FROM message WHERE id = 1 AND state = 'accepted'")
    assert len(waiting) == left
    assert ("I deleted nothing" in text_of(answer)) == bool(left)


# Caps


async def test_tags_do_not_make_one_sender_many(ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> None:
    mails = [written(number, sender=f"Ann+{number}@example.org") for number in range(4)]
    await answered(ledger, balancer, sink, *mails, replies_per_hour=2)
    assert len(balancer.jobs) == 2


async def test_the_days_cap_is_never_below_the_hours(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    mails = [written(number) for number in range(3)]
    assert len(await answered(ledger, balancer, sink, *mails, replies_per_hour=3, replies_per_day=1)) == 3


async def test_over_the_total_a_photo_waits_and_is_not_lost(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    inbox = Folder(written(1), written(2, sender=BOB))
    async with answering(inbox, ledger, balancer, sink, None, replies_per_day_total=1):
        await until_census(ledger, "outbox.sent")
        await until_census(ledger, "message.accepted")
    assert len(sink.received) == 1
    # A day later, by the ledger: its clock is moved by moving what it has noted.
    await ledger.transact(
        lambda db: db.execute("UPDATE message SET parsed_at = parsed_at - 86400, next_at = 0")
    )
    async with answering(Folder(), ledger, balancer, sink, None, replies_per_day_total=1):
        await sink.wait_for(2)
    assert len(balancer.jobs) == 2


async def test_a_mail_that_waited_has_its_hours_of_retries_still(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailbot.bot.FIRST_DELAY", 0.01)
    balancer.faults.append((502, "The painter stopped.", "RunnerDied"))
    message = await ledger.accept(raw(written(1)))
    assert message
    query = "UPDATE message SET accepted_at = accepted_at - 86400, held_until = accepted_at"
    await ledger.transact(lambda db: db.execute(query))
    async with answering(Folder(), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert any(part.get_content_type() == "image/jpeg" for part in answer.walk())


# Stop and start


async def test_stop_is_confirmed_once_and_start_is_heard(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    inbox = Folder()
    said = ["mosaic", "stop", "mosaic", "stop", "help", "start", "mosaic"]
    async with answering(inbox, ledger, balancer, sink):
        for number, subject in enumerate(said, start=1):
            inbox.put(asking(number, style=subject, photos=int(subject == "mosaic")))
            await until_settled(ledger, number)
    assert [answer["In-Reply-To"] for answer in sink.messages] == [f"<{n}@example.org>" for n in (1, 2, 6, 7)]
    assert await reasons(ledger) == ["asked us to stop"] * 3


async def test_stop_is_heard_where_no_answer_is_left(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    inbox = Folder()
    async with answering(inbox, ledger, balancer, sink, None, replies_per_hour=1):
        for number, subject in enumerate(["help", "help", "stop"], start=1):
            inbox.put(asking(number, style=subject, photos=0))
            await until_settled(ledger, number)
    assert len(sink.received) == 2
    assert await rows(ledger, "SELECT count(*) FROM muted") == [(1,)]


# Bounces


async def test_a_bounce_is_noted_at_its_answer_and_is_final(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    late, back, another = (
        (CORPUS / f"bounce-{name}.eml").read_bytes() for name in ("postfix-delayed", "postfix", "of-another")
    )
    ours = b"<5f0c1d7e93ab42d68e10c4b7a95f3d2e61b8047c@painter.example>"
    query = "SELECT bounce, bounced_at IS NULL, state FROM outbox ORDER BY id"
    inbox = Folder(written(1))
    async with answering(inbox, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        inbox.put(written(2))
        await until_settled(ledger, 2)
        sent = str(answer["Message-ID"]).encode()
        for number, (report, wanted) in enumerate(
            [
                (another, ""),
                (late, "delayed 4.4.1"),
                (back, "failed 5.1.1"),
                (late + b"\r\n", "failed 5.1.1"),
            ],
            start=3,
        ):
            inbox.put(report.replace(ours, sent))
            await until_settled(ledger, number)
            first, second = await rows(ledger, query)
            assert first == (wanted, not wanted.startswith("failed"), "sent")
            assert second == ("", 1, "sent")
    assert len(sink.received) == 2


async def test_an_address_whose_answers_come_back_is_left_alone(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    sink.refused = ("example.org",)
    inbox = Folder()
    async with answering(inbox, ledger, balancer, sink):
        for number in range(1, 6):
            inbox.put(written(number))
            await until_settled(ledger, number)
    assert len(balancer.jobs) == 3
    assert await reasons(ledger) == ["answers came back"] * 2


# Logs and reasons


async def test_the_log_holds_nothing_of_a_mail(
    ledger: Ledger,
    balancer: FakeBalancer,
    sink: Sink,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mailbot.bot.FIRST_DELAY", 0.001)
    secret = "Zanzibar"
    kept = photo()

    def images(name: str) -> list[tuple[str, bytes]]:
        return [(f"{secret}{name}.jpg", kept)]

    bounce = (CORPUS / "bounce-postfix.eml").read_bytes().replace(b"jane@", secret.encode() + b"@")
    mails = [
        mail(secret, f"{secret} text", images("a"), sender=f"{secret}@example.org", message_id="<1@x>"),
        mail("mosaic", "", images("b"), sender=f"{secret}@example.org", message_id="<2@x>"),
        mail("mosaic", "", images("c"), Auto_Submitted=secret, message_id="<3@x>"),
        mail("mosaic", "", images("d"), sender=f"{secret}@refused.example", message_id="<4@x>"),
        mail(f"{secret} boom", "", [], sender=f"{secret}@example.net", message_id="<5@x>"),
        bounce,
    ]
    read = silence_rules.silence

    def silence(request: StyleRequest, own: frozenset[str]) -> str | None:
        if "boom" in request.subject:
            raise KeyError(f"{request.sender} {request.subject}")
        return read(request, own)

    monkeypatch.setattr("mailbot.sender_policy.silence.silence", silence)
    sink.refused = ("refused.example",)
    with caplog.at_level(logging.INFO):
        async with answering(Folder(*mails), ledger, balancer, sink):
            await until_census(ledger, "message.quarantined")
            await until_settled(ledger, 5)
    ours = [record for record in caplog.records if not record.name.startswith(FAKES)]
    said = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in ours)
    assert "met an unexpected error: KeyError at" in said
    assert secret not in said
    assert "@" not in said.replace(ADDRESS, "")


async def test_every_silent_mail_of_the_corpus_has_a_reason_of_the_list(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    mails = [path.read_bytes() for path in sorted(CORPUS.glob("silent-*.eml"))]
    assert await answered(ledger, balancer, sink, *mails) == []
    assert {why.partition(":")[0].partition("-")[0] for why in await reasons(ledger)} <= {
        reason.partition("-")[0] for reason in REASONS
    }


def test_a_notice_says_when() -> None:
    notice = OverLimit(1_795_521_600.0)
    said = translator("").gettext(notice.template, **notice.fields)
    assert "after 12:01 UTC on 24 November" in said


def test_the_document_explains_every_reason_and_no_other() -> None:
    text = (CORPUS.parent.parent / "docs" / "never-answer.md").read_text()
    explained = re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)
    limits = {name for name in explained if name.startswith(("replies_per", "notes_per"))}
    assert set(explained) - limits == set(REASONS)


def test_the_document_has_the_numbers_of_the_code() -> None:
    text = (CORPUS.parent.parent / "docs" / "never-answer.md").read_text()
    mail = Mail()
    assert f"| {mail.replies_per_hour}, {mail.replies_per_day} to one sender |" in text
    assert f"| {mail.notes_per_hour} to mails without a photo |" in text
    assert f"| {UNVERIFIED_PER_DAY} in a day |" in text
    assert f"| {SENDS_PER_DAY['smtp.gmail.com']} by smtp.gmail.com" in text


# The lists of the config


def test_a_tag_is_no_other_person() -> None:
    assert without_tag("Ann+Photos@Example.org") == "ann@example.org"
    assert without_tag("+ann@example.org") != "@example.org"


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("ann@example.org", True),
        ("ANN@Example.ORG", True),
        ("ann+photos@example.org", True),
        ("@example.org", True),
        ("*@example.org", True),
        ("a?n@*", True),
        ("[ab]nn@example.*", True),
        ("@ample.org", False),
        ("@org", False),
        ("*@*.example.org", False),
        ("bob@example.org", False),
        ("ann@example.orga", False),
        ("nn@example.org", False),
    ],
)
def test_patterns(pattern: str, found: bool) -> None:
    assert listed("Ann+photos@example.org", [pattern]) is found


def test_deny_wins_and_an_allow_list_names_all_who_may_come() -> None:
    ann, bob = "ann@example.org", "bob@example.net"
    assert welcome([ann], allow=(), deny=())
    assert welcome([ann], allow=["@example.org"], deny=())
    assert not welcome([bob], allow=["@example.org"], deny=())
    assert not welcome([ann], allow=["@example.org"], deny=["ann@*"])
    assert not welcome([ann, bob], allow=["@example.org"], deny=())
    assert not welcome([ann, bob], allow=(), deny=[bob])
