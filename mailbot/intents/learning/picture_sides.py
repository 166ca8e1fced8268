"""Find which of two pictures is the painting: “the second one is the photo”, “the first like the second”.

swap_in         a reply -> the wish that photo and painting change places
painting_side   a sentence -> the number of the painting
are_both_told   whether sentences tell of both pictures what they are
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from mailbot.intents.learning.answers import longest_first
from mailbot.intents.learning.learning_words import (
    CLAUSE,
    CONJOINED,
    folded,
    has,
    is_refused,
    is_wanted,
    row,
    small,
    tokens,
    without,
)
from mailbot.intents.learning.orders.plain_orders import is_doubted, is_sober
from styles.language.lexicon import relative
from styles.language.word_rows import WordRow, command

#: Words of a clause: a longer one tells a story.
LONGEST = 14
#: Words beside a swap and the pictures, such as the verb of “you have got them …”.
MOST_OTHERS = 1
#: Words of a clause that holds a number and a role alone: “second painting”.
_BARE = 2
#: The rows of the pictures' numbers, and of what each may be.
_NUMBERS, _ROLES = ("first_picture", "second_picture"), ("as_painting", "as_photo")
_BRACKET = re.compile(r"[()（）]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_CJK = re.compile(r"[\u3040-\u9fff]")
#: What joins a Chinese or Japanese picture to what it is; without it “请画第一张” has a verb.
_IS = re.compile(r"[是为乃がは=＝]")


class Swap(NamedTuple):
    """Hold the wish that photo and painting change places."""

    painting: int | None  #: which picture is the painting, 0 for the first one; None where no clause tells
    is_plain: bool = True  #: unlike “I hung it the other way round”


def swap_in(sentences: Sequence[str]) -> Swap | None:
    """Return the wish of a reply that photo and painting change places, None for other sentences."""
    painting = side_in(sentences)
    clauses = [clause for sentence in sentences for clause in CLAUSE.split(sentence)]
    swaps = [clause for clause in clauses if _is_swap(clause)]
    if painting is None and not swaps:
        return None
    is_plain = is_sober(sentences) and any(not _others(clause) for clause in swaps)
    is_meant = not is_doubted(sentences, _is_swap)
    return Swap(painting, is_plain=is_meant and (painting is not None or is_plain))


def _is_swap(clause: str) -> bool:
    """Tell whether a clause wants it: by a phrase, or a verb beside “photo” and “painting”."""
    said, rows = _said(clause), command("teaching")
    if is_refused(said) or len(tokens(clause)) > LONGEST:
        return False
    is_question = any(rows[name].is_in(said) for name in ("wondering", "unmeant"))
    is_of_both = rows["swap_verb"].is_in(said) and (
        all(rows[name].is_in(said) for name in _ROLES) or rows["both_pictures"].is_in(said)
    )
    return (is_of_both and not is_question) or (
        is_wanted(_swaps(), clause) and len(_others(clause)) <= MOST_OTHERS
    )


def _others(clause: str) -> Sequence[str]:
    """Return the words of a clause that are about more than a swap and the pictures: “I hung it askew”."""
    phrases, verbs = longest_first("swap_small"), command("teaching")["swap_verb"]
    swaps = sorted(_swaps().words, key=len, reverse=True)
    said = without(without(f" {_said(clause)} ", swaps), phrases)
    told = small().union(*map(row, ("pictures", "styles", "speaker", *_ROLES)))
    left = [word for run in said.split() for word in (tokens(run) if _CJK.search(run) else [run])]
    return [word for word in left if word not in told and word not in verbs]


def side_in(sentences: Sequence[str]) -> int | None:
    """Return the number of the painting that the first of the sentences tells, None if none does."""
    sides = (side for sentence in sentences if (side := painting_side(sentence)) is not None)
    return next(sides, None)


def painting_side(sentence: str) -> int | None:
    """Return the number of the painting, 0 for the first picture, None if no clause tells it."""
    sides = map(_side, (*_clauses(sentence), sentence))
    return next((side for side in sides if side is not None), None)


def are_both_told(sentences: Sequence[str]) -> bool:
    """Tell whether the sentences say of the first picture what it is, and of the second one, too."""
    clauses = [clause for sentence in sentences for clause in _clauses(sentence)]
    told = {
        number for clause in clauses if _side(clause) is not None for number, _ in _numbers(_said(clause))
    }
    return len(told) == len(_NUMBERS) and len({_side(clause) for clause in clauses} - {None}) == 1


def _clauses(sentence: str) -> Sequence[str]:
    return [clause for piece in _BRACKET.split(sentence) for clause in CONJOINED.split(piece)]


def _side(clause: str) -> int | None:
    said, rows = _said(clause), command("teaching")
    if is_question(said) or len(tokens(clause)) > LONGEST:
        return None
    numbers = _numbers(said)
    if (model := _model(said, numbers)) is not None and not is_refused(said):
        return model
    models = _models(said, numbers)
    roles = [role for role, name in enumerate(_ROLES) if rows[name].is_in(said)]
    told = {number for number, _ in numbers}
    if models is not None:
        is_like = 0 in roles and _is_joined(said, numbers, 0)
        meant = models or {1 - number for number in told if is_like}
        return next(iter(meant)) if len(meant) == 1 and not is_refused(said) else None
    if len(told) != 1 or len(roles) != 1 or not _is_joined(said, numbers, roles[0]):
        return None
    return (next(iter(told)) + roles[0] + is_refused(said)) % 2


def is_question(said: str) -> bool:
    """Tell whether folded words ask something: “wie” and “como” do at the beginning of a clause alone."""
    asking = row("wondering") | row("asking")
    return any(said.startswith(f"{word} ") if word.isascii() else word in said for word in asking)


def _models(said: str, numbers: Sequence[tuple[int, slice]]) -> set[int] | None:
    """Return which pictures another is to be like, None where nothing is to be like another.

    “Like the second one”, “和第二张一样”, “2枚目のように”: only in Japanese the word stands behind it.
    """
    likes = list(_places(said, "likeness"))
    if not likes:
        return None
    ordered = sorted(numbers, key=lambda each: each[1].start)
    if _KANA.search(said):
        before = [
            each for each in ordered if each[1].stop <= likes[-1].start and said[each[1].stop :][:1] != "を"
        ]
        return {number for number, _ in before[-1:]}
    return {number for number, at in ordered[-1:] if likes[0].stop <= at.start}


def _is_joined(said: str, numbers: Sequence[tuple[int, slice]], role: int) -> bool:
    """Tell whether a clause says that a picture is something, by the words between them.

    “The second picture was nicer than the painting” does not, nor does “the second painting is nice”.
    """
    pairs = [(at, other) for _, at in numbers for other in _places(said, _ROLES[role])]
    gaps = [said[min(at.stop, other.stop) : max(at.start, other.start)] for at, other in pairs]
    if _CJK.search(said):
        is_compared = any(word in said for word in row("compared"))
        return any(map(_IS.search, gaps)) and not is_compared
    joining = _joining()
    is_bare = len(said.split()) == _BARE  # "second painting"
    joined = (gap for gap in gaps if (gap.strip() or is_bare) and joining.issuperset(gap.split()))
    return any(not has("compared", gap) for gap in joined)


@cache
def _joining() -> frozenset[str]:
    """Return the words that may stand between a picture and what it is."""
    likes = (word for phrase in row("likeness") | row("exactness") for word in phrase.split())
    return frozenset((*row("between_sides"), *small(), *likes))


def has_number(said: str) -> bool:
    """Tell whether folded words have the number of a picture."""
    return bool(_numbers(said))


def number_in(said: str) -> int | None:
    """Return the only number of a picture in folded words, 0 for the first one, None without one."""
    numbers = {number for number, _ in _numbers(said)}
    return next(iter(numbers)) if len(numbers) == 1 else None


def without_numbers(said: str) -> str:
    """Return folded words without the numbers of pictures."""
    for name in _NUMBERS:
        said = _pattern(name).sub(" ", said)
    return said


def learnt_number(sentences: Sequence[str]) -> int | None:
    """Return which picture is to be learnt, 0 for the first one, None if no sentence tells it."""
    side = side_in(sentences)
    said = (_said(sentence) for sentence in sentences)
    numbers = (number_in(each) for each in said if command("teaching")["learn_verb"].is_in(each))
    return next((number for number in numbers if number is not None), side)


def _model(said: str, numbers: Sequence[tuple[int, slice]]) -> int | None:
    """Return which picture is to be the model: the last one before “as the style”, None for none."""
    at = next(_places(said, "as_model"), None)
    before = [each for each in numbers if at and each[1].stop <= at.start]
    return max(before, key=lambda each: each[1].stop)[0] if before else None


def _numbers(said: str) -> Sequence[tuple[int, slice]]:
    """Return the numbers of pictures in folded words, 0 for the first one, with their places."""
    return [(number, at) for number, name in enumerate(_NUMBERS) for at in _places(said, name)]


def _places(said: str, name: str) -> Iterator[slice]:
    """Yield where phrases of a row stand in folded words."""
    for found in _pattern(name).finditer(said):
        yield slice(found.start(), found.end())


@cache
def _pattern(name: str) -> re.Pattern[str]:
    phrases = sorted(row(name), key=len, reverse=True)
    return re.compile("|".join(rf"\b{re.escape(each)}\b" if each.isascii() else each for each in phrases))


def _said(clause: str) -> str:
    """Return the folded words of a clause; those of Chinese and Japanese stand together."""
    words = folded(clause)
    return re.sub(r"(?<=[\u3040-\u9fff]) (?=[\u3040-\u9fff])", "", words)


@cache
def _swaps() -> WordRow:
    changes = relative(("en",)).changes
    return WordRow(words=row("swap").union(phrase for phrase, kind in changes.items() if kind == "swap"))
