"""The pages of folders and mails, and the parts of hostile ones."""

from __future__ import annotations

import asyncio

from mailbot.local_mail.mailbox_pages import FRAMED
from tests.fakes.mailbot.local_mail import JANE, LocalMail, answer
from tests.fakes.mailbot.mails import mail, photo


async def put(server: LocalMail, raw: bytes, folder: str = "INBOX") -> str:
    """The address of a mail in the folder of who is signed in."""
    await server.sign_in()
    uid = await server.accounts.put(JANE, folder, raw)
    return f"/mail/{folder.replace('/', '%2F')}/{uid}"


async def test_a_folder_lists_its_mails_newest_first(server: LocalMail) -> None:
    await put(server, mail("first"))
    await put(server, mail("second <b>"), "Some/where")
    await put(server, mail("third"))
    _, page = await server.get("/")
    assert page.index("third") < page.index("first")
    assert "second" not in page
    _, page = await server.get("/folder/Some%2Fwhere")
    assert "second &lt;b&gt;" in page


async def test_a_mail_with_its_photo(server: LocalMail) -> None:
    address = await put(server, mail("great wave", "Hello <i>there</i>", images=[("be & ach.jpg", photo())]))
    _, page = await server.get(address)
    assert "Hello &lt;i&gt;there&lt;/i&gt;" in page
    assert "be &amp; ach.jpg" in page
    async with server.visitor.get(server.url + address + "/part/1") as part:
        assert (part.content_type, await part.read()) == ("image/jpeg", photo())
    async with server.visitor.get(server.url + address + "/part/1?save") as part:
        assert part.headers["Content-Disposition"] == "attachment; filename*=UTF-8''be%20%26%20ach.jpg"


async def test_html_is_framed_so_that_nothing_of_it_runs(server: LocalMail) -> None:
    address = await put(server, answer("<script>alert(1)</script>").as_bytes())
    _, page = await server.get(address)
    assert f'<iframe src="{address}/html" sandbox="allow-same-origin ' in page
    assert "allow-scripts" not in page
    assert "alert(1)" not in page
    async with server.visitor.get(server.url + address + "/html") as html:
        assert html.headers["Content-Security-Policy"] == FRAMED
        assert "sandbox" in FRAMED
        assert "script" not in FRAMED


async def test_what_is_no_picture_is_only_saved(server: LocalMail) -> None:
    address = await put(server, mail(images=[("a.html", b"<script>alert(1)</script>"), ("a.svg", b"<svg/>")]))
    for number in (1, 2):
        async with server.visitor.get(f"{server.url}{address}/part/{number}") as part:
            assert part.content_type == "application/octet-stream"
            assert part.headers["Content-Disposition"].startswith("attachment")
            assert part.headers["X-Content-Type-Options"] == "nosniff"
            assert part.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


async def test_the_source_is_the_mail_byte_for_byte(server: LocalMail) -> None:
    raw = b"Subject: \xff\n\nbare\rCR\x00"
    address = await put(server, raw)
    async with server.visitor.get(server.url + address + "/source") as source:
        assert await source.read() == raw


async def test_a_mail_that_is_gone_is_said_to_be(server: LocalMail) -> None:
    await server.sign_in()
    status, page = await server.get("/mail/INBOX/999")
    assert (status, "This mail is not here any more" in page) == (404, True)
    for path in ("/mail/INBOX/999/html", "/mail/INBOX/999/part/0", "/mail/nowhere/1/source"):
        assert (await server.get(path))[0] == 404


async def test_another_account_has_other_mails(server: LocalMail) -> None:
    address = await put(server, mail("great wave"))
    await server.post("/login", {"address": "ben@mail.example", "password": "local"})
    assert (await server.get(address))[0] == 404
    assert "great wave" not in (await server.get("/"))[1]


async def test_news_are_told_when_a_mail_comes(server: LocalMail) -> None:
    await server.sign_in()
    newest = await server.accounts.newest(JANE)
    asking = asyncio.create_task(server.get(f"/news?after={newest}"))
    await server.hand_in(mail(), JANE)
    async with asyncio.timeout(15):  # without news the answer takes 25 s
        assert await asking == (200, f'{{"newest": {newest + 1}}}')
    assert (await server.get("/news?after=x"))[0] == 400
