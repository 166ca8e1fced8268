"""Put together what several sentences of a mail say about styles: "The scream, small. And the wave, big."."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailbot.intents.options import Options
from mailbot.intents.paintings.style_selection import Selection


def merge_selections(selections: Sequence[Selection], said: Sequence[Options]) -> Selection:
    """Return what several sentences ask for: a painting each, with the options that each of them says."""
    if len(selections) == 1:
        return selections[0]
    if found := _shared(selections):
        return found
    is_apart = sum(each.size is not None or each.keep_colors is not None for each in said) > 1
    rows: list[tuple[str, Options]] = []
    for one, options in zip(selections, said, strict=True):
        names = one.names * max(1, len(one.photos)) if one.how == "one" else one.names
        of_one = replace(options if is_apart else Options(), strength=one.strength)
        rows += zip(names, one.own or (of_one,) * len(names), strict=True)
    photos = tuple(number for one in selections for number in one.photos)
    is_numbered = len(photos) == len(rows)
    rows = rows if is_numbered else list(dict.fromkeys(rows))
    own = tuple(options for _, options in rows)
    return Selection(
        how="each",
        names=tuple(name for name, _ in rows),
        own=own if any(each != Options() for each in own) else (),
        photos=photos if is_numbered else (),
    )


def _shared(selections: Sequence[Selection]) -> Selection | None:
    """Return the blend whose shares are said, where all blend the same: "Mix A and B. A 80, B 20"."""
    is_one = all(each.how == "blend" and each.styles == selections[0].styles for each in selections)
    uneven = [each for each in selections if len(each.shares) > 1]
    return (uneven or selections)[0] if is_one else None
