"""Every kind of answer in each language, word for word: tests/fixtures/answers."""

from __future__ import annotations

import pytest

from mailbot.parsing.mail_parser import parse_email
from mailbot.sender_policy.silence import silence
from styles.language.lexicon import LANGUAGES
from tests.fakes.mailbot.replies import golden
from tests.fakes.mailbot.replies.composed import assert_on_the_wire, read, words


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_texts_are_as_they_were_looked_at(code: str) -> None:
    """`python -m tests.fakes.mailbot.replies.golden` writes them anew."""
    assert golden.as_text(code) == (golden.FOLDER / f"{code}.txt").read_text()


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_pages_are_as_they_were_looked_at(code: str) -> None:
    assert golden.as_html(code) == (golden.FOLDER / f"{code}.html").read_text()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_answer_is_sound(code: str) -> None:
    for name, raw in golden.golden_letters(code).items():
        assert_on_the_wire(raw)
        assert silence(parse_email(raw), frozenset()) == "auto-submitted: auto-replied", name
        assert "{" not in words(raw), name


def test_the_subject_of_a_mail_without_one_is_translated() -> None:
    assert read(golden.golden_letters("de")["one"])["Subject"] == "Re: dein Foto"
    assert read(golden.golden_letters("ja")["one"])["Subject"] == "Re: お写真"
