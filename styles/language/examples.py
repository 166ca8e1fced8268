"""What people can write, as the help answer and docs/asking.md show it."""

from __future__ import annotations

from collections.abc import Sequence

from styles.language.intents import GRAMMAR


def examples(names: Sequence[str], *, short: bool = False) -> tuple[tuple[str, str], ...]:
    """Example and what it does, row by row, with two of these styles in them; `short` gives the first steps.

    Rows that need more styles than there are do not come.
    """
    known = [name.replace("-", " ") for name in sorted(names, key=_is_hard)[:2]]
    fields = dict(zip(("style", "other"), known, strict=False))
    return tuple(
        (rule.example.format(**fields), rule.does)
        for rule in GRAMMAR
        if rule.is_short or not short
        if all(f"{{{key}}}" not in rule.example or key in fields for key in ("style", "other"))
    )


def _is_hard(name: str) -> bool:
    """Whether a name is none of two plain words, as "great-wave" is, and so no good example."""
    words = name.split("-")
    return len(words) != 2 or min(map(len, words)) < 4
