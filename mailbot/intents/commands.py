"""Read what a mail asks for: painted photos, the list, help, or something about its sender.

`styles.language.intents` is the table of the phrases. This module says where a mail is searched for them.
The first line that names a style, or asks for a sheet or a surprise, decides:

    subject     before the text; in a reply ("Re: …") after it
    text        its first three lines, those of up to eight words or with "make it look like …"
    address     `bot+mosaic-60@…`, `bot+help@…`; only the bot's own addresses

Help and the list are found there too, in the text only in its first line. Sizes, strengths and colours may
stand in any of these lines. Stop, start and "delete my photos" must be the whole subject or the whole text.

Words around a style ("please paint this as …") are ignored. A photo without words gets the default style, and
so does one with a letter that names no style. These must name a style, or `UnknownStyle` suggests others:

    - what follows "in the style of", and a tag of the address
    - a subject of up to five words, at most three of them no fillers
    - a whole text of one or two words

A word of a style's title or its artist is enough there ("hokusai"). A person who writes "Picasso" wants that
and nothing else. Refused styles ("anything but the scream") are first taken out of the lines. If a mail names
no other style, the bot chooses among the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from mailbot.config import REPLY_BYTES
from mailbot.intents.blends import Pick
from mailbot.intents.command_types import Command, Help, ListStyles, Paint
from mailbot.intents.jobs import Order, make_jobs
from mailbot.intents.line import Line, is_caption, painter_of, read_lines, read_tag, style_of
from mailbot.intents.line_intent import LineIntent, read_intent
from mailbot.intents.negation import remove_negated
from mailbot.intents.sender_commands import about_sender
from mailbot.intents.style_matching import Catalogue, echo, words
from mailbot.parsing.parse import StyleRequest
from styles.contract import StyleOptions, StyleSummary
from styles.errors import NoImage, PainterError, UnknownStyle
from styles.language.intents import Intent
from styles.language.lexicon import BEFORE_BUT, COURTESIES

#: Options where neither the mail nor its conversation says something else.
USUAL = StyleOptions()
#: Words of a line above which it belongs to a letter and is no intent.
_INTENT_WORDS = 8
#: Words up to which a subject, or a text, must name a style; fillers do not count.
_UNKNOWN_SUBJECT, _UNKNOWN_TEXT = 3, 2
#: Words up to which a subject must name a style, fillers included.
_SUBJECT_WORDS = 5


def read(
    request: StyleRequest,
    styles: Sequence[StyleSummary],
    default: str,
    job_prefix: str,
    reply_bytes: int = REPLY_BYTES,
    *,
    own: Collection[str],
    usual: StyleOptions = USUAL,
) -> Command:
    """Return what the mail asks for. Job ids are `{job_prefix}-1`, `-2` and so on.

    There are as many jobs as answers of `reply_bytes` have room for. `own` are the bot's addresses, of
    which the tags are read. `usual` are the options where the mail says nothing.

    Raises `NoImage`, `UnknownStyle`, and `BadOption` for an impossible strength or blend.
    """
    mail = _MailLines.of(request, own, Catalogue(styles))
    if command := about_sender(request, mail.subject, mail.text, mail.catalogue):
        return command
    decision = _decide(mail, mail.catalogue.default(default))
    if not isinstance(decision, Order):
        return decision
    batch = make_jobs(request, decision, mail.with_options, job_prefix, reply_bytes, usual)
    return Paint(
        jobs=batch.jobs,
        photos=batch.photos,
        wanted=batch.wanted,
        in_one=batch.in_one,
        chosen=decision.chosen,
        dropped=mail.wanted.pick.dropped if mail.wanted and mail.wanted.pick else "",
    )


def _decide(mail: _MailLines, default: str) -> Help | ListStyles | Order:  # noqa: PLR0911 - a return a row
    """Apply the decision table: the first row that fits the wanted intent and the mail's photos."""
    match mail.wanted:
        case LineIntent(intent=Intent.HELP):
            return Help()
        case LineIntent(intent=Intent.LIST):
            return ListStyles()
        case LineIntent(intent=Intent.SHEET) if not mail.has_photo:
            return ListStyles()
        case _ if not mail.has_photo:
            raise NoImage
        case LineIntent(problem=PainterError() as problem):
            raise problem
        case LineIntent(intent=Intent.SHEET):
            return Order(is_sheet=True)
        case LineIntent(pick=Pick() as pick):
            return Order(choices=mail.without_refused(pick.choices))
        case None if mail.named and not (mail.refused and mail.asks_for_others):
            return Order(choices=(_required(mail.named, mail.catalogue),))
        case None if not mail.refused:
            return Order(choices=(default,), chosen="default")
        case _:  # a surprise, or only refused styles
            return Order(choices=mail.without_refused(mail.catalogue.names) or (default,), chosen="surprise")


