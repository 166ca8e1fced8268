"""Read what a mail asks about learning: “learn: my garden”, “exactly like this painting”, “delete my styles”.

An intent to learn is a whole sentence, between courtesies, or the beginning of a line before a colon. So a
letter about learning to swim has none. Words that end something, such as “delete”, count only in an answer
about a painting that was learnt: `lessons.py` knows of which.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from mailbot.intents.request_places import bare_subject, own_subject
from mailbot.parsing.mail_parser import StyleRequest
from styles.language.lexicon import lexicon, relative
from styles.language.tokens import key, segment, tokenize
from styles.language.word_rows import command

#: Lines of a text that are read, and characters of one.
LINES, LONGEST = 8, 200
#: Characters of a style's name as people write it.
LONGEST_NAME = 60
_SENTENCE = re.compile(r"[.!?。！？\n]+")
_COLON = re.compile(r"\s*[:：]\s*")
#: Signs around a name: "learn: “My garden”!"
_AROUND = " \t.,;!?\"'“”„«»‘’「」『』。，！？()[]"


class LearningAim(Enum):
    """List the requests about learning that a mail can make."""

    LEARN = "learn"
    EXACTLY = "exactly"
    SWAP = "swap"  #: of photo and painting
    CANCEL = "cancel"
    RETIRE = "retire"
    RETIRE_ALL = "retire_all"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningIntent:
    """Describe an intent about learning."""

    wanted: LearningAim
    name: str = ""  #: of the new style, as it is written


def read(request: StyleRequest) -> LearningIntent | None:
    """Return the intent of a mail, None for a mail about something else."""
    lines = list(_lines(request))
    sentences = [part for line in lines for part in _SENTENCE.split(line) if part.strip()]
    for line in lines:
        if intent := _learn(line):
            return intent
    for sentence in sentences:
        if _says(sentence, "whole"):
            return LearningIntent(wanted=LearningAim.LEARN)
    if len(request.images) > 1 and any(map(_is_exact, sentences)):
        return LearningIntent(wanted=LearningAim.EXACTLY)
    firsts = [next(iter(_SENTENCE.split(line)), "") for line in lines[:2]]
    for wanted in (LearningAim.RETIRE_ALL, LearningAim.CANCEL, LearningAim.RETIRE):
        if not request.images and any(_says(first, wanted.value) for first in firsts):
            return LearningIntent(wanted=wanted)
    is_answer = bool(request.references) and not request.images
    if is_answer and any(key(first.strip(_AROUND)) in _swaps() for first in firsts):
        return LearningIntent(wanted=LearningAim.SWAP)
    return None


def _lines(request: StyleRequest) -> Iterator[str]:
    """Yield the subject, unless it is that of the mail before, and the first lines of the text."""
    subject = bare_subject(own_subject(request))[0]
    written = [line.strip() for line in request.text.splitlines() if line.strip()][:LINES]
    yield from (line[:LONGEST] for line in (subject, *written) if line)


def _learn(line: str) -> LearningIntent | None:
    """Return the intent of a line that names the style: "learn: my garden", "learn this as my garden"."""
    head, *rest = _COLON.split(line, maxsplit=1)
    if rest and _is_within(_tokens(head), _row("head") | _row("whole")):
        return LearningIntent(wanted=LearningAim.LEARN, name=_name(rest[0]))
    for pattern in _named():
        if (found := pattern.fullmatch(line)) and _says(found[1], "whole"):
            return LearningIntent(wanted=LearningAim.LEARN, name=_name(found[2]))
    return None


def _name(written: str) -> str:
    return " ".join(_SENTENCE.split(written.strip(_AROUND))[0].strip(_AROUND).split())[:LONGEST_NAME]


@cache
def _named() -> Sequence[re.Pattern[str]]:
    """Return patterns of a sentence and a name behind it, the longest words between them first."""
    words = sorted(_row("named"), key=len, reverse=True)
    gaps = ((r"[\s,]+", r"\s+") if word.isascii() else (r"[\s,，、]*", r"\s*") for word in words)
    return [
        re.compile(rf"(.+?){before}{re.escape(word)}{after}(.+)", re.IGNORECASE)
        for word, (before, after) in zip(words, gaps, strict=True)
    ]


def _says(sentence: str, row: str) -> bool:
    return _is_within(_tokens(sentence), _row(row))


def _is_exact(sentence: str) -> bool:
    said = f" {' '.join(_tokens(sentence))} "
    return any(
        f" {phrase} " in said or (not phrase.isascii() and phrase in said) for phrase in _row("exactly")
    )


def _is_within(words: Sequence[str], phrases: Collection[str]) -> bool:
    """Tell whether one of the phrases is all that the words say, but for small words around it."""
    small = _small()
    for start in range(len(words)):
        if any(word not in small for word in words[:start]):
            return False
        for end in range(len(words), start, -1):
            if " ".join(words[start:end]) in phrases and small.issuperset(words[end:]):
                return True
    return "".join(words) in phrases


def _tokens(text: str) -> list[str]:
    return [token.text for token in segment(tokenize(text), _runs()) if token.is_word]


@cache
def _row(name: str) -> frozenset[str]:
    return command("teaching")[name].words


@cache
def _runs() -> frozenset[str]:
    """Return the Chinese and Japanese words at which runs are cut."""
    return frozenset(
        phrase for row in command("teaching").values() for phrase in row.words if not phrase.isascii()
    )


@cache
def _swaps() -> frozenset[str]:
    changes = relative(("en",)).changes
    return frozenset(phrase for phrase, row in changes.items() if row == "swap")


@cache
def _small() -> frozenset[str]:
    """Return the single words of courtesies, requests and fillers."""
    phrases = lexicon().phrases("courtesy", "ask", "filler", "polite")
    return frozenset(word for phrase in phrases for word in phrase.split())


def is_painting_name(file_name: str) -> bool:
    """Tell whether the name of a file says that it is a painting."""
    said = key(file_name)
    return any(re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", said) for word in _row("painting"))
