"""Find the pictures that a reply names by their strengths: "the weakest, bigger", "el de 75", "die 40er".

with_named_strengths  a reply and its thread -> the reply with "photo 1" for a picture named so
with_numbers          the same of a text and the pictures

Pictures of one strength have no such names. Words before a noun are no name ("the strongest effect", "the 40
guests"), and neither is a wish ("make it the strongest"), nor are any words beside a wish for all. The words
are the rows `weakest`, `strongest` and `strength_lead` of the table `reply` of the words files.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, partial

from mailbot.conversation.earlier_mails import EarlierMails
from mailbot.conversation.mail_reader import MailReader
from mailbot.intents.changes.heard_changes import means_all
from mailbot.intents.changes.relative_changes import MAX_TEXT
from mailbot.intents.details.photo_calls import call, written
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.paintings.photo_numbers import numbers_of
from mailbot.intents.sentence import Item
from mailbot.intents.sentence_reader import SentenceReader
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.storage.conversations import Remembered
from mailbot.storage.ledger_rows import Message
from styles.contract import PaintingRecipe
from styles.language.language_detection import detect
from styles.language.lexicon import lexicon, relative
from styles.language.tokens import fold, spellings, tokenize
from styles.language.word_rows import reply
from styles.language.written_numbers import number

_CJK = r"\u2e80-\U0010ffff"
#: Where words of letters begin and end; Chinese and Japanese words may stand beside them.
_BEFORE, _BEHIND = rf"(?<![^\W{_CJK}])", rf"(?![^\W{_CJK}])"
#: Characters before a name and behind it that are read.
_NEAR = 40
#: Kinds of words by which something is asked of a picture, and those directly behind its name.
_ASKED = ("again", "size", "percent", "color")
_FOLLOWING = ("again", "copula", "further", "courtesy")


async def with_named_strengths(
    message: Message, request: StyleRequest, reader: MailReader, earlier: EarlierMails, last: Remembered
) -> StyleRequest:
    """Return a reply with the numbers of pictures of the `last` answer, or of the thread if that has one."""
    shown = last.painted
    if len(shown) < 2:
        shown = (await earlier.of_thread(message, request)).painted
    text = with_numbers(request.text, [each.recipe for each in shown], reader.catalogue)
    return replace(request, text=text)


def with_numbers(text: str, pictures: Sequence[PaintingRecipe], catalogue: Catalogue) -> str:
    """Return the text with the number of a picture for each name that its strength gives it."""
    strengths = [round(100 * recipe.strength) for recipe in pictures]
    counts = Counter(strengths)
    if len(counts) < 2:
        return text
    known = relative(detect(tokenize(text[:MAX_TEXT])))
    reader = SentenceReader(catalogue, known)

    def named(most: int | None, match: re.Match[str]) -> str:
        value = _value(match) if most is None else most
        is_one = counts[value] == 1 and _is_name(match, reader)
        return f" {call(strengths.index(value))} " if is_one else match[0]

    said = apart = unicodedata.normalize("NFD", text[:MAX_TEXT])
    for row, most in (("weakest", min(counts)), ("strongest", max(counts))):
        said = re.sub(_superlative(row), partial(named, most), said, flags=re.IGNORECASE)
    said = re.sub(_amount(), partial(named, None), said, flags=re.IGNORECASE)
    if said == apart:
        return text
    said = unicodedata.normalize("NFC", said)
    others = [one for one in reader.sentences(said, "text") if not any(map(numbers_of, one.items))]
    return text if any(means_all(one, known) for one in others) else said + text[MAX_TEXT:]


def _value(match: re.Match[str]) -> int:
    return int(match["figure"] or 0) or number(fold(match["word"] or ""))


def _is_name(match: re.Match[str], reader: SentenceReader) -> bool:
    """Tell whether the words that were found stand for a picture, by the words around them."""
    text, start, end = match.string, match.start(), match.end()
    clause = re.split(r"[.,;:!?\n，。、；：！？]", text[max(0, start - _NEAR) : start])[-1]
    before = reader.one(clause, "text").items
    behind = reader.one(text[end : end + _NEAR].partition("\n")[0], "text").items
    is_noun = match[0][-1] > "⺀" and not match[0].endswith("的")  # "最淡的那张", "一番薄いの"
    is_led = match[0][-1] > "⺀" or len(match[0].split()) > 1
    is_asked = any(item.has(*_ASKED) or item.mention or item.is_number for item in behind)
    if before and before[-1].has("copula") and before[-1].has("statement"):  # "you are the boldest!"
        return False
    if not is_asked and any(item.has("make") for item in before):  # "make it the strongest"
        return False
    return is_noun or ((is_led or _is_noun(behind[:1])) and _follows(behind))


def _follows(behind: Sequence[Item]) -> bool:
    """Tell whether words can stand behind the name of a picture: "bigger", "one in groß", "of the three"."""
    if not behind or behind[0].is_mark or behind[0].has(*_FOLLOWING):
        return True
    first, rest = behind[0], behind[1:]
    if first.has("one_each"):  # "one in"
        return any(one.mention or one.has("size") for one in rest[:1])
    if _is_noun(behind[:1]):
        return _follows(rest)
    if first.has("of", "article"):
        item = next((one for one in rest if not one.has("of", "article")), None)
        return item is not None and item.has("counts")
    if first.has("size"):
        return not rest or rest[0].is_mark or rest[0].has("courtesy")
    return first.has("cue") and any(one.mention or one.is_number or one.has(*_ASKED) for one in rest[:1])


def _is_noun(items: Sequence[Item]) -> bool:
    """Tell whether the only item is a word for a picture, such as "one"."""
    return any(
        item.has("single", "described_end", "one_each") or item.text in reply("photo_noun") for item in items
    )


@cache
def _superlative(row: str) -> str:
    """Return the pattern of words for the picture at an end."""
    phrases = reply(row)
    articles = _any(article for article in lexicon().phrases("article") if article.isascii())
    first = "".join(sorted({re.escape(one) for phrase in phrases for one in spellings(fold(phrase)[0])}))
    return rf"{_BEFORE}(?:(?:{articles})\s+)?(?=[{first}])(?:{_any(phrases)}){_BEHIND}"


@cache
def _amount() -> str:
    """Return the pattern of a strength that names a picture: "the one at 40", "die 40er", not "the 40/60"."""
    percent = rf"\s*(?:%|er|{_any(lexicon().phrases('percent'))})"
    led = rf"{_BEFORE}(?:{_any(reply('strength_lead'))})\s+(?:(?P<figure>\d{{1,3}})|(?P<word>[^\W\d_]+))"
    return rf"{led}(?:{percent})?(?![\w%]|[.,]\d|[-/:]\w)"


def _any(phrases: Iterable[str]) -> str:
    """Return the pattern of phrases with any accents, the longest first."""
    folded = sorted({fold(phrase) for phrase in phrases}, key=len, reverse=True)
    return "|".join(r"\s+".join(map(written, phrase.split())) for phrase in folded)
