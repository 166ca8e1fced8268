"""Cut a text into the words that orders about a sender are known by.

command_words   a text -> its folded words, without "please"
is_of           whether a word is one of a command
is_small        the same, or a courtesy
small           the single words of a kind of phrases
asking          the words of requests
refusing        the words that refuse something
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from styles.language.lexicon import lexicon
from styles.language.tokens import segment, tokenize
from styles.language.word_rows import WordRow, command

#: Commands that are known by their single words: "delete all my photos", "no more mails".
_SPELT = ("deletion", "silence", "leaving")
#: Rows of which a word makes a clause no command, or one of a single photo.
AGAINST = (
    "done",
    "other",
    "told",
    "tale",
    "asks",
    "asked",
    "plans",
    "first",
    "inverted",
    "plain",
    "third",
    "jest",
    "limits",
)
#: Words that can stand within a phrase: "löschen Sie bitte meine Fotos".
_PLEASE = frozenset(("please", "pls", "bitte", "svp"))


def command_words(text: str, name: str = "") -> list[str]:
    """Return the words of a text; Chinese and Japanese are cut at the words of one command, or of all."""
    tokens = segment(tokenize(text), _runs(name))
    return [token.text for token in tokens if token.is_word and token.text not in _PLEASE]


def is_small(word: str, rows: Mapping[str, WordRow]) -> bool:
    """Tell whether a word is one of a command, or a courtesy; "had", of a tale, is none."""
    return word in small("courtesy") or is_of(word, rows)


def is_of(word: str, rows: Mapping[str, WordRow]) -> bool:
    """Tell whether a word is one of a command."""
    return any(word in row for name, row in rows.items() if name not in AGAINST)


@cache
def small(kind: str) -> frozenset[str]:
    """Return the single words of the phrases of a kind, and of courtesies, in all languages."""
    known = lexicon()
    phrases = known.phrases(kind, "courtesy") - known.phrases("polite")
    return frozenset(word for phrase in phrases for word in phrase.split())


@cache
def asking() -> frozenset[str]:
    """Return the words of requests, without those that begin a tale: "I", "my"."""
    phrases = lexicon().phrases("ask", "want", "courtesy")
    return frozenset(w for phrase in phrases for w in phrase.split()) - lexicon().phrases("statement")


@cache
def refusing() -> frozenset[str]:
    """Return the single words that refuse something."""
    return frozenset(phrase for phrase in lexicon().phrases("not") if " " not in phrase)


@cache
def _runs(name: str) -> frozenset[str]:
    """Return the Chinese and Japanese words of a command, with courtesies; of all phrases without a name."""
    if not name:
        return lexicon().runs.union(*(_runs(each) for each in _SPELT))
    return small("courtesy").union(refusing(), *(row.words for row in command(name).values()))
