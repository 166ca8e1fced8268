"""Check an uploaded style: open and rewrite it, paint with it, judge the pictures, make a preview.

Runs only in a process that has sandboxed itself, since it opens an untrusted file. A style may be odd: all
blue, nearly without contrast, black and white. But its pictures must show something, at the size that mails
get too, and they must come from their photos and from nothing else.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from registry.validation.protocol import KEPT, OUT_OF_MEMORY, PREVIEW, UPLOAD
from styles.contract import DEFAULT_SIZE, PixelRange, StyleOptions
from styles.errors import BadCheckpoint, Unpaintable
from styles.formats import style_file
from styles.imaging import codec
from styles.imaging.codec import Pixels, fit, resized
from styles.importing import importer
from styles.importing.importer import ImportedStyle
from styles.inference.open import OpenedStyle, open_style
from styles.inference.stylize import grey_photo, stylize

#: The photos: the one of the previews, a portrait, and a small one whose sides are odd.
PHOTOS = tuple(
    Path(__file__).parent / "trial_photos" / f"{name}.jpg" for name in ("landscape", "face", "cat")
)
#: Most seconds of processor time for a photo. The network before the style-unet took 0.4 for the largest, the
#: transformer-net of pytorch/examples 4. The clock would measure other load of the machine too.
PHOTO_SECONDS = 25.0
#: Most bytes of a preview, which every visitor of the gallery loads.
PREVIEW_BYTES = 250_000
#: Range of levels up to which a channel shows nothing.
SHOWS_NOTHING = 6
#: Difference in levels that is rounding.
LEVELS = 3
#: Levels below and above which a value is black or white. 0..1 taken for 0..255 gives 1 at most.
BLACK, WHITE = 8, 247
#: Share of values that counts as nearly all, so that specks do not matter.
NEARLY_ALL = 0.995
#: Mean difference in levels below which a picture is its photo.
SAME = 1.0


def check_style(workdir: Path, pixel_range: PixelRange | None, values: str = "") -> ImportedStyle:
    """Check the upload in a work folder: write the kept file and the preview.

    `values` are for the inputs of an ONNX network beside the picture. Raises `BadCheckpoint` with the flaw
    and its remedy.
    """
    kept = importer.keep(workdir / UPLOAD, workdir / KEPT, pixel_range, values)
    style = open_style(workdir / KEPT, "cpu", 0)
    landscape, face, cat = (codec.decode(path.read_bytes()) for path in PHOTOS)
    alone = style.conditioning._replace(underpainting=None)  # whose forms would show in any picture
    _paint(replace(style, conditioning=alone), slope(cat))
    _require_picture_of_its_photo(style, cat, face[: cat.shape[0], : cat.shape[1]])
    _paint(style, at_default_size(face))
    preview, notes = _preview(style, landscape)
    (workdir / PREVIEW).write_bytes(codec.encode(preview, max_bytes=PREVIEW_BYTES))
    return replace(kept, notes=(*kept.notes, *notes))


def warm_up(torch: bool) -> None:
    """Load the engine and compile a network: 0.1 s that no upload has to wait for.

    `torch`: load the readers of torch's files too.
    """
    if torch:
        from styles.importing import torch_import  # noqa: F401
    for style in style_file.shipped()[:1]:
        opened = open_style(style.weights)
        stylize(opened.session, [grey_photo()], [opened.conditioning], [StyleOptions()])


def at_default_size(photo: Pixels) -> Pixels:
    """Enlarge a photo (H, W, 3) to the long side at which mails have theirs painted by default."""
    height, width = photo.shape[:2]
    scale = DEFAULT_SIZE / max(height, width)
    return resized(photo, (round(width * scale), round(height * scale)))


def slope(photo: Pixels) -> Pixels:
    """Return a photo of this size that goes from black to white: it has no detail to add to its picture."""
    height, width, colours = photo.shape
    line = np.linspace(0, 255, width).round().astype(np.uint8)
    return np.broadcast_to(line[None, :, None], (height, width, colours)).copy()


def _require_picture_of_its_photo(style: OpenedStyle, photo: Pixels, other: Pixels) -> None:
    """Require one picture for one photo, and two for two of the same size. Raises `BadCheckpoint`."""
    picture = _paint(style, photo)
    if not _alike(picture, _paint(style, photo)):
        raise BadCheckpoint(
            "The same photo, painted twice, gives two pictures: the network draws random numbers. Export it "
            "in evaluation mode, model.eval(), and without noise."
        )
    if _alike(picture, _paint(style, other)):
        raise BadCheckpoint(
            "Two photos give the same picture: the network does not look at its photo. Check that its output "
            "is computed from its input, and export it again."
        )


def _preview(style: OpenedStyle, photo: Pixels) -> tuple[Pixels, tuple[str, ...]]:
    """Paint the photo at the default size; return the picture at the photo's size, and notes."""
    whole = at_default_size(photo)
    reduced = style.session.input_spec.reduced(whole)
    picture = _paint(style, reduced)
    notes: tuple[str, ...] = ()
    if unchanged(picture, reduced):
        notes += ("The network gives the photo back as it is.",)
    if reduced is not whole:
        size = f"a photo of {_size(whole)} pixels is painted at {_size(reduced)}."
        notes += (f"It takes much memory: {size}",)
    return resized(picture, fit((picture.shape[1], picture.shape[0]), max(photo.shape))), notes


