"""Find the photos that a text calls by a part of their files' names: "crew c", "l'acte 3", "la a et la b".

with_calls  text, the names of the files, the styles -> the text with "photo 1" for each such part
call        a number from 0 -> "photo 1"
written     a folded word -> the pattern by which it is found with any accents

A whole name tells its photo: "b.jpg". Two neighbouring parts of it do so if no other name has them, and
neither is a small word. A single letter or figure does so where it is the difference between all of the
names. A letter that is a word as well, such as the French "a", needs an article before it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from mailbot.intents.names.catalogue import Catalogue
from styles.language.language_detection import detect
from styles.language.lexicon import Lexicon, lexicon
from styles.language.tokens import fold, spellings, tokenize
from styles.language.word_rows import reply

_CJK = r"\u2e80-\U0010ffff"
#: Parts of a name: Chinese or Japanese characters, letters, or figures.
_PART = re.compile(rf"[{_CJK}]+|[^\W\d_{_CJK}]+|\d+")
#: Where a word of letters and where a number begins or ends; Chinese and Japanese may stand beside both.
_BEFORE, _BEHIND = rf"(?<![^\W{_CJK}])", rf"(?![^\W{_CJK}])"
#: What can stand between two parts.
_GAP = r"[\s_-]*"
#: Accents, as `unicodedata` sets them apart.
_ACCENTS = r"[\u0300-\u036f]*"
#: Letters that are words in some language, and so need an article where they mean a photo.
_VOWELS = "aeiouyx"
#: Kinds of small words, such as "of" and "the" in "view of the lake": any text has them.
_SMALL = frozenset(("article", "of", "cue", "place", "photo", "filler"))
#: Kinds of words behind the bare number of a photo: "le 2 aussi", "la 1 es perfecta", "a la 3 bájale".
_BEHIND_NUMBER = ("and", "further", "copula", "thus", "again", "make")


def call(at: int) -> str:
    """Return the words for a photo by its number from 0."""
    return f"photo {at + 1}"


def with_calls(text: str, names: Sequence[str], catalogue: Catalogue) -> str:
    """Return the text with the number of a photo for each part of a name that tells it from the others.

    "Starry night" beside starry_night.jpg is the style. A text without such a part is returned
    as it is, also where its accents are set apart.
    """
    if len(names) < 2:
        return text
    parts = [[fold(part) for part in _PART.findall(name.rpartition(".")[0] or name)] for name in names]
    shared = Counter(pair for own in parts for pair in set(_pairs(own)))
    said = apart = unicodedata.normalize("NFD", text)
    for at, name in enumerate(names):
        if names.count(name) == 1:
            said = re.sub(rf"(?<!\w){written(fold(name))}(?!\w)", call(at), said, flags=re.IGNORECASE)
    for at, own in enumerate(parts):
        for pair in dict.fromkeys(_pairs(own)):
            if shared[pair] == 1 and not catalogue.find(pair):
                said = re.sub(_whole(pair), call(at), said, flags=re.IGNORECASE)
    known = lexicon(detect(tokenize(text)))
    for at, letter in enumerate(_letters(parts)):
        said = _with_letter(said, letter, call(at), known)
    for at, figure in enumerate(_figures(parts)):
        said = _with_figure(said, figure, call(at))
    return text if said == apart else unicodedata.normalize("NFC", said)


def written(word: str) -> str:
    """Return the pattern of a folded word in a text whose accents are set apart; "oe" may be an umlaut."""
    letters = (_spelt(letter) + _ACCENTS for letter in unicodedata.normalize("NFD", word))
    return re.sub(r"([aou])\[[^]]*\]\*e", r"\1(?:e|\\u0308)", "".join(letters))


def _spelt(letter: str) -> str:
    """Return the pattern of a folded character, also of a traditional one."""
    same = spellings(letter)
    return f"[{same}]" if len(same) > 1 else re.escape(letter)


def _pairs(parts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield neighbouring parts of a name, one of which is a word; several figures are those of a date."""
    is_dated = sum(map(str.isdigit, parts)) > 1
    for pair in pairwise(parts):
        is_common = any(_is_small(part) or (is_dated and part.isdigit()) for part in pair)
        if any(map(_is_word, pair)) and not is_common:
            yield pair


