"""Find the name below a mail: "Best regards, Tom" asks for nothing, though "tom" is a shade in Portuguese.

sign_off  the last sentence of a text, if it is a name behind a courtesy
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.sentence import Item, Sentence

#: Words of a name, at most.
_NAME = 3
#: Kinds of words that stand above a name.
_CLOSING = ("courtesy", "polite", "thanks")
#: Kinds of words that ask for something, though they stand at the end.
_ASKING = ("size", "strength", "percent", "pixel", "keep", "edits", "make", "want")


def sign_off(sentences: Sequence[Sentence]) -> Sentence | None:
    """Return the last sentence of the text, if it holds a name behind a courtesy and nothing else."""
    text = [one for one in sentences if one.where == "text"]
    if not text or not text[-1].words:
        return None
    *before, last = text
    closing = next((at for at, item in enumerate(last.items) if not _is_closing(item)), len(last.items))
    above = last.items[:closing] or (before[-1].items if before else ())
    name = [item for item in last.items[closing:] if not item.is_mark]
    is_led = bool(above) and all(map(_is_closing, above)) and _is_name(name)
    is_painter = any(item.is_elsewhere for item in name) and any(item.has("ask") for item in above)
    return last if is_led and not is_painter else None  # "svp, Gustave Moreau" asks for a painter


def _is_closing(item: Item) -> bool:
    return item.is_mark or (item.has(*_CLOSING) and not item.has(*_ASKING))


def _is_name(items: Sequence[Item]) -> bool:
    """Tell whether words can be a name: few, each with a capital, and none that asks for something."""
    is_said = any(item.is_number or item.has(*_ASKING) or _is_style(item) for item in items)
    return len(items) <= _NAME and not is_said and all(item.raw[:1].isupper() for item in items)


def _is_style(item: Item) -> bool:
    """Tell whether a word names a style that there is: a Jean-Luc Moreau wants no Gustave Moreau."""
    return item.mention is not None and bool(item.mention.styles)
