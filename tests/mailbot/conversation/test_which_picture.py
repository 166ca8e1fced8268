"""Replies that mean one of several pictures, or a new photo, and replies that only object."""

from __future__ import annotations

from functools import partial

import pytest

from mailbot.conversation import recipes
from mailbot.conversation.picture_strengths import with_numbers
from mailbot.intents.names.catalogue import Catalogue
from mailbot.storage.ledger import Ledger
from styles.contract import PaintingRecipe
from tests.fakes.call_count import calls
from tests.fakes.mailbot.asks import shipped
from tests.fakes.mailbot.bot import text_of
from tests.fakes.mailbot.conversations.thread import Outcome, Thread
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.talk import Talk

BEACH, HARBOUR, CAT = photo(seed=1), photo(seed=2), photo(seed=3)
LIKE_BEFORE = "You named no style, so I painted it like the one before."
TWO = "photo 1 starry night 40%, photo 2 starry night 75%"
PHOTOS = ("dog.jpg", "cat.jpg")
ALL = "I changed all of your photos. If you meant one of them"


def painted(talk: Talk, since: int) -> list[tuple[str, str, str, bytes]]:
    """The style, the strength and the size of the pictures that were asked for, and their photos."""
    jobs = talk.balancer.jobs[since:]
    photos = talk.balancer.photos[since:]
    return [
        (job["style"], job.get("strength", "1"), job.get("size", "1024"), image)
        for job, image in zip(jobs, photos, strict=True)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "first one bigger, second one weaker",
        "Lovely! The first one bigger and the second one weaker, please.",
        "die erste größer, die zweite schwächer",
        "la première plus grande, la deuxième moins forte",
        "la primera más grande y la segunda más suave",
        "la prima più grande, la seconda più leggera",
        "a primeira maior, a segunda mais fraca",
        "第一张大一点，第二张弱一点",
        "1枚目はもっと大きく、2枚目はもっと弱くしてください",
    ],
)
async def test_each_picture_is_changed_in_its_own_way(talk: Talk, text: str) -> None:
    first = await talk.says("mosaic 60%", BEACH, HARBOUR, CAT)
    await talk.says(text, to=first)
    assert painted(talk, 3) == [("mosaic", "0.6", "2048", BEACH), ("mosaic", "0.42", "1024", HARBOUR)]


async def test_a_picture_that_is_only_praised_is_not_painted_again(talk: Talk) -> None:
    first = await talk.says("mosaic 60%", BEACH, HARBOUR)
    await talk.says("the first is great, but the second one a bit stronger please", to=first)
    assert painted(talk, 2) == [("mosaic", "0.72", "1024", HARBOUR)]


async def test_the_others_are_those_that_are_not_named(talk: Talk) -> None:
    first = await talk.says("mosaic", BEACH, HARBOUR, CAT)
    answer = await talk.says("the first one at 40%, the others at 80%", to=first)
    assert [each[1] for each in painted(talk, 3)] == ["0.4", "0.8", "0.8"]
    assert answer is not None
    assert "not understand" not in text_of(answer)


@pytest.mark.parametrize(
    "text", ["the middle one at 40%", "das mittlere mit 40%", "celle du milieu à 40 %", "中间那张40%"]
)
async def test_the_middle_one_of_three_pictures_of_a_photo(talk: Talk, text: str) -> None:
    first = await talk.says("mosaic three times: at 30%, 60% and 90%", BEACH)
    await talk.says(text, to=first)
    assert painted(talk, 3) == [("mosaic", "0.4", "1024", BEACH)]


@pytest.mark.parametrize(
    "text", ["the cat is too dark, please lighter", "a lighter cat, please: the cat lighter"]
)
async def test_a_photo_is_known_by_the_name_of_its_file(talk: Talk, text: str) -> None:
    names = ["harbour.jpg", "our_cat-2.jpg", "IMG_0001.jpg"]
    first = await talk.says("mosaic 60%", HARBOUR, CAT, BEACH, names=names)
    answer = await talk.says(text, to=first)
    assert painted(talk, 3) == [("mosaic", "0.42", "1024", CAT)]
    assert answer is not None
    assert ALL not in text_of(answer)


