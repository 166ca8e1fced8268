"""Make the photos that ten teachers send: paintings as they are, and as a phone sees them on a wall."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from tests.fakes.learning.paintings import framed, on_wall

#: Size of a photo of a wall, pixels, and the long side of the painting before it is hung there.
PHOTO, HUNG = (2000, 1500), 1400
#: Where a painting hangs, in parts of the photo: clockwise from the top left.
STRAIGHT = ((0.14, 0.1), (0.86, 0.12), (0.85, 0.9), (0.15, 0.88))
SLANTED = ((0.2, 0.06), (0.84, 0.16), (0.88, 0.88), (0.13, 0.93))
TURNED = ((0.1, 0.2), (0.82, 0.08), (0.9, 0.84), (0.16, 0.94))
#: Width of a frame, pixels, and its colour: dark wood.
FRAME, WOOD = 60, (70, 45, 20)

Distort = Callable[[Image.Image], np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Hold a painting, and how its photo is made."""

    file: str  #: name of the painting's file
    name: str  #: of the style, as the teacher writes it
    shown: str  #: how the photo is made, for the table
    is_unseen: bool  #: whether the base was trained without the painting
    distort: Distort | None = None  #: None: the file is sent as it is

    def photo(self, folder: Path) -> bytes:
        """Return the picture that the teacher sends."""
        content = (folder / self.file).read_bytes()
        if self.distort is None:
            return content
        with Image.open(io.BytesIO(content)) as painting:
            small = painting.convert("RGB")
        small.thumbnail((HUNG, HUNG))
        buffer = io.BytesIO()
        Image.fromarray(self.distort(small)).save(buffer, "JPEG", quality=90)
        return buffer.getvalue()


def _hung(
    corners: Sequence[Sequence[float]],
    *,
    is_framed: bool = False,
    glare: bool = False,
    noise: float = 3.0,
    seed: int = 0,
    is_recoloured: bool = False,
) -> Distort:
    def distort(image: Image.Image) -> np.ndarray:
        red, green, blue = image.split()
        shown = Image.merge("RGB", (green, blue, red)) if is_recoloured else image
        shown = framed(shown, FRAME, WOOD) if is_framed else shown
        place = _as_wide(corners, shown.width / shown.height)
        return on_wall(shown, place, seed=seed, noise=noise, glare=glare, size=PHOTO)

    return distort


def _as_wide(corners: Sequence[Sequence[float]], aspect: float) -> Sequence[Sequence[float]]:
    """Narrow a place around its middle until it has about the aspect of what hangs there."""
    points = np.array(corners)
    width, height = np.ptp(points, axis=0) * PHOTO
    shares = np.minimum((1.0, 1.0), (aspect * height / width, width / height / aspect))
    middle = points.mean(axis=0)
    narrowed: Sequence[Sequence[float]] = (middle + (points - middle) * shares).tolist()
    return narrowed


#: Seven paintings that the base was trained without, three as they are and four photographed, and three
#: photographed ones whose forms it knows, in colours that it does not.
SUBJECTS = (
    Subject(file="olive-trees.jpg", name="olive grove", shown="as it is", is_unseen=True),
    Subject(
        file="starry-night.jpg",
        name="swirling dark",
        shown="on a wall, slanted",
        is_unseen=True,
        distort=_hung(SLANTED),
    ),
    Subject(
        file="great-wave.jpg",
        name="blue foam",
        shown="in a frame on a wall",
        is_unseen=True,
        distort=_hung(STRAIGHT, is_framed=True, seed=1),
    ),
    Subject(file="self-portrait.jpg", name="yellow straw", shown="as it is", is_unseen=True),
    Subject(
        file="the-scream.jpg",
        name="fjord dusk",
        shown="on a wall, with glare",
        is_unseen=True,
        distort=_hung(STRAIGHT, glare=True, seed=2),
    ),
    Subject(
        file="composition-vii.jpg",
        name="seventh canvas",
        shown="on a wall, turned",
        is_unseen=True,
        distort=_hung(TURNED, seed=3),
    ),
    Subject(file="tahitian-women.jpg", name="island women", shown="as it is", is_unseen=True),
    Subject(
        file="udnie.jpg",
        name="grey dancers",
        shown="in other colours, in a frame, slanted, with glare",
        is_unseen=False,
        distort=_hung(SLANTED, is_framed=True, glare=True, seed=4, is_recoloured=True),
    ),
    Subject(
        file="wheat-field.jpg",
        name="cypress field",
        shown="in other colours, on a wall, in bad light",
        is_unseen=False,
        distort=_hung(STRAIGHT, noise=9.0, seed=5, is_recoloured=True),
    ),
    Subject(
        file="woman-with-a-hat.jpg",
        name="lilac hat",
        shown="in other colours, in a frame, turned",
        is_unseen=False,
        distort=_hung(TURNED, is_framed=True, seed=6, is_recoloured=True),
    ),
)
