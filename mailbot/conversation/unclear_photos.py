"""Notice that a reply may mean a photo that it does not name: one of several, or one that has not come.

note_of_all      a reply that changes all pictures -> the line for the answer if it may mean one, else ""
names_one_photo  whether a text is about one photo, and does not say by a number which
short_sentences  the sentences of a text that may be about a photo, and the words of its language
note_of_missing  a reply about the only photo of its thread -> the line if it wants another one alike, else ""

Words name a photo that has not come: "this photo", the row `new_photo` of the table `reply` of the words
files; what it shows, "the photo of Grandpa"; or somebody else, "Grandpa too".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from mailbot.conversation import recipes
from mailbot.intents.changes.heard_changes import means_all
from mailbot.intents.changes.picture_choices import is_alike
from mailbot.intents.changes.relative_changes import MAX_TEXT, MAX_WORDS
from mailbot.intents.details.sign_offs import without_sign_off
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.paintings.photo_numbers import REST, numbers_of
from mailbot.intents.sentence import Item, Sentence
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.language_detection import detect
from styles.language.lexicon import Lexicon, relative
from styles.language.tokens import key, tokenize, words
from styles.language.word_rows import WordRow, reply
from styles.translatable import gettext_noop

#: Note in the answer to a reply that may mean a photo which did not come with it.
NO_NEW_PHOTO = gettext_noop(
    "No new photo came with your mail, so I painted the one from before. "
    "If you meant another one, answer with it attached."
)
#: Kinds of words that say how a painting is to be.
_OPTIONS = ("color", "size_word", "strength_word", "edits")
#: Kinds of words between "for" and somebody: "for my dear grandpa".
_BETWEEN = ("article", "own", "praise")
#: Kinds of words that can stand before the thing that a reply is about, and behind it.
_BEFORE = (
    *("article", "own", "courtesy", "ask", "make", "want", "and", "paint", "praise", "thanks", "limit"),
    "only",
)
_BEHIND = ("cue", "copula", "not_after", "excess", "again", "size", "strength", "statement")
#: Kinds of words for a single picture behind what tells which: "the lake one", "有树的那张".
_ONE = ("single", "described_end")


def note_of_all(text: str, count: int, catalogue: Catalogue) -> str:
    """Return a line for a reply that changes all pictures of `count` photos, and may mean one of these.

    It may where a word that nothing has understood stands in a short sentence, and none says “both”. Colours
    tell photos apart: “the red one”.
    """
    short, known = short_sentences(text, catalogue)
    short = without_sign_off(short)
    is_numbered = any(set(numbers_of(item)) - {REST} for one in short for item in one.items)
    if is_numbered or any(means_all(one, known) for one in short):
        return ""
    telling = {"hue"} if count > 1 else set()
    is_doubtful = any(
        item.is_unknown and item.kinds <= telling and not _is_addressed(one.items[:at])
        for one in short
        for at, item in enumerate(one.items)
    )
    if not (is_doubtful or any(_is_of_one(one, is_thing_told=count > 1) for one in short)):
        return ""
    return recipes.ALL_PHOTOS if count > 1 else recipes.ALL_PICTURES


def _is_addressed(before: Sequence[Item]) -> bool:
    """Tell whether the item behind these is somebody's name: "thanks Hugo", "love, Ann"."""
    last = next((item for item in reversed(before) if not item.is_mark), None)
    return last is not None and last.has("thanks", "courtesy", "polite", "likes") and not last.has("ask")


def names_one_photo(text: str, catalogue: Catalogue) -> bool:
    """Tell whether a short sentence is about one photo: "the rocket in kandinsky", "only mine, weaker"."""
    short, known = short_sentences(text, catalogue)
    is_of_one = any(_is_of_one(one, is_thing_told=True) for one in short)
    return is_of_one and not any(means_all(one, known) for one in short)


def short_sentences(text: str, catalogue: Catalogue) -> tuple[list[Sentence], Lexicon]:
    """Return the short sentences of a text, and the words of its language."""
    known = relative(detect(tokenize(text[:MAX_TEXT])))
    sentences = SentenceReader(catalogue, known).sentences(text[:MAX_TEXT], "text")
    return [one for one in sentences if len(one.words) <= MAX_WORDS], known


def _is_of_one(sentence: Sentence, *, is_thing_told: bool) -> bool:
    """Tell whether a sentence is about one photo, or the others, by no number that says which.

    A thing in the only photo, of which there are several pictures, tells none of these from the others.
    """
    numbers = {number for item in sentence.items for number in numbers_of(item)}
    if numbers:
        return numbers == {REST}
    items = [item for item in sentence.items if not item.has("between") or item.has("article", *_BEHIND)]
    is_owned = any(_is_owned(*pair) for pair in pairwise(items))
    return is_owned or _is_of_picture(items) or (is_thing_told and _is_of_thing(items))


