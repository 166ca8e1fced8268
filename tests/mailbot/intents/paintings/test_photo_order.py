"""Each photo gets the style that its own sentence gives it."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import paint_of


def _painted(paint: Paint) -> list[str]:
    return [job.style for job in paint.jobs]


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        (
            "For the cliffs I'd like the Turner. The cake should be Udnie.",
            ["shipwreck-of-the-minotaur", "udnie"],
        ),
        (
            "Per gli scogli vorrei il Turner. La torta la vorrei come Udnie.",
            ["shipwreck-of-the-minotaur", "udnie"],
        ),
        ("Das erste (unser 2:1) wie Léger, das zweite als Hokusai", ["contrast-of-forms", "great-wave"]),
        (
            "1点目はレジェでお願いします。2点目はモンドリアンでお願いします。",
            ["contrast-of-forms", "tableau-2"],
        ),
    ],
)
def test_two_sentences_give_two_photos_their_styles(text: str, styles: list[str]) -> None:
    assert _painted(paint_of(text, photos=2)) == styles


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        (
            "The first two are the meadow, so the wheat field. The third was taken at night, with all the "
            "lamps: "
            "starry night.",
            ["wheat-field", "wheat-field", "starry-night"],
        ),
        (
            "Die ersten beiden zeigen das Feld, die bitte als Weizenfeld. Das dritte ist Heinz am Grill. "
            "Heinz "
            "bekommt den Schrei.",
            ["wheat-field", "wheat-field", "the-scream"],
        ),
        (
            "Les deux premières, c'est la route : mettez-les en champ de blé. La troisième, le port à "
            "minuit, "
            "je la veux en nuit étoilée.",
            ["wheat-field", "wheat-field", "starry-night"],
        ),
        (
            "Las dos primeras son el patio, y ahí va el campo de trigo. La tercera, donde salgo yo, merece "
            "El grito.",
            ["wheat-field", "wheat-field", "the-scream"],
        ),
        (
            "Nelle prime due c'è il grano, e lì ci va il campo di grano. Nella terza le onde: affidala a "
            "Turner.",
            ["wheat-field", "wheat-field", "shipwreck-of-the-minotaur"],
        ),
        (
            "As duas primeiras são a levada: campo de trigo para ambas. A terceira é o ferry. Para essa, a "
            "Grande "
            "Onda.",
            ["wheat-field", "wheat-field", "great-wave"],
        ),
        (
            "前两张是在海边拍的，请用神奈川的大浪。第三张是在火锅店，请用梵高的夜间咖啡馆。",
            ["great-wave", "great-wave", "night-cafe"],
        ),
        (
            "はじめの二枚は丘なので、ゴッホの麦畑でお願いします。三枚目は港です。ターナーの難破船で。",
            ["wheat-field", "wheat-field", "shipwreck-of-the-minotaur"],
        ),
        (
            "They are in order. First of all my father, Léger for him. Then me at the bar: the night café. "
            "Finally "
            "the baby, The Scream please.",
            ["contrast-of-forms", "night-cafe", "the-scream"],
        ),
        (
            "J'ai mis dans l'ordre. D'abord mon père, qui sera un Léger. Ensuite moi au bistrot, le Café de "
            "nuit "
            "s'il vous plaît. Enfin la petite : Le Cri.",
            ["contrast-of-forms", "night-cafe", "the-scream"],
        ),
        ("photo 1 in udnie, photo 2 as the scream, photo 3 in udnie again", ["udnie", "the-scream", "udnie"]),
    ],
)
def test_three_photos_get_their_styles_in_a_story(text: str, styles: list[str]) -> None:
    assert _painted(paint_of(text, photos=3)) == styles


def test_a_style_can_stand_before_its_number_sentences_away() -> None:
    text = "Udnie is for the second one. The night café goes to the bar, that's the first."
    assert _painted(paint_of(text, photos=2)) == ["night-cafe", "udnie"]


def test_a_tale_of_numbered_photos_asks_for_nothing() -> None:
    text = (
        "Guten Tag, ich bin Student und lerne Deutsch. Auf Foto eins ist meine Gastmutter am Weizenfeld, auf "
        "Foto zwei ihr Hund bei einer großen Welle. Sie war sehr gut zu mir. Bitte malt beide Fotos für "
        "sie. Vielen Dank im Voraus"
    )
    assert paint_of(text, photos=2).chosen == "default"


def test_two_wishes_that_name_no_thing_are_not_shared_out() -> None:
    assert len(set(_painted(paint_of("I love the scream. I also love the great wave.", photos=2)))) == 1


def test_numbers_behind_a_photo_can_be_joined() -> None:
    paint = paint_of("Foto 1 und 3 wie Mondrian, das zweite in Matisse", photos=3)
    assert _painted(paint) == ["tableau-2", "woman-with-a-hat", "tableau-2"]


def test_photos_that_came_along_by_mistake_are_left_out() -> None:
    text = "The first and the last just came along, please ignore those. The middle one in udnie."
    paint = paint_of(text, photos=3)
    assert (_painted(paint), paint.photos) == (["udnie"], (1,))


def test_a_mix_may_name_its_styles_again() -> None:
    text = "Dave wants the scream and Kev wants starry night so do a mix, 70% scream and 30% starry night"
    assert _painted(paint_of(text)) == ["the-scream:0.7,starry-night:0.3"]


def test_a_number_of_pixels_may_be_chinese() -> None:
    (job,) = paint_of("乌德妮，两千四百像素").jobs
    assert job.options.size == 2400


@pytest.mark.parametrize(
    "text",
    [
        "all of them starry night except the last, which should be the scream",
        "starry night for all but the last one, the last in the scream",
        "alle als Sternennacht, nur das letzte als Schrei",
        "toutes en nuit étoilée, seulement la dernière en cri",
        "todas en noche estrellada menos la última, que sea el grito",
        "tutte in notte stellata, solo l'ultima come l'urlo",
        "todas em noite estrelada, só a última como o grito",
        "除了最后一张用呐喊，其他都用星空",
        "最後の一枚以外は全部星月夜で、最後の一枚は叫びで",
    ],
)
def test_all_photos_but_one_have_the_other_style(text: str) -> None:
    paint = paint_of(text, photos=3)
    assert _painted(paint) == ["starry-night", "starry-night", "the-scream"]
    assert paint.not_understood == paint.left_out == ()


@pytest.mark.parametrize(
    ("text", "photos"),
    [
        ("all but the first in the scream", (1, 2)),
        ("the scream for everything but the second", (0, 2)),
        ("the scream for all three but the last", (0, 1)),
        ("alle bis auf das letzte als Schrei", (0, 1)),
        ("toutes sauf la dernière en cri", (0, 1)),
        ("todas menos la última como el grito", (0, 1)),
        ("the scream for all, but the last one bigger", (0, 1, 2)),
    ],
)
def test_a_photo_is_left_out_of_all(text: str, photos: tuple[int, ...]) -> None:
    assert paint_of(text, photos=3).photos == photos


@pytest.mark.parametrize(
    "text",
    [
        "The wave small for the first and the scream big for the second",
        "Welle für das erste und Schrei für das zweite",
        "La vague pour la première et le cri pour la deuxième",
        "La ola para la primera y el grito para la segunda",
        "La ola para la foto 1 y el grito para la foto 2",
        "L'onda per la prima e l'urlo per la seconda",
        "A onda para a primeira e o grito para a segunda",
        "大浪给第一张，呐喊给第二张",
        "大波は一枚目に、叫びは二枚目に",
    ],
)
def test_photos_behind_their_styles_are_never_swapped(text: str) -> None:
    assert _painted(paint_of(text, photos=2)) == ["great-wave", "the-scream"]


@pytest.mark.parametrize(
    "text",
    [
        "make this one great wave and that one Kandinsky",
        "this one great wave, that one Kandinsky",
        "Could you do this one as the great wave and that one as Kandinsky?",
        "great wave for this one and Kandinsky for that one",
        "diese die große Welle und jene Kandinsky",
        "das hier als große Welle und das da als Kandinsky",
        "celle-ci la grande vague et celle-là Kandinsky",
        "ceci en grande vague et cela en Kandinsky",
        "esta la gran ola y esa Kandinsky",
        "esta foto como la gran ola y aquella como Kandinsky",
        "questa la grande onda e quella Kandinsky",
        "esta a grande onda e aquela Kandinsky",
        "essa a grande onda, aquela Kandinsky",
        "这张大浪，那张康定斯基",
        "これは大波、あれはカンディンスキー",
    ],
)
def test_this_one_and_that_one_are_two_photos_by_a_guess(text: str) -> None:
    paint = paint_of(text, photos=2)
    assert _painted(paint) == ["great-wave", "composition-vii"]
    assert paint.is_order_guessed


@pytest.mark.parametrize(
    "text",
    [
        "Paint this one in the great wave, I loved that one by Kandinsky",
        "A blend of this one great wave and that one Kandinsky",
    ],
)
def test_this_one_and_that_one_of_a_tale_or_a_blend_are_no_numbers(text: str) -> None:
    assert all("," in style for style in _painted(paint_of(text, photos=2)))
