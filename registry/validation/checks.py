"""Check an uploaded style: open and rewrite it, paint with it, judge the pictures, make a preview.

Runs only in a process that has sandboxed itself, since it opens an untrusted file. A style may be odd: all
blue, nearly without contrast, black and white. But its pictures must show something.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from registry.validation.protocol import KEPT, PREVIEW, UPLOAD
from styles.contract import PixelRange, StyleOptions
from styles.errors import BadCheckpoint, Unpaintable
from styles.formats import style_file
from styles.imaging import codec
from styles.imaging.codec import Pixels
from styles.importing import importer
from styles.importing.importer import ImportedStyle
from styles.inference.open import OpenedStyle, open_style
from styles.inference.stylize import grey_photo, stylize

#: Photos to paint. The first is the one of the previews; the others differ in size and shape.
PHOTOS = tuple(
    Path(__file__).parent / "trial_photos" / f"{name}.jpg" for name in ("landscape", "face", "cat")
)
#: Most seconds of processor time for a photo. The network before the style-unet took 0.2 for the largest, the
#: transformer-net of pytorch/examples 2. The clock would measure other load of the machine too.
PHOTO_SECONDS = 15.0
#: Most bytes of a preview, which every visitor of the gallery loads.
PREVIEW_BYTES = 250_000
#: Range of levels up to which a channel shows nothing.
LEVELS = 3
#: Levels below and above which a value is black or white. 0..1 taken for 0..255 gives 1 at most.
BLACK, WHITE = 8, 247
#: Share of values that counts as nearly all, so that specks do not matter.
NEARLY_ALL = 0.995
#: Mean difference in levels below which a picture is its photo.
SAME = 1.0


def check_style(workdir: Path, pixel_range: PixelRange | None) -> ImportedStyle:
    """Check the upload in a work folder: write the kept file, and paint three photos with it.

    The first painting is the preview. Raises `BadCheckpoint` with the flaw and its remedy.
    """
    kept = importer.keep(workdir / UPLOAD, workdir / KEPT, pixel_range)
    style = open_style(workdir / KEPT, "cpu", 0)
    notes = kept.notes
    for path in PHOTOS:
        whole = codec.decode(path.read_bytes())
        photo = style.session.input_spec.reduced(whole)
        picture = _paint(style, photo)
        if path == PHOTOS[0]:
            (workdir / PREVIEW).write_bytes(codec.encode(picture, max_bytes=PREVIEW_BYTES))
            if unchanged(picture, photo):
                notes += ("The network gives the photo back as it is.",)
            if photo is not whole:
                notes += (
                    f"It takes much memory: a photo of {_size(whole)} pixels is painted at {_size(photo)}.",
                )
    return replace(kept, notes=notes)


def warm_up(torch: bool) -> None:
    """Load the engine and compile a network: 0.1 s that no upload has to wait for.

    `torch`: load the readers of torch's files too.
    """
    if torch:
        from styles.importing import torch_import  # noqa: F401
    for style in style_file.shipped()[:1]:
        opened = open_style(style.weights)
        stylize(opened.session, [grey_photo()], [opened.row], [StyleOptions()])


def _paint(style: OpenedStyle, photo: Pixels) -> Pixels:
    """Paint at the photo's size. Raises `BadCheckpoint` for a bad picture, or too much processor time."""
    started = time.process_time()
    try:
        (picture,) = stylize(style.session, [photo], [style.row], [StyleOptions()])
    except Unpaintable as error:
        raise BadCheckpoint(f"The network cannot paint: {error.detail}.") from error
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
    if (np.ptp(painted.reshape(-1, 3), axis=0) < LEVELS).all():
        return f"paints one colour, rgb{tuple(map(int, painted[0, 0]))}"
    if _nearly_all(painted < BLACK):
        return "paints everything black"
    if _nearly_all(painted > WHITE):
        return "paints everything white"
    return ""


def unchanged(painted: Pixels, photo: Pixels) -> bool:
    """Return whether a picture is its photo; both (H, W, 3)."""
    difference = painted.astype(np.int16) - photo
    return float(np.abs(difference).mean()) < SAME


def _nearly_all(which: npt.NDArray[np.bool_]) -> bool:
    return float(which.mean()) >= NEARLY_ALL
