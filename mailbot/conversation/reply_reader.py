"""Read a reply without a photo: of each of several pictures by itself where it says something else of each.

ReadReply    what a reply asks for
read_reply   a reply and the paintings before -> ReadReply
LikelyWish   a wish that can be read from a reply without one, and is doubtful
likely_wish  the text of a reply -> what it may want
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mailbot.conversation import recipes
from mailbot.conversation.mail_reader import Earlier, MailReader, meant_of
from mailbot.conversation.picture_replies import by_picture
from mailbot.conversation.unclear_photos import note_of_missing
from mailbot.conversation.understood import Understood
from mailbot.intents.changes.other_numbers import is_other
from mailbot.intents.changes.relative_changes import MAX_TEXT, MAX_WORDS, Change
from mailbot.intents.command_types import Command, Paint
from mailbot.intents.details.misspelt_options import with_options
from mailbot.intents.details.sign_offs import without_sign_off
from mailbot.intents.mentions.refusals import refused
from mailbot.intents.names.catalogue import Catalogue, echo
from mailbot.intents.names.name_index import Grade
from mailbot.intents.options import Options
from mailbot.intents.sentence import FIRST_CJK, Item, Sentence
from mailbot.intents.sentence_reader import SentenceReader
from mailbot.parsing.mail_parser import StyleRequest
from styles.contract import MIN_STRENGTH
from styles.language.language_detection import detect
from styles.language.lexicon import Lexicon, relative
from styles.language.tokens import tokenize
from styles.translatable import gettext_noop

#: Note in the answer to a reply whose wish is a likely one.
UNSURE = gettext_noop(
    "I was not sure what you want, and this is my guess. If you meant something else, say it in other words."
)
#: The words for an option, by the row of the words files that it is in.
_OPTIONS = {
    **dict.fromkeys(("stronger", "too_weak"), "stronger"),
    **dict.fromkeys(("weaker", "too_strong"), "weaker"),
    **dict.fromkeys(("larger", "too_small"), "bigger"),
    **dict.fromkeys(("smaller", "too_large"), "smaller"),
    "small": "small",
    "big": "big",
    "full": "full size",
}
#: Per cent from which a number without a sign may be a strength, and of which it is a multiple.
_LEAST, _ROUND = 20, 5
#: Japanese particles behind a strength: "100で".
_PARTICLES = ("で", "に", "まで")
#: Marks before a number that is a clause of its own; "18:30" is an hour.
_ENDS = (",", ".", "!", "?", ";")
#: Digits of a number that are read.
_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReply:
    """Hold what a reply without a photo asks for."""

    command: Command
    change: Change
    is_request: bool  #: it asks for a painting at all
    note: str = ""  #: a line for the answer, to be translated


def read_reply(reader: MailReader, request: StyleRequest, before: Sequence[Earlier]) -> ReadReply:
    """Return what a reply asks for of the pictures `before`. Raises `UnknownStyle` as `read_again` does."""
    parts = by_picture(request.text, reader.catalogue, len(before))
    each = [
        _read(reader, replace(request, text=part.text), before, part.pictures)
        for part in parts
        if part.pictures
    ]
    asked = [(one, one.command) for one in each if one.is_request and isinstance(one.command, Paint)]
    if len(parts) == 1 or not asked:
        return _read(reader, request, before)
    unread = [echo(part.text.strip()) for part in parts if not part.pictures]
    command = _together(reader, request, [paint for _, paint in asked], unread)
    return replace(asked[0][0], command=command, note=next((one.note for one, _ in asked if one.note), ""))


def _read(
    reader: MailReader, request: StyleRequest, before: Sequence[Earlier], pictures: tuple[int, ...] = ()
) -> ReadReply:
    """Return what a reply asks for of some `pictures`, else of those that it says."""
    before, change = recipes.exchanged(before, reader.change(request, len(before)))
    shown = [recipe for _, recipe in before]
    change = recipes.fitting(replace(change, pictures=pictures or change.pictures), shown)
    command = reader.read_again(request, change, before)
    is_request = isinstance(command, Paint) and reader.is_request(command, change, before)
    note = recipes.note([recipe for _, recipe in meant_of(before, change)], change)
    if len(request.images) == 1 and isinstance(command, Paint) and _is_unchanged(command, change, before):
        note = note or note_of_missing(request.text, reader.catalogue)
    return ReadReply(command=command, change=change, is_request=is_request, note=note)


def _is_unchanged(paint: Paint, change: Change, before: Sequence[Earlier]) -> bool:
    """Tell whether a reply wants paintings as they were."""
    is_kept = all(recipes.changed(recipe, change) == recipe for _, recipe in before)
    return is_kept and paint.chosen == "remembered" and paint.said == Options()


def _together(
    reader: MailReader, request: StyleRequest, paints: Sequence[Paint], unread: Sequence[str]
) -> Paint:
    """Return the paintings of several requests as those of one."""
    painted = [
        (number, job) for paint in paints for number, job in zip(paint.photos, paint.jobs, strict=True)
    ]
    pairs, options = [(number, job.style) for number, job in painted], [job.options for _, job in painted]
    made = reader.batch(request, pairs, options)
    words = dict.fromkeys([*(word for paint in paints for word in paint.not_understood), *unread])
    return replace(
        paints[0],
        jobs=made.jobs,
        photos=made.photos,
        wanted=made.wanted,
        in_one=made.in_one,
        alternatives=(),
        not_understood=tuple(words),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelyWish:
    """Hold what a reply may want."""

    text: str  #: in words that are known
    is_style: bool

    def with_doubt(self, understood: Understood) -> Understood:
        """Return what the text asks for, and the doubt about it for the answer."""
        return understood.with_doubt(self.text) if self.is_style else replace(understood, note=UNSURE)


def likely_wish(text: str, catalogue: Catalogue, count: int) -> LikelyWish | None:
    """Return what a reply about `count` pictures may want: its only style, or of one picture its only option.

    Of 34 refused replies with a single option, 32 wanted it (the tables of dialogues from a to g).
    """
    known = relative(detect(tokenize(text[:MAX_TEXT])))
    sentences = list(SentenceReader(catalogue, known).sentences(text[:MAX_TEXT], "text"))
    if style := _only_style(sentences):
        return LikelyWish(text=style, is_style=True)
    options = set(_options(sentences, known)) if count == 1 else set()
    return LikelyWish(text=options.pop(), is_style=False) if len(options) == 1 else None


def _options(sentences: Sequence[Sentence], known: Lexicon) -> Iterator[str]:
    """Yield the options that words of a text stand for.

    Those of questions, of what is refused or only said, and of things are none: "a small question".
    """
    asking = (one for one in without_sign_off(sentences) if not one.is_question)
    for items in (with_options(one, known).items for one in asking if "not" not in one.kinds):
        for at, item in enumerate(items):
            row = known.changes.get(item.text) or known.intents.get(item.text, "")
            behind = items[at + 1] if at + 1 < len(items) else None
            is_of_thing = behind is not None and behind.is_unknown and behind.raw[0] < FIRST_CJK
            if row in _OPTIONS and not is_of_thing and not (behind and behind.has("statement")):
                yield _OPTIONS[row]
            elif item.is_number and item.text.isdigit() and _is_strength(items, at):
                yield f"{item.text}%"


def _is_strength(items: Sequence[Item], at: int) -> bool:
    """Tell whether a whole number may be a strength: a percentage, or a number that is alone, or "100で"."""
    percent, behind = int(items[at].text[:_DIGITS]), items[at + 1] if at + 1 < len(items) else None
    is_signed = behind is not None and behind.text == "%"
    is_led_on = behind is not None and behind.text in _PARTICLES
    is_alone = (behind is None or behind.is_mark) and (at == 0 or items[at - 1].text in _ENDS)
    is_round = percent >= _LEAST and percent % _ROUND == 0 and (is_led_on or is_alone)
    is_likely = 100 * MIN_STRENGTH <= percent <= 100 and (is_signed or is_round)
    return is_likely and not is_other(items, at, at + 1 + is_signed)


def _only_style(sentences: Sequence[Sentence]) -> str:
    """Return the style of a reply that names a single one, else "": "Max says the scream is better".

    The whole reply is short, or the sentence is that leads to the style: "Passez-moi ça en Hokusai".
    """
    named = [(one, at) for one in sentences for at in one.mentions if one.items[at].mention]
    is_number = any(item.is_number for one in sentences for item in one.items)
    if len(named) != 1 or is_number:
        return ""
    sentence, at = named[0]
    is_led = at > 0 and sentence.items[at - 1].has("cue", "style_of", "make", "want")
    read = [sentence] if is_led else sentences
    if sum(len(one.words) for one in read) > MAX_WORDS:
        return ""
    mention = sentence.items[at].mention
    is_clear = mention is not None and mention.grade > Grade.WORD and at not in refused(sentence)
    return mention.styles[0] if mention and is_clear and mention.styles else ""
