"""Praise in the thread of a lesson gives a style no other name."""

from __future__ import annotations

import pytest

from mailbot.intents.learning.own_names import is_plain_name, own_name
from mailbot.intents.learning_intents import read
from tests.fakes.mailbot.parsing.asking import asks

PRAISE = """
I'd call that a triumph
That's what I call a result
You could call this genius
Call me impressed
Name a better bot, I can't
Better than I dared to hope
One might call it witchcraft
Let's just call it perfect
I have no other name for it than wonder
Rather good, I must say
Das nenne ich Kunst
So etwas heißt bei uns Meisterstück
Besser geht's nicht
Nenn mich begeistert
Ich nenne das mal gelungen
Das heißt wohl Fortschritt
Das verdient den Namen Kunst
C'est ce que j'appelle du talent
Plutôt réussi !
Mieux que prévu
On peut appeler ça un exploit
Cela s'appelle avoir du flair
Plutôt bien vu
A eso le llamo yo arte
Mejor imposible
Esto se llama tener ojo
Más bien genial
Lo llamaría un prodigio
Questo sì che si chiama dipingere
Meglio di così si muore
La chiamerei poesia
Piuttosto bello
Melhor impossível
Isso é que se chama pintar
Eu chamaria isso de poesia
Mais para genial
这才叫画画
我愿称之为杰作
这可以叫做艺术
不如说是奇迹
これこそ芸術というものだ
まさに傑作と呼べる
むしろ最高
これを才能と言う
Let's call it a success!
Call it a day, you deserve it
It's called progress, I suppose
Let it be as long as it takes.
Eso se llama arte
Questo si chiama talento
Isso se chama talento
Ça s'appelle du savoir-faire
Man könnte es ein Wunder nennen
这就叫艺术
これを魔法と呼ぶ
"""


@pytest.mark.parametrize("text", PRAISE.strip().splitlines())
def test_praise_renames_nothing_at_once(text: str) -> None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    if intent is None:
        name = own_name(text, is_asked=False)
        assert not (name and is_plain_name(name, text))
    else:
        assert not intent.is_clear


@pytest.mark.parametrize(
    "text",
    ["rather Blue Hills", "Lieber Garten", "plutôt Verger", "mejor Colinas Azules", "还是“蓝色山丘”吧"],
)
def test_a_name_is_no_praise(text: str) -> None:
    name = own_name(text, is_asked=False)
    assert name
    assert is_plain_name(name, text)
