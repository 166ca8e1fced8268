"""Read numbers in words before what they count: "two thousand four hundred pixels", "zweiundvierzig Prozent".

    with_digits      tokens -> the same, with digits for such a number
    with_han_digits  the same for the Chinese numbers of a text: "两千四百像素"
    number           the value of a number in words
    digit            that of a word for a number from 1 to 9

The table `numerals` of each word file has the words. A number's value is their sum. A power of ten multiplies
what stands before it. Spaces and hyphens say nothing, so the words are read as one run of letters.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from styles.language.lexicon import LANGUAGES, word_file
from styles.language.tokens import Token, words

#: Words before a unit that can be a number: "two thousand four hundred and fifty".
_LONGEST = 7
#: Values that multiply what stands before them. Ten is one in Chinese only.
_POWERS, _HAN_TEN = (100, 1000, 10_000), "十"
#: Least number of two digits, and least ten that follows none: "soixante-dix", but no "vierzig fünfzig".
_TWO_DIGITS, _TENS = 10, 20
#: Least number in words: "one pixel" counts nothing.
_LEAST = 5
#: Letters of the longest one: more are no number, and would take long to compare.
_MOST_LETTERS = 60
#: A Chinese number of pixels.
_HAN_NUMBER = re.compile(r"[一二两三四五六七八九十百千万]{2,9}(?=\s?(?:像素|ピクセル|画素|px))")
#: A Japanese share of a blend: "星月夜を七、麦畑を三の割合で".
_HAN_SHARE = re.compile(r"(?<=[をが])[一二三四五六七八九](?=[、,の])")
_HAN_DIGITS = "零一二三四五六七八九"


def with_digits(tokens: Sequence[Token], units: Collection[str]) -> list[Token]:
    """Return the tokens; a number in words before one of the `units`, of one or two words, has digits."""
    found: list[Token] = []
    for at, token in enumerate(tokens):
        if token.text in units or " ".join(one.text for one in tokens[at : at + 2]) in units:
            for start in range(max(0, len(found) - _LONGEST), len(found)):
                run = found[start:]
                value = number("".join(one.text for one in run)) if _are_words(run) else 0
                if value:
                    found[start:] = [Token(f"{value}", " ".join(one.raw for one in run), "number")]
                    break
        found.append(token)
    return found


def _are_words(tokens: Sequence[Token]) -> bool:
    return all(token.kind == "word" for token in tokens) and bool(_numerals()[0].get(tokens[0].text, 1))


def number(written: str) -> int:
    """Return the value of a number in words without spaces, 0 for anything else and for small numbers."""
    numerals, pattern = _numerals()
    if len(written) > _MOST_LETTERS or not re.fullmatch(f"(?:{pattern})+", written):
        return 0
    total = part = before = 0
    for word in re.findall(pattern, written):
        value = numerals[word]
        if value in _POWERS or word == _HAN_TEN:
            total, part = total + (part or 1) * value, 0
        elif (0 < part < value and before) or (part >= _TWO_DIGITS and value >= _TENS):
            return 0  # "un trenta", "between forty and fifty"; but "fünf und dreißig"
        else:
            part += value
        before = value
    return total + part if total + part >= _LEAST else 0


@cache
def _digits(languages: tuple[str, ...]) -> dict[str, int]:
    rows = (
        (value, word_file(code)["numerals"].get(f"{value}", ""))
        for code in languages
        for value in range(1, 10)
    )
    return {" ".join(words(word)): value for value, written in rows for word in written.split(",") if word}


def digit(word: str, languages: tuple[str, ...]) -> int | None:
    """Return the value of a word for a number from 1 to 9 in some languages, None for other words."""
    return _digits(languages).get(word)


def with_han_digits(text: str) -> str:
    """Return a text with digits for a Chinese number of pixels, and for a Japanese share: "两千四百像素"."""
    text = _HAN_SHARE.sub(lambda match: f"{_HAN_DIGITS.index(match[0])}", text)
    return _HAN_NUMBER.sub(lambda match: f"{number(match[0])}", text)


def numerals() -> Collection[str]:
    """Return the words for numbers in all languages."""
    return _numerals()[0].keys()


@cache
def _numerals() -> tuple[dict[str, int], str]:
    """Return the numerals of all languages with their values, and a pattern of one, the longest first."""
    found = {
        "".join(words(word)): int(value)
        for language in LANGUAGES
        for value, written in word_file(language)["numerals"].items()
        for word in written.split(",")
    }
    return found, "|".join(sorted(found, key=len, reverse=True))
