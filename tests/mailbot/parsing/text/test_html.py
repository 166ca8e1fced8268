"""Html parts: words and pictures of what browsers would show."""

from __future__ import annotations

import pytest

from mailbot.parsing.text.html import ShownPicture, read_html


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
    assert [(p.cid, p.quoted) for p in page.pictures] == [
        ("a", False),
        ("c", False),
        ("a", True),
        ("b&", True),
    ]


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<a b='", '<a b="', "<!--", "<!", "</", "&", "<p class=", "<img src=cid:"]
)
def test_work_is_bounded(piece: str) -> None:
    # The standard library's parser takes minutes for some of these.
    source = piece * (200_000 // len(piece))
    words = "" if piece == "<!--" else source  # tags that nobody ended are words
    assert read_html(source).text == words


def places(source: str) -> list[tuple[str, bool, str, bool]]:
    return [(p.cid, p.quoted, p.mark, p.linked) for p in read_html(source).pictures]


def test_what_stands_above_a_picture() -> None:
    source = "<p>see<img src=cid:a></p><p>Best regards,</p><img src=cid:b><p>--<br></p><img src=cid:c>"
    assert places(source) == [
        ("a", False, "", False),
        ("b", False, "closing", False),
        ("c", False, "signature", False),
    ]


@pytest.mark.parametrize(
    "block",
    [
        "<div class=gmail_signature>",
        "<div id='Signature'>",
        "<a name='_MailAutoSig'>",
        "<pre class=moz-signature>",
    ],
)
def test_elements_of_signatures(block: str) -> None:
    assert places(f"{block}Jane<img src=cid:a>") == [("a", False, "signature", False)]


@pytest.mark.parametrize(
    "start",
    [
        "<div class=gmail_quote>", "<blockquote>", "<b>Von:</b> Tom<br><b>Gesendet:</b> Montag<br>",
        "<p>-------- Forwarded Message --------</p>", "<p>Begin forwarded message:</p>",
    ],
)  # fmt: skip
def test_a_quoted_mail_has_a_signature_of_its_own(start: str) -> None:
    source = f"hi<br>Regards<br><img src=cid:a>{start}photo<br><img src=cid:b><br>--<br><img src=cid:c>"
    assert places(source) == [
        ("a", False, "closing", False),
        ("b", True, "", False),
        ("c", True, "signature", False),
    ]


def test_a_line_of_dashes_quotes_nothing() -> None:
    assert places("a<br>____________________<br><img src=cid:a>") == [("a", False, "closing", False)]


def test_links_and_sizes() -> None:
    source = (
        "<a href='https://x.example'><img src=cid:a width=180 height='60px'></a><img src=cid:b width=100%>"
    )
    a, b = read_html(source).pictures
    assert a == ShownPicture(cid="a", linked=True, width=180, height=60)
    assert b == ShownPicture(cid="b")
    assert not read_html("<a href='#x'><img src=cid:a></a>").pictures[0].linked


def test_an_encoded_content_id() -> None:
    (picture,) = read_html("<img src='cid:image001.png%4001DC'>").pictures
    assert picture.cid == "image001.png@01DC"
