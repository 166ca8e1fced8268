"""Who is never answered, and who gets a polite no."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mailbot.parsing.mail_parser import parse_email
from mailbot.sender_policy import silence
from tests.fakes.mailbot.mails import mail

OWN = frozenset({"bot@painter.example"})
EMAILS = sorted((Path(__file__).parent.parent.parent / "emails").glob("*.eml"))


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "Auto-Notified; owner-email=x"},
        {"Precedence": "Auto-Reply"},
        {"List_Post": "<mailto:list@lists.example>"},
        {"X_Auto_Response_Suppress": "DR, OOF"},
        {"X_Autoreply": "yes"},
        {"Auto_Submitted": "(by a program) auto-replied (away)"},
        {"Precedence": "bulk (newsletter)"},
        {"X_MS_Exchange_Inbox_Rules_Loop": "jane@mail.example"},
        {"X_Loop": "bot@painter.example"},
        {"X_Loop": "<Bot+mosaic@painter.example>"},
        {"Return_Path": "<bounces+17-ab@news.example>"},
        {"Return_Path": "<artists-bounces+bot=painter.example@lists.example>"},
        {
            "Return_Path": "<SRS0=x=TT=mail.example=owner-artists@relay.example>",
            "Sender": "owner-artists@x.example",
        },
        {"Reply_To": "jane@mail.example, bot@painter.example"},
        {"Reply_To": "no.reply@mail.example"},
        {"Reply_To": "noreply-4711@mail.example"},
        {"Reply_To": "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@mail.example"},
        {"Return_Path": "<>"},
        {"Envelope_From": "<>"},
        {"X_Envelope_From": "<>"},
        {"Received": "from x by y (Postfix) (envelope-from <>) id 1; Tue, 24 Nov 2026 12:00:00 +0000"},
        {"Received_SPF": 'pass (y: ok) client-ip=192.0.2.1; envelope-from="<>"; helo=x'},
        {"Return_Path": "<MAILER-DAEMON@mail.example>"},
        {"Sender": "artists-request@lists.example"},
        {"Sender": "bot@painter.example"},
        {"Reply_To": "no-reply@mail.example"},
        {"Reply_To": "bot+candy@PAINTER.example"},
    ],
    ids=str,
)
def test_silent(fields: dict[str, Any]) -> None:
    assert silence.silence(parse_email(mail("mosaic", **fields)), OWN)


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
        {"X_Loop": "jane@mail.example"},
        {"Return_Path": "<SRS0=4Xb2=TT=mail.example=jane@relay.example>"},
        {"Return_Path": "<bouncer@mail.example>"},
        {"Reply_To": "jane-requests@mail.example"},
        # Fastmail writes it into every mail of its users, not into bulk alone.
        {"Feedback_ID": "i17:Fastmail"},
    ],
    ids=str,
)
def test_answered(fields: dict[str, Any]) -> None:
    assert silence.silence(parse_email(mail("mosaic", **fields)), OWN) is None


def test_parts_that_machines_write_for_machines() -> None:
    for type in ("message/disposition-notification", "text/calendar; method=REPLY"):
        raw = mail().replace(b"Content-Type: image/jpeg", b"Content-Type: " + type.encode())
        assert silence.silence(parse_email(raw), OWN)
    dates = mail().replace(b"Content-Type: image/jpeg", b"Content-Type: text/calendar")
    assert silence.silence(parse_email(dates), OWN) is None


def test_the_aliases_are_our_own_as_well() -> None:
    request = parse_email(mail("mosaic", sender="paint@painter.example"))
    assert silence.silence(request, OWN) is None
    assert silence.silence(request, OWN | {"Paint@painter.example"}) == "own address"


@pytest.mark.parametrize("sender", ["", "nobody", "jane@", "jane@@mail.example", "jané@mail.example"])
def test_senders_that_nobody_can_answer(sender: str) -> None:
    raw = f"From: {sender}\r\nSubject: mosaic\r\n\r\n".encode()
    assert silence.silence(parse_email(raw), OWN) == "no valid sender"


def test_sealed_mails_are_refused() -> None:
    for name in ("encrypted", "winmail-dat"):
        path = next(email for email in EMAILS if email.stem == name)
        with pytest.raises(silence.UnsupportedMail):
            silence.check(parse_email(path.read_bytes()))


def test_ordinary_mails_pass() -> None:
    silence.check(parse_email(mail("mosaic")))


@pytest.mark.parametrize("field", [b"Auto-Submitted: \x1b[31mred", b"List-of-jane@mail.example: x"])
def test_a_reason_holds_nothing_that_the_sender_wrote(field: bytes) -> None:
    reason = silence.silence(parse_email(field + b"\n" + mail()), OWN)
    assert reason in silence.REASONS


@pytest.mark.parametrize(
    "subject", ["Undeliverable: mosaic", "Undelivered Mail Returned to Sender", "Unzustellbar: Re: mosaic"]
)
def test_a_postmaster_who_returns_a_mail(subject: str) -> None:
    found = silence.silence(parse_email(mail(subject, sender="postmaster@mail.example")), OWN)
    assert found == "unattended sender"


@pytest.mark.parametrize("subject", ["mosaic", "great wave please"])
def test_a_postmaster_who_is_a_person(subject: str) -> None:
    assert silence.silence(parse_email(mail(subject, sender="postmaster@mail.example")), OWN) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"X_Envelope_From": "<jane@mail.example>"},
        {"Received": "from x by y (envelope-from <jane@mail.example>) id 1; Tue, 24 Nov 2026 12:00:00 +0000"},
    ],
    ids=str,
)
def test_an_envelope_with_a_sender(fields: dict[str, Any]) -> None:
    assert silence.silence(parse_email(mail("mosaic", **fields)), OWN) is None
