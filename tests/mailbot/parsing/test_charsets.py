"""Charsets, as they are named and as they are meant."""

from __future__ import annotations

import pytest

from mailbot.parsing.charsets import decode_bytes


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("utf-8", "utf-8", "café"),
        ("UTF8", "utf-8", "café"),
        ('"utf-8"', "utf-8", "café"),
        ("utf-8*en", "utf-8", "café"),
        ("", "utf-8", "café"),
        ("us-ascii", "utf-8", "café"),
        ("klingon", "utf-8", "café"),
        ("klingon", "latin-1", "café"),
        ("us-ascii", "latin-1", "café"),
        ("utf-8", "latin-1", "café"),
        ("iso-8859-1", "cp1252", "“café” – 5 €"),
        ("gb2312", "gb18030", "马赛克 €"),
        ("x-gbk", "gbk", "马赛克"),
        ("ks_c_5601-1987", "cp949", "모자이크 똠"),
        ("shift_jis", "cp932", "モザイク①"),
        ("x-sjis", "cp932", "モザイク"),
        ("x-mac-japanese", "shift_jis", "モザイク"),
        ("x-mac-korean", "euc_kr", "모자이크"),
        ("x-mac-simp-chinese", "gb2312", "马赛克"),
        ("x-mac-trad-chinese", "big5", "馬賽克"),
        ("iso-2022-jp", "iso2022_jp", "モザイク"),
        ("big5", "big5", "馬賽克"),
        ("koi8-r", "koi8_r", "мозаика"),
        ("windows-1256", "cp1256", "فسيفساء"),
        ("iso-8859-8-i", "iso8859_8", "פסיפס"),
        ("unicode-1-1-utf-7", "utf-7", "café"),
        ("windows-936", "gbk", "马赛克"),
        ("utf-16", "utf-16", "Grüße"),
        # Labels of real mails that Python does not know.
        ("windows-949", "cp949", "모자이크 똠"),
        ("ks_c_5601-1989", "cp949", "모자이크"),
        ("csEUCKR", "euc_kr", "모자이크"),
        ("gb_2312-80", "gb2312", "马赛克"),
        ("cn-big5", "big5", "馬賽克"),
        ("koi8", "koi8_r", "мозаика"),
        ("koi8-ru", "koi8_u", "мозаїка"),
        ("iso88592", "iso8859_2", "můstek"),
        ("iso-8859-8-e", "iso8859_8", "פסיפס"),
        ("dos-874", "cp874", "โมเสก"),
        ("x-mac-ukrainian", "mac_cyrillic", "мозаика"),
        ("unicode", "utf-16-le", "Grüße"),
    ],
)
def test_by_name(charset: str, codec: str, text: str) -> None:
    assert decode_bytes(text.encode(codec), charset) == text


def test_a_text_that_was_cut_within_a_character() -> None:
    assert decode_bytes("schöne Grüße aus München".encode()[:-6], "utf-8") == "schöne Grüße aus M\ufffd"
    assert decode_bytes("モザイク".encode("cp932")[:-1], "shift_jis").startswith("モザイ")


def jis(text: str) -> bytes:
    """ISO-2022-JP as Microsoft's programs write it, with letters that JIS X 0208 lacks."""
    pairs = b""
    for lead, trail in (letter.encode("cp932") for letter in text):
        row = 2 * (lead - (0x81 if lead < 0xA0 else 0xC1)) + (1 if trail < 0x9F else 2)
        cell = trail - (0x7E if trail >= 0x9F else 0x20 if trail > 0x7F else 0x1F)
        pairs += bytes((row + 0x20, cell))
    return b"\x1b$B" + pairs + b"\x1b(B"


@pytest.mark.parametrize("text", ["写真①をモザイクで", "髙橋", "Ⅲ㈱", "写真をモザイクで"])
def test_letters_that_microsoft_added_to_japanese(text: str) -> None:
    assert decode_bytes(b"Re: " + jis(text) + b"\r\nbig", "iso-2022-jp") == f"Re: {text}\r\nbig"


@pytest.mark.parametrize(
    ("charset", "raw", "begins"),
    [
        ("iso-2022-jp", "日本語の写真".encode("iso2022_jp")[:-4], "日本語の写"),
        ("iso-2022-jp", jis("写真") + b"\x1b$B\x7e\x7e\x1b(B" + jis("モザイク"), "写真\ufffd"),
        ("iso-2022-kr", "한국어 사진".encode("iso2022_kr")[:-2], "한국어 사"),
        ("hz-gb-2312", "马赛克照片".encode("hz")[:-3], "马赛克照"),
    ],
)
def test_a_damaged_text_of_seven_bits_keeps_its_letters(charset: str, raw: bytes, begins: str) -> None:
    assert decode_bytes(raw, charset).startswith(begins)


def test_utf_8_under_a_label_of_seven_bits() -> None:
    assert decode_bytes("Grüße \x1b".encode(), "iso-2022-jp") == "Grüße \x1b"


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "unicode_escape", "undefined", "zlib", "rot13", "\0", "é"]
)
def test_codecs_that_are_no_charsets(charset: str) -> None:
    assert decode_bytes(b"a-b\\x41", charset) == "a-b\\x41"


@pytest.mark.parametrize(
    "charset", ["utf-16", "utf-32", "utf-7", "hz", "iso-2022-kr", "cp932", "big5", "x" * 9999]
)
def test_nothing_raises(charset: str) -> None:
    assert isinstance(decode_bytes(bytes(range(256)) * 3, charset), str)