async def test_a_photo_is_known_by_the_subject(talk: Talk) -> None:
    subject = "the beach, our harbour and the cat"
    first = await talk.says("mosaic", BEACH, HARBOUR, CAT, subject=subject, names=["1.jpg", "2.jpg", "3.jpg"])
    await talk.says("the cat in the scream", to=first)
    assert painted(talk, 3) == [("the-scream", "1", "1024", CAT)]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "the rocket in the scream",
            "the rocket is too strong",
            "garden in the scream",
            "the rest in the scream",
        ),
        *("the lake one bigger", "make the blue one bigger", "the one with the tree, bigger", "mine weaker"),
        *("hers bigger", "only the tree one, bigger"),
    ],
)
async def test_a_thing_that_no_photo_is_called_by_is_told(talk: Talk, text: str) -> None:
    first = await talk.says("mosaic", BEACH, HARBOUR, names=["1.jpg", "2.jpg"])
    answer = await talk.says(text, to=first)
    assert len(painted(talk, 2)) == 2
    assert answer is not None
    assert ALL in text_of(answer)


@pytest.mark.parametrize(
    "text",
    [
        *("die rakete im schrei", "nur noch das gemeinsame in originalgröße", "meins schwächer"),
        *("bueno, pues la roja en la ola", "有船那张再淡些", "dann die wuschelige größer"),
        *("la mienne moins forte", "celle avec l'arbre en plus grand", "el suyo más suave"),
        *("la del árbol más grande", "quella con l'albero più grande", "a da árvore maior", "有树那张大一点"),
    ],
)
async def test_what_tells_no_photo_is_told_in_other_languages(ledger: Ledger, text: str) -> None:
    thread = Thread(ledger)
    await thread.says("the wave", ["1.jpg", "2.jpg"])
    assert recipes.ALL_PHOTOS in (await thread.says(text)).notes


@pytest.mark.parametrize("text", ["the blue one bigger", "the others bigger", "hers a bit weaker"])
async def test_what_tells_no_picture_of_a_photo_is_told(ledger: Ledger, text: str) -> None:
    assert recipes.ALL_PICTURES in (await _of_three(ledger, text)).notes


@pytest.mark.parametrize("text", ["bigger", "a big one please", "a bit weaker, please"])
async def test_what_is_said_of_all_pictures_of_a_photo_is_not_told(ledger: Ledger, text: str) -> None:
    assert recipes.ALL_PICTURES not in (await _of_three(ledger, text)).notes


@pytest.mark.parametrize(
    "text",
    [
        *("both in the scream", "all stronger", "now in the scream please", "a bit weaker"),
        *("Danke Hugo, größer bitte", "Bigger please. Love, Hortensia"),
    ],
)
async def test_what_is_said_of_all_is_not_told(talk: Talk, text: str) -> None:
    first = await talk.says("mosaic 60%", BEACH, HARBOUR)
    answer = await talk.says(text, to=first)
    assert answer is not None
    assert ALL not in text_of(answer)


@pytest.mark.parametrize(
    "text",
    [
        *("and this one too please", "can you do this one as well?", "", "Rex on the beach"),
        *(
            "und das hier bitte auch",
            "celle-ci aussi stp",
            "y esta también",
            "e anche questa",
            "e esta também",
        ),
        *("这张也要", "これもお願いします"),
    ],
)
async def test_a_reply_with_a_photo_is_painted_as_the_one_before(talk: Talk, text: str) -> None:
    first = await talk.says("the scream at 50%", BEACH)
    await talk.says(text, HARBOUR, to=first)
    assert painted(talk, 1) == [("the-scream", "0.5", "1024", HARBOUR)]


async def test_a_reply_with_a_photo_may_name_another_style_or_change_it(talk: Talk) -> None:
    first = await talk.says("the scream at 50%", BEACH)
    await talk.says("this one in mosaic", HARBOUR, to=first)
    answer = await talk.says("and this one bigger", CAT, to=first)
    assert answer is not None
    assert LIKE_BEFORE in text_of(answer)
    assert painted(talk, 1) == [("mosaic", "1", "1024", HARBOUR), ("the-scream", "0.5", "2048", CAT)]


async def test_a_new_mail_with_a_photo_is_none_of_the_thread(talk: Talk) -> None:
    await talk.says("the scream at 50%", BEACH)
    await talk.says("and this one too please", HARBOUR)
    assert painted(talk, 1) == [("starry-night", "1", "1024", HARBOUR)]


