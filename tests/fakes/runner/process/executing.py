"""Tasks for an executor, and what is to be seen in its outcomes."""

from __future__ import annotations

from runner.protocol.messages import Label, Outcome, PaintedPhoto, StyleShare, Task
from styles.contract import ResolvedStyle, StyleOptions
from styles.imaging.codec import decode
from styles.imaging.contact_sheet import Grid
from tests.fakes.styles.photos import jpeg

MISSING = StyleShare(digest="sha256:" + "0" * 64)


def blend(*parts: tuple[ResolvedStyle, float], image: bytes = b"STYLE") -> Task:
    """A photo that comes back as what it was painted in."""
    made = tuple(StyleShare(digest=style.digest, share=share) for style, share in parts)
    return Task(parts=made, image=image, options=StyleOptions())


def sheet(*styles: ResolvedStyle | StyleShare, image: bytes | None = None, **options: object) -> Task:
    parts = tuple(
        style
        if isinstance(style, StyleShare)
        else StyleShare(digest=style.digest, label=Label(name=style.name))
        for style in styles
    )
    wanted = StyleOptions(**{"format": "png", **options})  # type: ignore[arg-type]
    return Task(parts=parts, image=image or jpeg(size=(200, 150)), options=wanted, sheet=True)


def image_of(outcome: Outcome) -> bytes:
    assert isinstance(outcome, PaintedPhoto), outcome
    return outcome.image


def shades(outcome: Outcome, count: int) -> list[int]:
    """The grey in the middle of each painting that hangs beside the photo, which has 200 by 150 pixels."""
    whole = decode(image_of(outcome))
    grid = Grid.of(count + 1, 200, 150)
    assert whole.shape[1::-1] == grid.size
    corners = [grid.corner(index) for index in range(1, count + 1)]
    return [int(whole[top + 75, left + 100, 0]) for left, top in corners]
