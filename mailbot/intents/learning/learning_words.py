"""Read the words of a sentence about learning: those of a row, small words around them, and refusals."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, lru_cache

from styles.language.lexicon import LANGUAGES, lexicon, word_file
from styles.language.tokens import segment, tokenize
from styles.language.word_rows import WordRow, command

#: Words of a phrase; the longest one of the rows has 8.
LONGEST_PHRASE = 16
#: What ends a sentence.
SENTENCE = re.compile(r"[.!?。！？]+")
_ENDED = re.compile(r"([^.!?。！？\n]+)([.!?。！？]*)")
#: Where a clause begins within a sentence: what stands before it refuses nothing behind it.
CLAUSE = re.compile(r"[,;:，、；：–—]|\s-\s|\bbut\b")
#: What stands between “learn” and a name, with the spaces around it.
COLON = re.compile(r"\s*[:：]\s*")
#: The same as `CLAUSE`, and where another clause is joined to it.
CONJOINED = re.compile(
    r"[,;:，、；：–—]|\b(?:and|but|und|aber|et|mais|y|pero|ma|e|mas)\b|ので", re.IGNORECASE
)
#: Rows of words that may be part of another word.
_PARTS = frozenset(
    (
        *("name_noun", "name_amiss", "name_lead", "name_owner", "own_thing", "other_one", "name_end"),
        *("changing", "change_lead", "preferred", "not_exactly", "forbidding", "beforehand"),
        *("governed", "refusable", "partly_refused", "seemingly_refused", "further", "retaken"),
        *("sharper", "same_painting", "retaking", "more_shown", "own_learning", "explaining"),
        *("teach_verb", "asking_when", "corrected", "from", "regret", "offering", "requested"),
        *("asked", "learn_it", "imitate_verb", "as_noun", "between_sides", "compared", "permitted"),
        *("remarked", "article", "manner", "needless", "with_mine", "whose", "no_name", "please"),
        *("canvas", "new", "retire_verb", "styles", "unmeant", "photos", "learn_verb", "learnt"),
        *("make_verb", "a_style", "in_style", "joined", "wondering", "called", "learnt_as"),
        *("exact_small", "as_model", "given", "alike", "swap", "mistaken", "renamed", "rather"),
        *("own_style", "agreed", "no", "first_of_all", "no_answer", "praised", "better", "only"),
        *("mine", "first_picture", "second_picture", "as_painting", "as_photo", "wrong", "asking"),
        *("pictures", "halting", "halting_in_story", "wrong_in_story", "after_all", "exactness"),
        *("likeness", "this_photo", "swap_verb", "swap_small", "both_pictures", "speaker"),
        *("delighted", "only_if", "kept_private", "shared", "going_on", "yes", "joking"),
        *("unthinkable", "put_off", "only_tells", "stop_verb", "not_yet", "contented", "hesitant"),
    )
)


def tokens(text: str) -> list[str]:
    """Return the folded words of a text; runs of Chinese and Japanese are cut at words about learning."""
    return folded(text).split()


@lru_cache(maxsize=1024)
def folded(text: str) -> str:
    """Return the `tokens` of a text with a space between two."""
    return " ".join(token.text for token in segment(tokenize(text), _runs()) if token.is_word)


def sentences_in(text: str) -> Iterator[str]:
    """Yield the sentences of a text, each line at least one, a question with its mark."""
    for sentence, end in _ENDED.findall(text):
        if sentence.strip():
            yield f"{sentence}?" if "?" in end or "？" in end else sentence


@cache
def row(name: str) -> frozenset[str]:
    """Return the words and phrases of a row."""
    return command("teaching")[name].words


@cache
def written(*names: str) -> Sequence[str]:
    """Return the phrases of some rows as the word files have them."""
    joined = ",".join(word_file(code)["teaching"][name] for code in LANGUAGES for name in names)
    return [" ".join(phrase.split()) for phrase in joined.split(",") if phrase.strip()]


def says(sentence: str, name: str) -> bool:
    """Tell whether a phrase of a row is all that a sentence says, but for small words around it."""
    return is_within(tokens(sentence), row(name))


def is_within(words: Sequence[str], phrases: Collection[str]) -> bool:
    """Tell whether one of the phrases is all that the words say, but for small words around it."""
    around = small()
    for start in range(len(words)):
        if start and words[start - 1] not in around:
            break
        for end in range(min(len(words), start + LONGEST_PHRASE), start, -1):
            if " ".join(words[start:end]) in phrases and around.issuperset(words[end:]):
                return True
    return "".join(words) in phrases


def has(name: str, said: str) -> bool:
    """Tell whether folded words have one of a row; Chinese and Japanese ones are not cut as the row is."""
    words, runs = _patterns(name)
    return bool(words.search(said)) or (not said.isascii() and bool(runs.search(said.replace(" ", ""))))


@cache
def _patterns(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns of the words of a row, and of its Chinese and Japanese ones."""
    wanted = command("teaching")[name]
    words = [re.escape(each) for each in wanted.words if each.isascii()]
    words += [rf"{re.escape(stem)}\S*" for stem in wanted.stems]
    runs = [re.escape(each) for each in wanted.words if not each.isascii()]
    return re.compile(rf"(?<!\S)(?:{'|'.join(words)})(?!\S)"), re.compile("|".join(runs) or r"(?!)")


def is_wanted(wanted: WordRow, clause: str) -> bool:
    """Tell whether a clause has words of a row, and none that refuses them."""
    return wanted.is_in(said := folded(clause)) and not is_refused(said)


@lru_cache(maxsize=1024)
def is_refused(said: str) -> bool:
    """Tell whether the folded words of a clause refuse something."""
    return command("teaching")["not_exactly"].is_in(without_seeming(said))


def without_seeming(clause: str) -> str:
    """Return a clause without the phrases that only seem to refuse something, such as "why not"."""
    clause = clause.replace("ませんか", "")  # "won't you": a polite request
    return without(f" {clause} ", _seeming())


@cache
def _seeming() -> Sequence[str]:
    """Return the phrases that only seem to refuse something: "no estilo do quadro" is Portuguese."""
    return sorted(lexicon().phrases("not_refusing") | row("seemingly_refused"), key=len, reverse=True)


def without(said: str, phrases: Iterable[str]) -> str:
    """Cut phrases out of words with spaces around them; Chinese and Japanese ones wherever they stand."""
    for phrase in phrases:
        if phrase in said:
            said = said.replace(f" {phrase} " if phrase.isascii() else phrase, " ")
    return said


@cache
def small() -> frozenset[str]:
    """Return the single words of courtesies, requests and fillers."""
    return _words("courtesy", "ask", "filler", "polite")


@cache
def courtesies() -> frozenset[str]:
    """Return the single words of courtesies alone."""
    return _words("courtesy", "polite")


def _words(*kinds: str) -> frozenset[str]:
    return frozenset(word for phrase in lexicon().phrases(*kinds) for word in phrase.split())


@cache
def _runs() -> frozenset[str]:
    """Return the Chinese and Japanese words at which runs are cut."""
    return frozenset(
        phrase
        for name, words in command("teaching").items()
        for phrase in words.words
        if not (phrase.isascii() or name in _PARTS)
    )
