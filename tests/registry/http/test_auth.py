from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from multidict import CIMultiDict

from registry.app import create_app
from registry.config import RegistryConfigFile
from registry.http import rate_limit
from registry.http.auth import COOKIE, CSRF
from registry.http.rate_limit import BURST
from registry.store.access.roles import OPERATOR
from tests.fakes.registry.databases import both
from tests.fakes.registry.service import TOKEN, Service
from tests.fakes.registry.validator import FakeValidator

AUDIT = "/api/audit"
ROLLBACK = "/api/styles/udnie/rollback"
OTHER_SITE = {"Origin": "https://other.example"}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def status(service: Service, headers: dict[str, str], method: str = "GET", path: str = AUDIT) -> int:
    async with service.client.request(method, path, headers=headers) as response:
        return response.status


async def login(
    service: Service, token: str, headers: dict[str, str] | None = None, **form: str
) -> ClientResponse:
    """The answer to the form; the client then has the cookie, if there is one."""
    return await service.client.post(
        "/login", data={"token": token, **form}, headers=headers, allow_redirects=False
    )


def csrf(service: Service) -> str:
    """What the pages are told of the session that the client's cookie opens."""
    cookies = service.client.session.cookie_jar.filter_cookies(service.client.make_url("/"))
    with service.second_store() as store:
        session = store.sessions.find(cookies[COOKIE].value)
        assert session is not None
        return session.csrf


@both
async def test_the_tokens_of_persons_and_of_the_environment_may_write(service: Service) -> None:
    with service.second_store() as store:
        secret = store.tokens.add("Ada")
        assert await status(service, bearer(secret)) == 200
        assert await status(service, bearer(TOKEN)) == 200
        assert await status(service, bearer(secret), "POST", ROLLBACK) == 403  # a shipped style
        assert await status(service, bearer(TOKEN), "POST", ROLLBACK) == 409
        store.tokens.revoke("Ada")
        assert await status(service, bearer(secret)) == 401


@pytest.mark.parametrize("path", [AUDIT, ROLLBACK])
async def test_without_a_token_it_is_said_how(service: Service, path: str) -> None:
    method = "GET" if path == AUDIT else "POST"
    async with service.client.request(method, path) as response:
        problem = await response.json(content_type="application/problem+json")
        assert response.status == 401
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="registry"'
        assert "Bearer TOKEN" in problem["detail"]
    async with service.client.request(method, path, headers=bearer("wrong")) as response:
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="registry", error="invalid_token"'


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dTpw",
        TOKEN,
        f"Bearer {TOKEN}x",
        "Bearer " + "x" * 5000,
        "Bearer ü\xff",
    ],
)
async def test_what_is_no_token_of_ours_is_401(service: Service, header: str) -> None:
    assert await status(service, {"Authorization": header}) == 401


async def test_no_token_of_the_environment_is_no_token(config: RegistryConfigFile, builtin: Path) -> None:
    async with TestClient(TestServer(create_app(config, builtin, validator=FakeValidator()))) as client:
        for header in ("Bearer ", "Bearer", "Bearer None"):
            assert (await client.get(AUDIT, headers={"Authorization": header})).status == 401


