"""What a mail asks for: help, the list of styles, or photos to be painted.

The grammar, in the order in which it is tried; the first that says something wins:

    request   subject, else the first three lines of the text, else the address `bot+STYLE@…`
    line      help | "?" | …                     -> Help       (the whole line)
            | styles | list | …                  -> ListStyles (the whole line)
            | stop | start | delete my photos    -> Stop, Start, DeletePhotos (the whole subject or text)
            | words that name a style and hold options, in any order
    style     its name or title: "starry night", "Starry-Night", "the starry night", "stary nigth"
    option    NUMBER%                            strength: 60% is more photo than 100%
            | keep [the|my|original] colo[u]rs   the painting keeps the photo's colours

What surrounds a style ("please paint this as …") is ignored; so are Re:, Fwd: and tags like [EXTERNAL].
A subject that mail programs write by themselves ("photo", "IMG_1234.jpg") counts as none.

A photo with no words, or with a letter around it that names no style, is painted in the default style. A
subject of up to five words, three of them no fillers, a whole text of one or two, and what follows "in the
style of" must be a style: the only one with such a word or by that artist ("hokusai"), or else
`UnknownStyle` with the nearest names. Whoever writes "Picasso" wants that and not something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from mailbot import carriers
from mailbot.allowance import REPLY_BYTES, allow
from mailbot.catalogue import Catalogue, words
from mailbot.parse import StyleRequest
from styles.contract import StyleJob, StyleOptions, StyleSummary
from styles.errors import BadOption, NoImage, UnknownStyle
from styles.reserved import DELETE, FILLERS, GENERIC, HELP, KEEP_COLORS, LIST, PERCENT, START, STOP

#: Lines of the text in which a style is looked for, and words of one that may be a wish and not a letter.
_LINES, _WISH_WORDS = 3, 8
#: Words up to which a subject, or a text, that names no style was meant to.
_UNKNOWN_SUBJECT, _UNKNOWN_TEXT = 3, 2
#: Words up to which a subject is no letter, fillers included.
_SUBJECT_WORDS = 5
#: Characters up to which a text is a command as a whole.
_SHORT_TEXT = 100

_PREFIX = re.compile(
    r"^\s*(?:(?:re|fwd?|aw|wg|sv|vs|tr|rv|antw|doorst|emailing)\s*(?:\[\d+\])?\s*:|\[[^\[\]]{1,30}\])\s*",
    re.IGNORECASE,
)
#: What follows is a style, whatever else the line says.
_STYLE_OF = re.compile(
    r"\b(?:in the style of|in the manner of|im stil von|dans le style de)\b(.+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """The person asks how this works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStyles:
    """The person asks which styles there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """The person wants photos painted: one job for each, in the order of the mail."""

    jobs: tuple[StyleJob, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The person wants no more mail from the bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The person who wrote “stop” wants answers again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletePhotos:
    """The person wants their photos and mails deleted at once."""


Command = Help | ListStyles | Paint | Stop | Start | DeletePhotos

#: What is only heard as a whole subject or a whole text, since it is not about the photo.
_ABOUT_ME: tuple[tuple[frozenset[str], Stop | Start | DeletePhotos], ...] = (
    (STOP, Stop()),
    (START, Start()),
    (DELETE, DeletePhotos()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One line of a mail, read."""

    bare: str  #: without prefixes and options
    words: tuple[str, ...]
    content: tuple[str, ...]  #: the words that are no filler
    strength: float | None
    keep_colors: bool


def read(
    request: StyleRequest,
    styles: Sequence[StyleSummary],
    default: str,
    job_prefix: str,
    reply_bytes: int = REPLY_BYTES,
) -> Command:
    """What the mail asks for. Job ids are `{job_prefix}-1`, `-2` and so on.

    As many photos are painted as one answer with pictures of `reply_bytes` together has room for.

    Raises `NoImage`, `UnknownStyle`, and `BadOption` for a strength above 100%.
    """
    catalogue = Catalogue(styles)
    subject = _read_line(request.subject)
    lines = (line for line in request.text.splitlines() if line.strip())
    text = [_read_line(line) for line in islice(lines, _LINES)]
    if about_me := _about_me(request, subject, text, catalogue):
        return about_me
    if question := _question(subject, text, catalogue):
        return question
    if not request.images:
        raise NoImage
    style = _style(request, subject, text, catalogue) or catalogue.default(default)
    options = _options([subject, *filter(_is_wish, text)], request)
    room = allow(request.sender, request.images, options.size, reply_bytes)
    options = replace(options, max_bytes=room.max_bytes, preview=room.preview)
    return Paint(
        jobs=tuple(
            StyleJob(
                id=f"{job_prefix}-{number}",
                style=style,
                image=photo.image,
                options=options,
                sender=request.sender,
            )
            for number, photo in enumerate(request.images[: room.pictures], start=1)
        )
    )


