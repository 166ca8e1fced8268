from __future__ import annotations

import pytest

from mailbot.intents.learning.answers import agrees, refuses


@pytest.mark.parametrize(
    "text",
    [
        "Yes, thank you!",
        "Sure, go ahead",
        "ok, do that",
        "Fine with me",
        "Yes please, that would be great.\n\nBest, Ann",
        "Why not?",
        "Ja, gerne!",
        "Klar, mach das bitte",
        "D'accord, vas-y",
        "Bien sûr, merci",
        "Vale, hazlo",
        "Claro que sí, gracias",
        "Va bene, grazie",
        "Certo, fai pure",
        "Pode ser, obrigado",
        "Sim, pode fazer",
        "好的，谢谢",
        "没问题",
        "はい、それでお願いします",
        "もちろんです",
    ],
)
def test_a_yes_is_read_in_all_languages(text: str) -> None:
    assert agrees(text)


@pytest.mark.parametrize("text", ["Perfect, thanks!", "Sounds good", "Sehr schön!", "Très bien"])
def test_praise_accepts_a_name_and_nothing_else(text: str) -> None:
    assert agrees(text, "udnie-2")
    assert not agrees(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thank you!",
        "No, thanks",
        "Nein danke",
        "No, that's fine, don't bother",
        "Yes, but in mosaic",
        "I am not sure",
        "Yes\nand my dog in mosaic as large as can be",
        "不用了，谢谢",
    ],
)
def test_other_answers_agree_to_nothing(text: str) -> None:
    assert not agrees(text)
    assert not agrees(text, "udnie-2")


@pytest.mark.parametrize(
    "text",
    ["No thanks", "Nein danke!", "Non merci", "Thanks, but don't do it", "不用了，谢谢", "いいえ、結構です"],
)
def test_a_no_is_read_in_all_languages(text: str) -> None:
    assert refuses(text)
    assert not refuses("Thank you so much!")
