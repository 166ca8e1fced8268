"""Put styles and pictures into an answer's words; its fixed sentences are in `letters.py`.

Each sentence is whole, with a form for each case, since languages order and bend their words differently.
Titles and artists are untrusted text of a style's publisher, so they are cut to one line of visible text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mailbot.languages.translator import Translator
from mailbot.parsing.headers import clean
from styles.contract import StyleOptions, StyleSummary
from styles.errors import BadOption
from styles.language import blend_syntax
from styles.language.translated_titles import title_in
from styles.translatable import ngettext_noop

#: Characters of a style's title and of an artist's name in a sentence.
MAX_WORDS = 120
#: Characters of a style's description; the longest of this project's styles has 104.
MAX_DESCRIPTION = 300

#: What was painted: all photos or some of them, each in singular and plural.
_PAINTED = (
    ngettext_noop("Here is your photo, painted.", "Here are your {count} photos, painted."),
    ngettext_noop(
        "Here is one of your {sent} photos, painted.", "Here are {count} of your {sent} photos, painted."
    ),
)
_AS = (
    ngettext_noop(
        "Here is your photo, painted as {style}.", "Here are your {count} photos, painted as {style}."
    ),
    ngettext_noop(
        "Here is one of your {sent} photos, painted as {style}.",
        "Here are {count} of your {sent} photos, painted as {style}.",
    ),
)
_AS_BLEND = (
    ngettext_noop(
        "Here is your photo, painted as a blend of {styles}.",
        "Here are your {count} photos, painted as a blend of {styles}.",
    ),
    ngettext_noop(
        "Here is one of your {sent} photos, painted as a blend of {styles}.",
        "Here are {count} of your {sent} photos, painted as a blend of {styles}.",
    ),
)
_IN_ALL = (
    ngettext_noop(
        "Here is your photo in all {styles} styles.", "Here are your {count} photos in all {styles} styles."
    ),
    ngettext_noop(
        "Here is one of your {sent} photos in all {styles} styles.",
        "Here are {count} of your {sent} photos in all {styles} styles.",
    ),
)
#: A year that is not known exactly, as cards have it.
_ABOUT = re.compile(r"c(?:a|irca)?\.? (\d{3,4})")
#: Letters before which French drops a vowel of its own.
_VOWELS = tuple("AEIOUÀÂÉÈÊËÎÏÔÛ")


def described(say: Translator, style: StyleSummary) -> str:
    """Return the known ones of title, artist and year: "The Scream by Edvard Munch (1893)"."""
    year, named = _year(say, style), _by(say, style)
    return say.gettext("{style} ({year})", style=named, year=year) if year else named


def _year(say: Translator, style: StyleSummary) -> str:
    """Return the year of a painting; one that is not known exactly is said so in the language."""
    written = clean(style.year, MAX_WORDS)
    about = _ABOUT.fullmatch(written)
    # NOTE: the year of a painting, if it is not known exactly: about 1831
    return say.gettext("c. {year}", year=about[1]) if about else written


def explained(style: StyleSummary) -> str:
    """Return the description in a line or two."""
    return clean(style.description, MAX_DESCRIPTION)


def shares_of(style: str) -> Mapping[str, float]:
    """Return the shares of the styles in a job, which add up to 1; a single style has all of it."""
    try:
        return blend_syntax.read(style)
    except BadOption:  # a strange name, which no list has
        return {style: 1.0}


def named(say: Translator, style: str, styles: Sequence[StyleSummary]) -> str:
    """Name a job's style, or those of its blend: "75% Mosaic and 25% Udnie"; an unlisted one by its name."""
    shares = shares_of(style)
    if len(shares) == 1:
        return _named(say, next(iter(shares)), styles, described)
    titles = [_named(say, name, styles, _by) for name in shares]
    if max(shares.values()) - min(shares.values()) >= 0.01:
        titles = [
            say.gettext("{share:.0%} {style}", share=share, style=title)
            for share, title in zip(shares.values(), titles, strict=True)
        ]
    return say.both(titles)


