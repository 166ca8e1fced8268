"""What the rest of a mail says decides whether a style that it mentions is wished."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from mailbot.intents.command_types import Paint
from mailbot.intents.learned.features import mail_features
from tests.fakes.mailbot.asks import paint_of, read, request_of

SCHOOL = (
    "We saw a Turner in the hall. Mondrian came next, all grey squares. Can you paint my hamster like that?"
)
BOAT = """Mi marido dice que los trigales de Burgos en julio parecen un Van Gogh. Yo digo que parecen
trigales. Píntelo como quiera y así zanjamos la discusión."""
LIBRARY = """Ein Turner hängt hier in der Bibliothek. Malt uns einfach, wie ihr wollt, liebe Leute, wir sind
da nicht wählerisch und freuen uns."""
BRIDGE = """My teacher showed us a painting where a person is on a bridge and holds his face and the sky is
all orange and wobbly, I forgot what it is called. Can you make my hamster like that?"""
BAKERY = """Hi team, we bake bread in a street near the harbour, and my daughter took this photo one morning.
We would love it as the Wheat Field, because of the flour. Best wishes from all of us at the bakery."""


def test_a_mention_that_begins_a_sentence_is_one() -> None:
    assert [job.style for job in paint_of(SCHOOL).jobs] == ["tableau-2"]


@pytest.mark.parametrize("text", [BOAT, LIBRARY])
def test_a_style_that_is_only_told_of_is_not_painted_where_the_choice_is_left_to_the_bot(text: str) -> None:
    assert paint_of(text).chosen in ("default", "surprise")


def test_a_painting_that_is_told_of_is_meant_by_like_that() -> None:
    assert [job.style for job in paint_of(BRIDGE).jobs] == ["the-scream"]


@pytest.mark.parametrize(
    "text",
    [
        "My daughter studies art and says the right picture is The Night Café. I trust her.",
        "Mia figlia sostiene che il quadro giusto sia il Caffè di notte, per la luce. Mi fido di lei.",
        "Meine Tochter meint, für so ein Foto passe das Nachtcafé. Sie hat recht.",
        "女儿学美术,她说夜间咖啡馆那幅最合适。我听她的。",
    ],
)
def test_a_style_that_somebody_trusted_names_is_wished(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["night-cafe"]


def test_the_features_of_a_long_mail_are_computed_once() -> None:
    counted = 0

    def tally(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event == "call" and frame.f_code is mail_features.__code__

    paint_of(BAKERY)  # what is remembered by then does not count
    sys.setprofile(tally)
    try:
        paint = paint_of(BAKERY)
    finally:
        sys.setprofile(None)
    assert [job.style for job in paint.jobs] == ["wheat-field"]
    assert counted == 1


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("either kandinsky or mondrian, you decide which fits", {"composition-vii", "tableau-2"}),
        (
            "Not sure which, maybe wave, or scream? whichever is better for a portrait",
            {"great-wave", "the-scream"},
        ),
        ("o Kandinsky o Mondrian, scegliete voi", {"composition-vii", "tableau-2"}),
        ("Kandinsky ou Mondrian, à vous de choisir ce qui va le mieux", {"composition-vii", "tableau-2"}),
    ],
)
def test_one_of_two_styles_between_which_the_bot_is_to_choose_is_painted(text: str, styles: set[str]) -> None:
    paint = paint_of(text)
    assert paint.chosen == "named"
    assert [job.style in styles for job in paint.jobs] == [True]


BELLA = """Hi there, my sister told me about this thing and I'd absolutely love to see Bella turned into
something like the Munch one, you know, the guy screaming. Thanks in advance, Karen"""
ANY = "Your pick which one, I just love his brushwork. It's a picture of my sunflowers from the yard in Ohio."


def test_a_wish_in_a_chatty_sentence_is_one() -> None:
    assert [job.style for job in paint_of(BELLA).jobs] == ["the-scream"]


def test_which_painting_of_an_artist_may_be_left_to_the_bot() -> None:
    paint = read(request_of({"subject": "Anything by Van Gogh", "text": ANY, "photos": 1}))
    assert isinstance(paint, Paint)
    assert [job.style for job in paint.jobs] == ["starry-night"]


def test_one_word_about_the_photo_does_not_choose_among_the_paintings_of_a_movement() -> None:
    paint = paint_of("Kubistisch bitte! Ist der Potsdamer Platz.")
    assert [job.style for job in paint.jobs] == ["contrast-of-forms"]


def test_a_misspelt_title_chooses_among_the_paintings_of_an_artist() -> None:
    text = "Not sure I'm spelling it right, the Picabia one. For this picture of my allotment."
    paint = read(request_of({"subject": "edtaonisel??", "text": text, "photos": 1}))
    assert isinstance(paint, Paint)
    assert [job.style for job in paint.jobs] == ["edtaonisl"]
