"""Change the recipe of the last painting by what a mail says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from mailbot.intents.changes.blend_changes import Mix, mixed
from mailbot.intents.changes.relative_changes import Change
from mailbot.storage.ledger_rows import PaintedFrom
from styles.contract import DEFAULT_SIZE, MIN_STRENGTH, PaintingRecipe, StyleOptions
from styles.errors import BadOption
from styles.language import blend_syntax
from styles.language.intents import SIZES
from styles.translatable import gettext_noop

#: Long sides among which "bigger" and "smaller" step, pixels: one below small, and those with a name.
SIZE_STEPS = (DEFAULT_SIZE // 4, *sorted({DEFAULT_SIZE, *SIZES.values()}))
#: Factor of the strength for one step down, and the least strength of such a step.
STEP, LEAST = 0.7, MIN_STRENGTH
#: Styles of a blend whose shares can be said in short, and equal shares of two.
_PAIR, _EVEN = 2, (50, 50)
#: Note in the answer where a painting cannot be stronger.
AT_FULL = gettext_noop("It was at full strength already, so I painted it as it was.")

#: Note in the answer where a mail shows several paintings of the bot beside its photo.
SEVERAL = gettext_noop("You attached several of my paintings, so I painted your photo as the first of them.")

#: Notes where a reply with a photo names no style, and where one may mean a single picture of several.
AS_BEFORE = gettext_noop("You named no style, so I painted it like the one before.")
ALL_PHOTOS = gettext_noop(
    "I changed all of your photos. "
    "If you meant one of them, “the second one” tells me, or the name of its file."
)
ALL_PICTURES = gettext_noop(
    "I changed all of the pictures. If you meant one of them, “the second one” tells me."
)


def changed(recipe: PaintingRecipe, change: Change) -> PaintingRecipe:
    """Return the recipe after the relative requests of a mail."""
    amounts = change.amounts
    strength = recipe.strength if amounts.level is None else amounts.level / 100
    if amounts.points or amounts.factor != 1:
        said = strength * amounts.factor + amounts.points / 100
        strength = min(1.0, max(MIN_STRENGTH, round(said, 2)))
    size = DEFAULT_SIZE if amounts.is_usual_size else recipe.size
    return replace(
        recipe,
        style=_shared(recipe.style, change),
        strength=_strength(strength, change.strength),
        size=_size(size, change.size or int(amounts.is_doubled)),
    )


def of_last_photo(painted: Sequence[PaintedFrom]) -> tuple[PaintingRecipe, ...]:
    """Return the recipes of the last photo of an answer, which may have one in each of some styles."""
    return tuple(each.recipe for each in painted if each.photo == painted[-1].photo)


def is_blend(style: str) -> bool:
    """Tell whether a style is a blend of several."""
    return len(_shares(style)) > 1


def without(style: str, refused: Collection[str]) -> str:
    """Return a blend without some styles; any other style, and a blend of nothing else, as it is."""
    shares = _shares(style)
    left = {name: share for name, share in shares.items() if name not in refused}
    return blend_syntax.write(left) if 0 < len(left) < len(shares) else style


def exchanged(
    before: Sequence[tuple[int, PaintingRecipe]], change: Change
) -> tuple[Sequence[tuple[int, PaintingRecipe]], Change]:
    """Return two pictures with their styles exchanged, if the mail wants that; a blend has its own shares."""
    styles = [recipe.style for _, recipe in before]
    is_pair = len(styles) == _PAIR and len({number for number, _ in before}) == _PAIR
    if not (change.is_swapped and is_pair and len(set(styles)) == _PAIR):
        return before, change
    swapped = [
        (number, replace(recipe, style=style))
        for (number, recipe), style in zip(before, reversed(styles), strict=True)
    ]
    return swapped, replace(change, is_swapped=False, is_exchanged=True, is_again=True)


def usual_options(recipe: PaintingRecipe) -> StyleOptions:
    """Return the options where the mail says nothing else."""
    return StyleOptions(strength=recipe.strength, size=recipe.size, keep_colors=recipe.keep_colors)


def fitting(change: Change, recipes: Collection[PaintingRecipe]) -> Change:
    """Return what of a change these paintings can have: shares mean nothing where none is a blend of two."""
    count = len(recipes)
    pictures = tuple(at for at in change.pictures if -count <= at < count) if count > 1 else ()
    change = _fitting_mixes(change, recipes)
    if former := {mix.former for mix in change.mixes if mix.former}:
        swapped = (at for at, recipe in enumerate(recipes) if former & _shares(recipe.style).keys())
        pictures = pictures or (tuple(swapped) if count > 1 else ())
    is_blend = any(len(_shares(recipe.style)) == _PAIR for recipe in recipes)
    is_even = bool(change.mixes) and change.amounts.shares == _EVEN  # "mix it with the wave, half and half"
    shares = change.amounts.shares if is_blend or is_even else None
    return replace(
        change,
        is_swapped=change.is_swapped and is_blend,
        amounts=replace(change.amounts, shares=shares),
        pictures=pictures if count else change.pictures,
        count=max(1, count),
    )


def _fitting_mixes(change: Change, recipes: Collection[PaintingRecipe]) -> Change:
    """Return a change with the mixes that these paintings can have; "more scream" of a scream is stronger."""
    before = [_shares(recipe.style) for recipe in recipes]
    only = next(
        (mix for mix in change.mixes if before and all({*each} == {mix.style} for each in before)), None
    )
    if only and only.step in (-1, 1):
        return replace(change, mixes=(), strength=change.strength or only.step)
    return replace(change, mixes=change.mixes if any(_mixes(each, change.mixes) for each in before) else ())


def _mixes(shares: Mapping[str, float], mixes: Collection[Mix]) -> bool:
    """Tell whether mixes change the shares of a painting."""
    return bool(shares) and any(mixed(shares, mix) != shares for mix in mixes)


def note(recipes: Collection[PaintingRecipe], change: Change) -> str:
    """Return a line about a request that could not be met, or ""."""
    is_more = change.strength > 0 or change.amounts.points > 0 or change.amounts.factor > 1
    is_full = bool(recipes) and all(recipe.strength >= 1 for recipe in recipes)
    return AT_FULL if is_more and is_full else ""


def _strength(strength: float, steps: float) -> float:
    return min(1.0, max(LEAST, round(strength / STEP**steps, 2))) if steps else strength


def _size(size: int, steps: int) -> int:
    if steps > 0:
        return next((side for side in SIZE_STEPS if side > size), size)
    return next((side for side in reversed(SIZE_STEPS) if side < size), size) if steps < 0 else size


def _shared(style: str, change: Change) -> str:
    """Return a blend of two with the shares that the mail says, or with its own exchanged."""
    shares = _shares(style)
    if shares and change.mixes:
        said = change.amounts.shares if len(shares) == _PAIR else None
        for mix in change.mixes:
            if said and mix.style in shares:  # "more wave: 80 to 20"
                shares = {name: said[name != mix.style] for name in shares}
            else:
                is_half = change.amounts.shares == _EVEN and not mix.step
                shares = mixed(shares, replace(mix, share=0.5) if is_half else mix)
        return blend_syntax.write(shares)
    if len(shares) != _PAIR or not (change.amounts.shares or change.is_swapped):
        return style
    (one, first), (other, second) = shares.items()
    first, second = change.amounts.shares or (second, first)
    return blend_syntax.write({one: first, other: second})


def _shares(style: str) -> Mapping[str, float]:
    """Return the shares of a blend, 1 for one style, and nothing for a sheet."""
    try:
        return blend_syntax.read(style)
    except BadOption:
        return {}
