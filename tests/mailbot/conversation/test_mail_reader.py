"""The words of a reply: what of them nothing is painted by is told, and what is not there is refused."""

from __future__ import annotations

import pytest

from mailbot.conversation.reply_reader import UNSURE
from mailbot.languages.translator import translator
from mailbot.storage.ledger import Ledger
from styles.errors import UnknownStyle
from tests.fakes.mailbot.bot import text_of
from tests.fakes.mailbot.conversations.thread import Thread
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.talk import Talk

BEACH, HARBOUR = photo(seed=1), photo(seed=2)
BIGGER = {"style": "mosaic", "strength": "0.6", "size": "2048"}
AGAIN = {"style": "mosaic", "strength": "0.6"}

#: Replies to a mosaic at 60%, with their language, and the words that mean nothing here.
MORE_THAN_THERE_IS = [
    ("en", "again please, and add a hat to my dog", ["add a hat to my dog"]),
    ("en", "again please, with a golden frame", ["golden frame"]),
    ("en", "can you do that one with a golden frame, again?", ["golden frame"]),
    ("en", "60% please, and add a moustache", ["add a moustache"]),
    ("en", "60%, and make the dog bigger", ["make the dog bigger"]),
    ("en", "could you make it brighter and 60%", ["make it brighter"]),
    ("de", "nochmal bitte, mit einem goldenen Rahmen", ["goldenen Rahmen"]),
    ("fr", "encore une fois s'il vous plaît, avec un cadre doré", ["cadre doré"]),
    ("es", "otra vez por favor, con un marco dorado", ["marco dorado"]),
    ("it", "di nuovo per favore, con una cornice dorata", ["cornice dorata"]),
    ("pt", "de novo por favor, com uma moldura dourada", ["moldura dourada"]),
    ("zh", "请再来一次，加一个金色的框", ["加一个金色的框"]),
    ("ja", "もう一度お願いします、金色の額縁を付けて", ["金色の額縁を付けて"]),
]
BIGGER_AND_MORE = [
    ("en", "bigger please, 2 copies, and only the background", ["2 copies", "only the background"]),
    ("en", "bigger, 60/40", ["60/40"]),
    ("en", "I'd like it warmer and bigger", ["warmer"]),
    ("de", "ich hätte es gern wärmer und größer", ["wärmer"]),
    ("fr", "plus clair et plus grand", ["plus clair"]),
    ("es", "lo quiero más claro y más grande", ["más claro"]),
    ("it", "più chiaro e più grande", ["più chiaro"]),
    ("pt", "mais claro e maior", ["mais claro"]),
    ("zh", "亮一点，大一点", ["亮一点"]),
    ("ja", "もう少し大きく、明るくしてください", ["明るくしてください"]),
    ("en", "bigger, 10% more contrast", ["10 % more contrast"]),
    ("de", "größer bitte, 2 Abzüge, und nur den Hintergrund", ["2 Abzüge", "nur den Hintergrund"]),
    ("fr", "plus grand s'il vous plaît, 2 copies, et seulement le fond", ["2 copies", "seulement le fond"]),
    ("es", "más grande por favor, 2 copias, y solo el fondo", ["2 copias", "solo el fondo"]),
    ("it", "più grande per favore, 2 copie, e solo lo sfondo", ["2 copie", "solo lo sfondo"]),
    ("pt", "maior por favor, 2 cópias, e só o fundo", ["2 cópias", "só o fundo"]),
    ("zh", "请大一点，而且只要背景", ["只要背景"]),
    ("ja", "もう少し大きく、背景だけお願いします", ["背景だけお願いします"]),
]
CHAT = [
    ("en", "The picture is too small. We walked 10% more than last year."),
    ("en", "lovely, mum cried; bigger please"),
    ("en", "Bigger please! Love from Ellen and the kids"),
    (
        "en",
        "Thanks, we love it. Could you make it a bit bigger so that we can print it for grandma?",
    ),
    ("en", "bigger please. We went to the same beach as last year and the waves were even higher than then."),
    ("en", "bigger please. We walked 10% more than last year."),
    ("de", "Wunderschön, Mama hat geweint. Größer bitte!"),
    ("de", "größer bitte. Wir sind 10 % mehr gelaufen als letztes Jahr."),
    ("fr", "Magnifique, maman a pleuré ! Plus grand s'il vous plaît"),
    ("fr", "plus grand s'il te plaît. Nous avons marché 10 % de plus que l'an dernier."),
    ("es", "Precioso, mi madre lloró. Más grande por favor"),
    ("es", "más grande por favor. Caminamos un 10 % más que el año pasado."),
    ("it", "Bellissimo, la mamma ha pianto. Più grande per favore"),
    ("it", "più grande per favore. Abbiamo camminato il 10% in più dell'anno scorso."),
    ("pt", "Adorei! Maior por favor, é para pôr na parede da sala"),
    ("pt", "maior por favor. Andámos 10% a mais do que no ano passado."),
    ("zh", "很好看！请再大一点，我想打印出来挂在客厅"),
    ("zh", "请大一点。我们比去年多走了10%。"),
    ("ja", "すてき、母が泣きました。もう少し大きくしてください"),
    ("ja", "もう少し大きくしてください。去年より10%多く歩きました。"),
]
NOT_HERE = [
    ("en", "again, but in the style of Picasso please", "Picasso"),
    ("en", "bigger please, and as a watercolor", "watercolor"),
    ("de", "nochmal, aber im Stil von Picasso bitte", "Picasso"),
    ("fr", "encore, mais dans le style de Picasso", "Picasso"),
    ("es", "otra vez, pero al estilo de Picasso", "Picasso"),
    ("it", "di nuovo, ma nello stile di Picasso", "Picasso"),
    ("pt", "de novo, mas no estilo do Picasso", "Picasso"),
    ("zh", "再来一次，但是要毕加索的风格", "毕加索"),
    ("ja", "もう一度、でもピカソ風で", "ピカソ"),
]


