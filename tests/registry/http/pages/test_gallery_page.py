from __future__ import annotations

import asyncio

from registry.gallery.style_search import ON_A_PAGE
from styles.contract import Card
from tests.fakes.registry import many
from tests.fakes.registry.pages import page, publish
from tests.fakes.registry.service import Service


async def test_a_search_has_an_address(service: Service) -> None:
    found = await page(service, "/?q=starry")
    assert "1 style:" in found.text
    assert "/styles/starry-night" in found.values("a", "href")
    assert "/styles/udnie" not in found.values("a", "href")
    assert found.values("input", "value") == ["starry"]
    assert "Mail a photo" not in found.text.partition("The gallery")[0]


async def test_a_search_for_nothing_that_hangs_here(service: Service) -> None:
    found = await page(service, "/?q=%3Cscript%3E&artist=nobody")
    assert "Nothing here is called so." in found.text
    assert "<script>" in found.text
    found = await page(service, "/?q=udney")
    assert "This is near it" in found.text
    assert "/styles/udnie" in found.values("a", "href")


async def test_artists_and_movements_lead_to_their_styles(service: Service) -> None:
    card = Card(name="udnie", title="Udnie", artist="Émile & Fils", year="1890", tags=("art nouveau",))
    await publish(service, card)
    for path in ("/", "/styles/udnie"):
        assert "/?artist=%C3%89mile%20%26%20Fils#gallery" in (await page(service, path)).values("a", "href")
    assert "/?tag=art%20nouveau#gallery" in (await page(service, "/styles/udnie")).values("a", "href")
    found = await page(service, "/?artist=%C3%89mile%20%26%20Fils&tag=art%20nouveau")
    assert "1 style:" in found.text
    options = found.values("option", "value")
    assert {"Émile & Fils", "art nouveau", "newest", "painted"} <= set(options)


async def test_hundreds_of_styles_are_on_pages(service: Service) -> None:
    def hang() -> None:
        with service.second_store() as store:
            many.hang(store, service.builtin.parent / "many", ON_A_PAGE)

    await asyncio.to_thread(hang)
    first, second = await page(service, "/"), await page(service, "/?page=2")
    hung = [{a for a in found.values("a", "href") if a.startswith("/styles/")} for found in (first, second)]
    assert len(hung[0] | hung[1]) == ON_A_PAGE + 3
    assert "/?page=2#gallery" in first.values("a", "href")
    assert "/#gallery" in second.values("a", "href")
    assert "The gallery, page 2" in second.text


async def test_a_title_is_written_from_its_own_side(service: Service) -> None:
    await publish(service, Card(name="fajr", title="موج البحر عند الفجر", artist="ليلى حداد"))
    for path in ("/", "/styles/fajr"):
        found = await page(service, path)
        sides = [values for tag, values in found.tags if values.get("dir") == "auto"]
        assert len(sides) >= 2, path
