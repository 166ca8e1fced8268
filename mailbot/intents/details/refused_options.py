"""Tell whether an option is not wanted: "not small", "don't make it too strong".

is_option_refused  whether the option at an index is
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.sentence import FIRST_CJK, Item
from styles.language.lexicon import Lexicon

#: Words between a "not" and an option, and their kinds.
_NEAR, _BEHIND_NOT = 5, ("filler", "article", "make", "courtesy", "between", "before_not", "cue")


def is_option_refused(items: Sequence[Item], at: int, words: Lexicon) -> bool:
    """Tell whether only small words stand between a "not" and an option: "don't make it small"."""
    if not items[at].has("size", "strength", "again"):
        return False
    behind = items[at + 1 : at + 2]
    if behind and behind[0].has("not_after") and behind[0].raw[0] >= FIRST_CJK:  # "大きくしないで"
        return True
    for item in reversed(items[max(0, at - _NEAR) : at]):
        is_limit = "not" in words.of(item.text.partition(" ")[0])  # "not so" big, "pas plus" grand
        is_limit = is_limit and item.has("strength", "filler") and not item.has("not_refusing")
        if item.has("not", "unable") or (is_limit and items[at].has("size")):
            # "no dai torna a 55" refuses nothing.
            return not (item.has("no") and items[at].has("level") and " " in items[at - 1].text)
        if item.is_mark or item.has("and", "instead", "limit") or not item.has(*_BEHIND_NOT):
            return False
    return False
