"""Give examples of requests, for the help mail and docs/asking.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from styles.contract import DEFAULT_SIZE
from styles.language.intents import GRAMMAR, SIZES


def examples(
    names: Sequence[str], *, short: bool = False, say: Callable[..., str] = str.format
) -> tuple[tuple[str, str], ...]:
    """Return (example, effect) pairs that name two of these styles; `short` gives the first steps only.

    Examples that need more styles than `names` has are left out. `say` translates a message and fills its
    placeholders.
    """
    known = [name.replace("-", " ") for name in example_names(names)]
    fields = dict(zip(("style", "other"), known, strict=False))
    return tuple(
        (
            say(rule.example, **fields),
            say(rule.does, size=SIZES.get(rule.intent, DEFAULT_SIZE), usual=DEFAULT_SIZE),
        )
        for rule in GRAMMAR
        if rule.is_short or not short
        if all(f"{{{key}}}" not in rule.example or key in fields for key in ("style", "other"))
    )


def example_names(names: Sequence[str]) -> list[str]:
    """Return up to two of the names that are good examples."""
    return sorted(names, key=_is_hard)[:2]


def _is_hard(name: str) -> bool:
    """Return whether a name is a bad example; a good one has two plain words, such as "great-wave"."""
    words = name.split("-")
    return len(words) != 2 or min(map(len, words)) < 4
