"""Asks as people write them, read by the bot and judged.

    Table      the asks of a file: mails with what they should come to
    Outcome    what became of one ask
    shipped    the styles that come with the project, as a registry lists them
    letters    letters that name a style by chance
    newest     the names of tables as parameters of a test, all but the newest marked as slow

An ask is a row of JSON: `subject`, `text`, `photos` and `expect`. It is made a mail, and goes the way of a
mail: parsed, looked at for thanks, and read. It counts as

    understood  what comes is what is expected
    told        something else comes, and the answer says what was not understood
    wrong       something else comes, and nothing says so
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest

from mailbot.intents import commands
from mailbot.intents.command_types import Command, DeletePhotos, Help, ListStyles, Paint, Start, Stop
from mailbot.intents.thanks import is_thanks
from mailbot.parsing.mail_parser import StyleRequest, parse_email
from mailbot.parsing.photos import Photo
from styles.contract import DEFAULT_SIZE, StyleJob, StyleSummary
from styles.errors import PainterError, UnknownStyle
from styles.formats import style_file
from styles.language.intents import SIZES
from tests.fakes.mailbot.mails import photo

ADDRESS = "bot@painter.example"
#: The style of a mail that names no style.
DEFAULT = "great-wave"
#: Tables by which the bot is measured: nothing is learnt from them, or mended by them.
HELD_OUT = ("asks_jj", "asks_kk", "letters_l", "letters_m")
#: What the key `command` of an expectation may say.
_COMMANDS = {"help": Help, "list": ListStyles, "stop": Stop, "start": Start, "delete": DeletePhotos}
_ANSWER = re.compile(r"^\s*(?:re|aw|sv|res|rif|r|回复|答复)\s*[:：]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an ask."""

    ask: dict[str, Any]
    kind: str  #: `understood`, `told` or `wrong`
    got: str  #: in words, for the list of failures
    remarks: tuple[str, ...] = ()  #: what the answer did not understand, or doubts

    def __str__(self) -> str:
        ask = self.ask
        return f"{self.kind}: {ask['subject']!r} | {ask['text']!r} => {ask['expect']}, not {self.got}"


def newest(tables: Iterable[str], count: int) -> list[Any]:
    """Tables as parameters: those but the newest `count` take `make test-slow`, some seconds each."""
    names = [*tables]
    return [*(pytest.param(name, marks=pytest.mark.slow) for name in names[:-count]), *names[-count:]]


class Table:
    """A file of asks."""

    def __init__(self, file: Path) -> None:
        self._asks = rows(file)

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """Every ask, read and judged."""
        return [judged(ask) for ask in self._asks]

    @property
    def shares(self) -> dict[str, float]:
        """Share of each kind of outcome."""
        counts = Counter(outcome.kind for outcome in self.outcomes)
        return {kind: counts[kind] / len(self._asks) for kind in ("understood", "told", "wrong")}


