from __future__ import annotations

import asyncio
import os
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from registry.blobs import digest_of
from registry.web import Letter
from styles.contract import Card
from tests.registry.conftest import NAMES, Service


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += " ".join(data.split()) + " "

    def values(self, tag: str, attribute: str) -> list[str]:
        return [found[attribute] for name, found in self.tags if name == tag and attribute in found]


async def page(service: Service, path: str, status: int = 200) -> Page:
    async with service.client.get(path) as response:
        assert response.status == status
        assert response.content_type == "text/html"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        return Page(await response.text())


async def publish(service: Service, card: Card, *, preview: bool = True) -> None:
    def work() -> None:
        with service.second_store() as store:
            folder = service.builtin / "udnie"
            store.publish(card, folder / "weights.safetensors", folder / "preview.jpg" if preview else None)

    await asyncio.to_thread(work)


async def test_the_gallery_shows_every_style_and_how_to_ask_for_it(service: Service) -> None:
    gallery = await page(service, "/")
    assert "3 styles" in gallery.text
    links = gallery.values("a", "href")
    for name in NAMES:
        assert f"/styles/{name}" in links
        assert f"mailto:bot%2Bphotos@painter.example?subject={name}" in links
        assert name.title() in gallery.text
    assert "bot+photos@painter.example" in gallery.text


@pytest.mark.parametrize("path", ["/", "/styles/udnie", "/styles/udnei"])
async def test_pages_need_no_script_and_nothing_from_elsewhere(service: Service, path: str) -> None:
    found = await page(service, path, 404 if path.endswith("udnei") else 200)
    names = [tag for tag, _ in found.tags]
    assert not {"script", "style", "iframe", "form", "object"} & set(names)
    assert not [attributes for _, attributes in found.tags if "style" in attributes]
    loaded = found.values("img", "src") + found.values("link", "href")
    assert loaded
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)
    for address in loaded:
        async with service.client.get(address) as response:
            assert response.status == 200
            assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert names.count("h1") == 1
    assert len(found.values("img", "alt")) == len(found.values("img", "src"))
    assert found.values("html", "lang") == ["en"]


async def test_a_styles_page(service: Service) -> None:
    card = Card(name="udnie", title="Udnie", artist="Francis Picabia", year="1913", licence="CC0-1.0")
    await publish(service, replace(card, description="Dancers & machines.", trained="2000 steps"))
    found = await page(service, "/styles/udnie")
    for text in ("Francis Picabia, 1913", "Dancers & machines.", "CC0-1.0", "2000 steps", "live", "previous"):
        assert text in found.text
    digest = digest_of(service.builtin / "udnie" / "weights.safetensors")
    assert found.values("a", "href").count(f"/blobs/{digest[7:]}") == 2  # both versions have these weights
    assert "mailto:bot%2Bphotos@painter.example?subject=udnie" in found.values("a", "href")


async def test_an_unknown_style_leads_to_its_neighbour(service: Service) -> None:
    found = await page(service, "/styles/stary-nigth", 404)
    assert "/styles/starry-night" in found.values("a", "href")
    assert "stary-nigth" in found.text


async def test_a_card_cannot_write_html(service: Service) -> None:
    evil = "</h1><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    card = Card(name="evil", title=evil, artist=evil, year=evil, licence=evil, description=evil, trained=evil)
    await publish(service, card)
    for path in ("/", "/styles/evil", "/styles/udnie"):
        found = await page(service, path)
        assert "script" not in [tag for tag, _ in found.tags]
        assert not [attributes for _, attributes in found.tags if "onerror" in attributes]
        assert "<script>" in found.text
    found = await page(service, "/styles/%3Cscript%3E", 404)
    assert "script" not in [tag for tag, _ in found.tags]


async def test_a_style_without_a_preview_has_its_name_in_the_frame(service: Service) -> None:
    await publish(service, Card(name="bare", title="Nothing to see"), preview=False)
    for path in ("/", "/styles/bare"):
        found = await page(service, path)
        assert "Nothing to see" in found.text
        assert "" not in found.values("img", "src")
    async with service.client.get("/styles/bare/preview.jpg") as response:
        assert response.status == 404


async def test_an_empty_gallery_says_so(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.store.Store.styles", lambda _: [])
    assert "Nothing hangs here yet" in (await page(service, "/")).text


async def test_the_preview_by_name(service: Service) -> None:
    path = "/styles/udnie/preview.jpg"
    async with service.client.get(path) as response:
        assert response.content_type == "image/jpeg"
        assert response.headers["Cache-Control"] == "no-cache"  # the address stays, the picture may not
        assert await response.read() == (service.builtin / "udnie" / "preview.jpg").read_bytes()
        tag = response.headers["ETag"]
    async with service.client.get(path, headers={"If-None-Match": tag}) as response:
        assert response.status == 304


@pytest.mark.parametrize(
    ("address", "style", "link"),
    [
        ("bot@painter.example", "", "mailto:bot@painter.example"),
        ("a&b?c@painter.example", "udnie", "mailto:a%26b%3Fc@painter.example?subject=udnie"),
        ("bot@painter.example", "a b&c", "mailto:bot@painter.example?subject=a%20b%26c"),
    ],
)
def test_letters(address: str, style: str, link: str) -> None:
    assert Letter(address=address).link(style) == link


@pytest.fixture
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("the pages must be seen in a browser here, and there is no chromium")
        pytest.skip("no chromium on PATH")
    return found


async def browse(chromium: str, url: str, profile: Path) -> tuple[str, str]:
    """The page as Chromium has it after loading everything, and what it complained about."""
    process = await asyncio.create_subprocess_exec(
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
        "--enable-logging=stderr",
        f"--user-data-dir={profile}",
        "--window-size=1200,4000",
        "--virtual-time-budget=5000",
        "--dump-dom",
        url,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), 90)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return out.decode(), err.decode()


@pytest.mark.parametrize("path", ["/", "/styles/starry-night"])
async def test_a_browser_shows_every_picture(
    service: Service, chromium: str, tmp_path: Path, path: str
) -> None:
    dom, complaints = await browse(chromium, service.url.rstrip("/") + path, tmp_path / "profile")
    seen = Page(dom)
    for name in NAMES:
        assert name in seen.text
    shown = {address for address in seen.values("img", "src") if address.startswith("/blobs/")}
    assert len(shown) == len(NAMES)  # on a style's page the others hang beside it
    loaded = {address for address, status in service.answered if status == 200}
    assert shown | {"/static/style.css"} <= loaded
    assert not re.findall(r"^.*(?:CONSOLE|Content Security Policy).*$", complaints, re.MULTILINE)
