"""Letters in each language, as tests/fixtures/answers has them.

letters     code -> name -> the answer's bytes
as_text     code -> the texts of all letters
as_html     code -> the html of two letters, without their style sheets

`python -m tests.fakes.mailbot.replies.golden` writes them anew; look at what `git diff` says then.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from mailbot.conversation.recipes import AT_FULL
from mailbot.intents.command_types import Paint
from mailbot.intents.commands import read
from mailbot.replies import letters, sender_replies
from mailbot.replies.answer_parts import answers
from mailbot.replies.mime import ReplyContext
from mailbot.sender_policy.admission import NotProven, OverLimit
from mailbot.storage.erasure import DeletionCounts
from styles import errors
from styles.contract import StyleJob
from styles.language.lexicon import LANGUAGES
from tests.fakes.mailbot.mails import STYLES, photo
from tests.fakes.mailbot.replies.composed import BOT, PHONE, about, asks, job, result, words
from tests.fakes.mailbot.replies.results import reply_results

FOLDER = Path(__file__).parents[3] / "fixtures" / "answers"
BLEND = "mosaic:3,great-wave:1"


def context(code: str, photos: int = 1, *, remembers: bool = True, **fields: str) -> ReplyContext:
    """What an answer in a language needs."""
    request = replace(asks("", photos=photos, **fields), language=code)
    return replace(about(request), remembers=remembers)


def parts(code: str) -> list[bytes]:
    """Two photos that do not fit into one mail, in a style that nobody named."""
    jobs: tuple[StyleJob, ...] = (job("mosaic"), job("mosaic"))
    paint = Paint(
        jobs=jobs,
        photos=(0, 1),
        wanted=4,
        in_one=1,
        chosen="default",
        alternatives=("udnie", "candy"),
        not_understood=("glitter", "<gold>"),
    )
    given = context(code, photos=2)
    results = [result(1, style="mosaic"), result(2, style="mosaic")]
    return [write(given) for write in answers(paint, given.request.images, results, 10_000_000, AT_FULL)]


def golden_letters(code: str) -> dict[str, bytes]:
    """Every kind of answer."""
    preview = photo(200, 150)
    one = job(strength=0.6, keep_colors=True, size=2048)
    return {
        "one": reply_results(context(code), [one], [result(preview=preview)]),
        "unproven": reply_results(context(code, remembers=False), [job()], [result()]),
        "blend": reply_results(
            context(code, photos=5), [job(BLEND), job(BLEND)], [result(style=BLEND), errors.NotAnImage()]
        ),
        "several": reply_results(
            context(code, photos=2),
            [job("mosaic"), job(BLEND)],
            [result(1, style="mosaic"), result(2, style=BLEND, reduced_from=(8064, 6048))],
        ),
        "sheet": reply_results(context(code), [job("")], [result(style="")]),
        **{f"part-{number}": raw for number, raw in enumerate(parts(code), start=1)},
        "phone": reply_results(context(code, sender=PHONE), [job()], [result()]),
        "wait": letters.reply_wait(context(code, photos=2), 290),
        "help": letters.reply_help(context(code)),
        "styles": letters.reply_styles(context(code)),
        "stop": sender_replies.reply_stop(context(code)),
        "start": sender_replies.reply_start(context(code)),
        "deleted": sender_replies.reply_deleted(context(code), DeletionCounts(mails=3, answers=1)),
        "no-photo": letters.reply_error(context(code, photos=0), errors.NoImage()),
        "unknown": letters.reply_error(context(code), errors.UnknownStyle("<Picaso>", ("udnie", "mosaic"))),
        "photo-gone": letters.reply_error(context(code, photos=0), errors.PhotoGone()),
        "unclear": letters.reply_error(context(code, photos=0), errors.UnclearReply("<brighter> please")),
        "too-large": letters.reply_error(context(code), errors.ImageTooLarge()),
        "busy": letters.reply_error(context(code), errors.Busy(9)),
        "strength": letters.reply_error(context(code), strength()),
        "too-many": letters.reply_error(context(code), OverLimit(1_800_000_000)),
        "not-proven": letters.reply_error(context(code), NotProven(7)),
    }


def strength() -> errors.PainterError:
    """The error of "mosaic 700%"."""
    try:
        read(asks("mosaic 150%"), STYLES, "mosaic", "m1", own=(BOT,))
    except errors.PainterError as error:
        return error
    raise AssertionError("150% is no strength")


def as_text(code: str) -> str:
    """The texts of all letters, each below its name."""
    return "\n".join(f"=== {name}\n{_plain(raw)}" for name, raw in golden_letters(code).items())


def as_html(code: str) -> str:
    """The html of the letters that have most in them."""
    found = golden_letters(code)
    pages = [words(found[name], "html").replace("\r\n", "\n") for name in ("blend", "one", "unknown")]
    return "\n".join(re.sub(r"<head>.*</head>\n", "", page, flags=re.DOTALL) for page in pages)


def _plain(raw: bytes) -> str:
    return words(raw).replace("\r\n", "\n")


def write() -> None:
    """Write all files."""
    FOLDER.mkdir(exist_ok=True)
    for code in LANGUAGES:
        (FOLDER / f"{code}.txt").write_text(as_text(code))
        (FOLDER / f"{code}.html").write_text(as_html(code))


if __name__ == "__main__":
    write()
