"""Say by the words around each style of a mail which part it plays in the story.

    ToldStyle     a mention with the parts that it plays, and their weight
    told_styles   sentences -> the styles that they name, in order
    defers        whether a mail does what others wish

"First I asked for the Mondrian, my wife says Munch, and what I ought to have asked for is the Léger." The
words stand in the table `story` of each word file. Those before a style count, up to the style before it.
Behind it counts the rest of its clause, since German, Chinese and Japanese verbs stand there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import FIRST_CJK, Item
from mailbot.intents.stories.votes import voted
from styles.language.lexicon import Lexicon
from styles.language.tokens import words as split_words
from styles.language.word_rows import stories

#: Weight of each part, and of the style that is named last: of 513 mails that name several styles and wish
#: one, that was the last in 456. The style of most weight was the one that is wished in 481.
WEIGHTS = {
    "won": 4.0,
    "lost": -4.0,
    "settled": 2.0,
    "mine": 0.5,
    "theirs": -2.0,
    "before": -2.0,
    "dismissed": -2.0,
}
LAST = 2.0
#: Weight of each point of evidence, and the bounds of these points.
EACH, LEAST, MOST = 0.3, -4.0, 6.0
#: Languages whose verbs can stand behind the style.
_VERB_LAST = frozenset(("de", "zh", "ja"))
#: Words behind a style, and characters, that can dismiss it: "the wave made no sense".
_BEHIND, _BEHIND_CJK = 6, 12
#: Marks that end the words around a style.
_ENDS = frozenset(";:?!.()")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStyle:
    """Hold a mention of a style with the parts that it plays in its story."""

    one: WeighedSentence
    sentence: int  #: index in the mail
    at: int  #: index of the item
    parts: frozenset[str]  #: keys of `WEIGHTS`
    is_deferred: bool  #: the mail does what others wish

    @property
    def styles(self) -> frozenset[str]:
        """The styles that the mention means."""
        return frozenset(self.one.sentence.styles_at(self.at))

    @property
    def place(self) -> tuple[int, int]:
        """Where the mention stands in its mail."""
        return self.sentence, self.at

    @property
    def score(self) -> float:
        """The evidence that the mention is a request."""
        return self.one.scores[self.at]

    @property
    def is_refused(self) -> bool:
        """Whether the mail refuses the style in so many words."""
        return self.at in self.one.refused

    @property
    def is_described(self) -> bool:
        """Whether the words say what a painting shows, and name no style."""
        return _is_described(self.one.sentence.items[self.at])

    @property
    def is_theirs(self) -> bool:
        """Whether others wish, or have, the style."""
        return "theirs" in self.parts and "mine" not in self.parts

    @property
    def is_aside(self) -> bool:
        """Whether a style is one that others wish, one of before, or one that does not suit."""
        return bool(self.parts & {"before", "dismissed", "lost"}) or (self.is_theirs and not self.is_deferred)

    def weight(self, *, is_last: bool) -> float:
        """Return how much speaks for a style, of those of its story."""
        parts = self.parts - {"mine" if self.is_deferred else "theirs" if "mine" in self.parts else ""}
        points = EACH * max(LEAST, min(MOST, self.score))
        points -= 2 * WEIGHTS["theirs"] * (self.is_deferred and self.is_theirs)
        return points + LAST * is_last + sum(WEIGHTS[part] for part in parts)


def told_styles(mail: Sequence[WeighedSentence], words: Lexicon) -> list[ToldStyle]:
    """Return the styles that the text of a mail names, in order."""
    is_deferred, votes = defers(mail, words), voted(mail, words)
    return [
        ToldStyle(
            one=one,
            sentence=index,
            at=at,
            parts=_parts(one.sentence.items, at, words, votes.get((index, at), "")),
            is_deferred=is_deferred,
        )
        for index, one in enumerate(mail)
        for at in sorted(one.scores)
        if one.sentence.where == "text" and _is_named(one.sentence.items[at])
    ]


def defers(mail: Sequence[WeighedSentence], words: Lexicon) -> bool:
    """Tell whether a mail does what others wish: "so it's what she says"."""
    row = stories(words.languages)["deferring"]
    return any(row.is_in(_text(one.sentence.items)) for one in mail)


def _is_named(item: Item) -> bool:
    """Tell whether a mention is the name of a style, and no single word of a title."""
    return item.mention is not None and bool(item.mention.styles) and item.mention.grade > Grade.WORD


def _is_described(item: Item) -> bool:
    return item.mention is not None and item.mention.seen is not None


def _parts(items: Sequence[Item], at: int, words: Lexicon, vote: str) -> frozenset[str]:
    if vote:
        return frozenset((vote,))
    rows = stories(words.languages)
    before, behind = _text(_before(items, at)), _text(_behind(items, at))
    clause = behind.split(",")[0]
    is_verb_last = not _VERB_LAST.isdisjoint(words.languages)
    found = {
        part
        for part in ("settled", "theirs", "before")
        if rows[part].is_in(before) or (is_verb_last and rows[part].is_in(clause))
    }
    is_cjk = any(char >= FIRST_CJK for char in behind)
    near = behind[:_BEHIND_CJK] if is_cjk else " ".join(behind.split()[:_BEHIND])
    found |= {"mine"} if rows["mine"].is_in(before) else set()
    is_dismissed = rows["dismissed"].is_in(near) and not _is_described(items[at])
    return frozenset(found | ({"dismissed"} if is_dismissed else set()))


def _before(items: Sequence[Item], at: int) -> Sequence[Item]:
    """Return the items before a mention, from the mention before it, a "but" or a mark on."""
    for start in range(at, 0, -1):
        last = items[start - 1]
        if last.mention or (last.text in _ENDS and last.text != ":"):
            return items[start:at]
        if last.has("limit") and start < at:
            return items[start - 1 : at]
    return items[:at]


def _behind(items: Sequence[Item], at: int) -> Sequence[Item]:
    """Return the items behind a mention, up to the next one, a "but" or a mark."""
    end = at + 1
    while end < len(items) and not (items[end].mention or items[end].text in _ENDS):
        if items[end].has("limit") and end > at + 1 and items[end].raw[0] < FIRST_CJK:
            break
        end += 1
    return items[at + 1 : end]


def _text(items: Sequence[Item]) -> str:
    """Return the folded words of some items, with commas; Chinese and Japanese have no spaces."""
    return " ".join("".join(_glued(items)).split())


def _glued(items: Sequence[Item]) -> Iterator[str]:
    last = ""
    for item in items:
        text = "," if item.text == "," else " ".join(split_words(item.raw))
        if text:
            yield text if last >= FIRST_CJK and text[0] >= FIRST_CJK else f" {text}"
            last = text[-1]
