"""The grammar, by table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mailbot.config import REPLY_BYTES
from mailbot.intents.command_types import Command, DeletePhotos, Help, ListStyles, Paint, Start, Stop
from mailbot.intents.commands import read
from mailbot.intents.jobs import MAX_ANSWERS
from mailbot.intents.size_budget import PREVIEW_SIDE
from mailbot.parsing.carriers import MAIL
from mailbot.parsing.mail_parser import StyleRequest, parse_email
from styles.contract import DEFAULT_SIZE, PREVIEW_BYTES, StyleSummary
from styles.errors import BadOption, NoImage, UnknownStyle
from tests.fakes.mailbot.mails import STYLES, mail, photo

OWN = frozenset(("bot@painter.example",))
EMAILS = sorted((Path(__file__).parent.parent.parent / "emails").glob("*.eml"))


def asks(subject: str = "", text: str = "", **fields: Any) -> StyleRequest:
    return parse_email(mail(subject, text, **fields))


def painted(request: StyleRequest) -> Paint:
    command = read(request, STYLES, "candy", "m1", own=OWN)
    assert isinstance(command, Paint)
    return command


@pytest.mark.parametrize(
    ("subject", "style"),
    [
        ("starry-night", "starry-night"),
        ("Starry Night", "starry-night"),
        ("STARRY_NIGHT", "starry-night"),
        ("starrynight", "starry-night"),
        ("the starry night", "starry-night"),
        ("“The Starry Night”", "starry-night"),
        ("Re: Fwd: AW: mosaic", "mosaic"),
        ("[EXTERNAL] RE[2]: mosaic", "mosaic"),
        ("scream", "the-scream"),
        ("night cafe", "night-cafe"),
        ("The Night Café", "night-cafe"),
        ("The Great Wave off Kanagawa", "great-wave"),
        ("Please paint this as a mosaic, thanks!", "mosaic"),
        ("mosaic.jpg", "mosaic"),
        ("stary nigth", "starry-night"),
        ("mozaic", "mosaic"),
        ("gret wave", "great-wave"),
        ("the screm please", "the-scream"),
        ("hokusai", "great-wave"),
        ("the wave", "great-wave"),
        ("mosaic 🎨", "mosaic"),
    ],
)
def test_a_style_by_the_subject(subject: str, style: str) -> None:
    assert painted(asks(subject)).jobs[0].style == style


@pytest.mark.parametrize(
    ("subject", "text", "style"),
    [
        ("", "mosaic", "mosaic"),
        ("", "Hello,\nmosaic please\nJane", "mosaic"),
        ("Holiday", "udnie", "udnie"),
        ("udnie", "mosaic", "udnie"),
        ("IMG_1234.HEIC", "the scream", "the-scream"),
        ("Re: Here you are, the photos of our last holiday in Rome", "mosaic", "mosaic"),
    ],
)
def test_a_style_by_the_text(subject: str, text: str, style: str) -> None:
    assert painted(asks(subject, text)).jobs[0].style == style


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("", ""),
        ("photo", ""),
        ("Foto", ""),
        ("3 photos", ""),
        ("image.png", ""),
        ("IMG_1234.jpg", ""),
        ("PXL_20260101_120000.MP", ""),
        ("20260101_120000.jpg", ""),
        ("Emailing: DSC0001.JPG", ""),
        ("(no subject)", ""),
        ("Fwd: ", ""),
        ("Hi there!", "Thanks"),
        ("🎨", ""),
        ("", "Dear bot,\nthis is from our holiday in Rome, where we had a very good time together.\nJane"),
        ("Some pictures that we took in Rome last summer with Grandma", ""),
        ("", "and in the end we all went home and we were happy and the sea was wide"),
    ],
)
def test_the_default_style(subject: str, text: str) -> None:
    assert painted(asks(subject, text)).jobs[0].style == "candy"


def test_a_default_style_that_is_retired_is_replaced_by_the_first() -> None:
    command = read(asks("photo"), STYLES, "retired", "m1", own=OWN)
    assert isinstance(command, Paint)
    assert command.jobs[0].style == STYLES[0].name


@pytest.mark.parametrize("subject", ["help", "styles", "photo", "Nice"])
def test_a_style_with_a_title_that_means_something_else_takes_no_mails(subject: str) -> None:
    hostile = StyleSummary(name="x", title=subject.title(), aliases={"live": 1})
    kinds = [
        type(read(asks(subject), styles, "candy", "m1", own=OWN)) for styles in (STYLES, [*STYLES, hostile])
    ]
    assert kinds[0] is kinds[1]
    command = read(asks(subject), [*STYLES, hostile], "candy", "m1", own=OWN)
    assert not isinstance(command, Paint) or command.jobs[0].style == "candy"


@pytest.mark.parametrize(
    ("subject", "text", "name", "near"),
    [
        ("kandinsky", "", "kandinsky", None),
        ("Picasso", "Hello Bot", "Picasso", None),
        ("in the style of Picasso please", "", "Picasso", None),
        ("starry cafe", "", "starry cafe", None),
        ("", "picasso", "picasso", None),
    ],
)
def test_an_unknown_style(subject: str, text: str, name: str, near: tuple[str, ...] | None) -> None:
    with pytest.raises(UnknownStyle) as raised:
        read(asks(subject, text), STYLES, "candy", "m1", own=OWN)
    assert raised.value.name == name
    assert raised.value.known == tuple(style.name for style in STYLES)
    assert len(raised.value.near) <= 3
    if near is not None:
        assert raised.value.near[: len(near)] == near


def test_two_styles_equally_near_are_not_guessed_between() -> None:
    twins = [STYLES[4].__class__(name=name, title=name, aliases={}) for name in ("mosaic-a", "mosaic-b")]
    with pytest.raises(UnknownStyle) as raised:
        read(asks("mosaic-c"), twins, "candy", "m1", own=OWN)
    assert set(raised.value.near) == {"mosaic-a", "mosaic-b"}


@pytest.mark.parametrize(
    "to", ["bot+mosaic@painter.example", "Bot <bot+Mosaic@painter.example>, tom+list@x.example"]
)
def test_a_style_by_the_address(to: str) -> None:
    assert painted(asks("photo", to=to)).jobs[0].style == "mosaic"
    assert painted(asks("udnie", to=to)).jobs[0].style == "udnie"


@pytest.mark.parametrize("word", ["help", "Help!", "?", "HELP ME", "Re: help", "how does this work?"])
def test_help(word: str) -> None:
    assert read(asks(word), STYLES, "candy", "m1", own=OWN) == Help()
    assert read(parse_email(mail("", word, images=[])), STYLES, "candy", "m1", own=OWN) == Help()


@pytest.mark.parametrize("word", ["styles", "Styles?", "list", "which styles are there?", "Fwd: list styles"])
def test_the_list(word: str) -> None:
    assert read(asks(word), STYLES, "candy", "m1", own=OWN) == ListStyles()
    assert read(parse_email(mail("hello", word, images=[])), STYLES, "candy", "m1", own=OWN) == ListStyles()


def test_a_style_in_the_subject_goes_before_a_question_in_the_text() -> None:
    assert painted(asks("mosaic", "?")).jobs[0].style == "mosaic"


def test_without_a_photo() -> None:
    with pytest.raises(NoImage):
        read(parse_email(mail("mosaic", images=[])), STYLES, "candy", "m1", own=OWN)


@pytest.mark.parametrize(
    ("subject", "text", "strength", "keep"),
    [
        ("mosaic", "", 1.0, False),
        ("mosaic 60%", "", 0.6, False),
        ("60 % mosaic", "", 0.6, False),
        ("mosaic at 25 percent", "", 0.25, False),
        ("mosaic, keep colors", "", 1.0, True),
        ("mosaic keep the original colours 40%", "", 0.4, True),
        ("mosaic", "keep my colours", 1.0, True),
        ("mosaic", "70%", 0.7, False),
        ("mosaic with original colors", "", 1.0, True),
        ("mosaic", "They had a sale, 50% off everything in the whole shop, imagine that", 1.0, False),
        ("80% keep colors", "", 0.8, True),
    ],
)
def test_options(subject: str, text: str, strength: float, keep: bool) -> None:
    options = painted(asks(subject, text)).jobs[0].options
    assert (options.strength, options.keep_colors) == (strength, keep)
    assert (options.size, options.preview) == (DEFAULT_SIZE, PREVIEW_SIDE)
    assert options.max_bytes == REPLY_BYTES - PREVIEW_BYTES


def test_more_than_everything_is_refused() -> None:
    with pytest.raises(BadOption, match="150%"):
        read(asks("mosaic 150%"), STYLES, "candy", "m1", own=OWN)


def test_one_job_for_each_photo_up_to_a_limit() -> None:
    most = MAX_ANSWERS * MAIL.max_pictures
    images = [(f"{n}.jpg", photo(64, 64, seed=n)) for n in range(most + 3)]
    jobs = painted(parse_email(mail("mosaic", images=images))).jobs
    assert [job.id for job in jobs] == [f"m1-{n}" for n in range(1, most + 1)]
    assert [job.image for job in jobs] == [image for _, image in images[:most]]
    assert {job.sender for job in jobs} == {"jane@mail.example"}


def test_phones_get_one_small_picture() -> None:
    request = asks("mosaic", sender="15551230001@mms.att.net")
    (job,) = painted(request).jobs
    assert job.options.max_bytes == 350_000
    assert job.options.size <= 1600
    assert job.options.preview is None


def test_the_answers_bytes_are_shared_out() -> None:
    images = [(f"{n}.jpg", photo(64, 64, seed=n)) for n in range(4)]
    command = read(
        parse_email(mail("mosaic", images=images)), STYLES, "candy", "m1", reply_bytes=8_000_000, own=OWN
    )
    assert isinstance(command, Paint)
    assert {job.options.max_bytes for job in command.jobs} == {2_000_000 - PREVIEW_BYTES}


@pytest.mark.parametrize(
    ("word", "command"),
    [
        ("stop", Stop()),
        ("STOP!", Stop()),
        ("Unsubscribe", Stop()),
        ("start", Start()),
        ("Resume.", Start()),
        ("delete my photos", DeletePhotos()),
        ("Forget me", DeletePhotos()),
    ],
)
def test_what_is_about_the_sender(word: str, command: Command) -> None:
    subject = parse_email(mail(word, images=[]))
    reply = parse_email(mail("Re: mosaic", f"{word}\n\nJane", images=[]))
    for request in (asks(word), asks("", word), subject, reply):
        assert read(request, STYLES, "candy", "m1", own=OWN) == command


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("mosaic", "stop"),
        ("stop", "mosaic please"),
        ("photo", "Do not stop, it was the best holiday that we ever had"),
        ("photo", "> stop\nWhat a day we had at the sea!"),
        ("photo", "\n\nOn Tue, 24 Nov 2026 Bot <bot@painter.example> wrote:\n\n> stop"),
        ("photo", "stop\nand then the train came to a halt"),
    ],
)
def test_what_is_not_about_the_sender(subject: str, text: str) -> None:
    assert isinstance(read(asks(subject, text), STYLES, "candy", "m1", own=OWN), Paint)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Please delete the photos I sent you, I had no permission", DeletePhotos()),
        ("Hola, mi ex les mandó fotos mías. Borren todas mis fotos, por favor", DeletePhotos()),
        ("i never asked for any paintings. stop texting me", Stop()),
        ("ya no quiero recibir nada de ustedes, denme de baja", Stop()),
    ],
)
def test_a_clause_of_a_mail_without_a_photo_is_a_command(text: str, command: Command) -> None:
    assert read(parse_email(mail("", text, images=[])), STYLES, "candy", "m1", own=OWN) == command


@pytest.mark.parametrize(
    "text",
    [
        "I deleted all my photos by accident, can you send the painting again?",
        "please don't delete my photos",
        "Can you delete the background in my photo",
        "Please stop making me look old",
        "no mail came back from you, where is my picture?",
        "照片我删除了,能再发一次吗",
        "Bitte löscht meine Fotos nicht",
        "Pouvez-vous effacer le fond de ma photo ?",
        "He borrado mis fotos",
        "ho cancellato tutte le mie foto",
        "apaguei minhas fotos sem querer",
        "写真の背景を消してもらえますか",
        "写真を間違って消してしまいました",
        "Please do not send it before Friday.",
        "Ich habe keine Mail bekommen.",
        "No recibí nada",
        "please remove the text",
        "My favourite is not on the list",
        "no me mandaron nada todavía",
    ],
)
def test_a_mail_without_a_photo_that_only_speaks_of_deleting_is_no_command(text: str) -> None:
    with pytest.raises(NoImage):
        read(parse_email(mail("", text, images=[])), STYLES, "candy", "m1", own=OWN)
