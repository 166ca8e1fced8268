"""Leave in a sentence that names no style only the clauses whose options count.

    with_options   a sentence without a style -> the same with these clauses

In a mail that names a style elsewhere, a clause of known words counts. In a mail that names none, it has to
ask for something, or to be brief.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mailbot.intents.details import bounds
from mailbot.intents.details.kept_colors import keeps_own
from mailbot.intents.details.told_options import is_aside
from mailbot.intents.requests_without_style import is_long
from mailbot.intents.sentence import Item, Sentence

#: Unknown words of a short sentence, and the words up to which it is one.
_FEW, _SHORT = 2, 12
#: Words of a clause that says an option and nothing else.
_BRIEF = 4
#: Kinds of words by which a size is the photo's own, and those that say of colours whether they stay.
_WHOLE = {"whole", "lower", "original", "keep"}
_KEEPING = ("keep", "change", "true_colors", "painted_colors")


def with_options(sentence: Sentence, *, is_beside: bool) -> Sentence:
    """Return a sentence that names no style without the clauses whose options do not count.

    `is_beside` says that another sentence of the mail names one.
    """
    if is_beside and _is_former(sentence):
        sentence = replace(sentence, items=tuple(item for item in sentence.items if not item.is_number))
    if _has_options(sentence, is_beside=is_beside):
        return sentence
    said = [item for at, item in enumerate(sentence.items) if not is_aside(sentence.items, at)]
    plain = (one for one in _clauses(said, is_beside=is_beside) if _is_plain(one))
    kept = [item for clause in plain if is_beside or _says_option(clause) for item in clause]
    return replace(sentence, items=tuple(kept))


def _is_former(sentence: Sentence) -> bool:
    """Tell whether the numbers of a sentence are of a former painting: "Last time's 50% were too weak"."""
    is_told = {"past", "letter"} <= sentence.kinds
    return is_told and sentence.kinds.isdisjoint(("ask", "make", "want", "now", "further"))


def _clauses(items: Sequence[Item], *, is_beside: bool) -> Iterator[list[Item]]:
    """Yield the items between two marks, and those from a "so" on where a style is named elsewhere."""
    clause: list[Item] = []
    for item in items:
        if (bounds.parts_requests(item) and item.text not in "()") or (is_beside and item.has("reason")):
            yield clause
            clause = []
        clause.append(item)
    yield clause


def _says_option(clause: Sequence[Item]) -> bool:
    """Tell whether a clause asks for an option; "52 cm" may be a baby's, and "one so big" a wave."""
    is_option = any(
        item.has("size", "size_word", "pixel", "color", "hue", "strength_word") for item in clause
    )
    is_brief = sum(not item.is_mark for item in clause) <= _BRIEF
    return (
        is_option
        and not any(item.has("condition") for item in clause)
        and (is_brief or any(item.has("make", "want", "ask", "courtesy", "fit") for item in clause))
    )


def _is_plain(clause: Sequence[Item]) -> bool:
    """Tell whether a clause holds only known words, and none of a letter: "so send it back small".

    Two unknown words do no harm to the photo's colours: "don't touch the colours though".
    """
    if _is_offered(clause):
        return False
    kinds = frozenset[str]().union(*(item.kinds for item in clause))
    if "size_word" in kinds and kinds & _WHOLE:
        return sum(item.is_unknown for item in clause) <= _FEW
    is_color = not kinds.isdisjoint(("color", "hue"))
    if is_color and (
        {"change", "not"} <= kinds or kinds & {"keep", "true_colors", "painted_colors", "original"}
    ):
        return sum(item.is_unknown for item in clause) <= _FEW
    is_tale = any(item.mention or item.has("letter", "caption", "being") for item in clause)
    return not is_tale and sum(item.is_unknown for item in clause) <= _is_wish(clause)


def _is_offered(items: Sequence[Item]) -> bool:
    """Tell whether words only offer an option: "If you need the photo larger, my nephew has it"."""
    is_asked = any(item.has("ask", "make", "courtesy") for item in items)
    return bool(items) and items[0].has("condition") and not is_asked


def _is_wish(clause: Sequence[Item]) -> bool:
    """Tell whether a brief clause wishes an option: "see that it is gentle", "procure que sea suave"."""
    said = [item for item in clause if item.has("size", "strength") and not item.has("amounts")]
    is_wished = any(item.has("want", "ask") for item in clause) or any(" " in item.text for item in said)
    return len(said) == 1 and is_wished and sum(not item.is_mark for item in clause) <= _BRIEF


def _is_measured(sentence: Sentence) -> bool:
    """Tell whether a short sentence begins with a size: "3000 Pixel wären fein", "And small, to send it"."""
    is_led = len(sentence.words) > 1 and sentence.words[0].has("and")
    first, *rest = sentence.words[is_led:]
    is_number = first.is_number and bool(rest) and rest[0].has("pixel")
    is_size = first.has("size") and not first.has("letter") and bool(rest) and sentence.where == "text"
    return (is_number or is_size) and len(rest) < _SHORT


def _has_options(sentence: Sentence, *, is_beside: bool) -> bool:
    """Tell whether all options of a sentence count: in short ones, and in requests."""
    if _is_offered(sentence.items):
        return False
    is_letter = any(item.has("letter") and not item.has("intents") for item in sentence.items)
    if (sentence.unknown == 0 and not is_letter) or (is_beside and _is_measured(sentence)):
        return True
    is_color = not sentence.kinds.isdisjoint(("color", "hue"))
    if is_color and keeps_own(sentence.items):
        return True
    is_about_colors = is_color and not sentence.kinds.isdisjoint(_KEEPING)
    is_about_size = is_beside and "size_word" in sentence.kinds and not sentence.kinds.isdisjoint(_WHOLE)
    is_sure = is_about_colors or is_about_size or "pixel" in sentence.kinds
    is_sure = is_sure or any(
        item.has("strength_word") or (item.has("strength", "intents") and is_long(item.text))
        for item in sentence.items
    )
    is_asking = not sentence.kinds.isdisjoint(("ask", "want", "make", "again"))
    is_short = sentence.unknown <= _FEW and len(sentence.words) <= _SHORT
    is_request = is_short and not sentence.kinds.isdisjoint(("ask", "again"))
    return not is_letter and ((is_sure and (is_asking or is_beside)) or (is_request and is_asking))
