"""What the page shows of a mail, of any mail."""

from __future__ import annotations

from email import message_from_bytes
from pathlib import Path

import pytest

from mailbot.local_mail.mail_view import heading, view
from tests.fakes.mailbot.local_mail import BOT, answer
from tests.fakes.mailbot.mails import deep, mail, photo

EMAILS = sorted((Path(__file__).parents[2] / "emails").glob("*.eml"))


def test_an_answer_shows_its_html_with_the_picture_in_it() -> None:
    found = view(answer().as_bytes())
    assert found.heading.subject == "Re: great wave"
    assert (found.heading.sender, found.heading.to) == ("The Painter", "jane@mail.example")
    (painting,) = found.files
    assert (painting.name, painting.media_type) == ("beach-great-wave.jpg", "image/jpeg")
    assert f'src="part/{painting.number}"' in found.html
    assert found.framed == {painting.number}
    assert found.listed == (painting,)  # to be saved
    assert found.thread == ("<asked@mail.example>", "<answer@painter.example>")
    assert found.reply_to == BOT


def test_a_preview_is_not_listed_beside_the_painting() -> None:
    message = answer()
    message.make_mixed()
    message.add_attachment(photo(640, 480), "image", "jpeg", filename="painting.jpg")
    found = view(message.as_bytes())
    assert [file.name for file in found.files] == ["beach-great-wave.jpg", "painting.jpg"]
    assert [file.name for file in found.listed] == ["painting.jpg"]


def test_a_link_to_the_bot_opens_the_form() -> None:
    html = view(answer().as_bytes()).html
    assert f'target="_top" href="/write?mailto={BOT}?subject=the-scream&' in html
    assert "mailto:" not in html


def test_a_photo_is_known_by_its_bytes_and_another_file_is_only_saved() -> None:
    raw = mail(images=[("page.html", b"<script>alert(1)</script>"), ("beach.jpg", b"\xff\xd8\xff and more")])
    page, beach = view(raw).files
    assert (page.media_type, beach.media_type) == ("", "image/jpeg")
    assert page.content == b"<script>alert(1)</script>"


def test_a_picture_that_is_missing_is_left_empty() -> None:
    raw = b'Content-Type: text/html\n\n<img src="cid:gone"><img src=cid:other>'
    assert "cid:" not in view(raw).html
    assert view(raw).html.count("data:,") == 2


def test_a_mail_over_the_limits_is_shown_in_part() -> None:
    found = view(deep(2000))
    assert found.heading.subject == "A mail that cannot be taken apart"
    assert 0 < len(found.text) <= 50_000


@pytest.mark.parametrize("path", EMAILS, ids=lambda path: path.stem)
def test_no_mail_of_the_corpus_is_too_much(path: Path) -> None:
    raw = path.read_bytes()
    assert view(raw).heading == heading(message_from_bytes(raw))
