"""The table of asks, and letters that name a style by chance: what share is understood, told, or wrong.

`asks_a`, `asks_b` and the letters were written before the code, and without a look at it. `asks_more` was
written beside it: its last 562 asks came in three batches, of which 82, 86 and 91 per cent were understood at
the first reading. `tests/fixtures/asks.toml` lists the tables that came later.
`python -m benchmarks.mail.asks FILE` prints the failures.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import (
    Outcome,
    Table,
    judged,
    newest,
    painted_by_chance,
    read,
    request_of,
    rows,
)

FIXTURES = Path(__file__).parents[2] / "fixtures"
LETTERS = rows(FIXTURES / "letters.jsonl")
LATER = tomllib.loads((FIXTURES / "asks.toml").read_text(encoding="utf-8"))
#: Most letters that may be painted in the style that they mention, or refused: 2 of 200, half of the aim.
MOST_BY_CHANCE = 0.01


def test_what_people_write_is_understood_in_every_language() -> None:
    table = Table(FIXTURES / "asks_a.jsonl")
    failed = [outcome for outcome in table.outcomes if outcome.kind != "understood"]
    failures = "\n".join(map(str, failed))
    assert table.shares["understood"] >= 0.98, failures
    assert table.shares["wrong"] == 0, failures
    asked = Counter(outcome.ask["lang"] for outcome in table.outcomes)
    assert set(asked) == {"en", "de", "fr", "es", "it", "pt", "zh", "ja"}
    missed = Counter(outcome.ask["lang"] for outcome in failed)
    assert all(missed[language] <= 0.05 * count for language, count in asked.items()), failures


def test_what_people_write_is_understood_in_the_half_that_was_opened_later() -> None:
    shares = Table(FIXTURES / "asks_b.jsonl").shares  # 0.876, 0.088 and 0.035 before it was opened
    assert shares["understood"] >= 0.97
    assert shares["wrong"] == 0


def test_asks_that_were_written_beside_the_code_are_understood() -> None:
    more = Table(FIXTURES / "asks_more.jsonl")
    failures = "\n".join(str(outcome) for outcome in more.outcomes if outcome.kind != "understood")
    assert more.shares["understood"] >= 0.97, failures
    assert more.shares["wrong"] == 0, failures


@pytest.mark.parametrize("name", newest(LATER, 6))
def test_later_asks_are_understood(name: str) -> None:
    later = Table(FIXTURES / f"{name}.jsonl")
    failures = "\n".join(str(outcome) for outcome in later.outcomes if outcome.kind != "understood")
    assert later.shares["understood"] >= LATER[name]["least"], failures
    assert later.shares["wrong"] <= LATER[name]["most"], failures


def test_letters_that_name_a_style_by_chance_are_not_painted_in_it() -> None:
    taken = [(letter["text"], got) for letter in LETTERS if (got := painted_by_chance(letter))]
    assert len(LETTERS) == 200
    assert len(taken) <= MOST_BY_CHANCE * len(LETTERS), taken


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Under a starry night", "We sat there until the fire went out."),
        ("Turner's graduation", "So proud of our son! He is off to Bristol in the autumn."),
        ("Postcard", "We queued two hours for the Van Gogh museum, and Starry Night isn't even there."),
        ("wheat field walk", "We walked through the wheat field behind the church, mud up to our knees."),
        ("my new hat", "Everybody says I look like the woman with a hat in that Matisse painting!"),
        ("Hallo Oma", "wir waren im Museum und haben den Schrei gesehen. Papa hat dann auch geschrien."),
        ("Noche estrellada en la playa", "Nos quedamos hasta las dos. Mañana te llamo."),
        ("Request", "Could you please pay the Turner invoice by Friday? Photo of it attached."),
        ("Fwd: Kandinsky St", "Can you take a look at the boiler in Kandinsky Street 4 please?"),
        ("Stage design", "There is a wheat field on the left. Can you build that by June?"),
    ],
)
def test_a_letter_that_asks_somebody_else_for_something_is_no_request(subject: str, text: str) -> None:
    paint = read(request_of({"subject": subject, "text": text, "photos": 1}), default="edtaonisl")
    assert isinstance(paint, Paint)
    assert paint.chosen == "default"


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


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("first one starry night, second one scream", ["starry-night", "the-scream"]),
        ("the second one in udnie, the first in mondrian please", ["tableau-2", "udnie"]),
        ("First one in starry night. The second as the scream please.", ["starry-night", "the-scream"]),
        ("beach.jpg in udnie, dinner.jpg in the scream please", ["udnie", "the-scream"]),
        ("Dinner as the scream, and the beach in udnie", ["udnie", "the-scream"]),
        ("das erste als Schrei, das zweite als Sternennacht", ["the-scream", "starry-night"]),
        ("第一张用星空,第二张用呐喊", ["starry-night", "the-scream"]),
    ],
)
def test_each_photo_gets_the_style_that_is_said_for_it(text: str, styles: list[str]) -> None:
    request = request_of({"subject": "two photos", "text": text, "photos": 2})
    named = tuple(
        replace(photo, name=name)
        for photo, name in zip(request.images, ("beach.jpg", "dinner.jpg"), strict=True)
    )
    paint = read(replace(request, images=named))
    assert isinstance(paint, Paint)
    assert [job.style for job in paint.jobs] == styles
    assert paint.photos == (0, 1)


@pytest.mark.parametrize(
    "text", ["dog.jpg in the scream, cat.jpg in udnie", "The dog in the scream and the cat in udnie"]
)
def test_a_photo_is_meant_by_a_short_file_name(text: str) -> None:
    request = request_of({"subject": "", "text": text, "photos": 2})
    named = tuple(
        replace(photo, name=name) for photo, name in zip(request.images, ("cat.jpg", "dog.jpg"), strict=True)
    )
    paint = read(replace(request, images=named))
    assert isinstance(paint, Paint)
    assert [job.style for job in paint.jobs] == ["udnie", "the-scream"]
