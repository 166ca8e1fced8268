"""What replies in the thread of a lesson name its style, in eight languages: wishes, answers, corrections."""

from __future__ import annotations

import pytest

from mailbot.intents.learning.own_names import own_name
from mailbot.intents.learning_intents import LearningAim, read
from tests.fakes.mailbot.parsing.asking import asks


def name_in_reply(text: str, *, is_asked: bool) -> str:
    """The name that a reply is understood to tell, "" for none."""
    request = asks(
        "Re: learn: my garden", text, 0, In_Reply_To="<1@painter.example>", References="<1@painter.example>"
    )
    intent = read(request)
    is_renaming = intent is not None and intent.wanted in (LearningAim.RENAME, LearningAim.LEARN)
    return intent.called if intent and is_renaming else own_name(text, is_asked=is_asked)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Can we call it Blue Hills?", "Blue Hills"),
        ("Could we call it Blue Hills instead?", "Blue Hills"),
        ("I'd prefer Blue Hills", "Blue Hills"),
        ("I'd prefer Blue Hills, thanks", "Blue Hills"),
        ("I would prefer the name Blue Hills.", "Blue Hills"),
        ("Sorry, I mean Blue Hills", "Blue Hills"),
        ("Sorry, I meant Blue Hills, not Blue Hils", "Blue Hills"),
        ("I misspelt it. It's Blue Hills", "Blue Hills"),
        ("Oops, typo: Blue Hills", "Blue Hills"),
        ("There was a typo in the name, it should be Blue Hills", "Blue Hills"),
        ("Correction: Blue Hills", "Blue Hills"),
        ("Können wir ihn Blaue Hügel nennen?", "Blaue Hügel"),
        ("Mir wäre Blaue Hügel lieber", "Blaue Hügel"),
        ("Ich würde Blaue Hügel bevorzugen", "Blaue Hügel"),
        ("Entschuldigung, ich meinte Blaue Hügel", "Blaue Hügel"),
        ("Tippfehler, es soll Blaue Hügel heißen", "Blaue Hügel"),
        ("Sorry, vertippt: Blaue Hügel", "Blaue Hügel"),
        ("On peut l'appeler Collines bleues ?", "Collines bleues"),
        ("Je préférerais Collines bleues", "Collines bleues"),
        ("Et si on l'appelait Collines bleues ?", "Collines bleues"),
        ("Pardon, je voulais dire Collines bleues", "Collines bleues"),
        ("Faute de frappe : Collines bleues", "Collines bleues"),
        ("¿Podemos llamarlo Colinas azules?", "Colinas azules"),
        ("Prefiero Colinas azules", "Colinas azules"),
        ("Preferiría que se llamara Colinas azules", "Colinas azules"),
        ("Perdón, quería decir Colinas azules", "Colinas azules"),
        ("Me equivoqué, es Colinas azules", "Colinas azules"),
        ("Possiamo chiamarlo Colline blu?", "Colline blu"),
        ("Preferirei Colline blu", "Colline blu"),
        ("Scusa, volevo dire Colline blu", "Colline blu"),
        ("Ho sbagliato a scrivere, è Colline blu", "Colline blu"),
        ("Podemos chamá-lo de Colinas Azuis?", "Colinas Azuis"),
        ("Prefiro Colinas Azuis", "Colinas Azuis"),
        ("Desculpe, quis dizer Colinas Azuis", "Colinas Azuis"),
        ("Errei a digitação: Colinas Azuis", "Colinas Azuis"),
        ("可以叫它青山吗？", "青山"),
        ("我更喜欢青山这个名字", "青山"),
        ("我更想叫它青山", "青山"),
        ("不好意思，我是说青山", "青山"),
        ("写错了，应该是青山", "青山"),
        ("打错字了，是青山", "青山"),
        ("青い丘と呼べますか？", "青い丘"),
        ("すみません、「青い丘」の間違いです", "青い丘"),
    ],
)
def test_a_wish_or_a_correction_names_the_style_anywhere_in_its_thread(text: str, name: str) -> None:
    assert name_in_reply(text, is_asked=False) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("What about Clear Sky?", "Clear Sky"),
        ("How about Clear Sky then?", "Clear Sky"),
        ("Clear Sky, maybe?", "Clear Sky"),
        ("Then let it be Clear Sky", "Clear Sky"),
        ("Hm, what a pity. Then Clear Sky.", "Clear Sky"),
        ("Shall we say Clear Sky?", "Clear Sky"),
        ("Would Clear Sky work?", "Clear Sky"),
        ("Is Clear Sky free?", "Clear Sky"),
        ("Dann eben Sternenhimmel", "Sternenhimmel"),
        ("Dann halt Sternenhimmel.", "Sternenhimmel"),
        ("Wie wäre es mit Klarer Himmel?", "Klarer Himmel"),
        ("Schade. Dann nehmen wir Sternenhimmel.", "Sternenhimmel"),
        ("Geht Sternenhimmel?", "Sternenhimmel"),
        ("Und Sternenhimmel?", "Sternenhimmel"),
        ("Pourquoi pas Ciel clair ?", "Ciel clair"),
        ("Et Ciel clair ?", "Ciel clair"),
        ("Alors Ciel clair", "Ciel clair"),
        ("Que penses-tu de Ciel clair ?", "Ciel clair"),
        ("¿Qué tal Cielo claro?", "Cielo claro"),
        ("¿Y Cielo claro?", "Cielo claro"),
        ("Entonces Cielo claro", "Cielo claro"),
        ("Vaya, pues Cielo claro.", "Cielo claro"),
        ("Che ne dici di Cielo chiaro?", "Cielo chiaro"),
        ("E Cielo chiaro?", "Cielo chiaro"),
        ("Allora Cielo chiaro", "Cielo chiaro"),
        ("Peccato. Allora facciamo Cielo chiaro.", "Cielo chiaro"),
        ("Que tal Céu Claro?", "Céu Claro"),
        ("E Céu Claro?", "Céu Claro"),
        ("Então Céu Claro", "Céu Claro"),
        ("Que pena, então Céu Claro.", "Céu Claro"),
        ("那就叫晴空吧", "晴空"),
        ("晴空怎么样？", "晴空"),
        ("晴空可以吗？", "晴空"),
        ("那改成晴空", "晴空"),
        ("では「晴れた空」で", "晴れた空"),
        ("晴れた空はどうですか？", "晴れた空"),
        ("じゃあ晴れた空にします", "晴れた空"),
        ("「晴れた空」は使えますか？", "晴れた空"),
    ],
)
def test_another_name_is_offered_after_one_was_refused(text: str, name: str) -> None:
    assert name_in_reply(text, is_asked=True) == name


@pytest.mark.parametrize(
    "text",
    [
        "I'd prefer a bigger picture",
        "Sorry, I mean the other photo",
        "What about the colours?",
        "How about tomorrow?",
        "Is it free?",
        "Can we talk?",
        "Ich würde lieber warten",
        "Und jetzt?",
        "Et maintenant ?",
        "¿Y ahora?",
        "E adesso?",
        "为什么？",
        "Je préférerais attendre",
        "Prefiero esperar",
        "E agora?",
    ],
)
def test_talk_names_nothing(text: str) -> None:
    assert name_in_reply(text, is_asked=True) == ""
