"""Spell names as people write them: without an article, by the surname, in hiragana.

words         the folded words of a name, which are kept
with_bare     a name with and without its article
artist_names  an artist's full name, and the surname with and without its particle
spellings     a name, and one in katakana in hiragana too
initial       the first sound of a name
phonetic      a name in Latin script as it sounds
misspelt      the names of which a word is a slip
near_han      the Chinese name of which one character is another
near_kana     the Japanese name that sounds like a word but for one character
is_swapped    whether letters of a name are exchanged
is_near       whether one letter of a name is wrong
sounded       a Japanese name without the marks that people leave out
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from styles.language import tokens
from styles.language.lexicon import lexicon

#: Characters of the shortest name in katakana that is written in hiragana as well.
_SHORTEST_KANA = 3
#: Words before a surname that belong to it.
_PARTICLES = frozenset(("van", "von", "de", "da", "der", "den", "di", "du", "la", "le", "del", "della"))
#: Letters that sound like another one at the beginning of a name: "candinsky", "fan gogh".
_SOUNDS = str.maketrans("cqfwz", "kkvvs")
#: Letters before which an "h" is silent in some languages: "ocusai".
_VOWELS = ("a", "e", "i", "o", "u")
#: Least ratio of two names by their sound: "mozaic big" scores 80.
_HEARD_SCORE = 82
#: Letters that sound like others within a name.
_HEARD = (("qu", "k"), ("ck", "k"), ("ph", "f"), ("gh", "g"), *zip("cqwyz", "kkvis", strict=True))
#: Letters from which a name is long, and the most names to compare a slip with.
_LONG, _ALIKE = 8, 5
#: Chinese characters of a name that is long enough for a slip.
_HAN = re.compile(r"[\u4e00-\u9fff]{4,}")
#: Chinese numerals, of which each makes another title.
_HAN_NUMERALS = frozenset("一二三四五六七八九十")
#: Hiragana, and the fewest of a name that is long enough for a slip.
_KANA, _LONG_KANA = re.compile(r"[\u3041-\u3096]+"), 5
#: Small hiragana and the large ones.
_SMALL_KANA = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")
#: Katakana and the hiragana of the same sound.
_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


@lru_cache(maxsize=100_000)  # a list of styles that changed has most names of the list before
def words(phrase: str) -> tuple[str, ...]:
    """Return the folded words of a name."""
    return tuple(tokens.words(phrase))


@cache
def _articles() -> frozenset[str]:
    return lexicon().phrases("article")


def with_bare(phrase: str) -> list[tuple[str, ...]]:
    """Return the words of a name, and those without its article."""
    written = words(phrase)
    return [written, written[1:]] if len(written) > 1 and written[0] in _articles() else [written]


def artist_names(artist: str) -> Iterator[str]:
    """Yield the full name of an artist, and the surname with and without its particle."""
    written = words(artist)
    if not written:
        return
    yield " ".join(written)
    yield written[-1]
    if len(written) > 2 and written[-2] in _PARTICLES:
        yield " ".join(written[-2:])


def spellings(name: str) -> tuple[str, ...]:
    """Return a name, and a name in katakana in hiragana too, as children write it."""
    is_kana = len(name) >= _SHORTEST_KANA and all("\u30a1" <= character <= "\u30fc" for character in name)
    return (name, name.translate(_HIRAGANA)) if is_kana else (name,)


def initial(name: str) -> str:
    """Return the first sound of a name: "k" for "candinsky"; an "h" before a vowel is often silent."""
    is_silent = name[0] == "h" and name[1:2] in _VOWELS
    return name[is_silent].translate(_SOUNDS)


@lru_cache(maxsize=10_000)
def phonetic(name: str) -> str:
    """Return a name in Latin script as it sounds: "kandinski" for "candinsqui"."""
    for written, heard in _HEARD:
        name = name.replace(written, heard)
    return re.sub(r"(.)\1", r"\1", name)


def sounded(name: str) -> str:
    """Return a name in hiragana without voiced marks, long vowels and small characters."""
    apart = unicodedata.normalize("NFD", name)
    kept = "".join(c for c in apart if not unicodedata.combining(c) and c != "ー")
    return kept.translate(_HIRAGANA).translate(_SMALL_KANA)


def near_kana(written: str, names: Iterable[str]) -> str:
    """Return the name, of five kana or more, that sounds like a word but for one of them, or ""."""
    heard = sounded(written)
    if len(heard) < _LONG_KANA or not _KANA.fullmatch(heard):
        return ""
    near = (name for name in names if abs(len(name) - len(heard)) < 2)
    return min((name for name in near if OSA.distance(name, heard, score_cutoff=1) == 1), default="")


def is_swapped(name: str, written: str) -> bool:
    """Tell whether letters side by side are exchanged, twice in a long name: "udnei", "graet wvae"."""
    most = 1 + (len(name) >= _LONG)
    is_anagram = len(name) == len(written) and sorted(name) == sorted(written)
    return is_anagram and OSA.distance(name, written, score_cutoff=most) <= most


def is_near(name: str, written: str) -> bool:
    """Tell whether a letter is wrong, missing or too many, or two are exchanged: "kandinksy", "mondriann"."""
    return name[0] == written[0] and OSA.distance(name, written, score_cutoff=1) == 1


def misspelt(written: str, names: Sequence[str], least: float) -> list[tuple[str, float, int]]:
    """Return the names of which a word is a slip, with their ratios: by its letters, else by its sound."""
    found = process.extract(written, names, scorer=fuzz.ratio, score_cutoff=least, limit=_ALIKE)
    heard = max(least, _HEARD_SCORE)
    return found or process.extract(
        phonetic(written), names, processor=phonetic, scorer=fuzz.ratio, score_cutoff=heard, limit=_ALIKE
    )


def near_han(written: str, names: Iterable[str]) -> str:
    """Return the name that differs in one of its four or more Chinese characters: "蒙得里安", or "".

    Another number is another painting: "构成八号" is not "构成七号".
    """
    if not _HAN.fullmatch(written):
        return ""
    near = (name for name in names if len(name) == len(written) and OSA.distance(name, written) == 1)
    return min((name for name in near if not _HAN_NUMERALS.issuperset(set(name) ^ set(written))), default="")
