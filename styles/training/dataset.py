"""Read the material of a training: random crops of a folder of photos, and paintings at their size."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageFilter
from torch import Tensor

from styles.errors import BadOption, ImageTooLarge, NotAnImage
from styles.imaging.codec import Pixels, decode
from styles.imaging.underpainting import SIDE, Underpainting, lay_under
from styles.training.recipe import Painting

log = logging.getLogger(__name__)

#: Short side of photos that `Recipe.photo_scale` is a multiple of, pixels: that of the photos which the
#: recipe was tuned on. A crop of 512 pixels from a photo of 12 megapixels as it is would show a wall, or a
#: sky.
PHOTO_SIDE = 400
#: Enlargement from which on a photo is blurred, and the share of such photos that are sharpened again: the
#: network meets sharp photos and blurred ones.
BLURRED, SHARPENED_SHARE = 1.2, 0.7
#: Radius of the unsharp mask, pixels; its strength in percent for each time of enlargement; its least step.
UNSHARP_RADIUS, UNSHARP_PERCENT, UNSHARP_THRESHOLD = 1.2, 60, 2
#: Most that a photo is made lighter or darker, in logarithms of gamma: 0.6 to 1.65. Dark and even parts are
#: rare in photos by day, and were painted as black holes.
EXPOSURE = 0.5
#: Share of the crops of which a half-plane becomes even, as a sky is; radius of the blur that makes it so and
#: width of its edge, pixels. Four of five photos have no large even part. Without this a sky's distance from
#: the painting was three times that of other crops: it stayed pale and without strokes.
EVENED_SHARE, EVENED_BLUR, EVENED_EDGE = 0.4, 40, 4.0
#: A painting with a shorter side than this, pixels, is refused; one under `SMALL_PAINTING` is enlarged until
#: its strokes are blurs, which is logged.
MIN_PAINTING, SMALL_PAINTING = 64, 400
#: Short side of a painting of which nothing is known, pixels: about a painted photo's, so that its strokes
#: and forms have the same share of the picture.
PAINTING_SIDE = 640
#: Contrast and saturation that a painting is learnt with, in parts of its own; see `vivid`.
CONTRAST, SATURATION = 1.1, 1.1
#: Colour of a painting that becomes white, of 255 each: none is changed.
WHITE = (255.0, 255.0, 255.0)
#: A painting that is longer than this many times its short side is refused: its memory grows with the length.
MAX_ASPECT = 8


def tell(error: Exception) -> None:
    """Log that a photo cannot be read."""
    log.warning("A photo is left out: %s", error)


@dataclass(slots=True)
class PhotoDataset:
    """Cut random crops of photos, the same ones for the same seed and step, with forms of the paintings.

    A crop is what the network sees and what content is compared with: see `underpainting.py`.
    """

    files: Sequence[Path]
    seed: int
    scale: tuple[float, float]  #: the short side of a photo becomes a random multiple of `PHOTO_SIDE`
    underpaintings: Sequence[Underpainting]  #: of each style; crops get that of every style in turn
    _unreadable: set[Path] = field(default_factory=set, init=False)

    def batch(self, step: int, count: int, crop: int) -> Tensor:
        """Return the crops (count, 3, crop, crop) of a step in 0..1, for the styles `styles_of` says.

        Raises `NotAnImage` if none of the photos can be read.
        """
        random = np.random.default_rng([self.seed, step])
        styles = self.styles_of(step, count)
        return torch.cat(
            [to_tensor(self._laid(self._cut(random, crop), [style], random)[0]) for style in styles]
        )

    def styles_of(self, step: int, count: int) -> list[int]:
        """Return the numbers of the styles of a step: every style in turn, so that each is seen as often."""
        return [(step * count + i) % len(self.underpaintings) for i in range(count)]

    def for_each(self, step: int, crop: int) -> Tensor:
        """Return one crop with the forms of each style: (styles, 3, crop, crop). Raises as `batch`."""
        random = np.random.default_rng([self.seed, step])
        laid = self._laid(self._cut(random, crop), range(len(self.underpaintings)), random)
        return torch.cat([to_tensor(pixels) for pixels in laid])

    def _cut(self, random: np.random.Generator, crop: int) -> Pixels:
        index = int(random.integers(len(self.files)))
        side = max(crop, round(PHOTO_SIDE * random.uniform(*self.scale)))
        return evened(exposed(cut(self._read(index, side), random, crop, side), random), random)

    def _laid(self, pixels: Pixels, styles: Iterable[int], random: np.random.Generator) -> list[Pixels]:
        top, left = random.integers(SIDE, size=2)
        return [lay_under(pixels, self.underpaintings[style], (top, left)) for style in styles]

    def _read(self, index: int, short_side: int) -> Pixels:
        """Read the photo of that number, or the next one that can be read. Log once each one that cannot."""
        for offset in range(len(self.files)):
            file = self.files[(index + offset) % len(self.files)]
            if file in self._unreadable:
                continue
            try:
                return read(file, short_side)
            except (NotAnImage, ImageTooLarge, OSError) as error:
                tell(error)
                self._unreadable.add(file)
        raise NotAnImage(f"none of the photos in {os.path.commonpath([f.parent for f in self.files])}")


def read(file: Path, short_side: int | None = None) -> Pixels:
    """Read the pixels of a file, their short side at most `short_side`.

    Raises `NotAnImage` and `ImageTooLarge`, which name the file.
    """
    content = file.read_bytes()
    try:
        return decode(content, short_side=short_side)
    except (NotAnImage, ImageTooLarge) as error:
        raise type(error)(f"{file}: {error.detail}") from error


def exposed(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Make a photo lighter or darker at random: black and white stay, and what is between moves."""
    gamma = np.exp(random.uniform(-EXPOSURE, EXPOSURE))
    table: Pixels = (255 * (np.arange(256) / 255) ** gamma).round().astype(np.uint8)
    return np.take(table, pixels)


