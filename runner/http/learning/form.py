"""Read the options of a painting to learn from. A bad one raises `BadOption` with a sentence about it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from runner.learning.messages import LearningOrder
from styles.canvas.quadrilateral import Corners, validated_corners
from styles.errors import BadOption

#: Options of a form beside its files.
OPTIONS = ("name", "title", "artist", "minutes", "corners", "owner", "key")
#: A style's name.
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
#: Characters of a title and of an artist's name.
MOST_TEXT = 200
#: Minutes to learn a style in, and to paint one picture: its mail is answered within three. What they may be.
STYLE_MINUTES, PICTURE_MINUTES = 5.0, 2.6
LEAST_MINUTES, MOST_MINUTES = 0.05, 120.0


def read(options: Mapping[str, str], *, has_photo: bool, remote: str = "") -> LearningOrder:
    """Return the order of a form. With a photo one picture is painted, else a style is learnt.

    The limit of a person counts for the `owner` that the form names, or for the address `remote`.
    """
    require_none({name: "" for name in options if name not in OPTIONS})
    name, key, owner = (options.get(each, "") for each in ("name", "key", "owner"))
    if not (has_photo and not name) and not NAME.fullmatch(name):
        raise BadOption(
            "Name the style, by name: up to 64 small letters, digits and hyphens, such as my-garden."
        )
    if key and not KEY.fullmatch(key):
        raise BadOption("A key has 8 to 64 letters, digits, hyphens or underscores.")
    if owner and not KEY.fullmatch(owner):
        raise BadOption("An owner has 8 to 64 letters, digits, hyphens or underscores.")
    if any(len(options.get(text, "")) > MOST_TEXT for text in ("title", "artist")):
        raise BadOption(f"A title and an artist's name have at most {MOST_TEXT} characters.")
    return LearningOrder(
        name=name,
        title=options.get("title", ""),
        artist=options.get("artist", ""),
        minutes=_minutes(options.get("minutes", ""), PICTURE_MINUTES if has_photo else STYLE_MINUTES),
        corners=_corners(options.get("corners", "")),
        is_picture=has_photo,
        owner=owner or remote,
        key=key,
    )


def require_none(options: Mapping[str, str]) -> None:
    """Raise `BadOption` for an option that nobody knows."""
    if options:
        raise BadOption(f"Nobody knows the option {min(options)[:40]}; there are {', '.join(OPTIONS)}.")


def _minutes(text: str, usual: float) -> float:
    try:
        minutes = float(text) if text else usual
    except ValueError:
        minutes = 0.0
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise BadOption(f"The minutes must be a number from {LEAST_MINUTES:g} to {MOST_MINUTES:g}.")
    return minutes


def _corners(text: str) -> Corners | None:
    if not text:
        return None
    try:
        points = [(float(x), float(y)) for x, y in json.loads(text)]
        return validated_corners(points)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadOption(
            "The corners must be four points, [[x, y], …], in parts of the picture's width and height, "
            f"clockwise from the top left: {error}."
        ) from error
