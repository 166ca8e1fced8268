"""Change what must not matter in a mail: words around it, capitals, marks, line breaks, a typing error.

    TRANSFORMS   each by its name: an ask -> the same ask, written otherwise
    BY_PROGRAM   the names of those that a mail program makes
    transformed  an ask -> the same, or None where the transform has nothing to change

Most of them put words around the text; `ask_transforms.toml` has these words. The others are functions.
"""

from __future__ import annotations

import re
import textwrap
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.fakes.mailbot.asks import shipped

Ask = dict[str, Any]

_TEXTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
#: Characters of a text that is one short sentence.
_SHORT = 80
#: Columns at which mail programs wrap lines, and where a language has no spaces.
_WIDTH, _WIDE = 76, 38
_UNSPACED = ("zh", "ja")
#: Letters of the shortest word that gets a typing error.
_LONG = 6
_MARKS = re.compile(r"[.!?;:,]+(?=\s|$)|[。！？、，；：]")
#: What a whole mail is expected to be, so that no word may be added.
_WHOLE = frozenset(("silence", "command", "help"))
_PREFIX = re.compile(
    r"\s*(?:re|aw|sv|res|rif|r|i|fwd?|wg|tr|rv|enc|回复|答复|转发|転送)\s*[:：]", re.IGNORECASE
)


def transformed(name: str, ask: Ask) -> Ask | None:
    """Return an ask as a transform writes it, or None if that is the same, or another ask."""
    is_whole = not _WHOLE.isdisjoint(ask["expect"]) and name not in BY_PROGRAM
    other = ask if is_whole or _is_reply(name, ask) else TRANSFORMS[name](ask)
    return None if other == ask else other


def _is_reply(name: str, ask: Ask) -> bool:
    """Tell whether a forwarded mail would be an answer, of which the subject counts otherwise."""
    return name == "forwarded" and bool(_PREFIX.match(ask["subject"]))


def _around(texts: Mapping[str, Any], ask: Ask) -> Ask:
    """Put words around the text."""
    template, title = texts.get("every") or texts[ask["lang"]], texts.get("subject", "{subject}")
    subject, text = ask["subject"], ask["text"]
    inner = text.rstrip(".!?。！？ ")
    if texts.get("sentence"):
        if not 0 < len(inner) <= _SHORT or re.search(r"[.!?。！？\n]", inner):
            return ask
        text = inner
    written = template.format(text=text, subject=subject).strip()
    return {**ask, "text": written, "subject": title.format(subject=subject)}


def _lower(ask: Ask) -> Ask:
    return {**ask, "text": ask["text"].lower(), "subject": ask["subject"].lower()}


def _upper(ask: Ask) -> Ask:
    return {**ask, "text": ask["text"].upper(), "subject": ask["subject"].upper()}


def _without_marks(ask: Ask) -> Ask:
    """Leave the marks out of a text of one line; a list without its commas is another list."""
    return {**ask, "text": _MARKS.sub(" ", ask["text"]).strip()}


def _without_last_mark(ask: Ask) -> Ask:
    return {**ask, "text": ask["text"].rstrip(".!。！ ")}


def _spaced(ask: Ask) -> Ask:
    return {**ask, "text": ask["text"].replace(" ", "  ")}


def _wrapped(ask: Ask) -> Ask:
    """Break lines as mail programs do."""
    width = _WIDE if ask["lang"] in _UNSPACED else _WIDTH
    lines = ask["text"].split("\n")
    wrapped = (textwrap.wrap(line, width, break_on_hyphens=False) or [""] for line in lines)
    return {**ask, "text": "\n".join(part for parts in wrapped for part in parts)}


def _moved(ask: Ask) -> Ask:
    """Write a subject as the text, or a short text as the subject, where the other one is empty."""
    subject, text = ask["subject"], ask["text"]
    if _PREFIX.match(subject) or (subject and text) or len(text) > _SHORT or "\n" in text:
        return ask
    return {**ask, "subject": text, "text": subject}


def _joined(ask: Ask) -> Ask:
    """Write the subject as the first line of the text."""
    subject, text = ask["subject"], ask["text"]
    if not (subject and text) or _PREFIX.match(subject):
        return ask
    end = "" if subject[-1] in ".!?。！？" else "。" if ask["lang"] in _UNSPACED else "."
    return {**ask, "subject": "", "text": f"{subject}{end}\n{text}"}


def _photo_subject(ask: Ask) -> Ask:
    return ask if ask["subject"] else {**ask, "subject": "IMG_2041.jpg"}


def _misspelt(ask: Ask) -> Ask:
    """Swap two letters in the longest word of a style's name."""
    words = re.findall(rf"[^\W\d_]{{{_LONG},}}", ask["text"])
    names = [word for word in words if word.lower() in _name_words() and word.isascii()]
    if not names:
        return ask
    name = max(names, key=len)
    middle = len(name) // 2
    typo = name[: middle - 1] + name[middle] + name[middle - 1] + name[middle + 1 :]
    return {**ask, "text": ask["text"].replace(name, typo)}


@cache
def _name_words() -> frozenset[str]:
    """Return the words of all styles' names, titles and artists, in lower case."""
    names = (name for style in shipped() for name in (style.name, style.title, style.artist))
    return frozenset(word for name in names if name for word in re.findall(r"[^\W\d_]+", name.lower()))


def _template(texts: Mapping[str, Any]) -> Callable[[Ask], Ask]:
    return lambda ask: _around(texts, ask)


_OF_PROGRAMS: Mapping[str, Callable[[Ask], Ask]] = {
    "lower": _lower,
    "upper": _upper,
    "spaced": _spaced,
    "wrapped": _wrapped,
}
TRANSFORMS: dict[str, Callable[[Ask], Ask]] = {
    **{name: _template(texts) for name, texts in _TEXTS.items()},
    **_OF_PROGRAMS,
    "without_marks": _without_marks,
    "without_last_mark": _without_last_mark,
    "moved": _moved,
    "joined": _joined,
    "photo_subject": _photo_subject,
    "misspelt": _misspelt,
}
BY_PROGRAM = frozenset((*_OF_PROGRAMS, *(name for name, texts in _TEXTS.items() if texts.get("program"))))
