"""Say what stands around a mention of a style, as features of a learned model.

    sentence_features  a sentence with a mention, its neighbours, and its place in the mail -> features
    mail_features      all sentences of a mail -> features

A feature is a short text, such as `2like ◆`: a pair of words. The model hashes it. A mention is `◆` whatever
it names, so no name of a style is learnt. Chinese and Japanese count by characters. The kinds of words that
the word files know are features too, by their place beside the mention: these are the same in every language.
Beginnings of words stand for their other forms: "malen" and "malst", "quisiera" and "quisiéramos".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from mailbot.intents.learned.places import Mentioned, place_features
from mailbot.intents.sentence import FIRST_CJK, Item, Sentence

#: What stands for a style of the catalogue, for one from elsewhere, and for a number.
_STYLE, _ELSEWHERE, _NUMBER = "◆", "◇", "#"
#: Words beside a mention that count by their side, those that count as near, and mentions of a sentence.
_SIDE, _CLOSE, _MENTIONS = 6, 3, 3
#: The first of these for Chinese and Japanese characters.
_SIDE_CJK = 10
#: Lengths of the beginnings of words, and words beside a mention whose beginnings count by their side.
_STEMS, _STEM_SIDE = (4, 5), 8
#: Items beside a mention whose kinds count by their distance.
_KINDS = 4
#: Kinds of photos and amounts: the model did not learn them, and they say nothing of a wish.
_UNLEARNT = frozenset(("sparing", "this_one", "that_one"))
#: Marks that are told apart.
_MARKS = ",?!:"
#: Items of a step by which lengths are told apart, and most steps.
_STEP, _STEPS = 4, 8
#: The same for a whole mail.
_MAIL_STEP, _MAIL_STEPS = 10, 12


def sentence_features(sentences: Sequence[Sentence], mentioned: Mentioned, at: int) -> set[str]:
    """Return the features of the sentence at an index of `mentioned`, and of its neighbours."""
    sentence = sentences[at]
    words = list(_words(sentence))
    is_cjk = any(map(_is_cjk, words))
    found = place_features(mentioned, at, len(sentences))
    found.update(f"1{word}" for word in words)
    found.update(f"p{stem}" for word in words for stem in _stems(word))
    found.update(f"2{a} {b}" for a, b in pairwise(("^", *words, "$")))
    threes = zip(words, words[1:], words[2:], strict=False)
    found.update(f"3{a} {b} {c}" for a, b, c in threes if is_cjk or _STYLE in (a, b, c))
    for index in [index for index, word in enumerate(words) if word == _STYLE][:_MENTIONS]:
        found.update(_beside(words, index, _SIDE_CJK if is_cjk else _SIDE))
        sides = {
            "<": words[max(0, index - _STEM_SIDE) : index],
            ">": words[index + 1 : index + 1 + _STEM_SIDE],
        }
        found.update(
            f"s{side}{stem}" for side, near in sides.items() for word in near for stem in _stems(word)
        )
    kinds = [_kinds(item) for item in sentence.items]
    for index, item in enumerate(sentence.items):
        if item.mention and item.mention.styles:
            mention = item.mention
            found.add(f"g{mention.grade:d}{mention.is_artist:d}{mention.is_described:d}")
            found.update(_kinds_beside(kinds, index))
            clause = sentence.clause(index)
            found.update(f"kc{kind}" for one in clause for kind in _kinds(one))
            found.add(f"l{min(len(clause), _MAIL_STEPS)}")
    found.update(f"k{kind}" for each in kinds for kind in each)
    found.update((f"q{sentence.is_question:d}", f"w{sentence.where}"))
    found.add(f"n{min(len(kinds) // _STEP, _STEPS)}")
    for side, index in (("b", at - 1), ("a", at + 1)):
        found.update(_of_neighbour(sentences, at, index, side))
    return found


def _of_neighbour(sentences: Sequence[Sentence], at: int, index: int, side: str) -> Iterator[str]:
    """Yield the features of the sentence before or after; the subject has no neighbours."""
    other = sentences[index] if 0 <= index < len(sentences) else None
    if other is None or {other.where, sentences[at].where} != {"text"}:
        yield f"{side}-"
        return
    words = list(_words(other))
    yield from (f"{side}1{word}" for word in words)
    yield from (f"{side}2{a} {b}" for a, b in pairwise(words))
    yield from (f"{side}k{kind}" for item in other.items for kind in _kinds(item))


def mail_features(sentences: Sequence[Sentence]) -> set[str]:
    """Return the features of a whole mail: its words, their kinds, and its length."""
    found = set[str]()
    for sentence in sentences:
        part = "t" if sentence.where == "subject" else "o"
        words = list(_words(sentence))
        found.update(f"{part}1{word}" for word in words)
        found.update(f"p{word[: _STEMS[0]]}" for word in words if len(word) > _STEMS[0])
        found.update(f"{part}k{kind}" for item in sentence.items for kind in _kinds(item))
    length = sum(len(sentence.items) for sentence in sentences)
    found.update((f"T{min(length // _MAIL_STEP, _MAIL_STEPS)}", f"S{min(len(sentences), _MAIL_STEPS)}"))
    return found


def _beside(words: Sequence[str], at: int, most: int) -> Iterator[str]:
    """Yield the words on both sides of a mention, by their side and whether they are near."""
    for distance in range(1, most + 1):
        near = "n" if distance <= _CLOSE else ""
        if at >= distance:
            yield f"L{near}{words[at - distance]}"
        if at + distance < len(words):
            yield f"R{near}{words[at + distance]}"


def _kinds_beside(kinds: Sequence[Sequence[str]], at: int) -> Iterator[str]:
    """Yield the kinds of the items on both sides of a mention, with their distance and without it."""
    for distance in range(1, _KINDS + 1):
        for side, index in (("<", at - distance), (">", at + distance)):
            for kind in kinds[index] if 0 <= index < len(kinds) else ("^",):
                yield f"k{side}{distance}{kind}"
                yield f"k{side}{kind}"


def _words(sentence: Sentence) -> Iterator[str]:
    """Yield the words of a sentence, characters for Chinese and Japanese; each mention is a sign."""
    for item in sentence.items:
        if item.mention:
            yield _STYLE if item.mention.styles else _ELSEWHERE
        elif item.is_number:
            yield _NUMBER
        elif item.is_mark:
            yield item.text if item.text in _MARKS else "."
        elif _is_cjk(item.text):
            yield from item.text
        else:
            yield item.text


def _stems(word: str) -> Iterator[str]:
    """Yield the beginnings of a word of more than four letters."""
    if len(word) > _STEMS[0]:
        yield from (word[:length] for length in _STEMS)


def _is_cjk(word: str) -> bool:
    return word[:1] >= FIRST_CJK


def _kinds(item: Item) -> tuple[str, ...]:
    """Return the kinds of an item; a capital letter stands for what is no phrase of the word files."""
    if item.mention:
        return ("M",) if item.mention.styles else ("E",)
    if item.is_number:
        return ("N",)
    return ("P",) if item.is_mark else tuple(item.kinds - _UNLEARNT) or ("U",)
