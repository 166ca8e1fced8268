"""Make photos of different sizes, and paint each in each style beforehand by the engine alone.

    Pool      the photos; each is with one request at a time, so that its size tells whose it is
    Truths    which style a painting is in: that of the nearest of its photo's paintings

The same photo in the same style comes out the same but for the last bits, which depend on what else is in
its batch. Compared are therefore small copies of the paintings, and the nearest wins.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from runner.process.engine import BatchItem, Engine, LoadedStyle
from runner.protocol.messages import PaintedPhoto
from styles.contract import StyleOptions
from styles.formats import style_file
from styles.language import blend_syntax

#: Long side of the smallest photo, pixels; each is larger than the one before by `STEP`.
LEAST, STEP = 112, 3
#: Two styles half and half, beside the plain ones.
BLENDS = ("great-wave:0.6,the-scream:0.4", "starry-night,woman-with-a-hat", "edtaonisl:0.3,tableau-2:0.7")
#: Along a side of the small copies, pixels.
SMALL = 24
#: Mean difference, in levels of 255, above which a painting is a wrong one. Two styles are at least 15 apart
#: on every photo, and another batch moves a painting by less than 1.
FAR = 5.0

Small = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PoolPhoto:
    """Hold a photo of the pool; its size identifies it."""

    jpeg: bytes
    size: tuple[int, int]


def scene(seed: int) -> PoolPhoto:
    """Draw broad patches of colour and some discs."""
    random = np.random.default_rng(seed)
    width = LEAST + STEP * seed
    size = (width, width * 2 // 3)
    patches = random.integers(0, 256, (4, 6, 3), np.uint8)
    image = Image.fromarray(patches).resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(image)
    for x, y, radius, *colour in random.integers(0, 256, (5, 6)).tolist():
        left, top, around = x * width // 256, y * size[1] // 256, 6 + radius * width // 1500
        draw.ellipse((left - around, top - around, left + around, top + around), fill=tuple(colour))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92)
    return PoolPhoto(out.getvalue(), size)


class Pool:
    """Lend photos, each for one request at a time."""

    def __init__(self, count: int) -> None:
        self.photos = [scene(seed) for seed in range(count)]
        self._free: asyncio.Queue[PoolPhoto] = asyncio.Queue()
        for photo in self.photos:
            self._free.put_nowait(photo)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[PoolPhoto]:
        """Lend a photo that nobody else has, for the block."""
        photo = await self._free.get()
        try:
            yield photo
        finally:
            self._free.put_nowait(photo)


class Truths:
    """Hold small copies of every photo in every style and blend."""

    def __init__(self, photos: Sequence[PoolPhoto]) -> None:
        engine = Engine("cpu")
        looks = dict(_looks(engine))
        self.styles = tuple(looks)
        self._small = {photo.size: _painted(engine, photo, looks) for photo in photos}

    def judge(self, photo: PoolPhoto, style: str, picture: bytes) -> str:
        """Say what is wrong with a picture of this photo in this style; empty if nothing is."""
        image = Image.open(io.BytesIO(picture))
        if image.size != photo.size:
            return f"another photo: {image.size}, not {photo.size}"
        small, truths = _small(image), self._small[photo.size]
        nearest = min(truths, key=lambda name: _apart(truths[name], small))
        if nearest != style:
            return f"in {nearest}, not in {style}"
        apart = _apart(truths[nearest], small)
        return "" if apart < FAR else f"{apart:.0f} away from what it should be"


def _looks(engine: Engine) -> Iterator[tuple[str, LoadedStyle]]:
    plain = {s.card.name: engine.load(f"sha256:{s.card.name}", s.weights) for s in style_file.shipped()}
    yield from plain.items()
    for name in BLENDS:
        shares = dict(sorted(blend_syntax.read(name).items()))
        yield name, engine.mix([plain[part] for part in shares], list(shares.values()))


def _painted(engine: Engine, photo: PoolPhoto, looks: Mapping[str, LoadedStyle]) -> dict[str, Small]:
    items = [BatchItem(style=style, image=photo.jpeg, options=StyleOptions()) for style in looks.values()]
    found = {}
    for name, outcome in zip(looks, engine.run_batch(items), strict=True):
        assert isinstance(outcome, PaintedPhoto), outcome
        found[name] = _small(Image.open(io.BytesIO(outcome.image)))
    return found


def _small(image: Image.Image) -> Small:
    return np.asarray(image.resize((SMALL, SMALL), Image.Resampling.BOX), np.float32)


def _apart(one: Small, other: Small) -> float:
    return float(np.abs(one - other).mean())
