"""Weigh whether a mention of a style is a wish, or only part of a letter.

    THRESHOLD   the least evidence for a wish
    weigh       the evidence for each mention of a sentence
    WeighedSentence       a sentence with its evidence; `hear` makes it

"The great wave" is a style, and a thing that wets sandwiches. So each mention is weighed by the words around
it, with the weights of the table below. Words for a wish, a form such as "in the style of", and a sentence
that says nothing else speak for it. The words of a tale, a place or a noun beside it speak against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailbot.intents.catalogue import Grade
from mailbot.intents.mentions.anaphora import is_alike
from mailbot.intents.mentions.refusals import refused
from mailbot.intents.sentence import Item, Sentence

#: Evidence from which a mention is a wish.
THRESHOLD = 3.0
#: The same for a mention beside one that is a wish.
BESIDE = 1.5

#: Points for and against, by what is found.
ALONE = 4.0  #: the sentence says nothing else
CLAUSE = 3.0  #: its clause is a wish: "the scream but more subtle, last one was scary"
ALMOST_ALONE = 2.0  #: one unknown word beside it, in a short sentence
STYLE_OF = 5.0  #: "in the style of …"
WANTED = 4.0  #: directly behind a wish or a verb of making: "do kandinsky"
CUE = 1.1  #: directly behind "in", "as", "like"
CUE_OF_WISH = 3.0  #: that, behind a wish or a verb of making: "paint this as …"
CUE_OF_PHOTO = 1.0  #: that, behind a word for the photo: "my dog as …"
AFTER = 2.0  #: "… style", "… version"
ASKED_AFTER = 3.0  #: "… please", "… is what I want"
FIT = 2.0  #: "… would be perfect"
THAT = 3.0  #: "… so do that one"
ALIKE = 4.0  #: "we did Mondrian at school, can you paint my cat like that?"
ASKED = 1.0  #: a wish elsewhere in the sentence
AGREE = 1.0  #: two mentions of one style: "Turner and his shipwreck"
FIRST = 1.0  #: the sentence begins with it
IN_SUBJECT = 1.0
IN_TAG = 4.0
LETTER = -1.5  #: each word of a tale, at most two
PLACE = -3.0  #: "on a starry night"
A_THING = -2.0  #: "a great wave", with nothing for it before the article
NOUN_BEHIND = -2.0  #: "Turner contract"
OF_BEHIND = -3.0  #: "a wave of relief"
PLACE_BEHIND = -2.5  #: "starry night at the lake"
EXCLAIMED = -4.0  #: "what a starry night"
OPTION = 1.5  #: a strength or a size, or the photo's colours
A_CAPTION = -4.0  #: "Lego", with nothing for it before
NAMESAKE = -3.0  #: "my dog Picasso"
FOR = 1.0  #: "fauvism for granny"
INSTEAD = 2.0  #: "the same, but kandinsky"
REFUSED = 1.5  #: "I'd rather not have van Gogh"
UNSURE = {Grade.TYPO: -1.0, Grade.WORD: -1.5, Grade.TAG: 0.0, Grade.ARTIST: 0.0, Grade.NAME: 0.0}
#: Words up to which a sentence is short.
_SHORT = 8
#: Kinds of words that ask for something.
ASKING = ("ask", "want", "make")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedSentence:
    """Hold a sentence with what is wanted and refused in it."""

    sentence: Sentence
    scores: dict[int, float]  #: evidence by the index of the mention
    refused: frozenset[int]

    @property
    def wanted(self) -> list[int]:
        """Indices of the mentions that are wishes: beside one that is clear, others need less evidence."""
        scores = {at: score for at, score in self.scores.items() if at not in self.refused}
        least = BESIDE if max(scores.values(), default=0.0) >= THRESHOLD else THRESHOLD
        return [at for at, score in scores.items() if score >= least]

    @property
    def named(self) -> list[int]:
        """Those of `wanted` that name a style of the catalogue."""
        return [at for at in self.wanted if self.sentence.styles_at(at)]

    @property
    def score(self) -> float:
        """Most evidence of a wanted mention."""
        return max((self.scores[at] for at in self.wanted), default=0.0)


def weigh_sentence(sentence: Sentence, extra: float = 0.0) -> WeighedSentence:
    """Weigh the mentions of a sentence; `extra` is the evidence that its mail gives it."""
    unwanted = refused(sentence)
    scores = {
        at: score + extra + REFUSED * (extra > 0 and at in unwanted) for at, score in weigh(sentence).items()
    }
    return WeighedSentence(sentence=sentence, scores=scores, refused=unwanted)


def weigh(sentence: Sentence) -> dict[int, float]:
    """Return the evidence of each mention, by the index of its item. Joined mentions share the left side."""
    of_sentence = _of_sentence(sentence)
    found: dict[int, float] = {}
    before, shared = -1, of_sentence
    for at in sentence.mentions:
        mention = sentence.items[at].mention
        left, right = _left(sentence, at), _right(sentence, at)
        if before >= 0 and _joins(sentence.items[before + 1 : at]):
            left = max(left, found[before] - shared - _right(sentence, before))
        shared = max(of_sentence, CLAUSE) if _is_wish(sentence.clause(at)) else of_sentence
        found[at] = left + shared + right + UNSURE[mention.grade if mention else Grade.NAME]
        if mention and mention.movement == "things" and left < CUE:
            found[at] += A_CAPTION
        before = at
    return found


def _is_wish(clause: Sequence[Item]) -> bool:
    """Tell whether the clause of a mention asks for it, or has an option, and holds no words of a letter."""
    is_tale = any(
        item.is_unknown or item.is_elsewhere or item.has("letter", "caption", "place") for item in clause
    )
    return not is_tale and any(item.has("ask", "strength", "size", "fit") for item in clause)


def _joins(items: Sequence[Item]) -> bool:
    """Tell whether only joins, shares and articles stand between two mentions."""
    joins = (
        "and",
        "or",
        "with",
        "mix",
        "article",
        "amounts",
        "of",
        "percent",
        "parts",
        "one_each",
        "separate",
    )
    return all(item.is_number or item.text in (",", "%") or item.has(*joins) for item in items)


def _of_sentence(sentence: Sentence) -> float:
    """Return the evidence that all mentions of the sentence share."""
    kinds = sentence.kinds
    letter = min(2, sum(item.has("letter") and not item.has(*ASKING, "intents") for item in sentence.items))
    letter *= not (alike := is_alike(sentence))
    score = ALIKE * alike + LETTER * letter + {"subject": IN_SUBJECT, "tag": IN_TAG}.get(sentence.where, 0.0)
    unknown = sentence.unknown + sum(item.has("caption") for item in sentence.items)
    if not unknown and not letter:
        score += ALONE
    elif unknown <= 1 and not letter and len(sentence.words) <= _SHORT:
        score += ALMOST_ALONE
    score += ASKED * (not kinds.isdisjoint(ASKING))
    score += FIT * ("fit" in kinds) + THAT * ("that" in kinds and "make" in kinds)
    styles = [set(item.mention.styles) for item in sentence.items if item.mention and item.mention.styles]
    agree = len(styles) > 1 and bool(set.intersection(*styles))
    has_size = any(item.has("size") and " " in item.text for item in sentence.items)
    options = has_size or not kinds.isdisjoint(("strength", "pixel")) or {"keep", "color"} <= kinds
    return score + AGREE * agree + OPTION * options


def _left(sentence: Sentence, at: int) -> float:  # noqa: PLR0911 - a return a row
    """Return the evidence of the words before a mention."""
    items = sentence.items
    first = at
    while first and _is_skipped(items, first - 1):
        first -= 1
    before = items[:first]
    article = bool(first < at)
    if not before:
        return 0.0 if article and items[at - 1].has("place") else FIRST  # "una notte stellata"
    last = before[-1]
    if last.has("exclaim") or any(item.has("exclaim") for item in items[first:at]):
        return EXCLAIMED
    mention = items[at].mention
    if last.has("caption") and mention and (mention.grade is Grade.ARTIST or not mention.styles):
        return NAMESAKE
    if last.has("style_of"):
        return STYLE_OF
    if last.has("want", "make"):
        return WANTED
    if last.has("place") and not last.has("cue"):
        return PLACE
    if last.text == "to" and not any(item.has("make") for item in before):
        return PLACE  # "I want my house to scream"
    if last.has("cue", "after"):
        earlier = before[:-1]
        if last.has("with", "of") and earlier and (earlier[-1].is_unknown or earlier[-1].has("letter")):
            return CUE  # "the mug with the great wave"
        score = CUE + CUE_OF_WISH * any(item.has(*ASKING) for item in earlier)
        return score + CUE_OF_PHOTO * bool(earlier and earlier[-1].has("photo"))
    if last.has("instead"):
        return INSTEAD
    is_thing = mention and mention.grade in (Grade.NAME, Grade.WORD) and article
    return A_THING if is_thing and last.is_unknown else 0.0


def _is_skipped(items: Sequence[Item], at: int) -> bool:
    """Tell whether a word can stand between a wish and its style: an article, an artist, an adjective."""
    item = items[at]
    if at > 1 and item.is_unknown and items[at - 1].has("article"):  # "like that swirly starry night"
        return items[at - 2].has("cue", "make", "want") and not items[at - 2].has("article")
    return (item.has("article") and not item.has("style_of", "want", "make")) or bool(item.mention)


def _right(sentence: Sentence, at: int) -> float:  # noqa: PLR0911 - a return a row
    """Return the evidence of the words behind a mention."""
    behind = list(_next(sentence.items, at, 3))
    if not behind:
        return 0.0
    first = behind[0]
    is_next = sentence.items[at + 1] is first
    if first.has("after"):
        return AFTER
    if first.has("fit") and is_next:
        return FIT  # "Turner would be perfect"
    if first.has("for") and is_next and at == next(sentence.mentions):
        return FOR
    mention = sentence.items[at].mention
    is_elsewhere = mention is not None and not mention.styles and "ask" in sentence.kinds
    if is_next and _is_noun(first) and first.raw.isascii() and not is_elsewhere:
        return NOUN_BEHIND
    if any(item.has("ask", "want") for item in behind[:2]):
        return ASKED_AFTER
    rest = [item for item in behind[1:] if not item.has("article") or item.has("caption")]
    is_thing = bool(rest) and _is_noun(rest[0])
    if first.has("of") and is_thing and mention and (mention.styles or mention.movement == "things"):
        return OF_BEHIND  # but "oil painting of my parents' house" is a wish
    is_number = at + 2 < len(sentence.items) and sentence.items[at + 2].is_number
    is_place = first.has("place") and not is_number
    is_place = is_place or (is_thing and first.has("cue") and not first.has("with"))
    is_place = is_place or (is_thing and first.has("article") and not first.has("photo"))
    return PLACE_BEHIND if is_place and is_next else 0.0


def _is_noun(item: Item) -> bool:
    """Tell whether a word is a thing, described by the style before it: "Turner contract"."""
    return item.is_unknown or (item.has("letter", "caption") and not item.has("filler"))


def _next(items: Sequence[Item], at: int, count: int) -> Iterator[Item]:
    """Yield the next words behind a mention; marks, options and other mentions are left out."""
    for item in items[at + 1 :]:
        if not (item.is_mark or item.is_number or item.mention or item.has("strength", "size", "instead")):
            yield item
            count -= 1
            if not count:
                return