async def test_nothing_is_remembered_after_a_deletion(talk: Talk) -> None:
    first = await talk.says("the scream at 50%", BEACH)
    await talk.says("delete my photos", to=first)
    answer = await talk.says("like last time", HARBOUR)
    assert answer is not None
    assert "I remember no painting of yours, so I took my favourite." in text_of(answer)
    assert "named no style" not in text_of(answer)


@pytest.mark.parametrize(
    "text",
    [
        *("Thanks but that's not what I wanted", "Thank you, but I don't like it"),
        *("Danke, aber das ist nicht, was ich wollte", "Merci mais ce n’est pas ce que je voulais"),
        *("Gracias, pero no es lo que quería", "Grazie, ma non è quello che volevo"),
        *(
            "Obrigado, mas não é o que eu queria",
            "谢谢，但这不是我想要的",
            "ありがとう、でも思っていたのと違います",
        ),
    ],
)
async def test_who_does_not_like_a_painting_reads_what_can_be_changed(talk: Talk, text: str) -> None:
    first = await talk.says("the scream at 50%", BEACH)
    answer = await talk.says(text, to=first)
    assert answer is not None
    assert "mosaic" in text_of(answer)
    if "Thank" in text:
        assert "I am sorry that it is not what you wanted." in text_of(answer)


@pytest.mark.parametrize(
    "text",
    [
        *("not quite what I was hoping for", "hmm, not really my thing", "it's a bit disappointing"),
        "nicht ganz das, was ich mir erhofft hatte",
        "pas tout à fait ce que j'espérais",
        "no es exactamente lo que esperaba",
        "non è proprio quello che speravo",
        "não é bem o que eu esperava",
        *("不太是我想要的", "期待していたのとは違います"),
    ],
)
async def test_a_disappointed_reply_is_answered(ledger: Ledger, text: str) -> None:
    thread = Thread(ledger)
    await thread.says("wave 50%", ["s.jpg"])
    assert (await thread.says(text)).error == "NotLiked"


async def test_praise_in_the_words_of_a_complaint_gets_no_answer(ledger: Ledger) -> None:
    thread = Thread(ledger)
    await thread.says("wave 50%", ["s.jpg"])
    assert (await thread.says("exactly what I was hoping for")).is_silent


def _options(came: Outcome) -> list[tuple[str, int, int]]:
    """The style, the strength and the size of the pictures that came."""
    return [(job.style, round(100 * job.options.strength), job.options.size) for _, job in came.pictures]


async def _of_three(ledger: Ledger, *texts: str) -> Outcome:
    """What comes of the last of some replies to the wave at 20 %, 40 % and 80 %."""
    thread = Thread(ledger)
    came = await thread.says("three strengths of the great wave: 20, 40, 80", ["dog.jpg"])
    for text in texts:
        came = await thread.says(text)
    return came


@pytest.mark.parametrize(
    "text",
    [
        "the weakest one, bigger",
        "the faintest of the three, large please",
        "die schwächste, größer",
        "La plus faible des trois, en grand format.",
        "la más suave, en grande",
        "la più leggera, grande",
        "a mais fraca, maior",
        "最淡的那张，大一点",
        "一番薄いのを大きく",
    ],
)
async def test_the_weakest_picture_has_that_name(ledger: Ledger, text: str) -> None:
    assert _options(await _of_three(ledger, text)) == [("great-wave", 20, 2048)]


@pytest.mark.parametrize("text", ["the forty, large please", "die 40er in groß", "el de 40, más grande"])
async def test_a_picture_is_named_by_its_per_cents(ledger: Ledger, text: str) -> None:
    assert _options(await _of_three(ledger, text)) == [("great-wave", 40, 2048)]


async def test_another_style_is_wanted_of_the_named_picture(ledger: Ledger) -> None:
    assert _options(await _of_three(ledger, "the 40 one in udnie")) == [("udnie", 40, 1024)]


async def test_a_picture_of_the_thread_is_named_after_another(ledger: Ledger) -> None:
    came = await _of_three(ledger, "the weakest one, bigger", "the strongest too")
    assert _options(came) == [("great-wave", 80, 1024)]


