"""Hold that a mail gets the painting that it describes in its own words, and a tale gets none."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "style"),
    [
        (
            "I saw it on a biscuit tin once. A bar after midnight, blood red walls, a green ceiling, gas "
            "lamps and a billiard table in the middle. My mate opens a pub on Friday, so I thought of it.",
            "night-cafe",
        ),
        (
            "Mein Opa war Seemann. Könnt ihr seinen Kutter so malen, mit Orkan, Gischt überall "
            "und einem Dreimaster, dessen Masten brechen, während die Schiffbrüchigen in den Booten sitzen?",
            "shipwreck-of-the-minotaur",
        ),
        (
            "Ma nièce passe son brevet de soudure. J'aimerais l'atelier en cylindres, en cônes, tout "
            "en tuyaux cernés de gros traits noirs, comme le faisait ce Normand.",
            "contrast-of-forms",
        ),
        (
            "Mi sobrina termina la carrera de baile. Recuerdo una bailarina hecha de placas grises, "
            "crema y pardas que vio el pintor en un transatlántico; así la quiero.",
            "udnie",
        ),
        (
            "Da bambino avevo paura di una stampa in corridoio: un tipo calvo su un pontile, le "
            "mani sulle guance, la bocca spalancata. Ora vorrei vedere così il mio gatto.",
            "the-scream",
        ),
        (
            "O meu avô tinha uma seara em Beja. Gostava da fotografia com o trigo dourado, os "
            "ciprestes altos e aquelas nuvens enroladas.",
            "wheat-field",
        ),
        ("我外婆最喜欢的那种:一位夫人,绿脸,戴着插羽毛的大帽子,拿把扇子。请照着画。", "woman-with-a-hat"),
        (
            "サーモンピンクと琥珀と紫の丸いかたまりがひしめく絵、題名が読めないやつ。あれで金魚をお願いします。",
            "edtaonisl",
        ),
    ],
)
def test_a_painting_is_found_by_what_it_shows(text: str, style: str) -> None:
    paint = paint_of(text)
    assert [job.style for job in paint.jobs] == [style]


@pytest.mark.parametrize(
    "text",
    [
        "We moored behind the breakwater, the boat is fine and the children ate ice cream. See you Sunday!",
        "Der Installateur war da: die Rohre im Keller sind neu, der Kessel kommt erst am Montag. Gruß, Inge",
        "Hier soir au bistrot on a joué aux cartes jusqu'à minuit. Voici toute l'équipe, Marcel dort déjà.",
        "今天麦子收完了,奶奶很高兴,晚上我们吃饺子。照片给你看看。",
    ],
)
def test_a_tale_describes_no_painting(text: str) -> None:
    assert paint_of(text).chosen == "default"


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("把我弟弟画成桥上捂着脸大叫的那个人吧。", "the-scream"),  # 大 is no size here
        (
            "the guy holding his face on the bridge. do my brother like that, he failed again lol",
            "the-scream",
        ),
        ("El mismo pintor de Udnie, pero no Udnie: manchas redondas salmón, ámbar y violeta.", "edtaonisl"),
        (
            "前回は星空でした。もう星空は飽きたので、舟が波にのまれて富士が見える版画でお願いします。",
            "great-wave",
        ),
    ],
)
def test_a_description_counts_beside_names_of_styles(text: str, style: str) -> None:
    paint = paint_of(text)
    assert [job.style for job in paint.jobs] == [style]
    assert paint.jobs[0].options.size == 1024


def test_what_is_refused_describes_nothing() -> None:
    paint = paint_of(
        "No tubes and no cones please. Give me the lattice of drab grey and ochre cells, the early Dutch one."
    )
    assert [job.style for job in paint.jobs] == ["tableau-2"]
