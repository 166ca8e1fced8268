"""Decide in which language a mail is answered.

    a translated title          where a short mail says no more: “Welle 50%”
    a phrase of an answer       where the mail is one that only one language's answers tell people to write
    the words of the mail       else, where they are clear
    the thread                  else the language of the mail before
    the field Content-Language  else what the mail program says of the mail
    the mails of the sender     else the language of the newest other one, if that was clear
    the words of the mail       else the likeliest language, of a single word that others know too

English is the rest. Where a newer mail of the thread told a language before the answer is written, as while a
painting is learnt, that one counts. Names of styles tell nothing, since everybody writes them as they are on
the list. Nor does the name of a style to be learnt: “lerne: la mer” is German by its first word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import NamedTuple

from mailbot.intents import learning_intents
from mailbot.intents.learning_intents import LearningAim, LearningIntent
from mailbot.intents.request_places import own_subject
from mailbot.languages.translator import translator
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.storage import conversations
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message
from styles.contract import StyleSummary
from styles.language import translated_titles
from styles.language.intents import GRAMMAR
from styles.language.language_points import language_points, without_names
from styles.language.lexicon import LANGUAGES, relative, word_file
from styles.language.tokens import key
from styles.language.word_rows import command

#: Points of a clear language, those of one word that no other language knows, and its lead over the next.
CLEAR, LEAD = 1.0, 1.25
#: Chinese characters alone that tell no language clearly.
SHORT_HAN = 3
#: Where the phrases of these rows have a name, folded.
_NAME = ". . ."
#: Rows of the phrases that tell the language of an intent about learning.
_LEARNING_ROWS = {
    LearningAim.LEARN: ("head", "whole"),
    LearningAim.EXPLAIN: ("head", "explaining"),
    LearningAim.PROGRESS: ("asking_when",),
    LearningAim.RENAME: ("renamed", "called"),
    LearningAim.CANCEL: ("cancel", "halt"),
    LearningAim.HALT: ("cancel", "halt"),
    LearningAim.RETIRE: ("retire",),
    LearningAim.RETIRE_ALL: ("retire_all",),
}


async def with_language(
    request: StyleRequest, message: Message, styles: Sequence[StyleSummary], ledger: Ledger
) -> StyleRequest:
    """Return the request with the language of its answer."""
    weighed = _weighed(request, styles)
    clear = weighed.clear
    note = partial(conversations.note_language, message=message, references=request.references, clear=clear)
    if newest := await ledger.transact(note, durable=False):
        return replace(request, language=newest)
    thread = ""
    if request.references:
        recall = partial(conversations.language, message=message, references=request.references)
        thread = await ledger.read(recall)
    earlier = await ledger.read(partial(conversations.newest_language, message=message))
    return replace(request, language=_chosen(weighed, request, thread, earlier))


def language_of(
    request: StyleRequest, styles: Sequence[StyleSummary] = (), thread: str = "", earlier: str = ""
) -> str:
    """Return the language of a mail, "" in doubt.

    `thread` is the language of the mails before it, and `earlier` that of the sender's newest one elsewhere.
    """
    return _chosen(_weighed(request, styles), request, thread, earlier)


def _chosen(weighed: _Weighed, request: StyleRequest, thread: str, earlier: str) -> str:
    """Return the language of a mail: the clear one, else that of a hint, else the likeliest."""
    clear, asked, leading = weighed
    hints = (hint for hint in (thread, _declared(request), earlier) if hint and hint in (asked or LANGUAGES))
    return clear or next(hints, leading or _likeliest(asked, _written(request)))


class _Weighed(NamedTuple):
    """Hold what the words of a mail tell of its language."""

    clear: str  #: "" in doubt
    asked: Sequence[str] = ()  #: those of its wish to learn
    leading: str = ""  #: "" for none


def _weighed(request: StyleRequest, styles: Sequence[StyleSummary]) -> _Weighed:
    """Weigh the words of a mail for each language."""
    names, learning = _names(styles), learning_intents.read(request)
    if learning and learning.called:
        names.add(learning.called)
    if titled := translated_titles.language(_written(request), styles):
        return _Weighed(titled)
    written = without_names(_written(request), names)
    phrase = _phrases().get(written, "")
    if phrase and not (learning and phrase == LANGUAGES[0]):  # "stop" is understood in all languages
        return _Weighed(phrase)
    points = language_points(written)
    asked = _learning_languages(written, learning) if learning else ()
    if _is_short_han(written):  # "中止"
        return _Weighed("", ("zh", "ja"), _leading(points))
    if learning and learning.wanted is not LearningAim.LEARN and len(asked) == 1:
        return _Weighed(asked[0], asked)  # all that is said, and Chinese by its letters alone if Japanese
    for code in asked:
        points[code] = points.get(code, 0.0) + 1 / len(asked)
    leading = _leading(points)
    return _Weighed(leading if points.get(leading, 0.0) >= CLEAR else "", asked, leading)


def _written(request: StyleRequest) -> str:
    return f"{own_subject(request)}\n{request.text}"


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


def _learning_languages(written: str, learning: LearningIntent) -> Sequence[str]:
    """Return the languages whose words for learning are written, those of the longest: "lerne" is German.

    English "learn" and single words tell nothing, since people write them as they read them in the docs.
    """
    words = f" {written} "
    longest = dict.fromkeys(LANGUAGES, "")
    for code in longest:
        said = (
            phrase
            for phrase in _learning_phrases(code, learning)
            if (f" {phrase} " if phrase.isascii() else phrase) in words
        )
        longest[code] = max(said, key=len, default="")
    most = max(map(len, longest.values()))
    found = [code for code, phrase in longest.items() if len(phrase) == most > 0]
    is_told = learning.wanted is not LearningAim.LEARN and len(found) == 1 and " " in longest[LANGUAGES[0]]
    return () if LANGUAGES[0] in found and not is_told else found


def _learning_phrases(code: str, learning: LearningIntent) -> Iterator[str]:
    """Yield the phrases of a language for an intent about learning."""
    if learning.wanted is LearningAim.SWAP:
        yield from (phrase for phrase, row in relative((code,)).changes.items() if row == "swap")
    if learning.wanted is LearningAim.RENAME:  # "benenne * in … um", where the old name stands between
        frames = word_file(code)["teaching"]["renamed"].split(",")
        yield from filter(None, (key(frame.partition("*")[0]) for frame in frames if "*" in frame))
    rows = ("head",) if learning.wanted is LearningAim.LEARN and learning.called else None
    for row in rows or _LEARNING_ROWS.get(learning.wanted, ()):
        for phrase in command("teaching", (code,))[row].words:
            if _NAME not in (bare := phrase.removesuffix(_NAME).strip()):
                yield bare


def _is_short_han(written: str) -> bool:
    """Tell whether words are so few Chinese characters that they may be Japanese, too."""
    return 0 < len(written) <= SHORT_HAN and all("\u3400" <= character <= "\u9fff" for character in written)


def _likeliest(languages: Sequence[str], text: str) -> str:
    """Return which of some languages a text has most of: "aprende: meu jardim" is Portuguese.

    Of equal ones it is that whose own word for learning is in the text, as “aprenda” is Portuguese first.
    """
    said = key(text)
    points, firsts = language_points(said), {code: _own_head(code) for code in languages}
    return max(languages, key=lambda code: (points.get(code, 0.0), firsts[code] in said.split()), default="")


@cache
def _own_head(code: str) -> str:
    """Return the first of a language's words for learning."""
    return key(word_file(code)["teaching"]["head"].partition(",")[0])


def _leading(points: Mapping[str, float]) -> str:
    """Return the language that leads well, or ""."""
    first, second = sorted((*points.values(), 0.0, 0.0), reverse=True)[:2]
    return max(points, key=lambda code: points[code]) if first and first >= LEAD * second else ""


def _declared(request: StyleRequest) -> str:
    """Return the language that the mail's header names, if there is one and the bot speaks it."""
    code = request.content_language.partition("-")[0].lower()
    return code if code in LANGUAGES and "," not in request.content_language else ""