async def test_the_token_is_never_logged(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    assert await status(service, bearer(TOKEN)) == 200
    assert await status(service, bearer("a-wrong-token")) == 401
    assert (await login(service, TOKEN)).status == 303
    assert TOKEN not in caplog.text
    assert "a-wrong-token" not in caplog.text


@both
async def test_a_login_opens_a_session_that_ends_with_the_logout(service: Service) -> None:
    answer = await login(service, f" {TOKEN}\n", next="/styles/udnie?x=1#versions")
    assert (answer.status, answer.headers["Location"]) == (303, "/styles/udnie?x=1#versions")
    assert await status(service, {}) == 200
    async with service.client.post("/logout", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert await status(service, {}) == 401


async def test_the_cookie_is_for_our_pages_alone(service: Service) -> None:
    cookie = SimpleCookie((await login(service, TOKEN)).headers["Set-Cookie"])[COOKIE]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Strict", "/", "")
    assert not cookie["secure"]


async def test_a_logout_ends_the_session_itself(service: Service) -> None:
    answer = await login(service, TOKEN)
    secret = SimpleCookie(answer.headers["Set-Cookie"])[COOKIE].value
    await service.client.post("/logout", allow_redirects=False)
    assert await status(service, {"Cookie": f"{COOKIE}={secret}"}) == 401


async def test_a_second_login_ends_the_first_session(service: Service) -> None:
    first = SimpleCookie((await login(service, TOKEN)).headers["Set-Cookie"])[COOKIE].value
    await login(service, TOKEN)
    with service.second_store() as store:
        assert store.sessions.find(first) is None


async def test_a_write_by_cookie_needs_the_secret_of_the_page(service: Service) -> None:
    await login(service, TOKEN)
    for wrong in ({}, {CSRF: ""}, {CSRF: "x"}, {CSRF: "\xff"}):
        assert await status(service, wrong, "POST", ROLLBACK) == 403
    assert await status(service, {CSRF: csrf(service)}, "POST", ROLLBACK) == 409


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 409),
        ({"Sec-Fetch-Site": "same-origin"}, 409),
        ({"Sec-Fetch-Site": "none"}, 409),
        ({"Sec-Fetch-Site": "same-origin", **OTHER_SITE}, 409),  # a proxy may have changed Host
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        (OTHER_SITE, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[bad"}, 403),
        ({"Origin": ""}, 403),
    ],
)
async def test_a_write_by_cookie_comes_from_our_own_page(
    service: Service, headers: dict[str, str], expected: int
) -> None:
    await login(service, TOKEN)
    assert await status(service, {CSRF: csrf(service), **headers}, "POST", ROLLBACK) == expected
    assert await status(service, bearer(TOKEN) | headers, "POST", ROLLBACK) == 409  # no browser adds a token


async def test_our_own_origin_is_known(service: Service) -> None:
    await login(service, TOKEN, {"Origin": service.url.rstrip("/")})
    headers = {CSRF: csrf(service), "Origin": service.url.rstrip("/")}
    assert await status(service, headers, "POST", ROLLBACK) == 409


async def test_nobody_is_logged_in_or_out_by_another_site(service: Service) -> None:
    assert (await login(service, TOKEN, OTHER_SITE)).status == 403
    await login(service, TOKEN)
    async with service.client.post("/logout", headers=OTHER_SITE, allow_redirects=False) as answer:
        assert answer.status == 403
    assert await status(service, {}) == 200


@pytest.mark.parametrize(
    "after",
    ["https://other.example", "//other.example", "/\\other.example", "\\\\other", "javascript:alert(1)", "",
     "/\n/other.example", "/\t/other.example", "/ü", "/" + "x" * 1000],
)  # fmt: skip
async def test_a_login_sends_nobody_elsewhere(service: Service, after: str) -> None:
    assert (await login(service, TOKEN, next=after)).headers["Location"] == "/"


async def test_a_refused_login_is_a_problem_for_programs_and_a_page_for_people(service: Service) -> None:
    assert (await login(service, "wrong")).status == 401
    answer = await login(service, "wrong", {"Accept": "text/html,*/*"}, next="/upload")
    assert (answer.status, answer.headers["Location"]) == (303, "/login?refused=token&next=/upload")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("type", "body", "expected"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("application/x-www-form-urlencoded", b"", 401),
        ("application/x-www-form-urlencoded", b"token=%ff", 401),
        ("application/x-www-form-urlencoded", b"token=\xff", 400),
        ("application/x-www-form-urlencoded; charset=klingon", b"token=x", 400),
        ("application/x-www-form-urlencoded", b"token=" + b"x" * 100_000, 413),
    ],
)
async def test_forms_that_are_none(service: Service, type: str, body: bytes, expected: int) -> None:
    async with service.client.post("/login", data=body, headers={"Content-Type": type}) as answer:
        assert answer.status == expected
        assert (await answer.json(content_type="application/problem+json"))["detail"]


