"""Paint, write and photograph every kind of answer in Chromium, for `make answers`: docs/answers/NAME.jpg.

Each picture shows a laptop's window and a phone's, each in the light and in the dark, side by side.
"""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from PIL import Image

from runner.process.encoding import encode
from styles.contract import StyleJob, StyleOptions, StyleSummary
from styles.formats import style_file
from styles.imaging.codec import decode
from tests.fakes.mailbot.mail_program import DESKTOP, PHONE, Scheme, chromium, show, source, window
from tests.fakes.mailbot.replies.answers import Easel, answers

DOCS = Path(__file__).parent.parent.parent / "docs"
PHOTOS = {"lake": "landscape", "Beacon Street": "street", "chelsea": "chelsea", "launch": "rocket"}
#: Styles of the first answers, in this order; the others follow.
FIRST = ("starry-night", "great-wave", "the-scream")
#: Scale of a view against the screen, most pixels of its height, JPEG quality.
SCALE, TALLEST, QUALITY = 0.5, 1000, 80
#: Pixels between two views, and the colour behind them.
GAP, GROUND = 12, (128, 128, 128)
#: Pixels shown of the laptop's width, from the middle: the rest is empty.
MIDDLE = 720
#: Windows: width in pixels, light or dark. A plain text has only the phone's.
VIEWS: tuple[tuple[int, Scheme], ...] = (
    (DESKTOP, "light"),
    (DESKTOP, "dark"),
    (PHONE, "light"),
    (PHONE, "dark"),
)


@cache
def paint(image: bytes, style: str, options: StyleOptions) -> tuple[bytes, bytes]:
    """Paint a photo, in every style if `style` is empty; return the picture and its preview."""
    with tempfile.TemporaryDirectory() as folder:
        photo, out = Path(folder, "photo.jpg"), Path(folder, "out.png")
        photo.write_bytes(image)
        command = ["sheet"]
        if style:
            command = ["paint", "--blend" if "," in style else "--style", style]
            command += ["--strength", str(options.strength), *["--keep-colors"] * options.keep_colors]
        command += [str(photo), "--out", str(out)]
        subprocess.run([sys.executable, "-m", "styles", *command], check=True, stdout=subprocess.DEVNULL)
        return encode(decode(out.read_bytes()), options)


def painted(job: StyleJob) -> tuple[bytes, bytes]:
    """Paint a job's photo, once for all jobs that want the same."""
    return paint(job.image, "" if job.sheet else job.style, job.options)


def shipped() -> list[StyleSummary]:
    """List this project's styles, as a registry does."""
    cards = {style.card.name: style.card for style in style_file.shipped()}
    shown = ("name", "title", "artist", "year", "description")
    return [
        StyleSummary(**{key: getattr(cards[name], key) for key in shown}, aliases={})
        for name in dict.fromkeys((*FIRST, *cards))
    ]


def side_by_side(views: list[Image.Image]) -> Image.Image:
    """Put the views in one row, and cut off what is below `TALLEST`."""
    width = sum(view.width for view in views) + GAP * (len(views) + 1)
    height = min(TALLEST, max(view.height for view in views))
    whole = Image.new("RGB", (width, height + 2 * GAP), GROUND)
    left = GAP
    for view in views:
        whole.paste(view.crop((0, 0, view.width, min(view.height, TALLEST))), (left, GAP))
        left += view.width + GAP
    return whole


def view(shot: bytes, width: int) -> Image.Image:
    """Cut the laptop's window to its middle, and reduce either window for the page."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    if width == DESKTOP:
        image = image.crop(((DESKTOP - MIDDLE) // 2, 0, (DESKTOP + MIDDLE) // 2, image.height))
    scale = SCALE * (1 if width == DESKTOP else width / image.width)
    return image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)


async def main() -> None:
    """Write every answer's picture."""
    photos = {f"{name}.jpg": (DOCS / "photos" / f"{of}.jpg").read_bytes() for name, of in PHOTOS.items()}
    mails = answers(Easel(paints=painted, styles=shipped(), photos=photos))
    async with chromium() as browser:
        for name, raw in mails.items():
            views = []
            for width, scheme in VIEWS if b"text/html" in raw else VIEWS[2:]:
                async with window(browser, width, scheme) as page:
                    await show(page, source(raw))
                    views.append(view(await page.screenshot(full_page=True), width))
            side_by_side(views).save(DOCS / "answers" / f"{name}.jpg", quality=QUALITY)


if __name__ == "__main__":
    asyncio.run(main())
