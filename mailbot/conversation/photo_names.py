"""Find the photos that a reply names by what they show: "the cat is too dark", of cat.jpg and harbour.jpg.

with_numbers     text, the names of the photos -> the text with "photo 1" for such a name
without_numbers  such a text with "it" for each photo
without_more     a mail with a photo -> the mail without the "another one" that is this photo
listed           a subject such as "the cat, the rocket and our boat" -> a name for each of so many photos
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import takewhile

from mailbot.intents.changes.heard_changes import numbers_tell_why
from mailbot.intents.changes.phrase_patterns import replaced
from mailbot.intents.changes.relative_changes import MAX_TEXT
from mailbot.intents.details.photo_calls import call, with_calls, written
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.paintings.photo_numbers import numbers_of
from mailbot.intents.sentence import Item
from mailbot.intents.sentence_reader import SentenceReader
from mailbot.parsing.mail_parser import StyleRequest
from styles.language.language_detection import detect
from styles.language.lexicon import lexicon, relative
from styles.language.tokens import key, tokenize, words
from styles.language.word_rows import reply

#: Letters of the shortest name, and kinds of words that only tell what is in a photo.
_SHORTEST, _TELLING = 3, frozenset(("caption", "being", "letter", "place", "venue"))
#: Kinds of words that are no name where they begin a clause: "big in the scream".
_OPTIONS = frozenset(
    ("again", "size", "strength", "only", "make", "ask", "want", "and", "further", "courtesy")
)
#: What stands before a clause; nothing does so as well.
_BEGINS = ("", *".,;:!?\n")
#: Kinds of words behind what stands for a photo alone, and characters behind it that are read.
_FOLLOWING, _NEAR = ("cue", "copula", "again", "size", "strength", "and", "further", "percent"), 40
#: Places of a word that are read with what stands behind them.
_MOST_CALLS = 20
#: Where a word of letters begins; Chinese and Japanese words may stand beside it.
_EDGE = r"(?<![^\W\u2e80-\U0010ffff])"
#: The end of a question, as far as a clause goes.
_QUESTION = re.compile(r"^[^.!;:。！；：]*[?？]")
#: What stands between the names of a list.
_COMMA = re.compile(r"\s*(?:[,;、，/&+]|\s-\s)\s*")


def with_numbers(text: str, names: Sequence[str], catalogue: Catalogue) -> str:
    """Return the text with the number of a photo for each word that is in the name of only this one.

    A text without such a word is returned as it is, also where its accents are set apart. Only the beginning
    of a long text is read.
    """
    text, unread = text[:MAX_TEXT], text[MAX_TEXT:]
    found, known = [set(_words(name)) for name in names], lexicon(detect(tokenize(text)))
    shared = Counter(word for one in found for word in one)
    before = "|".join(sorted(map(re.escape, lexicon().phrases("article", "own")), key=len, reverse=True))
    nouns = "|".join(reply("photo_noun"))
    said, apart = (unicodedata.normalize("NFD", each) for each in (with_calls(text, names, catalogue), text))
    named = [(word, number) for number, own in enumerate(found) for word in own if shared[word] == 1]
    reader = SentenceReader(catalogue, known)
    for word, number in sorted(named, key=lambda each: len(each[0]), reverse=True):  # "祖母" before "母"
        is_said = re.search(written(word), said, re.IGNORECASE)  # most are not: no need of the articles
        if is_said and not catalogue.find([word]):
            kinds, edge = known.of(word) - _TELLING, _EDGE if word.isascii() else ""
            kinds = frozenset[str]() if kinds & _OPTIONS and _is_given_name(word, text, reader) else kinds
            end = edge.replace("<", "")
            name = rf"{edge}(?:(?:{before})\s+)?{written(word)}"
            if kinds:  # "the after one", of after.jpg
                ending = "(?:e[nrs]?)?" if "hue" in kinds else ""
                led = rf"{edge}(?P<article>(?:{before})\s+|l['’])?{written(word)}{ending}{end}"
                is_name = kinds.isdisjoint(_OPTIONS)
                called = partial(_called, number, reader, is_name, shared)
                said = re.sub(led, called, said, count=_MOST_CALLS, flags=re.IGNORECASE)
                name += rf"\s{'+' if word.isascii() else '*'}(?:{nouns}){end}"
            else:  # "gipfelbild", of gipfel.jpg
                name += rf"(?:s?-?(?:{nouns}))?{end}"
            said = re.sub(name, call(number), said, flags=re.IGNORECASE)
    is_kept = said == apart or _is_of_all(said, reader)
    return (text if is_kept else unicodedata.normalize("NFC", said)) + unread


def _is_given_name(word: str, text: str, reader: SentenceReader) -> bool:
    """Tell whether a word for an option is a name in a text: "Max bitte größer"."""
    items = (item for one in reader.sentences(text, "text") for item in one.items)
    return any(item.is_unknown and key(item.raw) == word for item in items)


def _called(
    number: int, reader: SentenceReader, is_name: bool, names: Collection[str], match: re.Match[str]
) -> str:
    """Return the words for a photo in place of "the red" or "the after", where no noun stands behind.

    A word that `is_name` needs no article where it begins a clause that says more: "Tom bigger".
    "The red of the roof" and "the red and white flag" are no photos, unless white is in the `names` too, and
    "will bigger work?" is a question.
    """
    said, at, end = match.string, match.start(), match.end()
    clause = said[end : end + _NEAR].partition("\n")[0]
    behind = reader.one(clause, "text").items
    if _is_of_hue(behind, names):
        return match[0]
    first = behind[:1]
    is_asked = all(one.is_number or one.mention or one.has(*_FOLLOWING) for one in first)
    is_led = any(one.text == ":" for one in first)
    if match["article"]:
        is_called = is_asked or first[0].is_mark
    else:
        is_first = said[:at].rstrip(" ")[-1:] in _BEGINS
        is_said = is_led or (is_asked and bool(first) and not _QUESTION.search(clause))
        is_called = is_name and is_first and is_said
    return call(number) if is_called else match[0]


def _is_of_hue(behind: Sequence[Item], names: Collection[str]) -> bool:
    """Tell whether what stands behind a hue makes it that of a thing: "red of the roof"."""
    if any(item.has("of") for item in behind[:1]):
        return True
    is_joined = any(item.text == "," or item.has("and") for item in behind[:1])
    row = takewhile(lambda item: item.is_unknown or item.is_mark or item.has("and", "article", "hue"), behind)
    return is_joined and any(item.has("hue") and item.text not in names for item in row)


def _is_of_all(text: str, reader: SentenceReader) -> bool:
    """Tell whether all photos are meant, and the named ones tell why: "both at 60, or Tom is jealous"."""
    named = [one for one in reader.sentences(text[:MAX_TEXT], "text") if any(map(numbers_of, one.items))]
    return bool(named) and all(numbers_tell_why(one, reader.words) for one in named)


def without_numbers(text: str) -> str:
    """Return the text of `with_numbers` with "it" for each photo."""
    return re.sub(r"\bphoto \d+", "it ", text)


def without_more(request: StyleRequest, catalogue: Catalogue) -> StyleRequest:
    """Return a mail with a photo without "another one", which is the photo and no style."""
    subject, text = (_without_more(said, catalogue) for said in (request.subject, request.text))
    return replace(request, subject=subject, text=text)


def _without_more(text: str, catalogue: Catalogue) -> str:
    known, more = relative(detect(tokenize(text[:MAX_TEXT]))), set(map(key, reply("one_more")))
    for sentence in SentenceReader(catalogue, known).sentences(text[:MAX_TEXT], "text"):
        is_whole = " ".join(item.text for item in sentence.words) in more  # "une autre"
        for item in (item for item in sentence.words if is_whole or item.text in more):
            text = replaced(text, item, "")
    return text


def listed(subject: str, count: int) -> list[str]:
    """Return the names of `count` photos that a subject lists, none if it lists another number."""
    joins = "|".join(sorted(map(re.escape, lexicon().phrases("and")), key=len, reverse=True))
    names = [part for part in re.split(rf"{_COMMA.pattern}|\s+(?:{joins})\s+", subject) if part.strip()]
    return names if len(names) == count else []


def _words(name: str) -> Iterator[str]:
    """Yield the words of a photo's name that can tell which one it is."""
    stem = name.rpartition(".")[0] or name
    for word in words(re.sub(r"[\d_-]+", " ", stem)):
        if len(word) >= _SHORTEST or not word.isascii():
            yield word
