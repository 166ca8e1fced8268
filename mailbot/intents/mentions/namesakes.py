"""Find what is called like a style: "Mr Turner, our caretaker", "The shipwreck" above a tale of a boat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.sentence import Sentence

#: Evidence up to which a text uses the words of a title for something else.
_CHANCE = -2.0


def without_namesakes(groups: Sequence[Sequence[WeighedSentence]]) -> list[list[WeighedSentence]]:
    """Return the sentences of a mail without the mentions of a name that one of them gives to somebody.

    A title as the subject is none where the text tells of such a thing: "The shipwreck of my father's boat".
    """
    people = {
        one.sentence.styles_at(at)
        for group in groups
        for one in group
        for at in one.sentence.mentions
        if is_person(one.sentence, at)
    }
    told = _told([one for group in groups for one in group])
    found = [[_without(one, people) for one in group] for group in groups] if people else [*map(list, groups)]
    return [[_untitled(one, told) for one in group] for group in found] if told else found


def _told(sentences: Sequence[WeighedSentence]) -> set[str]:
    """Return the styles of which the words stand in a text for something else only: "a wave of relief"."""
    text = [
        (name, score)
        for one in sentences
        if one.sentence.where == "text"
        for at, score in one.scores.items()
        for name in one.sentence.styles_at(at)
        if score > _CHANCE or _has_article(one.sentence, at)
    ]
    return {name for name, _ in text} - {name for name, score in text if score > _CHANCE}


def _has_article(sentence: Sentence, at: int) -> bool:
    """Tell whether words are a thing, with an article: "the wave", but not "mosaic@example.org"."""
    before = sentence.items[at - 1 : at] if at else ()
    return " " in sentence.items[at].raw or any(item.has("article") for item in before)


def _untitled(one: WeighedSentence, told: set[str]) -> WeighedSentence:
    """Return a subject without the titles of which the text tells otherwise; artists are meant for sure."""
    if one.sentence.where != "subject":
        return one
    scores = {
        at: score
        for at, score in one.scores.items()
        if not told.issuperset(one.sentence.styles_at(at)) or _is_artist(one.sentence, at)
    }
    return replace(one, scores=scores, refused=one.refused & scores.keys())


def _is_artist(sentence: Sentence, at: int) -> bool:
    mention = sentence.items[at].mention
    return mention is None or not mention.styles or mention.is_artist


def is_person(sentence: Sentence, at: int) -> bool:
    """Tell whether a text says who somebody with the name of an artist is: "Turner, our caretaker"."""
    mention = sentence.items[at].mention
    if mention is not None and mention.is_artist and any(item.has("namesake") for item in sentence.items):
        return True  # "Vincent, named after van Gogh"
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
