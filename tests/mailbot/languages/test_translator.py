"""Sentences, numbers, lists and durations in each language."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from mailbot.languages.translator import translator
from styles.language.lexicon import LANGUAGES


def test_english_is_the_source() -> None:
    say = translator("")
    assert say is translator("en") is translator("xx")
    assert say.gettext("Something that no catalogue has.") == "Something that no catalogue has."
    assert say.tag == "en"


def test_a_translator_is_made_once() -> None:
    assert translator("de") is translator("de")


@pytest.mark.parametrize(
    ("code", "either", "both", "share", "listed"),
    [
        ("en", "a, b or c", "a, b and c", "60%", "a, b, c"),
        ("de", "a, b oder c", "a, b und c", "60\u00a0%", "a, b, c"),
        ("fr", "a, b ou c", "a, b et c", "60\u00a0%", "a, b, c"),
        ("es", "a, b o c", "a, b y c", "60\u00a0%", "a, b, c"),
        ("it", "a, b o c", "a, b e c", "60%", "a, b, c"),
        ("pt", "a, b ou c", "a, b e c", "60%", "a, b, c"),
        ("zh", "a、b或c", "a、b和c", "60%", "a、b、c"),
        ("ja", "a、b、またはc", "a、b、c", "60%", "a、b、c"),
    ],
)
def test_lists_and_shares(code: str, either: str, both: str, share: str, listed: str) -> None:
    say = translator(code)
    assert (say.either("abc"), say.both("abc"), say.listed("abc")) == (either, both, listed)
    assert say.either("a") == say.both("a") == "a"
    assert share in say.gettext("{strength:.0%} strength", strength=0.6)


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(minutes=60), "1 hour"),
        (timedelta(minutes=150), "2 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=7), "7 days"),
        (timedelta(days=10), "10 days"),
        (timedelta(seconds=5), "1 minute"),
    ],
)
def test_durations(wait: timedelta, said: str) -> None:
    assert translator("").gettext("{time}", time=wait) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("de", "4 Minuten"),
        ("fr", "4 minutes"),
        ("es", "4 minutos"),
        ("it", "4 minuti"),
        ("pt", "4 minutos"),
        ("zh", "4分钟"),
        ("ja", "4 分"),
    ],
)
def test_durations_in_each_language(code: str, said: str) -> None:
    for wait in (
        timedelta(minutes=1),
        timedelta(hours=1),
        timedelta(hours=5),
        timedelta(days=1),
        timedelta(days=7),
    ):
        assert "duration" not in translator(code).gettext("{time}", time=wait)
    message = "Expect an answer in about {duration}. There is nothing for you to do."
    assert said in translator(code).gettext(message, duration=timedelta(minutes=4)).replace("\u00a0", " ")


def test_dates_and_times() -> None:
    said = {
        code: translator(code).gettext("{time}|{date}", time=time(13, 5), date=date(2026, 3, 9))
        for code in LANGUAGES
    }
    assert said["en"] == "13:05|9 March 2026"
    assert said["de"] == "13:05|9. März 2026"
    assert said["zh"] == "13:05|2026年3月9日"


def test_whole_numbers_are_written_without_groups() -> None:
    assert translator("de").gettext("{size}", size=2048) == "2048"


def test_words_of_others_cannot_be_placeholders() -> None:
    said = translator("de").gettext("I know no style called “{name}”.", name="{name.__class__}")
    assert "{name.__class__}" in said
    assert translator("de").gettext("A {brace} of an unknown message.") == "A {brace} of an unknown message."


def test_sentences_are_joined_as_the_language_does() -> None:
    assert translator("fr").sentences("Un.", "", "Deux.") == "Un. Deux."
    assert translator("ja").sentences("一。", "二。") == "一。二。"
