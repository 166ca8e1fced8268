from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from registry.blobs.blob import digest_of
from registry.config import BotSms, BotTelegram, RegistryConfigFile
from registry.http import card_fields
from registry.http.pages.style_and_login_pages import mailto
from registry.store.names.style_names import NAME
from styles.contract import Card
from tests.fakes.registry.pages import page, publish
from tests.fakes.registry.service import NAMES, TOKEN, Service, serving
from tests.fakes.registry.versions import publish as publish_version


async def test_the_gallery_shows_every_style_and_how_to_ask_for_it(service: Service) -> None:
    gallery = await page(service, "/")
    assert "3 styles" in gallery.text
    links = gallery.values("a", "href")
    for name in NAMES:
        assert f"/styles/{name}" in links
        assert f"mailto:bot%2Bphotos@painter.example?subject={name}" in links
        assert name.title() in gallery.text
    assert "bot+photos@painter.example" in gallery.text


async def test_the_gallery_opens_chats_that_are_switched_on(
    config: RegistryConfigFile, builtin: Path
) -> None:
    chats = {"telegram": BotTelegram(enabled=True, name="painter_bot"), "sms": BotSms(number="+15551234567")}
    async with serving(config.model_copy(update=chats), builtin) as service:
        links = (await page(service, "/")).values("a", "href")
    assert "https://t.me/painter_bot" in links
    assert not any(link.startswith("sms:") for link in links)


@pytest.mark.parametrize("path", ["/", "/styles/udnie", "/styles/udnei", "/upload", "/login"])
async def test_pages_are_whole_and_take_nothing_from_elsewhere(service: Service, path: str) -> None:
    found = await page(service, path, 404 if path.endswith("udnei") else 200)
    names = [tag for tag, _ in found.tags]
    assert not {"style", "iframe", "object"} & set(names)
    assert not [attributes for _, attributes in found.tags if "style" in attributes]
    assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on")]
    loaded = found.values("img", "src") + found.values("link", "href") + found.values("script", "src")
    assert loaded
    assert names.count("script") == len(found.values("script", "src"))
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)
    for address in loaded:
        async with service.client.get(address) as response:
            assert response.status == 200
            assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert names.count("h1") == 1
    assert len(found.values("img", "alt")) == names.count("img")
    assert found.values("html", "lang") == ["en"]
    assert "/upload" in found.values("a", "href")


async def sign_in(service: Service) -> None:
    form, headers = {"token": TOKEN, "next": "/upload"}, {"Accept": "text/html"}
    async with service.client.post("/login", data=form, headers=headers) as response:
        assert response.status == 200


async def test_the_upload_page_is_for_who_is_signed_in(service: Service) -> None:
    found = await page(service, "/upload")
    assert found.values("form", "action") == ["/login"]
    assert "registry token add" in found.text
    assert "script" not in [tag for tag, _ in found.tags]
    await sign_in(service)
    found = await page(service, "/upload")
    assert "Signed in as operator" in found.text
    assert found.values("form", "action") == ["/logout"]
    assert len(found.values("meta", "content")[-1]) > 20  # the session's secret, for its script
    async with service.client.get("/upload") as response:
        assert response.headers["Cache-Control"] == "no-store"


async def test_the_form_asks_for_what_the_registry_takes(service: Service) -> None:
    await sign_in(service)
    found = await page(service, "/upload")
    controls = {
        values["name"]: values for tag, values in found.tags if tag in ("input", "textarea", "select")
    }
    assert controls.keys() == {"weights", "name", "alias", *card_fields.LIMITS}
    for name in ("title", "artist", "year", "licence", "description"):
        assert controls[name]["maxlength"] == str(card_fields.LIMITS[name])
    for text in card_fields.PIXEL_RANGES[1:]:
        assert text in found.text
    assert controls["name"]["pattern"].replace("\\-", "-") == NAME.pattern
    async with service.client.get("/static/upload.js") as response:
        assert f"/^{NAME.pattern}$/" in await response.text()


