"""Numbers without a per cent sign are shares of a blend."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    "text",
    [
        "the wave and the scream 60/40",
        "wave 6, scream 4",
        "60 wave 40 scream",
        "3:2 the wave and the scream",
        "mostly wave with a whiff of scream. Say sixty to forty.",
        "three parts wave, two parts scream",
        "北斎6、ムンク4の割合で",
        "the wave and the scream, 3 to 2",
    ],
)
def test_numbers_that_make_a_whole_are_shares(text: str) -> None:
    (job,) = paint_of(text).jobs
    assert job.style == "great-wave:0.6,the-scream:0.4"
    assert job.options.strength == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "My wife wants the Great Wave, I want The Scream. She gets 60 percent, I get 40.",
        "¿Sale un 60 de La gran ola con un 40 de El grito?",
        "Un 60 di Grande Onda e un 40 di L'urlo nello stesso quadro.",
        "Um 60 de Grande Onda com um 40 de O Grito.",
        "能不能把巨浪和呐喊揉在一张里?北斋占六成,蒙克占四成。",
        "我老婆要巨浪,我要呐喊。她占六成,我占四成,一张图。",
        "妻は神奈川沖浪裏、私は叫びがいいと言っています。妻が六割、私が四割で一枚に混ぜてください。",
    ],
)
def test_shares_may_be_those_of_people_or_stand_in_a_sentence_of_their_own(text: str) -> None:
    (job,) = paint_of(text).jobs
    assert job.style == "great-wave:0.6,the-scream:0.4"
    assert job.options.strength == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "Hágame dos: uno a lo Munch y otro a lo Matisse, por separado",
        "Macht zwei: eins wie Munch und eins wie Matisse, getrennt",
        "Do two: one like Munch and one like Matisse, separately",
        "Faites-en deux : un à la Munch et un à la Matisse, séparément",
    ],
)
def test_a_number_before_a_list_is_no_ratio(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["the-scream", "woman-with-a-hat"]
