from __future__ import annotations

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from mailbot.parsing.parse import StyleRequest, parse_email
from mailbot.proofs import proof_mailer as module
from mailbot.proofs.proof_mailer import LiveNotProven
from styles.errors import Permanent
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.proofs import ADDRESS, Proofs
from tests.fakes.waiting import until


async def mailed(proofs: Proofs, monkeypatch: pytest.MonkeyPatch) -> EmailMessage:
    """The mail of the proof, which is mailed once however often the mailer looks."""
    monkeypatch.setattr(module, "INTERVAL_SECONDS", 0.01)
    running = asyncio.create_task(proofs.mailer.run())
    await until(lambda: bool(proofs.sent))
    async with asyncio.timeout(30):
        while await proofs.client.waiting():  # noqa: ASYNC110 - another process gives no event
            await asyncio.sleep(0.01)
    running.cancel()
    ((recipient, content),) = proofs.sent
    assert recipient == ADDRESS
    return message_from_bytes(content, policy=policy.default)


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
    for words in ("on the left version 1, which is live", "the one word “live”", "“tiles@2”"):
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


async def test_a_proof_that_could_not_be_sent_is_sent_later(
    proofs: Proofs, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [OSError("the mail server is away")]
    send = proofs.mailer._send

    async def failing(recipient: str, content: bytes) -> None:
        if failures:
            raise failures.pop()
        await send(recipient, content)

    monkeypatch.setattr(proofs.mailer, "_send", failing)
    await mailed(proofs, monkeypatch)
    assert failures == []