def _is_of_picture(items: Sequence[Item]) -> bool:
    """Tell whether items begin with a picture by what it shows: "the lake one", "the one with the tree"."""
    at = _first(items)
    behind = next((item for item in items[at + 1 :] if not item.is_mark), None)
    is_one = behind is not None and _is_one(behind)
    return _is_named(items, at) and (is_one or any(item.has("described") for item in items[:at]))


def _is_of_thing(items: Sequence[Item]) -> bool:
    """Tell whether items begin with a thing, and say how it is to be painted."""
    at = _first(items)
    if at + 1 >= len(items) or not _is_thing(items[at]):
        return False
    behind = items[at + 1]
    is_in_style = behind.has("cue") and any(item.mention for item in items[at + 2 : at + 3])
    is_changed = behind.has(*_BEHIND) or behind.mention is not None or behind.text == ":"
    return is_in_style or (is_changed and _is_named(items, at))


def _first(items: Sequence[Item]) -> int:
    """Return the index of the first item that is no small word."""
    return next((n for n, item in enumerate(items) if not (item.is_mark or item.has(*_BEFORE))), len(items))


def _is_named(items: Sequence[Item], at: int) -> bool:
    """Tell whether the item at an index stands for a thing, or a person: "the lake", "Ann"."""
    if at >= len(items) or not _is_thing(items[at]):
        return False
    is_led = at > 0 and items[at - 1].has("article", "own")
    return is_led or items[at].has("being") or items[at].is_unknown


def _is_owned(item: Item, behind: Item) -> bool:
    """Tell whether a photo is somebody's: "mine weaker", "el suyo más suave", "我的那张"."""
    if item.has("own"):
        return _is_one(behind) and not behind.has("photo")
    return item.text.rpartition(" ")[2] in _owned() and (behind.is_mark or behind.has(*_BEHIND, "again"))


def _is_one(item: Item) -> bool:
    return item.has(*_ONE) or item.text in reply("photo_noun")


@cache
def _owned() -> frozenset[str]:
    return frozenset(map(key, reply("owned")))


def _is_thing(item: Item) -> bool:
    return (
        not item.mention
        and not item.is_number
        and (item.is_unknown or item.kinds <= {"being", "caption", "region", "hue"})
    )


def note_of_missing(text: str, catalogue: Catalogue) -> str:
    """Return the line for the answer to a reply that wants the same of a photo that is not in the thread.

    Photos of the thread have numbers in the text, as `photo_names` writes them.
    """
    short, known = short_sentences(text, catalogue)
    is_named = _new_photo().is_in(" ".join(words(text[:MAX_TEXT])))
    for items in (sentence.items for sentence in short):
        is_of_thread = any(set(numbers_of(item)) - {REST} or item.has(*_OPTIONS) for item in items)
        wants_same = not is_of_thread and any(_is_same(item, known) for item in items)
        if wants_same and (is_named or _is_of_another(items, known)):
            return NO_NEW_PHOTO
    return ""


def _is_same(item: Item, known: Lexicon) -> bool:
    return is_alike(item) or known.changes.get(item.text) == "same"


def _is_of_another(items: Sequence[Item], known: Lexicon) -> bool:
    """Tell whether items speak of somebody, or of a photo by what it shows."""
    is_joined = _has_photo(items, known) or any(item.has("further") for item in items)
    return (is_joined and any(map(_may_be_shown, items))) or _is_for_being(items)


def _has_photo(items: Sequence[Item], known: Lexicon) -> bool:
    """Tell whether items hold a photo; "the same photo" is the one of the thread."""
    return any(
        not (at and _is_same(items[at - 1], known))
        and any("sent" in known.of(word) for word in item.text.split())
        for at, item in enumerate(items)
    )


def _is_for_being(items: Sequence[Item]) -> bool:
    """Tell whether something is for somebody: "for my grandpa"."""
    said = [item for item in items if not item.has(*_BETWEEN) or item.has("for")]
    return any(one.has("for") and other.has("being") for one, other in pairwise(said))


def _may_be_shown(item: Item) -> bool:
    """Tell whether an item may name what a photo shows: "Grandpa", or a name that no list has."""
    return item.is_unknown or item.has("being", "caption")


@cache
def _new_photo() -> WordRow:
    stars = ((phrase, "*" * phrase.endswith("*")) for phrase in reply("new_photo"))
    return WordRow.of(f"{' '.join(words(phrase))}{star}" for phrase, star in stars)
