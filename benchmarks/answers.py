"""`make answers`: every kind of answer, painted, written and opened in Chromium, as pictures to look at.

docs/answers/NAME.jpg    a laptop's window and a phone's, each in the light and in the dark, side by side
--wide DIR               each of the four by itself in a folder, at its full size
"""

from __future__ import annotations

import argparse
import asyncio
import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from rich.console import Console

from runner.process.encoding import encode
from styles.contract import StyleJob, StyleSummary
from styles.formats import style_file
from styles.imaging.codec import decode
from tests.fakes.mailbot.answers import Easel, answers
from tests.fakes.mailbot.mail_program import DESKTOP, PHONE, Scheme, chromium, show, source, window

ROOT = Path(__file__).parent.parent
PHOTOS = {"lake": "landscape", "Beacon Street": "street", "chelsea": "chelsea", "launch": "rocket"}
#: Styles of the first answers, in this order; the others follow.
FIRST = ("starry-night", "great-wave", "the-scream")
#: In docs/answers: how much smaller than on the screen, height of a picture in pixels at most, JPEG quality.
SCALE, TALLEST, QUALITY = 0.5, 1000, 80
#: Between the four views, pixels, and what is behind them.
GAP, GROUND = 12, (128, 128, 128)
#: Of the laptop's window only the middle: the rest is wall.
MIDDLE = 720

View = tuple[int, Scheme]
VIEWS: tuple[View, ...] = ((DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark"))


class Studio:
    """Paints by the `styles` command, each picture once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[bytes, str], tuple[bytes, bytes]] = {}

    def paint(self, job: StyleJob) -> tuple[bytes, bytes]:
        """The picture and its preview."""
        key = job.image, f"{job.style} {job.options}"
        if key not in self._known:
            self._known[key] = self._painted(job)
        return self._known[key]

    def _painted(self, job: StyleJob) -> tuple[bytes, bytes]:
        photo, out = self._folder / "photo.jpg", self._folder / "out.png"
        photo.write_bytes(job.image)
        options = ["--strength", str(job.options.strength)] + ["--keep-colors"] * job.options.keep_colors
        how = ["sheet"] if job.sheet else ["paint", "--blend" if "," in job.style else "--style", job.style]
        what = [*how, str(photo), "--out", str(out), *([] if job.sheet else options)]
        subprocess.run([sys.executable, "-m", "styles", *what], check=True, stdout=subprocess.DEVNULL)
        return encode(decode(out.read_bytes()), job.options)


def shipped() -> list[StyleSummary]:
    """The styles of this project, as a registry lists them."""
    cards = [style.card for style in style_file.shipped()]
    order = {name: place for place, name in enumerate(FIRST)}
    cards.sort(key=lambda card: order.get(card.name, len(order)))
    shown = ("name", "title", "artist", "year", "description")
    return [StyleSummary(**{key: getattr(card, key) for key in shown}, aliases={}) for card in cards]


def side_by_side(views: list[Image.Image]) -> Image.Image:
    """The views in one row, the tall ones cut below."""
    cut = [view.crop((0, 0, view.width, min(view.height, TALLEST))) for view in views]
    width = sum(view.width for view in cut) + GAP * (len(cut) + 1)
    whole = Image.new("RGB", (width, max(view.height for view in cut) + 2 * GAP), GROUND)
    left = GAP
    for view in cut:
        whole.paste(view, (left, GAP))
        left += view.width + GAP
    return whole


def _for_docs(shots: dict[View, bytes]) -> Iterator[Image.Image]:
    for (width, _), shot in shots.items():
        view = Image.open(io.BytesIO(shot)).convert("RGB")
        if width == DESKTOP:
            view = view.crop(((DESKTOP - MIDDLE) // 2, 0, (DESKTOP + MIDDLE) // 2, view.height))
        scale = SCALE * (1 if width == DESKTOP else width / view.width)
        yield view.resize((round(view.width * scale), round(view.height * scale)), Image.Resampling.LANCZOS)


async def render(mails: dict[str, bytes], out: Path, wide: Path | None) -> None:
    """Writes the pictures."""
    async with chromium() as browser:
        for name, raw in mails.items():
            shots: dict[View, bytes] = {}
            for width, scheme in VIEWS if b"text/html" in raw else VIEWS[2:]:
                async with window(browser, width, scheme) as page:
                    await show(page, source(raw))
                    shots[width, scheme] = await page.screenshot(full_page=True)
                if wide:
                    (wide / f"{name}-{width}-{scheme}.png").write_bytes(shots[width, scheme])
            side_by_side(list(_for_docs(shots))).save(out / f"{name}.jpg", quality=QUALITY)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wide", type=Path, metavar="DIR")
    wide = parser.parse_args().wide
    out = ROOT / "docs" / "answers"
    for folder in filter(None, (out, wide)):
        folder.mkdir(parents=True, exist_ok=True)
    photos = {f"{n}.jpg": (ROOT / "docs" / "photos" / f"{of}.jpg").read_bytes() for n, of in PHOTOS.items()}
    with tempfile.TemporaryDirectory() as folder:
        easel = Easel(paints=Studio(Path(folder)).paint, styles=shipped(), photos=photos)
        mails = answers(easel)
    asyncio.run(render(mails, out, wide))
    for name, raw in mails.items():
        Console().print(f"{name}: a mail of {len(raw) / 1000:.0f} kB, docs/answers/{name}.jpg")


if __name__ == "__main__":
    main()
