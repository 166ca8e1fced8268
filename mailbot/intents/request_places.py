"""Find the places of a mail where a request can stand, without what programs add.

bare_subject   a subject without prefixes such as "Re:"
is_answer      whether a mail answers another one
own_subject    the subject, unless it is that of the mail that this one answers
numbered       the text, with the photos' numbers in place of their file names
tags           what is written in the bot's addresses
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from mailbot.intents.details.photo_calls import with_calls
from mailbot.intents.names.catalogue import Catalogue
from mailbot.parsing.mail_parser import StyleRequest
from styles.language.lexicon import lexicon
from styles.language.tokens import words as split_words
from styles.language.written_numbers import with_han_digits

#: Prefixes of answers, forwarded mails and gateways: "Re:", "WG:", "[EXTERNAL]".
_PREFIX = re.compile(
    r"^\s*(?:(?:(?P<reply>re|aw|sv|vs|antw|antwort|r[eé]p|res|rif|odp|ynt|回复|回覆|答复|返信|r)|(?P<forward>fwd?|wg|tr|rv|vl|enc|i|doorst|转发|轉寄|転送)"
    r"|emailing|external)\s*(?:\[\d+\])?\s*[:：]|\[[^\[\]]{1,30}\])\s*",
    re.IGNORECASE,
)
#: Photos that can be meant by their file names, and the fewest letters of one.
_NUMBERED, _SHORTEST_NAME = 8, 3
#: The number of a row: "1) scream", "2. udnie", "3 - wave".
_ROW = re.compile(r"(?<![\w.,/%])([1-8])(?:\s?[.):=、：]|\s[-–—](?=\s))\s*(?=[^\W\d])")
#: The same without a mark, where there are as many as photos: "1 scream 2 udnie".
_BARE_ROW = re.compile(r"(?<!\S)([1-8])\s+(?=[^\W\d])")
#: A number that stands for nothing else, where each of the photos has one.
_BARE = re.compile(r"(?<![\w.,/%#+:第图-])(?<!photo )([1-8])(?![\w%./-]|[,:]\d|\s?%)")
#: Numbers of photos of which only the last has the word for it: "1・3枚目", "第一、三张".
_DIGIT = "[一二三四五六七八1-8]"
_LIST = re.compile(rf"(第?)({_DIGIT}(?:[・、,和与及と&]{_DIGIT})+)([枚番点][目め]|[张張幅])")
#: The number of a photo as a sign: "#1", "①".
_SIGN = re.compile(r"#\s?([1-8])(?!\w)|[①-⑧]")
#: What stands between a photo and its style: "dog -> wave".
_ARROW = re.compile(r"\s*(?:[-=]+>|[→⇒➡＝]|\s=\s)\ufe0f?\s*")
#: Kinds of words that only tell what is in a photo.
_TELLING = {"caption", "being", "letter", "place"}
#: Characters of a subject that are read.
_MAX_SUBJECT = 500


def bare_subject(subject: str) -> tuple[str, bool]:
    """Return the subject without its prefixes, and whether it is that of an answer."""
    bare, is_reply = subject[:_MAX_SUBJECT].strip(), False
    while match := _PREFIX.match(bare):
        is_reply = is_reply or bool(match["reply"])
        bare = bare[match.end() :]
    return bare, is_reply


def is_forward(subject: str) -> bool:
    """Tell whether a subject begins as that of a forwarded mail."""
    match = _PREFIX.match(subject[:_MAX_SUBJECT].strip())
    return match is not None and bool(match["forward"])


def is_answer(request: StyleRequest) -> bool:
    """Tell whether a mail answers another one, by its thread or its subject."""
    return bool(request.references) or bare_subject(request.subject)[1]


def own_subject(request: StyleRequest) -> str:
    """Return the subject; "" where it is that of the mail before: behind "Re:" and above words.

    A link of an answer makes a new subject, without "Re:", and mail programs put a signature below it.
    """
    subject, is_reply = bare_subject(request.subject)
    return "" if is_reply and request.text else subject


def plain(text: str) -> str:
    """Return the text with a colon for each arrow, "dog -> wave", and digits for "两千四百像素"."""
    return with_han_digits(_ARROW.sub(": ", text))


def numbered(request: StyleRequest, catalogue: Catalogue) -> str:
    """Return the text with the photos' file names as numbers: "beach.jpg in udnie" means the first.

    So do the numbers of rows, "1. scream 2. udnie". A name of words that are known needs its ending: phones
    write "photo.jpg", and "udnie" beside udnie.png is the style.
    """
    if len(request.images) <= 1:
        return plain(request.text)
    text = plain(request.text)
    text = _LIST.sub(_spread, text)
    text = _SIGN.sub(lambda match: f"photo {match[1] or unicodedata.digit(match[0])} ", text)
    for pattern, fewest in ((_ROW, 2), (_BARE_ROW, len(request.images))):
        rows = [int(number) for number in pattern.findall(text)]
        if fewest <= len(rows) <= len(request.images) and rows == [*range(1, len(rows) + 1)]:
            text = pattern.sub(r"photo \1 ", text)
    bare = [int(number) for number in _BARE.findall(text)]
    if sorted(bare) == [*range(1, len(request.images) + 1)]:  # "Turner for 1 and 3, Matisse for 2"
        text = _BARE.sub(r"photo \1 ", text)
    text = with_calls(text, [photo.name for photo in request.images[:_NUMBERED]], catalogue)
    for number, photo in enumerate(request.images[:_NUMBERED], start=1):
        stem = photo.name.rpartition(".")[0] or photo.name
        if len(stem) >= _SHORTEST_NAME:
            ending = rf"(?:\.\w{{1,5}}){'' if _is_known(split_words(stem), catalogue) else '?'}"
            name = rf"(?<!\w){re.escape(stem)}{ending}(?!\w)"
            text = re.sub(name, f"photo {number}", text, flags=re.IGNORECASE)
    return text


def _is_known(written: Sequence[str], catalogue: Catalogue) -> bool:
    """Tell whether words name a style, or hold one that asks for something; "beach" only tells."""
    return bool(catalogue.find(written)) or any(lexicon().of(word) - _TELLING for word in written)


def _spread(match: re.Match[str]) -> str:
    """Return a list of numbers with the word for a photo behind each: "1枚目・3枚目"."""
    lead, numbers, unit = match.groups()
    if not lead and len(unit) == 1:  # "一、两张" counts
        return match[0]
    return re.sub(_DIGIT, lambda digit: f"{lead}{digit[0]}{unit}", numbers)


def tags(request: StyleRequest, own: Collection[str]) -> Iterator[str]:
    """Yield the words behind the `+` in those of the bot's addresses to which the mail was written."""
    for address in request.recipients:
        local, _, domain = address.lower().rpartition("@")
        bare, _, tag = local.partition("+")
        if tag and f"{bare}@{domain}" in own:
            yield re.sub(r"[-_.]+", " ", tag)
