"""A reply that says something else of each picture is split, and names a picture by its style."""

from __future__ import annotations

from functools import partial

import pytest

from mailbot.conversation.picture_replies import by_picture
from mailbot.conversation.picture_styles import with_numbers
from mailbot.intents.names.catalogue import Catalogue
from mailbot.storage.ledger import Ledger
from styles.contract import PaintingRecipe
from tests.fakes.call_count import calls
from tests.fakes.mailbot.asks import shipped
from tests.fakes.mailbot.bot import text_of
from tests.fakes.mailbot.conversations.table import described
from tests.fakes.mailbot.conversations.thread import Thread
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.talk import Talk

DOG, CAT = photo(seed=1), photo(seed=2)


@pytest.mark.parametrize(
    ("text", "pictures"),
    [
        ("first one bigger, second one smaller", [(0,), (1,)]),
        ("The first one is great, but the second one is too dark.", [(0,), (1,)]),
        ("the first bigger and the third in udnie", [(0,), (2,)]),
        ("the first one at 40%, the others at 80%", [(0,), (1, 2)]),
        ("the middle one at 40% and the last one smaller", [(1,), (2,)]),
        ("die erste größer, die zweite kleiner", [(0,), (1,)]),
        ("das erste stärker und das zweite schwächer", [(0,), (1,)]),
        ("la première plus grande, la deuxième plus petite", [(0,), (1,)]),
        ("la primera más grande y la segunda más pequeña", [(0,), (1,)]),
        ("la prima più grande, la seconda più piccola", [(0,), (1,)]),
        ("a primeira maior, a segunda menor", [(0,), (1,)]),
        ("第一张大一点，第二张小一点", [(0,), (1,)]),
        ("1枚目は大きく、2枚目は小さくしてください", [(0,), (1,)]),
        ("the first and the second bigger", [(0, 1)]),
        ("the first, the second bigger", [(0, 1)]),
        ("the fifth one bigger, the first one smaller", [(), (0,)]),
        ("die zweite geht so, die erste als weizenfeld", [(1,), (0,)]),
        ("la deuxième est bien, la première en champ de blé", [(1,), (0,)]),
        ("la seconda va bene, la prima in campo di grano", [(1,), (0,)]),
        ("第二张还行，第一张换成麦田", [(1,), (0,)]),
        ("2枚目はまあまあ、1枚目は麦畑にして", [(1,), (0,)]),
        ("all at 40 please, the second one bigger too", [(1,), (0, 2)]),
        ("alle schwächer, und die erste als weizenfeld", [(0,), (1, 2)]),
        ("toutes plus grandes, et la première en champ de blé", [(0,), (1, 2)]),
        ("all great, the second one bigger", [(1,)]),
        ("stronger please", []),
    ],
)
def test_each_picture_has_its_own_words(text: str, pictures: list[tuple[int, ...]]) -> None:
    assert [each.pictures for each in by_picture(text, Catalogue.of(shipped()), 3)] == pictures


@pytest.mark.parametrize(
    ("text", "picture"),
    [("前一幅再淡些", 0), ("后一幅50%", 1), ("前の方を薄く", 0), ("後のほうを大きく", 1)],
)
def test_the_one_in_front_and_the_one_behind_are_those_of_two(text: str, picture: int) -> None:
    (found,) = by_picture(text, Catalogue.of(shipped()), 2)
    assert found.pictures == (picture,)


def test_what_is_said_of_all_is_said_of_each() -> None:
    found = by_picture(
        "In the scream please. The first one bigger, the second one smaller.", Catalogue.of(shipped()), 2
    )
    assert [" ".join(each.text.split()) for each in found] == [
        "In the scream please. The first one bigger,",
        "In the scream please. the second one smaller.",
    ]


@pytest.mark.parametrize("unit", ["and ", "but ", "photo 1 bigger and ", "a, ", "…", "? "])
def test_a_reply_is_split_in_linear_time(unit: str) -> None:
    catalogue = Catalogue.of(shipped())
    some, more = (calls(partial(by_picture, unit * count, catalogue, 2)) for count in (40, 160))
    assert more < 6 * some


def _named(text: str, *styles: str) -> str:
    before = [(number, PaintingRecipe(style=style)) for number, style in enumerate(styles)]
    return with_numbers(text, before, Catalogue.of(shipped()))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "the scream bigger please",
            "just the scream, bigger",
            "the scream one at 50%",
            "scream a bit weaker",
        ),
        *(
            "der Schrei bitte größer",
            "den Schrei bitte mit 50%",
            "le cri en plus grand",
            "celui avec le cri plus fort",
        ),
        *("la del grito más grande", "la foto del grito más suave", "quella dell'urlo più grande"),
        *("a do grito maior", "o grito mais forte", "呐喊那张大一点", "叫びの方をもっと大きく"),
        "I love the great wave, but the scream should be stronger",
    ],
)
def test_the_style_of_a_picture_stands_for_its_photo(text: str) -> None:
    assert "photo 1" in _named(text, "the-scream", "great-wave")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "in the scream, bigger",
            "now the scream, bigger",
            "make it the scream, bigger",
            "both as the scream, bigger",
        ),
        *("the scream", "udnie bigger"),
        *("jetzt im Schrei, größer", "todas como el grito, más grandes", "maintenant le cri, plus grand"),
    ],
)
def test_a_style_that_is_wished_stands_for_no_photo(text: str) -> None:
    assert _named(text, "the-scream", "great-wave") == text


