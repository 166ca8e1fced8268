from __future__ import annotations

import pytest

from mailbot.intents.learning.own_names import own_name
from mailbot.intents.learning_intents import read
from tests.fakes.mailbot.parsing.asking import asks


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ok, then Great Machine please", "Great Machine"),
        ("I'd like Great Machine, please. Thanks, Ann", "Great Machine"),
        ("How about Great Machine?", "Great Machine"),
        ("Let's take St. Ives Harbour", "St. Ives Harbour"),
        ("No, The Old Mill\n\nAnn", "The Old Mill"),
        ("blue hills", "blue hills"),
        ("“the old mill”, please", "the old mill"),
        ("Dann eben Große Maschine", "Große Maschine"),
        ("Alors Grande Machine s'il te plaît", "Grande Machine"),
        ("Entonces Gran Máquina, por favor", "Gran Máquina"),
        ("Allora Grande Macchina, per favore", "Grande Macchina"),
        ("Então Grande Máquina, por favor", "Grande Máquina"),
        ("那就果园吧", "果园"),
        ("では「大きな機械」でお願いします", "大きな機械"),
        ("果樹園", "果樹園"),
    ],
)
def test_an_answer_that_is_to_tell_a_name_may_be_that_name(text: str, name: str) -> None:
    assert own_name(text, is_asked=True) == name
    assert own_name(text, is_asked=False) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("rather Great Machine", "Great Machine"),
        ("Better: Blue Hills", "Blue Hills"),
        ("Doch lieber Apfelgarten", "Apfelgarten"),
        ("Nein, besser Apfelgarten", "Apfelgarten"),
        ("plutôt Verger", "Verger"),
        ("mejor Huerto", "Huerto"),
        ("meglio Frutteto", "Frutteto"),
        ("melhor Pomar", "Pomar"),
        ("还是果园吧", "果园"),
        ("やっぱり果樹園でお願いします", "果樹園"),
    ],
)
def test_a_word_such_as_rather_leads_to_a_name_anywhere(text: str, name: str) -> None:
    assert own_name(text, is_asked=False) == own_name(text, is_asked=True) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Yes",
        "Thank you!",
        "Kind regards, Ann",
        "What do you think of it?",
        "Hmm, je ne sais pas trop.",
        "Ich weiß nicht so recht.",
        "let me think about it",
        "I will tell you tomorrow",
        "one moment",
        "Warte kurz",
        "Keine Ahnung",
        "Interesting!",
        "Dommage !",
        "in mosaic please",
        "How long does it take?",
        "我不太确定",
        "让我想想",
        "わかりません",
        "Call it\nmy dog in mosaic as large as can be",
    ],
)
def test_talk_is_no_name(text: str) -> None:
    assert own_name(text, is_asked=True) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Never mind, then Blue Hills", "Blue Hills"),
        ("My mistake: “Blue Hills”", "Blue Hills"),
        ("Lass gut sein, dann Blaue Hügel", "Blaue Hügel"),
        ("Tant pis, alors Ciel clair", "Ciel clair"),
        ("Déjalo, entonces Cielo Claro", "Cielo Claro"),
        ("Va bene, lascia stare, allora Cielo chiaro", "Cielo chiaro"),
        ("Deixa, então Céu Claro", "Céu Claro"),
        ("我弄错了，是“青山”", "青山"),
        ("間違えました。「青い丘」です", "青い丘"),
    ],
)
@pytest.mark.parametrize("is_asked", [True, False])
def test_a_name_behind_words_that_stop_wins(text: str, name: str, is_asked: bool) -> None:
    assert own_name(text, is_asked=is_asked) == name
    assert read(asks("Re: x", text, photos=0, References="<a@b>")) is None


@pytest.mark.parametrize(
    "text",
    [
        *("Stop, “Blue Hills” is wrong", "Stop it, Ann Teacher", "Stop. Best Regards", "Stop. Thank You"),
        *("No thanks, not “Blue Hills”", "Never mind, then Thank You", "Stop, then delete it"),
    ],
)
def test_other_words_behind_a_stop_are_no_name(text: str) -> None:
    assert own_name(text, is_asked=False) == ""
