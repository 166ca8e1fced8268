"""A sheet in a runner: one photo painted in many styles, hung with their titles as one picture.

    open_photo   the photo as it will hang, refused early where the sheet would be too large
    hang         the photo and its paintings -> bytes

Blocking, and meant for the threads beside the engine; `runner.process.executor` paints what is between the
two.
"""

from __future__ import annotations

from collections.abc import Sequence

from runner.process import engine
from runner.process.encoding import Encoded, encode
from runner.protocol.messages import Label, Task
from styles.contract import StyleOptions
from styles.imaging.codec import Pixels, resized
from styles.imaging.contact_sheet import Grid, framed, sheet


def open_photo(task: Task) -> Pixels:
    """The photo (H, W, 3). Raises what makes it none, and `BadOption` for a sheet of too many pixels."""
    photo = engine.open_photo(task)
    height, width = photo.shape[:2]
    Grid.of(1 + len(task.parts), width, height)
    return photo


def hang(photo: Pixels, paintings: Sequence[tuple[Label, Pixels]], options: StyleOptions) -> Encoded:
    """The sheet; a painting that its network made smaller hangs as large as the others."""
    height, width = photo.shape[:2]
    pictures = [framed(label, resized(painting, (width, height))) for label, painting in paintings]
    return encode(sheet(photo, pictures), options)
