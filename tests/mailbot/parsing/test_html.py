"""Html parts: words and pictures of what browsers would show."""

from __future__ import annotations

import pytest

from mailbot.parsing.html import read_html


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>a <b>b</b>c&nbsp;d</p><div>e</div>", ["a bc d", "e"]),
        ("<head><title>no</title><style>p{}</style></head><body>yes</body>", ["yes"]),
        ("<head><title>no</title><body>a head that nobody closed", ["a head that nobody closed"]),
        ("<!DOCTYPE html><!-- <p>no --><?xml?><p title='a > b'>yes", ["yes"]),
        ("yes<!-- a comment that nobody closed", ["yes"]),
        ("1 &lt; 2, 1 < 2 & it's<br>fine", ["1 < 2, 1 < 2 & it's", "fine"]),
        ("<p title=it's>yes</p>", ["yes"]),
        ("a<br/>b<hr>c", ["a", "b", "c"]),
        ("mosaic<blockquote>candy</blockquote>", ["mosaic"]),
        ("mosaic</blockquote> still", ["mosaic", "still"]),
        ("<blockquote>candy<blockquote>x</blockquote>y</blockquote>mosaic", ["mosaic"]),
        ("<div class='moz-cite-prefix'>Jane wrote:</div><blockquote>x</blockquote>mosaic", ["mosaic"]),
        ("mosaic<div class=gmail_quote><blockquote>x</blockquote></div>candy", ["mosaic"]),
        ("<div>mosaic</div><div class='x gmail_quote'>candy", ["mosaic"]),
        ("<div>mosaic</div><div id=divRplyFwdMsg>candy", ["mosaic"]),
        ("&#" + "9" * 5000 + ";", ["&#" + "9" * 5000 + ";"]),
        ("", []),
    ],
)
def test_words(source: str, words: list[str]) -> None:
    assert [line.strip() for line in read_html(source).text.splitlines() if line.strip()] == words


def test_pictures_and_quoted_pictures() -> None:
    page = read_html('<img src="cid:a"><IMG SRC=CID:c><blockquote><img src="cid:a"><img src=\'cid:b&amp;\'>')
    assert page.cids == {"a", "c"}
    assert page.quoted_cids == {"b&"}


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<a b='", '<a b="', "<!--", "<!", "</", "&", "<p class=", "<img src=cid:"]
)
def test_work_is_bounded(piece: str) -> None:
    # The standard library's parser takes minutes for some of these.
    source = piece * (200_000 // len(piece))
    words = "" if piece == "<!--" else source  # tags that nobody ended are words
    assert read_html(source).text == words
