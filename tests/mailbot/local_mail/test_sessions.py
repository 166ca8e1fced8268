"""Who is let into a mailbox, and what a page of another site cannot do."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.local_mail import JANE, LocalMail, local_mail

LOGIN = {"address": JANE, "password": "local"}


@pytest.mark.parametrize(
    "path", ["/", "/folder/Sent", "/write", "/mail/INBOX/101", "/news?after=1", "/styles/x"]
)
async def test_without_a_login_there_is_the_form_alone(server: LocalMail, path: str) -> None:
    status, page = await server.get(path)
    assert status == 200
    assert "Open the mailbox" in page
    assert JANE not in page


async def test_a_login_and_its_end(server: LocalMail) -> None:
    status, page = await server.post("/login", LOGIN)
    assert (status, JANE in page) == (200, True)
    _, page = await server.post("/logout", {})
    assert "Open the mailbox" in page
    assert "Open the mailbox" in (await server.get("/"))[1]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"password": "wrong"}, "Wrong password"), ({"address": "jane"}, "This is no mail address")],
)
async def test_a_refused_login_says_why(server: LocalMail, change: dict[str, str], sentence: str) -> None:
    status, page = await server.post("/login", LOGIN | change)
    assert (status, sentence in page) == (403, True)
    assert "Open the mailbox" in (await server.get("/"))[1]


async def test_only_the_password_that_everybody_knows_is_filled_in() -> None:
    async with local_mail() as server:
        assert 'value="local"' in (await server.get("/login"))[1]
        local = {**server.config.mail.local.model_dump(), "password": "tell-nobody"}
    async with local_mail(local=local) as server:
        page = (await server.get("/login"))[1]
        assert "tell-nobody" not in page
        assert 'value="local"' not in page
        assert (await server.post("/login", LOGIN))[0] == 403
        assert (await server.post("/login", LOGIN | {"password": "tell-nobody"}))[0] == 200


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://127.0.0.1:8480", "null"])
async def test_a_form_of_another_page_is_refused(server: LocalMail, origin: str) -> None:
    await server.sign_in()
    status, _ = await server.post("/write", {"to": JANE, "subject": "x"}, origin)
    assert status == 403
    assert await server.accounts.mails(JANE, "INBOX") == []


async def test_a_foreign_name_for_this_machine_is_refused(server: LocalMail) -> None:
    port = server.config.mail.local.web_port
    for name, status in (("elsewhere.example", 421), ("localhost", 200), ("[::1]", 200)):
        async with server.visitor.get(server.url + "/login", headers={"Host": f"{name}:{port}"}) as answer:
            assert answer.status == status, name