def test_a_style_that_all_pictures_have_tells_none_of_them() -> None:
    assert _named("the scream bigger", "the-scream", "the-scream") == "the scream bigger"


@pytest.mark.parametrize(
    ("text", "photos"),
    [
        ("the scream bigger please", [DOG]),
        ("the mosaic one bigger, the other one smaller", [CAT, DOG]),
        ("now in the scream, bigger", [DOG, CAT]),
    ],
)
async def test_the_picture_with_a_named_style_is_painted_alone(
    talk: Talk, text: str, photos: list[bytes]
) -> None:
    first = await talk.says("the scream for the first, mosaic for the second", DOG, CAT)
    await talk.says(text, to=first)
    assert talk.balancer.photos[2:] == photos


@pytest.mark.parametrize(
    "text",
    [
        *("the scream for me, udnie for her, both big", "the scream for me and udnie for her, both big"),
        *(
            "Der Schrei für mich, Udnie für sie, beide groß",
            "il grido per me, udnie per lei, tutti e due grandi",
        ),
        "le cri pour moi, udnie pour elle, les deux en grand",
    ],
)
@pytest.mark.parametrize("photos", [("dog.jpg", "cat.jpg"), ("dog.jpg",)])
async def test_both_pictures_are_meant_where_both_styles_are_named(
    ledger: Ledger, text: str, photos: tuple[str, ...]
) -> None:
    thread = Thread(ledger)
    is_one = len(photos) == 1
    await thread.says("the scream and udnie" if is_one else "photo 1 the scream, photo 2 udnie", photos)
    came = await thread.says(text)
    assert [(file, job.style, job.options.size) for file, job in came.pictures] == [
        (photos[0], "the-scream", 2048),
        (photos[-1], "udnie", 2048),
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("swap them", "vertausch sie", "échange les styles", "intercámbialas", "scambiali"),
        *("troca os estilos", "对调", "入れ替えて"),
    ],
)
async def test_two_pictures_that_change_places_leave_nothing_unread(talk: Talk, text: str) -> None:
    first = await talk.says("the scream for the first, mosaic for the second", DOG, CAT)
    answer = await talk.says(text, to=first)
    assert [job["style"] for job in talk.balancer.jobs[2:]] == ["mosaic", "the-scream"]
    assert answer is not None
    assert "not understand" not in text_of(answer)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("Der Schrei ist toll, die Sternennacht bitte etwas weniger stark", "84% 1024px"),
        ("keep the scream, starry night weaker", "70% 1024px"),
        ("I love the scream, but starry night bigger", "100% 2048px"),
        ("The scream is perfect. Starry night with original colours please", "100% 1024px colors kept"),
        ("Le cri est super, la nuit étoilée un peu moins forte svp", "84% 1024px"),
        ("El grito está genial, la noche estrellada un poco menos fuerte", "84% 1024px"),
        ("O grito está ótimo, a noite estrelada um pouco mais fraca", "84% 1024px"),
        ("l'urlo è bellissimo, la notte stellata più leggera", "70% 1024px"),
        ("呐喊很好,星空淡一点", "70% 1024px"),
        ("叫びは素敵、星月夜はもう少し弱く", "84% 1024px"),
    ],
)
@pytest.mark.parametrize("photos", [("s.jpg",), ("a.jpg", "s.jpg")])
async def test_a_picture_is_named_by_its_style_beside_another_one_that_is_liked(
    ledger: Ledger, reply: str, expected: str, photos: tuple[str, ...]
) -> None:
    thread = Thread(ledger)
    ask = "first scream, second starry night" if len(photos) > 1 else "scream and starry night, separately"
    await thread.says(ask, photos)
    assert described(await thread.says(reply)).strip() == f"s.jpg starry-night {expected}"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("starry night 40%, the scream 60%", [("starry-night", 0.4), ("the-scream", 0.6)]),
        ("the scream, starry night: weaker", [("the-scream", 0.7), ("starry-night", 0.7)]),
        ("the scream for me, starry night for her, weaker", [("the-scream", 0.7), ("starry-night", 0.7)]),
        ("the scream is fine, starry night too. Weaker", [("the-scream", 0.7), ("starry-night", 0.7)]),
    ],
)
async def test_two_pictures_of_a_photo_are_named_by_their_styles(
    ledger: Ledger, reply: str, expected: list[tuple[str, float]]
) -> None:
    thread = Thread(ledger)
    await thread.says("scream and starry night, separately", ["s.jpg"])
    came = await thread.says(reply)
    assert [(job.style, job.options.strength) for _, job in came.pictures] == expected
