"""Every kind of answer, made of a mail as it came, by whatever paints.

answers    name -> the answer's bytes
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mailbot.intents import commands
from mailbot.intents.command_types import Paint
from mailbot.parsing.mail_parser import StyleRequest, parse_email
from mailbot.replies import letters
from mailbot.replies.mime import ReplyContext
from styles.contract import StyleJob, StyleResult, StyleSummary
from styles.errors import NotAnImage, PainterError, UnknownStyle
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.replies.results import reply_results

BOT = "bot@painter.example"
DATE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ID = "<painted.1@painter.example>"
JANE, PHONE = "Jane Doe <jane@mail.example>", "15551230001@mms.att.net"

#: Gives the picture and its preview.
Paints = Callable[[StyleJob], tuple[bytes, bytes]]


@dataclass(frozen=True, kw_only=True)
class Easel:
    """What answers are made with."""

    paints: Paints
    styles: Sequence[StyleSummary]
    photos: dict[str, bytes]  #: by file name

    def asked(self, subject: str, *names: str, sender: str = JANE) -> StyleRequest:
        """A mail with these photos, written and read."""
        return parse_email(mail(subject, "", [(name, self.photos[name]) for name in names], sender=sender))

    def context(self, request: StyleRequest) -> ReplyContext:
        """What each answer is made of."""
        return ReplyContext(request=request, bot_address=BOT, styles=self.styles, message_id=ID, date=DATE)

    def jobs(self, request: StyleRequest) -> tuple[StyleJob, ...]:
        """What the bot would have painted."""
        command = commands.read(request, self.styles, self.styles[0].name, "m1", own=(BOT,))
        assert isinstance(command, Paint)
        return command.jobs

    def painted(
        self, request: StyleRequest, jobs: Sequence[StyleJob], *bad: PainterError | None, **limits: Any
    ) -> bytes:
        """The answer; the photos for which `bad` has an error are not painted."""
        results = [
            error or self._result(job) for job, error in zip(jobs, [*bad, *[None] * len(jobs)], strict=False)
        ]
        return reply_results(self.context(request), jobs, results, **limits)

    def _result(self, job: StyleJob) -> StyleResult:
        image, preview = self.paints(job)
        return StyleResult(
            job_id=job.id,
            image=image,
            style=job.style,
            version=1,
            seconds=0.1,
            runner="r",
            preview=preview if job.options.preview else b"",
        )


def answers(easel: Easel) -> dict[str, bytes]:
    """Every kind of answer; the photos' names are those of `easel.photos`, of which there are four."""
    first, second, third, fourth = easel.photos
    styles = [style.name for style in easel.styles]
    one = easel.asked(styles[0], first)
    weak = easel.asked(f"{styles[1]} 60% keep the colors", second)
    three = easel.asked(styles[0], first, second, third)
    surprise = easel.asked("surprise me", first, second, third)
    blend = easel.asked(f"{styles[1]} and {styles[2]}", first)
    sheet = easel.asked("all styles", first)
    many = easel.asked(styles[2], first, second, third, fourth)
    phone = easel.asked(styles[0], first, second, sender=PHONE)
    nothing, plain = easel.asked("help"), easel.asked("styles")
    unknown = UnknownStyle("Picaso", styles[1:3], styles)
    return {
        "one": easel.painted(one, easel.jobs(one)),
        "weaker": easel.painted(weak, easel.jobs(weak)),
        "three": easel.painted(three, easel.jobs(three)),
        "surprise": easel.painted(surprise, easel.jobs(surprise)),
        "blend": easel.painted(blend, easel.jobs(blend)),
        "sheet": easel.painted(sheet, easel.jobs(sheet)),
        "some-failed": easel.painted(many, easel.jobs(many)[:3], None, NotAnImage()),
        "help": letters.reply_help(easel.context(nothing)),
        "styles": letters.reply_styles(easel.context(plain)),
        "unknown": letters.reply_error(easel.context(one), unknown),
        "not-an-image": letters.reply_error(easel.context(one), NotAnImage()),
        "phone": easel.painted(phone, easel.jobs(phone)),
    }
