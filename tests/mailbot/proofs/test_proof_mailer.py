from __future__ import annotations

import asyncio
import sqlite3
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from typing import Any

import pytest

from mailbot.config import Smtp
from mailbot.languages.translator import translator
from mailbot.outbox import Outbox
from mailbot.parsing.headers import clean
from mailbot.parsing.mail_parser import StyleRequest, parse_email
from mailbot.proofs import proof_mailer as module
from mailbot.proofs.proof_mailer import LiveNotProven
from mailbot.sender_policy import suppression
from mailbot.storage.keyed_hash import pseudonym, secret_of
from mailbot.transport.credentials import Password
from registry.client import WaitingProof
from styles.errors import Permanent, RegistryUnavailable
from styles.language.lexicon import LANGUAGES
from styles.service.asyncio_tasks import cancel
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.proofs import ADDRESS, Proofs
from tests.fakes.mailbot.servers.smtp import Sink


async def rows(proofs: Proofs) -> list[dict[str, Any]]:
    """What is in the outbox."""
    query = "SELECT outbox.*, content FROM outbox JOIN letter ON letter.outbox = outbox.id"
    return await proofs.ledger.read(lambda db: [dict(row) for row in db.execute(query)])


async def mailed(proofs: Proofs, monkeypatch: pytest.MonkeyPatch) -> EmailMessage:
    """The mail of the proof, which is in the outbox once however often the mailer looks."""
    monkeypatch.setattr(module, "INTERVAL_SECONDS", 0.01)
    running = asyncio.create_task(proofs.mailer.run())
    async with asyncio.timeout(60):
        await proofs.woken.wait()
        while await proofs.client.waiting():  # noqa: ASYNC110 - another process gives no event
            await asyncio.sleep(0.01)
    await cancel(running)
    (row,) = await rows(proofs)
    assert (row["recipient"], row["kind"], row["state"]) == (ADDRESS, "proof", "pending")
    return message_from_bytes(row["content"], policy=policy.default)


def answer(proof: EmailMessage, text: str = "live", sender: str = f"Ada <{ADDRESS}>") -> StyleRequest:
    references = {"In_Reply_To": str(proof["Message-ID"]), "References": str(proof["Message-ID"])}
    return parse_email(mail(f"Re: {proof['Subject']}", text, [], sender, **references))


