"""Mails of the corpus and others, changed and hostile: what is read of them, and where reading ends."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mailbot.config import Mail
from mailbot.parsing import headers
from mailbot.parsing.mail_parser import MAX_REFERENCES, MAX_TEXT, ParseError, parse_email, without
from mailbot.parsing.mime_tree import MAX_LINES, MAX_LINES_BY_PARTS
from mailbot.parsing.photos import MAX_PHOTOS
from mailbot.parsing.text import text_cleanup
from tests.fakes.mailbot.mails import deep, huge_thread, mail, photo

CORPUS = Path(__file__).parent.parent.parent / "emails"
EMAILS = sorted(CORPUS.glob("*.eml"))


def test_the_corpus_is_there() -> None:
    assert len(EMAILS) >= 25


def test_line_ends_do_not_matter() -> None:
    raw = (CORPUS / "signature-logo.eml").read_bytes()
    assert parse_email(raw.replace(b"\r\n", b"\n")) == parse_email(raw)


@pytest.mark.parametrize("levels", [5, 100])
def test_nesting_is_followed(levels: int) -> None:
    assert parse_email(deep(levels)).text == "the end"


def test_many_lines_in_many_parts_are_not_waited_for() -> None:
    with pytest.raises(ParseError, match="too many lines"):
        parse_email(deep(300) + b"\n" * 1_000_000)


def test_lines_may_end_with_a_carriage_return_alone() -> None:
    with pytest.raises(ParseError, match="too many lines in too many parts"):
        parse_email(deep(300) + b"\r" * 500_000)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_no_mail_has_millions_of_lines(end: bytes) -> None:
    with pytest.raises(ParseError, match="too many lines"):
        parse_email(b"From: jane@mail.example\n\n" + end * (MAX_LINES + 1))


def test_the_largest_mail_is_within_the_limits() -> None:
    line = b"A" * 76 + b"\r\n"
    assert 1.2 * Mail().max_message_bytes / len(line) < MAX_LINES
    assert 20 * Mail().max_message_bytes / len(line) < MAX_LINES_BY_PARTS


def test_three_thousand_levels_are_a_parse_error() -> None:
    with pytest.raises(ParseError):
        parse_email(deep(3000))


@pytest.mark.parametrize(
    "raw", [b"", b"\0", b"no header at all", b"\xff" * 100, b"From:\r\n\r\n", b":\r\n:\r\n"]
)
def test_what_is_hardly_a_mail_has_no_sender(raw: bytes) -> None:
    request = parse_email(raw)
    assert (request.sender, request.images, request.message_id) == ("", (), "")


def test_headers_alone_are_enough() -> None:
    head = mail("mosaic").partition(b"\n\n")[0] + b"\n\n"
    request = parse_email(head)
    assert (request.sender, request.subject, request.images) == ("jane@mail.example", "mosaic", ())


def test_everything_is_bounded() -> None:
    images = [(f"{n}.jpg", photo(32, 32, seed=n)) for n in range(MAX_PHOTOS + 10)]
    request = parse_email(mail("x" * 5000, "ä" * 50_000, images))
    assert len(request.images) == MAX_PHOTOS
    assert len(request.text.encode()) <= MAX_TEXT
    assert len(request.subject) <= 500
    thread = parse_email(huge_thread(500)).references
    assert len(thread) == MAX_REFERENCES
    assert (thread[0], thread[-1]) == ("<0@mail.example>", "<499@mail.example>")


def test_several_senders_and_names() -> None:
    request = parse_email(mail(sender='"Doe, Jane (at home)" <Jane@MAIL.Example>, tom@mail.example'))
    assert (request.name, request.sender) == ("Doe, Jane (at home)", "Jane@mail.example")


def test_an_invalid_reply_to_is_ignored() -> None:
    assert parse_email(mail(Reply_To="nobody at all")).sender == "jane@mail.example"


def test_nested_comments_in_an_address_are_survived() -> None:
    raw = b"From: " + b"(" * 5000 + b"\r\nSubject: mosaic\r\n\r\n"
    assert parse_email(raw).sender == ""


def test_without_our_own_pictures() -> None:
    ours = photo(seed=3)
    request = parse_email(mail(images=[("a.jpg", photo()), ("b-mosaic.jpg", ours)]))
    digest = request.images[1].sha256
    assert [p.name for p in without(request, {digest}).images] == ["a.jpg"]


def test_random_damage_ends_in_a_request_or_a_parse_error() -> None:
    chance = random.Random(20261124)
    originals = [email.read_bytes() for email in EMAILS]
    for _ in range(300):
        parse_damaged(damaged(bytearray(chance.choice(originals)), chance))


def parse_damaged(raw: bytes) -> None:
    try:
        request = parse_email(raw)
    except ParseError:
        return
    assert len(request.images) <= MAX_PHOTOS
    assert all(c.isprintable() for c in request.subject)
    assert all(
        i.isascii() and i.isprintable() and " " not in i for i in (request.message_id, *request.references)
    )


def damaged(raw: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 30)):
        at = chance.randrange(min(len(raw), 3000))
        match chance.randrange(5):
            case 0:
                raw[at] = chance.randrange(256)
            case 1:
                del raw[at : at + chance.randint(1, 60)]
            case 2:
                raw[at:at] = chance.choice(
                    [b"=?utf-8?B?", b"*=", b'"', b"(", b"<", b"\r\n", b";", b"\0", b"\xff"]
                )
            case 3:
                raw[at:at] = raw[at : at + 200]
            case _:
                raw[:] = raw[: max(at, 400)]
    return bytes(raw)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("=?utf-8?Q?caf=C3=A9?=", "café"),
        ("=?utf-8?B?w6k=?= =?utf-8?B?w6k=?=", "éé"),
        ("=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "é"),
        ("=?klingon?Q?caf=E9?=", "café"),
        ("=?utf-8?B?w?=", "=?utf-8?B?w?="),
    ],
)
def test_decode(value: str, expected: str) -> None:
    assert headers.decode(value) == expected


def test_clean_removes_what_cannot_be_seen() -> None:
    assert headers.clean("a\u200bb\r\nBcc:\u202e c\ufffc\0") == "ab Bcc: c"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("mosaic\n\nSent from my Galaxy", "mosaic"),
        ("mosaic\n\nVon meinem iPhone gesendet", "mosaic"),
        ("mosaic\n\nEnvoyé de mon iPhone", "mosaic"),
        ("mosaic\nGet Outlook for iOS<https://aka.ms/x>", "mosaic"),
        ("mosaic\n--\nJane", "mosaic"),
        ("mosaic\n-----Original Message-----\ncandy", "mosaic"),
        ("mosaic\n________________________________\nFrom: x", "mosaic"),
        ("mosaic\n\nOn Mon, 1 Jan 2026 at 10:00, Jane wrote:\ncandy", "mosaic"),
        ("mosaic\n\nAm 01.01.2026 um 10:00 schrieb Jane Doe:\n> candy", "mosaic"),
        ("mosaic\n\nLe lun. 1 janv. 2026 à 10:00, Jane a écrit :\n> candy", "mosaic"),
        ("> candy\nmosaic", "mosaic"),
        ("[image: candy.jpg]\nmosaic", "mosaic"),
        ("On the beach, wide and blue, 10 of us: candy", "On the beach, wide and blue, 10 of us: candy"),
        ("Send with love", "Send with love"),
    ],
)
def test_tidy(written: str, kept: str) -> None:
    assert text_cleanup.tidy(written) == kept
