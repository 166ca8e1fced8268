"""Transfer encodings, as lenient as mail programs are."""

from __future__ import annotations

import base64

import pytest

from mailbot.parsing.transfer_encodings import decode, decode_base64, uuencoded
from tests.fakes.mailbot.mails import photo, uu

PHOTO = photo()
TEXT = base64.b64encode(PHOTO)


@pytest.mark.parametrize("name", ["base64", "base-64", "base64 ", '"base64"', "", "7bit", "8bit", "nonsense"])
def test_base64_by_any_name_and_by_none(name: str) -> None:
    assert decode(TEXT, name) == PHOTO


@pytest.mark.parametrize("name", ["", "7bit", "binary", "base64", "nonsense"])
def test_a_photo_that_was_not_encoded(name: str) -> None:
    assert decode(PHOTO, name) == PHOTO


@pytest.mark.parametrize(
    ("encoded", "content"),
    [
        (b"aGk=", b"hi"),
        (b"aGk", b"hi"),
        (b"aGkhI", b"hi!"),
        (b"aG\r\nk=\r\n-- \r\na footer", b"hi"),
        (b"a*G-k_=", b"hi"),
        (b"", b""),
        (b"=", b""),
        (b"\xff\xfe", b""),
    ],
)
def test_base64_of_any_quality(encoded: bytes, content: bytes) -> None:
    assert decode_base64(encoded) == content


def test_quoted_printable() -> None:
    assert decode(b"caf=C3=A9 =\r\n=ZZ", "quoted-printable") == "café =ZZ".encode()


@pytest.mark.parametrize("name", ["x-uuencode", "uue"])
def test_uuencode_as_an_encoding(name: str) -> None:
    assert decode(b"preamble\n" + uu(PHOTO), name) == PHOTO
    assert decode(b"nothing", name) == b""


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_files_in_a_text_one_after_the_other(end: bytes) -> None:
    content = uu(b"first", b"1", end) + b"between" + end + uu(b"second", b"2", end) + b"after"
    start, name, file, stop = uuencoded(content, 0) or (0, b"", b"", 0)
    assert (start, name, file) == (0, b"1", b"first")
    again = uuencoded(content, stop)
    assert again is not None
    assert again[1:3] == (b"2", b"second")
    assert content[again[3] :] == b"after"
    assert uuencoded(content, again[3]) is None


def test_a_file_ends_where_its_lines_do() -> None:
    found = uuencoded(b"begin 644 x\n#86)C\nThis is a sentence, and none of a file.\n", 0)
    assert found is not None
    assert found[2:] == (b"abc", len(b"begin 644 x\n#86)C\n"))


def test_a_line_with_more_than_it_counts() -> None:
    found = uuencoded(b"begin 644 x\n#86)CXX\nend\n", 0)
    assert found is not None
    assert found[2] == b"abc"
