"""Put styles and pictures into an answer's words; its fixed sentences are in `compose.py`.

Titles and artists are untrusted text of a style's publisher, so they are cut to one line of visible text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mailbot.parsing.headers import clean
from styles.contract import StyleOptions, StyleSummary
from styles.errors import BadOption
from styles.language import blend_syntax

#: Characters of a style's title and of an artist's name in a sentence.
MAX_WORDS = 120
#: Characters of a style's description; the longest of this project's styles has 104.
MAX_DESCRIPTION = 300


def described(style: StyleSummary) -> str:
    """Return the known ones of title, artist and year: "The Scream by Edvard Munch (1893)"."""
    year = clean(style.year, MAX_WORDS)
    return f"{_by(style)}{f' ({year})' if year else ''}"


def explained(style: StyleSummary) -> str:
    """Return the description in a line or two."""
    return clean(style.description, MAX_DESCRIPTION)


def named(style: str, styles: Sequence[StyleSummary]) -> str:
    """Describe a job's style for the middle of a sentence; an unlisted style by its name."""
    if not style:
        return f"all {len(styles)} styles" if len(styles) > 1 else "all styles"
    known = {summary.name: summary for summary in styles}
    try:
        shares = blend_syntax.read(style)
    except BadOption:  # a strange name, which no list has
        return clean(style, MAX_WORDS)
    if len(shares) == 1:
        (name,) = shares
        return described(known[name]) if name in known else name
    titles = [_by(known[name]) if name in known else name for name in shares]
    if max(shares.values()) - min(shares.values()) >= 0.01:
        titles = [f"{share:.0%} {title}" for share, title in zip(shares.values(), titles, strict=True)]
    return f"a blend of {', '.join(titles[:-1])} and {titles[-1]}"


def options(chosen: StyleOptions) -> tuple[str, ...]:
    """Describe the options that are not the default, in a few words each."""
    words = {
        f"{chosen.strength:.0%} strength": chosen.strength < 1,
        "the photo's own colours": chosen.keep_colors,
    }
    return tuple(each for each, is_chosen in words.items() if is_chosen)


def either(names: Sequence[str]) -> str:
    """Join the names of a choice: "a, b or c"."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def about_choice(chosen: str, alternatives: Sequence[str] = (), not_understood: Sequence[str] = ()) -> str:
    """Return sentences on how the style was chosen, and on words that mean nothing; "" if all is plain."""
    said = []
    if chosen == "default":
        said.append(
            "You named no style that I know, so I took my favourite. "
            "To choose another, answer with a style's name: “styles” brings the list."
        )
    if alternatives:
        said.append(f"Your words mean more than one of my styles; I also have {either(alternatives)}.")
    if not_understood:
        words = ", ".join(f"“{clean(piece, MAX_WORDS)}”" for piece in not_understood)
        said.append(f"I did not understand: {words}.")
    return " ".join(said)


def _by(style: StyleSummary) -> str:
    title = clean(style.title, MAX_WORDS) or style.name
    artist = clean(style.artist, MAX_WORDS)
    return f"{title} by {artist}" if artist else title


def title(painted: Sequence[str], sent: int, styles: Sequence[StyleSummary]) -> str:
    """Say what was painted, by the style of each picture and the number of photos that were sent."""
    here = "Here is" if len(painted) == 1 else "Here are"
    yours = "your photo" if sent == 1 else f"your {sent} photos"
    if sent == 1 and len(painted) > 1:
        return f"Here is your photo, painted in {len(painted)} styles."
    some = yours if len(painted) == sent else f"{'one' if len(painted) == 1 else len(painted)} of {yours}"
    if len(set(painted)) > 1:
        return f"{here} {some}, painted."
    return f"{here} {some}{', painted as' if painted[0] else ' in'} {named(painted[0], styles)}."


def none_painted(tried: int, left_over: int) -> str:
    """Say that none of the tried photos could be painted."""
    if not left_over:
        return "I could not paint your photos."
    return f"I could not paint {'the first' if tried == 1 else f'the first {tried}'} of your photos."


def about_left_over(left_over: int, *, is_each: bool = False) -> str:
    """Say that photos did not fit into the answer, "" if all did; `is_each` if a photo has several styles."""
    if left_over <= 0:
        return ""
    if is_each:
        rest = "One painting" if left_over == 1 else f"{left_over} paintings"
        return f"{rest} more did not fit into this answer. Please ask for fewer styles at once."
    if left_over == 1:
        return "Your last photo did not fit into this answer. Please send it again."
    return f"Your last {left_over} photos did not fit into this answer. Please send them again."


def about_seconds(seconds: float) -> str:
    """Describe a long wait: "about 4 minutes", "about 2 hours"."""
    minutes = max(1, math.ceil(seconds / 60))
    if minutes < 60:
        return f"about {minutes} minute{'s' if minutes > 1 else ''}"
    hours = round(minutes / 60)
    return f"about {'an hour' if hours == 1 else f'{hours} hours'}"
