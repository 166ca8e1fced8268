"""Distinguish decorations (logos, banners, icons, spacers) from photos, without decoding a pixel.

A picture is judged by its place in the html, its size and shape, and by how many bytes a pixel takes. A
drawing of few colours takes few. Only icons and strips are known by their shape alone. When in doubt it is a
photo: an attached one always is, and a large one in almost any place.

`photos` asks for each picture. Repetition in earlier mails is judged later (`is_known_logo`), since only the
ledger knows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.parsing import file_type
from mailbot.parsing.text.html import ShownPicture
from mailbot.parsing.text.signatures import Mark

#: Pixels of a side up to which a picture is a spacer or a counter, and no photo.
SPACER_SIDE = 2
#: Pixels of the long side of icons and emoji: 24 to 72 on the screen. The smallest photos of phones have 96
#: by 128. Sharper icons have more pixels and are shown as small.
_ICON, _SHOWN_ICON, _SHARP_ICON = 80, 48, 512
#: Pixels of the long side up to which nothing is a photo, under any name.
_TINY = 32
#: Width by height from which a picture is a strip: a logo beside its name has 3, a banner 3.75, a film 2.4.
_STRIP = 2.5
#: Width by height from which it is wide: below a mark or within a link a lesser shape is enough.
_WIDE = 2.2
#: Pixels of a strip's short side, photographed or drawn.
_STRIP_SIDE, _DRAWN_STRIP_SIDE = 80, 160
#: Width by height of a page's head, longer than a phone's panorama, which has 4.2 at most; and its height.
_HEAD, _HEAD_SIDE = 6.0, 130
#: Pixels of a picture that is a photo or a screenshot wherever it stands, if it is no strip: 640 by 480.
_LARGE = 300_000
#: Bytes of a pixel below which a PNG or GIF is drawn. Photos take 1.5 and 0.6, logos 0.05 to 0.6 and 0.3.
_DRAWN_BYTES = {"png": 1.0, "gif": 0.5, "bmp": 1.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Below:
    """Hold the sides in pixels up to which a picture below a mark, or within a link, is a decoration."""

    drawn: int  #: the short side of a drawing
    wide: int  #: the short side of a wide picture
    any: int  #: the long side of any picture


#: Below each mark.
_LIMITS: dict[Mark, _Below] = {
    "": _Below(drawn=0, wide=0, any=0),
    "closing": _Below(drawn=180, wide=250, any=100),
    "signature": _Below(drawn=400, wide=350, any=150),
}
#: Within a link to a page.
_LINKED = _Below(drawn=250, wide=250, any=150)
#: Anywhere in the html of a mail that has a larger photo.
_BESIDE = _Below(drawn=150, wide=0, any=100)
#: Bytes below which a picture of unknown size, such as a TIFF, is a logo beside a photo.
_UNKNOWN_BYTES = 10_000
#: The long side from which a wide photo is no banner, but a panorama.
_PANORAMA = 1400
#: The long side of a square picture in a signature: the writer's portrait.
_PORTRAIT = 200
#: The short side of a picture that came beside other photos in earlier mails too.
_KNOWN = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class _MeasuredPicture:
    """Hold the sides of a picture in pixels, in its file and on the screen, and whether it is drawn."""

    width: int
    height: int
    shown_long: float
    shown_short: float
    is_drawn: bool

    @property
    def aspect(self) -> float:
        return max(self.width, self.height) / max(1, min(self.width, self.height))

    @property
    def is_wide(self) -> bool:
        return self.width >= _WIDE * self.height

    @property
    def is_large(self) -> bool:
        return self.width * self.height >= _LARGE and not self.is_wide


def is_decoration(
    content: bytes,
    places: Sequence[ShownPicture],
    *,
    from_carrier: bool = False,
    beside_photo: bool = False,
) -> bool:
    """Tell whether a picture that is no plain attachment is a decoration.

    `places` are those where the html shows it, or none if it lies beside a text. It is a decoration if it is
    one in each of them. A carrier writes all the html, so each place in it counts as a signature. With
    `beside_photo` the mail has a larger picture that is a photo.
    """
    size = file_type.dimensions(content)
    if size is None:
        return beside_photo and bool(places) and len(content) < _UNKNOWN_BYTES
    if not places:
        picture = _picture(content, size, ShownPicture(cid=""))
        return max(size) <= _ICON or (picture.is_drawn and _is_strip(picture))
    also = [_BESIDE] if beside_photo else []
    return all(_is_decoration(_picture(content, size, place), place, from_carrier, also) for place in places)


def is_tiny(content: bytes) -> bool:
    """Tell whether a picture is too small for any photo: a smiley, an arrow, a bullet."""
    size = file_type.dimensions(content)
    return size is not None and max(size) <= _TINY


def is_known_logo(content: bytes) -> bool:
    """Tell whether a picture is small enough for a logo, should earlier mails have it beside a photo too."""
    size = file_type.dimensions(content)
    return size is not None and min(size) <= _KNOWN and size[0] * size[1] < _LARGE


def _is_decoration(
    picture: _MeasuredPicture, place: ShownPicture, from_carrier: bool, also: Sequence[_Below]
) -> bool:
    long, short = picture.shown_long, picture.shown_short
    if short <= SPACER_SIDE or max(picture.width, picture.height) <= _ICON:
        return True
    if long <= _SHOWN_ICON and max(picture.width, picture.height) <= _SHARP_ICON:
        return True
    if picture.is_large:
        return picture.is_drawn and place.mark == "signature" and long <= _LIMITS["signature"].any
    if _is_strip(picture):
        return True
    # Most pictures of quoted mails are logos, since their photos were attached.
    mark: Mark = "signature" if from_carrier else place.mark or ("closing" if place.quoted else "")
    is_portrait = place.mark == "signature" and long <= _PORTRAIT and picture.aspect < 1.25
    limits = [_LIMITS[mark], *([_LINKED] if place.linked and not from_carrier else []), *also]
    return is_portrait or any(_is_within(picture, limit, from_carrier) for limit in limits)


def _is_strip(picture: _MeasuredPicture) -> bool:
    side = _DRAWN_STRIP_SIDE if picture.is_drawn and picture.is_wide else _STRIP_SIDE
    is_head = picture.width >= _HEAD * picture.height and picture.height <= _HEAD_SIDE
    return is_head or (picture.aspect >= _STRIP and min(picture.width, picture.height) <= side)


def _is_within(picture: _MeasuredPicture, limit: _Below, from_carrier: bool) -> bool:
    is_panorama = picture.width >= _PANORAMA and not picture.is_drawn
    is_wide = picture.is_wide and picture.shown_short <= limit.wide and not is_panorama
    is_small = picture.shown_long <= limit.any and not from_carrier
    return is_wide or is_small or (picture.is_drawn and picture.shown_short <= limit.drawn)


def _picture(content: bytes, size: tuple[int, int], place: ShownPicture) -> _MeasuredPicture:
    width, height = size
    asked = [place.width / width] if place.width is not None and width else []
    asked += [place.height / height] if place.height is not None and height else []
    scale = min(1.0, *asked) if asked else 1.0
    few = _DRAWN_BYTES.get(file_type.kind(content), 0.0)
    return _MeasuredPicture(
        width=width,
        height=height,
        shown_long=max(size) * scale,
        shown_short=min(size) * scale,
        is_drawn=len(content) < few * width * height,
    )
