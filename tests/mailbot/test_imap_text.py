"""How IMAP writes strings."""

from __future__ import annotations

from mailbot.imap_text import quoted


def test_names_are_quoted() -> None:
    assert quoted('a "b" \\c') == '"a \\"b\\" \\\\c"'
