"""Write out the exact shares that people say in words, so that word files need not list them.

    written_shares   a word file -> phrases with their values, by the table to which they belong

The table `shares` of a file has forms. Each `…` in them stands for a number from 1 to 9, in words or digits:

    3, 4, 5, …       fractions with that denominator: "… fifths", "dreifünftel", "…分之…"
    tenth            tenths of Chinese and Japanese, which are strengths by themselves: "…成", "…割…分"
    half_tenth       the same with a half of a tenth: "…成半"
    part             parts of a blend: "… parts of", "… mesures de"
    ratio            ratios of two: "…比…", "……开"

A form of a fraction without a `…` is one of its parts: "a fifth".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

#: Numbers that are written out.
_NUMBERS = range(1, 10)
#: The place of a number in a form.
_PLACE = "…"


def written_shares(file: Mapping[str, Any]) -> Mapping[str, Mapping[str, int]]:
    """Return the phrases of a word file by table: `fractions`, `strength`, `parts` and `ratios`."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row, written in file.get("shares", {}).items():
        for form in filter(None, map(str.strip, written.split(","))):
            for phrase, numbers in _filled(form, file["numerals"]):
                if row.isdigit() and max(numbers) < int(row):
                    found["fractions"][phrase] = round(100 * numbers[0] / int(row))
                elif row.endswith("tenth"):
                    ones = 5 if row == "half_tenth" else sum(numbers[1:])
                    found["fractions"][phrase] = found["strength"][phrase] = 10 * numbers[0] + ones
                elif row == "part":
                    found["parts"][phrase] = numbers[0]
                elif row == "ratio":
                    found["ratios"][phrase] = round(100 * numbers[0] / sum(numbers))
    return found


def _filled(form: str, numerals: Mapping[str, str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield a form with each number in each place, all in words or all in digits."""
    words = [[word.strip() for word in numerals.get(f"{n}", "").split(",")] for n in _NUMBERS]
    places = form.count(_PLACE)
    for numbers in product(_NUMBERS, repeat=places):
        written = [*product(*(words[n - 1] for n in numbers)), tuple(map(str, numbers))]
        for said in dict.fromkeys(written):
            phrase = form
            for word in said:
                phrase = phrase.replace(_PLACE, word, 1)
            yield phrase, numbers or (1,)
