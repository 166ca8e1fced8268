"""Weigh by a learned model whether a long mail wishes the style that it names.

    WishModel     the weights; `shipped` reads those of the package
    with_learned  weighed sentences of a mail -> the same, with the model's evidence
    in_order      those of the subject and the text, as the model reads them
    candidates    which of them mention a style
    logits        how likely each of these wishes its style

The words of a grammar tell much about a short request, and little about a story that names a painter. So in a
long mail the model adds to the evidence of each mention, or takes from it. In a short one it only takes from
that of mentions in sentences that ask for nothing, beside others: "A cold wave. Paint the dog". It is a
logistic regression over hashed features (`features.py`), trained by `benchmarks/wishes`. docs/decisions.md
says on what, and how well it does.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import chain
from math import sqrt
from zlib import crc32

from mailbot.intents.learned.features import mail_features, sentence_features
from mailbot.intents.learned.places import mentioned_styles
from mailbot.intents.learned.plain_requests import is_beside, is_lent
from mailbot.intents.mentions.context import MEANT
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import Item, Sentence

#: The file of the weights: a line of JSON, and one signed byte for each hash.
FILE = "wish_weights.bin"
#: Items of a mail from which it is long.
LONG = 25
#: Kinds of words beside a style in a subject that asks for nothing else.
_OPTIONS = ("article", "courtesy", "percent", "size", "strength", "pixel", "any_of", "cue")
#: Evidence of each logit above or below 0, and most evidence of the model.
EACH, MOST = 4.0, 12.0
#: Share of the model's evidence that counts where a painting is described: with all of it 0.3 % less was
#: understood of tables that were left out of training.
SEEN = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class WishModel:
    """Hold the weights of a model. Immutable."""

    weights: array[int]
    scale: float  #: what a weight of 1 stands for
    bias: float

    @classmethod
    def read(cls, written: bytes) -> WishModel:
        """Return the model of a file."""
        head, _, body = written.partition(b"\n")
        said = json.loads(head)
        return cls(weights=array("b", body), scale=said["scale"], bias=said["bias"])

    def logit(self, sentence: Iterable[str], mail: Iterable[str]) -> float:
        """Return how likely a mention is a wish, as a logit, by the features of its sentence and mail."""
        return self.bias + self._sum("s", sentence) + self._sum("m", mail)

    def _sum(self, part: str, features: Iterable[str]) -> float:
        """Return the sum of the weights of some features, by the root of their number."""
        hashes = hashed(part, features, len(self.weights))
        return self.scale * sum(self.weights[each] for each in hashes) / sqrt(len(hashes) or 1)


def hashed(part: str, features: Iterable[str], size: int) -> set[int]:
    """Return the indices of the features of a part of a mail."""
    return {crc32((part + feature).encode()) % size for feature in features}


@cache
def shipped() -> WishModel:
    """Return the model that comes with the package."""
    return WishModel.read(files(__package__).joinpath(FILE).read_bytes())


def in_order(groups: Sequence[Sequence[WeighedSentence]]) -> list[WeighedSentence]:
    """Return the sentences of the subject, and then those of the text."""
    every = list(chain.from_iterable(groups))
    return [one for where in ("subject", "text") for one in every if one.sentence.where == where]


def candidates(mail: Sequence[WeighedSentence]) -> list[int]:
    """Return the indices of the sentences that mention a style of the catalogue."""
    return [at for at, one in enumerate(mail) if any(one.sentence.styles_at(index) for index in one.scores)]


def with_learned(groups: Sequence[Sequence[WeighedSentence]]) -> list[list[WeighedSentence]]:
    """Return the sentences of a mail, with what the model adds to the evidence of its mentions."""
    mail = in_order(groups)
    is_long = sum(len(one.sentence.items) for one in mail) >= LONG
    found = candidates(mail)
    if not found or not (is_long or any(is_beside(mail, at) for at in found)):
        return [*map(list, groups)]
    more = {
        id(mail[at]): evidence(logit) if is_long else against(mail, at, logit)
        for at, logit in logits(mail, found).items()
    }
    return [[_with(one, more[id(one)]) if id(one) in more else one for one in group] for group in groups]


def logits(mail: Sequence[WeighedSentence], found: Sequence[int]) -> dict[int, float]:
    """Return how likely each of the `candidates` of a mail wishes its style, as a logit, by its index."""
    model, sentences = shipped(), [one.sentence for one in mail]
    whole, mentioned = mail_features(sentences), mentioned_styles(sentences, found)
    return {at: model.logit(sentence_features(sentences, mentioned, at), whole) for at in found}


def evidence(logit: float) -> float:
    """Return the evidence that a logit is."""
    return max(-MOST, min(MOST, EACH * logit))


def against(mail: Sequence[WeighedSentence], at: int, logit: float) -> float:
    """Return what a logit takes from a mention of a short mail: "A cold wave. Paint the dog"."""
    points = min(0.0, evidence(logit)) * is_beside(mail, at)
    return points - MEANT * (points < 0 and is_lent(mail, at))


def _with(one: WeighedSentence, more: float) -> WeighedSentence:
    """Return a sentence with more evidence for the mentions that it does not refuse.

    One that the grammar knows for a wish needs none, and a subject that is a title is one whatever follows.
    Names need it more than words of titles: "hat".
    """
    if (more > 0 and one.named) or (more < 0 and is_title(one.sentence)):
        return one
    names = [at for at in one.scores if _is_name(one.sentence.items[at])]
    raised = {at for at in (names if more > 0 and names else one.scores) if at not in one.refused}
    scores = {at: more * (SEEN if _is_pictured(one.sentence.items[at]) else 1) for at in raised}
    return replace(one, scores={at: score + scores.get(at, 0.0) for at, score in one.scores.items()})


def _is_name(item: Item) -> bool:
    return item.mention is not None and item.mention.grade > Grade.WORD


def _is_pictured(item: Item) -> bool:
    return item.mention is not None and item.mention.seen is not None


def is_title(sentence: Sentence) -> bool:
    """Tell whether a sentence is a subject of a style and its options: "Noite estrelada 45%"."""
    words = sentence.words
    ends = (n for n, item in enumerate(words) if n and item.has("for") and not item.has("of"))
    cut = next(ends, len(words))
    if all(item.has("own", "article", "being", "caption") for item in words[cut + 1 :]):
        words = words[:cut]  # "Munch per il mio capo"
    is_named = any(map(_is_style, words))
    is_all = all(_is_style(item) or item.is_number or item.has(*_OPTIONS) for item in words)
    return sentence.where == "subject" and is_named and is_all


def _is_style(item: Item) -> bool:
    """Tell whether an item is a name of a style, if misspelt, and no word of a title alone."""
    return item.mention is not None and item.mention.grade is not Grade.WORD
