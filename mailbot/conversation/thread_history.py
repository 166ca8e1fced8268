"""Find the earlier answer that a reply goes back to: "the first was better", "as at the beginning".

EarlierChoice   the pictures of that answer, and what else the reply says
chosen          a reply and its thread -> EarlierChoice, None where it chooses no answer by its place
before_last     "undo" and the pictures of the last answer -> those of the one before
is_bare_return  whether a sentence of a reply is a mere "back" with small words: "nah, back please"

Where one photo was painted several times, a reply names its paintings by numbers, or by strengths, as in "the
weakest was best". "The mixed one" is the last blend. The words are the rows `at_first`, `attempt`,
`favoured`, `put_back`, `bare_back` and `the_blend` of the table `reply` of the words files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailbot.conversation.earlier_mails import EarlierMails
from mailbot.conversation.mail_reader import MailReader
from mailbot.conversation.picture_strengths import with_numbers
from mailbot.conversation.recipes import is_blend
from mailbot.intents.changes.relative_changes import MAX_TEXT, MAX_WORDS
from mailbot.intents.names.catalogue import echo
from mailbot.intents.paintings.photo_numbers import REST, numbers_of, with_middle
from mailbot.intents.sentence import FIRST_CJK, Item, Sentence
from mailbot.intents.sentence_reader import SentenceReader
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.storage.conversations import Remembered
from mailbot.storage.ledger_rows import Message
from styles.errors import UnclearReply
from styles.language import blend_syntax
from styles.language.language_detection import detect
from styles.language.lexicon import Lexicon, relative
from styles.language.tokens import fold, tokenize, words
from styles.language.word_rows import reply, reply_row

#: Kinds of words beside a number that chooses alone: "no, the first please".
_SMALL = (
    *("article", "filler", "courtesy", "polite", "ask", "want", "make", "again", "photo", "no", "not"),
    *("exclaim", "and", "limit", "only", "further", "now", "that", "correction", "thanks", "prefer"),
    *("size", "strength"),
)
#: Kinds of words by which a sentence likes one of several paintings.
_LIKING = ("prefer", "choose", "decided")
#: Rows of changes that tell what is amiss with the last painting, which is left.
_AMISS = ("too_strong", "too_weak", "too_alike", "too_large", "too_small")

#: Stands for a style in a sentence.
_STYLE = "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierChoice:
    """Hold the answer that a reply goes back to."""

    pictures: Remembered
    request: StyleRequest  #: the reply without what it says against the last painting


async def chosen(
    message: Message, request: StyleRequest, reader: MailReader, earlier: EarlierMails
) -> EarlierChoice | None:
    """Return the answer of a thread that a reply chooses by its place, where each shows the same photo."""
    answers = await _answers(message, request, earlier)
    if reply_row("the_blend").is_in(" ".join(words(request.text[:MAX_TEXT]))):
        blends = [one for one in answers if any(is_blend(each.recipe.style) for each in one.painted)]
        is_gone = bool(blends) and blends[-1] is not answers[-1]
        return EarlierChoice(pictures=blends[-1], request=request) if is_gone else None
    _, sentences = _read(request.text[:MAX_TEXT], reader)
    if answers and (text := _with_style_alone(request.text, sentences, answers)) != request.text:
        return EarlierChoice(pictures=answers[-1], request=replace(request, text=text))
    photos = {each.photo for one in answers for each in one.painted}
    if len(answers) < 2 or len(photos) > 1 or any(len(one.painted) > 1 for one in answers):
        return None
    shown = [one.painted[0].recipe for one in answers]
    text = with_numbers(request.text[:MAX_TEXT], shown, reader.catalogue)
    known, sentences = _read(text, reader)
    for sentence in sentences:
        number = _number(with_middle(sentence, len(answers)))
        if number is not None and -len(answers) <= number < len(answers):
            said = _without_place(_without_faults(text, sentences, known))
            return EarlierChoice(pictures=answers[number], request=replace(request, text=said))
    return None


def _with_style_alone(text: str, sentences: Sequence[Sentence], answers: Sequence[Remembered]) -> str:
    """Return a text without the words that put a style back, where no answer has it in a blend.

    "Put the scream back" means the scream alone then, and else the blend once more.
    """
    mixed = {
        name
        for one in answers
        for each in one.painted
        if is_blend(each.recipe.style)
        for name in blend_syntax.read(each.recipe.style)
    }
    for sentence in sentences:
        styles = {name for at in sentence.mentions for name in sentence.styles_at(at)}
        if len(styles) != 1 or styles & mixed:
            continue
        said = f" {' '.join(_STYLE if item.mention else item.text for item in sentence.items)} "
        phrases = (fold(each.replace("…", _STYLE)) for each in reply("put_back"))
        phrase = next((each for each in phrases if f" {each} " in said), "")
        for word in phrase.replace(_STYLE, " ").split():
            raw = (item.raw for item in sentence.items if word in item.text.split())
            text = text.replace(next(raw), "", 1)
    return text


async def before_last(
    message: Message, request: StyleRequest, reader: MailReader, earlier: EarlierMails, last: Remembered
) -> Remembered:
    """Return the pictures of the thread before its last answer, as they were then.

    Pictures that an "undo" took back count no more. Where there are none, they are the last ones for a reply
    that names another style: "undo, I want udnie".
    Raises `UnclearReply` where nothing is to be undone.
    """
    answers = _without_undone(await _answers(message, request, earlier))
    before = [one for one in answers if one.painted != last.painted]
    if not before and not reader.names_style(request):
        raise UnclearReply(echo(request.text))
    return before[-1] if before else last


def _without_undone(answers: Sequence[Remembered]) -> list[Remembered]:
    """Return the answers without those that the next one took back, and without those that took back."""
    kept = list[Remembered]()
    for answer in answers:
        if len(kept) > 1 and answer.painted == kept[-2].painted:
            del kept[-1]
        else:
            kept.append(answer)
    return kept


def is_bare_return(request: StyleRequest, reader: MailReader) -> bool:
    """Tell whether a sentence of a reply only wants to go back: "nah, back please"."""
    _, sentences = _read(request.text[:MAX_TEXT], reader)
    return any(map(_is_bare_return, sentences))


def _read(text: str, reader: MailReader) -> tuple[Lexicon, list[Sentence]]:
    """Return the words of the language of a reply, and its sentences."""
    known = relative(detect(tokenize(text)))
    return known, list(SentenceReader(reader.catalogue, known).sentences(text, "text"))


def _is_bare_return(sentence: Sentence) -> bool:
    items = sentence.words
    is_back = [item.text in reply_row("bare_back") for item in items]
    return any(is_back) and all(back or _is_small(item) for back, item in zip(is_back, items, strict=True))


async def _answers(message: Message, request: StyleRequest, earlier: EarlierMails) -> list[Remembered]:
    """Return the pictures of the answers of a thread, oldest first, each once."""
    found = list[Remembered]()
    for end in range(1, len(request.references) + 1):
        known = await earlier.recall(message, replace(request, references=request.references[:end]))
        if known and known.painted and (not found or known.painted != found[-1].painted):
            found.append(known)
    return found


def _number(sentence: Sentence) -> int | None:
    """Return the number of the answer that a sentence chooses, from 0; -1 is the last."""
    if len(sentence.words) > MAX_WORDS or any(map(sentence.styles_at, range(len(sentence.items)))):
        return None
    if reply_row("at_first").is_in(_text(sentence.items)):
        return 0
    numbers = {number for item in sentence.items for number in numbers_of(item)} - {REST}
    if len(numbers) != 1:
        return None
    at = next(at for at, item in enumerate(sentence.items) if numbers_of(item))
    is_liked = reply_row("favoured").is_in(_text(sentence.items)) or not sentence.kinds.isdisjoint(_LIKING)
    return numbers.pop() if is_liked or all(map(_is_small, sentence.clause(at))) else None


def _is_small(item: Item) -> bool:
    is_said = item.is_mark or bool(numbers_of(item)) or item.has(*_SMALL)
    return is_said or item.text in reply_row("attempt")


def _without_faults(text: str, sentences: Sequence[Sentence], known: Lexicon) -> str:
    """Return a text without the words that find the last painting too strong, or too large."""
    for items in (one.items for one in sentences):
        for at, item in enumerate(items):
            if item.has("excess", "too") or known.changes.get(item.text) in _AMISS:
                for amiss in items[at : at + 1 + item.has("excess", "too")]:
                    text = text.replace(amiss.raw, "", 1)
    return text


def _without_place(text: str) -> str:
    """Return a text without the words for the first answer: "the one from the start" is no description."""
    places = sorted(map(re.escape, reply("at_first")), key=len, reverse=True)
    return re.sub(rf"(?<![a-z])(?:{'|'.join(places)})(?![a-z])", "", text, flags=re.IGNORECASE)


def _text(items: Sequence[Item]) -> str:
    return " ".join(
        words("".join(item.raw if item.raw[:1] >= FIRST_CJK else f" {item.raw} " for item in items))
    )