@pytest.mark.parametrize(
    ("refused", "told"),
    [("token", "not known"), ("wait", "Wait a few minutes"), ("<b>", "Wait a few minutes")],
)
async def test_a_refused_login_is_told(service: Service, refused: str, told: str) -> None:
    query = {"refused": refused, "next": '/styles/udnie"><script>'}
    found = await page(service, f"/login?{urlencode(query)}")
    assert told in found.text
    assert query["next"] in found.values("input", "value")
    assert [dict(values) for tag, values in found.tags if tag == "script"] == [
        {"type": "module", "src": "/static/sign_in.js"}
    ]


async def test_who_published_a_version(service: Service) -> None:
    await publish(service, Card(name="udnie", title="Udnie"))
    found = await page(service, "/styles/udnie")
    assert "by Ada & Sons" in found.text
    assert "button" not in [tag for tag, _ in found.tags]
    assert "/login?next=/styles/udnie" in found.values("a", "href")


async def test_who_is_signed_in_can_change_what_is_live(service: Service) -> None:
    await publish(service, Card(name="udnie", title="Udnie"))
    await sign_in(service)
    found = await page(service, "/styles/udnie")
    assert found.values("button", "data-promote") == ["1"]
    for text in ("Roll back to version 1", "Retire this style"):
        assert text in found.text


async def test_only_who_is_signed_in_sees_a_retired_style(service: Service) -> None:
    def retire() -> None:
        with service.second_store() as store:
            store.retire("udnie")

    await asyncio.to_thread(retire)
    await page(service, "/styles/udnie", 404)
    await sign_in(service)
    found = await page(service, "/styles/udnie")
    assert "Retired on" in found.text
    assert found.values("button", "data-promote") == ["1"]
    await page(service, "/styles/nothing", 404)


@pytest.mark.parametrize(
    ("style", "artist", "whose"),
    [
        ("hills", "Ann <b>", "By Ann <b> , taught by mail"),
        ("hills", "", "Taught by mail"),
        ("udnie", "", "Of the registry itself"),
    ],
)
async def test_a_style_that_was_taught_by_mail_is_its_authors(
    service: Service, style: str, artist: str, whose: str
) -> None:
    def teach() -> None:
        with service.second_store() as store:
            publish_version(store, "hills", author="ann@example.org")
            store.edit_card("hills", {"artist": artist})

    await asyncio.to_thread(teach)
    found = await page(service, f"/styles/{style}")
    assert whose in found.text
    assert "ann@example.org" not in found.text
    async with service.client.get(f"/api/styles/{style}") as answer:
        told = await answer.json()
    assert (told["owner"], told["taught_by_mail"]) == ("", style == "hills")


async def test_a_styles_page(service: Service) -> None:
    card = Card(name="udnie", title="Udnie", artist="Francis Picabia", year="1913", licence="CC0-1.0")
    await publish(service, replace(card, description="Dancers & machines.", trained="2000 steps"))
    found = await page(service, "/styles/udnie")
    for text in (
        "Francis Picabia",
        "1913",
        "Dancers & machines.",
        "CC0-1.0",
        "2000 steps",
        "live",
        "previous",
    ):
        assert text in found.text
    digest = digest_of(service.builtin / "udnie" / "weights.safetensors")
    assert found.values("a", "href").count(f"/blobs/{digest[7:]}") == 2  # both versions have these weights
    assert "mailto:bot%2Bphotos@painter.example?subject=udnie" in found.values("a", "href")


async def test_a_styles_page_has_its_other_names_and_movements(service: Service) -> None:
    card = Card(name="udnie", title="Udnie", other_names=("ウドニー", "<b>Jeune fille</b>"), tags=("cubism",))
    await publish(service, card)
    shown = await page(service, "/styles/udnie")
    assert "ウドニー" in shown.text
    assert "<b>Jeune fille</b>" in shown.text
    assert "/?tag=cubism#gallery" in shown.values("a", "href")
    assert "Also called" not in (await page(service, f"/styles/{NAMES[0]}")).text


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
        assert set(found.values("script", "src")) <= {"/static/style.js", "/static/gallery.js"}
        assert [tag for tag, _ in found.tags].count("script") == len(found.values("script", "src"))
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
    monkeypatch.setattr("registry.store.store.Store.styles", lambda _: [])
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
    assert mailto(address, style) == link
