"""Change the recipe of the last painting by what a mail says."""

from __future__ import annotations

from dataclasses import replace

from mailbot.conversation.relative import Change
from styles.contract import MAX_SIZE, PaintingRecipe, StyleOptions
from styles.errors import BadOption
from styles.language import blend_syntax
from styles.messages import gettext_noop

#: Long sides among which "bigger" and "smaller" step, pixels: those of small, the default, big and full size.
SIZES = (256, 512, 1024, 2048, MAX_SIZE)
#: Factor of the strength for one step down, and the least strength of such a step.
STEP, LEAST = 0.65, 0.2
#: Note in the answer where a painting cannot be stronger.
AT_FULL = gettext_noop("It was at full strength already, so I painted it as it was.")


def changed(recipe: PaintingRecipe, change: Change) -> PaintingRecipe:
    """Return the recipe after the relative wishes of a mail."""
    return replace(
        recipe,
        style=_swapped(recipe.style) if change.is_swapped else recipe.style,
        strength=_strength(recipe.strength, change.strength),
        size=_size(recipe.size, change.size),
    )


def usual_options(recipe: PaintingRecipe) -> StyleOptions:
    """Return the options where the mail says nothing else."""
    return StyleOptions(strength=recipe.strength, size=recipe.size, keep_colors=recipe.keep_colors)


def note(recipe: PaintingRecipe, change: Change) -> str:
    """Return a line about a wish that could not be met, or ""."""
    return AT_FULL if change.strength > 0 and recipe.strength >= 1 else ""


def _strength(strength: float, steps: int) -> float:
    if steps > 0:
        return min(1.0, round(strength / STEP, 2))
    return max(min(LEAST, strength), round(strength * STEP, 2)) if steps < 0 else strength


def _size(size: int, steps: int) -> int:
    if steps > 0:
        return next((side for side in SIZES if side > size), size)
    return next((side for side in reversed(SIZES) if side < size), size) if steps < 0 else size


def _swapped(style: str) -> str:
    try:
        shares = blend_syntax.read(style)
    except BadOption:
        return style
    if len(shares) != 2:
        return style
    (one, first), (other, second) = shares.items()
    return f"{one}:{second:.3g},{other}:{first:.3g}"