@both
async def test_a_revoked_person_is_logged_out(service: Service) -> None:
    with service.second_store() as store:
        await login(service, store.tokens.add("Ada"))
        assert await status(service, {}) == 200
        store.tokens.revoke("Ada")
    assert await status(service, {}) == 401


async def test_sessions_of_the_operator_end_with_his_token(
    service: Service, config: RegistryConfigFile, builtin: Path
) -> None:
    cookie = f"{COOKIE}={SimpleCookie((await login(service, TOKEN)).headers['Set-Cookie'])[COOKIE].value}"
    async with TestClient(TestServer(create_app(config, builtin, validator=FakeValidator()))) as client:
        assert (await client.get(AUDIT, headers={"Cookie": cookie})).status == 401


@pytest.mark.parametrize(("token", "expected"), [(TOKEN, 200), ("another token", 401)])
@both
async def test_sessions_of_the_operator_outlive_a_restart_but_not_another_token(
    service: Service, config: RegistryConfigFile, builtin: Path, token: str, expected: int
) -> None:
    cookie = f"{COOKIE}={SimpleCookie((await login(service, TOKEN)).headers['Set-Cookie'])[COOKIE].value}"
    async with TestClient(
        TestServer(create_app(config, builtin, token=token, validator=FakeValidator()))
    ) as client:
        assert (await client.get(AUDIT, headers={"Cookie": cookie})).status == expected


@pytest.mark.parametrize("cookie", ["", "x", "x" * 3000, "\xff"])
async def test_a_cookie_that_opens_nothing(service: Service, cookie: str) -> None:
    assert await status(service, {"Cookie": f"{COOKIE}={cookie}"}) == 401
    assert (await service.client.get("/", headers={"Cookie": f"{COOKIE}={cookie}"})).status == 200


@both
async def test_too_many_wrong_tokens_are_held_off(service: Service) -> None:
    for _ in range(BURST):
        assert await status(service, bearer("wrong")) == 401
    async with service.client.get(AUDIT, headers=bearer("wrong")) as response:
        problem = await response.json(content_type="application/problem+json")
        assert response.status == problem["status"] == 429
        assert int(response.headers["Retry-After"]) > 0
    assert (await login(service, "wrong")).status == 429
    answer = await login(service, "wrong", {"Accept": "text/html"})
    assert answer.headers["Location"] == "/login?refused=wait&next=/"
    assert (await service.client.get("/api/styles")).status == 200


@both
async def test_a_thousand_at_once_are_no_more_than_a_burst(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "REGAIN_SECONDS", 1e6)
    answers = await asyncio.gather(*(status(service, bearer(f"wrong{n}")) for n in range(100)))
    assert answers.count(401) == BURST
    assert answers.count(429) == 100 - BURST


async def test_good_tokens_never_use_up_attempts(service: Service) -> None:
    answers = await asyncio.gather(*(status(service, bearer(TOKEN)) for _ in range(3 * BURST)))
    assert set(answers) == {200}


async def test_a_session_goes_on_while_its_address_is_held_off(service: Service) -> None:
    await login(service, TOKEN)
    for _ in range(BURST + 1):
        await status(service, bearer("wrong"))
    assert await status(service, {}) == 200


@both
async def test_a_good_token_is_never_locked_out_by_anothers_wrong_ones(service: Service) -> None:
    """They come from the same address, such as that of a company, at two a second or faster."""
    with service.second_store() as store:
        secret = store.tokens.add("Ada")
    answers = await asyncio.gather(
        *(status(service, bearer(token)) for n in range(40) for token in (f"wrong{n}", secret, TOKEN))
    )
    assert set(answers[1::3]) == set(answers[2::3]) == {200}
    assert 429 in answers[::3]
    assert (await login(service, secret)).status == 303


