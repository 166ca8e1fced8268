"""Find the photos that a reply names by what they show: "the cat is too dark", of cat.jpg and harbour.jpg.

with_numbers     text, the names of the photos -> the text with "photo 1" for such a name
without_numbers  such a text with "it" for each photo
without_more     a reply with a photo -> its text without the "another one" that is this photo
listed           a subject such as "the cat, the rocket and our boat" -> a name for each of so many photos
names_one_photo  whether a text is about one thing, whichever photo shows it
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from mailbot.intents.changes.heard_changes import means_all
from mailbot.intents.changes.phrase_patterns import replaced
from mailbot.intents.changes.relative_changes import MAX_TEXT, MAX_WORDS
from mailbot.intents.details.photo_calls import call, with_calls, written
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.sentence import NUMBERED, Item, Sentence
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.language_detection import detect
from styles.language.lexicon import lexicon, relative
from styles.language.tokens import key, tokenize, words
from styles.language.word_rows import reply

#: Letters of the shortest name, and kinds of words that only tell what is in a photo.
_SHORTEST, _TELLING = 3, frozenset(("caption", "being", "letter", "place"))
#: Kinds of words that can stand before the thing that a reply is about, and behind it.
_BEFORE = ("article", "own", "courtesy", "ask", "make", "want", "and", "paint", "praise", "thanks", "limit")
_BEHIND = ("cue", "copula", "not_after", "excess", "again", "size", "strength", "statement")
#: Where a word of letters begins; Chinese and Japanese words may stand beside it.
_EDGE = r"(?<![^\W\u2e80-\U0010ffff])"
#: What stands between the names of a list.
_COMMA = re.compile(r"\s*(?:[,;、，/&+]|\s-\s)\s*")


def with_numbers(text: str, names: Sequence[str], catalogue: Catalogue) -> str:
    """Return the text with the number of a photo for each word that is in the name of only this one.

    A text without such a word is returned as it is, also where its accents are set apart.
    """
    found, known = [set(_words(name)) for name in names], lexicon(detect(tokenize(text[:MAX_TEXT])))
    shared = Counter(word for one in found for word in one)
    before = "|".join(sorted(map(re.escape, lexicon().phrases("article", "own")), key=len, reverse=True))
    nouns = "|".join(reply("photo_noun"))
    said, apart = (unicodedata.normalize("NFD", each) for each in (with_calls(text, names, catalogue), text))
    for number, own in enumerate(found):
        for word in sorted(own, key=len, reverse=True):
            is_said = re.search(written(word), said, re.IGNORECASE)  # most are not: no need of the articles
            if is_said and shared[word] == 1 and not catalogue.find([word]):
                edge = _EDGE if word.isascii() else ""
                end = edge.replace("<", "")
                name = rf"{edge}(?:(?:{before})\s+)?{written(word)}"
                if known.of(word) - _TELLING:  # "the after one", of after.jpg
                    name += rf"\s+(?:{nouns}){end}"
                else:  # "gipfelbild", of gipfel.jpg
                    name += rf"(?:s?-?(?:{nouns}))?{end}"
                said = re.sub(name, call(number), said, flags=re.IGNORECASE)
    return text if said == apart else unicodedata.normalize("NFC", said)


def without_numbers(text: str) -> str:
    """Return the text of `with_numbers` with "it" for each photo."""
    return re.sub(r"\bphoto \d+", "it ", text)


def without_more(text: str, catalogue: Catalogue) -> str:
    """Return the text of a reply with a photo without "another one", which is the photo and no style."""
    known, more = relative(detect(tokenize(text[:MAX_TEXT]))), set(map(key, reply("one_more")))
    for sentence in SentenceReader(catalogue, known).sentences(text[:MAX_TEXT], "text"):
        for item in (item for item in sentence.items if item.text in more):
            text = replaced(text, item, "")
    return text


def listed(subject: str, count: int) -> list[str]:
    """Return the names of `count` photos that a subject lists, none if it lists another number."""
    joins = "|".join(sorted(map(re.escape, lexicon().phrases("and")), key=len, reverse=True))
    names = [part for part in re.split(rf"{_COMMA.pattern}|\s+(?:{joins})\s+", subject) if part.strip()]
    return names if len(names) == count else []


def names_one_photo(text: str, catalogue: Catalogue) -> bool:
    """Tell whether a short sentence is about a thing: "the rocket in kandinsky", "the cat is too dark"."""
    known = relative(detect(tokenize(text[:MAX_TEXT])))
    sentences = SentenceReader(catalogue, known).sentences(text[:MAX_TEXT], "text")
    short = [one for one in sentences if len(one.words) <= MAX_WORDS]
    return any(map(_is_of_thing, short)) and not any(means_all(one, known) for one in short)


def _is_of_thing(sentence: Sentence) -> bool:
    """Tell whether a sentence begins with a thing, by no number, and says how it is to be painted."""
    items = [item for item in sentence.items if not item.has("between") or item.has("article", *_BEHIND)]
    at = next((n for n, item in enumerate(items) if not (item.is_mark or item.has(*_BEFORE))), len(items))
    if at + 1 >= len(items) or any(item.has(*NUMBERED) for item in items):
        return False
    behind = items[at + 1]
    is_led = at > 0 and items[at - 1].has("article", "own")
    return (
        (is_led or items[at].has("being") or items[at].is_unknown)
        and _is_thing(items[at])
        and (behind.has(*_BEHIND) or behind.mention is not None or behind.text == ":")
    )


def _is_thing(item: Item) -> bool:
    return (
        not item.mention
        and not item.is_number
        and (item.is_unknown or item.kinds <= {"being", "caption", "region"})
    )


def _words(name: str) -> Iterator[str]:
    """Yield the words of a photo's name that can tell which one it is."""
    stem = name.rpartition(".")[0] or name
    for word in words(re.sub(r"[\d_-]+", " ", stem)):
        if len(word) >= _SHORTEST or not word.isascii():
            yield word
