"""Take the name off the end of a mail: "Best regards, Tom" asks for nothing.

"Tom" is a shade in Portuguese, and a sender may be called like a painter.

without_sign_off  a text without a name behind a courtesy
signed_from       where one begins at the end of a sentence: "…, cheers, Dan and Sue"
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailbot.intents.sentence import Item, Sentence

#: Words of a name, at most.
_NAME = 3
#: Kinds of words that stand above a name.
_CLOSING = ("courtesy", "polite", "thanks")
#: Kinds of words that ask for something, though they stand at the end.
_ASKING = ("size", "strength", "percent", "pixel", "keep", "edits", "make", "want")


def without_sign_off(text: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences of a text without the name behind a courtesy at its end."""
    if not text or not text[-1].words:
        return [*text]
    *before, last = text
    closing = next((at for at, item in enumerate(last.items) if not _is_closing(item)), len(last.items))
    above = last.items[:closing] or (before[-1].items if before else ())
    name = [item for item in last.items[closing:] if not item.is_mark]
    is_led = any(item.has(*_CLOSING) for item in above) and all(map(_is_closing, above)) and _is_name(name)
    is_painter = any(item.is_elsewhere for item in name) and any(item.has("ask") for item in above)
    if not is_led or is_painter:  # "svp, Gustave Moreau" asks for a painter
        return [*text]
    return [*before, replace(last, items=last.items[:closing])] if closing else before


def signed_from(sentence: Sentence) -> int:
    """Return the index from which a sentence is a name behind a courtesy, its length without one."""
    items = sentence.items
    closing = [at for at, item in enumerate(items) if item.has(*_CLOSING) and not item.has("ask", *_ASKING)]
    rest = items[closing[-1] + 1 :] if closing else ()
    is_name = bool(rest) and (rest[0].is_mark or rest[0].is_unknown)
    names = [item for item in rest if not (item.is_mark or item.has("and", "place", "cue", "of"))]
    is_signed = bool(closing) and closing[-1] > 0 and is_name and bool(names) and _is_name(names)
    return closing[-1] if is_signed and sentence.where == "text" else len(items)


def _is_closing(item: Item) -> bool:
    return item.is_mark or (item.has(*_CLOSING) and not item.has(*_ASKING))


def _is_name(items: Sequence[Item]) -> bool:
    """Tell whether words can be a name: few, each with a capital, and none that asks for something."""
    is_said = any(item.is_number or item.has(*_ASKING) or _is_style(item) for item in items)
    return 0 < len(items) <= _NAME and not is_said and all(item.raw[:1].isupper() for item in items)


def _is_style(item: Item) -> bool:
    """Tell whether a word names a style that there is: a Jean-Luc Moreau wants no Gustave Moreau."""
    return item.mention is not None and bool(item.mention.styles)