def rows(file: Path) -> list[dict[str, Any]]:
    """The rows of a file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@cache
def shipped() -> tuple[StyleSummary, ...]:
    """The styles that come with the project."""
    cards = [style.card for style in style_file.shipped()]
    return tuple(
        StyleSummary(
            name=card.name,
            title=card.title,
            artist=card.artist,
            aliases={"live": 1},
            other_names=card.other_names,
            tags=card.tags,
        )
        for card in cards
    )


def request_of(ask: dict[str, Any]) -> StyleRequest:
    """An ask as a mail, written and read."""
    message = EmailMessage()
    message["From"], message["To"] = "Jane Doe <jane@mail.example>", ask.get("to", ADDRESS)
    message["Subject"], message["Message-ID"] = ask["subject"], "<one@mail.example>"
    if _ANSWER.match(ask["subject"]) or "\n> " in ask["text"]:
        message["In-Reply-To"] = "<painted.1@painter.example>"
    message.set_content(ask["text"])
    return replace(parse_email(message.as_bytes()), images=_images(ask["photos"]))


@cache
def _images(count: int) -> tuple[Photo, ...]:
    """The photos of a mail, which are parsed once for all asks."""
    message = EmailMessage()
    message["From"] = "Jane Doe <jane@mail.example>"
    for number in range(count):
        message.add_attachment(photo(seed=number), maintype="image", subtype="jpeg", filename=f"{number}.jpg")
    return parse_email(message.as_bytes()).images


def read(request: StyleRequest, default: str = DEFAULT) -> Command | PainterError | None:
    """What the bot makes of a mail; None if it stays silent."""
    if is_thanks(request, shipped()):
        return None
    try:
        return commands.read(request, shipped(), default, "m1", own=(ADDRESS,))
    except PainterError as error:
        return error


def paint_of(text: str, photos: int = 1) -> Paint:
    """What the bot paints for a mail without a subject."""
    paint = read(request_of({"subject": "", "text": text, "photos": photos}))
    assert isinstance(paint, Paint)
    return paint


def judged(ask: dict[str, Any]) -> Outcome:
    """Read an ask, and compare what comes with what is expected."""
    got = read(request_of(ask))
    if _is_met(got, ask["expect"], ask["photos"]):
        kind = "understood"
    else:
        kind = "told" if got is not None and _is_told(got) else "wrong"
    remarks = (*got.not_understood, *filter(None, (got.doubted,))) if isinstance(got, Paint) else ()
    return Outcome(ask=ask, kind=kind, got=_described(got), remarks=remarks)


def _is_told(got: Command | PainterError) -> bool:
    """Tell whether the answer says that it is not what was asked for; a deletion or "stop" does not."""
    if not isinstance(got, Paint):
        return isinstance(got, PainterError | Help | ListStyles)
    return got.chosen == "default" or bool(
        got.not_understood or got.passed_over or got.left_out or got.doubted
    )


def _described(got: Command | PainterError | None) -> str:
    if not isinstance(got, Paint):
        return repr(got)
    options = got.jobs[0].options
    said = [job.style for job in got.jobs]
    how = f"{options.strength:.0%} {options.size}px {options.keep_colors}"
    return f"{said} {how} {got.chosen} {got.not_understood} {got.left_out or ''} {got.doubted}"


def _is_met(got: Command | PainterError | None, expect: dict[str, Any], photos: int) -> bool:
    if expect.get("silence"):
        return got is None
    if "command" in expect:
        return isinstance(got, _COMMANDS[expect["command"]])
    if expect.get("help"):
        return isinstance(got, Help | ListStyles)
    if "unknown" in expect:
        return isinstance(got, UnknownStyle)
    return isinstance(got, Paint) and all(_checks(got, expect, photos))


def _checks(paint: Paint, expect: dict[str, Any], photos: int) -> Iterator[bool]:
    """Compare everything that an expectation says about a painting, and what it leaves out."""
    styles, options = [job.style for job in paint.jobs], paint.jobs[0].options
    if expect.get("default"):
        yield paint.chosen in ("default", "surprise")
    if expect.get("sheet"):
        yield paint.jobs[0].sheet
    if "style" in expect:
        yield paint.chosen != "default"
        yield all(style in _listed(expect["style"]) for style in styles)
    if "styles" in expect:
        wanted, is_ordered = expect["styles"], expect.get("per_photo")
        each = sorted(wanted * len(expect.get("photos", range(max(1, photos)))))
        yield styles == wanted if is_ordered else sorted(styles) == each
    if "blend" in expect:
        yield all(_is_blend(job, expect["blend"]) for job in paint.jobs)
    if "not" in expect:
        yield paint.chosen != "default"
        yield not set(styles) & set(_listed(expect["not"]))
    if "photos" in expect:
        yield list(dict.fromkeys(paint.photos)) == expect["photos"]
    if "strengths" in expect:
        yield [round(100 * job.options.strength) for job in paint.jobs] == expect["strengths"]
    if "told" in expect:
        yield (
            expect["told"].lower()
            in " ".join((*paint.not_understood, *paint.passed_over, *paint.left_out)).lower()
        )
    if "count" in expect:
        yield len(paint.jobs) == expect["count"]
    first = expect.get("strengths", [100])[0]
    low, high = expect.get("strength", (first, first))
    low = min(low, 100)  # there is nothing above full strength
    yield low - 0.5 <= 100 * options.strength <= high + 0.5
    if "sizes" in expect:
        yield [job.options.size for job in paint.jobs] == [_side(size) for size in expect["sizes"]]
    else:
        wanted_sizes = [expect["pixels"]] if "pixels" in expect else _listed(expect.get("size", "usual"))
        yield options.size in [_side(size) for size in wanted_sizes]
    if "keeps" in expect:
        yield [job.options.keep_colors for job in paint.jobs] == expect["keeps"]
    else:
        yield options.keep_colors == bool(expect.get("keep_colours"))


def _side(size: str | int) -> str | int:
    """Return the long side that a word for a size means; "usual" is that of a mail without one."""
    sides: dict[str | int, int] = {each.value: side for each, side in SIZES.items()}
    return {**sides, "usual": DEFAULT_SIZE, "normal": DEFAULT_SIZE}.get(size, size)


def _listed(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _is_blend(job: StyleJob, expected: dict[str, float] | Sequence[str]) -> bool:
    parts = (part.partition(":") for part in job.style.split(","))
    shares = {name: float(share) for name, _, share in parts if share}
    if set(shares) != set(expected):
        return False
    if not isinstance(expected, dict):
        return True
    total = sum(expected.values())
    return all(abs(shares[name] - share / total) < 0.05 for name, share in expected.items())


def painted_by_chance(letter: dict[str, Any]) -> str:
    """What a letter is taken for, though it asks for nothing; "" if it gets the default style."""
    mentioned = letter["mentions"]
    got = read(request_of(letter), default="udnie" if mentioned != "udnie" else "tableau-2")
    is_default = isinstance(got, Paint) and got.chosen == "default"
    return "" if is_default else _described(got)
