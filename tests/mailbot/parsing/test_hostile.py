"""Hostile mail: whatever the bytes and the structure, nothing escapes and no mail blocks the next."""

from __future__ import annotations

import email.policy
from email import message_from_bytes

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mailbot.parsing import headers
from mailbot.parsing.mail_parser import ParseError, parse_email
from mailbot.parsing.photos import MAX_PHOTOS
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import RawMessage
from mailbot.storage.mail_keys import dedupe_key
from tests.emails.corpus import cases
from tests.fakes.mailbot.bot import Folder, answering, asking, until_census, until_settled
from tests.fakes.mailbot.ledger import census
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.parsing.hostile_mails import encoded, structures, words
from tests.fakes.mailbot.parsing.mutants import mutants
from tests.fakes.mailbot.parsing.pure_responder import fate_of, flaws
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

#: The same examples every time: a failure in CI is a failure here.
hostile = settings(
    max_examples=150, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


#: An encoded word that is left when its encoding is undone: the standard library would undo it again.
TWICE = "=?utf-8?q?=0D=0ABcc:_eve@evil.example?="


def holds(raw: bytes) -> None:
    """Nothing but ParseError, within the limits, and whatever answer there is has no flaw."""
    try:
        request = parse_email(raw)
    except ParseError:
        request = None
    if request is not None:
        assert len(request.images) <= MAX_PHOTOS
        assert all(character.isprintable() for character in request.subject)
        assert all(i.isascii() and i.isprintable() for i in (request.message_id, *request.references))
    assert flaws(fate_of(raw)) == []


@hostile
@given(st.binary(max_size=2_000))
@example(b"")
@example(b"\r\n")
def test_any_bytes(raw: bytes) -> None:
    holds(raw)


@hostile
@given(st.binary(max_size=500))
def test_any_bytes_behind_a_sender(raw: bytes) -> None:
    holds(b"From: jane@mail.example\r\n" + raw)


@hostile
@given(structures)
def test_any_structure(raw: bytes) -> None:
    holds(raw)


@hostile
@given(subject=words, name=words, file=words)
@example(subject="a\r\nBcc: eve@evil.example", name="b\nBcc: eve@evil.example", file='c"\r\nBcc: d@e.example')
@example(subject=TWICE, name="", file="")
@example(subject="", name=TWICE, file="")
@example(subject="", name="", file=TWICE)
def test_no_field_is_written_by_a_subject_a_name_or_a_file(subject: str, name: str, file: str) -> None:
    raw = (
        b"From: %s <jane@mail.example>\r\nSubject: %s\r\nMessage-ID: <%s@mail.example>\r\n"
        b"Content-Type: image/jpeg; name=%s\r\n\r\n%s"
    ) % (encoded(name), encoded(subject), encoded(file), encoded(file), photo(48, 48))
    fate = fate_of(raw)
    assert fate.answer is not None
    assert flaws(fate) == []
    answer = message_from_bytes(fate.answer, policy=email.policy.default)
    for part in answer.walk():
        assert part["Bcc"] is None
        assert "\n" not in (part.get_filename() or "")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x85", "\v", "\f", "\0", "\x1e"])
@pytest.mark.parametrize("fold", [" ", "\t", ""])
def test_every_end_of_a_line_is_a_space(end: str, fold: str) -> None:
    assert headers.clean(f"a{end}{fold}Bcc: b") in ("a Bcc: b", "aBcc: b")


async def test_no_mail_blocks_the_next(ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> None:
    originals = [case.raw for case in cases() if len(case.raw) < 100_000]
    hostiles = list(mutants(originals, 200, seed=11))
    inbox = Folder(*hostiles, asking())
    different = {
        dedupe_key(RawMessage(account="a", folder="b", uidvalidity=1, uid=1, body=raw, size=len(raw)))
        for raw in hostiles
    }
    async with answering(inbox, ledger, balancer, sink, replies_per_hour=1_000):
        await until_settled(ledger, len(different) + 1)
        await until_census(ledger, "outbox.pending", 0)
    assert "<1@example.org>" in [answer["In-Reply-To"] for answer in sink.messages]
    messages = await census(ledger)
    assert messages["message.done"] > len(different) // 2
    assert messages.get("message.quarantined", 0) < len(different) // 10
