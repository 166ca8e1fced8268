"""Find the pictures that a reply names by their strengths: "the weakest, bigger", "el de 75", "die 40er".

with_named_strengths  a reply and its thread -> the reply with "photo 1" for a picture named so
with_numbers          the same of a text and the pictures

Pictures of one strength have no such names. The words are the rows `weakest`, `strongest` and `strength_lead`
of the table `reply` of the words files.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from mailbot.conversation.earlier_mails import EarlierMails
from mailbot.intents.details.photo_calls import call, written
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.storage.conversations import Remembered
from mailbot.storage.ledger_rows import Message
from styles.contract import PaintingRecipe
from styles.language.lexicon import lexicon
from styles.language.tokens import fold
from styles.language.word_rows import reply
from styles.language.written_numbers import number

_CJK = r"\u2e80-\U0010ffff"
#: Where words of letters begin and end; Chinese and Japanese words may stand beside them.
_BEFORE, _BEHIND = rf"(?<![^\W{_CJK}])", rf"(?![^\W{_CJK}])"

#: Languages in which a superlative is a comparative with an article.
_ROMANCE = ("fr", "es", "it", "pt")


async def with_named_strengths(
    message: Message, request: StyleRequest, earlier: EarlierMails, last: Remembered
) -> StyleRequest:
    """Return a reply with the numbers of pictures of the `last` answer, or of the thread if that has one."""
    shown = last.painted
    if len(shown) < 2:
        shown = (await earlier.of_thread(message, request)).painted
    return replace(request, text=with_numbers(request.text, [each.recipe for each in shown]))


def with_numbers(text: str, pictures: Sequence[PaintingRecipe]) -> str:
    """Return the text with the number of a picture for each name that its strength gives it."""
    strengths = [round(100 * recipe.strength) for recipe in pictures]
    counts = Counter(strengths)
    if len(counts) < 2:
        return text
    said = apart = unicodedata.normalize("NFD", text)
    for row, most in (("weakest", min(counts)), ("strongest", max(counts))):
        if counts[most] == 1:
            said = re.sub(_superlative(row), f" {call(strengths.index(most))} ", said, flags=re.IGNORECASE)

    def named(match: re.Match[str]) -> str:
        value = int(match["figure"] or 0) or number(fold(match["word"] or ""))
        return f"{call(strengths.index(value))} " if counts[value] == 1 else match[0]

    said = re.sub(_amount(), named, said, flags=re.IGNORECASE)
    return text if said == apart else unicodedata.normalize("NFC", said)


@cache
def _superlative(row: str) -> str:
    """Return the pattern of words for the picture at an end, but not of "mets la plus forte"."""
    verbs = (unicodedata.normalize("NFD", verb) for verb in lexicon(_ROMANCE).phrases("make"))
    behind = "".join(rf"(?<!\b{re.escape(verb)}\s)" for verb in verbs if " " not in verb)
    return rf"{_BEFORE}{behind}(?:{_any(reply(row))}){_BEHIND}"


@cache
def _amount() -> str:
    """Return the pattern of a strength that names a picture: "the one at 40", "die 40er"."""
    percent = rf"\s*(?:%|er|{_any(lexicon().phrases('percent'))})"
    led = rf"{_BEFORE}(?:{_any(reply('strength_lead'))})\s+(?:(?P<figure>\d+)|(?P<word>[^\W\d_]+))"
    return rf"{led}(?:{percent})?(?![\w%])"


def _any(phrases: Iterable[str]) -> str:
    """Return the pattern of phrases with any accents, the longest first."""
    folded = sorted({fold(phrase) for phrase in phrases}, key=len, reverse=True)
    return "|".join(r"\s+".join(map(written, phrase.split())) for phrase in folded)
