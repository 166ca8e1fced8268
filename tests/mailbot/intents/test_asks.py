"""The table of asks, and letters that name a style by chance: what share is understood, told, or wrong.

Both were written before the code, and without a look at it. Another half of the asks is kept apart and only
measured: `python -m benchmarks.asks FILE`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.fakes.mailbot.asks import Outcome, Table, judged, painted_by_chance, rows

FIXTURES = Path(__file__).parents[2] / "fixtures"
LETTERS = rows(FIXTURES / "letters.jsonl")
#: Most letters that may be painted in the style that they mention, or refused: 2 of 100.
MOST_BY_CHANCE = 0.02


@pytest.fixture(scope="module")
def table() -> Table:
    return Table(FIXTURES / "asks_a.jsonl")


def test_what_people_write_is_understood(table: Table) -> None:
    shares = table.shares
    failures = "\n".join(str(outcome) for outcome in table.outcomes if outcome.kind != "understood")
    assert shares["understood"] >= 0.98, failures
    assert shares["wrong"] == 0, failures


def test_every_language_is_understood(table: Table) -> None:
    failed = Counter(outcome.ask["lang"] for outcome in table.outcomes if outcome.kind != "understood")
    asked = Counter(outcome.ask["lang"] for outcome in table.outcomes)
    assert set(asked) == {"en", "de", "fr", "es", "it", "pt", "zh", "ja"}
    assert all(failed[language] <= 0.05 * count for language, count in asked.items()), failed


def test_letters_that_name_a_style_by_chance_are_not_painted_in_it() -> None:
    taken = [(letter["text"], got) for letter in LETTERS if (got := painted_by_chance(letter))]
    assert len(LETTERS) == 200
    assert len(taken) <= MOST_BY_CHANCE * len(LETTERS), taken


@pytest.mark.parametrize(
    ("expect", "kind"),
    [
        ({"style": "the-scream"}, "understood"),
        ({"style": ["the-scream", "udnie"]}, "understood"),
        ({"style": "udnie"}, "wrong"),
        ({"style": "the-scream", "strength": [20, 80]}, "wrong"),
        ({"style": "the-scream", "size": "big"}, "wrong"),
        ({"style": "the-scream", "keep_colours": True}, "wrong"),
        ({"styles": ["the-scream", "udnie"]}, "wrong"),
        ({"blend": {"the-scream": 60, "udnie": 40}}, "wrong"),
        ({"default": True}, "wrong"),
        ({"silence": True}, "wrong"),
        ({"unknown": "picasso"}, "wrong"),
    ],
)
def test_the_judge_knows_right_from_wrong(expect: dict[str, object], kind: str) -> None:
    ask = {"subject": "", "text": "the scream please", "photos": 1, "lang": "en", "expect": expect}
    assert judged(ask).kind == kind


def test_an_ask_that_gets_the_default_style_is_told() -> None:
    ask = {"subject": "Rex", "text": "", "photos": 1, "lang": "en", "expect": {"style": "udnie"}}
    outcome = judged(ask)
    assert isinstance(outcome, Outcome)
    assert outcome.kind == "told"
    assert "Rex" in str(outcome)
