"""Find what is called like a style: "Mr Turner, our caretaker", "our dog Wave", "The shipwreck" of a boat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from mailbot.intents.mentions.captions import says_own_name
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import FIRST_CJK, NUMBERED, Item, Sentence

#: Evidence up to which a text uses the words of a title for something else.
_CHANCE = -2.0
#: Items between somebody and a name: "our youngest daughter, whom we named Udnie".
_NEAR = 4
#: Items before a name that introduce it: "And this here is Munch, …".
_LEAD = 4
#: Items that lead to what somebody is called at most: "Sie heißt …".
_CALLED = 2
#: Kinds of words that no introduction holds, and of those of a request.
_NO_LEAD = ("any", "not", "cue", "make", "likes", "correction", "instead", "prefer", "limit", "style_of")
_ASKS = ("ask", "make", "want")
#: Kinds of words that say where somebody is in a photo.
_WHERE = ("article", "cue", "place", "region", *NUMBERED)


def without_namesakes(groups: Sequence[Sequence[WeighedSentence]]) -> list[list[WeighedSentence]]:
    """Return the sentences of a mail without the mentions of a name that one of them gives to somebody.

    A title as the subject is none where the text tells of such a thing: "The shipwreck of my father's boat".
    """
    every = [one for group in groups for one in group]
    people = {_key(one.sentence, at) for one in every for at in one.scores if is_person(one.sentence, at)}
    if any("being" in one.sentence.kinds for one in every):  # "Our dog" above "He's called Hokusai"
        people |= {
            _key(one.sentence, at) for one in every for at in one.scores if _is_called(one.sentence, at)
        }
    people |= set(_writers(every))
    people |= {_key(sentence, at) for sentence, at in _confirmed([one.sentence for one in every])}
    told = _told(every)
    found = [[_without(one, people) for one in group] for group in groups] if people else [*map(list, groups)]
    return [[_untitled(one, told) for one in group] for group in found] if told else found


def _writers(sentences: Sequence[WeighedSentence]) -> Iterator[str]:
    """Yield the names that writers give as their own, where another style is named: "I'm Turner"."""
    named = [(one.sentence, at) for one in sentences for at in one.scores]
    for sentence, at in named:
        is_beside = any(other.styles_at(n) != sentence.styles_at(at) for other, n in named)
        if is_beside and says_own_name(sentence, at):
            yield _key(sentence, at)


def _key(sentence: Sentence, at: int) -> str:
    """Return the words of a name, which others for the same style do not share: "Vincent", "van Gogh"."""
    return sentence.items[at].raw.casefold()


def _confirmed(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, int]]:
    """Yield the name that the next sentence confirms: "This is Scream. Yes, that's her name"."""
    for before, after in pairwise(sentences):
        if "namesake" in after.kinds and not after.has_mention:
            yield from ((before, at) for at in before.mentions if _is_given(before.items[at]))


def _is_called(sentence: Sentence, at: int) -> bool:
    """Tell whether a sentence begins with what somebody is called: "Si chiama Hokusai, ha tre mesi"."""
    lead = sentence.items[:at]
    is_led = bool(lead) and lead[-1].has("name_of") and len(lead) <= _CALLED
    return is_led and _is_given(sentence.items[at]) and all(one.has("filler", "name_of") for one in lead)


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
    """Return a subject without the titles of which the text tells otherwise.

    Artists and misspelt titles are meant for sure.
    """
    if one.sentence.where != "subject":
        return one
    scores = {
        at: score
        for at, score in one.scores.items()
        if not told.issuperset(one.sentence.styles_at(at)) or _is_sure(one.sentence, at)
    }
    return replace(one, scores=scores, refused=one.refused & scores.keys())


def _is_sure(sentence: Sentence, at: int) -> bool:
    mention = sentence.items[at].mention
    return mention is None or not mention.styles or mention.is_artist or mention.grade is Grade.TYPO


def is_person(sentence: Sentence, at: int) -> bool:
    """Tell whether a mail says who somebody with the name of an artist or a style is."""
    item = sentence.items[at]
    mention = item.mention
    if mention is None:
        return False
    if mention.is_artist and any(one.has("namesake") for one in sentence.items):
        return True  # "Vincent, named after van Gogh"
    if any((_is_identified(sentence, at), _is_titled(sentence, at), _is_name_of(sentence, at))):
        return True
    return _is_given(item) and (
        _is_introduced(sentence, at) or _is_being(sentence, at) or _is_own(sentence, at)
    )


def _is_titled(sentence: Sentence, at: int) -> bool:
    """Tell whether a clause tells of somebody with an artist's name, and asks nothing: "Herr Turner left".

    A subject may be the name alone, and one with an apposition is: "Madame Léger, notre factrice".
    """
    items, mention = sentence.items, sentence.items[at].mention
    beside = items[at + 1 : at + 2] if items[at].raw[0] >= FIRST_CJK else items[at - 1 : at] if at else ()
    is_led = any(one.has("person_title") for one in beside)
    if not (mention and is_led and (mention.is_artist or items[at].raw[0] >= FIRST_CJK)):
        return False
    clause, asking = sentence.clause(at), (*_ASKS, "style_of", "courtesy", "fit", "likes")
    if any(item.has(*asking) and not item.has("person_title") for item in clause):
        return False
    rest = [one for one in items if not (one is items[at] or one is beside[0] or one.has("article"))]
    if sentence.where == "subject" and (not rest or (rest[0].is_mark and rest[1:2] and rest[1].has("own"))):
        return True
    return not (at > 1 and items[at - 2].has("cue")) and any(item.is_unknown for item in items[at + 1 :])


def _is_name_of(sentence: Sentence, at: int) -> bool:
    """Tell whether a mention is a name of somebody or something: "La Ola is the name of our boat"."""
    items, mention = sentence.items, sentence.items[at].mention
    if any(one.has("namesake") for one in items[at + 1 : at + 2]):
        return True
    lead = [None, None, *items[:at]][-2:]
    is_called = lead[1] is not None and lead[1].has("name_of") and not lead[1].has("article")
    is_noun = lead[0] is not None and (lead[0].is_unknown or lead[0].has("being", "caption"))
    is_asked = any(one.has("ask", "want", "style_of") for one in sentence.clause(at))
    return is_called and is_noun and not is_asked and mention is not None and mention.is_artist


def _is_given(item: Item) -> bool:
    """Tell whether somebody can have such a name: a single word that is no movement."""
    mention = item.mention
    is_named = mention is not None and mention.grade in (Grade.WORD, Grade.ARTIST, Grade.NAME)
    is_name = item.raw[:1].isupper() or item.raw[0] >= FIRST_CJK
    return is_named and is_name and " " not in item.raw


def _is_introduced(sentence: Sentence, at: int) -> bool:
    """Tell whether a name begins a text, with its bearer behind it: "(This is) Turner, our caretaker"."""
    mention, before, behind = sentence.items[at].mention, sentence.items[:at], sentence.items[at + 1 : at + 5]
    if mention is None or mention.grade is Grade.WORD or len(behind) < len(("mark", "own", "noun")):
        return False
    if sentence.where != "text" or len(before) > _LEAD or any(one.mention for one in before):
        return False
    if any(one.has(*_NO_LEAD, *_ASKS) and not one.has("article", "photo", "courtesy") for one in before):
        return False  # "anything but Matisse, my boss hates him"
    if any(item.has("likes") for item in sentence.items[at + 4 : at + 6]):
        return False  # "Mondrian, my brother loves him"
    mark, *rest = behind
    own = next((n for n, one in enumerate(rest) if one.has("own")), None)
    noun = rest[own + 1] if own is not None and own + 1 < len(rest) else None
    return (
        mark.text in (",", "、")
        and noun is not None
        and (noun.is_unknown or noun.has("caption", "size", "being"))
    )  # "grand-père", "il nostro porcellino"


def _is_identified(sentence: Sentence, at: int) -> bool:
    """Tell whether a sentence says who somebody is: "The woman with the hat, on the left, is my aunt"."""
    items = sentence.items
    if any(not (one.is_mark or one.has("article")) for one in items[:at]):
        return False
    copula = next((n for n in range(at + 1, min(len(items), at + 2 + 2 * _NEAR)) if _is_copula(items[n])), 0)
    behind = [one for one in items[copula + 1 : copula + 1 + _NEAR] if not one.has("article", "own")]
    between = [one for one in items[at + 1 : copula] if not one.has(*_WHERE)]
    if not copula or any(one.mention or one.has(*_ASKS) for one in behind):
        return False
    if not all(one.is_mark or one.is_unknown for one in between):
        return False  # "l'urlo pls ahah è mio cugino"
    is_end = len(behind) == 1 or (len(behind) > 1 and (behind[1].is_mark or behind[1].has("statement")))
    return bool(behind) and is_end and behind[0].has("being", "caption")


def _is_copula(item: Item) -> bool:
    """Tell whether a word is an "is"; "e" is "and" in Italian, and "è" is none."""
    return item.has("copula") and not (item.has("and") and item.raw.isascii())


def _is_being(sentence: Sentence, at: int) -> bool:
    """Tell whether a name stands beside its bearer: "our dog Wave", "our daughter, whom we call Udnie"."""
    items = sentence.items
    for other in range(max(0, at - 1 - _NEAR), min(len(items), at + 2 + _NEAR)):
        between = items[min(at, other) + 1 : max(at, other)]
        if other == at or not items[other].has("being") or any(one.mention for one in between):
            continue
        if any(one.has("name_of") for one in between):
            return True
        lead = items[max(0, other - 2) : other]
        is_led = " " in items[other].text or any(one.has("own") for one in lead)
        if other == at - 1 and is_led and not any(one.has(*_ASKS) for one in items):
            return True
    return False


def is_apposed_to_being(sentence: Sentence, at: int) -> bool:
    """Tell whether a sentence is somebody and a name, which may be theirs: "Our cat, Munch"."""
    items, mention = sentence.items, sentence.items[at].mention
    noun, comma = [None, None, *items[:at]][-2:]
    is_name = mention is not None and mention.is_artist and _is_given(items[at])
    is_after = noun is not None and noun.has("being") and comma is not None and comma.text in (",", "、")
    is_all = all(one.is_mark or one.has("own", "article") or one is noun for one in items[:at])
    return is_name and is_after and is_all and all(one.is_mark for one in items[at + 1 :])


def _is_own(sentence: Sentence, at: int) -> bool:
    """Tell whether a sentence tells of somebody with an artist's name: "Unsere Udnie hat gekalbt!"."""
    items, mention = sentence.items, sentence.items[at].mention
    is_own = bool(at) and items[at - 1].has("own") and not items[at - 1].has(*_ASKS)
    behind = items[at + 1 : at + 4]
    is_tale = any(one.is_unknown for one in behind) and not any(one.is_mark for one in behind[:1])
    is_name = mention is not None and mention.grade > Grade.WORD
    return is_own and is_name and is_tale and not any(one.has(*_ASKS, "cue") for one in items)


def _without(one: WeighedSentence, people: set[str]) -> WeighedSentence:
    """Return a sentence in which the name of somebody is no request."""
    scores = {at: score for at, score in one.scores.items() if _key(one.sentence, at) not in people}
    return replace(one, scores=scores, refused=one.refused & scores.keys())