def _named(
    say: Translator,
    name: str,
    styles: Sequence[StyleSummary],
    described: Callable[[Translator, StyleSummary], str],
) -> str:
    """Describe one style, and a version with its name behind: "Candy by Ada (candy@staged)"."""
    found = _find(name, styles)
    if found is None:
        return clean(name, MAX_WORDS)
    words = described(say, found)
    return say.gettext("{style} ({version})", style=words, version=name) if "@" in name else words


def _find(name: str, styles: Sequence[StyleSummary]) -> StyleSummary | None:
    """Return a version as it is, else its style; None for an unlisted one."""
    known = {summary.name: summary for summary in styles}
    return known.get(name) or known.get(name.partition("@")[0])


def options(say: Translator, chosen: StyleOptions) -> tuple[str, ...]:
    """Describe the options in a few words each: how strong in any case, which a mail may say in many ways."""
    strength = say.gettext("{strength:.0%} strength", strength=chosen.strength)
    return (strength, say.gettext("the photo's own colours")) if chosen.keep_colors else (strength,)


def _by(say: Translator, style: StyleSummary) -> str:
    title = clean(title_in(style, say.code), MAX_WORDS) or style.name
    artist = clean(style.artist, MAX_WORDS)
    if artist[:1] in _VOWELS:  # French: "d'Edvard Munch"
        return say.pgettext("before a vowel", "{title} by {artist}", title=title, artist=artist)
    return say.gettext("{title} by {artist}", title=title, artist=artist) if artist else title


def title_of(say: Translator, style: str, styles: Sequence[StyleSummary]) -> str:
    """Return the title of a style, else its name."""
    found = _find(style, styles)
    return (found and clean(title_in(found, say.code), MAX_WORDS)) or clean(style, MAX_WORDS)


def title(say: Translator, painted: Sequence[str], sent: int, styles: Sequence[StyleSummary]) -> str:
    """Say what was painted, by the style of each picture and the number of photos that were sent."""
    count, different = len(painted), len(set(painted))
    if sent == 1 < count == different:
        return say.ngettext(
            "Here is your photo, painted in {count} style.",
            "Here is your photo, painted in {count} styles.",
            count,
        )
    if sent < count and different == 1:
        style = named(say, painted[0], styles)
        return say.gettext("Here are {count} paintings, all as {style}.", count=count, style=style)
    if sent == 1 < count:
        return say.gettext("Here are {count} paintings of your photo.", count=count)
    if sent < count:
        return say.gettext("Here are {count} paintings of your {sent} photos.", count=count, sent=sent)
    style = painted[0]
    fields: dict[str, Any] = {"sent": sent}
    if different > 1 or (not style and len(styles) <= 1):
        forms = _PAINTED
    elif not style:
        forms, fields["styles"] = _IN_ALL, len(styles)
    elif len(shares_of(style)) > 1:
        forms, fields["styles"] = _AS_BLEND, named(say, style, styles)
    else:
        forms, fields["style"] = _AS, named(say, style, styles)
    return say.ngettext(*forms[count < sent], count, **fields)


def none_painted(say: Translator, tried: int, left_over: int) -> str:
    """Say that none of the tried photos could be painted."""
    if not left_over:
        return say.gettext("I could not paint your photos.")
    return say.ngettext(
        "I could not paint the first of your photos.",
        "I could not paint the first {count} of your photos.",
        tried,
    )


def about_left_over(say: Translator, left_over: int, *, is_each: bool = False) -> str:
    """Say that photos did not fit into the answer, "" if all did; `is_each` if a photo has several styles."""
    if left_over <= 0:
        return ""
    if is_each:
        return say.ngettext(
            "One painting more did not fit into this answer. Please ask for fewer styles at once.",
            "{count} paintings more did not fit into this answer. Please ask for fewer styles at once.",
            left_over,
        )
    return say.ngettext(
        "Your last photo did not fit into this answer. Please send it again.",
        "Your last {count} photos did not fit into this answer. Please send them again.",
        left_over,
    )
