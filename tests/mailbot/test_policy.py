"""Who is never answered, and who gets a polite no."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mailbot import policy
from mailbot.parse import parse_email
from tests.fakes.mails import mail

OWN = frozenset({"bot@painter.example"})
EMAILS = sorted((Path(__file__).parent.parent / "emails").glob("*.eml"))


@pytest.mark.parametrize("email", EMAILS, ids=lambda email: email.stem)
def test_silence_over_the_corpus(email: Path) -> None:
    wanted = json.loads(email.with_suffix(".json").read_text())["silence"]
    assert policy.silence(parse_email(email.read_bytes()), OWN) == wanted


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "Auto-Notified; owner-email=x"},
        {"Precedence": "Auto-Reply"},
        {"List_Post": "<mailto:list@lists.example>"},
        {"X_Auto_Response_Suppress": "DR, OOF"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"Return_Path": "<MAILER-DAEMON@mail.example>"},
        {"Sender": "artists-request@lists.example"},
        {"Sender": "bot@painter.example"},
        {"Reply_To": "no-reply@mail.example"},
        {"Reply_To": "bot+candy@PAINTER.example"},
    ],
    ids=str,
)
def test_silent(fields: dict[str, Any]) -> None:
    assert policy.silence(parse_email(mail("mosaic", **fields)), OWN)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"Auto_Submitted": "no"},
        {"Auto_Submitted": "No (a person wrote this)"},
        {"Precedence": "first-class"},
        {"X_Auto_Response_Suppress": "None"},
        {"Return_Path": "<jane@mail.example>"},
        {"Reply_To": "robot@painter.example"},
    ],
    ids=str,
)
def test_answered(fields: dict[str, Any]) -> None:
    assert policy.silence(parse_email(mail("mosaic", **fields)), OWN) is None


@pytest.mark.parametrize("sender", ["", "nobody", "jane@", "jane@@mail.example", "jané@mail.example"])
def test_senders_that_nobody_can_answer(sender: str) -> None:
    raw = f"From: {sender}\r\nSubject: mosaic\r\n\r\n".encode()
    assert policy.silence(parse_email(raw), OWN) == "no valid sender"


def test_sealed_mails_are_refused() -> None:
    for name in ("encrypted", "winmail-dat"):
        path = next(email for email in EMAILS if email.stem == name)
        with pytest.raises(policy.SealedMail):
            policy.check(parse_email(path.read_bytes()))


def test_ordinary_mails_pass() -> None:
    policy.check(parse_email(mail("mosaic")))


def test_a_reason_has_no_terminal_escapes() -> None:
    request = parse_email(b"Auto-Submitted: \x1b[31mred\n" + mail())
    assert policy.silence(request, OWN) == "auto-submitted: [31mred"
