"""Replies that change a painting by an amount, go back to one before, or want another one like the last."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.conversations.thread import Outcome, Thread


async def last_of(ledger: Ledger, said: Sequence[str], photos: Sequence[str] = ("dog.jpg",)) -> Outcome:
    """What came of the last of some mails, of which the first one has the photos."""
    thread = Thread(ledger)
    came = [await thread.says(text, () if at else photos) for at, text in enumerate(said)]
    return came[-1]


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        *(
            ("the scream 50%", text, 100)
            for text in ("to 100", "auf 100", "à 100", "a 100", "para 100", "调到100")
        ),
        *(("the scream", text, 50) for text in ("back to 50", "zurück auf 50", "vuelve a 50", "50に戻して")),
        *(
            ("the scream 80%", text, 40)
            for text in ("Can you halve it?", "Too much. Can you halve it?", "减半")
        ),
        *(("the scream 80%", text, 40) for text in ("halb so stark", "la mitad", "dimezza", "半分に")),
        *(
            ("the scream 40%", text, 80)
            for text in ("twice as strong", "doppelt so stark", "raddoppia", "翻倍")
        ),
        *(
            ("the scream 50%", text, 60)
            for text in ("a bit stronger", "un po' di più", "um pouco mais", "もう少し")
        ),
        *(("the scream", text, 84) for text in ("A tad less intense?", "a bit less intense please")),
        *(("the scream", text, 70) for text in ("Noch eins runter.", "tone that down")),
        ("the scream 20%", "encore un peu", 24),
        ("the scream 20%", "barely visible now, more!", 29),
        ("the scream", "starry night but 20 % weaker", 80),
        ("the scream 60%", "20% weaker starry night", 40),
        ("the scream", "much weaker", 49),
        ("the scream", "I'd take it down to maybe 40", 40),
        ("the scream", "actually 45 is plenty", 45),
        ("l'urlo", "no aspetta, 50", 50),
        ("el grito", "déjalo en 60", 60),
        *(("the scream", text, 60) for text in ("hmm 60 vai", "baja la fuerza a 60", "no dai torna a 60")),
        *(("the scream", text, 60) for text in ("little more, say 60", "trop fort, disons 60", "eher 60")),
        *(("the scream", text, 60) for text in ("demasiado, unos 60 o así", "大概60吧", "薄い。60あたりで")),
        *(
            ("grito pero suave, 45", "otra vez", 45),
            ("Udnie com 85 por favor, é para a faculdade", "idem", 85),
        ),
        ("udnie con forza 55", "di nuovo", 55),
        *(
            ("the scream", text, 70)
            for text in ("no, smaller EFFECT not smaller pic", "un effet plus petit svp", "効果を小さく")
        ),
    ],
)
async def test_the_strength_is_changed(ledger: Ledger, before: str, text: str, expected: int) -> None:
    ((_, job),) = (await last_of(ledger, (before, text))).pictures
    assert round(100 * job.options.strength) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "undo",
            "go back to the previous one please",
            "mach das rückgängig",
            "annule",
            "vuelve a la anterior",
        ),
        *("torna a quella di prima", "volta ao anterior", "换回来", "元に戻して"),
    ],
)
async def test_the_painting_before_the_last_comes_again(ledger: Ledger, text: str) -> None:
    ((_, job),) = (await last_of(ledger, ("the scream at 60%", "udnie at 30%", text))).pictures
    assert (job.style, job.options.strength) == ("the-scream", 0.6)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Both in one mail would be handy",
            "Kann ich beide in einer Mail haben?",
            "les deux dans le même mail",
        ),
        *("las dos otra vez en el mismo correo", "entrambi in una sola mail, grazie", "os dois num email só"),
        *(
            "两张放一封邮件里给我，我转给同事",
            "両方まとめて一通でもらえますか",
            "the two side by side please",
        ),
    ],
)
async def test_both_pictures_come_in_one_mail_and_not_as_a_blend(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ("the scream, big", "udnie please", text))
    assert [(job.style, job.options.size) for _, job in came.pictures] == [
        ("the-scream", 2048),
        ("udnie", 2048),
    ]


@pytest.mark.parametrize("text", ["put both in one picture side by side", "两张拼成一张长图"])
async def test_one_picture_of_two_photos_is_told(ledger: Ledger, text: str) -> None:
    assert (await last_of(ledger, ("udnie", text), ("a.jpg", "b.jpg"))).error == "UnclearReply"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        *(("y grande así la cuelga", 2048), ("und groß, dann hängt sie es auf", 2048), ("pequeno msm", 512)),
        ("¿Lo tendrían al tamaño original para enmarcar?", 16384),
    ],
)
async def test_a_size_counts_beside_an_unknown_word(ledger: Ledger, text: str, size: int) -> None:
    ((_, job),) = (await last_of(ledger, ("the scream", text))).pictures
    assert job.options.size == size


@pytest.mark.parametrize("text", ["again with a frame of wood", "Rifatela con una cornice di legno"])
async def test_what_cannot_be_done_is_told_beside_the_picture(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ("the scream", text))
    assert came.pictures
    assert came.notes


@pytest.mark.parametrize(
    "text",
    ["zu groß fürs Handy", "zu groß fürs Handy, normale Größe", "Va benissimo anche normale come dimensione"],
)
async def test_a_picture_that_was_too_large_comes_in_the_usual_size(ledger: Ledger, text: str) -> None:
    ((_, job),) = (await last_of(ledger, ("the scream, big", text))).pictures
    assert job.options.size == 1024


@pytest.mark.parametrize("text", ["Obrigada, já chega", "Grazie mille, basta così", "Gracias, ya basta"])
async def test_thanks_that_end_the_talk_stop_nothing(ledger: Ledger, text: str) -> None:
    assert (await last_of(ledger, ("the scream", text))).is_silent


async def test_nothing_is_undone_where_nothing_was_changed(ledger: Ledger) -> None:
    assert (await last_of(ledger, ("the scream", "undo"))).error == "UnclearReply"


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("the scream", "swap the scream for starry night", "starry-night"),
        ("scream and udnie", "swap scream for starry night", "starry-night,udnie"),
        ("scream and udnie", "tausch den Schrei gegen die Sternennacht", "starry-night,udnie"),
        ("scream and udnie", "remplace le cri par la nuit étoilée", "starry-night,udnie"),
        ("scream and udnie", "cambia el grito por la noche estrellada", "starry-night,udnie"),
        ("scream and udnie", "sostituisci l'urlo con la notte stellata", "starry-night,udnie"),
        ("scream and udnie", "troca o grito pela noite estrelada", "starry-night,udnie"),
        ("scream and udnie", "把呐喊换成星空", "starry-night,udnie"),
        ("scream and udnie", "叫びを星月夜に変えて", "starry-night,udnie"),
    ],
)
async def test_a_style_comes_in_the_place_of_another(
    ledger: Ledger, before: str, text: str, expected: str
) -> None:
    ((_, job),) = (await last_of(ledger, (before, text))).pictures
    assert ",".join(sorted(part.partition(":")[0] for part in job.style.split(","))) == expected


async def test_only_the_picture_in_the_style_that_is_swapped_comes_again(ledger: Ledger) -> None:
    came = await last_of(ledger, ("the scream, udnie", "swap the scream for starry night"))
    assert [job.style for _, job in came.pictures] == ["starry-night"]


@pytest.mark.parametrize(
    "text",
    [
        *("the first one too", "das erste auch", "la première aussi", "la primera también", "anche la prima"),
        *(
            "a primeira também",
            "第一张也要",
            "1枚目も",
            "and the other one too",
            "the other one as well please",
        ),
    ],
)
async def test_another_photo_is_painted_as_the_last(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ("the scream", "only the second in starry night", text), ("a.jpg", "b.jpg"))
    assert [(file, job.style) for file, job in came.pictures] == [("a.jpg", "starry-night")]


@pytest.mark.parametrize("text", ["the dog bigger please", "den dog bitte größer", "dog plus grand"])
async def test_a_photo_with_several_pictures_is_called_by_its_name(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ("the scream, udnie", text), ("dog.jpg", "cat.jpg"))
    assert [(file, job.style, job.options.size) for file, job in came.pictures] == [
        ("dog.jpg", "the-scream", 2048),
        ("dog.jpg", "udnie", 2048),
    ]


async def test_all_photos_are_not_one(ledger: Ledger) -> None:
    came = await last_of(ledger, ("the scream", "make them all bigger"), ("dog.jpg", "cat.jpg"))
    assert not came.notes


@pytest.mark.parametrize(
    "text",
    ["both at 65% please", "beide mit 65%", "les deux versions à 65 %", "las dos al 65%", "entrambe al 65%"],
)
async def test_both_are_the_last_two_pictures(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ("night cafe", "now in the scream", text))
    assert [(job.style, job.options.strength) for _, job in came.pictures] == [
        ("night-cafe", 0.65),
        ("the-scream", 0.65),
    ]


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("Pues Matisse, que también llevamos sombrero", "woman-with-a-hat"),
        (
            "Les clients demandent si c'est du comté. Passez-moi ça en Hokusai, la mer attirera l'œil.",
            "great-wave",
        ),
    ],
)
async def test_a_style_that_may_be_wished_is_painted_with_a_doubt(
    ledger: Ledger, text: str, style: str
) -> None:
    came = await last_of(ledger, ("udnie", text))
    assert [job.style for _, job in came.pictures] == [style]
    assert came.is_doubted


@pytest.mark.parametrize(
    "text",
    ["sooo much better", "la classe, adjugé", "passt perfekt", "lindo demais", "troppo bella!", "收到啦"],
)
async def test_praise_is_left_in_silence(ledger: Ledger, text: str) -> None:
    assert (await last_of(ledger, ("the wave", text))).is_silent


async def test_praise_with_a_wish_is_a_wish(ledger: Ledger) -> None:
    came = await last_of(ledger, ("the wave", "Magnifique. Il me la faudrait en plus grand maintenant."))
    assert [job.options.size for _, job in came.pictures] == [2048]


async def test_only_the_picture_that_is_wanted_too_is_meant(ledger: Ledger) -> None:
    said = ("the scream", "only the second in udnie", "Bella la seconda! Fammi anche la prima così")
    came = await last_of(ledger, said, ("a.jpg", "b.jpg"))
    assert [(file, job.style) for file, job in came.pictures] == [("a.jpg", "udnie")]


@pytest.mark.parametrize("text", ["whoa. too much. half", "Zu viel! Die Hälfte.", "太强了，一半"])
async def test_a_bare_half_is_half(ledger: Ledger, text: str) -> None:
    ((_, job),) = (await last_of(ledger, ("the scream 80%", text))).pictures
    assert job.options.strength == 0.4


async def test_rather_another_style_is_no_blend(ledger: Ledger) -> None:
    ((_, job),) = (await last_of(ledger, ("le café de nuit", "Essayons plutôt le champ de blé"))).pictures
    assert job.style == "wheat-field"


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("the after one only, in Léger now", "kitchen_after.jpg"),
        ("and the before pic in Léger as well", "kitchen_before.jpg"),
        ("Opa bitte auf 50", "opa_90.jpg"),
    ],
)
async def test_a_word_that_means_something_else_is_the_name_of_a_photo(
    ledger: Ledger, text: str, file: str
) -> None:
    photos = ("oma_90.jpg", "kitchen_before.jpg", "kitchen_after.jpg", "opa_90.jpg")
    came = await last_of(ledger, ("the wave", text), photos)
    assert [each for each, _ in came.pictures] == [file]


@pytest.mark.parametrize("text", ["she's 80 now", "we had 40 people at the party", "Grandma is 90"])
async def test_a_number_that_is_told_is_no_strength(ledger: Ledger, text: str) -> None:
    assert (await last_of(ledger, ("the wave", text))).error == "UnclearReply"


@pytest.mark.parametrize(
    "text",
    [
        *("the colours of the painting please", "original colours off again please"),
        *("lieber die Farben vom Gemälde", "Curieux de voir avec les couleurs de l'estampe"),
        *("mejor con los colores del cuadro", "con i colori del quadro", "volta pras cores da pintura"),
        *("不要保留原色了", "やっぱり絵の色で"),
        *("the ones from the painting after all", "doch die vom Gemälde", "plutôt celles du tableau"),
        *("mejor los del cuadro", "meglio quelli del quadro", "melhor as do quadro", "颜色变回画里的吧"),
    ],
)
async def test_the_colours_of_the_painting_come_back(ledger: Ledger, text: str) -> None:
    ((_, job),) = (await last_of(ledger, ("the wave, keep the colours", text))).pictures
    assert (job.style, job.options.strength, job.options.keep_colors) == ("great-wave", 1, False)


async def test_praise_of_one_picture_is_no_wish_for_it(ledger: Ledger) -> None:
    said = ("the scream", "love the second one! can the first be kandinsky instead")
    came = await last_of(ledger, said, ("a.jpg", "b.jpg"))
    assert [(file, job.style) for file, job in came.pictures] == [("a.jpg", "composition-vii")]


@pytest.mark.parametrize(
    "text",
    [
        *("drop the scream altogether", "lass den Schrei weg", "enlève le cri", "quita el grito"),
        *("togliamo l'urlo del tutto", "tira o grito", "去掉呐喊", "叫びなしで"),
    ],
)
async def test_a_style_is_taken_out_of_a_blend(ledger: Ledger, text: str) -> None:
    ((_, job),) = (await last_of(ledger, ("the scream and the wave", text))).pictures
    assert job.style == "great-wave"


@pytest.mark.parametrize(
    "text",
    [
        *("and a mix of the two?", "die beiden gemischt bitte", "les deux mélangés ?", "los dos mezclados"),
        *("e tutte e due insieme?", "os dois misturados", "两个混在一起呢", "両方を混ぜてください"),
    ],
)
async def test_the_last_two_styles_are_mixed(ledger: Ledger, text: str) -> None:
    ((_, job),) = (await last_of(ledger, ("the wave", "now in the scream", text))).pictures
    assert job.style == "great-wave:0.5,the-scream:0.5"


async def test_one_style_is_mixed_with_none(ledger: Ledger) -> None:
    assert (await last_of(ledger, ("the wave", "both mixed"))).error == "UnclearReply"


async def test_more_of_a_style_is_heard_behind_it(ledger: Ledger) -> None:
    ((_, job),) = (await last_of(ledger, ("the scream and the wave", "波を多めに"))).pictures
    assert job.style == "the-scream:0.3,great-wave:0.7"


async def test_a_size_behind_praise_is_a_wish(ledger: Ledger) -> None:
    ((_, job),) = (await last_of(ledger, ("a onda", "perfeito, agora em tamanho grande"))).pictures
    assert job.options.size == 2048


@pytest.mark.parametrize(
    ("text", "size"),
    [
        *(
            (text, 512)
            for text in (
                "scream, same size as before",
                "der Schrei, gleiche Größe bitte",
                "le cri, taille d'avant",
                "el grito, del mismo tamaño",
                "l'urlo, stesse dimensioni di prima",
                "o grito no mesmo tamanho",
                *("呐喊，大小不变", "叫びで、同じサイズで", "サイズは変えないで、叫びで"),
                *("der Schrei, lass die Größe", "l'urlo, ma lascia la grandezza"),
                "el grito, mantén ese tamaño",
            )
        ),
        *(("scream, same size as the original", 16384), ("叫びで、元の写真と同じサイズで", 16384)),
    ],
)
async def test_the_same_size_is_that_of_the_picture_before(ledger: Ledger, text: str, size: int) -> None:
    ((_, job),) = (await last_of(ledger, ("wave, small", text))).pictures
    assert (job.style, job.options.size) == ("the-scream", size)


@pytest.mark.parametrize(
    ("text", "style"),
    [
        *(
            (text, "edtaonisl")
            for text in ("the other Picabia", "manda o outro picabia", "avec l'autre Picabia")
        ),
        *(
            (text, "edtaonisl")
            for text in ("den anderen Picabia bitte", "l'altro Picabia", "もう一つのピカビアで")
        ),
        ("another one by the same painter", "edtaonisl"),
        ("1st one not so much, paint that in mondrian", "tableau-2"),
        ("not on the menu eh. what the heck, mondrian", "tableau-2"),
    ],
)
async def test_another_painting_is_meant(ledger: Ledger, text: str, style: str) -> None:
    ((_, job),) = (await last_of(ledger, ("udnie", text))).pictures
    assert (job.style, job.options.strength) == (style, 1)
