"""Praise, and the names of other things, in the thread of a lesson give a style no other name."""

from __future__ import annotations

import pytest

from mailbot.intents.learning.own_names import is_plain_name, own_name
from mailbot.intents.learning.painters.told_names import answered_name, is_told_plainly
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

#: Sentences about the names of other things.
OTHERS = """
Wonderful! The title of my exhibition is Summer Light.
The name of my dog is Rex
My dog's name is Rex.
My gallery has the name Blue Door.
My last painting had the title Broken Glass
It reminds me of a book with the title Blue Hills
Do you know the name Vermeer?
Name: Ada Miller\\nPhone: 123
Danke! Der Titel meiner Ausstellung ist Sommerlicht.
Der Name meines Hundes ist Rex
Meine Galerie hat den Namen Blaue Tür.
Mein letztes Bild hatte den Titel Roter Mohn
Name: Ada Müller\\nTelefon: 123
Merci, le nom du lac est Annecy
Merci ! Le titre de mon exposition est Lumière d'été
Ma galerie porte le nom Porte Bleue
Nom : Ada Martin\\nTéléphone : 123
El nombre de mi perro es Rex
Gracias, el título de mi exposición es Luz de Verano
Mi galería lleva el nombre Puerta Azul
Nombre: Ada Ruiz\\nTeléfono: 123
Il nome del mio cane è Rex
Grazie! Il titolo della mia mostra è Luce d'Estate
La mia galleria ha il nome Porta Blu
Nome: Ada Rossi\\nTelefono: 123
O nome do meu cachorro é Rex
Obrigada! O título da minha exposição é Luz de Verão
A minha galeria tem o nome Porta Azul
我的狗的名字是雷克斯
谢谢！我的展览的标题是“夏日之光”。
那个湖的名字叫水晶湖
犬の名前はレックスです
ありがとう！展覧会のタイトルは「夏の光」です
湖の名前は「青い湖」です
名前：山田花子\\n電話：123
"""


#: Sentences that keep the name, ask for it, or tell the writer's.
KEPT = """
The name is the right one!
The name is exactly what I wanted
Der Name ist genau richtig
Der Name ist der richtige
Le nom est le bon
El nombre es el correcto
Grazie, il nome è quello giusto!
Il nome è quello che volevo
O nome é esse mesmo
O nome é o certo
名字就这样吧
名字就用这个
叫我小梅就好
名前はこれで大丈夫です。
名前はこれでいいです
名前はそのままで
名前は変えないでください
名前は何ですか？
名前は何と言いますか
"""


@pytest.mark.parametrize("text", KEPT.strip().splitlines())
def test_a_name_that_is_kept_or_asked_for_is_no_new_one(text: str) -> None:
    assert read(asks("Re: x", text, photos=0, References="<a@b>")) is None
    assert not answered_name(text, is_asked=False)


@pytest.mark.parametrize("text", (PRAISE + OTHERS).strip().splitlines())
def test_praise_and_other_names_rename_nothing_at_once(text: str) -> None:
    text = text.replace(r"\n", "\n")
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    if intent is None:
        name = answered_name(text, is_asked=False)
        assert not (name and is_told_plainly(name, text))
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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The name of the style should be Blue Door", "Blue Door"),
        ("Please use the name Blue Door", "Blue Door"),
        ("Please give it the name of Blue Door", "Blue Door"),
        ("Der Name des Stils soll Blaue Tür sein", "Blaue Tür"),
        ("El nombre del cuadro es Puerta Azul", "Puerta Azul"),
        ("O título da pintura é Porta Azul", "Porta Azul"),
        ("I got the name wrong, it's Red Poppies.\nAnn", "Red Poppies"),
        ("I'd like it to be Twisted Olives instead", "Twisted Olives"),
        ("Could we go with Twisted Olives instead?", "Twisted Olives"),
        ("The name should be Midnight Sun though", "Midnight Sun"),
        ("Il nome è Rosmarino", "Rosmarino"),
    ],
)
def test_the_name_of_the_style_is_told_plainly(text: str, name: str) -> None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    told = intent.called if intent else answered_name(text, is_asked=False)
    assert told == name
    assert intent.is_clear if intent else is_told_plainly(told, text)
