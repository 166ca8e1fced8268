"""Read which styles a sentence asks for: one, a blend, a choice, or several paintings.

    Selection      what a sentence says about styles
    select_styles  a sentence and its wanted mentions -> Selection

The words between two styles tell how they belong together:

    "mosaic and wave"            a blend
    "mosaic or wave"             a choice
    "mosaic, wave"               a painting in each
    "one in mosaic, one in wave" a painting in each
    "van gogh, starry night"     one style, named twice

A percentage belongs to the style beside it. If it is the only one and stands at the end, it is the strength
of the whole: "mosaic and wave 60%". Percentages that do not make 100 together are strengths of several
paintings: "mosaic 60%, wave 80%".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from mailbot.intents.mentions.contrasts import takes_back
from mailbot.intents.mentions.relations import is_more_than
from mailbot.intents.options import Options
from mailbot.intents.paintings import blend_shares
from mailbot.intents.paintings.blend_shares import Shares
from mailbot.intents.paintings.painting_counts import are_photos, count_at, is_counted
from mailbot.intents.paintings.photo_numbers import REST, photo_numbers
from mailbot.intents.paintings.ratios import Part
from mailbot.intents.paintings.variants import (
    is_repeated,
    own_options,
    own_strengths,
    referred,
    variants,
    with_repeated,
)
from mailbot.intents.paintings.words_between_styles import How, between, has_subjects, how_joined, is_apart
from mailbot.intents.sentence import Item, Sentence
from mailbot.intents.strengths import percent_at, strength_at
from styles.language import blend_syntax
from styles.language.lexicon import Lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Hold what a sentence says about styles."""

    how: How
    names: tuple[str, ...]  #: styles, or one blend as `mosaic:0.5,great-wave:0.5`
    alternatives: tuple[str, ...] = ()  #: other styles that the same words mean
    strength: float | None = None
    own: tuple[Options, ...] = ()  #: options of each painting, where they differ
    taken: tuple[int, ...] = ()  #: indices of the numbers that are shares, or the strength
    photos: tuple[int, ...] = ()  #: numbers of the photos, from 0, if they are for some; -1 is the last
    is_in_order: bool = False  #: the photos are guessed by their order, so they must be as many as the names

    @property
    def styles(self) -> frozenset[str]:
        """The styles that are painted, those of a blend apart."""
        return frozenset(part.partition(":")[0] for name in self.names for part in name.split(","))

    @property
    def shares(self) -> frozenset[float]:
        """The shares of the styles of a blend, per cent."""
        said = (part.partition(":")[2] for name in self.names for part in name.split(","))
        return frozenset(round(100 * float(share)) for share in said if share)


def select_styles(
    sentence: Sentence,
    wanted: Sequence[int],
    words: Lexicon,
    best: Callable[[Sequence[str]], str],
    apart: Sequence[Sentence] = (),
) -> Selection:
    """Return the styles of the wanted mentions; `best` chooses one of several. Raises `BadOption`.

    The sentences `apart` name no style, and may say how many paintings there are to be.
    """
    parts = _merged(sentence, wanted)
    shares = blend_shares.read_shares(sentence, parts, words, apart)
    names = [best(part.styles) for part in parts]
    if len(set(names)) == 1:
        return _one(sentence, parts, names[0], shares, words)
    if found := referred(sentence, parts, words):
        return Selection(how="each", names=tuple(names), own=found.own, taken=found.taken)
    said = (sentence, *apart)
    is_shared = all(part.share is not None for part in parts) and not blend_shares.are_apart(parts)
    is_several = is_counted(said, len(parts), words) or any("apart" in one.kinds for one in said)
    is_each = not is_shared and "mix" not in sentence.kinds and is_several
    how = "each" if is_each else _how_shared(sentence, parts, shares, words)
    photos = _numbered(parts)
    is_pair = len(parts) == 2 and how == "each" and not parts[0].photos and parts[1].photos == (REST,)
    if is_pair:  # "the beach one as the wave, the other one as the scream"
        made = _several(sentence, parts, names, shares, how, photos, words)
        return replace(made, photos=(0, 1), is_in_order=True)
    if is_each and not photos and are_photos(said, len(parts), words):
        made = _several(sentence, parts, names, shares, how, photos, words)
        return replace(made, photos=tuple(range(len(made.names))), is_in_order=True)
    if not photos and how == "blend":
        return _blend(sentence, parts, names, shares, words)
    return _several(sentence, parts, names, shares, how, photos, words)


def _one(sentence: Sentence, parts: Sequence[Part], name: str, shares: Shares, words: Lexicon) -> Selection:
    """Return the only style, with its strength."""
    part = parts[0]
    photos = tuple(number for each in parts for number in each.photos)
    if not photos and (found := variants(sentence, words)):
        names = (name,) * len(found.own)
        return Selection(how="each", names=names, own=found.own, taken=found.taken, photos=found.photos)
    is_newer = part.share is None or (shares.alone is not None and takes_back(sentence))
    strength = shares.alone if is_newer else part.share
    if (several := _several_of(sentence.items, part, words)) > 1:
        taken = tuple(shares.taken)
        return Selection(how="each", names=part.styles[:several], strength=strength, taken=taken)
    is_newest = takes_back(sentence)  # "50... no, 60%": nothing is left of the first
    used = (
        at for at in shares.taken if is_newest or percent_at(sentence.items, at, words) in (None, strength)
    )
    return Selection(
        how="one",
        names=(name,),
        alternatives=tuple(other for other in part.styles if other != name),
        strength=blend_shares.fraction(sentence, part, words) if strength is None else strength,
        taken=tuple(used),
        photos=photos,
    )


