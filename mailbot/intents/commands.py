"""What a mail asks for: photos to be painted, the list, help, or something about its sender.

What can be said stands in the table of `styles.language.intents`; where it is looked for, stands here. The
first of these that names a style, or asks for a sheet or a surprise, wins:

    subject          where it answers one of ours ("Re: …"), it comes after the text
    text             its first three lines, those of up to eight words or with "make it look like …"
    address          `bot+mosaic-60@…`, `bot+help@…`; only the bot's own

So do help and the list, in the text only by its first line. Sizes, strengths and colours may stand in any
of these. What is about the sender (stop, start, delete my photos) must be the whole subject or the whole
text, and is not heard where a photo comes with a style's name.

What surrounds a style ("please paint this as …") is ignored. A photo with no words, or with a letter around
it that names no style, is painted in the default style. A subject of up to five words, three of them no
fillers, a whole text of one or two, a tag of the address, and what follows "in the style of" must be a style:
the only one with such a word or by that artist ("hokusai"), or else `UnknownStyle` with the nearest names.
Whoever writes "Picasso" wants that and not something else. Styles refused ("anything but the scream")
are taken out of the lines first; where they were all that was named, the bot chooses among the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from mailbot.config import REPLY_BYTES
from mailbot.intents.command_types import Command, DeletePhotos, Help, ListStyles, Paint, Start, Stop
from mailbot.intents.jobs import Order, make_jobs
from mailbot.intents.line import Line, is_caption, painter_of, read_line, read_tag, style_of
from mailbot.intents.line_intent import LineIntent, read_intent
from mailbot.intents.negation import remove_negated
from mailbot.intents.sender_commands import about_sender
from mailbot.intents.style_matching import Catalogue, echo, words
from mailbot.parsing.parse import StyleRequest
from styles.contract import StyleSummary
from styles.errors import NoImage, UnknownStyle
from styles.language.intents import Intent
from styles.language.lexicon import BEFORE_BUT, COURTESIES

#: Lines of the text in which a style is looked for, and words of one that may be an intent and not a letter.
_LINES, _INTENT_WORDS = 3, 8
#: Words up to which a subject, or a text, that names no style was meant to.
_UNKNOWN_SUBJECT, _UNKNOWN_TEXT = 3, 2
#: Words up to which a subject is no letter, fillers included.
_SUBJECT_WORDS = 5


_ABOUT_SENDER: dict[Intent, Stop | Start | DeletePhotos] = {
    Intent.STOP: Stop(),
    Intent.START: Start(),
    Intent.DELETE: DeletePhotos(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """What of a mail is looked at."""

    subject: Line
    text: tuple[Line, ...]
    tags: tuple[Line, ...]
    refused: frozenset[str] = frozenset()  #: styles that are not wanted; the lines no longer name them

    @property
    def in_order(self) -> tuple[Line, ...]:
        """Those that can be an intent."""
        text = tuple(line for line in self.text if len(line.words) <= _INTENT_WORDS or style_of(line))
        return (
            (*text, self.subject, *self.tags) if self.subject.is_reply else (self.subject, *text, *self.tags)
        )

    def is_alone(self, line: Line) -> bool:
        """Whether the line is no part of a letter."""
        return len(self.text) == 1 or not self.is_text(line)

    def is_text(self, line: Line, *, since: int = 0) -> bool:
        """Whether this is a line of the text, from a number on; an equal subject is none."""
        return any(line is other for other in self.text[since:])


def read(
    request: StyleRequest,
    styles: Sequence[StyleSummary],
    default: str,
    job_prefix: str,
    reply_bytes: int = REPLY_BYTES,
    *,
    own: Collection[str],
) -> Command:
    """What the mail asks for. Job ids are `{job_prefix}-1`, `-2` and so on.

    As many photos are painted as one answer with pictures of `reply_bytes` together has room for. `own` are
    the bot's addresses: their tags are heard.

    Raises `NoImage`, `UnknownStyle`, and `BadOption` for a strength that is none or a blend that cannot be.
    """
    catalogue = Catalogue(styles)
    lines = _lines(request, own, catalogue)
    if intent := about_sender(request, lines.subject, lines.text, catalogue):
        return _ABOUT_SENDER[intent]
    intents = [read_intent(line, catalogue, is_alone=lines.is_alone(line)) for line in lines.in_order]
    wanted = next((said for said in intents if _wants(said, lines)), None)
    if question := _question(request, wanted):
        return question
    if not request.images:
        raise NoImage
    order = _order(wanted, intents, lines, catalogue, default)
    options = _with_options(intents, wanted, lines)
    return Paint(
        jobs=make_jobs(request, order, options, job_prefix, reply_bytes),
        chosen=order.chosen,
        dropped=wanted.pick.dropped if wanted and wanted.pick else "",
    )


def _lines(request: StyleRequest, own: Collection[str], catalogue: Catalogue) -> _Lines:
    text = (line for line in request.text.splitlines() if line.strip())
    subject, subject_refused = remove_negated(read_line(request.subject), catalogue)
    rest = [remove_negated(read_line(line), catalogue) for line in islice(text, _LINES)]
    return _Lines(
        subject=subject,
        text=tuple(line for line, _ in rest),
        tags=tuple(read_tag(tag) for tag in _tags(request, own)),
        refused=subject_refused.union(*(refused for _, refused in rest)),
    )


def _tags(request: StyleRequest, own: Collection[str]) -> Iterator[str]:
    """What stands behind a `+` in the bot's addresses, as they were written to."""
    for address in request.recipients:
        local, _, domain = address.lower().rpartition("@")
        bare, _, tag = local.partition("+")
        if tag and f"{bare}@{domain}" in own:
            yield tag


