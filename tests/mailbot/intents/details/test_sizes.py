"""Sizes in words, in eight languages; and words for sizes that ask for none."""

from __future__ import annotations

import pytest

from styles.contract import DEFAULT_SIZE, MAX_SIZE
from tests.fakes.mailbot.asks import paint_of

BIG, SMALL = 2048, 512
_WISHES = {
    "en": "Please paint it like The Scream. {}.",
    "de": "Bitte malen Sie es wie den Schrei. {}.",
    "fr": "Peignez-la comme Le Cri de Munch. {}.",
    "es": "Píntela como El grito. {}.",
    "it": "Dipingetela come L'urlo. {}.",
    "pt": "Pinte como O Grito. {}.",
    "zh": "请画成蒙克的《呐喊》。{}。",
    "ja": "ムンクの叫びでお願いします。{}。",
}


@pytest.mark.parametrize(
    ("language", "said", "size"),
    [
        ("en", "Blow it up big", BIG),
        ("en", "It needs to be large enough for the wall", BIG),
        ("en", "The largest you do", MAX_SIZE),
        ("en", "Without losing resolution", MAX_SIZE),
        ("en", "The smallest you do", SMALL),
        ("de", "In einem großen Format", BIG),
        ("de", "Groß darf es werden", BIG),
        ("de", "Die Auflösung soll bleiben", MAX_SIZE),
        ("de", "Dateigröße bitte im Original", MAX_SIZE),
        ("de", "Kleine Größe", SMALL),
        ("fr", "Il me la faudrait en grand", BIG),
        ("fr", "Au plus grand possible", MAX_SIZE),
        ("fr", "En résolution originale", MAX_SIZE),
        ("fr", "En taille réduite", SMALL),
        ("es", "Háganlo grande", BIG),
        ("es", "Que conserve la resolución", MAX_SIZE),
        ("es", "Si sale pequeña mejor", SMALL),
        ("it", "Fatecelo grande", BIG),
        ("it", "Formato grande, grazie", BIG),
        ("it", "Alla dimensione originale del file", MAX_SIZE),
        ("it", "In dimensioni ridotte", SMALL),
        ("pt", "Quero em tamanho grande", BIG),
        ("pt", "Quero-o na resolução original", MAX_SIZE),
        ("pt", "Em tamanho reduzido", SMALL),
        ("zh", "尺寸要大号", BIG),
        ("zh", "分辨率保持不变", MAX_SIZE),
        ("zh", "小图即可", SMALL),
        ("ja", "サイズ大", BIG),
        ("ja", "サイズはそのままで", MAX_SIZE),
        ("ja", "サイズ小", SMALL),
        ("ja", "小さいサイズで大丈夫です", SMALL),
    ],
)
def test_a_size_in_words(language: str, said: str, size: int) -> None:
    paint = paint_of(_WISHES[language].format(said))
    assert paint.jobs[0].style == "the-scream"
    assert paint.jobs[0].options.size == size
    assert not paint.not_understood


@pytest.mark.parametrize(
    "text",
    [
        "想请你画成梵高《星月夜》那个样子,外婆说她小时候看到的天就是会转的。",
        "请画成星月夜。天阴,风也大。",
        "我看过他的一幅大画。请画成星月夜。",
        "小さい頃、大きな庭がありました。星月夜でお願いします。",
        "大きな絵が忘れられません。星月夜でお願いします。",
        "La Nuit étoilée, que je reconnaisse ma petite sur le pont.",
        "El presidente quería otra, al final La noche estrellada. Mi pequeña está a la izquierda.",
        "Starry Night please. A big thank you from our small town.",
        "La Nuit étoilée, elle sera affichée dans le hall.",
        "Als ich klein war, hatten wir einen großen Garten. Sternennacht bitte.",
    ],
)
def test_a_word_for_a_size_in_a_tale(text: str) -> None:
    paint = paint_of(text)
    assert paint.jobs[0].style == "starry-night"
    assert paint.jobs[0].options.size == DEFAULT_SIZE


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (
            "My mate got his van done and I thought it was broken. Make it big, there's a wall free.",
            BIG,
        ),
        (
            "Zur Erinnerung hätten wir das Gruppenfoto gern als Gemälde, am besten groß, fürs Büro.",
            BIG,
        ),
        (
            "Ustedes pintan fotos, me dijeron; entonces pinten esta. Chiquita no más, que va en un sobre.",
            SMALL,
        ),
        ("我们在大理开民宿,请帮忙把院子的照片变成一幅画。要原图那么大。", MAX_SIZE),
        ("女湯の壁に絵を描かせ、十年ほど笑われておりました。小さい寸法で十分でございます。", SMALL),
    ],
)
def test_a_size_in_a_mail_that_names_no_style(text: str, size: int) -> None:
    assert paint_of(text).jobs[0].options.size == size


