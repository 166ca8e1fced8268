"""What a mail program shows of a mail, in Chromium: the html with its pictures, or the text.

source    the page, with each `cid:` picture put in its place
strip     what is left of it where the program drops style sheets (Gmail, for some accounts)
open_mail a browser page with the mail on it
"""

from __future__ import annotations

import base64
import email
import html
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import policy
from email.message import EmailMessage
from typing import Literal

from playwright.async_api import Browser, Page, async_playwright

#: Widths of windows, CSS pixels: a laptop's mail in a tab of its own, and an iPhone.
DESKTOP, PHONE = 1200, 390
Scheme = Literal["light", "dark"]


def source(raw: bytes, *, images: bool = True) -> str:
    """The page that a mail program would show; without `images` as one that blocks them."""
    message = email.message_from_bytes(raw, policy=policy.default)
    body = message.get_body(("html",))
    if body is None:
        return _as_text(message)
    pictures = {
        str(part["Content-ID"]).strip("<> "): _address(part) for part in message.walk() if part["Content-ID"]
    }
    shown = re.compile(r"""src="cid:([^"]+)\"""")
    return shown.sub(
        lambda found: f'src="{pictures[found[1]] if images else "data:,"}"', str(body.get_content())
    )


def strip(page: str) -> str:
    """The page without its style sheets and comments."""
    return re.sub(r"<style.*?</style>|<!--.*?-->", "", page, flags=re.DOTALL)


def _as_text(message: EmailMessage) -> str:
    """A text message on a phone: the words, and the pictures below."""
    body = message.get_body(("plain",))
    words = html.escape(str(body.get_content())) if body else ""
    pictures = "".join(f'<img alt="" src="{_address(part)}">' for part in message.iter_attachments())
    return (
        '<meta name="viewport" content="width=device-width"><style>:root { color-scheme: light dark }'
        "body { margin: 16px; font: 17px/1.35 system-ui, sans-serif }"
        "div { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 300px; padding: 10px 14px;"
        "border-radius: 18px; background: light-dark(#e9e9eb, #303033) }"
        "img { display: block; max-width: 300px; margin-top: 8px; border-radius: 18px }</style>"
        f"<body><div>{words.strip()}</div>{pictures}"
    )


def _address(part: EmailMessage) -> str:
    content = base64.b64encode(part.get_content()).decode()
    return f"data:{part.get_content_type()};base64,{content}"


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The distribution's Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "answers must be seen in a browser, and there is no chromium on PATH"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        await browser.close()


@asynccontextmanager
async def window(browser: Browser, width: int = DESKTOP, scheme: Scheme = "light") -> AsyncIterator[Page]:
    """A window of this width, or a phone."""
    context = await browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        device_scale_factor=2 if width <= PHONE else 1,
        is_mobile=width <= PHONE,
    )
    yield await context.new_page()
    await context.close()


async def show(page: Page, page_source: str) -> None:
    """Open a mail in the window, with all its pictures loaded."""
    await page.set_content(page_source)
    await page.evaluate("Promise.allSettled([...document.images].map((image) => image.decode()))")
