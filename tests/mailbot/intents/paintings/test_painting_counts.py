"""Several paintings of one photo: in several styles, and in one style at several strengths."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


def painted(text: str, photos: int = 1) -> list[tuple[str, int]]:
    paint = paint_of(text, photos)
    return [(job.style, round(100 * job.options.strength)) for job in paint.jobs]


@pytest.mark.parametrize(
    "text",
    [
        "I'd like three of this photo: the scream, starry night and udnie",
        "Three versions please. The Scream, Starry Night and Udnie",
        "Ich hätte gern drei davon: Schrei, Sternennacht und Udnie",
        "Une seule photo, trois rendus : Le Cri, La Nuit étoilée et Udnie.",
        "hazme tres cuadros con esta foto: el grito, la noche estrellada y udnie",
        "Quisiera tres opciones: el grito, noche estrellada y udnie",
        "Vorrei tre opzioni: urlo, notte stellata e udnie",
        "Queria três opções: o grito, noite estrelada e udnie",
        "3 varianti: urlo, notte stellata e udnie",
        "dessa foto quero três: o grito, noite estrelada e udnie",
        "一张照片做三个版本：呐喊、星夜、Udnie",
        "3バージョンください。叫び、星月夜、Udnie",
        "three outcomes: a scream, a starry night and an udnie",
        "três resultados: o grito, a noite estrelada e udnie",
    ],
)
def test_a_number_of_versions_is_a_painting_in_each_style(text: str) -> None:
    assert painted(text) == [("the-scream", 100), ("starry-night", 100), ("udnie", 100)]


@pytest.mark.parametrize(
    "text",
    [
        "My sister and I are torn between the scream and udnie. Send both?",
        "Wir schwanken zwischen Schrei und Udnie. Schick beide?",
        "Coucou, ma sœur et moi hésitons entre le cri et udnie. Envoie les deux ?",
        "Dudamos entre el grito y udnie. ¿Mandas las dos?",
        "Siamo indecisi tra l'urlo e udnie. Mandale entrambe?",
        "Estamos na dúvida entre o grito e udnie. Manda os dois?",
        "我们在呐喊和Udnie之间犹豫，两张都发来吧",
        "叫びとウドニーで迷っています。両方送ってください",
    ],
)
def test_who_is_torn_between_two_styles_may_have_both(text: str) -> None:
    assert painted(text) == [("the-scream", 100), ("udnie", 100)]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "the scream and udnie. Can I have both of those for this pic",
            "Kann ich beide haben? Schrei und Udnie",
        ),
        *(
            "le cri et udnie. Les deux svp",
            "el grito y udnie. Quiero los dos",
            "urlo e udnie. Vorrei entrambi",
        ),
        *("o grito e udnie. Quero os dois", "呐喊和Udnie。两个都要", "the scream and udnie in one mail"),
        *(
            "Schrei und Udnie in einer Mail",
            "le cri et udnie dans un seul mail",
            "o grito e udnie num só email",
        ),
    ],
)
def test_both_of_two_styles_are_a_painting_in_each(text: str) -> None:
    assert painted(text) == [("the-scream", 100), ("udnie", 100)]


@pytest.mark.parametrize(
    "text", ["the scream and udnie. Both are in it", "the scream and udnie, both in one"]
)
def test_other_sentences_with_both_leave_a_blend(text: str) -> None:
    assert painted(text) == [("the-scream:0.5,udnie:0.5", 100)]


@pytest.mark.parametrize(
    "text",
    [
        "the scream, starry night and udnie",
        "the scream, starry night and udnie for the 3 of us",
        "two versions of a blend of the scream, starry night and udnie",
    ],
)
def test_without_a_number_of_versions_it_is_a_blend(text: str) -> None:
    assert len(painted(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "starry night at 30, 60 and 90 percent please, I'll pick one",
        "Starry night please. Make three, at 30%, 60% and 90%.",
        "dreimal Sternennacht bitte, mit 30 %, 60 % und 90 %",
        "trois fois la nuit étoilée : à 30 %, à 60 % et à 90 %, je choisirai ensuite",
        "noche estrellada en tres intensidades: 30, 60 y 90%, luego elijo",
        "tre volte la notte stellata, al 30%, al 60% e al 90%, poi scelgo",
        "a noite estrelada três vezes: 30%, 60% e 90%",
        "星夜来三张，强度分别是30%、60%、90%，我挑一张",
        "星月夜を3回、30%・60%・90%で",
    ],
)
def test_one_style_at_several_strengths(text: str) -> None:
    assert painted(text) == [("starry-night", 30), ("starry-night", 60), ("starry-night", 90)]


def test_each_of_several_photos_has_every_strength() -> None:
    series = [("starry-night", 30), ("starry-night", 60)]
    assert painted("starry night twice, at 30% and 60%", photos=2) == series * 2


@pytest.mark.parametrize("text", ["starry night at 40% or 60%", "starry night 60%, 20 x 30 cm"])
def test_a_choice_and_a_measure_are_no_series(text: str) -> None:
    assert len(painted(text)) == 1


def test_a_number_of_photos_goes_by_their_order() -> None:
    text = "Two photos: the scream and starry night please"
    assert painted(text, photos=2) == [("the-scream", 100), ("starry-night", 100)]
    assert painted(text) == [("the-scream", 100), ("starry-night", 100)]


@pytest.mark.parametrize(
    "text",
    [
        "My three kids love udnie, the scream and starry night. Please paint this one as udnie.",
        "My three favourites are udnie, the scream and starry night. For this photo I want udnie.",
        "We three looked at udnie, the scream and starry night. Please paint it as udnie.",
    ],
)
def test_three_that_counts_something_else_asks_for_no_three_paintings(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["udnie"]


@pytest.mark.parametrize(
    "text",
    [
        "the scream and udnie separately, both at 40% but udnie small",
        "der Schrei und Udnie einzeln, beide mit 40% aber Udnie klein",
        "le cri et udnie séparément, les deux à 40% mais udnie en petit",
        "el grito y udnie por separado, los dos al 40% pero udnie en pequeño",
    ],
)
def test_one_of_both_has_a_size_of_its_own_behind_a_but(text: str) -> None:
    jobs = [(job.style, job.options.size, job.options.strength) for job in paint_of(text).jobs]
    assert jobs == [("the-scream", 1024, 0.4), ("udnie", 512, 0.4)]
