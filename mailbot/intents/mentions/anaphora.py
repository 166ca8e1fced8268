"""Recognize requests that mean a style named before: "we did Mondrian, can you paint me like that?"."""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.sentence import Item, Sentence

#: Items of a request that is for the photo if it says nothing else: "Je voudrais pareil."
_FEW = 5


def is_alike(sentence: Sentence) -> bool:
    """Tell whether a sentence names a style, and behind it asks for something "like that"."""
    first = next(sentence.mentions, None)
    return first is not None and (asks_alike(sentence, first) or _settles_on(sentence.items[first + 1 :]))


def _settles_on(behind: Sequence[Item]) -> bool:
    """Tell whether a clause means the style before it: "I had a towel of it, so that one, please"."""
    return any(
        so.has("reason") and that.has("that") and (after is None or after.is_mark or after.has("courtesy"))
        for so, that, after in zip(behind, behind[1:], [*behind[2:], None], strict=False)
    )


def asks_alike(sentence: Sentence, start: int = -1) -> bool:
    """Tell whether a sentence asks for something to be made "like that", behind the item at `start`."""
    behind = sentence.items[start + 1 :]
    asks = any(item.has("ask", "make", "want", "paint") for item in behind)
    is_of_photo = any(item.has("photo", "caption", "paint") for item in behind) or len(behind) <= _FEW
    bare = [item for item in behind if item.kinds and not (item.is_mark or item.has("courtesy"))]
    is_thus = any(item.has("thus") for item in bare[-1:]) or (
        len(bare) > 1 and bare[-2].has("thus") and bare[-1].has("make", "paint")
    )  # "kannst du das so machen?"
    if "left" in sentence.kinds:
        return False  # "paint it as you like, and so we end the quarrel"
    return asks and is_of_photo and (is_thus or any(item.has("alike") for item in behind))


def asks_for_painting(sentence: Sentence) -> bool:
    """Tell whether a sentence asks for a painting, and names no style: "can you paint our boat?"."""
    first = next((item for item in sentence.words if not item.has("and", "courtesy", "photo")), None)
    is_asked = not sentence.kinds.isdisjoint(("ask", "want")) or (first is not None and first.has("paint"))
    is_left = "left" in sentence.kinds  # "paint it as it comes"
    return "paint" in sentence.kinds and is_asked and not is_left and not sentence.has_mention


def is_unambiguous(sentences: Sequence[Sentence]) -> bool:
    """Tell whether the styles that sentences mention are all of one artist, or the same."""
    styles = [set(one.styles_at(at)) for one in sentences for at in one.mentions if one.styles_at(at)]
    return bool(styles) and bool(set.intersection(*styles))
