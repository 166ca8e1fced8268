"""Several paintings of one photo that differ in their options."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    "text",
    [
        "udnie twice, one small and one big",
        "can i get it twice, small for my phone and a big one for the wall. udnie",
        "Könnte ich das bitte einmal klein und einmal groß haben? Udnie bitte.",
        "une petite version et une grande version de Udnie svp",
        "dos copias, una chiquita y otra grandota, de Udnie",
        "una piccola per il telefono e una grande da stampare, udnie",
        "uma pequena e uma grande, udnie",
        "要一张小的发朋友圈,再要一张大的挂墙上,乌德尼",
        "スマホ用に小さいのと、飾る用に大きいのを1枚ずつ、ウドニーで",
    ],
)
def test_one_style_in_two_sizes(text: str) -> None:
    jobs = paint_of(text).jobs
    assert [(job.style, job.options.size) for job in jobs] == [("udnie", 512), ("udnie", 2048)]


def test_a_painting_that_says_nothing_is_of_the_usual_size() -> None:
    jobs = paint_of("udnie, one normal and one big").jobs
    assert [job.options.size for job in jobs] == [1024, 2048]


def test_each_style_has_its_own_size_and_no_blend_is_made() -> None:
    jobs = paint_of("the scream small and the wave big").jobs
    assert [(job.style, job.options.size) for job in jobs] == [("the-scream", 512), ("great-wave", 2048)]


@pytest.mark.parametrize(
    "text", ["One as the scream, one as the wave. The wave quite big", "Schrei, Welle. Die Welle bitte groß"]
)
def test_another_sentence_gives_one_of_the_styles_its_size(text: str) -> None:
    jobs = paint_of(text).jobs
    assert [(job.style, job.options.size) for job in jobs] == [("the-scream", 1024), ("great-wave", 2048)]


@pytest.mark.parametrize(
    "text",
    [
        "one udnie and one scream … make the udnie one small",
        "udnie and scream separately, the udnie small",
        *("udnie and the scream, make the udnie small please", "udnie and the scream, udnie small please"),
        *(
            "udnie y el grito, udnie pequeño",
            "udnie e l'urlo, udnie piccolo",
            "udnie e o grito, udnie pequeno",
        ),
        "ein Udnie und einmal der Schrei, den Udnie bitte klein",
        "udnie et le cri séparément, udnie en petit",
        "udnie y el grito por separado, udnie en pequeño",
        "udnie e l'urlo separati, udnie in piccolo",
        "udnie e o grito separados, udnie pequeno",
        "udnie和呐喊各一张，udnie小一点",
        "udnieと叫びを別々に、udnieは小さく",
    ],
)
def test_the_end_of_a_sentence_gives_one_of_the_styles_its_size(text: str) -> None:
    jobs = paint_of(text).jobs
    assert [(job.style, job.options.size) for job in jobs] == [("udnie", 512), ("the-scream", 1024)]


@pytest.mark.parametrize(
    ("text", "strengths"),
    [
        ("udnie and scream separately, udnie at 30%, the scream at 50%", [0.3, 0.5]),
        ("separately udnie and scream, but the scream at 50%", [1.0, 0.5]),
        ("one udnie, one scream, the scream for my mum, both at 50%", [0.5, 0.5]),
    ],
)
def test_the_end_of_a_sentence_gives_styles_their_strengths(text: str, strengths: list[float]) -> None:
    jobs = paint_of(text).jobs
    assert [job.style for job in jobs] == ["udnie", "the-scream"]
    assert [job.options.strength for job in jobs] == strengths


@pytest.mark.parametrize(
    "text",
    [
        "two versions please: the scream and udnie. The second one small",
        "the scream and udnie separately, only the second one small",
        "zwei Versionen: Schrei und Udnie. Die zweite klein",
        "deux versions : le cri et udnie. La seconde en petit",
        "dos versiones: el grito y udnie. La segunda pequeña",
        "due versioni: l'urlo e udnie. La seconda piccola",
        "duas versões: o grito e udnie. A segunda pequena",
        "两个版本：呐喊和udnie。第二个小一点",
        "叫びとudnieを1枚ずつ。2枚目は小さく",
    ],
)
def test_of_several_paintings_of_one_photo_a_number_means_one(text: str) -> None:
    jobs = paint_of(text).jobs
    assert [(job.style, job.options.size) for job in jobs] == [("the-scream", 1024), ("udnie", 512)]


@pytest.mark.parametrize(
    ("text", "strengths", "sizes"),
    [
        ("udnie and scream separately, the first big and the second small", [1.0, 1.0], [2048, 512]),
        (
            "three: udnie, scream and mondrian, the second at 50%, the last at 30%",
            [1.0, 0.5, 0.3],
            [1024] * 3,
        ),
        ("udnie big and the scream small, both at 40%", [0.4, 0.4], [2048, 512]),
        ("udnie and scream separately, udnie at 30%, both big", [0.3, 1.0], [2048, 2048]),
        ("two versions: udnie and scream. The first time I ever write", [1.0, 1.0], [1024, 1024]),
    ],
)
def test_what_is_said_of_all_and_of_one(text: str, strengths: list[float], sizes: list[int]) -> None:
    jobs = paint_of(text).jobs
    assert [job.options.strength for job in jobs] == strengths
    assert [job.options.size for job in jobs] == sizes


def test_shares_by_number_are_those_of_a_blend() -> None:
    (job,) = paint_of("udnie and scream, the first 70%, the second 30%").jobs
    assert job.style == "udnie:0.7,the-scream:0.3"


def test_sentences_of_their_own_have_options_of_their_own() -> None:
    jobs = paint_of("One as the scream, small. And one as the wave, big please.").jobs
    assert [(job.style, job.options.size) for job in jobs] == [("the-scream", 512), ("great-wave", 2048)]


def test_two_photos_have_each_painting() -> None:
    paint = paint_of("udnie twice, one small and one big", photos=2)
    assert [job.options.size for job in paint.jobs] == [512, 2048, 512, 2048]
    assert paint.photos == (0, 0, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "udnie, big, and not too small please",
        "udnie big or small, I don't mind",
        "udnie, small. No wait, big",
        "udnie in a big size, for a small room",
    ],
)
def test_sizes_of_one_painting_are_no_two(text: str) -> None:
    assert len(paint_of(text).jobs) == 1


@pytest.mark.parametrize(("text", "count"), [("surprise me with three", 3), ("surprise me", 1)])
def test_surprises_are_counted(text: str, count: int) -> None:
    jobs = paint_of(text).jobs
    assert len({job.style for job in jobs}) == len(jobs) == count


def test_two_of_an_artists_styles() -> None:
    assert [job.style for job in paint_of("two van goghs please").jobs] == ["starry-night", "wheat-field"]


@pytest.mark.parametrize(
    ("text", "strengths"),
    [
        ("Two copies please: one subtle starry night, one strong scream", [0.6, 1.0]),
        ("light wave, heavy scream - two separate pictures", [0.6, 1.0]),
        ("une vague légère et un cri intense, séparément", [0.5, 1.0]),
        ("einmal leichte Welle, einmal kräftiger Schrei", [0.6, 1.0]),
        ("one starry night, one scream, subtle both", [0.6, 0.6]),
        ("starry night, scream", [1.0, 1.0]),
    ],
)
def test_each_style_has_the_strength_that_stands_beside_it(text: str, strengths: list[float]) -> None:
    assert [round(job.options.strength, 2) for job in paint_of(text).jobs] == strengths


@pytest.mark.parametrize("text", ["compare wave and scream", "vergleiche Welle und Schrei"])
def test_styles_that_are_compared_are_paintings_of_their_own(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["great-wave", "the-scream"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Two copies please: one subtle starry night, one strong scream",
            [("starry-night", 60), ("the-scream", 100)],
        ),
        ("light wave, heavy scream - two separate pictures", [("great-wave", 60), ("the-scream", 100)]),
        ("一张星空，一张淡一点的呐喊", [("starry-night", 100), ("the-scream", 50)]),
        ("一张淡一点的星空，一张浓一点的呐喊", [("starry-night", 50), ("the-scream", 100)]),
        ("星月夜を1枚、薄めの叫びを1枚", [("starry-night", 100), ("the-scream", 60)]),
        ("Wave with strength 60 and scream with strength 30", [("great-wave", 60), ("the-scream", 30)]),
        ("una ola suave y un grito fuerte, por separado", [("great-wave", 50), ("the-scream", 100)]),
        ("una notte stellata leggera e un urlo forte", [("starry-night", 50), ("the-scream", 100)]),
        ("un cri léger et une vague forte", [("the-scream", 50), ("great-wave", 100)]),
        ("um grito leve e uma onda forte", [("the-scream", 50), ("great-wave", 100)]),
        ("ein leichter Schrei und eine starke Welle", [("the-scream", 60), ("great-wave", 100)]),
        ("- starry night 50%\n- scream 70%", [("starry-night", 50), ("the-scream", 70)]),
        ("compare wave and scream", [("great-wave", 100), ("the-scream", 100)]),
    ],
)
def test_each_style_has_its_own_strength(text: str, expected: list[tuple[str, int]]) -> None:
    jobs = paint_of(text).jobs
    assert [(job.style, round(100 * job.options.strength)) for job in jobs] == expected


@pytest.mark.parametrize(
    "text",
    [
        "starry night in two versions, one with the original colours and one without",
        "starry night twice, once with the original colours and once without",
        "Sternennacht zweimal, einmal mit Originalfarben und einmal ohne",
        "la nuit étoilée deux fois, une avec les couleurs d'origine et une sans",
        "星空两张，一张保留原色，一张不保留",
    ],
)
def test_one_style_with_the_colours_of_the_photo_and_without(text: str) -> None:
    jobs = paint_of(text).jobs
    assert [(job.style, job.options.keep_colors) for job in jobs] == [
        ("starry-night", True),
        ("starry-night", False),
    ]


def test_shares_said_as_fractions_are_still_a_blend() -> None:
    jobs = paint_of("dipingetela Matisse per quattro quinti, Turner per il quinto che resta").jobs
    assert [job.style for job in jobs] == ["woman-with-a-hat:0.8,shipwreck-of-the-minotaur:0.2"]


@pytest.mark.parametrize(
    ("text", "painted"),
    [
        ("wave and scream, the latter at 50%", [("great-wave", 1, 1024), ("the-scream", 0.5, 1024)]),
        ("Welle und Schrei, letzteres mit 50 %", [("great-wave", 1, 1024), ("the-scream", 0.5, 1024)]),
        ("la vague et le cri, le second à 50%", [("great-wave", 1, 1024), ("the-scream", 0.5, 1024)]),
        ("la ola y el grito, el segundo al 50%", [("great-wave", 1, 1024), ("the-scream", 0.5, 1024)]),
        ("l'onda e l'urlo, il secondo al 50%", [("great-wave", 1, 1024), ("the-scream", 0.5, 1024)]),
        ("one wave, one scream, the latter small", [("great-wave", 1, 1024), ("the-scream", 1, 512)]),
        ("one wave at 30% and one udnie big", [("great-wave", 0.3, 1024), ("udnie", 1, 2048)]),
        ("one small wave and one udnie", [("great-wave", 1, 512), ("udnie", 1, 1024)]),
        ("one in wave and one in udnie, big please", [("great-wave", 1, 2048), ("udnie", 1, 2048)]),
        ("all the van goghs but the café", [("starry-night", 1, 1024), ("wheat-field", 1, 1024)]),
    ],
)
def test_each_of_two_styles_has_the_options_that_are_said_of_it(
    text: str, painted: list[tuple[str, float, int]]
) -> None:
    jobs = paint_of(text).jobs
    assert [(job.style, job.options.strength, job.options.size) for job in jobs] == painted


def test_a_surprise_beside_styles_is_told() -> None:
    assert paint_of("scream, wave and a surprise").not_understood == ("surprise",)


@pytest.mark.parametrize(
    "text",
    [
        "starry night light, medium and strong",
        "Sternennacht leicht, mittel und stark",
        "la nuit étoilée légère, moyenne et forte",
        "noche estrellada suave, media y fuerte",
        "notte stellata leggera, media e forte",
        "noite estrelada leve, média e forte",
        "星空，轻、中、强",
        "星月夜を弱め、普通、強めで",
    ],
)
def test_three_words_for_strengths_are_three_paintings(text: str) -> None:
    paint = paint_of(text)
    assert [(job.style, job.options.strength) for job in paint.jobs] == [
        ("starry-night", 0.4),
        ("starry-night", 0.7),
        ("starry-night", 1.0),
    ]
    assert paint.not_understood == ()


@pytest.mark.parametrize(
    "text",
    [
        "wave 60%, scream the same",
        "Welle 60%, Schrei ebenso",
        "vague 60%, le cri pareil",
        "la ola 60%, el grito igual",
    ],
)
def test_the_same_is_the_strength_of_the_style_before(text: str) -> None:
    assert [job.options.strength for job in paint_of(text).jobs] == [0.6, 0.6]


def test_a_word_of_a_title_behind_an_amount_is_a_quality() -> None:
    paint = paint_of("udnie, more contrast")
    assert [job.style for job in paint.jobs] == ["udnie"]
    assert paint.not_understood == ("more contrast",)


@pytest.mark.parametrize(
    "text", ["波60%、叫びも同じ", "La ola al 60% y el grito igual", "wave 60% and the scream the same"]
)
def test_a_style_at_the_same_strength_is_another_painting(text: str) -> None:
    jobs = paint_of(text).jobs
    assert [job.style for job in jobs] == ["great-wave", "the-scream"]
    assert [job.options.strength for job in jobs] == [0.6, 0.6]


@pytest.mark.parametrize(
    "text",
    [
        "a van Gogh style one and a Munch style one",
        "Sternennacht UND Schrei, beide",
        "eine Sternennacht und eine andere als Schrei",
        "Queria duas versões do nosso casamento, uma Noite Estrelada e outra O Grito.",
        "a starry night version and a scream version",
        "ein Sternennacht-Bild und ein Schrei-Bild",
        "un tableau façon nuit étoilée et un façon cri",
        "un cuadro estilo noche estrellada y uno estilo el grito",
        "uno con la notte stellata e uno con l'urlo",
        "um com a noite estrelada e um com o grito",
        "一张像星空，一张像呐喊",
        "星月夜風に一つ、叫び風に一つ",
    ],
)
def test_one_of_each_is_no_blend(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["starry-night", "the-scream"]


@pytest.mark.parametrize(
    "text", ["one with starry night and a bit of scream", "uno con la notte stellata e l'urlo"]
)
def test_one_of_two_styles_is_a_blend(text: str) -> None:
    assert len(paint_of(text).jobs) == 1


@pytest.mark.parametrize(
    "text",
    [
        "starry night strong and starry night weak",
        "Two versions please: starry night strong and starry night weak",
        "Sternennacht einmal stark, einmal schwach",
        "noite estrelada uma forte e outra fraca",
        "noche estrellada una fuerte y otra suave",
        "nuit étoilée une forte et une douce",
        "notte stellata una forte e una leggera",
        "星夜，一张强一点，一张弱一点",
        "星月夜、一枚は強く、一枚は弱く",
        "Starry night strong and weak",
        "Sternennacht in stark und in schwach",
        "La nuit étoilée, forte et légère",
        "noche estrellada fuerte y suave",
        "notte stellata forte e leggera",
        "noite estrelada forte e suave",
        "星夜，强的和弱的",
        "星月夜、強めと弱め",
    ],
)
def test_one_style_in_two_strengths_in_words(text: str) -> None:
    jobs = paint_of(text).jobs
    assert [job.style for job in jobs] == ["starry-night"] * 2
    assert jobs[0].options.strength == 1.0
    assert 0.5 <= jobs[1].options.strength <= 0.6


@pytest.mark.parametrize(
    "text",
    [
        "the scream with and without the original colours",
        "the scream, one with the original colours and one without",
        "der Schrei mit und ohne Originalfarben",
        "le cri avec et sans les couleurs d'origine",
        "el grito con y sin los colores originales",
        "l'urlo con e senza i colori originali",
        "o grito com e sem as cores originais",
        "呐喊，保留原色和不保留原色各一张",
    ],
)
def test_one_style_with_and_without_the_photo_s_colors(text: str) -> None:
    jobs = paint_of(text).jobs
    assert [(job.style, job.options.keep_colors) for job in jobs] == [
        ("the-scream", True),
        ("the-scream", False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Starry night please, not too strong, a weak one",
        "Starry night with the original colours and without glasses",
        "Starry night, strong, and one weak dog",
        "Starry night for the strong and weak among us",
        "Starry night strong or weak",
        "Sternennacht für starke und schwache Menschen",
    ],
)
def test_a_single_version_stays_one_painting(text: str) -> None:
    assert len(paint_of(text).jobs) == 1
