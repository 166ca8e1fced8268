"""A refusal to have a painting learnt is never a lesson, in any line and before any colon."""

from __future__ import annotations

import pytest

from mailbot.intents.learning.painters.near_wishes import is_near
from mailbot.intents.learning.painters.refusals import refuses_to_teach
from mailbot.intents.learning_intents import LearningAim, read
from tests.fakes.mailbot.parsing.asking import asks

REFUSALS = """
Bitte nicht lernen, nur malen: Nebelmeer
Do not learn this: Sunday Walk
Ne pas apprendre : Jardin secret
no aprender: solo pintar
never learn: X
please do not learn: X
Please don't make a style of this painting: it is a gift
n'apprends pas : X
non imparare: X
não aprender: X
não aprenda: X
Ich möchte nicht, dass du das lernst
Before I let you learn my style
Learn nothing from this
I'd hate for you to learn this painting
Can I forbid you to learn from this?
You may learn this only after 2027
Never, ever learn this
Please do not, under any circumstances, learn it
Ich verbiete dir, davon zu lernen
Du darfst das erst nach 2027 lernen
Bevor du das lernst, frag mich
Lerne nichts davon
Mach keinen Stil daraus
Je ne veux pas que tu apprennes ce tableau
Je t'interdis d'apprendre ce tableau
N'apprends rien de ce tableau
Avant que tu apprennes mon style, demande-moi
Te prohíbo aprender este cuadro
No quiero que aprendas este cuadro
No aprendas nada de esto
Antes de que aprendas mi estilo, pregúntame
Ti vieto di imparare questo quadro
Non voglio che tu impari questo quadro
Non imparare niente da questo
Prima che tu impari il mio stile, chiedi
Proíbo você de aprender este quadro
Não quero que você aprenda este quadro
Não aprenda nada disto
Antes que você aprenda o meu estilo, pergunte
请不要学习这幅画
我不希望你学习这幅画
禁止学习这幅画
在你学习我的风格之前
先别学：青苔
この絵は学習しないでください
この絵は学ばないで
学習禁止
この絵を学習してほしくないです
学習する前に聞いてください
学習は、しないでください
"""
OTHERS = """
Please don't forget to learn this painting
Please learn this painting before Friday
Learn my painting, it is not famous
I can't wait for you to learn it
Don't hesitate to learn from it
No need to rush the learning
Please don't learn the frame
Vergiss nicht, das zu lernen
Bitte lerne das vor Freitag
N'oublie pas d'apprendre ce tableau
No te olvides de aprender este cuadro
Non dimenticare di imparare questo quadro
Não se esqueça de aprender este quadro
别忘了学习这幅画
能不能学习这幅画
忘れずに学習してください
すみませんがこの絵を学習してください
学習していただけませんか
学習していただけないでしょうか
Ich hätte nichts dagegen, wenn du das lernst
It is not my best, but please learn it
No, I wanted you to learn it
Never stop learning
I never learned to paint
Would you mind learning this?
"""


@pytest.mark.parametrize("text", REFUSALS.strip().splitlines())
def test_what_is_refused_is_not_learnt(text: str) -> None:
    assert refuses_to_teach([text])
    for mail in (asks(text, ""), asks("", text), asks("", f"Dear painter\n{text}\nAnn")):
        intent = read(mail)
        assert intent is None or intent.wanted is not LearningAim.LEARN
        assert not is_near(mail)


@pytest.mark.parametrize("text", REFUSALS.strip().splitlines())
def test_a_refusal_in_the_text_takes_the_subject_back_and_leaves_a_question(text: str) -> None:
    mail = asks("learn: my garden", text)
    assert read(mail) is None
    assert is_near(mail)


@pytest.mark.parametrize("text", REFUSALS.strip().splitlines())
def test_a_refusal_in_the_thread_of_a_lesson_stops_it(text: str) -> None:
    intent = read(asks("Re: learn: my garden", text, photos=0, References="<a@b>"))
    assert intent is not None
    assert intent.wanted in (LearningAim.HALT, LearningAim.CANCEL)


@pytest.mark.parametrize("text", OTHERS.strip().splitlines())
def test_words_that_only_look_like_a_refusal_leave_the_wish(text: str) -> None:
    assert not refuses_to_teach([text])
    intent = read(asks("learn: my garden", text))
    assert intent is not None
    assert (intent.wanted, intent.called) == (LearningAim.LEARN, "my garden")


@pytest.mark.parametrize(
    "text",
    [
        "I said no!",
        "Ich hatte NEIN gesagt!",
        "J'ai dit non !",
        "¡He dicho que no!",
        "Ho detto di no!",
        "Eu disse que não!",
        "我说了不要！",
        "だめと言いました！",
    ],
)
def test_a_refusal_that_is_repeated_stops_a_lesson(text: str) -> None:
    intent = read(asks("Re: learn: my garden", text, photos=0, References="<a@b>"))
    assert intent is not None
    assert intent.wanted is LearningAim.HALT
