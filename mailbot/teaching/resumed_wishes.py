"""Read what a reply adds to a wish to teach: the painting that was forgotten, or a “yes” to another name.

The ledger has the wish, if its lesson was refused. Else it stands in the subject, “Re: learn: my garden”.
"""

from __future__ import annotations

import re
from dataclasses import replace

from mailbot.intents import learning_intents
from mailbot.intents.learning_intents import LearningAim, LearningIntent
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.teaching.lessons import Lesson
from styles.language.tokens import key, words
from styles.language.word_rows import command, reply

#: Words of a name and a greeting below a “yes”.
LONGEST_SIGNATURE = 6


def wish_before(request: StyleRequest) -> LearningIntent | None:
    """Return the wish to teach that the subject of a reply repeats."""
    if not (request.references and request.text):
        return None
    wish = learning_intents.read(replace(request, text=""))
    return wish if wish and wish.wanted in (LearningAim.LEARN, LearningAim.EXACTLY) else None


def wish_of(lesson: Lesson, request: StyleRequest) -> LearningIntent | None:
    """Return the wish of a lesson that was refused, None if a reply cannot complete it."""
    return wish_again(lesson, request) if lesson.is_unmet else None


def wish_again(lesson: Lesson, request: StyleRequest) -> LearningIntent | None:
    """Return the wish of a lesson for other pictures, None where one perfect picture would need two."""
    if not lesson.is_exact:
        before = None if lesson.name else wish_before(request)
        called = before.called if before else lesson.called or lesson.name
        return LearningIntent(wanted=LearningAim.LEARN, called=called)
    return LearningIntent(wanted=LearningAim.EXACTLY) if len(request.images) > 1 else None


def accepts(text: str, free: str) -> bool:
    """Tell whether a text is no more than the name that was offered, or a plain “yes”."""
    first, *rest = [line for line in text.splitlines() if line.strip()] or [""]
    if sum(len(words(line)) for line in rest) > LONGEST_SIGNATURE:
        return False
    said, name = _plain(first), _plain(free)
    return said == name or any(said in (yes, f"{yes} {name}") for yes in map(_plain, reply("yes")))


def _plain(text: str) -> str:
    """Return the words of a text without "please" and "thank you"."""
    said = " ".join(words(text))
    for phrase in sorted(command("teaching")["please"].words, key=len, reverse=True):
        bare = re.escape(key(phrase))
        said = re.sub(rf"\b{bare}\b" if phrase.isascii() else bare, " ", said)
    return " ".join(said.split())
