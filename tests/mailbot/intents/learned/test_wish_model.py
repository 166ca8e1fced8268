"""In a long mail the learned model tells a wish from a style that is named by chance."""

from __future__ import annotations

from array import array
from importlib.resources import files

import pytest

from mailbot.intents.command_types import Paint
from mailbot.intents.learned import wish_model
from mailbot.intents.learned.wish_model import EACH, MOST, WishModel, evidence, hashed, shipped
from tests.fakes.mailbot.asks import paint_of, read, request_of

#: Most bytes of the weights.
LARGEST = 120_000


def test_the_weights_come_with_the_package() -> None:
    written = files("mailbot.intents.learned").joinpath(wish_model.FILE).read_bytes()
    assert len(written) < LARGEST
    assert shipped() == WishModel.read(written)
    assert any(shipped().weights)


def test_the_weights_of_features_are_summed_by_the_root_of_their_number() -> None:
    first, second = hashed("s", ["a"], 64), hashed("s", ["b"], 64)
    weights = array("b", [10 if at in first else 20 if at in second else 0 for at in range(64)])
    model = WishModel(weights=weights, scale=0.5, bias=1.0)
    assert model.logit(["a"], []) == 6
    assert model.logit(["a", "b"], []) == pytest.approx(1 + 15 / 2**0.5)


def test_evidence_is_for_a_wish_and_against_a_mention_by_chance_and_has_bounds() -> None:
    assert evidence(1.0) == EACH == -evidence(-1.0)
    assert evidence(99) == MOST == -evidence(-99)


BOAT = """The rebuild is done, every hose replaced and every knuckle skinned. My wife says I should hang it on
the wall, so I am calling her bluff. Could you make it look the way Léger would have done it? Don't mind the
spanner on the rocker cover."""
KITCHEN = """Hallo zusammen, das ist die Küche meiner Oma, am Tag bevor wir sie ausgeräumt haben. Unter der
Eckbank lag ein Brief von 1951. Ich hätte sie so gern wie das Nachtcafé von van Gogh, mit dem Rot und dem
Grün."""
MUSEUM = """We queued two hours in drizzle for the museum, and the Night Café wasn't even there. The best part
of the day was the pancakes. Attached are the two of us at the canal. Could you paint it for my sister's new
flat? Do whatever you think is best with it."""
CLASS = """Gestern waren wir mit der Klasse im Museum, und die Kinder durften vor einem Kandinsky liegen.
Bitte denken Sie an das Geld für den Bus. Könnten Sie das Foto für unser Klassenzimmer malen? Den Stil
überlasse ich Ihnen."""


@pytest.mark.parametrize(("text", "style"), [(BOAT, "contrast-of-forms"), (KITCHEN, "night-cafe")])
def test_a_wish_in_the_middle_of_a_story_is_heard(text: str, style: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == [style]


@pytest.mark.parametrize("text", [MUSEUM, CLASS])
def test_a_style_in_a_letter_that_leaves_it_to_the_bot_is_not_heard(text: str) -> None:
    assert paint_of(text).chosen in ("default", "surprise")


@pytest.mark.parametrize(
    ("subject", "style"),
    [
        ("Starry Night, big", "starry-night"),
        ("Noite estrelada 45%", "starry-night"),
        ("Scream 30 percent", "the-scream"),
        ("Kandinsky", "composition-vii"),
        ("kandinksy", "composition-vii"),
    ],
)
def test_a_subject_of_a_style_and_its_options_counts_above_a_story(subject: str, style: str) -> None:
    text = (
        "I hope you are well. My sister Anna gave me your address at her birthday, she was very happy with "
        "her picture. This is my drum kit in our garage."
    )
    paint = read(request_of({"subject": subject, "text": text, "photos": 1}))
    assert isinstance(paint, Paint)
    assert paint.jobs[0].style == style
