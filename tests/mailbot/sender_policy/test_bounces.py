"""What is read of mails that tell of an answer which came back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mailbot.sender_policy import bounces
from mailbot.sender_policy.bounces import Bounce
from tests.fakes.mailbot.mails import deep

CORPUS = Path(__file__).parent.parent.parent / "emails"
OUR_ID = "<5f0c1d7e93ab42d68e10c4b7a95f3d2e61b8047c@painter.example>"


@pytest.mark.parametrize("email", sorted(CORPUS.glob("bounce-*.eml")), ids=lambda email: email.stem)
def test_bounces_of_the_corpus(email: Path) -> None:
    wanted = json.loads(email.with_suffix(".json").read_text())["bounce"]
    found = bounces.read(email.read_bytes())
    assert (found and {"said": str(found[0]), "id": found[1][0]}) == wanted


@pytest.mark.parametrize(
    "email",
    [path for path in sorted(CORPUS.glob("*.eml")) if not path.stem.startswith(("bounce-", "silent-dsn"))],
    ids=lambda email: email.stem,
)
def test_nothing_else_in_the_corpus_is_a_bounce(email: Path) -> None:
    assert bounces.read(email.read_bytes()) is None


def test_an_id_may_be_folded_and_encoded() -> None:
    raw = (CORPUS / "bounce-postfix-delayed.eml").read_bytes()
    folded = raw.replace(b"Message-ID: <5f", b"Message-ID:\r\n <5f")
    encoded = raw.replace(
        b"text/rfc822-headers\r\n", b"text/rfc822-headers\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    ).replace(b"47c@painter.example>", b"47c@pain=\r\nter.example>")
    for mail in (folded, encoded):
        found = bounces.read(mail)
        assert found is not None
        assert found[1][0] == OUR_ID


def test_an_out_of_office_text_with_numbers_is_no_bounce() -> None:
    head = f"From: jane@mail.example\r\nIn-Reply-To: {OUR_ID}\r\nReturn-Path: <>\r\n\r\n"
    assert bounces.read(head.encode() + b"Away. Call 555 Smith, or see chapter 5.1.1.\r\n") is None


def test_failed_is_final_and_delayed_is_not() -> None:
    assert Bounce(action="failed", status="4.2.2").is_final
    assert not Bounce(action="delayed", status="5.1.1").is_final


@pytest.mark.parametrize(
    "raw", [b"", b"\0", b"\r\n" * 100, deep(3000), b"Content-Type: message/delivery-status\r\n\r\n"]
)
def test_whatever_comes_nothing_is_raised(raw: bytes) -> None:
    assert bounces.read(raw) is None
