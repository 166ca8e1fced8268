"""Tell in which languages a text is written, for the word files to read it by.

detect      the languages of some tokens
han         Japanese or Chinese
shortened   tokens without drawn out letters: "graziee" for "grazieeee"
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from styles.language.lexicon import LATIN, vocabulary
from styles.language.tokens import Token, known_characters

#: Words up to which a text may be in several languages: "mosaic y great wave".
_FEW_WORDS = 6
#: English words that people write in any language, and words of another one from which they tell nothing.
_EVERYWHERE, _ENOUGH = frozenset(("please", "pls", "plz", "thanks", "thx", "sorry", "ok")), 3
#: Greetings that are a thing in another language without their accents: "olá" is no wave.
_GREETINGS = {"pt": "ola"}
#: Three of one letter, which no word has; two at the end, and letters of the shortest word that loses one.
_DRAWN_OUT, _DOUBLED, _SHORTEST = re.compile(r"([a-z])\1{2,}"), re.compile(r"([a-z])\1$"), 5
#: A number in Roman letters: "VIII" is drawn out by no feeling.
_ROMAN = re.compile(r"[ivx]+")
_KANA = re.compile(r"[\u3040-\u30ff]")


@cache
def _latin() -> frozenset[str]:
    return frozenset[str]().union(*map(vocabulary, LATIN))


def shortened(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with one or two of each letter that is drawn out, as a known word has it."""
    return [
        token._replace(text=_short(token.text)) if token.kind == "word" and not _is_accented(token) else token
        for token in tokens
    ]


def _is_accented(token: Token) -> bool:
    """Tell whether the last two letters are one letter only without their accents: "affichée"."""
    return token.text[-2:-1] == token.text[-1:] and token.raw[-2:-1].lower() != token.raw[-1:].lower()


def _short(text: str) -> str:
    if text in _latin() or len(set(text)) == 1 or _ROMAN.fullmatch(text):  # "www"
        return text
    if _DRAWN_OUT.search(text):
        two, one = _DRAWN_OUT.sub(r"\1\1", text), _DRAWN_OUT.sub(r"\1", text)
        return two if two in _latin() else one
    one = _DOUBLED.sub(r"\1", text)
    return one if len(one) >= _SHORTEST and one in _latin() else text


def detect(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the languages of a text, likeliest first, and English at the latest at the end.

    The words of a text distinguish languages in the Latin script, and kana or its words the others.
    A text of a few words may be in each language that knows one of them.
    """
    if runs := [token.text for token in tokens if token.kind == "cjk"]:
        return (han(runs), "en")
    written = [token.text for token in shortened(tokens) if token.kind == "word" and not token.text.isdigit()]
    scores = {code: sum(_tells(written, at, code) for at in range(len(written))) for code in LATIN}
    english = scores.pop("en")
    most = max(scores.values())
    english -= sum(word in _EVERYWHERE for word in written) * (most >= _ENOUGH)
    others = [code for code in scores if scores[code] == most > 0]
    if english > most:
        return ("en", *others) if len(written) <= _FEW_WORDS else ("en",)
    return (*others, "en")


def _tells(written: Sequence[str], at: int, code: str) -> bool:
    """Tell whether a language knows a word of a text; a greeting is one at the beginning only."""
    return written[at] in vocabulary(code) and not (at and written[at] == _GREETINGS.get(code))


def han(runs: Sequence[str]) -> str:
    """Tell Japanese from Chinese: by kana, and without any by the words that each of them knows."""
    if any(map(_KANA.search, runs)):
        return "ja"
    return max(("zh", "ja"), key=lambda code: sum(known_characters(run, vocabulary(code)) for run in runs))
