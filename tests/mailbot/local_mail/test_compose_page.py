"""The form: what it sends, to whom, and what it says about what it does not send."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiohttp import FormData
from yarl import URL

from mailbot.local_mail import compose_page
from mailbot.parsing.mail_parser import parse_email
from mailbot.send_test_photo import compose
from tests.fakes.mailbot.local_mail import BOT, JANE, LocalMail, answer, local_mail
from tests.fakes.mailbot.mails import photo


def form(*photos: bytes, **words: str) -> FormData:
    data = FormData(quote_fields=False)  # as browsers do
    for name, value in ({"to": BOT, "subject": "", "text": "", "thread": ""} | words).items():
        data.add_field(name, value)
    for number, content in enumerate(photos):
        data.add_field("photos", content, filename=f"beach {number}.jpg", content_type="image/jpeg")
    data.add_field("photos", b"", filename="", content_type="application/octet-stream")
    return data


async def received(server: LocalMail, account: str = BOT) -> Iterator[bytes]:
    mails = await server.accounts.mails(account, "INBOX")
    return iter([await server.accounts.open(account, "INBOX", found.uid) or b"" for found in mails])


async def test_a_photo_and_a_style_reach_the_bot(server: LocalMail) -> None:
    await server.sign_in()
    status, page = await server.post(
        "/write", form(photo(), photo(seed=1), style="great-wave", text="60 %\r\n")
    )
    assert (status, "data-waiting" in page) == (200, True)
    request = parse_email(next(await received(server)))
    assert (request.sender, request.subject, request.text.strip()) == (JANE, "great-wave", "60 %")
    assert [image.name for image in request.images] == ["beach 0.jpg", "beach 1.jpg"]
    assert request.images[0].image == photo()
    (kept,) = await server.accounts.mails(JANE, "Sent")
    assert kept.seen


async def test_words_of_ones_own_come_before_the_style(server: LocalMail) -> None:
    await server.sign_in()
    await server.post("/write", form(style="great-wave", subject="Überrasch mich"))
    assert parse_email(next(await received(server))).subject == "Überrasch mich"


async def test_an_answer_belongs_to_its_thread(server: LocalMail) -> None:
    await server.sign_in()
    uid = await server.accounts.put(JANE, "INBOX", answer().as_bytes())
    _, page = await server.get(f"/write?folder=INBOX&uid={uid}")
    thread = "<asked@mail.example> <answer@painter.example>"
    assert 'value="Re: great wave"' in page
    assert thread.replace("<", "&lt;").replace(">", "&gt;") in page
    await server.post("/write", form(subject="Re: great wave", text="bigger", thread=thread))
    request = parse_email(next(await received(server)))
    assert request.references[-1] == "<answer@painter.example>"


async def test_a_link_of_an_answer_fills_the_form_in(server: LocalMail) -> None:
    await server.sign_in()
    link = f"{BOT}?subject=the%20scream&In-Reply-To=%3Ca@x%3E&body=big"
    _, page = await server.get(f"/write?mailto={link}")
    for part in (f'value="{BOT}"', 'value="the scream"', 'value="&lt;a@x&gt;"', ">big</textarea>"):
        assert part in page


@pytest.mark.parametrize(
    ("link", "parts"),
    [
        ("bot%2Bmosaic@painter.example?subject=a+b", ('value="bot+mosaic@painter.example"', 'value="a+b"')),
        ("//[x", ('value="//[x"',)),
    ],
)
async def test_a_link_is_read_as_one_of_mail_and_not_as_a_form(
    server: LocalMail, link: str, parts: tuple[str, ...]
) -> None:
    await server.sign_in()
    async with server.visitor.get(URL(f"{server.url}/write?mailto={link}", encoded=True)) as answer:
        page = await answer.text()
    assert all(part in page for part in parts)


async def test_a_number_that_no_mail_has_shows_the_empty_form(server: LocalMail) -> None:
    await server.sign_in()
    status, page = await server.get(f"/write?folder=INBOX&uid={'9' * 5000}")
    assert (status, f'value="{BOT}"' in page) == (200, True)


async def test_others_are_served_while_a_large_mail_is_written(
    server: LocalMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def composing(*args: Any) -> EmailMessage:
        threads.append(threading.current_thread())
        return compose(*args)

    monkeypatch.setattr(compose_page, "compose", composing)
    await server.sign_in()
    await server.post("/write", form(photo(), subject="udnie"))
    assert threads
    assert threading.main_thread() not in threads


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"to": ""}, "To whom?"),
        ({"to": "ben"}, "To whom?"),
        ({"to": ", ".join(f"b{n}@mail.example" for n in range(30))}, "at most 20 addresses"),
        ({"subject": "", "text": "  "}, "This mail is empty"),
    ],
)
async def test_what_is_not_sent_is_said_with_the_words_kept(
    server: LocalMail, words: dict[str, str], sentence: str
) -> None:
    await server.sign_in()
    status, page = await server.post("/write", form(**({"subject": "udnie", "text": "big"} | words)))
    assert (status, sentence in page) == (400, True)
    assert list(await received(server)) == []
    if "text" not in words:
        assert ">big</textarea>" in page


async def test_a_subject_writes_no_header(server: LocalMail) -> None:
    await server.sign_in()
    await server.post("/write", form(subject="udnie\r\nBcc: ben@mail.example"))
    raw = next(await received(server))
    assert b"\nBcc:" not in raw
    assert list(await received(server, "ben@mail.example")) == []


async def test_photos_over_the_limit_are_refused_politely() -> None:
    async with local_mail(max_message_bytes=50_000) as server:
        await server.sign_in()
        status, page = await server.post("/write", form(b"\xff\xd8\xff" * 40_000, subject="udnie"))
        assert (status, "These photos are too large: a mail may have 100 kB." in page) == (400, True)


async def test_without_the_registry_a_style_is_named_by_hand(server: LocalMail) -> None:
    await server.sign_in()
    _, page = await server.get("/write")
    assert "The styles cannot be shown now" in page
    assert (await server.get("/styles/great-wave"))[0] == 404


async def test_mail_for_oneself_comes(server: LocalMail) -> None:
    await server.sign_in()
    await server.post("/write", form(to=f"Jane <{JANE}>, {BOT}", subject="hello"))
    assert [len(list(await received(server, name))) for name in (JANE, BOT)] == [1, 1]
