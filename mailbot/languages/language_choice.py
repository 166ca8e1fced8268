"""Decide in which language a mail is answered.

    a phrase of an answer       where the mail is one that only one language's answers tell people to write
    the words of the mail       else, where they are clear
    the thread                  else the language of the mail before
    the field Content-Language  else what the mail program says of the mail
    the words of the mail       else the likeliest language, of a single word that others know too

English is the rest. Names of styles tell nothing, since everybody writes them as they are on the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from mailbot.intents.request_places import own_subject
from mailbot.languages.translator import translator
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.storage import conversations
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message
from styles.contract import StyleSummary
from styles.language.intents import GRAMMAR
from styles.language.language_points import language_points, without_names
from styles.language.lexicon import LANGUAGES
from styles.language.tokens import key

#: Points of a clear language, those of one word that no other language knows, and its lead over the next.
CLEAR, LEAD = 1.0, 1.25


async def with_language(
    request: StyleRequest, message: Message, styles: Sequence[StyleSummary], ledger: Ledger
) -> StyleRequest:
    """Return the request with the language of its answer."""
    thread = ""
    if request.references:
        recall = partial(conversations.language, message=message, references=request.references)
        thread = await ledger.read(recall)
    return replace(request, language=language_of(request, styles, thread))


def language_of(request: StyleRequest, styles: Sequence[StyleSummary] = (), thread: str = "") -> str:
    """Return the language of a mail, "" in doubt; `thread` is that of the mails before it."""
    written = without_names(f"{own_subject(request)}\n{request.text}", _names(styles))
    if language := _phrases().get(written, ""):
        return language
    points = language_points(written)
    language = _leading(points)
    is_clear = points.get(language, 0.0) >= CLEAR
    return language if is_clear else thread or _declared(request) or language


def _names(styles: Sequence[StyleSummary]) -> set[str]:
    """Return the names of styles and artists as the list has them, and with an article."""
    names = {name for style in styles for name in (style.name, style.title) if name}
    return {*names, *(f"the {name}" for name in names), *(n for s in styles for n in s.artist.split())}


@cache
def _phrases() -> Mapping[str, str]:
    """Return the language of each phrase that answers tell people to write, if only one language has it."""
    found: dict[str, list[str]] = {}
    for code in LANGUAGES:
        for rule in GRAMMAR:
            phrase = key(translator(code).gettext(rule.example, style="", other=""))
            found.setdefault(phrase, []).append(code)
    return {phrase: codes[0] for phrase, codes in found.items() if len(codes) == 1 and phrase}


def _leading(points: Mapping[str, float]) -> str:
    """Return the language that leads well, or ""."""
    first, second = sorted((*points.values(), 0.0, 0.0), reverse=True)[:2]
    return max(points, key=lambda code: points[code]) if first and first >= LEAD * second else ""


def _declared(request: StyleRequest) -> str:
    """Return the language that the mail's header names, if there is one and the bot speaks it."""
    code = request.content_language.partition("-")[0].lower()
    return code if code in LANGUAGES and "," not in request.content_language else ""
