from __future__ import annotations

import pytest

from mailbot.intents.learning_intents import LearningAim, read
from tests.fakes.mailbot.parsing.asking import asks


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("call it blue hills", "blue hills"),
        ("rename it to blue hills", "blue hills"),
        ("Can you name it Blue Hills instead?", "Blue Hills"),
        ("Please rename my garden to Blue Hills.", "Blue Hills"),
        ("I changed my mind, call it Blue Hills please. Thanks, Ann", "Blue Hills"),
        ("Could you change the name to Blue Hills?", "Blue Hills"),
        ("It should be called Blue Hills", "Blue Hills"),
        ("Let's call it blue hills instead of my garden.", "blue hills"),
        ("I'd like it to be called St. Ives Harbour", "St. Ives Harbour"),
        ("call it Blue-Hills, not Garden", "Blue-Hills"),
        ("I'd rather call it just Blue Hills", "Blue Hills"),
        ("call it Better Days", "Better Days"),
        ("Nenne ihn doch besser Blaue Hügel", "Blaue Hügel"),
        ("appelle-le plutôt Collines bleues", "Collines bleues"),
        ("Je préfère l'appeler Collines bleues", "Collines bleues"),
        ("llámalo mejor Colinas azules", "Colinas azules"),
        ("chiamalo piuttosto Colline blu", "Colline blu"),
        ("prefiro chamá-lo de Colinas azuis", "Colinas azuis"),
        ("还是叫它青山吧", "青山"),
        ("やっぱり「青い丘」と呼んでください", "青い丘"),
        ("Please rename it to A Day in June, not my garden!", "A Day in June"),
        ("nenne ihn Blaue Hügel, nicht Garten", "Blaue Hügel"),
        ("appelle-le Collines bleues, pas Jardin", "Collines bleues"),
        ("llámalo Colinas azules, no Jardín", "Colinas azules"),
        ("chiamalo Colline blu, non Giardino", "Colline blu"),
        ("chame-o de Colinas azuis, não Jardim", "Colinas azuis"),
        ("叫它青山，不要叫花园", "青山"),
        ("nenne ihn Blaue Hügel", "Blaue Hügel"),
        ("Bitte benenne ihn in Blaue Hügel um.", "Blaue Hügel"),
        ("Kannst du ihn lieber Blaue Hügel nennen?", "Blaue Hügel"),
        ("Er soll doch Blaue Hügel heißen.", "Blaue Hügel"),
        ("Ändere den Namen in Blaue Hügel", "Blaue Hügel"),
        ("appelle-le Collines bleues", "Collines bleues"),
        ("Renomme-le en Collines bleues s'il te plaît.", "Collines bleues"),
        ("Peux-tu le renommer en Collines bleues ?", "Collines bleues"),
        ("Peux-tu plutôt l'appeler Collines bleues ?", "Collines bleues"),
        ("llámalo Colinas azules", "Colinas azules"),
        ("Renómbralo a Colinas azules, por favor.", "Colinas azules"),
        ("¿Puedes llamarlo Colinas azules en lugar de eso?", "Colinas azules"),
        ("Cambia el nombre a Colinas azules", "Colinas azules"),
        ("chiamalo Colline blu", "Colline blu"),
        ("Rinominalo in Colline blu, per favore.", "Colline blu"),
        ("Puoi chiamarlo Colline blu invece?", "Colline blu"),
        ("Cambia il nome in Colline blu", "Colline blu"),
        ("chame-o de Colinas azuis", "Colinas azuis"),
        ("Renomeie-o para Colinas azuis, por favor.", "Colinas azuis"),
        ("Pode chamá-lo de Colinas azuis em vez disso?", "Colinas azuis"),
        ("Mude o nome para Colinas azuis", "Colinas azuis"),
        ("叫它青山", "青山"),
        ("请把名字改成青山。", "青山"),
        ("可以改名为青山吗？", "青山"),
        ("重命名为青山", "青山"),
        ("名前を「青い丘」に変えてください。", "青い丘"),
        ("「青い丘」と呼んでください", "青い丘"),
        ("青い丘に改名してください", "青い丘"),
        ("名前を青い丘に変更してもらえますか？", "青い丘"),
    ],
)
def test_another_name_is_read_in_ordinary_sentences(text: str, name: str) -> None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    assert intent is not None
    assert (intent.wanted, intent.name) == (LearningAim.RENAME, name)
    outside = read(asks("x", text, photos=0))
    assert outside is None or outside.left == "my garden"  # else in a thread only


