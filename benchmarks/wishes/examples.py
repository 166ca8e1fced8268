"""Gather labelled mentions of styles: from the tables of asks, the letters, and the phrases beside this file.

    Example     a mention with its features, and whether it is a wish
    Gatherer    makes examples; the sentences of letters stand around phrases
      .table    those of a table of asks, or of letters
      .phrases  those of mails that are put together of phrases

A line of `phrases/` begins with a sign: `+` wishes the style, `-` mentions it by chance, `~` leaves the style
to the bot, and `=` asks for a painting and says nothing of a style. `◆` stands for a name, of which the first
line has some.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailbot.intents.learned.features import mail_features, sentence_features
from mailbot.intents.learned.places import mentioned_styles
from mailbot.intents.learned.wish_model import candidates, in_order
from mailbot.intents.mail_sentences import read_sentences
from mailbot.intents.mentions.evidence import WeighedSentence, weigh_sentence
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.sentence import Sentence
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.lexicon import lexicon
from tests.fakes.mailbot.asks import ADDRESS, request_of, rows, shipped

PHRASES = Path(__file__).parent / "phrases"
#: Items from which every wish is learnt from, and the share of the mails with shorter ones that is.
_LONG, _SHARE = 15, 0.12
#: Mails that are put together for each phrase, and most sentences before and after it.
_MAILS, _BESIDE = 2, 2
#: Share of these mails that ask for a painting, and of those without a wish that leave the style to the bot.
_ASKED, _LEFT = 0.4, 0.4
#: Keys of an expectation that name styles, and those of mails that are about something else.
_STYLES, _OTHER = ("style", "styles", "blend"), ("command", "silence", "help")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Hold a sentence that mentions a style, as features."""

    sentence: frozenset[str]
    mail: frozenset[str]
    is_wish: bool
    length: int  #: of its mail, items
    score: float  #: most evidence of its mentions by the grammar
    source: tuple[str, int]  #: table and row, or language and line


class Gatherer:
    """Make examples. What is drawn by chance depends on the seed alone."""

    def __init__(self, letters: Path, seed: int = 1) -> None:
        self._rnd = random.Random(seed)
        self._catalogue = Catalogue(shipped())
        self._readers = {
            file.stem: SentenceReader(self._catalogue, lexicon((file.stem,))) for file in _files()
        }
        self._around = {
            language: [
                one
                for row in rows(letters)
                if row["lang"] == language
                for one in reader.sentences(row["text"], "text")
                if not any(item.mention for item in one.items)
            ]
            for language, reader in self._readers.items()
        }

    def table(self, file: Path) -> Iterator[Example]:
        """Yield the mentions of a table's mails: all by chance, and wishes of long and some short ones."""
        for number, row in enumerate(rows(file)):
            expect = row.get("expect", {"default": True})
            if any(key in expect for key in _OTHER):
                continue
            mail = in_order(read_sentences(request_of(row), self._catalogue, (ADDRESS,)).groups)
            wanted, source = _wanted(expect), (file.stem, number)
            is_long = sum(len(one.sentence.items) for one in mail) >= _LONG
            if is_long or not wanted or self._rnd.random() < _SHARE:
                yield from _examples(mail, wanted, source)

    def _in_letter(self, mail: Sequence[WeighedSentence], language: str) -> list[WeighedSentence]:
        """Return sentences with some of letters around them."""
        before, after = (
            [
                weigh_sentence(one)
                for one in self._rnd.sample(self._around[language], self._rnd.randint(0, _BESIDE))
            ]
            for _ in range(2)
        )
        return [*before, *mail, *after]

    def phrases(self) -> Iterator[Example]:
        """Yield the mentions of mails that are put together of phrases and of sentences of letters."""
        for file in _files():
            first, *lines = file.read_text(encoding="utf-8").splitlines()
            said = [(line[0], line[2:]) for line in lines]
            for number, (sign, phrase) in enumerate(said):
                for _ in range(_MAILS if sign in "+-" else 0):
                    texts = [phrase.replace("◆", self._rnd.choice(first[2:].split(", ")))]
                    for other, share in (("=", _ASKED), ("~", _LEFT * (sign == "-"))):
                        if self._rnd.random() < share:
                            texts.append(self._rnd.choice([each for kind, each in said if kind == other]))
                    sentences = (
                        one for text in texts for one in self._readers[file.stem].sentences(text, "text")
                    )
                    mail = self._in_letter([weigh_sentence(one) for one in sentences], file.stem)
                    wanted = {style.name for style in shipped()} if sign == "+" else set[str]()
                    yield from _examples(mail, wanted, (file.stem, number))


def _files() -> list[Path]:
    return sorted(PHRASES.glob("*.txt"))


def _wanted(expect: dict[str, Any]) -> set[str]:
    """Return the styles that an ask wishes."""
    said = (expect[key] for key in _STYLES if key in expect)
    return {name for names in said for name in ([names] if isinstance(names, str) else names)}


def _examples(
    mail: Sequence[WeighedSentence], wanted: set[str], source: tuple[str, int]
) -> Iterator[Example]:
    sentences: list[Sentence] = [one.sentence for one in mail]
    whole = frozenset(mail_features(sentences))
    mentioned = mentioned_styles(sentences, candidates(mail))
    for at, styles in mentioned.items():
        yield Example(
            sentence=frozenset(sentence_features(sentences, mentioned, at)),
            mail=whole,
            is_wish=not wanted.isdisjoint(styles),
            length=sum(len(one.items) for one in sentences),
            score=max(mail[at].scores.values(), default=0.0),
            source=source,
        )
