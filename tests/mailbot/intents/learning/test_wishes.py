"""What wishes to teach are understood, and what is none.

`lessons.jsonl` has 184 mails of teachers in eight languages, and 66 that only look like wishes to teach. The
first 112 were written before the grammar knew them, when 24 were understood. Of the next 40 it understood 14
at the first reading, then those were mended, and 16 of the last 32. `lessons_b.jsonl` has 191 more with their
stories, of which 44 of the first 160 were understood at the first reading, and after these were mended 22 of
the other 31. Its 96 other mails teach nothing: photos to be painted, refusals, and questions about teaching.
`lessons_c.jsonl` has filters, presets and manners to be adopted, of which 10 of 46 were understood at the
first reading, and 43 mails beside them with the same words that teach nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.intents.learning.painters.near_wishes import is_near
from mailbot.intents.learning_intents import LearningAim, read
from styles.language.lexicon import LANGUAGES
from tests.fakes.mailbot.asks import request_of, rows
from tests.fakes.mailbot.parsing.asking import asks

FIXTURES = Path(__file__).parents[3] / "fixtures"
LESSONS = [
    row for table in ("lessons", "lessons_b", "lessons_c") for row in rows(FIXTURES / f"{table}.jsonl")
]


@pytest.mark.parametrize("code", LANGUAGES)
def test_mails_of_teachers_are_understood_in_all_languages(code: str) -> None:
    for each in (row for row in LESSONS if row["lang"] == code):
        intent = read(asks(each["subject"], each["text"], each.get("photos", 1)))
        is_lesson = intent is not None and intent.wanted is LearningAim.LEARN
        assert (is_lesson, intent.called if intent else "") == (each["lesson"], each["name"]), each


@pytest.mark.parametrize(
    "table", ["asks_a", "asks_more", "asks_z", "letters", "letters_c", "letters_d", "mails_more"]
)
def test_wishes_to_have_a_photo_painted_teach_nothing(table: str) -> None:
    taught = [row for row in rows(FIXTURES / f"{table}.jsonl") if read(request_of(row))]
    assert [row for row in taught if row["photos"] == 1] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Could you please learn from it and call it quiet harbour?", "quiet harbour"),
        ("Hello! Here is my painting. Please add my painting as a style called Blue Hills.", "Blue Hills"),
        ("Learn the attached painting, please", ""),
        ("Learn Blue Hills", "Blue Hills"),
        ("New style\nIts name is Blue Hills.", "Blue Hills"),
        ("learn this painting, its name is Blue Hills", "Blue Hills"),
        ("Please learn my painting.\nThe name should be Winter Orchard.", "Winter Orchard"),
        ("Hallo, bitte lerne diesen Stil von meinem Gemälde und nenne ihn Blaue Hügel", "Blaue Hügel"),
        ("Können Sie dieses Gemälde lernen? Es heißt Blaue Hügel.", "Blaue Hügel"),
        ("Kannst du mein Bild lernen?", ""),
        ("Bitte lerne dieses Gemälde. Es soll Blaue Hügel heißen.", "Blaue Hügel"),
        (
            "Bonjour, pouvez-vous apprendre le style de ce tableau ? Appelez-le Collines bleues.",
            "Collines bleues",
        ),
        ("quiero que aprendas este cuadro y que lo llames Colinas azules", "Colinas azules"),
        ("¿Puedes aprender este cuadro?", ""),
        ("puoi imparare lo stile di questo quadro?", ""),
        ("Faça um estilo desta pintura e chame-o Colinas Azuis", "Colinas Azuis"),
        ("请把这幅画做成一个风格，叫做青山", "青山"),
        ("この絵からスタイルを作って、「青い丘」と名付けてください", "青い丘"),
        ("この絵を学習してください。名前は「青い丘」です。", "青い丘"),
        ("Can you create a new style from this canvas?", ""),
        ('learn: "Blue Hills" (oil on canvas)', "Blue Hills"),
    ],
)
def test_ordinary_sentences_teach_and_tell_the_name(text: str, name: str) -> None:
    intent = read(asks("", text))
    assert intent is not None
    assert (intent.wanted, intent.name) == (LearningAim.LEARN, name)


@pytest.mark.parametrize(
    "text",
    [
        "Please paint it in a new style.",
        "make it in the style of Van Gogh",
        "Could you make it in a new style?",
        "We learn this at school. Please paint it in mosaic.",
        "Do not learn this painting, please.",
        "Learn to swim",
        "Turn this photo into a style called Starry Night",
        "Please make it look like this painting",
        "Mach es in einem neuen Stil",
        "Fais-le dans un nouveau style",
        "用新风格画这张画",
        "この写真を新しいスタイルで描いてください",
        "I have learnt to paint",
        "Add a hat, please",
        "use the style of my painting",
    ],
)
def test_wishes_to_paint_and_talk_teach_nothing(text: str) -> None:
    assert read(asks("", text)) is None


@pytest.mark.parametrize(
    "text", ["I hope you learn a lot from it.", "Du sollst viel daraus lernen!", "从中学习很多东西"]
)
def test_a_word_of_learning_is_near(text: str) -> None:
    assert is_near(asks("", text))
    assert not is_near(asks("", "Please paint it in mosaic."))
