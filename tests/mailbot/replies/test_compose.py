"""Answers: what they say, how they are built, and that no mail can bend them."""

from __future__ import annotations

import email
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from mailbot.intents.size_budget import budget_for
from mailbot.parsing.carriers import MAIL
from mailbot.parsing.parse import StyleRequest, parse_email
from mailbot.replies import compose
from mailbot.replies.content import Letter
from mailbot.replies.mime import ReplyContext, seal
from mailbot.replies.wording import about_choice
from mailbot.sender_policy.silence import UnsupportedMail, silence
from mailbot.storage.erasure import Forgotten
from styles import errors
from styles.contract import PREVIEW_BYTES, StyleJob, StyleOptions, StyleResult, StyleSummary
from styles.errors import PainterError
from styles.language.examples import examples
from tests.fakes.mailbot.mails import STYLES, mail, photo

BOT = "bot@painter.example"
DATE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ID = "<painted.1@painter.example>"
EMAILS = sorted((Path(__file__).parent.parent.parent / "emails").glob("*.eml"))
PHONE = "15551230001@mms.att.net"


def result(number: int = 1, style: str = "starry-night", **fields: Any) -> StyleResult:
    values: dict[str, Any] = {
        "image": photo(seed=9),
        "version": 1,
        "seconds": 0.1,
        "runner": "runner-0",
    } | fields
    return StyleResult(job_id=f"m1-{number}", style=style, **values)


def asks(subject: str = "starry night", photos: int = 1, **fields: str) -> StyleRequest:
    images = [(f"IMG_{n}.jpg", photo(seed=n)) for n in range(1, photos + 1)]
    return parse_email(mail(subject, "", images, **fields))


def about(request: StyleRequest, styles: Sequence[StyleSummary] = STYLES, *, id: str = ID) -> ReplyContext:
    return ReplyContext(request=request, bot_address=BOT, styles=styles, message_id=id, date=DATE)


def painted(
    request: StyleRequest, *results: StyleResult | PainterError, id: str = ID, **options: Any
) -> bytes:
    results = results or (result(),)
    jobs = [job(r.style if isinstance(r, StyleResult) else "starry-night", **options) for r in results]
    return compose.reply_results(about(request, id=id), jobs, results)


def job(style: str = "starry-night", **options: Any) -> StyleJob:
    return StyleJob(id="m1-1", style=style, image=b"", options=StyleOptions(**options), sheet=not style)


def refused(error: PainterError, request: StyleRequest | None = None) -> bytes:
    return compose.reply_error(about(request or asks()), error)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert not [defect for part in message.walk() for defect in part.defects]
    return message


def words(raw: bytes, kind: str = "plain") -> str:
    body = read(raw).get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content


def pictures(raw: bytes) -> dict[str, bytes]:
    found = (part for part in read(raw).walk() if part.get_content_maintype() == "image")
    return {part.get_filename() or "": part.get_content() for part in found}


def assert_on_the_wire(raw: bytes) -> None:
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()


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


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_how_the_style_was_chosen_is_said(kind: str) -> None:
    notes = [about_choice("default", ""), about_choice("named", "picasso")]
    said = [
        words(compose.reply_results(about(asks()), [job()], [result()], note=note), kind) for note in notes
    ]
    assert "You named no style that I know, so I took my favourite." in said[0]
    assert "I know no style called “picasso”" in said[1]
    assert about_choice("named", "") == about_choice("surprise", "") == ""


def test_the_painted_photo_comes_back_once_and_is_shown_inline() -> None:
    raw = painted(asks())
    assert pictures(raw) == {"IMG_1-starry-night.jpg": photo(seed=9)}
    message = read(raw)
    (image,) = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert message.get_content_type() == "multipart/related"
    assert image.get_content_disposition() == "inline"
    assert f"cid:{image['Content-ID'].strip('<>')}" in words(raw, "html")
    assert [part.get_content_type() for part in message.iter_attachments()] == ["image/jpeg"]
    for kind in ("plain", "html"):
        assert "The Starry Night by Vincent van Gogh (1889)" in words(raw, kind)
        assert "Another style? Send the photo again with its name as the subject:" in words(raw, kind)
        assert "great-wave" in words(raw, kind)
    assert_on_the_wire(raw)


def test_a_preview_is_shown_and_the_full_picture_attached() -> None:
    full, preview = photo(4032, 3024), photo(1088, 816)
    raw = painted(asks(), result(image=full, preview=preview))
    message = read(raw)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/related",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "image/jpeg",
        "image/jpeg",
    ]
    assert pictures(raw) == {"IMG_1-starry-night-preview.jpg": preview, "IMG_1-starry-night.jpg": full}
    inline, attached = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert inline.get_content_disposition() == "inline"
    assert f"cid:{inline['Content-ID'].strip('<>')}" in words(raw, "html")
    assert attached.get_content_disposition() == "attachment"
    assert attached["Content-ID"] is None
    assert 'width="544" height="408"' in words(raw, "html")
    for kind in ("plain", "html"):
        assert "IMG_1-starry-night.jpg" in words(raw, kind)
        assert "4032\u00a0×\u00a03024\u00a0pixels" in words(raw, kind)
    assert_on_the_wire(raw)


