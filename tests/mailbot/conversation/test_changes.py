"""A reply changes the painting of its thread, or some of several."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mailbot.conversation.mail_reader import choice
from mailbot.intents.changes.relative_changes import read_change
from mailbot.intents.names.catalogue import Catalogue
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.conversations.thread import Outcome, Thread
from tests.fakes.mailbot.mails import STYLES, photo
from tests.fakes.mailbot.talk import Talk

BEACH = photo(seed=1)


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("mosaic 60%", "10% more", {"style": "mosaic", "strength": "0.7"}),
        ("mosaic 60%", "20% less please", {"style": "mosaic", "strength": "0.4"}),
        ("mosaic", "double the size", {"style": "mosaic", "size": "2048"}),
        ("mosaic, big", "normal size please", {"style": "mosaic"}),
        ("starry night and scream", "without the scream", {"style": "starry-night"}),
        ("30% starry night and 70% scream", "same but 50/50", {"style": "starry-night:50,the-scream:50"}),
    ],
)
async def test_a_painting_changes_by_what_is_said_of_it(
    talk: Talk, before: str, text: str, expected: dict[str, str]
) -> None:
    first = await talk.says(before, BEACH)
    await talk.says(text, to=first)
    assert talk.last == expected
    assert len(talk.balancer.jobs) == 2


@pytest.mark.parametrize(
    ("text", "painted_again"),
    [
        ("the second one bigger please", {1: {"style": "mosaic", "size": "2048"}}),
        ("only the first one in the scream", {0: {"style": "the-scream"}}),
        ("the last one in the scream", {2: {"style": "the-scream"}}),
        ("das zweite bitte größer", {1: {"style": "mosaic", "size": "2048"}}),
        ("bigger please", {n: {"style": "mosaic", "size": "2048"} for n in range(3)}),
    ],
)
async def test_of_several_photos_those_that_are_named_are_painted(
    talk: Talk, text: str, painted_again: dict[int, dict[str, str]]
) -> None:
    photos = [photo(seed=seed) for seed in range(3)]
    first = await talk.says("mosaic", *photos)
    await talk.says(text, to=first)
    assert talk.balancer.photos[3:] == [photos[number] for number in painted_again]
    assert talk.last == list(painted_again.values())[-1]


async def test_of_two_paintings_of_a_photo_the_one_that_is_named_is_painted(talk: Talk) -> None:
    first = await talk.says("mosaic, starry night", BEACH)
    await talk.says("the second one bigger please", to=first)
    assert [job["style"] for job in talk.balancer.jobs] == ["mosaic", "starry-night", "starry-night"]


@pytest.mark.parametrize(
    ("text", "count", "number"),
    [
        *(("yes", 1, 0), ("Ja, bitte!", 1, 0), ("Oui.", 1, 0), ("はい", 1, 0), ("yes", 2, None)),
        *(("the second one", 2, 1), ("the second one", 1, None), ("haha", 2, None)),
    ],
)
def test_what_chooses_a_suggestion(text: str, count: int, number: int | None) -> None:
    assert choice(text, read_change(text, Catalogue.of(STYLES)), count) == number


async def last_of(ledger: Ledger, said: Sequence[str]) -> Outcome:
    """What came of the last of some mails, of which the first one has a photo."""
    thread = Thread(ledger)
    came = [await thread.says(text, () if at else ("dog.jpg",)) for at, text in enumerate(said)]
    return came[-1]


@pytest.mark.parametrize(
    "text", ["mandala piccola", "ahah mandala piccola per favore", "me encantó! mandala chica"]
)
async def test_an_order_to_send_is_no_style(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ["l'urlo", text])
    assert [job.options.size for _, job in came.pictures] == [512]


@pytest.mark.parametrize("text", ["un mandala", "in stile mandala", "hazlo como un mandala"])
async def test_a_style_that_is_an_order_too_is_a_style_behind_its_words(ledger: Ledger, text: str) -> None:
    assert (await last_of(ledger, ["l'urlo", text])).error == "UnknownStyle"


@pytest.mark.parametrize(
    "text",
    [
        *("en plus grand format", "in größerem Format", "in a bigger format", "en formato más grande"),
        *(
            "in formato più grande",
            "em formato maior",
            "更大的尺寸",
            "もっと大きいサイズで",
            "the size up one please",
        ),
    ],
)
async def test_a_larger_format_is_one_size_larger(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ["udnie 60%", text])
    assert [(job.options.size, job.options.strength) for _, job in came.pictures] == [(2048, 0.6)]


@pytest.mark.parametrize(
    "text", ["wieder 80 und dafür groß", "80 e grande", "80 et en grand", "at 80 again, large"]
)
async def test_a_strength_and_a_size_are_said_together(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ["udnie 60%", text])
    assert [(job.options.size, job.options.strength) for _, job in came.pictures] == [(2048, 0.8)]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "pour les couleurs, prends plutôt celles de la photo",
            "for the colours, take the ones from the photo",
        ),
        *("en los colores, usa los de la foto", "as cores, usa as da foto", "バラを絵の色じゃなく写真の色で"),
    ],
)
async def test_the_colours_are_to_be_those_of_the_photo(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ["udnie", text])
    assert [job.options.keep_colors for _, job in came.pictures] == [True]


@pytest.mark.parametrize(
    "text",
    [
        *("Kinder halt. Danke dir!", "merci ben", "sei forte", "supi", "zia contentissima", "de 10, chao"),
        *("行就这个", "ちょうどいい〜", "sei grande"),
    ],
)
async def test_praise_and_chatter_are_left_in_silence(ledger: Ledger, text: str) -> None:
    assert (await last_of(ledger, ["udnie", text])).is_silent


@pytest.mark.parametrize(
    "text", ["10/10, bigger please", "9/10, größer bitte", "10 de 10, más grande", "8/10, più grande"]
)
async def test_a_rating_beside_a_change_is_understood(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ["udnie 60%", text])
    assert ([job.options.size for _, job in came.pictures], came.notes) == ([2048], ())


async def _painted(ledger: Ledger, *texts: str) -> tuple[int, int, bool]:
    """The strength, the size and whether the colours are kept, behind some replies to a scream at 40 %."""
    thread = Thread(ledger)
    came = await thread.says("the scream 40%", ["IMG_1.jpg"])
    for text in texts:
        came = await thread.says(text)
    ((_, job),) = came.pictures
    return round(100 * job.options.strength), job.options.size, job.options.keep_colors


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        *(
            (text, 48)
            for text in ("a whisker stronger please", "lay it on a bit more", "just a hair stronger")
        ),
        *(
            (text, 48)
            for text in ("bissl mehr darfs doch sein", "ein müh stärker", "darf ruhig etwas mehr sein")
        ),
        *(
            (text, 48)
            for text in ("un cheveu plus fort", "charge un peu plus", "Pode carregar um pouco mais?")
        ),
        *((text, 48) for text in ("carica un po' di più", "稍微一点点强一些", "ほんの少しだけ強めて")),
        *((text, 33) for text in ("a hair lighter", "una chispa más suave", "un attimo più leggero")),
        *((text, 33) for text in ("Um tudo-nada mais leve, por favor.", "気持ちだけ弱めて")),
    ],
)
async def test_the_smallest_words_of_degree_are_half_a_step(ledger: Ledger, text: str, strength: int) -> None:
    assert (await _painted(ledger, text))[0] == strength


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("back to the 60 from before", 60),
        *(
            (text, 60)
            for text in ("ay no, déjala en el sesenta de antes", "60 genau", "再来个60%的", "ちょうど60で")
        ),
        *((text, 30) for text in ("30 secchi", "30 flat", "30 pile", "30 justos", "30 certinhos", "定30%")),
        ("思い切って八割で", 80),
    ],
)
async def test_a_number_is_the_strength_whatever_tells_it_apart(
    ledger: Ledger, text: str, strength: int
) -> None:
    assert (await _painted(ledger, text))[0] == strength


@pytest.mark.parametrize(
    "text",
    [
        *("too tiny haha, normal", "too small, normal please", "normalgroß", "zu klein, bitte normal"),
        *("trop petite, normale svp", "demasiado chica, normal", "troppo piccola, normale"),
        *("pequena demais, normal", "太小了,正常就行", "小さすぎ、普通で"),
    ],
)
async def test_normal_beside_a_size_is_the_usual_one(ledger: Ledger, text: str) -> None:
    assert await _painted(ledger, "small please", text) == (40, 1024, False)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "can you enlarge it?",
            "vergrößerst du es bitte?",
            "tu me l'agrandis ?",
            "Bárbaro. ¿Me la agrandás?",
        ),
        *("me la ingrandisci?", "dá pra ampliar?", "放大一点", "拡大してください"),
    ],
)
async def test_a_painting_is_enlarged(ledger: Ledger, text: str) -> None:
    assert await _painted(ledger, text) == (40, 2048, False)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        *(
            (text, 1024)
            for text in ("resend it please", "schick es mir nochmal", "renvoie-la moi", "再送してください")
        ),
        *((text, 1024) for text in ("mis vecinos quieren copia, reenvíamelo tal cual", "再发一次")),
        *((text, 512) for text in ("rimandamela piccola", "trop lourd pour mon téléphone, renvoie en petit")),
        ("reenvia em grande", 2048),
    ],
)
async def test_a_painting_is_sent_once_more(ledger: Ledger, text: str, size: int) -> None:
    assert await _painted(ledger, text) == (40, size, False)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "I'd like her true colours",
            "mit den fotoeigenen Farben, alles andere wie gehabt",
            "en couleurs réelles",
        ),
        *("con los colores verdaderos", "con i colori autentici", "quero as cores verdadeiras da água"),
        *("Ele quer a Mostarda com a cor dela de verdade", "用真实的颜色", "本物の色で"),
    ],
)
async def test_true_colours_are_those_of_the_photo(ledger: Ledger, text: str) -> None:
    assert (await _painted(ledger, text))[2]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Grand format direct, c'est pour l'afficher ce soir !!!",
            "Large format straight away, it is to hang up",
        ),
        *("Großformat direkt, zum Aufhängen", "Formato grande directo, es para colgarlo hoy"),
        *(
            "Formato grande direttamente, lo appendiamo stasera",
            "Formato grande direto, é para pendurar hoje",
        ),
    ],
)
async def test_a_size_is_wanted_at_once(ledger: Ledger, text: str) -> None:
    assert await _painted(ledger, text) == (40, 2048, False)


@pytest.mark.parametrize("text", ["まあまあ", "まあまあです", "还行"])
async def test_a_so_so_is_no_praise_and_gets_an_answer(ledger: Ledger, text: str) -> None:
    assert (await last_of(ledger, ["udnie", text])).error == "UnclearReply"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *(("blobby instead of udnie", "blobby"), ("das Bunte statt Udnie", "das Bunte")),
        *(("estrelada em vez de Udnie", "estrelada"), ("brillante invece di Udnie", "brillante")),
    ],
)
async def test_an_unknown_style_instead_of_the_last_is_told(ledger: Ledger, text: str, told: str) -> None:
    assert told in (await last_of(ledger, ["udnie", text])).notes


@pytest.mark.parametrize("text", ["two steps weaker", "make it 2 notches weaker", "dos pasos más suave"])
async def test_two_steps_are_two(ledger: Ledger, text: str) -> None:
    assert (await _painted(ledger, text))[0] == 20


@pytest.mark.parametrize("text", ["great, make it big", "Great, big one please"])
async def test_praise_beside_a_size_describes_no_great_wave(ledger: Ledger, text: str) -> None:
    assert await _painted(ledger, text) == (40, 2048, False)