@pytest.mark.parametrize(
    "text",
    [
        "What is it called?",
        "Why did you call it my garden?",
        "How do I call it in my mail?",
        "Please don't call it my garden.",
        "Let's call it quits.",
        "I'd call it a day",
        "Let's call it a day now, thanks!",
        "Call it whatever you like.",
        "Appelle-le comme tu veux.",
        "Thank you, it is lovely!",
        "Please delete the style called my garden.",
        "When it is done, how is it called?",
        "Wie heißt er?",
        "Nenne ihn nicht Garten.",
        "Comment s'appelle-t-il ?",
        "¿Cómo se llama?",
        "Come si chiama?",
        "Como se chama?",
        "它叫什么？",
        "何という名前ですか？",
        "My cat is called Tom.",
        "stop learning",
        "The scream instead please",
    ],
)
def test_questions_refusals_and_talk_rename_nothing(text: str) -> None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    assert intent is None or intent.wanted is not LearningAim.RENAME


@pytest.mark.parametrize(
    ("text", "is_clear"),
    [
        ("It is lovely! I'd call it a masterpiece.", False),
        ("You could call it magic", False),
        ("Let's call it a success", False),
        ("I call it love at first sight", False),
        ("I'd call it Blue Hills", True),
        ("I'd call it “magic”", True),
        ("Rename it to a quiet morning", True),
        ("Man könnte es ein Wunder nennen", False),
        ("Ich würde es Magie nennen", False),
        ("Ich würde es lieber Garten nennen", True),
        ("On pourrait l'appeler une merveille", False),
        ("Peut-on l'appeler collines bleues ?", True),
        ("Podríamos llamarlo un milagro", False),
        ("Lo llamo magia", False),
        ("Potremmo chiamarlo un capolavoro", False),
        ("Eu chamo de milagre", False),
        ("可以叫它一个奇迹", False),
        ("我叫它奇迹", False),
    ],
)
def test_praise_is_no_clear_wish_for_another_name(text: str, is_clear: bool) -> None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    assert intent is not None
    assert (intent.wanted, intent.is_clear) == (LearningAim.RENAME, is_clear)


@pytest.mark.parametrize(
    "text", ["Can you call it off?", "Let's call it off.", "Please call the whole thing off"]
)
def test_a_lesson_that_is_called_off_is_stopped(text: str) -> None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    assert intent is not None
    assert intent.wanted in (LearningAim.CANCEL, LearningAim.HALT)


@pytest.mark.parametrize(
    ("text", "old", "name"),
    [
        ("rename my garden to our orchard", "my garden", "our orchard"),
        ("Could you rename the style my garden to Our Orchard?", "my garden", "Our Orchard"),
        ("Change the name of my garden to Our Orchard", "my garden", "Our Orchard"),
        ("Bitte benenne mein Garten in Unser Obst um", "mein Garten", "Unser Obst"),
        ("Renomme mon jardin en Notre verger", "mon jardin", "Notre verger"),
        ("Renombra mi jardín a Nuestro huerto", "mi jardín", "Nuestro huerto"),
        ("Rinomina il mio giardino in Il nostro frutteto", "il mio giardino", "Il nostro frutteto"),
        ("Renomeie meu jardim para Nosso pomar", "meu jardim", "Nosso pomar"),
        ("把我的花园改名为我们的果园", "我的花园", "我们的果园"),
        ("「私の庭」を「私たちの果樹園」に改名してください", "私の庭", "私たちの果樹園"),
    ],
)
def test_a_style_is_renamed_by_its_old_name_outside_of_its_thread(text: str, old: str, name: str) -> None:
    intent = read(asks("x", text, photos=0))
    assert intent is not None
    assert (intent.wanted, intent.left, intent.name) == (LearningAim.RENAME, old, name)
