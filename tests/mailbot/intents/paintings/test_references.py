"""Two styles that were named before are wanted both, or mixed."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    "text",
    [
        "I can't decide between the wave and the scream. Do both please",
        "j'hésite entre la vague et le cri... faites-moi les deux",
        "Die Welle oder der Schrei? Mach einfach beide",
        "non so se l'onda o l'urlo, fammi tutti e due",
        "Hokusai o Munch? Non so decidermi, mi mandi tutti e due",
        "wave or scream? just do each one once",
        "Welle oder Schrei? Mach einfach jedes einmal",
        "海浪还是呐喊？两种都画",
        "波か叫び？どっちも描いて",
        "the same photo in the wave and in the scream",
        "La misma foto en el grito y en la ola",
        "la même photo en vague et en cri",
        "Je voudrais un cri et, à part, une vague.",
        "un cri et à part une vague svp",
        "Vorrei un Munch e, a parte, un Hokusai",
        "quiero un Munch y, aparte, un Hokusai",
        "quero um Munch e à parte um Hokusai",
    ],
)
def test_both_are_painted(text: str) -> None:
    assert sorted(job.style for job in paint_of(text).jobs) == ["great-wave", "the-scream"]


def test_both_are_mixed_by_the_ratio_that_is_said() -> None:
    (job,) = paint_of("What if the wave met the scream? Mix those two 70/30.").jobs
    assert job.style == "great-wave:0.7,the-scream:0.3"


@pytest.mark.parametrize(
    "text",
    [
        "My husband wants Kandinsky. I'd like Munch. Could you do both versions of the picture, please?",
        "Mein Mann möchte Kandinsky. Ich möchte Munch. Bitte zwei Fassungen von dem einen Bild.",
        "Le président voudrait Kandinsky. Moi, je voudrais Munch. Deux épreuves distinctes, s'il vous plaît.",
        "A mi marido le gusta Kandinsky. Yo quiero Munch. Haga dos versiones, por separado.",
        "Mio marito vorrebbe Kandinsky. Io vorrei Munch. Due versioni della stessa foto, per favore.",
        "O meu marido quer Kandinsky. Eu quero Munch. Duas versões da mesma foto, por favor.",
        "他想要康定斯基。我想要蒙克。同一张照片出两版,别混。",
        "夫はカンディンスキーがいいと言います。私はムンクでお願いします。二通りに仕上げてください。",
    ],
)
def test_several_sentences_can_name_what_another_one_counts(text: str) -> None:
    assert sorted(job.style for job in paint_of(text).jobs) == ["composition-vii", "the-scream"]


def test_what_is_refused_or_not_counted_is_no_painting_of_its_own() -> None:
    assert len(paint_of("My husband likes Kandinsky. I'd like Munch. Two kids, one dog!").jobs) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Anna wants wave and Tim wants scream. One of each please",
        "Anna will die Welle und Tim den Schrei. Von jedem eins bitte",
    ],
)
def test_one_of_each_of_two_styles_that_are_named_is_no_sheet(text: str) -> None:
    paint = paint_of(text)
    assert [job.style for job in paint.jobs] == ["great-wave", "the-scream"]
    assert paint.not_understood == ()
