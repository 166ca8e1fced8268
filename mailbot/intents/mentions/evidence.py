"""Weigh whether a mention of a style is a request, or only part of a letter.

    THRESHOLD        the least evidence for a request
    weigh            the evidence for each mention of a sentence
    WeighedSentence  a sentence with its evidence; `weigh_sentence` makes it

"The great wave" is a style, and a thing that wets sandwiches. So each mention is weighed by the words around
it, with the weights of the table below and of `neighbouring_words.py`. Verbs of asking, a form such as "in
the style of", and a sentence that says nothing else speak for it. The words of a story, a place or a noun
beside it speak against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.intents.details.excepted_photos import leaves_one_out
from mailbot.intents.mentions.anaphora import is_alike
from mailbot.intents.mentions.captions import A_CAPTION, as_caption
from mailbot.intents.mentions.compounds import as_part
from mailbot.intents.mentions.contrasts import (
    are_shared,
    is_apposed,
    is_corrected,
    is_lightened,
    is_set_against,
    is_titled,
    outdoes,
)
from mailbot.intents.mentions.neighbouring_words import (
    ASKING,
    CUE,
    FIT,
    preferred,
    words_before,
    words_behind,
)
from mailbot.intents.mentions.refusals import is_excepted, refused
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import NUMBERED, Item, Sentence
from mailbot.intents.stories.choices import is_choice

#: Evidence from which a mention is a request.
THRESHOLD = 3.0
#: The same for a mention beside one that is a request.
BESIDE = 1.5

#: Points for and against, by what is found.
ALONE = 4.0  #: the sentence says nothing else
CLAUSE = 3.0  #: its clause is a request: "the scream but more subtle, last one was scary"
DECIDED = 3.0  #: its sentence begins with a "so": "Therefore the wave, for better or worse"
BARE = 4.0  #: a text begins with a clause of the mention alone: "the night café, it's our local"
DESCRIBED = 3.0  #: "the one where somebody screams on the bridge"
ALMOST_ALONE = 2.0  #: one unknown word beside it, in a short sentence
SEEN = 3.0  #: each feature of a painting that is described, beyond the fewest
THAT = 3.0  #: "… so do that one"
ALIKE = 8.0  #: "we did Mondrian at school, can you paint my cat like that?"
ASKED = 1.0  #: a request elsewhere in the sentence
AGREE = 1.0  #: two mentions of one style: "Turner and his shipwreck"
TITLED = 1.0  #: the two side by side: "Kandinsky's Composition 7"
IN_SUBJECT = 1.0
IN_TAG = 4.0
LETTER = -1.5  #: each word of a story, at most two
SEVERAL = 4.0  #: "two please: one in udnie, one in mondrian"
CHOICE = 4.0  #: "either Kandinsky or Mondrian, you decide which fits"
OPTION = 1.5  #: a strength or a size, or the photo's colours
EDITED = 3.0  #: it begins a sentence that asks for what the bot cannot do: "the scream as a birthday card"
REFUSED = 1.5  #: "I'd rather not have van Gogh"
EXCEPTED = 3.0  #: "anything but the scream"
LIGHTENED = 2.5  #: a limit behind it: "we love the scream look, but only a gentle touch of it"
SET_AGAINST = 6.0  #: "sorry, it isn't Mondrian, it's Kandinsky"
CORRECTED = 5.0  #: "then I saw the bar's lights and said no: the night café"
ANY_OF = 9.0  #: "any of the van Goghs will do"
CONTRASTED = 3.0  #: "last time I had the wave, this time the scream"
UNSURE = {Grade.TYPO: -1.0, Grade.WORD: -1.5, Grade.TAG: 0.0, Grade.ARTIST: 0.0, Grade.NAME: 0.0}
#: Kinds of words that count paintings.
_COUNTING = ("one_each", "separate", "apart", "versions", "percent", "ratios")
#: Words up to which a sentence is short, and styles from which a number counts them.
_SHORT, _TWO = 8, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedSentence:
    """Hold a sentence with what is wanted and refused in it."""

    sentence: Sentence
    scores: dict[int, float]  #: evidence by the index of the mention
    refused: frozenset[int]

    @property
    def wanted(self) -> list[int]:
        """Indices of the mentions that are requests: beside one that is clear, others need less evidence."""
        scores = {at: score for at, score in self.scores.items() if at not in self.refused}
        least = BESIDE if max(self.scores.values(), default=0.0) >= THRESHOLD else THRESHOLD
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
        at: score
        + extra
        + REFUSED * (extra > 0 and at in unwanted)
        + EXCEPTED * (at in unwanted and is_excepted(sentence, at))
        + SET_AGAINST * is_set_against(sentence.items, at, unwanted)
        for at, score in weigh(sentence).items()
    }
    return WeighedSentence(sentence=sentence, scores=scores, refused=unwanted)


def weigh(sentence: Sentence) -> dict[int, float]:
    """Return the evidence of each mention, by the index of its item. Joined mentions share the left side."""
    of_sentence = _of_sentence(sentence)
    found: dict[int, float] = {}
    before, shared = -1, of_sentence
    for at in sentence.mentions:
        mention = sentence.items[at].mention
        left, right = words_before(sentence, at), words_behind(sentence, at)
        if before >= 0 and _joins(sentence.items[before + 1 : at]):
            left = max(left, found[before] - shared - words_behind(sentence, before))
        shared = max(of_sentence, CLAUSE) if _is_request(sentence.clause(at)) else of_sentence
        found[at] = left + shared + right + UNSURE[mention.grade if mention else Grade.NAME]
        found[at] += preferred(sentence, at) + DESCRIBED * bool(mention and mention.is_described)
        found[at] += DECIDED * _is_decided(sentence.items[max(0, before) : at])
        found[at] += LIGHTENED * is_lightened(sentence.items, at)
        found[at] += BARE * _is_bare(sentence, at) + CONTRASTED * (
            before >= 0 and outdoes(sentence, before, at)
        )
        found[at] += as_part(sentence, at) + CORRECTED * is_corrected(sentence.items, at)
        found[at] += EDITED * ("edits" in sentence.kinds and _is_first(sentence, at))
        found[at] += ANY_OF * ("any_of" in sentence.kinds and len(sentence.styles_at(at)) > 1)
        is_thing = mention is not None and mention.movement == "things" and left < CUE
        found[at] += min(A_CAPTION * is_thing, as_caption(sentence, at))
        if mention and mention.seen is not None:  # much that a painting shows is no caption, and no tale
            found[at] = THRESHOLD + SEEN * mention.seen
        if before >= 0 and is_apposed(sentence, before, at):
            found[at] = max(found[at], found[before])
        if before >= 0 and leaves_one_out(sentence.items, before, at):
            found[before] = max(found[at], found[before])
        before = at
    return found


def _is_first(sentence: Sentence, at: int) -> bool:
    """Tell whether only an article stands before a mention that is more than a word of a title."""
    mention = sentence.items[at].mention
    is_name = mention is not None and mention.grade > Grade.WORD
    return is_name and all(item.has("article") for item in sentence.items[:at])


def _is_bare(sentence: Sentence, at: int) -> bool:
    """Tell whether a text begins, or its first line ends, with a clause of nothing but a mention."""
    clause, mention = sentence.clause(at), sentence.items[at].mention
    is_first = sentence.where == "text" and sentence.line <= 1 and len(clause) < len(sentence.words)
    asks = not sentence.kinds.isdisjoint((*ASKING, "size"))  # "Léger, I think"
    small = ("article", "courtesy", "filler")[: 2 + asks]
    others = [item for item in clause if not (item.mention or item.has(*small))]
    is_at_edge = clause in (sentence.items[: len(clause)], sentence.items[-len(clause) :])
    is_named = asks and len(sentence.words) <= 2 * _SHORT and bool(mention and mention.is_artist)
    return is_first and (is_at_edge or is_named) and not others  # "the flags, Kandinsky, and make it big"


def _is_decided(before: Sequence[Item]) -> bool:
    """Tell whether a "so" and small words lead to a style: "Therefore the wave", "also gut: Kandinsky"."""
    last = max((at for at, item in enumerate(before) if item.has("reason")), default=None)
    small = ("article", "courtesy", "praise", "filler")
    return last is not None and all(
        item.is_mark or (item.has(*small) and not item.has("statement")) for item in before[last + 1 :]
    )


def _is_request(clause: Sequence[Item]) -> bool:
    """Tell whether the clause of a mention asks for it, or has an option, and holds no words of a letter.

    A photo's number does so too: "the rest as Starry Night".
    """
    is_story = any(
        item.is_unknown or item.is_elsewhere or item.has("letter", "caption", "place") for item in clause
    )
    is_asked = any(
        item.has("ask", "strength", "size", "fit", "percent", "parts", "pixel", *NUMBERED) for item in clause
    )
    is_style = any(item.has("after", "style_of") for item in clause) and all(
        item.mention or item.has("after", "style_of", "article", "courtesy", "cue") for item in clause
    )
    return not is_story and (is_asked or is_style)


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
    letter = min(2, sum(_is_of_letter(sentence.items, at) for at in range(len(sentence.items))))
    letter *= not (alike := is_alike(sentence))
    score = ALIKE * alike + LETTER * letter + {"subject": IN_SUBJECT, "tag": IN_TAG}.get(sentence.where, 0.0)
    unknown = sentence.unknown + sum(item.has("caption") for item in sentence.items)
    if not unknown and not letter:
        score += ALONE
    elif unknown <= 1 and not letter and len(sentence.words) <= _SHORT:
        score += ALMOST_ALONE
    score += ASKED * (not kinds.isdisjoint(ASKING))
    score += FIT * ("fit" in kinds) + THAT * ("that" in kinds and not kinds.isdisjoint(("make", "want")))
    styles = [set(item.mention.styles) for item in sentence.items if item.mention and item.mention.styles]
    agree = len(styles) > 1 and bool(set.intersection(*styles))
    has_size = any(item.has("size") and " " in item.text for item in sentence.items)
    is_named = any(item.mention and item.mention.grade > Grade.WORD for item in sentence.items)
    has_percent = is_named and any(item.has("percent") or item.text == "%" for item in sentence.items)
    options = has_size or has_percent or not kinds.isdisjoint(("strength", "pixel", "unit"))
    options = options or {"keep", "color"} <= kinds
    is_counted = not kinds.isdisjoint(_COUNTING) or are_shared(sentence.items)
    is_number = "counts" in kinds or any(item.text == f"{len(styles)}" for item in sentence.items)
    is_counted = is_counted or (len(styles) > _TWO and is_number)  # "three: a wave, a scream, …"
    several = len({tuple(sorted(names)) for names in styles}) > 1 and is_counted
    score += TITLED * (agree and is_titled(sentence)) + CHOICE * (is_choice(sentence) and "choose" in kinds)
    return score + AGREE * agree + OPTION * options + SEVERAL * several


def _is_of_letter(items: Sequence[Item], at: int) -> bool:
    """Tell whether a word tells a story; the "Mr" before a painter does not."""
    is_title = items[at].has("article") and at + 1 < len(items) and bool(items[at + 1].mention)
    return items[at].has("letter") and not items[at].has(*ASKING, "intents") and not is_title
