from __future__ import annotations

import re

import pytest

from mailbot.intents.learning_intents import LearningAim, read
from mailbot.languages.translator import translator
from mailbot.teaching.lesson_errors import NameNotFree, NewNameNotFree
from styles.language.lexicon import LANGUAGES
from tests.fakes.mailbot.parsing.asking import asks


@pytest.mark.parametrize(
    ("subject", "text", "name"),
    [
        ("learn: my garden", "", "my garden"),
        ("Fwd: Learn:  “My garden”!", "", "My garden"),
        ("", "Hi! Could you please make a style of this painting? Thanks, Ann", ""),
        ("", "Please make a style of this painting and call it Blue Hills.\n\nAnn", "Blue Hills"),
        ("learn this painting as sunset 2", "", "sunset 2"),
        ("lerne: Mein Gärten", "", "Mein Gärten"),
        ("", "Bitte mach aus diesem Gemälde einen Stil und nenne es Blaue Hügel", "Blaue Hügel"),
        ("fais un style de ce tableau", "", ""),
        ("aprende: mi jardín", "", "mi jardín"),
        ("impara questo quadro come il giardino", "", "il giardino"),
        ("aprenda este quadro", "", ""),
        ("", "学习这幅画，叫我的花园", "我的花园"),
        ("学習：私の庭", "", "私の庭"),
        ("", "この絵を学習してください。", ""),
        ("learn: St. Ives harbour", "", "St. Ives harbour"),
        ("learn: No. 5", "", "No. 5"),
        ("", "learn: Mt. Fuji at dawn. Thanks, Ann", "Mt. Fuji at dawn"),
        ("learn: my cat. Thank you so much! Ann", "", "my cat"),
        ("", "learn: blue hills. It took me a year.", "blue hills"),
        ("learn: my garden, please", "", "my garden"),
        ("learn: my garden please!", "", "my garden"),
        ("learn: with love", "", "with love"),
        ("lerne: Mein Garten, vielen Dank", "", "Mein Garten"),
        ("学習：私の庭、お願いします", "", "私の庭"),
        ("学习：我的花园，谢谢。", "", "我的花园"),
        ("", "Can you turn this canvas into a style called Summer Light?", "Summer Light"),
        ("", "I would like my painting to become a new style.", ""),
        ("", "Mach einen Stil aus diesem Gemälde und nenne ihn Garten", "Garten"),
        ("", "Transforma esta aguarela num novo estilo", ""),
        ("", "Fais de cette toile un nouveau style et nomme-le Jardin", "Jardin"),
        ("", "Trasforma questa tela in un nuovo stile e chiamalo Giardino", "Giardino"),
        ("", "Convierte este lienzo en un nuevo estilo y llámalo Jardín", "Jardín"),
        ("", "Transforma o meu quadro em um novo estilo e chame-o Jardim", "Jardim"),
        ("LEARN - my garden", "", "my garden"),
        ("learn: night – a study", "Thanks!", "night – a study"),
        ("new style: summer light", "", "summer light"),
    ],
)
def test_a_wish_to_learn_is_read_with_its_name(subject: str, text: str, name: str) -> None:
    intent = read(asks(subject, text))
    assert intent is not None
    assert (intent.wanted, intent.name) == (LearningAim.LEARN, name)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("mosaic", ""),
        ("Learn", "We learn to swim."),
        ("", "We learn this at school. Please paint it in mosaic."),
        ("starry night", "Learn this poem: roses are red"),
        ("photo: mosaic", ""),
        ("", "paint it exactly like this"),  # there is one picture only
        ("delete my photos", ""),
        ("style: mosaic", ""),
        ("My dog - mosaic", ""),
        ("", "Turn this photo into a style called Starry Night"),
        ("", "Learn - this is what we do at school. Mosaic, please."),
        ("", "Please paint it in a new style."),
    ],
)
def test_other_mails_ask_for_no_learning(subject: str, text: str) -> None:
    assert read(asks(subject, text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Paint it exactly like this painting, please.",
        "Bitte genau wie dieses Gemälde!",
        "Not in mosaic, but exactly like this painting.",
        "Why not paint it exactly like this?",
        "Make my photo look like this painting.",
        "Paint this photo in the style of the attached painting",
        "Mal es genau so",
        "It is no photo, paint it exactly like this painting.",
        "我非常想要和这幅画一模一样的。",
    ],
)
def test_two_pictures_may_be_photo_and_painting(text: str) -> None:
    intent = read(asks("our dog", text, photos=2))
    assert intent is not None
    assert intent.wanted is LearningAim.EXACTLY


