"""Load the words of each language from `styles/language/words/`, and give each phrase its kinds.

    LANGUAGES   codes of the languages, one file each
    Lexicon     the phrases of some languages: their kinds, intents and numbers
    lexicon     the languages of a text -> Lexicon
    relative    that of a mail about an earlier painting: "bigger" is no size there
    word_file   the tables of a language; `word_rows.py` reads those of single words
    vocabulary  the single words of a language

A phrase is a line of folded tokens with single spaces. `docs/words.md` explains the kinds.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from styles.language.alternatives import written_out
from styles.language.tokens import key
from styles.language.written_shares import written_shares

#: English comes first: it is read beside every other language.
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "zh", "ja")
#: Languages of the Latin script; their words distinguish them.
LATIN = tuple(code for code in LANGUAGES if code not in ("zh", "ja"))
#: Letters of initials that mean a style in their own language only.
_INITIALS = 2
#: Intents of a size.
_SIZES = ("big", "full", "small")
#: Tables of words that mean nothing in a request: of commands, of answers to a painting, of a language.
_NO_REQUEST = (
    "deletion",
    "silence",
    "leaving",
    "guidance",
    "reply",
    "teaching",
    "numerals",
    "shares",
    "story",
    "telling",
)
#: Tables of which the phrases of all languages count, since a line of one can stand in a mail of another.
_EVERYWHERE = ("ratios", "intents", "again", "movements", "elsewhere")
#: Tables of a file whose keys are values, not kinds.
_TABLES = ("strength", "amounts", "fractions", "counts", "numbers", "parts", "thanks", *_EVERYWHERE)
#: Kinds of which each phrase is of another kind too.
_IMPLIED = {
    "polite": "courtesy",
    "described": "article",
    "decided": "want",
    "true_colors": "color",
    "painted_colors": "color",
}
#: Pronouns that are written at the end of a verb, and kinds of verbs that have them: "quítame", "cambiarmi".
_CLITICS = {
    "es": (
        "me",
        "te",
        "se",
        "nos",
        "lo",
        "la",
        "los",
        "las",
        "le",
        "les",
        "melo",
        "mela",
        "melos",
        "melas",
        "selo",
    ),
    "it": ("mi", "ti", "ci", "vi", "lo", "la", "li", "le", "ne", "gli", "melo", "mela", "meli", "mele"),
}
_VERBS = frozenset(("make", "edits", "change", "keep", "skip"))
#: Strength of "weaker" where there is no earlier painting, per cent.
WEAKER = 60
#: What words of the table `again` mean where there is no earlier painting.
_ABSOLUTE = {
    "stronger": ("strength", "100"),
    "weaker": ("strength", str(WEAKER)),
    "larger": ("intents", "big"),
    "smaller": ("intents", "small"),
}


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """Hold phrases with their meanings. Immutable once it is made."""

    languages: tuple[str, ...]  #: their codes
    kinds: Mapping[str, frozenset[str]]  #: "in the style of" -> {"style_of"}
    intents: Mapping[str, str]  #: "surprise me" -> "surprise"
    strengths: Mapping[str, int]  #: "very light" -> 30, per cent
    amounts: Mapping[str, int]  #: "half" -> 50, per cent
    fractions: Mapping[str, int]  #: "three fifths" -> 60, per cent; those of the amounts that are exact
    counts: Mapping[str, int]  #: "three" -> 3, of paintings
    numbers: Mapping[str, int]  #: "sixty" -> 60
    ratios: Mapping[str, int]  #: "eighty-twenty" -> 80, per cent of the first of two styles
    parts: Mapping[str, int]  #: "three parts" -> 3
    changes: Mapping[str, str]  #: "a bit stronger" -> "stronger"; of an earlier painting
    movements: Mapping[str, str]  #: "cubist" -> "cubism"
    elsewhere: Mapping[str, str]  #: "picasso" -> "cubism"; styles that may not exist here
    longest: int  #: tokens of the longest phrase
    runs: frozenset[str] = field(repr=False)  #: Chinese and Japanese words, at which runs are cut

    def of(self, phrase: str) -> frozenset[str]:
        """Return the kinds of a phrase."""
        return self.kinds.get(phrase, frozenset())

    def phrases(self, *kinds: str) -> frozenset[str]:
        """Return every phrase of one of these kinds."""
        return frozenset[str]().union(*(self._by_kind.get(kind, ()) for kind in kinds))

    @cached_property
    def _by_kind(self) -> Mapping[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for phrase, kinds in self.kinds.items():
            for kind in kinds:
                found[kind].add(phrase)
        return found


def _split(written: str) -> list[str]:
    parts = (" ".join(part.split()) for part in written.split(","))  # a phrase may go on in the next line
    return [phrase for part in parts for each in written_out(part) if (phrase := key(each))]


@cache
def word_file(language: str) -> Mapping[str, Any]:
    """Return the tables of a language, as they are written."""
    text = (files("styles.language") / "words" / f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _tables(language: str) -> tuple[Mapping[str, frozenset[str]], Mapping[str, Mapping[str, str]]]:
    """Return a language's phrases by kind, and its tables of phrases by value."""
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    tables: dict[str, dict[str, str]] = {name: {} for name in _TABLES}
    for name, value in word_file(language).items():
        if name in _NO_REQUEST:
            continue
        for row, written in value.items() if name in _TABLES else ((name, value),):
            for phrase in _split(written):
                kinds[phrase].add(row if name == "thanks" else name)
                if name in _IMPLIED:
                    kinds[phrase].add(_IMPLIED[name])
                if name in _TABLES:
                    tables[name].setdefault(phrase, row)
                if name == "again" and row in _ABSOLUTE:
                    table, absolute = _ABSOLUTE[row]
                    tables[table].setdefault(phrase, absolute)
                    kinds[phrase].add(table)
    for name, shares in written_shares(word_file(language)).items():
        for phrase, percent in ((key(written), percent) for written, percent in shares.items()):
            tables[name].setdefault(phrase, f"{percent}")
            kinds[phrase] |= {name, "amounts"} if name == "fractions" else {name}
    for phrase, found in [*kinds.items()]:
        if " " not in phrase and found & _VERBS:
            stem = phrase[:-1] if language == "it" and phrase.endswith("re") else phrase
            for clitic in _CLITICS.get(language, ()):
                kinds.setdefault(stem + clitic, found & _VERBS)
    return {phrase: frozenset(found) for phrase, found in kinds.items()}, tables