def _wants(said: LineIntent, lines: _Lines) -> bool:
    """Whether the line decides what is done: a question in the middle of a letter is not for the bot."""
    if said.intent in (Intent.HELP, Intent.LIST):
        return not lines.is_text(said.line, since=1)
    if said.pick and lines.refused.issuperset(said.pick.shares):  # "not again" below "Re: the scream"
        return False
    return bool(said.pick or said.intent or said.problem)


def _question(request: StyleRequest, wanted: LineIntent | None) -> Help | ListStyles | None:
    match wanted and wanted.intent:
        case Intent.HELP:
            return Help()
        case Intent.LIST:
            return ListStyles()
        case Intent.SHEET if not request.images:
            return ListStyles()
    return None


def _order(
    wanted: LineIntent | None,
    intents: Sequence[LineIntent],
    lines: _Lines,
    catalogue: Catalogue,
    default: str,
) -> Order:
    """What is painted. Raises what is wrong with the intent, and `UnknownStyle`."""
    if wanted and wanted.problem:
        raise wanted.problem
    if wanted and wanted.intent is Intent.SHEET:
        return Order(is_sheet=True)
    if wanted and wanted.pick:
        return Order(choices=_but(wanted.pick.choices, lines))
    line = _meant(lines, {said.line: said.rest for said in intents})
    if wanted or (lines.refused and not (line and _is_intent(line, lines, catalogue))):
        return Order(choices=_but(catalogue.names, lines) or (catalogue.default(default),), chosen="surprise")
    if line:
        return Order(choices=(_required(line, catalogue),))
    return Order(choices=(catalogue.default(default),), chosen="default")


def _is_intent(line: Line, lines: _Lines, catalogue: Catalogue) -> bool:
    """Whether a line still says what is wanted, where another is refused: not "anything", nor that other."""
    return BEFORE_BUT.isdisjoint(line.words) and catalogue.part(line.content) not in lines.refused


def _but(names: Sequence[str], lines: _Lines) -> tuple[str, ...]:
    """Those that are not refused; all where nothing else is left."""
    return tuple(name for name in names if name not in lines.refused) or tuple(names)


def _with_options(
    intents: Sequence[LineIntent], wanted: LineIntent | None, lines: _Lines
) -> Sequence[LineIntent]:
    """The lines of which the options count: not an old subject, where a newer line says what is wanted."""
    is_newer = wanted is not None and lines.subject.is_reply and lines.is_text(wanted.line)
    return [said for said in intents if not (is_newer and said.line is lines.subject)]


def _required(line: Line, catalogue: Catalogue) -> str:
    """The style that this line must be. Raises `UnknownStyle`."""
    if name := catalogue.part(line.content):
        return name
    raise UnknownStyle(
        echo(_without_courtesies(line.bare)), catalogue.near(" ".join(line.content)), catalogue.names
    )


def _meant(lines: _Lines, rest: Mapping[Line, Line]) -> Line | None:
    """The line, or what of it, was meant as a style; None where all is letter-writing."""
    all_lines = (lines.subject, *lines.text)
    if named := next((named for line in all_lines if (named := style_of(line))), None):
        return named
    alone = [line for line in all_lines if lines.is_alone(line) and len(line.words) <= _INTENT_WORDS]
    return _short(lines, rest) or next((found for line in alone if (found := painter_of(line))), None)


def _short(lines: _Lines, rest: Mapping[Line, Line]) -> Line | None:
    """The line that can only be a style, since it is so short."""
    for line in (*lines.tags, lines.subject):
        if content := rest[line].content:
            is_short = len(content) <= _UNKNOWN_SUBJECT and len(line.words) <= _SUBJECT_WORDS
            return rest[line] if is_short and not is_caption(line.words) else None
    if len(lines.text) == 1:
        line = rest.get(lines.text[0], lines.text[0])
        if 0 < len(line.content) <= _UNKNOWN_TEXT and not is_caption(line.words):
            return line
    return None


def _without_courtesies(text: str) -> str:
    """The text without "please" and "hello" at its ends, as it was written."""
    written = text.split()
    kept = [at for at, word in enumerate(written) if not COURTESIES.issuperset(words(word))]
    return " ".join(written[kept[0] : kept[-1] + 1]) if kept else text
