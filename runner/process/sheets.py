"""Make a sheet in a runner: one photo painted in many styles, with their titles, as one picture.

Both functions block, and run in threads beside the engine; `runner.process.executor` paints between them.
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
    """Decode the photo (H, W, 3). Raises a `PainterError`, `BadOption` for a sheet of too many pixels."""
    photo = engine.open_photo(task)
    height, width = photo.shape[:2]
    Grid.of(1 + len(task.parts), width, height)
    return photo


def hang(photo: Pixels, paintings: Sequence[tuple[Label, Pixels]], options: StyleOptions) -> Encoded:
    """Encode the sheet; smaller paintings are enlarged to the size of the others."""
    height, width = photo.shape[:2]
    pictures = [framed(label, resized(painting, (width, height))) for label, painting in paintings]
    return encode(sheet(photo, pictures), options)
