"""Hold that any painting of an artist will do, where a mail says so in whichever sentence."""

from __future__ import annotations

import pytest

from styles.errors import UnknownStyle
from tests.fakes.mailbot.asks import paint_of, read, request_of

PICABIAS = {"udnie", "edtaonisl"}
VAN_GOGHS = {"starry-night", "wheat-field", "night-cafe"}


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("Dad only ever talked about van Gogh. Any of his will do for this picture of the shed.", VAN_GOGHS),
        ("Either of the Picabias for our school play, I really can't tell them apart.", PICABIAS),
        ("Mein Onkel schwärmt von Picabia. Eins seiner Bilder, welches ist egal.", PICABIAS),
        ("Ma tante a toujours aimé Van Gogh. N'importe lequel de ses tableaux ira très bien.", VAN_GOGHS),
        ("Whichever of the Van Goghs comes out nicest. It's our allotment.", VAN_GOGHS),
        ("Cualquier cuadro de van Gogh me vale para el cartel de la peña.", VAN_GOGHS),
        ("Mio zio adora Picabia. Uno qualsiasi dei suoi va bene per il manifesto.", PICABIAS),
        ("A minha avó gosta de Van Gogh. Qualquer um dos quadros dele serve para a sala.", VAN_GOGHS),
        ("我爸一辈子就认梵高。他的哪幅都行,照片是我家菜地。", VAN_GOGHS),
        ("母はゴッホが好きです。どの絵でもいいので、庭の写真を描いてください。", VAN_GOGHS),
    ],
)
def test_any_painting_of_the_artist_is_painted(text: str, styles: set[str]) -> None:
    paint = paint_of(text)
    assert paint.chosen != "default"
    assert {job.style for job in paint.jobs} <= styles


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("We are sick of the Starry Night. The scream please!", "the-scream"),
        ("J'en ai marre de la Nuit étoilée, je voudrais le Cri.", "the-scream"),
        ("Estoy harta de la ola, quiero el grito.", "the-scream"),
        ("Sono stufo della Notte stellata, vorrei l'Urlo.", "the-scream"),
        ("Estou farto da Noite Estrelada, quero o Grito.", "the-scream"),
        ("星月夜は見飽きたので、叫びでお願いします。", "the-scream"),
        ("星空看腻了,请画呐喊。", "the-scream"),
    ],
)
def test_what_one_is_tired_of_is_not_painted(text: str, style: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == [style]


@pytest.mark.parametrize(
    "text",
    [
        "I can't abide Mondrian. What we'd both love is a Vermeer with our kitchen window.",
        "Mondrian kann ich nicht mehr sehen. Gefragt ist Caspar David Friedrich, ich von hinten im Nebel.",
        "Kandinsky me fatigue. Ce qu'il me faut, c'est un Basquiat avec couronne et ratures.",
    ],
)
def test_what_there_is_not_is_told_beside_what_is_refused(text: str) -> None:
    assert isinstance(read(request_of({"subject": "", "text": text, "photos": 1})), UnknownStyle)


def test_the_painting_of_an_artist_is_chosen_by_what_the_rest_tells_of_it() -> None:
    paint = paint_of("Can you paint it like van Gogh please? He did a billiard table, lamps and red walls.")
    assert [job.style for job in paint.jobs] == ["night-cafe"]


def test_a_technique_beside_its_movement_is_told() -> None:
    text = "Can you do our wedding like a Brazilian woodcut, a cordel cover?"
    assert isinstance(read(request_of({"subject": "", "text": text, "photos": 1})), UnknownStyle)