def test_what_has_no_preview_is_shown_itself_and_not_attached_again() -> None:
    raw = painted(asks(photos=2), result(1, preview=photo(64, 48)), result(2))
    kinds = {part.get_filename(): part.get_content_disposition() for part in read(raw).walk()}
    assert kinds == {
        None: None,
        "IMG_1-starry-night-preview.jpg": "inline",
        "IMG_2-starry-night.jpg": "inline",
        "IMG_1-starry-night.jpg": "attachment",
    }


def test_no_answer_has_more_bytes_than_it_may() -> None:
    full, preview = bytes(100), bytes(30)
    jobs = [job()] * 3
    results = [result(n, image=full, preview=preview) for n in (1, 2, 3)]

    def sent(most: int) -> tuple[list[str], str]:
        request = asks(photos=3)
        raw = compose.reply_results(about(request), jobs, results, reply_bytes=most)
        return list(pictures(raw)), words(raw)

    assert len(sent(390)[0]) == 6
    names = [f"IMG_{n}-starry-night.jpg" for n in (1, 2, 3)]
    assert sent(389)[0] == sent(300)[0] == names
    kept, text = sent(299)
    assert kept == names[:2]
    assert "IMG_3.jpg: painted, but too large for this mail. Please send it alone." in text
    assert sent(10)[0] == names[:1]


def test_styles_of_their_own_blends_and_sheets_are_named() -> None:
    mixed = painted(asks(photos=2), result(1, style="mosaic"), result(2, style="the-scream"))
    blend = painted(asks(), result(style="mosaic:0.5,the-scream:0.5"), strength=0.6, keep_colors=True)
    sheet = painted(asks(), result(style="", version=0))
    for kind in ("plain", "html"):
        assert "Here are your 2 photos, painted." in words(mixed, kind)
        assert "IMG_1.jpg, as Mosaic" in words(mixed, kind)
        assert "IMG_2.jpg, as The Scream by Edvard Munch (1893)" in words(mixed, kind)
        assert "painted as a blend of Mosaic and The Scream by Edvard Munch." in words(blend, kind)
        assert "60% strength, the photo's own colours" in words(blend, kind).replace("&#39;", "'")
        assert "Here is your photo in all 7 styles." in words(sheet, kind)
        assert "One of them in full?" in words(sheet, kind)
    assert list(pictures(mixed)) == ["IMG_1-mosaic.jpg", "IMG_2-the-scream.jpg"]
    assert list(pictures(blend)) == ["IMG_1-mosaic-and-the-scream.jpg"]
    assert list(pictures(sheet)) == ["IMG_1-all-styles.jpg"]
    assert "mailto:bot@painter.example?subject=mosaic" not in words(mixed, "html")
    assert "mailto:bot@painter.example?subject=candy" in words(mixed, "html")


def test_the_same_again_gives_the_same_bytes() -> None:
    request = asks(photos=3)
    results: list[StyleResult | PainterError] = [result(1), errors.NotAnImage(), result(3)]
    assert painted(request, *results) == painted(request, *results)
    assert painted(request, result(1)) != painted(request, result(1), id="<2@x>")


def test_several_photos_and_one_that_failed() -> None:
    raw = painted(asks(photos=3), result(1), errors.NotAnImage("secret detail"), result(3, format="png"))
    assert list(pictures(raw)) == ["IMG_1-starry-night.jpg", "IMG_3-starry-night.png"]
    for kind in ("plain", "html"):
        assert "IMG_2.jpg: I could not open that file as a photo." in words(raw, kind)
        assert "IMG_3.jpg" in words(raw, kind)
        assert "Here are 2 of your 3 photos, painted as The Starry Night" in words(raw, kind)
    assert b"secret" not in raw


def test_photos_beyond_the_limit_are_mentioned() -> None:
    text = words(painted(asks(photos=5), result(1), result(2)))
    assert text.startswith("Here are 2 of your 5 photos, painted as")
    assert "Your last 3 photos did not fit into this answer. Please send them again." in text
    one = words(painted(asks(photos=3), result(1), result(2)))
    assert "Your last photo did not fit into this answer. Please send it again." in one
    assert "did not fit" not in words(painted(asks(photos=2), result(1), result(2)))


def test_sent_painted_failed_and_left_over_add_up() -> None:
    text = words(painted(asks(photos=15), errors.NotAnImage(), *(result(n) for n in range(2, 13))))
    assert text.startswith("Here are 11 of your 15 photos,")
    assert text.count("I could not open that file as a photo.") == 1
    assert "Your last 3 photos did not fit" in text


