"""What a visitor of the pages does in Chromium, and what a visitor should never see."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from registry.store.access.roles import Writer
from styles.contract import Card
from styles.formats import style_file
from tests.fakes.mailbot.mails import photo
from tests.fakes.registry.service import TOKEN, Service

WEIGHTS = style_file.BUILTIN / "starry-night" / "weights.safetensors"
#: Everything that a page can show to who is not signed in.
PATHS = ("/", "/styles/great-wave", "/styles/grate-wave", "/upload", "/learn", "/login?refused=token")
HOSTILE = "</p><script>window.pwned = 1</script>\"'><img src=x onerror='window.pwned = 1'>"


def watch(page: Page, url: str) -> list[str]:
    """What nobody should see: errors, violations of the policy, dialogs, requests to elsewhere."""
    complaints: list[str] = []

    async def dismiss(dialog: Any) -> None:
        complaints.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    page.on(
        "request",
        lambda request: None if request.url.startswith((url, "blob:")) else complaints.append(request.url),
    )
    return complaints


def is_complaint(said: Any) -> bool:
    """Not that an answer was a 4xx: that is what the page was told, and tells."""
    return said.type in ("error", "warning") and not said.text.startswith("Failed to load resource")


async def sign_in(page: Page, after: str = "/upload") -> None:
    await page.goto(f"/login?next={after}")
    await page.get_by_label("Token").fill(TOKEN)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("Signed in as")).to_be_visible()


async def drop(page: Page, zone: str, name: str, content: bytes, zeros: int = 0) -> None:
    """Drags a file onto a part of the page and lets go; so many zeros follow its content."""
    await page.wait_for_load_state()  # the page's script listens from then on
    script = """([name, text, zeros]) => {
      const files = new DataTransfer();
      const content = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      files.items.add(new File([content, new Uint8Array(zeros)], name));
      return files;
    }"""
    files = await page.evaluate_handle(script, [name, base64.b64encode(content).decode(), zeros])
    await page.dispatch_event(zone, "dragover", {"dataTransfer": files})
    await page.dispatch_event(zone, "drop", {"dataTransfer": files})


async def opened(page: Page) -> None:
    """The page with a painting on it, whose frame is found."""
    await sign_in(page, "/learn")
    await expect(page.locator("#lesson")).to_be_visible()  # its script is there
    await drop(page, ".drop", "canvas.jpg", photo(800, 600))
    await expect(page.locator("#stage-hint")).to_contain_text("This is where I see the painting")


async def publish(service: Service, card: Card, folder: Path) -> None:
    def work() -> None:
        with service.second_store() as store:
            store.publish(card, folder / "weights.safetensors", folder / "preview.jpg", by=Writer("ada"))

    await asyncio.to_thread(work)


async def see_all(page: Page) -> None:
    """Loads the pictures that are further down too, and waits until all are there."""
    await page.evaluate("document.querySelectorAll('img').forEach((image) => { image.loading = 'eager'; })")
    # Not wait_for_function, which is an `eval` that the policy of the pages forbids.
    await page.evaluate(
        "Promise.all([...document.images].filter((i) => i.checkVisibility()).map((i) => i.decode()))"
    )
