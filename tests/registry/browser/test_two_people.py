"""Ada and Bo publish, stage, compare, promote and roll back in Chromium, each signed in with a token."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from registry.store.access.roles import Scope
from styles.formats import style_file
from tests.fakes.registry.axe import violations
from tests.fakes.registry.looks import NAMELESS, PALE
from tests.fakes.registry.service import Service
from tests.fakes.registry.visitor import WEIGHTS, drop, watch
from tests.fakes.runner.balancer import FakeBalancer

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's


async def token(service: Service, name: str, scope: Scope = "publish") -> str:
    def add() -> str:
        with service.second_store() as store:
            return store.tokens.add(name, scope=scope)

    return await asyncio.to_thread(add)


async def signed_in(browser: Browser, service: Service, secret: str) -> Page:
    context: BrowserContext = await browser.new_context(base_url=service.url, reduced_motion="reduce")
    page = await context.new_page()
    page.set_default_timeout(60_000)
    await page.goto("/login?next=/upload")
    await page.get_by_label("Token").fill(secret)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("Signed in as")).to_be_visible()
    return page


async def hand_in(page: Page, name: str, *, staged: bool) -> None:
    await page.goto("/upload")
    await page.get_by_label("Choose the file").set_input_files(WEIGHTS)
    await page.get_by_label("Name").fill(name)
    if staged:
        await page.get_by_label("stage it").check()
    await page.get_by_role("button", name="Publish").click()


async def test_two_people_publish_stage_compare_promote_and_roll_back(
    browser: Browser, service: Service, balancer: FakeBalancer
) -> None:
    ada = await signed_in(browser, service, await token(service, "Ada"))
    bo = await signed_in(browser, service, await token(service, "Bo"))
    complaints = [watch(ada, service.url), watch(bo, service.url)]
    await _publish_as_ones_own(ada, bo)
    await _stage_as_a_maintainer(ada, bo)
    await _compare(bo, balancer)
    await _promote_and_roll_back(ada, bo)
    # The trail says who did what.
    await ada.get_by_role("link", name="Who did what").click()
    for line in (
        "Bo staged tiles, version 2",
        "Bo rolled back tiles, version 1",
        "Ada added a maintainer to tiles",
    ):
        await expect(ada.get_by_text(line)).to_be_visible()
    assert complaints == [[], []]
    for page in (ada, bo):
        await page.context.close()


async def _publish_as_ones_own(ada: Page, bo: Page) -> None:
    # Ada publishes, and it is hers.
    await hand_in(ada, "tiles", staged=False)
    await expect(ada.get_by_role("heading", name="Tiles is live: version 1")).to_be_focused()
    # Bo sees it, and can neither change it nor publish under its name.
    await bo.goto("/styles/tiles")
    await expect(bo.get_by_text("Of Ada")).to_be_visible()
    await expect(bo.get_by_text("Only its owner and maintainers change this style.")).to_be_visible()
    await expect(bo.get_by_role("button", name="Retire this style")).to_have_count(0)
    await hand_in(bo, "tiles", staged=True)
    await expect(bo.locator("#refused")).to_contain_text("tiles belongs to Ada")
    await expect(bo.locator("#name-note")).to_contain_text("ask Ada to make you a maintainer")


async def _stage_as_a_maintainer(ada: Page, bo: Page) -> None:
    # Ada makes Bo a maintainer, and Bo stages a version.
    await ada.goto("/styles/tiles")
    await ada.get_by_text("Maintainers", exact=True).click()
    await ada.get_by_label("Person, as their token is named").fill("bo")
    await ada.get_by_role("button", name="Let them change this style").click()
    await expect(ada.locator("#said")).to_have_text("bo may change tiles now.")
    await bo.get_by_role("button", name="Publish").click()
    await expect(bo.get_by_role("heading", name="Tiles is staged: version 2")).to_be_focused()


async def _compare(bo: Page, balancer: FakeBalancer) -> None:
    # They look at both versions side by side, on a photo of Bo's.
    balancer.styles = (*balancer.styles, "tiles", "tiles@1", "tiles@2", "tiles@staged")
    await bo.get_by_role("link", name="Compare it with the live version").click()
    photo = (style_file.BUILTIN / "starry-night" / "preview.jpg").read_bytes()
    await drop(bo, "#compare-form .drop", "beach.jpg", photo)
    await expect(bo.get_by_text("Painted by both.")).to_be_visible()
    await expect(bo.get_by_role("img", name="Your photo as version 1 paints it")).to_be_visible()
    await expect(bo.get_by_role("img", name="Your photo as version 2 paints it")).to_be_visible()
    asked = [job["style"] for job in balancer.jobs if job["sender"].startswith("page ")]
    assert asked == ["tiles@1", "tiles@2"]


async def _promote_and_roll_back(ada: Page, bo: Page) -> None:
    # Bo makes it live from there; Ada's page is out of date, and rolls nothing back by mistake.
    await bo.get_by_role("button", name="Make version 2 live").click()
    await expect(bo.locator("#said")).to_have_text("Version 2 is live now.")
    await expect(bo.get_by_role("heading", name="Version 2 live")).to_be_visible()
    await ada.goto("/styles/tiles")
    await bo.get_by_role("button", name="Roll back to version 1").click()
    await expect(bo.locator("#said")).to_have_text("Rolled back: version 1 is live now.")
    await ada.get_by_role("button", name="Roll back to version 1").click()
    await expect(ada.locator("#wrong")).to_contain_text(
        "live is at version 1 and not at 2. Nothing was changed."
    )
    # The version that was left is not offered as the way back.
    await expect(bo.get_by_role("button", name="Roll back")).to_have_count(0)
    await expect(bo.get_by_role("heading", name="Version 2 rolled back")).to_be_visible()
    await bo.get_by_role("button", name="Make version 2 live").click()
    await expect(bo.get_by_role("button", name="Roll back to version 1")).to_be_visible()


async def test_aliases_and_the_card_are_changed_on_the_page(browser: Browser, service: Service) -> None:
    page = await signed_in(browser, service, await token(service, "Ada"))
    await hand_in(page, "tiles", staged=False)
    await expect(page.get_by_role("heading", name="Tiles is live: version 1")).to_be_focused()
    await page.goto("/styles/tiles")
    await page.get_by_text("Give a version another name").click()
    await page.locator("#alias").fill("night")
    await page.get_by_role("button", name="Set it").click()
    await expect(page.locator("#said")).to_have_text("tiles@night is version 1 now.")
    await page.get_by_role("button", name="Remove “night”").click()
    await expect(page.locator("#said")).to_have_text("tiles@night means nothing any more.")
    await page.get_by_text("Edit the card").click()
    await page.locator("#card-title").fill("Tiles of Lisbon")
    await page.locator("#card-tags").fill("azulejo, pattern")
    await page.get_by_role("button", name="Save the card").click()
    await expect(page.locator("#said")).to_have_text("The card is saved.")
    await expect(page.get_by_role("heading", name="Tiles of Lisbon")).to_be_visible()
    await expect(page.get_by_role("heading", name="Version 2")).to_have_count(0)
    await page.context.close()


async def test_tokens_are_made_used_and_revoked_on_their_page(browser: Browser, service: Service) -> None:
    root = await signed_in(browser, service, await token(service, "Root", "registry"))
    await root.goto("/tokens")
    await root.get_by_label("Person").fill("Cy")
    await root.get_by_label("It may").select_option("stage")
    await root.get_by_role("button", name="Make it").click()
    secret = await root.get_by_label("The token of Cy").input_value()
    assert secret.startswith("mb_")
    cy = await signed_in(browser, service, secret)
    await cy.goto("/tokens")
    await expect(cy.get_by_role("heading", name="Your tokens")).to_be_visible()
    await expect(cy.get_by_text("Root")).to_have_count(0)
    await hand_in(cy, "sketch", staged=False)
    await expect(cy.locator("#refused")).to_contain_text("of the scope “publish”, and yours has “stage”")
    await cy.get_by_label("stage it").check()
    await cy.get_by_role("button", name="Publish").click()
    await expect(cy.get_by_role("heading", name="Sketch is staged: version 1")).to_be_focused()
    await cy.goto("/styles/sketch")
    await expect(cy.get_by_text("Not live yet")).to_be_visible()
    await root.get_by_role("button", name="I have it").click()
    revoke = root.get_by_role("button", name="Revoke the token Cy")
    await revoke.click()
    await revoke.click()
    await expect(root.locator("#said")).to_have_text("The token is revoked.")
    await cy.goto("/tokens")
    await expect(cy.get_by_label("Token")).to_be_visible()  # the login is over
    for page in (root, cy):
        await page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_these_pages_can_be_read_and_named_and_fit_a_phone(
    browser: Browser, service: Service, scheme: str
) -> None:
    page = await signed_in(browser, service, await token(service, "Ada"))
    await hand_in(page, "tiles", staged=True)
    await expect(page.get_by_role("heading", name="Tiles is staged: version 1")).to_be_focused()
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for width in (360, 820, 1280):
        await page.set_viewport_size({"width": width, "height": 740})
        for path in (
            "/upload",
            "/login?refused=token",
            "/tokens",
            "/audit",
            "/styles/tiles",
            "/styles/tiles/compare",
            "/styles/great-wave/compare",
        ):
            await page.goto(path)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
            assert await page.evaluate(PALE) == [], (path, width)
            assert await page.evaluate(NAMELESS) == [], (path, width)
            if width < 400:
                assert await violations(page) == [], path
    await page.context.close()
