"""The QR code of a mail to the bot."""

from __future__ import annotations

import re

import segno

from registry.gallery.qr_code import qr_code
from registry.http.pages.style_and_login_pages import mailto


def test_its_squares_are_those_of_the_address_and_it_holds_no_word_of_it() -> None:
    text = mailto("bot@painter.example", 'a"><script>')
    svg = str(qr_code(text))
    dark = sum(sum(row) for row in segno.make(text, error="q", micro=False, boost_error=False).matrix)
    path = re.search(r'<path stroke="#000" d="([^"]+)"', svg)
    assert path
    assert sum(int(run) for run in re.findall(r"h(\d+)", path[1])) == dark
    assert "script" not in svg
    assert "painter" not in svg
