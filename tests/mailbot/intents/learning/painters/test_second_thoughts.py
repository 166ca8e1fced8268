"""A text that only refuses, waits or doubts takes the wish of its subject back, and leaves a question."""

from __future__ import annotations

import pytest

from mailbot.intents.learning.painters.near_wishes import is_near
from mailbot.intents.learning_intents import LearningAim, read
from tests.fakes.mailbot.parsing.asking import asks

SECOND_THOUGHTS = """
Not yet please, wait for my next mail.
wait with this until I have signed it please, I'll write again
Please don't, I clicked send too early
On second thought, don't.
Actually no.
Hold on. I want to sleep on it.
Could you wait? It isn't dry.
I'm not sure yet, sorry!
Oh no, stop! My brother wants to see it first.
Please do nothing for now
Bitte erst mal nicht, ich überlege noch.
Nein, doch lieber nicht.
Warte noch, der Firnis fehlt.
Das war zu früh, ich melde mich wieder.
Halt, noch nicht anfangen!
Ich habe es mir anders überlegt.
Attends, pas encore.
Finalement non, ne le fais pas.
J'ai envoyé trop vite, laisse tomber
Pas tout de suite, je dois la signer.
J'hésite, ne commence pas.
Attendez ma prochaine lettre s'il vous plaît
Mejor no, me he arrepentido.
Espera, todavía no.
Prefiero pensarlo un poco más
Aún no, falta la firma
Lo envié demasiado pronto, déjalo
Anzi no, lascia perdere.
Aspetta, non ancora.
Ci ho ripensato, non farlo
Aspetti la mia prossima mail, per favore
È troppo presto, devo pensarci
Afinal não, deixe estar.
Espere, ainda não
Enviei cedo demais, desculpe
Aguarde o meu próximo e-mail, por favor
Melhor não, me arrependi
还是算了，不要学了
等一下，先不要
先别学，我还没签名
发得太早了，我再想想
我后悔了
やっぱりやめてください
やっぱり取り消します
待ってください、まだ署名していません
送るのが早すぎました
もう少し考えさせてください
"""
OTHERS = """
I can't wait!
Can't wait to see it
Take your time, no hurry.
No rush!
Here it is. Leave the frame out please.
Stop by when you like!
I could not stop working on it.
Don't worry about the frame
I'm not sure about the name yet
Sorry, the one before was the wrong photo.
I waited a year before I painted it.
It is not finished, but I like it.
Kein Stress, lass dir Zeit!
Ich kann es kaum erwarten
Ich bin beim Namen noch nicht sicher
Vergiss den Rahmen nicht
J'attends ta réponse avec impatience
Ne t'occupe pas du cadre
Rien ne presse
Espero que te guste
No hay prisa
Tómate tu tiempo
Non vedo l'ora!
Non c'è fretta
Aspetto con ansia la risposta
Mal posso esperar
Sem pressa
Espero que goste
不着急
期待你的回复
等不及了
急がなくていいですよ
お待ちしています
ゆっくりどうぞ
楽しみに待っています
"""


@pytest.mark.parametrize("text", SECOND_THOUGHTS.strip().splitlines())
def test_second_thoughts_below_a_wish_take_it_back_and_leave_a_question(text: str) -> None:
    mail = asks("learn: my garden", text)
    assert read(mail) is None
    assert is_near(mail)


@pytest.mark.parametrize("text", OTHERS.strip().splitlines())
def test_haste_patience_and_details_leave_the_wish(text: str) -> None:
    intent = read(asks("learn: my garden", text))
    assert intent is not None
    assert (intent.wanted, intent.called) == (LearningAim.LEARN, "my garden")


def test_a_story_in_which_somebody_waits_leaves_the_wish() -> None:
    story = (
        "Wait, I said, and my sister stood still. " + "She looked at the sea for all of that evening. " * 4
    )
    assert read(asks("learn: my garden", story)) is not None
