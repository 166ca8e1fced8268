"""Some photos of a mail are not to be painted, and the answer says which."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from mailbot.languages.translator import translator
from mailbot.replies.choice_wording import about_choice
from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "photos", "painted"),
    [
        ("just the first one please, in starry night", 2, (0,)),
        ("Starry night please. Only the second photo.", 2, (1,)),
        ("two pics attached. Ignore the second, it was an accident. Starry night for the other", 2, (0,)),
        ("Das zweite Foto bitte ignorieren. Das andere als Sternennacht.", 2, (0,)),
        ("pas besoin de la première, la deuxième en nuit étoilée", 2, (1,)),
        ("la primera sobra, la segunda en noche estrellada", 2, (1,)),
        ("la prima non serve, la seconda in notte stellata", 2, (1,)),
        ("第二张不用画,另一张用星空", 2, (0,)),
        ("二枚目は無視してください。もう一枚を星月夜で", 2, (0,)),
        ("starry night for the last one", 3, (2,)),
        ("Mandei as três do rolo, mas é só pra pintar a terceira, como noite estrelada.", 3, (2,)),
        ("starry night. Ignore the first photo. Ignore the second photo.", 2, (0, 1)),
        ("starry night, ignore the third photo", 2, (0, 1)),
        ("starry night, all of them", 3, (0, 1, 2)),
        ("The second one in starry night. Ignore the others.", 3, (1,)),
        ("Seule la deuxième m'intéresse, en nuit étoilée. Ne tenez pas compte des autres.", 3, (1,)),
    ],
)
def test_only_the_photos_that_are_meant_are_painted(text: str, photos: int, painted: tuple[int, ...]) -> None:
    paint = paint_of(text, photos)
    assert paint.photos == painted
    assert paint.left_out == tuple(f"{number}.jpg" for number in range(photos) if number not in painted)


@pytest.mark.parametrize(
    ("text", "photos", "painted"),
    [
        (
            "Only the middle one wants painting, the other two are just so you can see the garden. Udnie.",
            3,
            (1,),
        ),
        (
            "Nur das mittlere malen, die anderen beiden hängen nur dran, damit ihr seht, wo. Stil: Udnie",
            3,
            (1,),
        ),
        ("Udnie. Seul celui du milieu est à peindre ; les deux autres, c'est pour situer.", 3, (1,)),
        ("La del medio en Udnie, las otras dos van de referencia.", 3, (1,)),
        (
            "Udnie. Dei tre mi interessa il secondo, il primo e il terzo sono per farvi vedere il posto.",
            3,
            (1,),
        ),
        ("Udnie. A do meio é a que me interessa, as outras duas são só para veres o sítio.", 3, (1,)),
        ("用乌德妮画。中间那张就行，其余两张只是给你看的。", 3, (1,)),
        ("ウドニーで。二枚目だけお願いします。一枚目と三枚目は参考に付けただけです。", 3, (1,)),
        ("Of five pictures I only want the third and the fifth. Udnie.", 5, (2, 4)),
        ("Von den fünf Bildern nur das dritte und das fünfte: Udnie", 5, (2, 4)),
        ("Il y a cinq images, vous ne me faites que la troisième et la cinquième. Udnie.", 5, (2, 4)),
        ("De cinco, solo la tercera y la quinta foto. Udnie", 5, (2, 4)),
        ("Delle cinque soltanto la terza e la quinta. Udnie", 5, (2, 4)),
        ("De cinco, só a 3ª e a 5ª. Udnie", 5, (2, 4)),
        ("一共五张，只画第三、五张，乌德妮", 5, (2, 4)),
        ("五枚のうち三・五枚目だけウドニーで", 5, (2, 4)),
        ("Picture one is only there because my phone sends two. Udnie please", 2, (1,)),
        ("It's the third, with the flooded square. I'd like it as Udnie.", 3, (2,)),
        ("È la terza, si vede la piazza. La vorrei come Udnie. Foto uno e foto due no, sono prove.", 3, (2,)),
        ("Es ist das dritte, man sieht den Platz. Ich hätte es gern als Udnie.", 3, (2,)),
        ("五葉松は一枚目です。これをウドニー風に。二枚目は鉢なので描くには及びません。", 2, (0,)),
        ("The first is the invitation. The other three show the storm, paint those. Turner", 4, (1, 2, 3)),
        ("A primeira é o recibo. As outras três são o temporal, pinta essas. Turner", 4, (1, 2, 3)),
        ("Paint the two in the middle and skip the others. Udnie", 4, (1, 2)),
        ("Píntame las dos del centro y deja las otras. Udnie", 4, (1, 2)),
        ("Die ersten drei bitte als Udnie, das letzte nicht.", 4, (0, 1, 2)),
        ("The bridge is photo one, the gate is photo four: these two in Udnie.", 4, (0, 3)),
        ("石桥是第一张，灯笼是第四张，就这两张要乌德妮。", 4, (0, 3)),
    ],
)
def test_a_photo_is_meant_by_what_is_said_of_it(text: str, photos: int, painted: tuple[int, ...]) -> None:
    paint = paint_of(text, photos)
    assert paint.chosen == "named"
    assert paint.photos == painted


@pytest.mark.parametrize(
    "text",
    [
        "The first is Rex, the second is Max. Both in Udnie please.",
        "Das erste ist Rex, das zweite Max. Beide als Udnie.",
        "The first train was late, and it was the second of May. Udnie please",
        "For the first time in years we all met. Udnie for all of them please",
        "第一张是大毛，第二张是二毛，两张都用乌德妮",
        "Udnie pour les deux : la première, c'est Rex, la seconde, c'est Max.",
    ],
)
def test_photos_that_are_only_described_are_all_painted(text: str) -> None:
    assert paint_of(text, 2).photos == (0, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Elisa col violino è la prima, Marta in altalena la terza: solo loro, notte stellata. Le altre no.",
        "Elisa is the first, Marta on her swing the third: only these two; a starry night, for gran.",
        "只要第一张和第三张。我妈说星空好看，那就听她的。",
    ],
)
def test_the_only_style_of_a_mail_that_chooses_photos_is_wanted(text: str) -> None:
    paint = paint_of(text, 4)
    assert (paint.photos, {job.style for job in paint.jobs}) == ((0, 2), {"starry-night"})


def test_several_results_can_be_those_of_one_photo() -> None:
    paint = paint_of(
        "The second is my cricket. I'd like two pictures: one starry night, one udnie, separately. "
        "The first is its jar, don't paint that.",
        2,
    )
    assert (paint.photos, [job.style for job in paint.jobs]) == ((1, 1), ["starry-night", "udnie"])


def test_the_answer_says_which_are_left_out() -> None:
    said = about_choice(translator("en"), Paint(jobs=(), left_out=("IMG_2.jpg", "IMG_3.jpg")))
    assert said == "I left out “IMG_2.jpg” and “IMG_3.jpg”, since you asked for others."


@pytest.mark.parametrize(
    "text", ["the dog in udnie and the cat in mondrian", "dog -> udnie, cat -> mondrian"]
)
def test_the_answer_says_that_photos_were_taken_in_their_order(text: str) -> None:
    paint = paint_of(text, 2)
    assert [job.style for job in paint.jobs] == ["udnie", "tableau-2"]
    assert paint.is_order_guessed
    said = about_choice(translator("en"), Paint(jobs=(), is_order_guessed=True))
    assert said == "I took your photos in their order."


@pytest.mark.parametrize(
    "text",
    [
        "The first one is our house. Udnie for all three please.",
        "The second one is my favourite. Could you paint them all as udnie?",
        "Das erste ist unser Haus. Udnie für alle drei bitte.",
        "La première est notre maison. Les trois en udnie, s'il te plaît.",
        "La primera es nuestra casa. Las tres como udnie, por favor.",
        "La prima è casa nostra. Udnie per tutte e tre.",
        "A primeira é a nossa casa. As três em udnie, por favor.",
        "第一张是我们的房子。三张都用udnie画。",
        "第一张拍的是我们家的房子，三张都画成udnie",
        "1枚目は我が家です。3枚ともudnieでお願いします。",
        "一枚目は我が家です。三枚ともudnieで。",
    ],
)
def test_one_photo_that_is_told_of_leaves_out_no_other(text: str) -> None:
    assert paint_of(text, 3).photos == (0, 1, 2)


@pytest.mark.parametrize(
    "text",
    [
        "The first one is our house. My three kids love udnie.",
        "The first in udnie, the three of us love it.",
        "第一张用udnie，另外三张是别人拍的",
    ],
)
def test_three_that_counts_something_else_means_no_photos(text: str) -> None:
    assert paint_of(text, 3).photos == (0,)
