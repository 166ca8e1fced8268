from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.teaching import ending_letters
from mailbot.teaching import lesson_letters as letters
from mailbot.teaching.exact.choices import Guess
from mailbot.teaching.exact.exact_letters import reply_exactly
from styles.language.lexicon import LANGUAGES
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.replies.composed import about, asks, assert_on_the_wire, words

SOON = letters.Expectation(400)
QUEUED = letters.Expectation(6300, is_waiting=True, place=21)
LEARNT = letters.LearntNews(
    style="my-garden",
    title="My <garden>",
    alias="live",
    page="https://styles.example/styles/my-garden",
    preview=photo(),
    minutes=4.9,
    steps=420,
)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_letter_can_be_sent_in_every_language(code: str) -> None:
    context = about(replace(asks("learn: my garden"), language=code))
    for raw in (
        letters.reply_learning(context, SOON, name="My garden", guess=Guess()),
        letters.reply_learning(context, SOON, name="", guess=Guess(), is_swapped=True),
        letters.reply_learning(context, QUEUED, name="My garden", guess=Guess()),
        *(
            letters.reply_learnt(context, replace(LEARNT, alias=alias))
            for alias in ("live", "staged", "private-1")
        ),
        letters.reply_learnt(context, replace(LEARNT, is_whole=True)),
        letters.reply_learnt(context, replace(LEARNT, taken="garden")),
        reply_exactly(context, photo(), "dog-painted.jpg", guess=Guess()),
        ending_letters.reply_stopped(context, was_running=True),
        ending_letters.reply_retired(context, ["a", "b"], has_stopped=True),
    ):
        assert_on_the_wire(raw)
        assert "{" not in words(raw)
        assert "private-1" not in raw.decode()


def test_of_three_pictures_it_is_told_which_photo_is_painted() -> None:
    context = about(asks())
    for raw in (
        letters.reply_learning(context, SOON, name="", guess=None, has_more=True),
        reply_exactly(context, photo(), "dog-painted.jpg", guess=Guess(), has_more=True),
    ):
        assert "Of several photos I paint the first one" in words(raw)


def test_a_staged_style_is_asked_for_by_its_alias_and_has_no_page_yet() -> None:
    told = words(letters.reply_learnt(about(asks()), replace(LEARNT, alias="staged")))
    assert "my-garden@staged" in told
    assert LEARNT.page not in told
    assert "&lt;garden&gt;" in words(letters.reply_learnt(about(asks()), LEARNT), "html")


def test_a_picture_that_was_learnt_with_its_wall_is_told_of() -> None:
    told = words(letters.reply_learnt(about(asks()), replace(LEARNT, is_whole=True)))
    assert "I learnt from the whole picture" in told
    assert "mail it as “learn: My <garden>” again" in told
    assert "whole picture" not in words(letters.reply_learnt(about(asks()), LEARNT))