@pytest.mark.parametrize(
    "text",
    [
        "Don't paint it exactly like this.",
        "Paint both in starry night, I like the second one best.",
        "Please do not make it look exactly like this painting, but in mosaic.",
        "Bitte nicht genau wie dieses Gemälde, nur so ähnlich.",
        "Ne le peins pas exactement comme ce tableau.",
        "不要画得和这幅画一模一样。",
        "この絵とまったく同じようにしないでください。",
    ],
)
def test_what_is_refused_is_not_painted_exactly_so(text: str) -> None:
    assert read(asks("our dog", text, photos=2)) is None


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_answers_tell_people_to_write_is_understood(code: str) -> None:
    say, thread = translator(code).gettext, {"References": "<a@b>"}
    for message, wanted in (
        ("stop learning", LearningAim.CANCEL),
        ("delete", LearningAim.RETIRE),
        ("the other way round", LearningAim.SWAP),
    ):
        intent = read(asks("Re: x", say(message), photos=0, **thread))
        assert intent is not None, message
        assert intent.wanted is wanted
    taught = read(asks(say("learn: my garden")))
    assert taught is not None
    assert (taught.wanted, bool(taught.name)) == (LearningAim.LEARN, True)
    for error, aim in ((NameNotFree, LearningAim.LEARN), (NewNameNotFree, LearningAim.RENAME)):
        told = say(error("", "").template, name="x", free="blue-hills")
        words = next(part for part in re.split("[“„«「”»」]", told)[::-1] if "blue-hills" in part)
        intent = read(asks("Re: x", words, photos=0, **thread))
        assert intent is not None, words
        assert (intent.wanted, intent.name) == (aim, "blue-hills")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The other way round, please.", LearningAim.SWAP),
        ("Sorry, it is the other way round!", LearningAim.SWAP),
        ("Hello. C’est l’inverse.", LearningAim.SWAP),
        ("Nein, es ist umgekehrt!", LearningAim.SWAP),
        ("No, è al contrario", LearningAim.SWAP),
        ("No, es al revés", LearningAim.SWAP),
        ("Não, é ao contrário.", LearningAim.SWAP),
        ("应该反过来。", LearningAim.SWAP),
        ("逆にしてください", LearningAim.SWAP),
        ("No, the second picture is the photo", LearningAim.SWAP),
        ("The second one is the painting, not the first", LearningAim.SWAP),
        ("I meant the second one", LearningAim.SWAP),
        ("Please swap them", LearningAim.SWAP),
        ("No, the second is the painting", LearningAim.SWAP),
        ("I sent the wrong one", LearningAim.CANCEL),
        ("You mixed them up", LearningAim.SWAP),
        ("Nein, das zweite ist das Gemälde", LearningAim.SWAP),
        ("第二张才是画", LearningAim.SWAP),
        ("Forget it please", LearningAim.CANCEL),
        ("Hör bitte auf", LearningAim.HALT),
        ("Ferma", LearningAim.HALT),
        ("Not the other way round, it is right.", None),
        ("Please stop learning, I sent the wrong one", LearningAim.HALT),
        ("Oh wait, please stop, wrong photo.", LearningAim.HALT),
        ("Bitte nicht lernen, das war das falsche Bild", LearningAim.HALT),
        ("It is a bus stop", None),
    ],
)
def test_words_around_what_answers_tell_people_to_write_do_no_harm(
    text: str, wanted: LearningAim | None
) -> None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    assert (intent and intent.wanted) == wanted


@pytest.mark.parametrize(
    ("subject", "text", "name"),
    [
        ("learn", "", ""),
        ("learn", "Orchard Light", "Orchard Light"),
        ("learn", "The style is called Orchard Light.", "Orchard Light"),
        ("learn", "I'd like it to be called Orchard Light", "Orchard Light"),
        ("Learn my orchard", "Please call it Orchard Light", "Orchard Light"),
        ("lerne", "Nenne den Stil bitte Obstgarten.", "Obstgarten"),
        ("Lerne meinen Garten", "Der Stil heißt Obstgarten", "Obstgarten"),
        ("apprends", "Nomme le style Verger s'il te plaît", "Verger"),
        ("Aprende mi cuadro azul", "Me gustaría que se llamara Huerto", "Huerto"),
        ("Impara il mio frutteto", "Vorrei che si chiamasse Frutteto", "Frutteto"),
        ("aprende", "Podes chamar-lhe Pomar?", "Pomar"),
        ("学习", "名字叫果园", "果园"),
        ("学習", "名前は「果樹園」でお願いします", "果樹園"),
    ],
)
def test_a_name_is_told_in_words_of_its_own_below_a_bare_wish(subject: str, text: str, name: str) -> None:
    intent = read(asks(subject, text))
    assert intent is not None
    assert (intent.wanted, intent.name, intent.is_clear) == (LearningAim.LEARN, name, False)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Learn my garden", ""),
        ("Learn my garden", "How is it called?"),
        ("learn", "my name is Ann"),
        ("Learning to paint", "My cat is called Tom. Mosaic please"),
    ],
)
def test_no_name_makes_no_wish(subject: str, text: str) -> None:
    assert read(asks(subject, text)) is None
