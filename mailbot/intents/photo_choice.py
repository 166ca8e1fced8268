"""Find the photos of a mail that are to be painted: "ignore the second one", "only the first please".

    PhotoChoice    the photos that are meant, and those that are not
    choose_photos  sentences -> PhotoChoice

Each clause that names photos by their numbers speaks for them, against them, or only tells of them. A request
speaks for a photo, and so do words such as "only" and "matters". "Ignore" and "so that you see" speak against
it. A clause without a number is about the photos that were named last. Where nothing speaks for a photo or
against one, a style that follows the only numbers of a mail is for these: "It's the third. I'd like it in
udnie".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile, groupby

from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.paintings.photo_numbers import NUMBERS, REST
from mailbot.intents.paintings.photo_references import PhotoClause, photo_clauses
from mailbot.intents.sentence import Item
from styles.language.lexicon import Lexicon

#: Words up to which a clause with "only" or "not" is about photos, and nothing else.
_SHORT = 10
#: Kinds of words between an "only" and the number of a photo, and those that say an option of it.
_BETWEEN = ("article", "cue", "for", "make", "paint", "photo", "want", "filler")
_SAYING = ("strength", "strength_word", "percent", "size", "size_word", "pixel", "color", "keep")
#: Kinds of words by which a clause asks for a photo to be painted, and those that ask for something else.
_ASKING, _ELSE = ("make", "paint", "want"), ("edits", *_SAYING)
#: Photos that "both" means, whatever was said of one of them.
_PAIR = 2
#: Kinds of words that mean several photos that were named before.
_TOGETHER = ("these", "meant")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoChoice:
    """Hold the photos that a mail means, by their numbers from 0."""

    chosen: frozenset[int] | None = None  #: None if the mail chooses none
    refused: frozenset[int] = frozenset()  #: those against which it speaks


@dataclass(slots=True, kw_only=True)
class _Votes:
    """Collect what the clauses say."""

    wanted: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    led: set[int] = field(default_factory=set)  #: by a style in a later clause of the sentence
    followed: set[int] = field(default_factory=set)  #: by a style in a later sentence
    mentioned: set[int] = field(default_factory=set)  #: by any clause

    def settle_rest(self, count: int) -> None:
        """Put the numbers of all others in the place of `REST`."""
        others = set(range(count)) - self.mentioned
        for numbers in (self.wanted, self.refused, self.led, self.followed, self.mentioned):
            if REST in numbers:
                numbers.remove(REST)
                numbers.update(others)


def choose_photos(
    sentences: Sequence[WeighedSentence], count: int, words: Lexicon, own: Collection[int] = ()
) -> PhotoChoice:
    """Return which of `count` photos a mail means; `own` are those with options of their own."""
    if count < 2:
        return PhotoChoice()
    votes = _counted(photo_clauses(sentences, count, words), count)
    votes.settle_rest(count)
    everything = set(range(count))
    refused = votes.refused - votes.wanted if votes.refused >= everything else votes.refused
    chosen = votes.wanted - refused
    if chosen:
        chosen |= (votes.led | set(own)) - refused
    elif refused:
        chosen = everything - refused
    elif votes.mentioned < everything:
        chosen = votes.led or votes.followed
    if not chosen or chosen >= everything or votes.refused >= everything:
        return PhotoChoice()
    return PhotoChoice(chosen=frozenset(chosen), refused=frozenset(refused))


def _counted(clauses: Iterable[PhotoClause], count: int) -> _Votes:
    """Return what clauses say, in the order in which they are written."""
    votes = _Votes()
    last = frozenset[int]()
    for _, group in groupby(clauses, key=lambda clause: clause.sentence):
        topic, here, is_list = frozenset[int](), frozenset[int](), False
        for clause in group:
            votes.refused |= clause.excepted
            votes.mentioned |= clause.photos | clause.excepted
            here |= clause.photos
            if clause.photos:
                topic = clause.photos | (topic if is_list and REST not in clause.photos else frozenset())
                _vote(votes, clause, topic)
            elif (topic or _is_of_all(clause)) and _is_against(clause):
                votes.refused |= ((here or last) if _is_of_all(clause) else topic) - votes.wanted
            elif clause.styles or _asks(clause) or (clause.has("meant", "only") and _is_bare(clause.items)):
                _vote_for_former(votes, clause, topic, here, last, count)
            is_list = clause.is_list
        last = topic or last
    return votes


def _vote(votes: _Votes, clause: PhotoClause, topic: frozenset[int]) -> None:
    """Note what a clause says of the photos that it names."""
    if _is_against(clause):
        votes.refused |= topic
    elif clause.styles or _is_only(clause) or clause.has("meant") or _asks(clause):
        votes.wanted |= topic


def _vote_for_former(
    votes: _Votes,
    clause: PhotoClause,
    topic: frozenset[int],
    here: frozenset[int],
    last: frozenset[int],
    count: int,
) -> None:
    """Note what a clause without numbers asks for, for the photos that were named before."""
    named = topic if len(topic) > 1 or REST in topic else votes.wanted or votes.mentioned - votes.refused
    is_all = count == _PAIR or (len(named) < _PAIR and REST not in named)  # "The first is ours. All, please"
    if _is_of_all(clause) and (named or clause.styles):
        votes.wanted |= frozenset(range(count)) if is_all else named
    elif topic:
        names_all = REST in here or len(here) == count  # "the first is Rex, the second Max, udnie please"
        (votes.wanted if clause.styles and not names_all else votes.led).update(topic - votes.refused)
    elif clause.styles:
        votes.followed |= last - votes.refused


def _is_of_all(clause: PhotoClause) -> bool:
    """Tell whether a clause is about all photos that were named; "两幅" may count paintings."""
    return (
        clause.counts_all
        or clause.has(*_TOGETHER)
        or any(item.has("every") and not item.has("counts", "versions") for item in clause.items)
    )


def _asks(clause: PhotoClause) -> bool:
    """Tell whether a clause asks for photos to be painted, and for nothing else."""
    is_asked = clause.has(*_ASKING) or (clause.has("ask") and _is_bare(clause.items))
    return is_asked and not clause.has(*_ELSE)


def _is_against(clause: PhotoClause) -> bool:
    if clause.has("skip") or (clause.has("aside") and not clause.has("color")):
        return True
    words = [item for item in clause.items if not item.is_mark]
    return bool(words) and any(item.has("not") for item in (words[0], words[-1])) and _is_bare(words)


def _is_only(clause: PhotoClause) -> bool:
    return clause.has("only") and (_is_bare(clause.items) or _is_led(clause.items))


def _is_led(clause: Sequence[Item]) -> bool:
    """Tell whether an "only" leads to the number of a photo, and to no option: "work on the first only"."""
    if any(item.has(*_SAYING) for item in clause):
        return False
    rest = dropwhile(lambda item: not item.has("only"), clause)
    behind = next((item for item in rest if not item.has("only", *_BETWEEN) or item.has(*NUMBERS)), None)
    return behind is not None and behind.has(*NUMBERS)


def _is_bare(clause: Sequence[Item]) -> bool:
    known = ("meant", "aside", *_TOGETHER)
    return len(clause) <= _SHORT and not any(
        (item.is_unknown and not item.has(*known)) or item.has("letter") for item in clause
    )
