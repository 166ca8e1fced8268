"""What a mail means, as a line of text for the tables of the grammar.

A meaning is written as the job that comes of it, or as the command:

    mosaic 60% colors 2048px     a style or a blend, its strength, the photo's colours, a size
    default                      the style of a mail that names none
    udnie | mosaic               one of these, by the job's id
    any                          one of all, by the job's id
    sheet, list, help, stop, start, delete
    ?picasso                     I know no style called that
    no photo, odd                answers that say so
"""

from __future__ import annotations

from mailbot.intents.command_types import DeletePhotos, Help, ListStyles, Start, Stop
from mailbot.intents.commands import read
from mailbot.parsing.mail_parser import StyleRequest, parse_email
from styles.contract import DEFAULT_SIZE, MAX_SIZE, StyleJob, StyleSummary
from styles.errors import BadOption, NoImage, UnknownStyle
from tests.fakes.mailbot.mails import STYLES, mail, photo

KNOWN = (
    *STYLES,
    StyleSummary(name="salt-and-pepper", title="Salt & Pepper", aliases={"live": 1}),
    StyleSummary(
        name="woman-with-a-hat", title="Woman with a Hat", artist="Henri Matisse", aliases={"live": 1}
    ),
    StyleSummary(name="big-bang", title="Big Bang", aliases={"live": 1}),
    StyleSummary(name="grey", title="Nothing in Particular", aliases={"live": 1}),
)
DEFAULT = "grey"
OWN = frozenset(("bot@painter.example",))
COMMANDS = {Help: "help", ListStyles: "list", Stop: "stop", Start: "start", DeletePhotos: "delete"}
HALVES = "mosaic:0.5,great-wave:0.5"
FULL = f"{MAX_SIZE}px"


def asks(subject: str = "", text: str = "", to: str = "bot@painter.example", photos: int = 1) -> StyleRequest:
    images = [(f"IMG_{n}.jpg", photo(seed=n)) for n in range(photos)]
    return parse_email(mail(subject, text, images, to=to))


def meaning(request: StyleRequest, *, of: int = 3) -> str:
    """What the same mail means, sent `of` times."""
    styles = {meaning_of_one(request, f"m{number}") for number in range(of)}
    if len(styles) == len(KNOWN):
        return "any"
    return " | ".join(sorted(styles))


def tries(means: str) -> int:
    """How often a mail is read: chosen styles shall all have been chosen."""
    return 80 if means == "any" or "|" in means else 2


def meaning_of_one(request: StyleRequest, prefix: str) -> str:
    try:
        command = read(request, KNOWN, DEFAULT, prefix, own=OWN)
    except UnknownStyle as error:
        return f"?{error.name}"
    except NoImage:
        return "no photo"
    except BadOption:
        return "odd"
    if isinstance(command, Help | ListStyles | Stop | Start | DeletePhotos):
        return COMMANDS[type(command)]
    return _job(command.jobs[0])


def _job(job: StyleJob) -> str:
    assert job.sheet == (job.style == "")
    options = job.options
    said = ["default" if job.style == DEFAULT else job.style or "sheet"]
    said += [f"{options.strength:.0%}"] if options.strength != 1 else []
    said += ["colors"] if options.keep_colors else []
    said += [f"{options.size}px"] if options.size != DEFAULT_SIZE else []
    return " ".join(said)


def others(*names: str) -> set[str]:
    """All styles but these."""
    return {style.name for style in KNOWN} - set(names)
