"""Whatever somebody writes is read in linear time, and ends in a command or an answer that says why not."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.intents.command_types import Command, Paint
from mailbot.intents.commands import read
from mailbot.parsing.mail_parser import StyleRequest, parse_email
from styles.contract import MAX_SIZE, MIN_SIZE, StyleJob
from styles.errors import PainterError
from styles.language.lexicon import lexicon
from tests.fakes.call_count import calls
from tests.fakes.mailbot.mails import STYLES, mail

OWN = frozenset(("bot@painter.example",))
NAMES = frozenset(style.name for style in STYLES)
PLAIN = parse_email(mail())
#: Pieces of which requests are made, and what stands between them.
WORDS = st.sampled_from(
    [
        *sorted(NAMES | lexicon().kinds.keys()),
        *("mozaic", "wave", "picasso", "van gogh", "Salt & Pepper", "keep the colors", "Farben behalten"),
        *(
            "0%",
            "60%",
            "100%",
            "999%",
            "60 percent",
            "٣٤%",
            "１０％",
            "%",
            "Re:",
            "[EXTERNAL]",
            "?",
            "\u202e",
        ),
        *("İstanbul", "ﬁ", "\ufdfa", "🎨", "é", "\ud800", "\x00", "x" * 100),
    ]
)
REQUESTS = st.lists(st.tuples(WORDS, st.sampled_from([" ", ", ", " and ", "+", "\n", "", "-"])), max_size=12)


def joined(pieces: list[tuple[str, str]]) -> str:
    return "".join(part for piece in pieces for part in piece)


def reading(subject: str, text: str = "", tag: str = "") -> Command | PainterError:
    request: StyleRequest = replace(
        PLAIN, subject=subject, text=text, recipients=(f"bot+{tag}@painter.example",)
    )
    try:
        return read(request, STYLES, "candy", "m1", own=OWN)
    except PainterError as error:
        return error


def assert_can_be_painted(job: StyleJob) -> None:
    parts = [part.partition(":") for part in job.style.split(",") if part]
    assert job.sheet is not bool(parts)
    assert NAMES.issuperset(name for name, _, _ in parts)
    assert len({name for name, _, _ in parts}) == len(parts) <= 4
    if len(parts) > 1:
        assert sum(float(share) for _, _, share in parts) == pytest.approx(1, abs=0.01)
    assert 0 <= job.options.strength <= 1
    assert MIN_SIZE <= job.options.size <= MAX_SIZE


@given(subject=st.text(max_size=300), text=st.text(max_size=2000), tag=st.text(max_size=60))
@settings(deadline=None, max_examples=80)
def test_any_text_is_read(subject: str, text: str, tag: str) -> None:
    command = reading(subject, text, tag)
    for job in command.jobs if isinstance(command, Paint) else ():
        assert_can_be_painted(job)


@given(subject=REQUESTS, text=REQUESTS, tag=REQUESTS)
@settings(deadline=None, max_examples=200)
def test_any_request_is_read(
    subject: list[tuple[str, str]], text: list[tuple[str, str]], tag: list[tuple[str, str]]
) -> None:
    command = reading(joined(subject), joined(text), joined(tag))
    for job in command.jobs if isinstance(command, Paint) else ():
        assert_can_be_painted(job)


@pytest.mark.parametrize(
    "unit", ["+ ", "and ", "6% ", "w ", ", ", "mosaic ", "half ", "re:", "keep ", "\ufdfa"]
)
def test_reading_is_linear(unit: str) -> None:
    some, more = (
        calls(partial(reading, "mosaic foo " + unit * count, f"foo {unit * count}\n" * 3))
        for count in (35, 140)
    )
    assert more < 5 * some
