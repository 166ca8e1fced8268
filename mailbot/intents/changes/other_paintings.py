"""Name the painting that a reply means by its painter: "the other Picabia", "one by the same painter".

    with_other   text, the styles painted before -> the same text with the style's own name

A painter with no other painting here is left as he is written, so that the answer can tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.language_detection import detect
from styles.language.lexicon import relative
from styles.language.tokens import tokenize
from styles.language.word_rows import reply


def with_other(text: str, catalogue: Catalogue, painted: Sequence[str]) -> str:
    """Return a text with the name of another painting of a painter for the words that mean it."""
    words = relative(detect(tokenize(text)))
    for sentence in SentenceReader(catalogue, words).sentences(text, "text"):
        for lead, item in pairwise(sentence.items):
            mention = item.mention
            if mention is None or not (lead.has("rest", "another") or _is_other(lead.raw)):
                continue
            others = [name for name in mention.styles if name not in painted]
            if others and len(mention.styles) > 1:
                said = r"\s*".join(map(re.escape, f"{lead.raw} {item.raw}".split()))  # "l'autre" is two words
                return re.sub(said, others[0], text, count=1)
    match = _of_same().search(text)
    same = catalogue.of_same_artist(painted[0]) if painted else ()
    others = [name for name in same if name not in painted]
    return f"{text[: match.start()]}{others[0]}{text[match.end() :]}" if match and others else text


def _is_other(raw: str) -> bool:
    return raw.replace("' ", "'").lower() in reply("other_of")


@cache
def _of_same() -> re.Pattern[str]:
    """Return the pattern of the words for another painting of the same painter."""
    phrases = sorted(reply("of_same_painter"), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, phrases)), re.IGNORECASE)