def test_what_did_not_fit_is_told_though_the_others_failed_in_one_way() -> None:
    text = words(painted(asks(photos=3), errors.NotAnImage(), errors.NotAnImage()))
    assert text.startswith("I could not paint the first 2 of your photos.")
    assert "Your last photo did not fit" in text


def test_a_small_picture_is_its_own_preview() -> None:
    raw = painted(asks(), result(preview=photo(seed=9)))
    (image,) = [part for part in read(raw).walk() if part.get_content_maintype() == "image"]
    assert image.get_content_disposition() == "inline"
    assert image.get_filename() == "IMG_1-starry-night.jpg"


def test_a_photo_that_cannot_be_painted_larger_is_told_so() -> None:
    for kind in ("plain", "html"):
        assert "pixels, your photo is no larger" in words(painted(asks(), size=2048), kind)
        assert "no larger" not in words(painted(asks(), size=1024), kind)
        assert "no larger" not in words(painted(asks(), result(style=""), size=2048), kind)
    large = parse_email(mail("big", "", [("large.jpg", photo(1500, 1000))]))
    assert "no larger" not in words(painted(large, size=2048))


def test_all_failed_in_one_way_is_one_error() -> None:
    raw = painted(asks(photos=2), errors.NotAnImage(), errors.NotAnImage())
    assert words(raw).startswith("I could not open that file as a photo.")
    assert not pictures(raw)


def test_all_failed_in_two_ways() -> None:
    text = words(painted(asks(photos=2), errors.NotAnImage(), errors.ImageTooLarge()))
    assert text.startswith("I could not paint your photos.")
    assert "IMG_1.jpg: I could not open" in text
    assert "IMG_2.jpg: That photo is too large" in text


def test_photos_of_one_name_get_names_of_their_own() -> None:
    request = parse_email(mail("x", "", [("image.jpg", photo(seed=n)) for n in range(3)]))
    names = list(pictures(painted(request, result(1), result(2), result(3))))
    assert names == [f"image-starry-night{end}.jpg" for end in ("", "-2", "-3")]


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
    raw = compose.reply_styles(about(asks("styles")))
    for style in STYLES:
        assert f"{style.name}: {style.title}" in words(raw)
        assert f"mailto:{BOT}?subject={style.name}" in words(raw, "html")
    assert_on_the_wire(raw)
    assert "no styles" in words(compose.reply_styles(about(asks(), ())))


def test_help_shows_the_grammar() -> None:
    raw = compose.reply_help(about(asks("help")))
    for kind in ("plain", "html"):
        for phrase, does in examples([style.name for style in STYLES]):
            assert phrase in words(raw, kind)
            assert does in words(raw, kind)
        assert "bot+starry-night@painter.example" in words(raw, kind)
    assert f"I paint in these styles: {', '.join(style.name for style in STYLES)}." in words(raw)
    assert_on_the_wire(raw)
    assert "surprise me" in words(compose.reply_help(about(asks("help"), ())))
    many = words(compose.reply_help(about(asks("help"), STYLES * 2)))
    assert "starry-night, great-wave, the-scream, night-cafe, mosaic …" in many


def test_no_list_is_so_long_that_gmail_cuts_it() -> None:
    for count, explained in ((80, True), (150, False)):
        styles = [replace(STYLES[0], name=f"starry-night-{n}", description="x" * 90) for n in range(count)]
        page = words(compose.reply_styles(about(asks(), styles)), "html")
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
    text = words(compose.reply_help(about(asks("help", sender=PHONE))))
    assert "Styles: starry-night, " in text
    assert text.count("\n- ") == 5
    assert "“stop”" in text
    assert "delete" not in text


def test_what_is_about_the_sender() -> None:
    stop, start = (
        words(write(about(asks("stop", photos=0)))) for write in (compose.reply_stop, compose.reply_start)
    )
    assert "nothing more" in stop
    assert "“start”" in stop
    assert "answer your mails again" in start
    assert "great-wave" in start
    assert "once more" in words(compose.reply_start(about(asks("start"))))


@pytest.mark.parametrize(
    ("mails", "answers", "said"),
    [
        (0, 0, "I had kept no mails of yours. "),
        (1, 0, "I had kept one mail of yours. "),
        (3, 1, "I had kept 3 mails of yours, one of them with an answer that had not been sent. "),
        (9, 2, "I had kept 9 mails of yours, with 2 answers that had not been sent. "),
    ],
)
def test_what_was_deleted_is_told_in_numbers(mails: int, answers: int, said: str) -> None:
    gone = Forgotten(mails=mails, answers=answers)
    raw = compose.reply_deleted(about(asks("delete my photos")), gone)
    assert said in " ".join(words(raw).split())
    assert_on_the_wire(raw)


def test_examples_stand_in_text_and_html() -> None:
    letter = Letter(title="Help", examples=(("mosaic 60%", "less <paint>"),))
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
    listed = compose.reply_styles(about(asks(sender=PHONE)))
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