def test_the_size_of_a_baby_is_none() -> None:
    paint = paint_of("Der Kleine ist da: Emil, 3480 Gramm, 52 Zentimeter. Alle sind wohlauf.")
    assert paint.jobs[0].options.size == DEFAULT_SIZE


def test_a_size_within_a_description_is_that_of_what_is_painted() -> None:
    paint = paint_of("can you turn this into that huge japanese wave thing")
    assert [(job.style, job.options.size) for job in paint.jobs] == [("great-wave", DEFAULT_SIZE)]
    assert paint.not_understood == ()


@pytest.mark.parametrize(
    "text",
    [
        "The one with the claws of foam and Mount Fuji tiny in the background please",
        "Das mit den Krallen aus Schaum und dem Berg Fuji winzig im Hintergrund bitte",
        "Quello con la schiuma che sembra artigli e il monte Fuji piccolino in fondo: così vorrei la foto.",
        "Es un mar enorme con una garra de espuma y al fondo el monte Fuji chiquito. Así quiero la foto.",
    ],
)
def test_the_size_of_what_a_painting_shows_is_none(text: str) -> None:
    (job,) = paint_of(text).jobs
    assert (job.style, job.options.size) == ("great-wave", DEFAULT_SIZE)


@pytest.mark.parametrize(
    "text",
    [
        "starry night on a canvas 60x40 cm",
        "Sternennacht auf einer Leinwand 60x40 cm",
        "la nuit étoilée sur une toile 60x40 cm",
        "noche estrellada en un lienzo de 60x40 cm",
        "notte stellata su una tela 60x40 cm",
        "noite estrelada numa tela 60x40 cm",
    ],
)
def test_a_canvas_is_no_place_of_the_style(text: str) -> None:
    paint = paint_of(text)
    assert (paint.chosen, paint.jobs[0].style, paint.doubted) == ("named", "starry-night", "")
    assert paint.not_understood == ()
    assert paint.jobs[0].options.size > DEFAULT_SIZE


@pytest.mark.parametrize("text", ["la grande honda", "la grande ondata", "a grande honda", "la grande vagu"])
def test_the_size_in_a_misspelt_title_is_none(text: str) -> None:
    assert [(job.style, job.options.size) for job in paint_of(text).jobs] == [("great-wave", DEFAULT_SIZE)]


@pytest.mark.parametrize(
    "text",
    [
        "the big scream",
        "le grand cri",
        "el grande grito",
        "il grande gritto",
        "il grande urlo",
        "o grande gritto",
        "a grande noite estrelada",
    ],
)
def test_a_size_that_may_be_the_title_s_is_told(text: str) -> None:
    paint = paint_of(text)
    assert paint.jobs[0].options.size == DEFAULT_SIZE
    assert paint.not_understood == (text.split()[1],)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("la grande honda grande", BIG),
        ("la grande honda piccola", 512),
        ("il gritto grande", BIG),
        ("la grand vague en grand", BIG),
        ("la gran ola grande", BIG),
        ("big screem please", BIG),
        ("ein großer Schrei", BIG),
    ],
)
def test_a_size_beside_a_misspelt_title_is_one(text: str, size: int) -> None:
    paint = paint_of(text)
    assert (paint.jobs[0].options.size, paint.not_understood) == (size, ())


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("La grande onda ma solo lo sfondo", DEFAULT_SIZE),
        ("La grande onda, solo per lo sfondo del telefono", BIG),
    ],
)
def test_a_background_is_a_size_only_as_a_wallpaper(text: str, size: int) -> None:
    assert paint_of(text).jobs[0].options.size == size


@pytest.mark.parametrize(
    "text",
    [
        "The waves were huge, like in the Hokusai picture",
        "Die Wellen waren riesig, wie auf dem Bild von Hokusai",
        "La vague était énorme, comme chez Hokusai",
        "Las olas eran enormes, como en el cuadro de Hokusai",
        "Le onde erano enormi, come nel quadro di Hokusai",
        "As ondas eram enormes, como no quadro do Hokusai",
        "浪很大，就像北斋的画",
        "波がとても大きくて、北斎の絵みたいでした",
    ],
)
def test_what_a_wave_was_is_no_size(text: str) -> None:
    assert paint_of(text).jobs[0].options.size == DEFAULT_SIZE