def _paint(style: OpenedStyle, photo: Pixels) -> Pixels:
    """Paint at the photo's size, or at the one that memory allows.

    Raises `BadCheckpoint` for a bad picture, or too much processor time.
    """
    photo = style.session.input_spec.reduced(photo)
    started = time.process_time()
    try:
        (picture,) = stylize(style.session, [photo], [style.conditioning], [StyleOptions()])
    except Unpaintable as error:
        raise BadCheckpoint(f"The network cannot paint: {error.detail}.") from error
    except RuntimeError as error:
        if any(words in str(error) for words in OUT_OF_MEMORY):
            raise
        raise BadCheckpoint(
            f"The network cannot paint a photo of {_size(photo)} pixels. Export it with a free height and "
            "width, or for one size.",
            str(error),
        ) from error
    seconds = time.process_time() - started
    if picture.shape != photo.shape:
        raise BadCheckpoint(
            f"From a photo of {_size(photo)} pixels the network makes a picture of {_size(picture)}: "
            "export it so that the size stays."
        )
    if seconds > PHOTO_SECONDS:
        raise BadCheckpoint(
            f"A photo of {_size(photo)} pixels takes {seconds:.0f} s of processor time, and may take "
            f"{PHOTO_SECONDS:g} s: make the network smaller."
        )
    if shown := flaw(picture):
        raise BadCheckpoint(
            f"With this file the network {shown}. Paint a photo with it where it was trained, and check the "
            "pixel range and the export."
        )
    return picture


def _size(picture: Pixels) -> str:
    return f"{picture.shape[1]}x{picture.shape[0]}"


def flaw(painted: Pixels) -> str:
    """Return the middle of a sentence about a picture (H, W, 3) that shows nothing, or ""."""
    if (np.ptp(painted.reshape(-1, 3), axis=0) < SHOWS_NOTHING).all():
        return f"paints one colour, rgb{tuple(map(int, painted[0, 0]))}"
    if _nearly_all(painted < BLACK):
        return "paints everything black"
    if _nearly_all(painted > WHITE):
        return "paints everything white"
    return ""


def _alike(picture: Pixels, other: Pixels) -> bool:
    """Return whether two pictures differ by no more than rounding; both (H, W, 3)."""
    return _nearly_all(np.abs(picture.astype(np.int16) - other) <= LEVELS)


def unchanged(painted: Pixels, photo: Pixels) -> bool:
    """Return whether a picture is its photo; both (H, W, 3)."""
    difference = painted.astype(np.int16) - photo
    return float(np.abs(difference).mean()) < SAME


def _nearly_all(which: npt.NDArray[np.bool_]) -> bool:
    return float(which.mean()) >= NEARLY_ALL