def _is_word(part: str) -> bool:
    return not part.isdigit() and (len(part) > 1 or not part.isascii())


def _is_small(part: str) -> bool:
    return _is_word(part) and not _SMALL.isdisjoint(lexicon().of(part))


def _whole(pair: tuple[str, str]) -> str:
    return rf"{_BEFORE}{written(pair[0])}{_GAP}{written(pair[1])}{_BEHIND}"


def _letters(parts: Sequence[Sequence[str]]) -> list[str]:
    """Return the letter that tells each photo from all others, none if one has no such letter."""
    found = [[part for part in own if len(part) == 1 and part.isascii() and part.isalpha()] for own in parts]
    last = [own[-1] for own in found if own]
    return last if len(last) == len(parts) == len(set(last)) else []


def _figures(parts: Sequence[Sequence[str]]) -> list[str]:
    """Return the figure that each photo is called by: that of its name, or its place among them."""
    found = [[part for part in own if len(part) == 1 and part.isdigit() and len(own) > 1] for own in parts]
    last = [own[-1] for own in found if own]
    is_told = len(last) == len(parts) == len(set(last))
    return last if is_told else [str(number) for number in range(1, min(len(parts), 8) + 1)]


def _with_letter(text: str, letter: str, number: str, known: Lexicon) -> str:
    """Return the text with the number of a photo for the letter that it is called by."""
    alone = _alone(letter)
    if not re.search(alone, text, re.IGNORECASE):
        return text
    led = rf"(?<!\w)((?:{_leads(letter in _VOWELS)})\s+|photo \d+\s*[,+&]\s*){alone}"
    beside = rf"(?<=[{_CJK}]){alone}|{alone}(?=\s?[{_CJK}])"
    text = re.sub(led, rf"\1{number}", text, flags=re.IGNORECASE)
    text = re.sub(beside, f"{number} ", text, flags=re.IGNORECASE)
    if letter in _VOWELS:
        return text
    if known.of(letter):  # the French "c", of "c'est": only as a capital letter
        return re.sub(_alone(letter.upper()), number, text)
    return re.sub(alone, number, text, flags=re.IGNORECASE)


def _alone(letter: str) -> str:
    """Return the pattern of a letter alone: none of "r&b", "J. B. Smith", "an A", and no signature."""
    before = rf"{_BEFORE}(?<!&)(?<!(?-i:[A-Z])\. )(?<!\ban )(?:(?<!\n)|(?!{letter}\.?\s*\Z))"
    return rf"{before}{letter}{_BEHIND}(?!['’.]\w|\.\S|\s*%|&|(?<=(?-i:[A-Z]))\.\s+(?-i:[A-Z]))"


def _with_figure(text: str, figure: str, number: str) -> str:
    """Return the text with the number of a photo for the bare figure that it is called by: "le 2 aussi"."""
    if figure not in text:
        return text
    leads, ends = (
        "|".join(re.escape(unicodedata.normalize("NFD", phrase)) for phrase in reply(row))
        for row in ("number_lead", "number_end")
    )
    behind = "|".join(sorted(map(re.escape, _words(*_BEHIND_NUMBER)), key=len, reverse=True))
    end = rf"(?=\s*(?:$|[,;:!?…]|\.(?!\d))|\s+(?:{behind})(?!\w))"
    text = re.sub(rf"(?<!\w)(?:{leads})\s*{figure}{end}", number, text, flags=re.IGNORECASE | re.MULTILINE)
    return re.sub(
        rf"(?<![0-9A-Za-z.,第])(?<!photo ){figure}(?=(?:{ends})(?![\u3099\u309a]))", f"{number} ", text
    )


@cache
def _leads(is_vowel: bool) -> str:
    """Return the pattern of the words before a letter: an article, or before a consonant an "and" as well."""
    known = lexicon()
    found = _words("article") if is_vowel else _words("article", "and", "photo")
    fit = (word for word in found if not is_vowel or (len(word) > 1 and "of" not in known.of(word)))
    return "|".join(sorted(map(re.escape, fit), key=len, reverse=True))


@cache
def _words(*kinds: str) -> tuple[str, ...]:
    """Return the single words of some kinds in Latin letters."""
    return tuple(phrase for phrase in lexicon().phrases(*kinds) if phrase.isascii() and " " not in phrase)
