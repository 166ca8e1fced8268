"""A page as a test reads it, and a style for it to show."""

from __future__ import annotations

import asyncio
from html.parser import HTMLParser

from registry.store.access.roles import Writer
from styles.contract import Card
from tests.fakes.registry.service import Service


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
            picture = folder / "preview.jpg" if preview else None
            store.publish(card, folder / "weights.safetensors", picture, by=Writer("Ada & Sons"))

    await asyncio.to_thread(work)
