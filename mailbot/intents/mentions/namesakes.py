"""Find people who are called like an artist: "Mr Turner, our caretaker, retires on Friday"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.sentence import Sentence


def without_namesakes(groups: Sequence[Sequence[WeighedSentence]]) -> list[list[WeighedSentence]]:
    """Return the sentences of a mail without the mentions of a name that one of them gives to a person."""
    people = {
        one.sentence.styles_at(at)
        for group in groups
        for one in group
        for at in one.sentence.mentions
        if is_person(one.sentence, at)
    }
    return [[_without(one, people) for one in group] for group in groups] if people else [*map(list, groups)]


def is_person(sentence: Sentence, at: int) -> bool:
    """Tell whether a text says who somebody with the name of an artist is: "Turner, our caretaker"."""
    mention = sentence.items[at].mention
    behind = sentence.items[at + 1 : at + 4]
    if mention is None or not mention.is_artist or len(behind) < 3 or sentence.where != "text":
        return False
    if any(not (item.is_mark or item.has("article")) for item in sentence.items[:at]):
        return False  # "anything but Matisse, my boss hates him"
    if any(item.has("likes") for item in sentence.items[at + 4 : at + 6]):
        return False  # "Mondrian, my brother loves him"
    mark, own, noun = behind
    return (
        mark.text == "," and own.has("own") and (noun.is_unknown or noun.has("caption", "size"))
    )  # "grand-père"


def _without(one: WeighedSentence, people: set[tuple[str, ...]]) -> WeighedSentence:
    """Return a sentence in which an artist of that name is no request."""
    scores = {
        at: score
        for at, score in one.scores.items()
        if not (
            (mention := one.sentence.items[at].mention) and mention.is_artist and mention.styles in people
        )
    }
    return replace(one, scores=scores, refused=one.refused & scores.keys())