@pytest.mark.parametrize(
    "text",
    ["the weaker one was better", "lieber die schwächste", "me quedo con el más suave", "还是最淡的那张好看"],
)
async def test_an_earlier_answer_is_named_by_its_strength(ledger: Ledger, text: str) -> None:
    thread = Thread(ledger)
    await thread.says("the scream at 30%", ["dog.jpg"])
    await thread.says("80% please")
    assert _options(await thread.says(text)) == [("the-scream", 30, 1024)]


async def test_a_wish_for_more_strength_names_no_picture(ledger: Ledger) -> None:
    came = await _of_three(ledger, "mets la plus forte")
    assert [strength for _, strength, _ in _options(came)] == [29, 57, 100]


def _named(text: str) -> str:
    pictures = [PaintingRecipe(style="udnie", strength=strength) for strength in (0.4, 0.75)]
    return with_numbers(text, pictures, Catalogue.of(shipped()))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("the weakest one, bigger", 1), ("the weakest bigger", 1), ("the strongest was best, bigger", 2)),
        *(("the weakest of the two, large please", 1), ("weakest one in udnie", 1), ("the 75 in udnie", 2)),
        *(("I want the strongest, big", 2), ("the forty, large please", 1), ("the one at 75, big", 2)),
        *(("die schwächste bitte größer", 1), ("die 75er in groß", 2)),
        *(("fais la plus forte plus grande", 2), ("la plus faible des deux, en grand", 1)),
        *(("la más suave, más grande", 1), ("el de 75, más grande", 2), ("la più leggera, grande", 1)),
        *(
            ("a mais fraca, maior", 1),
            ("最淡的大一点", 1),
            ("最淡的那张，大一点", 1),
            ("一番濃いのを大きく", 2),
        ),
    ],
)
def test_a_picture_is_named_by_its_strength(text: str, number: int) -> None:
    assert f"photo {number}" in _named(text)


@pytest.mark.parametrize(
    "text",
    [
        *("We had the heaviest rain. Both bigger please", "We had rain, the heaviest. Both bigger please"),
        *("the palest sky! bigger please", "you are the boldest! bigger please", "Strongest, big"),
        *(
            "the 40 guests loved them, bigger",
            "the 75 guests loved it: make both bigger",
            "the 40/60, bigger",
        ),
        *("the 40.5 is fine, bigger", "the 40-year-old wants it bigger", "the 40 in our class, bigger"),
        *(
            "all bigger. The strongest possible please",
            "Mildeste Grüße! Größer bitte",
            "the weakest of men, big",
        ),
        *("die 75 Meter waren toll, größer", "the strongest effect please", "I'd like the strongest colours"),
        *("both at the strongest effect", "make it the strongest", "the 40 big dogs loved it, bigger"),
        *("我要最强的效果", "la plus forte intensité possible", "mets la plus forte"),
        *("mets la plus forte, merci", "hazla la más fuerte", "la más fuerte intensidad posible, por favor"),
        *("falla la più forte", "la più forte intensità possibile", "a mais forte intensidade possível"),
        *("the 4000000000", "the " + "4" * 5_000),
    ],
)
def test_other_words_for_a_strength_name_no_picture(text: str) -> None:
    assert _named(text) == text


@pytest.mark.parametrize(
    "text", ["We had the heaviest rain. Both bigger please", "the 40 guests loved them, bigger please"]
)
async def test_a_wish_beside_such_words_is_done_for_all(ledger: Ledger, text: str) -> None:
    thread = Thread(ledger)
    await thread.says(TWO, PHOTOS)
    came = await thread.says(text)
    assert [(file, job.options.size) for file, job in came.pictures] == [(file, 2048) for file in PHOTOS]


async def test_an_answer_repeats_the_words_as_they_were_written(ledger: Ledger) -> None:
    thread = Thread(ledger)
    await thread.says(TWO, PHOTOS)
    (note,) = (await thread.says("the strongest please")).notes
    assert "the strongest please" in note


@pytest.mark.parametrize("unit", ["同じ", "昨日は海へ行きました。", "the 40 ", "the weakest bigger, "])
def test_no_more_of_a_long_reply_is_read_than_of_others(unit: str) -> None:
    some, more = (calls(partial(_named, unit * (length // len(unit) + 1))) for length in (4_000, 20_000))
    assert more < 1.2 * some