@dataclass(frozen=True, kw_only=True)
class _MailLines:
    """Hold the searched lines of a mail."""

    has_photo: bool
    catalogue: Catalogue
    subject: Line
    text: tuple[Line, ...]
    tags: tuple[Line, ...]
    refused: frozenset[str]  #: styles that are not wanted; the lines no longer name them

    @classmethod
    def of(cls, request: StyleRequest, own: Collection[str], catalogue: Catalogue) -> _MailLines:
        """Read the lines of `request`, and the tags of the bot's `own` addresses."""
        lines = read_lines(request.subject, request.text)
        (subject, *rest), refused = zip(*(remove_negated(line, catalogue) for line in lines), strict=True)
        return cls(
            has_photo=bool(request.images),
            catalogue=catalogue,
            subject=subject,
            text=tuple(rest),
            tags=tuple(read_tag(tag) for tag in _tags(request, own)),
            refused=frozenset[str]().union(*refused),
        )

    @cached_property
    def intents(self) -> list[LineIntent]:
        """Intent of each line that is short enough to have one, in the order of precedence."""
        text = [line for line in self.text if len(line.words) <= _INTENT_WORDS or style_of(line)]
        first = [*text, self.subject] if self.subject.is_reply else [self.subject, *text]
        lines = (*first, *self.tags)
        return [read_intent(line, self.catalogue, is_alone=self._is_alone(line)) for line in lines]

    @cached_property
    def wanted(self) -> LineIntent | None:
        """First intent that decides what is done."""
        return next(filter(self._decides, self.intents), None)

    @cached_property
    def named(self) -> Line | None:
        """Line, or part of one, that must be a style; None if all lines are parts of a letter."""
        lines = (self.subject, *self.text)
        short = [line for line in lines if self._is_alone(line) and len(line.words) <= _INTENT_WORDS]
        return (
            next(filter(None, map(style_of, lines)), None)
            or self._short()
            or next(filter(None, map(painter_of, short)), None)
        )

    @property
    def asks_for_others(self) -> bool:
        """Whether the named line only repeats a refusal: "anything", or the refused style."""
        line = self.named
        return line is not None and (
            not BEFORE_BUT.isdisjoint(line.words) or self.catalogue.part(line.content) in self.refused
        )

    @property
    def with_options(self) -> list[LineIntent]:
        """Intents whose options count: not an old subject's, if a newer line of the text decides."""
        is_newer = self.wanted is not None and self.subject.is_reply and self._is_text(self.wanted.line)
        return [intent for intent in self.intents if not (is_newer and intent.line is self.subject)]

    def without_refused(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the names that are not refused, or all if none is left."""
        return tuple(name for name in names if name not in self.refused) or tuple(names)

    def _decides(self, intent: LineIntent) -> bool:
        if intent.intent in (Intent.HELP, Intent.LIST):  # a question within a letter is not for the bot
            return not self._is_text(intent.line, since=1)
        if intent.pick and self.refused.issuperset(intent.pick.shares):  # "not again" below "Re: the scream"
            return False
        return bool(intent.pick or intent.intent or intent.problem)

    def _short(self) -> Line | None:
        """Return the line that is so short that it can only be a style."""
        rest = {intent.line: intent.rest for intent in self.intents}
        for line in (*self.tags, self.subject):
            if content := rest[line].content:
                is_short = len(content) <= _UNKNOWN_SUBJECT and len(line.words) <= _SUBJECT_WORDS
                return rest[line] if is_short and not is_caption(line.words) else None
        if len(self.text) != 1:
            return None
        line = rest.get(self.text[0], self.text[0])
        is_short = 0 < len(line.content) <= _UNKNOWN_TEXT
        return line if is_short and not is_caption(line.words) else None

    def _is_alone(self, line: Line) -> bool:
        """Tell whether the line is no part of a letter."""
        return len(self.text) == 1 or not self._is_text(line)

    def _is_text(self, line: Line, *, since: int = 0) -> bool:
        """Tell whether this very line is in the text, from a number on; an equal subject is not."""
        return any(line is other for other in self.text[since:])


def _tags(request: StyleRequest, own: Collection[str]) -> Iterator[str]:
    """Yield the words behind the `+` in those of the bot's addresses to which the mail was written."""
    for address in request.recipients:
        local, _, domain = address.lower().rpartition("@")
        bare, _, tag = local.partition("+")
        if tag and f"{bare}@{domain}" in own:
            yield tag


def _required(line: Line, catalogue: Catalogue) -> str:
    """Return the style that this line names. Raises `UnknownStyle`."""
    if name := catalogue.part(line.content):
        return name
    asked = _without_courtesies(line.bare)
    raise UnknownStyle(echo(asked), catalogue.near(" ".join(line.content)), catalogue.names)


def _without_courtesies(text: str) -> str:
    """Return the text without "please" and "hello" at its ends, otherwise as it was written."""
    written = text.split()
    kept = [at for at, word in enumerate(written) if not COURTESIES.issuperset(words(word))]
    return " ".join(written[kept[0] : kept[-1] + 1]) if kept else text
