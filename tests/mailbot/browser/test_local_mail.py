"""The page of the mail server to play with, as its visitors see it: from a dropped photo to the painting."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from mailbot.local_mail.accounts import INBOX
from mailbot.parsing.mail_parser import parse_email
from registry.config import RegistryConfigFile
from styles.formats import style_file
from tests.fakes.mailbot.local_mail import BOT, JANE, LocalMail, answer, local_mail
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.registry.looks import NAMELESS, PALE
from tests.fakes.registry.service import serving
from tests.fakes.registry.visitor import drop, see_all, watch

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's

expect.set_options(timeout=60_000)  # milliseconds: five seconds are not enough on a busy machine
PHONE = {"width": 360, "height": 740}


@pytest_asyncio.fixture(loop_scope="session")
async def server(tmp_path: Path) -> AsyncIterator[LocalMail]:
    """The server, and a registry with two of the shipped styles."""
    for name in ("great-wave", "starry-night"):
        shutil.copytree(style_file.BUILTIN / name, tmp_path / "builtin" / name)
    config = RegistryConfigFile.model_validate({"registry": {"port": 0, "data": str(tmp_path / "registry")}})
    async with (
        serving(config, tmp_path / "builtin") as registry,
        local_mail(registry.client.port or 0) as server,
    ):
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, server: LocalMail) -> AsyncIterator[Page]:
    context = await browser.new_context(base_url=server.url, reduced_motion="reduce")
    page = await context.new_page()
    complaints = watch(page, server.url)
    await sign_in(page)
    yield page
    await context.close()
    # Chromium says so of Playwright's own look into the frame of a mail, in which no script may run.
    assert [said for said in complaints if "Blocked script execution" not in said] == []


async def sign_in(page: Page) -> None:
    await page.goto("/")
    await page.get_by_label("Your address").fill(JANE)
    await page.get_by_role("button", name="Open the mailbox").click()
    await expect(page.get_by_text("It comes back painted")).to_be_visible()


async def test_a_dropped_photo_goes_to_the_bot_and_its_answer_opens_by_itself(
    page: Page, server: LocalMail
) -> None:
    await page.get_by_role("link", name="Send a photo").click()
    await see_all(page)
    await drop(page, ".drop", "beach.jpg", photo())
    await expect(page.get_by_alt_text("beach.jpg")).to_be_visible()
    await page.get_by_label("The Great Wave").check()
    await expect(page.get_by_label("Subject")).to_have_value("The Great Wave off Kanagawa")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("The answer opens here")).to_be_visible()

    (found,) = await server.accounts.mails(BOT, INBOX)
    request = parse_email(await server.accounts.open(BOT, INBOX, found.uid) or b"")
    assert (request.sender, request.subject) == (JANE, "The Great Wave off Kanagawa")
    assert [image.image for image in request.images] == [photo()]

    await server.hand_in(answer().as_bytes(), JANE)
    frame = page.frame_locator("iframe")
    await expect(frame.get_by_text("Here is your photo.")).to_be_visible()
    painting = frame.get_by_alt_text("painted")
    assert (
        await painting.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") == 64
    )
    async with page.expect_download() as download:
        await page.get_by_role("link", name="beach-great-wave.jpg").click()
    saved = await (await download.value).path()
    assert await asyncio.to_thread(saved.read_bytes) == photo(64, 48)

    await frame.get_by_role("link", name="the-scream").click()  # asks for another style of the same photo
    await expect(page.get_by_label("Subject")).to_have_value("the-scream")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("The answer opens here")).to_be_visible()
    newest, _ = await server.accounts.mails(BOT, INBOX)
    again = parse_email(await server.accounts.open(BOT, INBOX, newest.uid) or b"")
    assert again.references[-1] == "<answer@painter.example>"


async def test_photos_that_were_dropped_one_by_one_are_all_sent(page: Page, server: LocalMail) -> None:
    await page.goto("/write")
    await drop(page, ".drop", "one.jpg", photo(seed=1))
    await drop(page, "h1", "two.heic", b"beside the zone, and of a kind that no browser shows")
    await expect(page.locator(".chosen")).to_contain_text("two.heic")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("The answer opens here")).to_be_visible()
    await expect(page.locator(".files")).to_contain_text("one.jpg")
    await expect(page.locator(".files")).to_contain_text("two.heic")


async def test_photos_that_are_too_large_are_not_even_sent(page: Page, server: LocalMail) -> None:
    await page.goto("/write")
    await page.evaluate("document.querySelector('.letter').dataset.limit = '1000'")
    await drop(page, ".drop", "beach.jpg", photo())
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("alert")).to_contain_text("too large")
    assert await server.accounts.mails(BOT, INBOX) == []


async def test_a_list_shows_a_new_mail_and_a_letter_that_is_written_is_not_lost(
    page: Page, server: LocalMail
) -> None:
    await page.goto("/")
    await server.hand_in(mail("first"), JANE)
    await expect(page.get_by_text("first")).to_be_visible()
    await page.goto("/write")
    await page.get_by_label("Words").fill("half a sentence")
    await server.hand_in(mail("second"), JANE)
    await expect(page.get_by_role("link", name="A mail has come")).to_be_visible()
    await expect(page.get_by_label("Words")).to_have_value("half a sentence")
    await page.get_by_role("link", name="A mail has come").click()
    await expect(page.get_by_role("heading", name="second")).to_be_visible()


async def test_hostile_html_runs_nothing_and_asks_nobody(browser: Browser, server: LocalMail) -> None:
    script = (
        "<script>top.pwned = 1</script><img src=x onerror='top.pwned = 1'><img src='https://elsewhere.example/'>"
        "<meta http-equiv=refresh content='0;url=https://elsewhere.example/'><b>the end</b>"
    )
    context = await browser.new_context(base_url=server.url)
    page = await context.new_page()  # not the fixture's: the browser reports here what the policy forbids
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    await sign_in(page)
    await page.goto("/write")  # which a new mail does not load again
    uid = await server.accounts.put(JANE, INBOX, answer(script).as_bytes())
    await page.goto(f"/mail/INBOX/{uid}")
    await expect(page.frame_locator("iframe").get_by_text("the end")).to_be_visible()
    await expect(page.frame_locator("iframe").get_by_alt_text("painted")).to_be_visible()
    assert await page.evaluate("window.pwned === undefined")
    assert asked
    assert [url for url in asked if not url.startswith(server.url)] == []
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_can_be_read_in_both_lights_and_on_a_phone(
    page: Page, server: LocalMail, scheme: str
) -> None:
    await page.goto("about:blank")  # the open mailbox would load itself anew when the mail comes
    long = "Wellenbrecherhafenmauerbesichtigungsplattform" * 4
    uid = await server.accounts.put(JANE, INBOX, mail(long, long, images=[(f"{long[:80]}.jpg", photo())]))
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict of the same two keys
    for path in ("/", "/write", f"/mail/INBOX/{uid}", f"/mail/INBOX/{uid}?wait", "/mail/INBOX/9", "/login"):
        await page.goto(path)
        assert await page.evaluate(PALE) == [], path
        assert await page.evaluate(NAMELESS) == [], path
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(21, 19, 15)" if scheme == "dark" else "rgb(245, 241, 232)")
