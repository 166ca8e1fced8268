"""Draw a QR code, by which a phone's camera opens a mail to the bot."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup


@lru_cache(maxsize=64)
def qr_code(text: str) -> Markup:
    """Return an SVG for the page: black on white with the quiet zone that the standard wants (ISO 18004).

    A quarter of it may be covered or blurred (level Q). It has no size of its own. It is empty where the
    library was not installed yet with this version: the page is whole without it.
    """
    try:
        import segno
    except ImportError:
        return Markup()
    drawn = segno.make(text, error="q", micro=False, boost_error=False)
    svg = drawn.svg_inline(light="#fff", border=4, omitsize=True, svgclass="qr", lineclass="")
    return Markup(svg)  # noqa: S704 - of numbers alone, the text is in the pattern
