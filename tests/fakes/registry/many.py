"""A gallery of hundreds of styles, as a registry has them after a year: of many artists, in many scripts."""

from __future__ import annotations

import asyncio
import io
import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image

from registry.store.access.roles import Writer
from registry.store.store import Store
from registry.thumbnails.worker_process import thumbnails
from styles.contract import Card
from styles.formats import style_file

#: Titles in several scripts, one of a writing from right to left, and one that is much too long.
TITLES = (
    ("Harbour at Dusk", "Ada Marlow"),
    ("Les Toits de Lyon", "Émile Vautrin"),
    ("موج البحر عند الفجر", "ليلى حداد"),
    ("雨の庭", "田中 はる"),
    ("Der Garten hinter dem Haus", "Greta Olsen"),
    ("Étude en bleu", "Émile Vautrin"),
    (
        "Sous les arbres, un après-midi de septembre où personne ne voulait rentrer avant la nuit",
        "Ada Marlow",
    ),
    ("Красная площадь", "Вера Лисина"),
)
TAGS = ("impressionism", "cubism", "woodblock", "abstract", "portrait", "night")


async def in_this_process(preview: bytes) -> Sequence[bytes] | None:
    """Thumbnails without the start of a process for each."""
    return await asyncio.to_thread(thumbnails, preview)


def card(number: int) -> Card:
    title, artist = TITLES[number % len(TITLES)]
    return Card(
        name=f"study-{number:03}",
        title=f"{title} {number // len(TITLES) + 1}" if number >= len(TITLES) else title,
        artist=artist,
        year=str(1860 + number % 120),
        licence="CC0-1.0",
        description="A study for the wall of hundreds.",
        architecture="onnx",
        tags=(TAGS[number % len(TAGS)], TAGS[(number // 3) % len(TAGS)]) if number % 7 else (),
    )


@cache
def preview(number: int) -> bytes:
    """One of the shipped previews with other colours, so that each is a picture of its own."""
    pictures = sorted(style_file.BUILTIN.glob("*/preview.jpg"))
    with Image.open(pictures[number % len(pictures)]) as picture:
        h, s, v = picture.convert("HSV").split()
        turned = h.point(lambda hue: (hue + 41 * number) % 256)
        buffer = io.BytesIO()
        Image.merge("HSV", (turned, s, v)).convert("RGB").save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def shipped(folder: Path) -> Path:
    """A folder with two of the shipped styles."""
    for name in ("great-wave", "starry-night"):
        shutil.copytree(style_file.BUILTIN / name, folder / name)
    return folder


def hang(store: Store, folder: Path, many: int) -> None:
    """Publish so many styles, whose files nobody paints with.

    Those of one title have pictures of their own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(many):
        weights, picture = folder / f"{number}.onnx", folder / f"{number}.jpg"
        weights.write_bytes(b"the file of a network %d" % number)
        picture.write_bytes(preview(number // len(TITLES)))
        store.publish(card(number), weights, picture, format="onnx", by=Writer("ada"))
