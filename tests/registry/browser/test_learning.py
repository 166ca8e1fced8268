"""The page on which a painting becomes a style, in Chromium, with a stand-in that learns."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, expect

from registry.client import LearningClient, PaintingToLearn
from styles.errors import UnknownStyle
from styles.learning_errors import CornersTimeout, LearningOff
from tests.fakes.mailbot.mails import photo
from tests.fakes.registry.axe import violations
from tests.fakes.registry.looks import NAMELESS, PALE
from tests.fakes.registry.service import TOKEN, Service
from tests.fakes.registry.versions import publish
from tests.fakes.registry.visitor import drop, opened, sign_in
from tests.fakes.runner.learner import CORNERS, FakeLearner

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's

PHONE = {"width": 360, "height": 740}


@pytest_asyncio.fixture(loop_scope="session")
async def balancer() -> AsyncIterator[FakeLearner]:
    async with FakeLearner() as learner:
        yield learner


async def test_a_painting_is_learnt_and_goes_live(
    page: Page, service: Service, balancer: FakeLearner
) -> None:
    await opened(page)
    await page.get_by_role("button", name="Top left corner: 10 % from the left, 10 % from the top").focus()
    await page.keyboard.press("Shift+ArrowRight")
    await page.get_by_role("textbox", name="Name").fill("My garden")
    await expect(page.locator("#name-note")).to_have_text("People will write “my-garden”.")
    await page.get_by_label("Artist").fill("Ada")
    balancer.may_finish.clear()
    await page.get_by_role("button", name="Learn it").click()
    await expect(page.locator("#learning .said")).to_have_text("Training, about 3 minutes left")
    await expect(page.get_by_alt_text("A photo, painted in the new style so far")).to_be_visible()
    corners = json.loads(balancer.only.form["corners"])
    assert corners == [[pytest.approx(0.15), 0.1], *CORNERS[1:]]

    await page.reload()  # it goes on with its job
    await expect(page.locator("#learning .said")).to_have_text("Training, about 3 minutes left")
    for look in (NAMELESS, PALE):
        assert await page.evaluate(look) == []
    balancer.may_finish.set()
    await expect(page.locator("#learning .said")).to_have_text("Learnt. Do you like it?")
    await page.get_by_role("button", name="Make it live").click()
    await expect(page.get_by_role("heading", name="“my-garden” is live")).to_be_focused()
    await page.get_by_role("link", name="See the style’s page").click()
    await page.wait_for_url("**/styles/my-garden")
    for told in ("My garden", "Ada"):  # though the page was loaded again
        await expect(page.get_by_text(told).first).to_be_visible()


async def test_the_address_of_a_job_that_is_published_leads_to_its_style(
    page: Page, service: Service, balancer: FakeLearner
) -> None:
    await opened(page)
    await page.get_by_role("textbox", name="Name").fill("我的花园")
    await expect(page.locator("#name-note")).to_contain_text("People will write “我的花园” or “")
    await page.get_by_role("button", name="Learn it").click()
    await expect(page.locator("#learning .said")).to_have_text("Learnt. Do you like it?")
    other = await page.context.new_page()  # of the same job
    await other.goto(page.url)
    await expect(other.locator("#learning .said")).to_have_text("Learnt. Do you like it?")
    await page.get_by_role("button", name="Make it live").click()
    await expect(page.get_by_role("heading", name="is live")).to_be_focused()
    name = balancer.only.published
    assert name.endswith("-canvas")
    with service.second_store() as store:
        card = store.card(name)
    assert (card.title, card.other_names) == ("我的花园", ("我的花园",))

    await other.get_by_role("button", name="Throw it away").click()
    await expect(other.get_by_role("heading", name=f"“{name}” is published already")).to_be_focused()
    await other.reload()
    await expect(other.get_by_role("heading", name=f"“{name}” is published.")).to_be_visible()
    await expect(other.get_by_role("link", name="See the style’s page")).to_be_visible()
    for button in ("Make it live", "Throw it away"):
        await expect(other.get_by_role("button", name=button)).to_be_hidden()
    assert not balancer.only.cancelled
    balancer.jobs.clear()
    await other.reload()
    await expect(other.get_by_role("heading", name=f"“{name}” is published.")).to_be_visible()


async def test_a_job_whose_address_is_pasted_is_shown_also_after_signing_in(
    page: Page, balancer: FakeLearner
) -> None:
    await opened(page)
    await page.get_by_role("textbox", name="Name").fill("My garden")
    await page.get_by_role("button", name="Learn it").click()
    await expect(page.locator("#learning .said")).to_have_text("Learnt. Do you like it?")
    address = page.url
    await page.goto(address.partition("#")[0])
    await expect(page.locator("#lesson")).to_be_visible()
    await page.goto(address)  # which loads no page
    await expect(page.locator("#learning .said")).to_have_text("Learnt. Do you like it?")
    await page.get_by_role("link", name="To the content").focus()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(address)  # a part of the page is no job

    await page.get_by_role("button", name="Sign out").click()
    await page.goto(address)
    for token in ("mb_wrong", TOKEN):
        await page.get_by_label("Token").fill(token)
        await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(address)
    await expect(page.locator("#learning .said")).to_have_text("Learnt. Do you like it?")


async def test_a_job_beside_another_one_is_published_under_its_own_title(
    page: Page, service: Service, balancer: FakeLearner
) -> None:
    await opened(page)
    await page.get_by_role("textbox", name="Name").fill("My garden")
    await page.get_by_label("Artist").fill("Ada")
    await page.get_by_role("button", name="Learn it").click()
    await expect(page.locator("#learning .said")).to_have_text("Learnt. Do you like it?")
    other = PaintingToLearn(
        painting=photo(seed=7), name="blue hills", title="Hills", artist="Bo", key="k" * 8
    )
    job = await LearningClient(service.url, TOKEN).begin(other)
    await page.evaluate("(id) => { location.hash = id; }", job.id)
    await expect(page.get_by_role("heading", name="“Hills”")).to_be_visible()
    await page.get_by_role("button", name="Make it live").click()
    await expect(page.get_by_role("heading", name="“blue-hills” is live")).to_be_focused()
    with service.second_store() as store:
        kept = store.card("blue-hills")
    assert (kept.title, kept.artist) == ("Hills", "Bo")


async def test_a_painting_whose_answer_was_lost_is_begun_once(page: Page, balancer: FakeLearner) -> None:
    await opened(page)
    await page.get_by_role("textbox", name="Name").fill("My garden")
    balancer.answers_lost = 1
    await page.get_by_role("button", name="Learn it").click()
    await expect(page.locator("#refused")).to_contain_text("cannot be reached")
    await page.get_by_role("button", name="Learn it").click()
    await expect(page.locator("#learning .said")).to_have_text("Learnt. Do you like it?")
    assert (balancer.posts, len(balancer.jobs)) == (2, 1)


async def test_a_painting_that_was_changed_after_its_answer_was_lost_is_another_one(
    page: Page, balancer: FakeLearner
) -> None:
    await opened(page)
    name, corner = (
        page.get_by_role("textbox", name="Name"),
        page.get_by_role("button", name="Top left corner"),
    )
    await name.fill("My garden")
    balancer.answers_lost = 3
    changes = (
        lambda: name.fill("My hills"),
        lambda: page.get_by_label("Time to learn").select_option("3"),
        lambda: corner.press("ArrowUp"),
    )
    for change in changes:
        await page.get_by_role("button", name="Learn it").click()
        await expect(page.locator("#refused")).to_contain_text("cannot be reached")
        await change()
    await page.get_by_role("button", name="Learn it").click()
    await expect(page.locator("#learning .said")).to_have_text("Learnt. Do you like it?")
    forms = [job.form for job in balancer.jobs.values()]
    assert [form["name"] for form in forms] == ["my-garden", "my-hills", "my-hills", "my-hills"]
    assert [form["minutes"] for form in forms] == ["5", "5", "3", "3"]
    assert forms[2]["corners"] != forms[3]["corners"]


async def beside_a_trial(page: Page, service: Service) -> Page:
    """Put “my garden” on trial, which waits for `go_on`, and open it in a page that has not sent it there."""
    await opened(page)
    await page.get_by_role("textbox", name="Name").fill("My garden")
    await page.get_by_role("button", name="Learn it").click()
    service.validator.go_on.clear()
    await page.get_by_role("button", name="Make it live").click()
    await service.validator.begun.wait()
    other = await page.context.new_page()  # which has not sent it there
    await other.goto(page.url)
    return other


@pytest.mark.parametrize(
    ("status", "sentence", "label"),
    [
        (404, "not known any more", "Begin anew"),
        pytest.param(401, "You are signed out", "Throw it away", marks=pytest.mark.slow),
    ],
)
async def test_a_trial_that_cannot_be_followed_any_more_disables_nothing(
    page: Page, service: Service, status: int, sentence: str, label: str
) -> None:
    other = await beside_a_trial(page, service)
    await expect(other.locator("#learning .said")).to_have_text("On trial: it paints its photos…")
    await other.route("**/api/learn/*", lambda route: route.fulfill(status=503))
    async with other.expect_response(lambda response: response.status == 503):
        pass
    await expect(other.locator("#learning .said")).to_have_text("On trial: it paints its photos…")
    await other.route("**/api/learn/*", lambda route: route.fulfill(status=status))
    await expect(other.locator("#failed")).to_contain_text(sentence)
    await expect(other.get_by_role("button", name=label)).to_be_enabled()
    service.validator.go_on.set()
    await expect(page.get_by_role("heading", name="“my-garden” is live")).to_be_focused()


async def test_a_page_that_is_loaded_again_during_the_trial_tells_its_end(
    page: Page, service: Service, balancer: FakeLearner
) -> None:
    other = await beside_a_trial(page, service)
    await page.reload()
    for each in (page, other):
        await expect(each.locator("#learning .said")).to_have_text("On trial: it paints its photos…")
        await expect(each.get_by_role("heading", name="“My garden”")).to_be_visible()
        await expect(each.get_by_alt_text("The painting, made flat")).to_be_visible()
        await expect(each.get_by_role("button", name="Make it live")).to_be_hidden()
        await expect(each.get_by_role("button", name="Throw it away")).to_be_enabled()
    service.validator.go_on.set()
    await expect(page.get_by_role("heading", name="“my-garden” is live")).to_be_focused()
    await expect(other.get_by_role("heading", name="“my-garden” is published")).to_be_visible()
    assert len(service.validator.asked) == 1


async def test_a_style_is_thrown_away_during_its_trial(
    page: Page, service: Service, balancer: FakeLearner
) -> None:
    other = await beside_a_trial(page, service)
    await page.get_by_role("button", name="Throw it away").click()
    await expect(page.locator("#stage-hint")).to_have_text("It is stopped, and nothing of it is kept.")
    await expect(page.locator("#lesson")).to_be_visible()
    await expect(other.locator("#learning .said")).not_to_have_text("On trial: it paints its photos…")
    service.validator.go_on.set()
    assert balancer.only.cancelled
    with service.second_store() as store, pytest.raises(UnknownStyle):
        store.card("my-garden")


async def test_corners_that_are_not_found_in_time_are_dragged(page: Page, balancer: FakeLearner) -> None:
    balancer.may_find.clear()
    await sign_in(page, "/learn")
    await drop(page, ".drop", "canvas.jpg", photo(800, 600))
    await expect(page.get_by_alt_text("Your photo of the painting")).to_be_visible()  # at once
    await expect(page.locator("#stage-hint")).to_have_text("Looking for the painting…")
    balancer.refusal = CornersTimeout("no corners in 30 s")
    balancer.may_find.set()
    await expect(page.locator("#stage-hint")).to_contain_text("were not found in time. Drag them")
    await expect(page.locator("#refused")).to_have_text("")
    await page.get_by_role("button", name="Top left corner: 0 % from the left").focus()
    await page.keyboard.press("Shift+ArrowRight")
    await page.get_by_role("textbox", name="Name").fill("My garden")
    await page.get_by_role("button", name="Learn it").click()
    await expect(page.locator("#learning .said")).to_have_text("Learnt. Do you like it?")
    assert json.loads(balancer.only.form["corners"])[0] == [pytest.approx(0.05), 0]


async def test_a_picture_that_is_refused_is_not_shown_on(page: Page, balancer: FakeLearner) -> None:
    balancer.refusal = (422, "I see one plain colour.")
    await sign_in(page, "/learn")
    await drop(page, ".drop", "canvas.jpg", photo(800, 600))
    await expect(page.locator("#refused")).to_have_text("I see one plain colour.")  # and no raw details
    await expect(page.locator("#stage")).to_be_hidden()


async def test_a_page_that_cannot_learn_says_how_to_switch_it_on(page: Page, balancer: FakeLearner) -> None:
    balancer.missing = LearningOff("Switch it on by learn = true below [runner] in config.toml.")
    await sign_in(page, "/learn")
    await expect(page.get_by_role("heading", name="Nothing can be learnt here yet")).to_be_visible()
    await expect(page.locator("#off")).to_contain_text("Switch it on by learn = true below [runner]")
    await expect(page.locator("#lesson")).to_be_hidden()
    assert await violations(page) == []


async def test_a_name_that_is_taken_meanwhile_is_changed_at_the_end(
    page: Page, service: Service, balancer: FakeLearner
) -> None:
    await opened(page)
    await page.get_by_role("textbox", name="Name").fill("hills")
    balancer.may_finish.clear()
    await page.get_by_role("button", name="Learn it").click()
    await expect(page.locator("#learning .said")).to_have_text("Training, about 3 minutes left")
    await page.route("**/api/learn/*", _away)
    await page.get_by_role("button", name="Stop learning").click()
    await expect(page.locator("#failed")).to_have_text("The balancer is away.")
    await page.unroute("**/api/learn/*", _away)
    assert not balancer.only.cancelled
    with service.second_store() as store:
        publish(store, "hi11s")  # too much like it
    balancer.may_finish.set()
    await expect(page.locator("#last-name-note")).to_contain_text("“hills-2” is free.")
    await expect(page.locator("#failed")).to_have_text("")
    await page.get_by_role("button", name="Make it live").click()  # says so, and sends nothing
    await page.get_by_role("textbox", name="Name").fill("Hills at noon")
    await expect(page.locator("#last-name-note")).to_have_text("People will write “hills-at-noon”.")
    assert await violations(page) == []
    await page.get_by_role("button", name="Make it live").click()
    await expect(page.get_by_role("heading", name="“hills-at-noon” is live")).to_be_focused()
    with service.second_store() as store:
        assert store.card("hills-at-noon").title == "Hills at noon"


async def _away(route: Route) -> None:
    """Answer as the registry does while no balancer can be reached, to a request to stop."""
    if route.request.method == "DELETE":
        await route.fulfill(status=503, json={"title": "The balancer is away."})
    else:
        await route.continue_()


@pytest.mark.slow
async def test_a_balancer_that_is_away_for_a_while_ends_no_lesson(page: Page, balancer: FakeLearner) -> None:
    await opened(page)
    await page.get_by_role("textbox", name="Name").fill("My garden")
    balancer.may_finish.clear()
    await page.get_by_role("button", name="Learn it").click()
    await expect(page.locator("#learning .said")).to_have_text("Training, about 3 minutes left")
    await balancer.__aexit__()
    await expect(page.locator("#failed")).to_contain_text("cannot be reached", timeout=15_000)
    balancer.may_finish.set()
    async with balancer:
        await expect(page.locator("#learning .said")).to_have_text("Learnt. Do you like it?", timeout=15_000)
    await expect(page.locator("#failed")).to_have_text("")


async def test_it_is_thrown_away_or_refused_in_a_sentence(page: Page, balancer: FakeLearner) -> None:
    await opened(page)
    await page.get_by_role("textbox", name="Name").fill("help")
    await expect(page.locator("#name-note")).to_contain_text("“help-easel” is free.")
    await page.get_by_role("textbox", name="Name").fill("blue hills")
    await expect(page.locator("#name-note")).to_have_text("People will write “blue-hills”.")
    balancer.problem = {"type": "about:blank", "detail": "I see one plain colour."}
    await page.get_by_role("button", name="Learn it").click()
    await expect(page.locator("#failed")).to_have_text("I see one plain colour.")
    await page.get_by_role("button", name="Begin anew").click()
    await expect(page.get_by_role("button", name="Learn it")).to_be_visible()
    assert balancer.only.cancelled


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_for_everybody_and_every_screen(page: Page, scheme: str) -> None:
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict of the same two keys
    await opened(page)
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate(PALE) == []


async def test_a_corner_is_dragged(page: Page) -> None:
    await opened(page)
    handle = page.get_by_role("button", name="Bottom right corner")
    await handle.scroll_into_view_if_needed()
    box = await handle.bounding_box()
    assert box
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.mouse.down()
    await page.mouse.move(box["x"] - 2000, box["y"] - 2000, steps=4)
    await page.mouse.up()
    await expect(page.locator("#stage-hint")).to_have_text("The sides cross each other: move a corner back.")
