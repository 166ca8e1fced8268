"""Of two styles that a sentence contrasts, the one that is wanted."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    "text",
    [
        "I thought of the wave, but the scream is better",
        "last time you did the wave, this time I'd like the scream",
        "the wave is too common, the scream please",
        "wave... hmm no, scream",
        "skip the wave, the scream please",
        "my cousin has the wave, I'd like the scream",
        "Die Welle hatte ich schon, jetzt bitte den Schrei",
        "nicht die Welle, eher den Schrei",
        "la dernière fois c'était la vague, cette fois le cri",
        "en vez de la ola, el grito",
        "pensavo all'onda, ma l'urlo è meglio",
        "não a onda, mas sim o grito",
        "与其海浪不如呐喊",
        "A onda outra vez não. Antes o grito.",
        "Munchs Schrei auf das Silvesterfoto, war eh alles verschwommen.",
        "最初は波を考えたけど、叫びのほうがいいです",
        "It wasn't the wave that I wanted but the scream",
        "No era la ola lo que quería sino el grito, siempre los confundo.",
        "Ce n'est pas la vague que je voulais mais le cri",
    ],
)
def test_the_style_that_is_preferred_is_painted(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["the-scream"]


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("the wave, but with a bit of scream", {"great-wave:0.78,the-scream:0.22"}),
        ("the wave for mum but the scream for dad", {"great-wave", "the-scream"}),
        ("udnie, and if that is too wild the wave", {"udnie"}),
        ("the wave, then the scream", {"great-wave", "the-scream"}),
    ],
)
def test_words_between_two_styles_that_contrast_nothing(text: str, styles: set[str]) -> None:
    assert {job.style for job in paint_of(text).jobs} == styles


@pytest.mark.parametrize(
    "text",
    [
        "构成第七号,康定斯基的那个,不是蒙德里安的",
        "Composition VII, Kandinsky's, not Mondrian's",
        "Kandinskys Komposition 7, es war eh laut",
    ],
)
def test_a_title_that_two_artists_have_is_that_of_the_one_who_is_named(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["composition-vii"]


@pytest.mark.parametrize(
    "text",
    [
        "she looked cute in Starry Night, now I'd like to see the dog in Udnie",
        "als Sternennacht war er süß, jetzt möchte ich ihn als Udnie sehen",
        "en Nuit étoilée elle était mignonne, maintenant je veux la voir en Udnie",
        "en Noche estrellada quedó preciosa, ahora quiero verla en Udnie",
        "in Notte stellata era carina, ora vorrei vederla in Udnie",
        "Ela de Noite Estrelada ficou fofa, agora quero ver a cachorra no Udnie.",
    ],
)
def test_a_style_that_was_nice_is_not_the_one_that_is_asked_for_now(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["udnie"]


@pytest.mark.parametrize(
    "text",
    [
        "I had wave last week and want scream now",
        "Ich hatte letzte Woche die Welle und will jetzt den Schrei",
        "la semana pasada tuve la ola y ahora quiero el grito",
        "My husband says the wave, I say the scream. I win.",
        "Mein Mann sagt Welle, ich sage Schrei.",
        "Mi marido dice la ola, yo digo el grito.",
    ],
)
def test_a_style_of_last_week_or_of_somebody_else_gives_way(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["the-scream"]


@pytest.mark.parametrize(
    "text",
    [
        *("plutôt la vague que le cri", "je voudrais plutôt la vague que le cri"),
        *("rather the wave than the scream", "lieber die Welle als den Schrei", "mejor la ola que el grito"),
    ],
)
def test_rather_one_than_the_other_is_the_first_alone(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["great-wave"]


def test_a_but_that_limits_the_first_style_does_not_turn_to_the_second() -> None:
    jobs = paint_of("scream but subtle, wave full on").jobs
    assert [(job.style, job.options.strength) for job in jobs] == [("the-scream", 0.6), ("great-wave", 1)]
