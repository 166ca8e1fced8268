"""Answers as people see them: on laptops and phones, by day and by night, without style sheet or pictures."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page

from styles.contract import StyleJob, StyleSummary
from tests.fakes.mailbot.mail_program import PHONE, Scheme, show, source, strip, window
from tests.fakes.mailbot.mails import STYLES, photo
from tests.fakes.mailbot.replies.answers import Easel, answers
from tests.fakes.registry.looks import NAMELESS, PALE

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's

#: A landscape, a tall one, one smaller than the card, and one more.
SHAPES = {"beach.jpg": (800, 600), "Café am Meer.jpg": (600, 1000), "a.jpg": (200, 150), "d.jpg": (90, 60)}
LONG = "Wellenbrecherhafenmauerbesichtigungsplattform" * 4
#: Text and pictures that stick out of the card.
OUTSIDE = """() => {
  const card = document.querySelector(".card").getBoundingClientRect();
  const parts = [...document.querySelectorAll(".card *")].filter((e) => e.checkVisibility());
  return parts.filter((e) => {
    const box = e.getBoundingClientRect();
    return box.left < card.left || box.right > card.right + 0.5;
  }).map((e) => e.outerHTML.slice(0, 200));
}"""
#: Pictures of another shape than their file's.
BENT = """() => [...document.images].filter((i) => i.naturalWidth && i.checkVisibility())
  .filter((i) => Math.abs(i.width / i.height - i.naturalWidth / i.naturalHeight) > 0.02).map((i) => i.alt)"""
#: Links that a finger would miss: WCAG 2.2, 2.5.8 asks for 24 pixels, or as much room around.
SMALL_CHIPS = """() => [...document.querySelectorAll("a.chip")]
  .filter((e) => e.getBoundingClientRect().height < 30).map((e) => e.textContent)"""


def easel(*more: StyleSummary) -> Easel:
    pictures = {name: photo(*size, seed=n) for n, (name, size) in enumerate(SHAPES.items())}

    def paint(job: StyleJob) -> tuple[bytes, bytes]:
        return job.image + b"\n", job.image  # a picture of its own, so that it is attached beside the preview

    return Easel(paints=paint, styles=(*STYLES, *more), photos=pictures)


#: Those that have a page, opened.
PAGES = {name: source(raw) for name, raw in answers(easel()).items() if b"text/html" in raw}


async def fits(page: Page, width: int = PHONE) -> bool:
    """A phone shrinks what is too wide, and then calls its own window wider."""
    return bool(await page.evaluate("document.documentElement.scrollWidth") <= width)


@pytest.mark.parametrize("width", [PHONE, 320])
async def test_on_a_phone_nothing_sticks_out(browser: Browser, width: int) -> None:
    async with window(browser, width) as page:
        for name, shown in [*PAGES.items(), *((name, strip(whole)) for name, whole in PAGES.items())]:
            await show(page, shown)
            assert await fits(page, width), name
            assert await page.evaluate(OUTSIDE) == [], name
            assert await page.evaluate(BENT) == [], name
            assert await page.evaluate(SMALL_CHIPS) == [], name


async def test_on_a_laptop_the_card_stays_a_card(browser: Browser) -> None:
    async with window(browser) as page:
        for name, whole in PAGES.items():
            await show(page, whole)
            card = await page.locator(".card").bounding_box()
            assert card is not None
            assert (card["x"], card["width"]) == (300, 600), name
            assert await page.evaluate(OUTSIDE) == [], name
            assert await page.evaluate(BENT) == [], name
            tallest = await page.evaluate("Math.max(0, ...[...document.images].map((i) => i.height))")
            assert tallest <= 720, name


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_text_can_be_read(browser: Browser, scheme: Scheme) -> None:
    async with window(browser, PHONE, scheme) as page:
        for name, whole in PAGES.items():
            await show(page, strip(whole))
            assert await page.evaluate(PALE) == [], name
            await show(page, whole)
            assert await page.evaluate(PALE) == [], name
            ground = await page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")
            assert ground == ("rgb(33, 29, 24)" if scheme == "dark" else "rgb(255, 253, 248)")


async def test_a_screen_reader_can_name_everything(browser: Browser) -> None:
    async with window(browser) as page:
        for name, whole in PAGES.items():
            await show(page, whole)
            assert await page.evaluate(NAMELESS) == [], name
            assert await page.locator("table:not([role=presentation])").count() == 0
            assert await page.locator("h1").count() == 1
            assert await page.locator("html").get_attribute("lang") == "en"


async def test_with_pictures_blocked_it_is_still_told_what_they_are(browser: Browser) -> None:
    async with window(browser, PHONE) as page:
        await show(page, source(answers(easel())["surprise"], images=False))
        for image in await page.locator("img").all():
            alt = await image.get_attribute("alt")
            assert alt is not None
            assert alt.startswith("Your photo ")
            assert ", painted as " in alt
        assert await fits(page)


async def test_links_write_a_mail_that_asks(browser: Browser) -> None:
    async with window(browser) as page:
        await show(page, PAGES["one"])
        links = await page.evaluate("[...document.links].map((a) => [a.href, a.textContent])")
    assert ["mailto:bot@painter.example?subject=great-wave", "great-wave"] in links
    assert ["mailto:bot@painter.example?subject=surprise%20me", "Surprise me"] in links
    assert ["mailto:bot@painter.example?subject=all%20styles", "All on one sheet"] in links
    assert all(href.startswith("mailto:bot@painter.example?subject=") for href, _ in links)


async def test_the_preheader_is_for_the_list_of_mails_only(browser: Browser) -> None:
    async with window(browser) as page:
        await show(page, PAGES["one"])
        first = page.locator("body > div").first
        assert await first.is_hidden()
        assert str(await first.text_content()).startswith("In full size in the attachment: beach-")


async def test_whatever_an_artist_calls_a_style_it_stays_within(browser: Browser) -> None:
    hostile = StyleSummary(
        name="w" * 64,
        title="</p><script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>" + LONG,
        artist=LONG,
        year=LONG[:40],
        description=LONG + "<style>body { display: none }</style>",
        aliases={},
    )
    mails = answers(easel(hostile))
    async with window(browser, PHONE) as page:
        for name in ("one", "styles"):
            await show(page, source(mails[name]))
            assert await fits(page)
            assert await page.evaluate(OUTSIDE) == []
            assert await page.evaluate("window.pwned") is None
            assert await page.locator("h1").is_visible()
