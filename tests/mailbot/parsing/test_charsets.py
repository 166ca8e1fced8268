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
