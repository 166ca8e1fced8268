"""Check an uploaded style: open and rewrite it, paint with it, judge the pictures, make a preview.

Runs only in a process that has sandboxed itself, since it opens an untrusted file.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

from registry.validation import image_checks
from registry.validation.protocol import KEPT, PREVIEW, UPLOAD, Passed
from styles.contract import PixelRange, StyleOptions
from styles.errors import BadCheckpoint, Unpaintable
from styles.formats import style_file
from styles.imaging import codec
from styles.imaging.codec import Pixels
from styles.inference.open import OpenedStyle, open_session, open_style, row_of
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


def check_style(workdir: Path, pixel_range: PixelRange | None) -> Passed:
    """Check the upload in a work folder: write the kept file, and paint three photos with it.

    The first painting is the preview. Raises `BadCheckpoint` with the flaw and its remedy.
    """
    from styles.importing import importer  # it may load torch, which the registry's own process never does

    started = time.perf_counter()
    kept = importer.keep(workdir / UPLOAD, workdir / KEPT, pixel_range)
    style = open_style(workdir / KEPT, "cpu", 0)
    notes = kept.notes
    for path in PHOTOS:
        whole = codec.decode(path.read_bytes())
        photo = style.session.input_spec.reduced(whole)
        picture = _paint(style, photo)
        if path == PHOTOS[0]:
            (workdir / PREVIEW).write_bytes(codec.encode(picture, max_bytes=PREVIEW_BYTES))
            if image_checks.unchanged(picture, photo):
                notes += ("The network gives the photo back as it is.",)
            if photo is not whole:
                notes += (
                    f"It takes much memory: a photo of {_size(whole)} pixels is painted at {_size(photo)}.",
                )
    return Passed(**asdict(kept) | {"notes": notes}, seconds=time.perf_counter() - started)


def warm_up(torch: bool) -> None:
    """Load the engine and compile a network: 0.1 s that no upload has to wait for.

    `torch`: load the readers of torch's files too.
    """
    if torch:
        from styles.importing import state_dicts  # noqa: F401
    for style in style_file.shipped()[:1]:
        file = style_file.read(style.weights)
        stylize(open_session(file.network), [grey_photo()], [row_of(file)], [StyleOptions()])


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
    if flaw := image_checks.flaw(picture):
        raise BadCheckpoint(
            f"With this file the network {flaw}. Paint a photo with it where it was trained, and check the "
            "pixel range and the export."
        )
    return picture


def _size(picture: Pixels) -> str:
    return f"{picture.shape[1]}x{picture.shape[0]}"
