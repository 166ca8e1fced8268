"""Photos that mails and replies call by a part of their files' names, and others that are wanted as well."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import partial

import pytest

from mailbot.conversation.photo_names import with_numbers
from mailbot.intents.names.catalogue import Catalogue
from mailbot.storage.ledger import Ledger
from tests.fakes.call_count import calls
from tests.fakes.mailbot.asks import shipped
from tests.fakes.mailbot.conversations.thread import Outcome, Thread

CATALOGUE = Catalogue.of(shipped())
LETTERS = ("crew_a.jpg", "crew_b.jpg", "crew_c.jpg")
FIGURES = ("akt1.jpg", "akt2.jpg", "akt3.jpg")
WORDS = ("gipfel.jpg", "orquideas.jpg", "Doering.jpg")


async def last_of(ledger: Ledger, said: Sequence[str], photos: Sequence[str]) -> Outcome:
    """What came of the last of some mails, of which the first one has the photos."""
    thread = Thread(ledger)
    came = [await thread.says(text, () if at else photos) for at, text in enumerate(said)]
    return came[-1]


def painted(came: Outcome) -> dict[str, tuple[str, int]]:
    """The style and the strength of each photo that came."""
    return {file: (job.style, round(100 * job.options.strength)) for file, job in came.pictures}


@pytest.mark.parametrize(
    ("photos", "text", "file"),
    [
        (LETTERS, "crew c: scream. He'd want that", "crew_c.jpg"),
        (LETTERS, "b in the scream please", "crew_b.jpg"),
        (LETTERS, "Foto b als Schrei", "crew_b.jpg"),
        (LETTERS, "la a en cri", "crew_a.jpg"),
        (LETTERS, "la b en el grito", "crew_b.jpg"),
        (LETTERS, "la c con l'urlo", "crew_c.jpg"),
        (LETTERS, "a b em O Grito", "crew_b.jpg"),
        (LETTERS, "B也给呐喊", "crew_b.jpg"),
        (LETTERS, "Bだけ叫びで", "crew_b.jpg"),
        (FIGURES, "akt 3 als Schrei", "akt3.jpg"),
        (FIGURES, "nur akt2, der schrei", "akt2.jpg"),
        (FIGURES, "3を叫びで", "akt3.jpg"),
        (FIGURES, "a la 3 ponle el grito", "akt3.jpg"),
        (WORDS, "gipfelbild nochmal, aber der schrei", "gipfel.jpg"),
        (WORDS, "Las orquídeas en el grito", "orquideas.jpg"),
        (("幹事.jpg", "恩師.jpg"), "恩師は叫びに", "恩師.jpg"),
        (("老師.jpg", "姐姐.jpg"), "老师那张换成呐喊", "老師.jpg"),
        (WORDS, "Frau Döring als Schrei", "Doering.jpg"),
        (("a.jpg", "b.jpg"), "dann b.jpg noch als Schrei", "b.jpg"),
        (("IMG_2041.jpg", "IMG_2042.JPG"), "img_2042.jpg as the scream", "IMG_2042.JPG"),
        (("casa_azul.jpg", "casa_roja.jpg"), "bueno, pues la roja en el grito", "casa_roja.jpg"),
        (("haus_rot.jpg", "haus_blau.jpg"), "das rote als Schrei", "haus_rot.jpg"),
        (("porta_rossa.jpg", "porta_blu.jpg"), "la rossa con l'urlo", "porta_rossa.jpg"),
        (("room_before.jpg", "room_after.jpg"), "the after in the scream", "room_after.jpg"),
    ],
)
async def test_a_photo_is_called_by_a_part_of_its_name(
    ledger: Ledger, photos: Sequence[str], text: str, file: str
) -> None:
    assert painted(await last_of(ledger, ["udnie", text], photos)) == {file: ("the-scream", 100)}


@pytest.mark.parametrize(
    "text", ["a bit weaker", "A bit weaker", "c'est trop fort", "more subtle, e.g. a bit"]
)
async def test_a_letter_of_another_word_calls_no_photo(ledger: Ledger, text: str) -> None:
    assert len(painted(await last_of(ledger, ["udnie", text], LETTERS))) == len(LETTERS)


async def test_a_hue_before_a_noun_calls_no_photo(ledger: Ledger) -> None:
    photos = ("casa_azul.jpg", "casa_roja.jpg")
    assert len(painted(await last_of(ledger, ["udnie", "la roja manzana en el grito"], photos))) == 2


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (("tom.jpg", "ann.jpg"), "Both at 60, or Ann gets jealous"),
        (("mamie.jpg", "papi.jpg"), "Les deux à 60 alors, que papi ne soit pas jaloux"),
        (("oma.jpg", "opa.jpg"), "Dann beide mit 60, damit Opa nicht neidisch ist"),
        (("祖母.jpg", "祖父.jpg"), "じゃあ両方60で、祖父がすねないように"),
    ],
)
async def test_a_photo_that_only_tells_why_is_not_meant_alone(
    ledger: Ledger, names: Sequence[str], text: str
) -> None:
    assert painted(await last_of(ledger, ["udnie", text], names)) == dict.fromkeys(names, ("udnie", 60))


@pytest.mark.parametrize(
    ("text", "files"),
    [
        *(
            (text, {"dog.jpg", "hut.jpg"})
            for text in ("all weaker except the cat", "alle schwächer außer cat")
        ),
        *(
            (text, {"dog.jpg", "hut.jpg"})
            for text in ("tout moins fort sauf cat", "todo más suave menos cat")
        ),
        *((text, {"dog.jpg", "hut.jpg"}) for text in ("除了cat都淡一点", "cat以外を薄くして")),
        ("everything but the dog weaker", {"cat.jpg", "hut.jpg"}),
        ("everything weaker except the cat and the dog", {"hut.jpg"}),
        ("not the dog, only the cat weaker", {"cat.jpg"}),
        ("all fine except the cat: weaker", {"cat.jpg"}),
        ("the cat not so strong", {"cat.jpg"}),
    ],
)
async def test_all_but_one_are_the_others(ledger: Ledger, text: str, files: set[str]) -> None:
    came = await last_of(ledger, ["udnie", text], ("dog.jpg", "cat.jpg", "hut.jpg"))
    assert painted(came).keys() == files
    assert not came.notes


@pytest.mark.parametrize(
    ("text", "called"),
    [
        *(("the red, bigger", "photo 1, bigger"), ("red: bigger", "photo 1: bigger")),
        *(("will: weaker", "photo 2: weaker"), ("Will bigger please", "photo 2 bigger please")),
        *((text, text) for text in ("the red, white and blue flag is great", "the red and the blue, bigger")),
        *((text, text) for text in ("make the red of the roof stronger", "il rosso e il blu sono belli")),
        *((text, text) for text in ("will bigger work?", "will 50% do?")),
    ],
)
def test_a_name_that_is_a_word_calls_no_photo_within_more_words(text: str, called: str) -> None:
    names = ("red_rosso.jpg", "will.jpg")
    assert " ".join(with_numbers(text, names, CATALOGUE).split()).replace(" ,", ",") == called


def test_of_a_long_text_the_beginning_is_read() -> None:
    text = "so it goes. " * 800 + "tom bigger"
    assert with_numbers(text, ("tom.jpg", "red.jpg"), CATALOGUE) == text


def test_few_of_many_calls_are_read() -> None:
    some, more = (calls(partial(with_numbers, "may, " * n, ("may.jpg",), CATALOGUE)) for n in (100, 700))
    assert more < 6 * some


async def test_a_name_that_is_a_word_begins_a_clause_that_asks(ledger: Ledger) -> None:
    names = ("tom.jpg", "hope.jpg")
    assert [*painted(await last_of(ledger, ["udnie", "Tom bigger"], names))] == ["tom.jpg"]
    assert len(painted(await last_of(ledger, ["udnie", "Hope you are well! Bigger please"], names))) == 2


@pytest.mark.parametrize(
    ("photos", "text"),
    [
        (("弁当A.jpg", "弁当B.jpg"), "Aは叫び、Bはレジェ"),
        (("兄.jpg", "弟.jpg"), "兄がムンク、弟がレジェで。"),
        (("船.jpg", "山.jpg"), "船图用蒙克，山图用莱热"),
        (("cactus.jpg", "orquideas.jpg"), "los cactus en el grito y las orquídeas en Léger"),
        (("x_a.jpg", "x_b.jpg"), "la a en cri, la b en Léger"),
        (("sala_antes.jpg", "sala_depois.jpg"), "o antes em grito, o depois em Léger"),
        (("salon_avant.jpg", "salon_apres.jpg"), "l'avant en cri, l'après en Léger"),
        (("a.jpg", "b.jpg"), "a.jpg in the scream and b.jpg in Léger"),
    ],
)
async def test_the_first_mail_calls_each_photo(ledger: Ledger, photos: Sequence[str], text: str) -> None:
    came = painted(await last_of(ledger, [text], photos))
    assert came == {photos[0]: ("the-scream", 100), photos[1]: ("contrast-of-forms", 100)}


@pytest.mark.parametrize(
    "text",
    [
        "Lovely! The other two as well",
        "changed my mind, the others like that too",
        "Wunderschön! Die anderen beiden auch",
        "Die anderen ebenso.",
        "Magnifique ! les deux autres aussi",
        "Merci beaucoup ! Pareil pour les autres",
        "Preciosa, gracias! Las otras dos también",
        "Bellissima! Anche le altre due",
        "Ficou tão gira! Então as outras duas assim também",
        "太美了！其他两张也一样",
        "いい!残りも同じく",
        "crew a and crew b too",
    ],
)
async def test_the_others_are_wanted_as_well(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ["only the last one, the scream 60%", text], LETTERS)
    assert painted(came) == {"crew_a.jpg": ("the-scream", 60), "crew_b.jpg": ("the-scream", 60)}
    assert not came.notes


@pytest.mark.parametrize(
    "text", ["et la b en fait, jlavais oubliée", "allez, finalement le 2 aussi", "Superbe ! et crew b pareil"]
)
async def test_one_more_photo_is_wanted(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ["only the last one, the scream 60%", text], LETTERS)
    assert painted(came) == {"crew_b.jpg": ("the-scream", 60)}


@pytest.mark.parametrize(
    "text",
    [
        "The second one is lovely too, thanks",
        "The first is lovely, and the second, thank you!",
        "die anderen haben mir auch gefallen, danke",
        "j'adore la première, et la deuxième aussi, merci",
        "Me encanta la primera y la segunda también!",
    ],
)
async def test_praise_of_the_others_is_left_in_silence(ledger: Ledger, text: str) -> None:
    assert (await last_of(ledger, ["the scream", text], LETTERS)).is_silent


@pytest.mark.parametrize(
    "text",
    [
        *("both versions again, small", "Beide, in klein", "As duas, em pequeno", "Las dos, en pequeño"),
        *(
            "la udnie para mí y la de Munch para ellos, las dos en grande",
            "l'urlo per me e udnie per lei, tutte e due grandi",
        ),
        *("o grito pra mim e a udnie pra ela, as duas grandes", "udnie and the scream, both at 50%"),
    ],
)
async def test_both_paintings_of_a_photo_are_wanted(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ["udnie", "now the scream", text], ("dog.jpg",))
    assert {job.style for _, job in came.pictures} == {"udnie", "the-scream"}


@pytest.mark.parametrize("text", ["weaker please, Zoë", "weaker, Å", "weaker, at 5 \u212a"])
async def test_accents_apart_call_no_photo(ledger: Ledger, text: str) -> None:
    said = ["starry night and, separately, the scream", unicodedata.normalize("NFD", text)]
    came = await last_of(ledger, said, ("cat.jpg",))
    assert [job.style for _, job in came.pictures] == ["starry-night", "the-scream"]


@pytest.mark.parametrize("text", ["the other as well", "Lovely! The other as well"])
async def test_the_other_is_wanted_as_well(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ["udnie", "crew b in the scream", text], ("crew_a.jpg", "crew_b.jpg"))
    assert painted(came) == {"crew_a.jpg": ("the-scream", 100)}


@pytest.mark.parametrize(
    "text",
    [
        "thanks from the dog too",
        "thanks from me and the cat too",
        "grazie anche dal dog",
        "dogからもありがとう",
    ],
)
async def test_thanks_of_somebody_in_the_photo_are_left_in_silence(ledger: Ledger, text: str) -> None:
    assert (await last_of(ledger, ["the scream", text], ("dog.jpg", "cat.jpg"))).is_silent


async def test_a_name_that_holds_another_one_is_read_whole(ledger: Ledger) -> None:
    came = await last_of(ledger, ["the scream", "祖母のほうだけ60%に"], ["母.jpg", "祖母.jpg"])
    assert painted(came) == {"祖母.jpg": ("the-scream", 60)}


async def test_photos_that_were_painted_in_another_order_keep_their_names(ledger: Ledger) -> None:
    said = ["the first and the third as the scream", "quay in the scream", "the tower at 30%"]
    came = await last_of(ledger, said, ["bridge.jpg", "quay.jpg", "tower.jpg"])
    assert painted(came) == {"tower.jpg": ("the-scream", 30)}


@pytest.mark.parametrize("text", ["the middle one in udnie", "la de en medio también, en udnie"])
async def test_the_middle_one_of_the_photos_was_left_out_so_far(ledger: Ledger, text: str) -> None:
    said = ["the first and the third as the scream", text]
    came = await last_of(ledger, said, ["km10.jpg", "km80.jpg", "km150.jpg"])
    assert painted(came) == {"km80.jpg": ("udnie", 100)}


@pytest.mark.parametrize(
    "text", ["idem pour le quai", "dasselbe für quai", "lo stesso per quai", "ditto for quai"]
)
async def test_a_photo_is_wanted_like_the_last(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ["the scream", "pont at 60%", text], ["toits.jpg", "pont.jpg", "quai.jpg"])
    assert painted(came) == {"quai.jpg": ("the-scream", 60)}


@pytest.mark.parametrize(
    "text",
    [
        *("la due e la tre con l'urlo", "la deux et la trois, le cri", "la dos y la tres en el grito"),
        "number two and number three as the scream",
    ],
)
async def test_photos_are_called_by_numbers_in_words(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, [text], ["lago1.jpg", "lago2.jpg", "lago3.jpg"])
    assert painted(came) == {"lago2.jpg": ("the-scream", 100), "lago3.jpg": ("the-scream", 100)}


async def test_only_one_of_the_photos_is_kept(ledger: Ledger) -> None:
    said = ["the scream", "ne garde que le pont et affaiblis"]
    came = await last_of(ledger, said, ["toits.jpg", "pont.jpg", "quai.jpg"])
    assert painted(came) == {"pont.jpg": ("the-scream", 70)}


@pytest.mark.parametrize(
    ("text", "strengths"),
    [
        *((f"Max {bigger}", {"max.jpg": 50}) for bigger in ("bitte größer", "bigger please", "plus grand")),
        *((f"Max {bigger}", {"max.jpg": 50}) for bigger in ("más grande", "più grande", "maior", "大一点")),
        ("nur Max in groß", {"max.jpg": 50}),
        ("Max als Schrei", {"max.jpg": 50}),
        ("Max is perfect, Lilly weaker", {"lilly.jpg": 35}),
        ("Max please", {"max.jpg": 100, "lilly.jpg": 100}),
        ("Max strength please", {"max.jpg": 100, "lilly.jpg": 100}),
    ],
)
async def test_max_is_a_name_beside_other_words(ledger: Ledger, text: str, strengths: dict[str, int]) -> None:
    came = painted(await last_of(ledger, ["scream 50%", text], ["max.jpg", "lilly.jpg"]))
    assert {file: strength for file, (_, strength) in came.items()} == strengths


@pytest.mark.parametrize(
    ("text", "photos"),
    [
        ("リレーだけレジェ風でお願いします", ("リレー.jpg", "玉入れ.jpg")),
        ("only the relay in Léger please", ("relay.jpg", "tug.jpg")),
        ("nur der Staffellauf in Léger", ("staffellauf.jpg", "tauziehen.jpg")),
    ],
)
async def test_only_the_photo_that_a_first_mail_names_is_painted(
    ledger: Ledger, text: str, photos: tuple[str, ...]
) -> None:
    came = await last_of(ledger, [text], photos)
    assert [file for file, _ in came.pictures] == [photos[0]]