async def test_the_proof_shows_both_versions_and_says_what_to_do(
    proofs: Proofs, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = await mailed(proofs, monkeypatch)
    assert proof["Subject"] == "Proof: Tiles, version 2"
    assert proof["Auto-Submitted"] == "auto-generated"
    plain = proof.get_body(("plain",))
    assert plain is not None
    text = " ".join(plain.get_content().split())
    for words in ("on the left as version 1, which is live", "the one word “live”", "“tiles@2”"):
        assert words in text
    pictures = [part for part in proof.walk() if part.get_content_type() == "image/jpeg"]
    assert len(pictures) == 4  # the stand-in paints both versions alike, and each picture comes once
    html = proof.get_body(("html",))
    assert html is not None
    assert html.get_content().count("<img") == 8
    for part in pictures:
        assert str(part["Content-ID"]).strip("<>") in html.get_content()


@pytest.mark.parametrize("text", ["live", "Live!", "Yes, make it live.\n\nAda", "go live"])
async def test_the_answer_live_makes_it_live(
    proofs: Proofs, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    proof = await mailed(proofs, monkeypatch)
    assert await proofs.mailer.going_live(answer(proof, text), lambda request: True)
    assert proofs.store.style("tiles").aliases == {"live": 2, "previous": 1}
    entry = proofs.store.audit(1)[0]
    assert (entry.by, entry.action, entry.version) == ("Ada", "promoted", 2)


@pytest.mark.parametrize("text", ["", "alive", "not live yet", "looks good", "delete my photos"])
async def test_other_answers_change_nothing(
    proofs: Proofs, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    proof = await mailed(proofs, monkeypatch)
    assert await proofs.mailer.going_live(answer(proof, text), lambda request: True) is None
    assert proofs.store.style("tiles").aliases["live"] == 1


async def test_what_is_not_proven_or_comes_from_others_is_refused(
    proofs: Proofs, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = await mailed(proofs, monkeypatch)
    with pytest.raises(LiveNotProven):
        await proofs.mailer.going_live(answer(proof), lambda request: False)
    with pytest.raises(Permanent, match="was not mailed to this address"):
        await proofs.mailer.going_live(answer(proof, sender="eve@example.org"), lambda request: True)
    proofs.store.tokens.revoke("Ada")
    with pytest.raises(Permanent, match="No token"):
        await proofs.mailer.going_live(answer(proof), lambda request: True)
    assert proofs.store.style("tiles").aliases["live"] == 1


async def test_an_id_that_somebody_made_up_is_no_proof(
    proofs: Proofs, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = await mailed(proofs, monkeypatch)
    proof.replace_header("Message-ID", str(proof["Message-ID"]).replace("tiles.2", "tiles.1"))
    assert await proofs.mailer.going_live(answer(proof), lambda request: True) is None


async def test_a_proof_that_could_not_be_noted_is_mailed_once(
    proofs: Proofs, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[Exception] = [RegistryUnavailable("it went away"), sqlite3.OperationalError("a full disk")]
    note = proofs.client.mailed

    async def failing(proof: WaitingProof) -> None:
        if failures:
            raise failures.pop()
        await note(proof)

    monkeypatch.setattr(proofs.client, "mailed", failing)
    await mailed(proofs, monkeypatch)
    assert failures == []


async def test_the_outbox_sends_it_as_it_sends_answers(
    proofs: Proofs, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = await mailed(proofs, monkeypatch)
    monkeypatch.setattr("mailbot.outbox.FIRST_DELAY", 0.01)
    sink.faults.append("451 later")
    smtp = Smtp(host=sink.host, port=sink.port, tls="none")
    outbox = Outbox(smtp, proofs.ledger, "bot@painter.example", Password(""))
    running = asyncio.create_task(outbox.run())
    (taken,) = await sink.wait_for(1)
    await cancel(running)
    await outbox.drain(5)
    assert (taken["Message-ID"], taken["To"]) == (proof["Message-ID"], proof["To"])


@pytest.mark.parametrize("code", LANGUAGES[1:])
async def test_it_is_in_the_language_of_the_artists_last_mail(
    proofs: Proofs, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    author = await proofs.ledger.read(lambda db: pseudonym(secret_of(db), ADDRESS))
    insert = """INSERT INTO message (dedupe, spool, size, oversized, accepted_at, author, language)
        VALUES (?, 'x', 9, 0, 0, ?, ?)"""
    for language in ("fr" if code != "fr" else "de", code, ""):  # the last one told nothing
        values = (f"a mail in {language}", author, language)
        await proofs.ledger.transact(lambda db, values=values: db.execute(insert, values))  # type: ignore[misc]
    proof = await mailed(proofs, monkeypatch)
    say = translator(code).gettext
    assert proof["Subject"] == clean(say("Proof: {title}, version {version}", title="Tiles", version=2), 99)
    html = proof.get_body(("html",))
    assert html is not None
    assert say("If you do nothing, nothing changes.") in unescape(html.get_content())
    assert f'lang="{translator(code).tag}"' in html.get_content()
    assert "“tiles@2”" not in html.get_content() or code in ("pt", "zh")


async def test_who_wrote_stop_gets_none(proofs: Proofs, monkeypatch: pytest.MonkeyPatch) -> None:
    who = proofs.ledger.known_as(ADDRESS)
    await proofs.ledger.transact(lambda db: suppression.mute(db, who, 1, 0.0))
    monkeypatch.setattr(module, "INTERVAL_SECONDS", 0.01)
    running = asyncio.create_task(proofs.mailer.run())
    async with asyncio.timeout(60):
        while await proofs.client.waiting():  # noqa: ASYNC110 - another process gives no event
            await asyncio.sleep(0.01)
    await cancel(running)
    assert await rows(proofs) == []