@cache
def lexicon(languages: tuple[str, ...] = LANGUAGES) -> Lexicon:
    """Return the phrases of these languages.

    English gives way to languages before it, and overrides those behind it: "no" is "in the" in Portuguese.
    """
    others: dict[str, frozenset[str]] = {}
    for language in (language for language in languages if language != "en"):
        for phrase, found in _tables(language)[0].items():
            others[phrase] = others[phrase] | found if phrase in others else found
    english = _tables("en")[0]
    kinds = {**others, **english} if languages[0] == "en" else {**english, **others}
    merged: dict[str, dict[str, str]] = {name: {} for name in _TABLES}
    for name in _TABLES:
        for language in dict.fromkeys((*languages, *(LANGUAGES if name in _EVERYWHERE else ()))):
            table = _tables(language)[1][name]
            if language not in languages:  # "grand" is French for a size, and English for fine
                short = _INITIALS if name == "elsewhere" else 0  # "PB" is black and white in Portuguese only
                table = {p: row for p, row in table.items() if row not in _SIZES or " " in p}
                table = {p: row for p, row in table.items() if len(p) > short or not p.isascii()}
            merged[name] = {**table, **merged[name]}
    for name in _EVERYWHERE:
        for phrase in merged[name]:
            kinds[phrase] = kinds.get(phrase, frozenset()) | {name}
    for phrase, row in merged["intents"].items():
        if row in _SIZES:
            kinds[phrase] |= {"size"}
    return Lexicon(
        languages=languages,
        kinds=kinds,
        intents=merged["intents"],
        strengths=_numbers(merged["strength"]),
        amounts={**_numbers(merged["amounts"]), **_numbers(merged["fractions"])},
        fractions=_numbers(merged["fractions"]),
        counts=_numbers(merged["counts"]),
        numbers=_numbers(merged["numbers"]),
        ratios=_numbers(merged["ratios"]),
        parts=_numbers(merged["parts"]),
        changes=merged["again"],
        movements=merged["movements"],
        elsewhere=merged["elsewhere"],
        longest=max(phrase.count(" ") + 1 for phrase in kinds),
        runs=frozenset(word for phrase in kinds for word in phrase.split() if not word.isascii()),
    )


@cache
def relative(languages: tuple[str, ...]) -> Lexicon:
    """Return the same for a mail about an earlier painting, where "bigger" is a step and no size."""
    known = lexicon(languages)
    return replace(
        known,
        intents={phrase: row for phrase, row in known.intents.items() if phrase not in known.changes},
        strengths={phrase: row for phrase, row in known.strengths.items() if phrase not in known.changes},
    )


def _numbers(table: Mapping[str, str]) -> dict[str, int]:
    return {phrase: int(row) for phrase, row in table.items()}


@cache
def vocabulary(language: str) -> frozenset[str]:
    """Return the single words of a language's phrases; "Terrasse du café" and "royal wave" tell nothing."""
    phrases = (
        phrase
        for phrase, kinds in _tables(language)[0].items()
        if not kinds <= {"elsewhere", "caption"} or " " not in phrase
    )
    return frozenset(word for phrase in phrases for word in phrase.split())
