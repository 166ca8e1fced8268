"""No mail, name or style bends an answer's headers, and whoever parses it finds what was put in."""

from __future__ import annotations

import email
from collections.abc import Sequence
from email import policy
from email.message import EmailMessage

from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.parsing.automation_headers import AutomationHeaders
from mailbot.parsing.headers import clean
from mailbot.parsing.mail_parser import StyleRequest, parse_email
from mailbot.parsing.photos import Photo
from mailbot.replies.mime import ReplyContext
from mailbot.sender_policy.silence import silence
from styles.contract import StyleJob, StyleResult, StyleSummary
from tests.fakes.mailbot.mails import STYLES, photo
from tests.fakes.mailbot.replies.answers import BOT, DATE, ID, Easel, answers
from tests.fakes.mailbot.replies.results import reply_results

#: Every field that an answer has, in its order.
FIELDS = ["From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
          "X-Auto-Response-Suppress", "X-Loop", "Content-Type", "MIME-Version"]  # fmt: skip
#: Text as a hostile mail carries it: any characters, and those that have a meaning in headers more often.
_MARKS = st.sampled_from("\r\n\t\0 :;,\"\\'<>()@=?%*/.\u2028\u202e\u0085é日🌅")
HOSTILE = st.text(st.one_of(st.characters(), _MARKS), max_size=80)
PICTURE, PREVIEW = photo(64, 48), photo(32, 24)
#: No example is judged by how long it takes.
calm = settings(deadline=None)


def asks(subject: str, name: str, files: Sequence[str]) -> StyleRequest:
    photos = tuple(Photo(name=file, image=PICTURE, kind="jpeg") for file in files)
    return StyleRequest(
        sender="jane@mail.example",
        name=name,
        recipients=(BOT,),
        message_id="<one@mail.example>",
        references=(),
        subject=subject,
        text="",
        images=photos,
        automation=AutomationHeaders(from_address="jane@mail.example"),
    )


def answered(
    subject: str = "", name: str = "", files: Sequence[str] = ("beach.jpg",), style: str = "mosaic"
) -> bytes:
    request = asks(subject, name, files)
    jobs = [StyleJob(id="m1-1", style=style, image=PICTURE) for _ in request.images]
    results = [
        StyleResult(job_id="", image=PICTURE, style=style, version=1, seconds=0.1, runner="", preview=PREVIEW)
        for _ in jobs
    ]
    title = clean(style) or "x"
    strange = StyleSummary(name=style, title=subject, artist=name, year=subject, description=name, aliases={})
    styles = (StyleSummary(name="mosaic", title=title, aliases={}), strange, *STYLES)
    context = ReplyContext(request=request, bot_address=BOT, styles=styles, message_id=ID, date=DATE)
    return reply_results(context, jobs, results)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert not [defect for part in message.walk() for defect in part.defects]
    return message


def assert_sound(raw: bytes, pictures: int) -> EmailMessage:
    """As many parts as were put in, each with its own fields, in lines that every server takes."""
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    message = read(raw)
    assert message.keys() == FIELDS
    assert message["From"] == "The Painter <bot@painter.example>"
    assert [address.addr_spec for address in message["To"].addresses] == ["jane@mail.example"]
    images = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert len(images) == 2 * pictures
    assert len(list(message.walk())) == 5 + 2 * pictures
    for image in images:
        shown = ["Content-ID"] if image.get_content_disposition() == "inline" else []
        wanted = ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition", *shown]
        assert image.keys() == wanted
        assert image.get_content() == (PREVIEW if shown else PICTURE)
    return message


@calm
@given(subject=HOSTILE, name=HOSTILE)
def test_no_subject_and_no_name_adds_a_header(subject: str, name: str) -> None:
    message = assert_sound(answered(subject, name), 1)
    prefix = "" if subject.lower().startswith("re:") else "Re: "
    wanted = clean(f"{prefix}{subject}" if subject else "Re: your photo", 200)
    assert bare(str(message["Subject"])) == bare(wanted)
    assert bare(message["To"].addresses[0].display_name) == bare(clean(name, 100))


def bare(text: str) -> str:
    """Without spaces: Python 3.11 loses or adds one between the encoded words of a long name."""
    return "".join(text.split())


@calm
@given(files=st.lists(HOSTILE, min_size=1, max_size=3))
def test_no_files_name_adds_a_header(files: list[str]) -> None:
    message = assert_sound(answered(files=files), len(files))
    names = [name for part in message.iter_attachments() if (name := part.get_filename())]
    assert len({name.lower() for name in names}) == len(files)
    assert all(name.endswith(".jpg") and not set(name) & set('/\\:*?"<>|\r\n') for name in names)


@calm
@given(style=HOSTILE)
def test_no_styles_name_or_title_adds_a_header(style: str) -> None:
    name = style.encode("utf-8", "ignore").decode()  # half a character is no name that a registry takes
    assert_sound(answered(style, style, style=name), 1)


def test_names_in_any_script_arrive_as_they_were() -> None:
    files = ["Café am Meer.jpg", "日本の海岸" * 3 + ".jpg", "🌅 sunset.jpg", "हिन्दी.jpg", "a'b%20c.jpg"]
    wanted = ["Café-am-Meer", "日本の海岸" * 3, "🌅-sunset", "हिन्दी", "a-b-20c"]
    for file, stem in zip(files, wanted, strict=True):
        raw = answered(files=[file])
        (attached,) = [part for part in read(raw).walk() if part.get_content_disposition() == "attachment"]
        assert attached.get_filename() == f"{stem}-mosaic.jpg"
        assert f"{stem}-mosaic.jpg" in [photo.name for photo in parse_email(raw).images]


def test_our_own_parser_reads_every_answer_and_is_silent() -> None:
    def paint(job: StyleJob) -> tuple[bytes, bytes]:
        return photo(800, 600, seed=hash(job.id) % 9), photo(400, 300)

    photos = {f"IMG_{n}.jpg": photo(seed=n) for n in range(4)}
    for name, raw in answers(Easel(paints=paint, styles=STYLES, photos=photos)).items():
        request = parse_email(raw)
        assert silence(request, frozenset()) == "auto-submitted: auto-replied", name
        assert request.sender == BOT
        assert request.subject.startswith("Re: ")
        assert request.text
        assert bool(request.images) == (b"Content-Type: image/jpeg" in raw), name


def test_the_text_alone_says_everything() -> None:
    """For those who read no html, and for the spam filters that compare both."""
    message = read(answered(files=["beach.jpg", "hill.jpg"]))
    body = message.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    text = body.get_content()
    for said in (
        "Here are your 2 photos",
        "beach.jpg: beach-mosaic.jpg",
        "hill.jpg: hill-mosaic.jpg",
        "great-wave",
    ):
        assert said in text
    assert "<" not in text.replace("\n", "")