def not_understood(text: str, lang: str) -> str:
    """The words of an answer's line about what was not understood; "" if it has none."""
    before = translator(lang).gettext("I did not understand: {words}.").partition("{")[0]
    return text.partition(before)[2].partition("\n")[0]


@pytest.mark.parametrize(
    ("lang", "text", "told", "expected"),
    [
        *((*row, AGAIN) for row in MORE_THAN_THERE_IS),
        *((*row, BIGGER) for row in BIGGER_AND_MORE),
    ],
)
async def test_what_a_reply_asks_for_beyond_the_change_is_told(
    talk: Talk, lang: str, text: str, told: list[str], expected: dict[str, str]
) -> None:
    first = await talk.says("mosaic 60%", BEACH)
    answer = await talk.says(text, to=first)
    assert answer is not None
    assert talk.last == expected
    line = not_understood(text_of(answer), lang)
    assert [words for words in told if words not in line] == []


@pytest.mark.parametrize(("lang", "text"), CHAT)
async def test_chat_in_a_reply_is_not_told(talk: Talk, lang: str, text: str) -> None:
    first = await talk.says("mosaic 60%", BEACH)
    answer = await talk.says(text, to=first)
    assert answer is not None
    assert talk.last == BIGGER
    assert not_understood(text_of(answer), lang) == ""


@pytest.mark.parametrize(("lang", "text", "name"), NOT_HERE)
async def test_a_style_that_there_is_not_is_refused(talk: Talk, lang: str, text: str, name: str) -> None:
    first = await talk.says("mosaic 60%", BEACH)
    answer = await talk.says(text, to=first)
    assert answer is not None
    assert translator(lang).gettext(UnknownStyle.sentence).format(name=name) in text_of(answer)
    assert len(talk.balancer.jobs) == 1
    await talk.says("mosaic, bigger", to=answer)
    assert talk.last == BIGGER


async def test_a_style_that_there_is_not_is_refused_for_a_new_photo(talk: Talk) -> None:
    first = await talk.says("mosaic 60%", BEACH)
    answer = await talk.says("like last time please, but as a Picasso", HARBOUR, to=first)
    assert answer is not None
    assert "I know no style called “Picasso”." in text_of(answer)
    assert len(talk.balancer.jobs) == 1