def evened(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Make what lies on one side of a random line even, in some of the crops (S, S, 3)."""
    if random.random() >= EVENED_SHARE:
        return pixels
    side = len(pixels)
    angle, distance = random.uniform(0, 2 * np.pi), random.uniform(-0.3, 0.3) * side
    row, column = np.mgrid[:side, :side] - side / 2
    beyond = np.cos(angle) * row + np.sin(angle) * column - distance
    share = np.clip(beyond / EVENED_EDGE + 0.5, 0, 1)[:, :, None].astype(np.float32)
    even = Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(EVENED_BLUR))
    smooth = exposed(np.asarray(even), random).astype(np.float32)
    mixed: Pixels = (share * smooth + (1 - share) * pixels).round().astype(np.uint8)
    return mixed


def cut(pixels: Pixels, random: np.random.Generator, crop: int, side: int) -> Pixels:
    """Cut a random square (crop, crop, 3) out of a photo whose short side becomes `side`; mirror at random.

    Most photos that are enlarged for it are sharpened, so that the crop has edges as a large photo has.
    """
    image = Image.fromarray(pixels)
    share = side / min(image.size)
    width, height = (max(crop, round(length * share)) for length in image.size)
    left, top = random.integers(width - crop + 1), random.integers(height - crop + 1)
    x, y = image.width / width, image.height / height
    box = (left * x, top * y, (left + crop) * x, (top + crop) * y)
    square = image.resize((crop, crop), Image.Resampling.BICUBIC, box=box)
    if random.random() < SHARPENED_SHARE and share > BLURRED:
        percent = int(UNSHARP_PERCENT * min(share, 2.0))
        square = square.filter(ImageFilter.UnsharpMask(UNSHARP_RADIUS, percent, UNSHARP_THRESHOLD))
    if random.random() < 0.5:
        square = square.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return np.asarray(square)


def read_painting(
    file: Path, known: Mapping[str, Any], side: int | None = None, style_weight: float = 1.0
) -> Painting:
    """Read a painting as its table of a cards file says: see `styles/paintings.toml`.

    `side` replaces the table's, `style_weight` multiplies its weight. Raises as `load_painting`.
    """
    side = side or int(known.get("side", PAINTING_SIDE))
    picture = load_painting(file, side, known.get("crop", (0, 0, 1, 1)))
    return painting_of(picture, known, style_weight)


def painting_of(picture: Tensor, known: Mapping[str, Any], style_weight: float = 1.0) -> Painting:
    """Return a painting (1, 3, H, W) as it is learnt from; see `read_painting`."""
    vividness = {key: known[key] for key in ("white", "contrast", "saturation") if key in known}
    rounded = (vivid(picture, **vividness) * 255).round() / 255  # as it goes into a pack, and comes out
    weight = style_weight * float(known.get("weight", 1.0))
    chosen = {key: known[key] for key in ("forms", "patch", "losses") if key in known}
    return Painting(picture=rounded, weight=weight, **chosen)


def vivid(
    painting: Tensor,
    white: Sequence[float] = WHITE,
    contrast: float = CONTRAST,
    saturation: float = SATURATION,
) -> Tensor:
    """Clear the tint of a painting (1, 3, H, W), raise its contrast and saturation: the same shape, in 0..1.

    Old paper and varnish are made as light as `white` says. A network learns the mean of what could be
    painted, so its pictures have less contrast than its target. With the painting itself as the target, the
    variances of the features at half size were 0.7 to 0.9 of the painting's. Those of pictures that people
    like are 1.0 to 1.7 of it.
    """
    cleared = (painting * 255 / painting.new_tensor(white).view(1, 3, 1, 1)).clamp(max=1)
    mean = float(cleared.mean(dtype=torch.float64))  # in float32 the last bit goes with the number of threads
    contrasted = mean + (cleared - mean) * contrast
    grey = contrasted.mean(dim=1, keepdim=True)
    return (grey + (contrasted - grey) * saturation).clamp(0, 1)


def load_painting(file: Path, short_side: int, crop: Sequence[float] = (0, 0, 1, 1)) -> Tensor:
    """Read a painting (1, 3, H, W) in 0..1, its border cut off and its short side `short_side` long.

    Raises `BadOption` for a painting that is too small or too narrow.
    """
    image = Image.fromarray(read(file))
    box = (image.width * crop[0], image.height * crop[1], image.width * crop[2], image.height * crop[3])
    width, height = box[2] - box[0], box[3] - box[1]
    _check_painting(file, width, height, short_side)
    scale = short_side / min(width, height)
    size = (round(width * scale), round(height * scale))
    return to_tensor(np.asarray(image.resize(size, Image.Resampling.LANCZOS, box=box)))


def _check_painting(file: Path, width: float, height: float, short_side: int) -> None:
    size = f"{file} has {width:.0f}x{height:.0f} pixels"
    if min(width, height) < MIN_PAINTING:
        raise BadOption(f"{size}: find a picture of the painting with {SMALL_PAINTING} or more on each side.")
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise BadOption(f"{size}: cut out a part that is at most {MAX_ASPECT} times as long as wide.")
    if min(width, height) < min(SMALL_PAINTING, short_side):
        log.warning("%s and is enlarged: a larger picture of the painting gives finer strokes.", size)


def to_tensor(pixels: Pixels) -> Tensor:
    """(H, W, 3) uint8 -> (1, 3, H, W) float in 0..1."""
    return torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 255
