"""How IMAP writes strings and folder names."""

from __future__ import annotations

import pytest

from mailbot.transport.imap_text import decoded, encoded, quoted


def test_names_are_quoted() -> None:
    assert quoted('a "b" \\c') == '"a \\"b\\" \\\\c"'


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Processed", "Processed"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),  # RFC 3501's own example
        ("Bearbeitet ä", "Bearbeitet &AOQ-"),
        ("Обработано", "&BB4EMQRABDAEMQQ+BEIEMAQ9BD4-"),
        ("Fish & Chips", "Fish &- Chips"),
        ("&ä&", "&-&AOQ-&-"),
        ("😀", "&2D3eAA-"),
        ("", ""),
    ],
)
def test_a_name_becomes_a_path_and_the_path_a_name(name: str, path: str) -> None:
    assert encoded(name) == path
    assert decoded(path) == name


@pytest.mark.parametrize("path", ["&", "a&b", "&!!-", "&AAA", "&2D0-", "&A-"])
def test_a_path_that_is_not_well_formed_stays_as_it_is(path: str) -> None:
    assert decoded(path) == path