async def test_a_name_at_the_end_is_no_style(talk: Talk) -> None:
    sender = "Pablo Picasso <pablo@example.org>"
    first = await talk.says("mosaic", BEACH, sender=sender)
    await talk.says("the same again at 40% please, Picasso", to=first, sender=sender)
    assert talk.last == {"style": "mosaic", "strength": "0.4"}


@pytest.mark.parametrize("text", ["the other way round please", "the second one, maybe"])
async def test_a_change_that_the_painting_cannot_have_is_told(talk: Talk, text: str) -> None:
    first = await talk.says("mosaic 60%", BEACH)
    answer = await talk.says(text, to=first)
    assert answer is not None
    assert f"I did not understand: “{text}”" in text_of(answer)
    assert len(talk.balancer.jobs) == 1


@pytest.mark.parametrize(
    ("text", "strength", "size"),
    [
        ("my sister swears that 70% must be it", 0.7, 1024),
        ("Hannes meint, 70 % müssten reichen", 0.7, 1024),
        ("beleza, deixa a cerca e faz em 65%", 0.65, 1024),
        ("娘が喜んでます、65％も見せてやって", 0.65, 1024),
        ("調子に乗って40でいってください", 0.4, 1024),
        ("cool 😎 einmal in winzig fürs profil", 1, 512),
        ("ops intendevo grande", 1, 2048),
        ("同事都要笑死了,做个超小的表情包尺寸", 1, 512),
    ],
)
async def test_the_only_option_of_an_unclear_reply_is_painted_with_a_doubt(
    ledger: Ledger, text: str, strength: float, size: int
) -> None:
    thread = Thread(ledger)
    await thread.says("the scream", ["dog.jpg"])
    came = await thread.says(text)
    assert [(job.style, job.options.strength, job.options.size) for _, job in came.pictures] == [
        ("the-scream", strength, size)
    ]
    assert UNSURE in came.notes


@pytest.mark.parametrize(
    "text",
    [
        *("my sister swears it is 3%", "my sister swears on 70%, my aunt on 60%", "See you at 10"),
        *(
            "my dog weighs 35 kilos",
            "I have a small question",
            "Room 55",
            "by 18:30",
            "Why 60%?",
            "奶奶今年90",
        ),
        *(
            "not bigger",
            "Lieber nicht größer, oder was meinst du?",
            "犬はもっと小さいです",
            "20時に会いましょう",
        ),
    ],
)
async def test_no_option_one_of_several_and_that_of_a_thing_are_no_wish(ledger: Ledger, text: str) -> None:
    thread = Thread(ledger)
    await thread.says("the scream", ["dog.jpg"])
    assert (await thread.says(text)).error == "UnclearReply"


async def test_which_of_two_pictures_an_option_is_for_is_not_guessed(ledger: Ledger) -> None:
    thread = Thread(ledger)
    await thread.says("the scream", ["dog.jpg", "cat.jpg"])
    assert (await thread.says("my sister swears that 70% must be it")).error == "UnclearReply"


@pytest.mark.parametrize("text", ["ok", "lol", "haha ok", "vale!", "好的", "ta"])
async def test_small_words_below_a_painting_are_left_in_silence(ledger: Ledger, text: str) -> None:
    thread = Thread(ledger)
    await thread.says("the scream", ["dog.jpg"])
    assert (await thread.says(text)).is_silent


@pytest.mark.parametrize("text", ["Moins.", "more", "plus"])
async def test_small_words_that_change_a_painting_are_a_wish(ledger: Ledger, text: str) -> None:
    thread = Thread(ledger)
    await thread.says("le cri à 60 %", ["dog.jpg"])
    assert (await thread.says(text)).pictures


async def test_small_words_below_a_question_are_no_thanks(ledger: Ledger) -> None:
    thread = Thread(ledger)
    await thread.says("picasso", ["dog.jpg"])
    assert (await thread.says("ok")).error == "UnclearReply"