@both
async def test_a_token_and_its_logins_end_with_its_days(service: Service) -> None:
    with service.second_store() as store:
        secret = store.tokens.add("Ada", days=1)
        await login(service, secret)
        assert await status(service, bearer(secret)) == await status(service, {}) == 200
        with store.database.writing() as db:
            db.execute("UPDATE token SET expires = '2020-01-01T00:00:00.000+00:00'")
        assert await status(service, bearer(secret)) == await status(service, {}) == 401


@pytest.fixture
async def proxied(config: RegistryConfigFile, builtin: Path) -> AsyncIterator[TestClient[Any, Any]]:
    """A registry that stands behind a proxy."""
    config = config.model_copy(update={"registry": config.registry.model_copy(update={"proxied": True})})
    app = create_app(config, builtin, token=TOKEN, validator=FakeValidator())
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_behind_a_proxy_addresses_are_those_that_it_saw(proxied: TestClient[Any, Any]) -> None:
    async def tried(forwarded: str, token: str) -> int:
        headers = bearer(token) | {"X-Forwarded-For": forwarded}
        return (await proxied.get(AUDIT, headers=headers)).status

    for number in range(BURST):
        assert (
            await tried(f"7.7.7.{number}, 1.2.3.4", "wrong") == 401
        )  # what the client itself said changes nothing
    assert await tried("8.8.8.8, 1.2.3.4", "wrong") == 429
    assert await tried("1.2.3.4, 8.8.8.8", TOKEN) == 200


async def test_the_line_that_a_proxy_adds_counts_before_the_clients_own(
    proxied: TestClient[Any, Any],
) -> None:
    async def tried(forged: str, token: str) -> int:
        lines = [("X-Forwarded-For", forged), ("X-Forwarded-For", "1.2.3.4")]
        return (await proxied.get(AUDIT, headers=CIMultiDict([*bearer(token).items(), *lines]))).status

    for number in range(BURST):
        assert await tried(f"7.7.7.{number}", "wrong") == 401
    assert await tried("8.8.8.8", "wrong") == 429


async def test_others_failures_lock_nobody_out(
    proxied: TestClient[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(rate_limit.BURST_OF_ALL):
        await proxied.get(AUDIT, headers=bearer("wrong") | {"X-Forwarded-For": f"10.0.0.{number % 256}"})
    answer = await proxied.get(AUDIT, headers=bearer(TOKEN) | {"X-Forwarded-For": "1.2.3.4"})
    assert answer.status == 200


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False)])
async def test_behind_a_proxy_the_cookie_is_secure_where_it_says_https(
    proxied: TestClient[Any, Any], scheme: str, secure: bool
) -> None:
    headers = {"X-Forwarded-Proto": scheme}
    answer = await proxied.post("/login", data={"token": TOKEN}, headers=headers, allow_redirects=False)
    assert bool(SimpleCookie(answer.headers["Set-Cookie"])[COOKIE]["secure"]) == secure


async def test_without_a_proxy_nobody_is_believed(service: Service) -> None:
    answer = await login(service, TOKEN, {"X-Forwarded-Proto": "https"})
    assert not SimpleCookie(answer.headers["Set-Cookie"])[COOKIE]["secure"]
    for number in range(BURST):
        await status(service, bearer("wrong") | {"X-Forwarded-For": f"1.2.3.{number}"})
    assert await status(service, bearer("wrong") | {"X-Forwarded-For": "1.2.3.99"}) == 429


async def test_the_operator_is_called_so(service: Service) -> None:
    await service.client.put("/api/styles/udnie/aliases/best", json={"version": 1}, headers=bearer(TOKEN))
    with service.second_store() as store:
        assert store.audit(1)[0].by == OPERATOR
