"""Somebody called like an artist is no request for a style, and neither is a thing called like a title."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import paint_of, read, request_of


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("Mr Turner, our caretaker, retires. We think the starry one would suit him best.", "starry-night"),
        ("Turner, unser Hausmeister, geht in Rente. Bitte die Sternennacht für ihn.", "starry-night"),
        ("Munch, mon grand-père, a 94 ans. La grande vague s'il vous plaît.", "great-wave"),
    ],
)
def test_the_style_of_a_person_is_another_one(text: str, style: str) -> None:
    paint = read(request_of({"subject": text.partition(",")[0], "text": text, "photos": 1}))
    assert isinstance(paint, Paint)
    assert style in [job.style for job in paint.jobs]


def test_an_artist_with_a_comma_behind_is_an_artist() -> None:
    assert paint_of("Turner, please").jobs[0].style == "shipwreck-of-the-minotaur"
    assert paint_of("Turner, our favourite").jobs[0].style == "shipwreck-of-the-minotaur"


def test_a_title_above_a_tale_of_such_a_thing_is_no_request() -> None:
    tale = "Así acabó el naufragio de la barquita de mi padre, todos mojados. Un cuadrito de esto, por favor."
    for text, chosen in ((tale, "default"), ("Un cuadrito de esto, por favor.", "named")):
        paint = read(request_of({"subject": "El naufragio", "text": text, "photos": 1}))
        assert isinstance(paint, Paint)
        assert paint.chosen == chosen


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Loro Picabia", "Así le puso mi ex. Insulta en tres idiomas. Quiero un cuadro de él."),
        ("Our parrot Picabia", "That's what he was called when he came. A picture of him, please."),
        ("Our dog Wave", "She has eaten two sofas. A little painted portrait would be lovely."),
        ("Notre chienne Vague", "Elle a mangé deux canapés. Un petit portrait peint nous ferait plaisir."),
        ("A nossa cadela Onda", "Já comeu dois sofás. Um retrato pintado deixava-nos contentes."),
        ("我家狗叫海浪", "已经啃了两个沙发。帮她画张像吧。"),
        ("うちの犬ナミ", "ソファを二つ食べました。絵にしてもらえたら嬉しいです。"),
        ("", "This is Munch, our guinea pig. He ate the remote."),
        ("", "Das ist Munch, unser Kater. Er hat wieder geschrien. Malt ihn bitte!"),
        ("", "Questo è Munch, il nostro porcellino d'India. Ha mangiato il telecomando."),
        ("", "Hello, this is Scream. Yes, that's her name. She would like her portrait painted."),
        ("", "Hallo, das hier ist Udnie. Ja, so heißt sie. Bitte malen."),
        ("", "Unsere Udnie hat gekalbt!"),
        ("foto del cane", "Si chiama Hokusai, ha tre mesi e morde tutto. Ci fate un quadretto?"),
        ("Edvard wird zwei", "Unser kleiner Edvard mit der Torte im Gesicht, ich fände das so schön."),
        ("", "猫の名前はゴッホです。絵にしてください。"),
    ],
)
def test_the_name_of_somebody_is_no_request(subject: str, text: str) -> None:
    paint = read(request_of({"subject": subject, "text": text, "photos": 1}))
    assert isinstance(paint, Paint)
    assert paint.chosen == "default"


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("This is Munch, our cat. The wave for him, please.", "great-wave"),
        ("Our dog Vincent as a van Gogh, please: the starry one.", "starry-night"),
        ("My cat in udnie please", "udnie"),
        ("Our dog as a Mondrian, please", "tableau-2"),
        ("the painting is called Udnie, that one please", "udnie"),
        ("Munch, mein Lieblingsmaler, bitte", "the-scream"),
    ],
)
def test_a_style_beside_somebody_is_a_request(text: str, style: str) -> None:
    assert paint_of(text).jobs[0].style == style


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("", "The woman with a hat is my aunt, in 1962. Please paint her."),
        ("", "Die Frau mit Hut ist meine Tante, das Foto ist von 1962. Bitte malen."),
        ("", "La femme au chapeau, à gauche, c'est ma tante. Un tableau s'il vous plaît."),
        ("", "La mujer del sombrero es mi abuela. Píntenla."),
        ("", "La signora col cappello è mia suocera, quella senza sono io. Fateci un quadro."),
        ("", "A mulher com chapéu é a minha avó. Pintem-na."),
        ("", "戴帽子的女人是我妈妈。请画一张。"),
        ("", "帽子の女性は母です。絵にしてください。"),
    ],
)
def test_what_somebody_in_the_photo_is_asks_for_nothing(subject: str, text: str) -> None:
    paint = read(request_of({"subject": subject, "text": text, "photos": 1}))
    assert isinstance(paint, Paint)
    assert paint.chosen == "default"


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("The scream is my favourite, please", "the-scream"),
        ("Matisse is my wife's favourite. Please paint her.", "woman-with-a-hat"),
        ("La grande onda e mia nonna, grazie", "great-wave"),
        ("Der Schrei ist genau richtig für meinen Bruder", "the-scream"),
    ],
)
def test_a_style_that_is_liked_is_a_request(text: str, style: str) -> None:
    assert paint_of(text).jobs[0].style == style


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Herr Munch, unser Briefträger", ""),
        ("Madame Léger, notre factrice, tournée de 9 h", ""),
        ("ターナー先生、退職の日", ""),
        ("", "The Wave is the name of our boat, freshly varnished."),
        ("", "La Ola es el nombre de nuestra barca, aquí recién barnizada."),
        ("", "La Vague est le nom de notre crêperie, voici l'équipe."),
        ("", "Tenho um peixe betta chamado Turner, o meu irmão é que escolheu. Segue a foto do bicho."),
    ],
)
def test_a_title_of_somebody_and_a_name_that_is_told_are_no_requests(subject: str, text: str) -> None:
    paint = read(request_of({"subject": subject, "text": text, "photos": 1}), default="udnie")
    assert isinstance(paint, Paint)
    assert paint.chosen == "default"


@pytest.mark.parametrize("text", ["Herr Munch, bitte", "Mr Turner please", "ゴッホさん風に描いてください"])
def test_an_artist_with_a_title_is_asked_for_all_the_same(text: str) -> None:
    assert paint_of(text).chosen == "named"