def _several_of(items: Sequence[Item], part: Part, words: Lexicon) -> int:
    """Return how many styles of one artist are wanted: "all your van Goghs", "both Picabias"."""
    lead = next((at for at in reversed(range(part.start)) if not items[at].has("article", "versions")), None)
    if lead is None or len(part.styles) == 1:
        return 1
    return len(part.styles) if items[lead].has("every") else count_at(items, lead, words) or 1


def _how_shared(sentence: Sentence, parts: Sequence[Part], shares: Shares, words: Lexicon) -> How:
    """Tell how the styles belong together, by the words between them and by their percentages."""
    how = how_joined(sentence, parts)
    is_of_each = sentence.kinds.isdisjoint(("amounts", "fractions")) and is_apart(sentence, parts)
    if how == "each" and is_of_each and own_strengths(sentence, parts, words):
        return how
    given = sum(part.share is not None for part in parts)
    is_own = own_options(sentence, parts, words) or is_repeated(sentence, parts, words)
    if how == "blend" and (is_own or _have_strengths(sentence, parts, words)):
        return "each"
    is_more = len(parts) == 2 and is_more_than(sentence.items, parts[0].end - 1, parts[1].start)
    is_rest = given == 1 and any(item.has("rest") for item in between(sentence, parts))
    if is_more or is_rest or (given and not shares.are_percents):  # "60% wave, the rest scream"
        return "blend"
    if given > 1 and "mix" not in sentence.kinds:
        if not (is_apart(sentence, parts) or blend_shares.are_apart(parts)):
            return "blend"
        if how == "blend":
            return "each"
    return how


def _have_strengths(sentence: Sentence, parts: Sequence[Part], words: Lexicon) -> bool:
    """Tell whether each style has a number as its strength: "X at strength 60 and Y at strength 30"."""
    items = sentence.items
    said = sum(item.is_number and strength_at(items, at, words) is not None for at, item in enumerate(items))
    numbered = sum(item.has("strength_word") for item in sentence.items)
    return said == numbered == len(parts) and bool(own_strengths(sentence, parts, words))


def _numbered(parts: Sequence[Part]) -> tuple[int, ...]:
    """Return the numbers of the photos, if every style is for some of its own."""
    photos = tuple(number for part in parts for number in part.photos)
    return photos if all(part.photos for part in parts) and len(set(photos)) == len(photos) else ()


def _several(
    sentence: Sentence,
    parts: Sequence[Part],
    names: Sequence[str],
    shares: Shares,
    how: How,
    photos: tuple[int, ...],
    words: Lexicon,
) -> Selection:
    """Return several paintings or a choice: by the photos' numbers, by their order, or of each photo."""
    given = [part for part in parts if part.share is not None]
    is_of_all = len(given) == 1 and given[0] is parts[-1]
    own = own_options(sentence, parts, words)
    if how == "each" and not own:
        own = own_strengths(sentence, parts, words)
    if given and not is_of_all:
        own = own or (Options(),) * len(parts)
        own = tuple(
            each if part.share is None else replace(each, strength=part.share)
            for each, part in zip(own, parts, strict=True)
        )
        own = with_repeated(sentence, parts, own, words)
    make = partial(Selection, taken=tuple(shares.taken))
    if photos:
        each = tuple(at for at, part in enumerate(parts) for _ in part.photos)
        return make(
            how="each",
            names=tuple(names[at] for at in each),
            own=tuple(own[at] for at in each if own),
            photos=photos,
        )
    if how == "each" and has_subjects(sentence.items, parts):
        return make(how=how, names=tuple(names), own=own, photos=tuple(range(len(names))), is_in_order=True)
    strength = parts[-1].share if shares.alone is None and is_of_all else shares.alone
    return make(how=how, names=tuple(names), own=own, strength=strength)


def _blend(
    sentence: Sentence, parts: Sequence[Part], names: Sequence[str], shares: Shares, words: Lexicon
) -> Selection:
    """Return a blend, in which "half of each" is no strength. Raises `BadOption`."""
    amounts = [at for at, item in enumerate(sentence.items) if item.text in words.amounts]
    strength = blend_shares.whole(sentence, parts, shares)
    mixed = blend_shares.blend(list(zip(names, (part.share for part in parts), strict=True)))
    return Selection(
        how="blend" if len(mixed) > 1 else "one",
        names=(blend_syntax.write(mixed),),
        strength=strength,
        taken=(*shares.taken, *amounts),
    )


def _merged(sentence: Sentence, wanted: Sequence[int]) -> list[Part]:
    """Return the parts; mentions that agree, such as an artist and a title, become one."""
    parts: list[Part] = []
    for at in wanted:
        mention = sentence.items[at].mention
        styles = mention.styles if mention else ()
        same = next((part for part in parts if set(part.styles) & set(styles)), None)
        if same:
            same.styles = tuple(name for name in same.styles if name in styles)
            same.end = max(same.end, at + 1) if parts[-1] is same else same.end
        else:
            parts.append(Part(start=at, end=at + 1, styles=styles))
    single = [Part(start=at, end=at + 1, styles=sentence.styles_at(at)) for at in wanted]
    of_each = photo_numbers(sentence.items, single)
    if len(parts) == 1 and len(single) > 1 and all(of_each):  # "the first one udnie, the other udnie too"
        parts[0].photos = tuple(dict.fromkeys(number for numbers in of_each for number in numbers))
        return parts
    for part, numbers in zip(parts, photo_numbers(sentence.items, parts), strict=True):
        part.photos = numbers
    return parts
