"""Photos within texts."""

from __future__ import annotations

import base64

import pytest

from mailbot.parsing.inline_images import MAX_FILES, unpack
from mailbot.parsing.mime_parts import MimePart
from tests.fakes.mailbot.mails import photo, uu

PHOTO = photo()


def part(content: bytes, type: str = "text/html") -> MimePart:
    return MimePart(
        type=type, name="", cid="", attached=False, forwarded=False,
        charset="utf-8", flowed=False, delsp=False, content=content,
    )  # fmt: skip


def data(content: bytes = PHOTO, type: str = "image/jpeg") -> bytes:
    return b"data:" + type.encode() + b";base64," + base64.b64encode(content)


def test_the_page_shows_what_was_taken_out() -> None:
    page, picture = unpack(part(b'<p>hi<img src="' + data() + b'">'), 3)
    assert page.content == b'<p>hi<img src="cid:inlined-3-1">'
    assert (picture.type, picture.cid, picture.content) == ("image/jpeg", "inlined-3-1", PHOTO)


@pytest.mark.parametrize(
    "source",
    [
        b"data:image/jpeg;charset=utf-8;base64,%s",
        b"DATA:IMAGE/JPEG;BASE64,%s",
        b"<style>p{background:url(data:image/jpeg;base64,%s)}",
    ],
)
def test_as_programs_write_it(source: bytes) -> None:
    assert [p.content for p in unpack(part(source % base64.encodebytes(PHOTO)), 1)][1:] == [PHOTO]


@pytest.mark.parametrize(
    "source", [b"base64,", data(type="image/svg+xml"), data(type="text/html"), b"data:image/jpeg,abc base64,"]
)
def test_what_is_no_photo_stays(source: bytes) -> None:
    assert [p.content for p in unpack(part(source), 1)] == [source]


def test_there_is_an_end_to_it() -> None:
    assert len(list(unpack(part(data(b"x") * 3 * MAX_FILES), 1))) == MAX_FILES + 1
    text = uu(PHOTO) * 3 * MAX_FILES
    assert len(list(unpack(part(text, "text/plain"), 1))) == MAX_FILES + 1


def test_a_uuencoded_photo_and_the_words_around_it() -> None:
    text, picture = unpack(part(b"before\n" + uu(PHOTO, b"../a b.jpg") + b"after", "text/plain"), 1)
    assert text.content == b"before\nafter"
    assert (picture.name, picture.content) == ("a b.jpg", PHOTO)


@pytest.mark.parametrize(
    "words", [b"begin 644 the day\nwith a smile", uu(b"a text", b"a.txt"), b"let us begin"]
)
def test_other_words_stay(words: bytes) -> None:
    assert [p.content for p in unpack(part(words, "text/plain"), 1)] == [words]
