"""Answers: what they say, how they are built, and that no mail can bend them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.intents.size_budget import budget_for
from mailbot.languages.translator import translator
from mailbot.parsing.carriers import MAIL
from mailbot.parsing.mail_parser import parse_email
from mailbot.replies import letters, sender_replies
from mailbot.replies.mime import seal
from mailbot.replies.text_and_html import Letter
from mailbot.sender_policy.silence import UnsupportedMail, silence
from mailbot.storage.erasure import DeletionCounts
from styles import errors
from styles.contract import PREVIEW_BYTES
from styles.errors import PainterError
from styles.language.lexicon import LANGUAGES
from styles.language.request_examples import examples
from tests.fakes.mailbot.mails import STYLES
from tests.fakes.mailbot.replies.composed import (
    BOT,
    DATE,
    EMAILS,
    ID,
    PHONE,
    about,
    asks,
    assert_on_the_wire,
    painted,
    pictures,
    read,
    refused,
    result,
    words,
)


def test_headers() -> None:
    request = asks("Starry Night", References="<a@x> <b@x>", In_Reply_To="<b@x>")
    message = read(painted(request))
    assert message["From"] == "The Painter <bot@painter.example>"
    assert message["To"] == "Jane Doe <jane@mail.example>"
    assert message["Subject"] == "Re: Starry Night"
    assert message["In-Reply-To"] == "<one@mail.example>"
    assert message["References"].split() == ["<a@x>", "<b@x>", "<one@mail.example>"]
    assert message["Message-ID"] == ID
    assert message["Date"].datetime == DATE
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["MIME-Version"] == "1.0"


def test_our_own_answers_are_never_answered() -> None:
    assert silence(parse_email(painted(asks())), frozenset()) == "auto-submitted: auto-replied"


@pytest.mark.parametrize(
    ("subject", "exact"),
    [
        ("I would like you to delete what you have of me", "“delete my photos”"),
        ("How can I make this stop?", "“stop”"),
        ("Unsubscribe my whole office and everybody in it", "“stop”"),
    ],
)
def test_who_may_want_to_be_left_alone_is_told_the_exact_words(subject: str, exact: str) -> None:
    said = words(refused(errors.NoImage(), asks(subject, photos=0)))
    assert f"Did you mean {exact}?" in said
    assert "Did you mean" not in words(refused(errors.NoImage(), asks("mosaic", photos=0)))


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (errors.NoImage(), ["I found no photo", "Attach a photo", "great-wave"]),
        (errors.OwnPainting(), ["a painting of mine", "the original photo", "great-wave"]),
        (
            errors.UnknownStyle("Picaso", ("udnie", "mosaic")),
            ["“Picaso”", "Did you mean", "udnie", "mosaic", "candy"],
        ),
        (errors.UnknownStyle("Picaso"), ["“Picaso”", "one of these as the subject", "candy"]),
        (errors.NotAnImage("x"), ["could not open", "HEIC"]),
        (errors.ImageTooLarge("x"), ["too large", "smaller copy"]),
        (errors.Unpaintable("x"), ["not paint it", "another photo"]),
        (errors.BadOption("The strength is odd."), ["The strength is odd."]),
        (errors.Busy(9, "x"), ["more photos waiting", "again later"]),
        (errors.DeadlineExceeded("x"), ["longer than it may", "again later"]),
        (errors.BalancerUnavailable("x"), ["cannot be reached", "again later"]),
        (UnsupportedMail("Your mail is encrypted."), ["encrypted"]),
        (errors.Permanent("Something else."), ["Something else."]),
    ],
)
def test_errors(error: PainterError, says: list[str]) -> None:
    raw = refused(error)
    for kind in ("plain", "html"):
        for phrase in says:
            assert phrase in words(raw, kind)
    assert read(raw).get_content_type() == "multipart/alternative"
    assert_on_the_wire(raw)


def test_the_list() -> None:
    raw = letters.reply_styles(about(asks("styles")))
    for style in STYLES:
        assert f"{style.name}: {style.title}" in words(raw)
        assert f"mailto:{BOT}?subject={style.name}" in words(raw, "html")
    assert_on_the_wire(raw)
    assert "no styles" in words(letters.reply_styles(about(asks(), ())))


def test_help_shows_the_first_steps() -> None:
    raw = letters.reply_help(about(asks("help")))
    assert len(words(raw).splitlines()) <= 18
    assert "tells the rest" not in words(raw)
    assert "learn: my garden" not in words(raw)
    assert "“learn: my garden”" in words(letters.reply_help(about(asks("help")), learn=True))
    for kind in ("plain", "html"):
        for phrase, does in examples([style.name for style in STYLES], short=True):
            assert phrase in words(raw, kind)
            assert does in words(raw, kind)
    assert f"I paint in these styles:\r\n{', '.join(style.name for style in STYLES)}\r\n" in words(raw)
    assert_on_the_wire(raw)
    assert "surprise me" in words(letters.reply_help(about(asks("help"), ())))
    many = words(letters.reply_help(about(asks("help"), STYLES * 2)))
    assert "starry-night, great-wave, the-scream, night-cafe, mosaic …" in many


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_short_enough_to_be_read(language: str) -> None:
    request = replace(asks("help"), language=language)
    context = replace(about(request), remembers=True)
    text = words(letters.reply_help(context, learn=True))
    assert text.count("\n- ") == 9
    assert len(text) < 1_050


def test_no_list_is_so_long_that_gmail_cuts_it() -> None:
    for count, explained in ((80, True), (150, False)):
        styles = [replace(STYLES[0], name=f"starry-night-{n}", description="x" * 90) for n in range(count)]
        page = words(letters.reply_styles(about(asks(), styles)), "html")
        assert len(page) < 102_000
        assert ("x" * 90 in page) == explained


def test_the_largest_answer_passes_gmail() -> None:
    count = MAIL.max_pictures
    request = asks(photos=count)
    room = budget_for(request.sender, request.images, 16_384)
    assert room.pictures == count
    results = [result(n, image=bytes(room.max_bytes), preview=bytes(PREVIEW_BYTES)) for n in range(count)]
    raw = painted(request, *results)
    assert len(pictures(raw)) == 2 * count
    assert 23_000_000 < len(raw) < 25_000_000


def test_help_by_text_message_is_short() -> None:
    text = words(letters.reply_help(about(asks("help", sender=PHONE))))
    assert "Styles: starry-night, " in text
    assert text.count("\n- ") == 6
    assert "“stop”" in text
    assert "delete" not in text


def test_what_is_about_the_sender() -> None:
    writes = (sender_replies.reply_stop, sender_replies.reply_start)
    stop, start = (words(write(about(asks("stop", photos=0)))) for write in writes)
    assert "nothing more" in stop
    assert "“start”" in stop
    assert "answer your mails again" in start
    assert "great-wave" in start
    assert "once more" in words(sender_replies.reply_start(about(asks("start"))))


@pytest.mark.parametrize(
    ("mails", "answers", "said"),
    [
        (0, 0, "I had kept no mails of yours. "),
        (1, 0, "I had kept one mail of yours. "),
        (3, 1, "I had kept 3 mails of yours. One answer to you had not been sent. "),
        (9, 2, "I had kept 9 mails of yours. 2 answers to you had not been sent. "),
    ],
)
def test_what_was_deleted_is_told_in_numbers(mails: int, answers: int, said: str) -> None:
    gone = DeletionCounts(mails=mails, answers=answers)
    raw = sender_replies.reply_deleted(about(asks("delete my photos")), gone)
    assert said in " ".join(words(raw).split())
    assert_on_the_wire(raw)


def test_examples_stand_in_text_and_html() -> None:
    letter = Letter(say=translator(""), title="Help", examples=(("mosaic 60%", "less <paint>"),))
    raw = seal(about(asks("help")), letter)
    assert "“mosaic 60%”: less <paint>" in words(raw)
    assert f"mailto:{BOT}?subject=mosaic%2060%25" in words(raw, "html")
    assert "less &lt;paint&gt;" in words(raw, "html")


def test_phones_get_text_and_one_picture() -> None:
    raw = painted(asks(photos=2, sender=PHONE), result(1), result(2))
    message = read(raw)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "text/plain",
        "image/jpeg",
    ]
    listed = letters.reply_styles(about(asks(sender=PHONE)))
    assert read(listed).get_content_type() == "text/plain"
    assert ", ".join(style.name for style in STYLES) in words(listed)


def test_html_is_escaped() -> None:
    page = words(refused(errors.UnknownStyle("<script>alert(1)</script>")), "html")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?Q?mosaic=0D=0ABcc:_evil=40x.example?=",
        "mosaic\x00\x0b\x85\u2028Bcc: evil@x.example",
        "é" * 600,
    ],
)
def test_no_subject_adds_a_header(subject: str) -> None:
    raw = painted(parse_email(f"From: jane@mail.example\r\nSubject: {subject}\r\n\r\n".encode()))
    assert read(raw)["Bcc"] is None
    assert read(raw)["Subject"].startswith("Re: ")
    assert_on_the_wire(raw)


@pytest.mark.parametrize(
    ("subject", "answer"),
    [("", "Re: your photo"), ("Re: mosaic", "Re: mosaic"), ("Grüße aus Rom", "Re: Grüße aus Rom")],
)
def test_subjects(subject: str, answer: str) -> None:
    assert read(painted(asks(subject)))["Subject"] == answer


@pytest.mark.parametrize(
    "id", ["<[a@b]>", "<" + "x" * 300 + "@mail.example>", "<a b@c>", "<é@x>", "no-brackets"]
)
def test_odd_ids(id: str) -> None:
    raw = painted(parse_email(f"From: jane@mail.example\r\nMessage-ID: {id}\r\n\r\n".encode()))
    assert_on_the_wire(raw)
    head = raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").decode().split("\r\n")
    answered = [line.removeprefix("In-Reply-To: ") for line in head if line.startswith("In-Reply-To")]
    assert answered == {"<a b@c>": [], "<é@x>": [], "no-brackets": ["<no-brackets>"]}.get(id, [id])


@pytest.mark.parametrize(
    "name", ['"Doe, Jane" ', "=?utf-8?Q?J=C3=B6rg_=E2=80=9CJo=E2=80=9D?= ", '"a\\"b" ', ""]
)
def test_names_of_senders(name: str) -> None:
    message = read(painted(asks(sender=f"{name}<jane@mail.example>")))
    assert [address.addr_spec for address in message["To"].addresses] == ["jane@mail.example"]


@pytest.mark.parametrize("path", EMAILS, ids=lambda path: path.stem)
def test_every_mail_of_the_corpus_can_be_answered(path: Path) -> None:
    request = parse_email(path.read_bytes())
    if not request.sender:
        return
    for raw in (painted(request), refused(errors.NoImage(), request)):
        assert_on_the_wire(raw)
        assert read(raw)["To"].addresses[0].addr_spec == request.sender
