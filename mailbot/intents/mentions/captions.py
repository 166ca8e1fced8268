"""Recognize captions, which name a style by chance: "Leo and his first wave", "Granny and the scream"."""

from __future__ import annotations

from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import NUMBERED, Sentence

#: What ends a word that is told of.
_IS = ("'s", "’s")
#: Kinds of words that no caption holds.
_OF_REQUESTS = ("ask", "want", "make", "percent", "strength")


def is_of_life(sentence: Sentence, at: int) -> bool:
    """Tell whether a sentence asks for nothing, and tells of a first wave, or of somebody and a wave."""
    items = sentence.items
    mention = items[at].mention
    if mention and mention.grade is Grade.WORD and items[at].raw.endswith(_IS):
        return True  # "Wheat's in!"
    styles = [other for other in sentence.mentions if sentence.styles_at(other)]
    if not sentence.kinds.isdisjoint(_OF_REQUESTS) or len(styles) > 1:
        return False
    numbers = [item for item in items if item.has(*NUMBERED)]
    if at and numbers == [items[at - 1]] and numbers[0].has("first"):
        return not any(map(str.isdigit, numbers[0].raw))
    lead = [item for item in items[:at] if item.has("and") or not item.has("article", "statement")]
    is_joined = len(lead) == 2 and lead[1].has("and") and all(item.is_mark for item in items[at + 1 :])
    return is_joined and (lead[0].is_unknown or lead[0].has("caption")) and lead[0].raw[:1].isupper()
