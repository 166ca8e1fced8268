"""Find the wish for one perfect picture that brings one of its two pictures: “here is the painting”."""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.learning.exact_wishes import is_exact, may_be_exact
from mailbot.intents.learning.learning_words import SENTENCE, folded, is_refused
from mailbot.intents.learning_intents import lines_of
from mailbot.parsing.mail_parser import StyleRequest
from styles.language.word_rows import command


def half_wish(request: StyleRequest, *, is_asked: bool) -> int | None:
    """Return which of the two pictures is the painting, where this mail brings the second one.

    0 for “here is the photo”, 1 for “here is the painting” and “exactly like this painting”, None for another
    mail. `is_asked`: the bot has asked for the second one, and hardly a word is needed.
    """
    sentences = _sentences(request)
    rows, said = command("teaching"), [folded(sentence) for sentence in sentences]
    if not (is_asked or wants_alike(request)):
        return None
    if any(rows["this_photo"].is_in(each) for each in said):
        return 0
    if is_asked or any(rows["perfect"].is_in(each) for each in said):
        is_photo = any(rows["as_photo"].is_in(each) for each in said)
        is_painting = any(rows["as_painting"].is_in(each) for each in said)
        return 0 if is_photo and not is_painting else 1
    return 1 if any(rows["as_painting"].is_in(each) and not is_refused(each) for each in said) else None


def wants_alike(request: StyleRequest) -> bool:
    """Tell whether a mail wants one perfect picture, whatever pictures it brings."""
    sentences = _sentences(request)
    return any(map(is_exact, sentences)) or may_be_exact(sentences)


def _sentences(request: StyleRequest) -> Sequence[str]:
    return [part for line in lines_of(request) for part in SENTENCE.split(line)]
