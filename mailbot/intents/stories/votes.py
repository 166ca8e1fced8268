"""Count the votes that a mail tells for styles: "Munch got four votes, Mondrian six, and Turner fifteen".

voted   the styles of a story -> the indices of those that lost, and of the one that won
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.sentence import FIRST_CJK, Item
from styles.language.lexicon import Lexicon
from styles.language.tokens import words as split_words
from styles.language.word_rows import stories
from styles.language.written_numbers import digit, number

#: Chinese and Japanese votes, and fewest styles that have some.
_HAN_VOTES = re.compile(r"([\d一二三四五六七八九十百两]+)\s?[票人名]")
_FEWEST = 2


def voted(mail: Sequence[WeighedSentence], words: Lexicon) -> dict[tuple[int, int], str]:
    """Return whether the style at each place has `won` or `lost` a vote; empty without one.

    A place is the index of a sentence and that of the mention in it.
    """
    row = stories(words.languages)["votes"]
    if not any(row.is_in(" ".join(split_words(" ".join(_raws(one))))) for one in mail):
        return {}
    votes = {
        (index, at): count
        for index, one in enumerate(mail)
        if one.sentence.where == "text"
        for at, count in _votes(one, words).items()
    }
    most = max(votes.values(), default=0)
    winners = [place for place, count in votes.items() if count == most]
    if len(votes) < _FEWEST or len(winners) != 1:
        return {}
    won = _styles(mail, winners[0])
    return {
        (index, at): "won" if won.intersection(one.sentence.styles_at(at)) else "lost"
        for index, one in enumerate(mail)
        for at in one.scores
        if any(_styles(mail, place).intersection(one.sentence.styles_at(at)) for place in votes)
    }


def _styles(mail: Sequence[WeighedSentence], place: tuple[int, int]) -> set[str]:
    index, at = place
    return set(mail[index].sentence.styles_at(at))


def _raws(one: WeighedSentence) -> Iterator[str]:
    return (item.raw for item in one.sentence.items)


def _votes(one: WeighedSentence, words: Lexicon) -> dict[int, int]:
    """Return the votes for each mention of a sentence: the number behind it, or before it if one leads."""
    items = one.sentence.items
    named = [at for at, item in enumerate(items) if item.mention and item.mention.styles]
    cuts = [-1, *named, len(items)]
    counts = [[*_counts(items[start + 1 : end], words)] for start, end in pairwise(cuts)]
    if counts[0]:
        return {at: before[-1] for at, before in zip(named, counts, strict=False) if before}
    return {at: behind[0] for at, behind in zip(named, counts[1:], strict=True) if behind}


def _counts(items: Sequence[Item], words: Lexicon) -> Iterator[int]:
    """Yield the numbers that some items hold; Chinese and Japanese ones with their votes."""
    text = "".join(item.raw for item in items)
    if any(char >= FIRST_CJK for char in text):
        yield from (_han(match[1]) for match in _HAN_VOTES.finditer(text))
        return
    for item in items:
        if item.is_number and item.text.isdigit():
            yield int(item.text)
        elif not (item.is_number or item.is_mark or item.mention):
            values = (digit(word, words.languages) or number(word) for word in split_words(item.raw))
            yield from (value for value in values if value and value > 1)  # "un" is an article


def _han(written: str) -> int:
    if written.isdigit():
        return int(written)
    return number(written) or (digit(written, ("zh", "ja")) or 0)