def _read_line(line: str) -> _Line:
    bare = line.strip()
    while (shorter := _PREFIX.sub("", bare, count=1)) != bare:
        bare = shorter
    percent = PERCENT.search(bare)
    keep = KEEP_COLORS.search(bare)
    bare = KEEP_COLORS.sub(" ", PERCENT.sub(" ", bare)).strip(" \t,;:.-–—\"'“”„«»")
    found = tuple(words(bare))
    generic = not found or bool(GENERIC.match(" ".join(found)))
    return _Line(
        bare=bare,
        words=found,
        content=() if generic else tuple(word for word in found if word not in FILLERS),
        strength=int(percent[1]) / 100 if percent else None,
        keep_colors=keep is not None,
    )


def _about_me(
    request: StyleRequest, subject: _Line, text: Sequence[_Line], catalogue: Catalogue
) -> Stop | Start | DeletePhotos | None:
    """What the whole subject or the whole text says; nothing, where a photo comes with a style's name."""
    if request.images and any(catalogue.within(line.words) for line in (subject, *text)):
        return None
    farewell = FILLERS.union(words(request.name))
    written = words(request.text[:_SHORT_TEXT])
    if len(request.text) > _SHORT_TEXT:
        written = []
    for phrases, command in _ABOUT_ME:
        for phrase in phrases:
            said = phrase.split()
            if list(subject.words) == said:
                return command
            if written[: len(said)] == said and farewell.issuperset(written[len(said) :]):
                return command
    return None


def _question(subject: _Line, text: Sequence[_Line], catalogue: Catalogue) -> Help | ListStyles | None:
    """Help or the list, asked for by the whole subject or, where that names no style, the first line."""
    lines = [subject] if catalogue.within(subject.words) else [subject, *text[:1]]
    for line in lines:
        phrase = " ".join(line.words)
        if catalogue.exact(line.words):
            return None
        if phrase in HELP or (not phrase and "?" in line.bare):
            return Help()
        if phrase in LIST:
            return ListStyles()
    return None


def _style(request: StyleRequest, subject: _Line, text: Sequence[_Line], catalogue: Catalogue) -> str | None:
    """The style that the mail names, None if it names none. Raises `UnknownStyle`."""
    wishes = [subject, *filter(_is_wish, text)]
    for line in wishes:
        if name := _named(line, catalogue):
            return name
    for address in request.recipients:
        tag = address.rpartition("@")[0].partition("+")[2]
        if tag and (name := catalogue.exact(words(tag))):
            return name
    for line in _meant(subject, text):
        if name := catalogue.part(line.content):
            return name
        raise UnknownStyle(line.bare[:60], catalogue.near(" ".join(line.content)), catalogue.names)
    return None


def _meant(subject: _Line, text: Sequence[_Line]) -> tuple[_Line, ...]:
    """The line that must be a style's name, since it is so short; () where all is letter-writing."""
    for line in (subject, *text):
        if wish := _STYLE_OF.search(line.bare):
            return (_read_line(wish[1]),)
    if subject.content:
        short = len(subject.content) <= _UNKNOWN_SUBJECT and len(subject.words) <= _SUBJECT_WORDS
        return (subject,) if short else ()
    return tuple(text) if len(text) == 1 and 0 < len(text[0].content) <= _UNKNOWN_TEXT else ()


def _is_wish(line: _Line) -> bool:
    return len(line.words) <= _WISH_WORDS


def _named(line: _Line, catalogue: Catalogue) -> str | None:
    exact = catalogue.exact(line.words) or catalogue.within(line.words)
    if exact or not line.content:
        return exact
    return catalogue.typo(line.words) or catalogue.typo(line.content)


def _options(lines: Sequence[_Line], request: StyleRequest) -> StyleOptions:
    limits = carriers.limits(request.sender)
    strength = next((line.strength for line in lines if line.strength is not None), 1.0)
    if strength > 1:
        raise BadOption(f"The strength goes from 0% to 100%, so I could not use {strength:.0%}.")
    return StyleOptions(
        strength=strength,
        keep_colors=any(line.keep_colors for line in lines),
        size=min(StyleOptions().size, limits.max_side),
    )
