"""What a mail asks for besides a style is said in the answer."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wheat field please, and make the sky purple", "make the sky purple"),
        ("Starry night please. Make it look like it's raining.", "raining"),
        ("die Welle, und setz dem Hund eine Mütze auf", "setz dem Hund eine Mütze auf"),
        ("nuit étoilée, et mets-lui un chapeau", "chapeau"),
        ("noche estrellada y ponle un sombrero", "sombrero"),
        ("the scream. My sister would like the great wave.", "the scream"),
    ],
)
def test_another_request_is_said(text: str, words: str) -> None:
    paint = paint_of(text)
    assert paint.chosen == "named"
    assert words in " ".join((*paint.not_understood, *paint.passed_over))


@pytest.mark.parametrize(
    "text",
    [
        "starry night please, and thanks for your brilliant work",
        "the wave please, and it's for my grandma's bathroom",
        "the scream and a bit softer please",
        "Wheat field, my husband grew up on a farm",
        "Starry night. My old Volvo, I won't say how much it cost",
        "Starry night please, it's a retirement gift",
        "Starry night please. She is 60 and I would like to give her a printed canvas",
        "Sternennacht bitte, ein Geschenk zur Pensionierung",
        "nuit étoilée svp, cadeau de retraite",
        "noche estrellada, regalo de jubilación",
        "notte stellata, regalo per la pensione",
        "noite estrelada, presente de aposentadoria",
        "星夜，退休礼物",
        "星月夜で、退職祝いです",
    ],
)
def test_a_clause_that_tells_something_is_not(text: str) -> None:
    paint = paint_of(text)
    assert paint.not_understood == ()


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("van Gogh, his indoor one with the lamps", "night-cafe"),
        ("my sister has the wave, so I'd like the scream", "the-scream"),
        ("la vague je l'ai déjà, maintenant le champ de blé", "wheat-field"),
        ("l'onda ce l'ho già, ora il campo di grano", "wheat-field"),
        ("la ola ya la tengo, ahora va el trigal", "wheat-field"),
        ("my brother in his new t shirt, the wave please", "great-wave"),
        ("8x10 inches for a frame, the wave", "great-wave"),
        ("I do not know, the scream", "the-scream"),
        ("ponle la ola", "great-wave"),
        ("põe a onda", "great-wave"),
        ("Звёздная ночь, пожалуйста", "starry-night"),
    ],
)
def test_what_was_done_or_told_is_not_said(text: str, style: str) -> None:
    paint = paint_of(text)
    assert [job.style for job in paint.jobs] == [style]
    assert paint.not_understood == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("scream in red", "red"),
        ("Foo and starry night please", "Foo"),
        ("en ola y en turner xfavor las dos opciones", "ola"),
        ("starry night in portrait orientation", "portrait orientation"),
        ("starry night as a birthday card please", "birthday card"),
        ("Den Schrei als Einladungskarte für Halloween bitte", "Einladungskarte"),
        ("scream at about two thirds strength, and could you also crop it square?", "crop it square"),
        ("scream, and put a hat on him", "put a hat on him"),
    ],
)
def test_the_style_is_painted_though_more_is_asked_for(text: str, told: str) -> None:
    paint = paint_of(text)
    assert paint.chosen == "named"
    assert ["," in job.style for job in paint.jobs] == [False]
    assert told in " ".join(paint.not_understood)


@pytest.mark.parametrize(
    "text",
    [
        "starry night please\n\nPS: Sorry for the quality, it was taken with an old phone.",
        "Sternennacht bitte. Entschuldigung für die Qualität!",
        "La nuit étoilée svp. Désolée pour la qualité.",
        "La noche estrellada por favor. Perdón por la calidad.",
        "Notte stellata per favore. Scusate la qualità.",
        "Noite estrelada por favor. Desculpem a qualidade.",
        "请画成星空。照片质量不好，请见谅。",
        "星月夜でお願いします。画質が悪くてすみません。",
    ],
)
def test_an_apology_for_the_photo_asks_for_nothing(text: str) -> None:
    paint = paint_of(text)
    assert [job.style for job in paint.jobs] == ["starry-night"]
    assert paint.not_understood == ()


@pytest.mark.parametrize(
    ("text", "spared"),
    [
        ("all styles except scream", "except scream"),
        ("alle Stile außer dem Schrei", "außer dem Schrei"),
        ("tous les styles sauf le cri", "sauf le cri"),
        ("todos los estilos menos el grito", "menos el grito"),
        ("除了呐喊以外的所有风格", "除了呐喊"),
    ],
)
def test_a_style_that_the_sheet_is_to_leave_out_is_said(text: str, spared: str) -> None:
    paint = paint_of(text)
    assert paint.jobs[0].sheet
    assert paint.not_understood == (spared,)


@pytest.mark.parametrize(
    ("text", "skipped"),
    [
        ("skip the blurry one, rest in wave", "skip the blurry one"),
        ("Skip the blurry one. Rest in wave.", "Skip the blurry one"),
        ("ignora la borrosa, el resto con la ola", "ignora la borrosa"),
    ],
)
def test_a_photo_that_is_described_and_not_known_is_said(text: str, skipped: str) -> None:
    assert paint_of(text, photos=4).not_understood == (skipped,)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("the scream, printed on canvas and delivered to 12 Elm Road", "delivered to 12 Elm Road"),
        ("starry night and cc my wife", "cc my wife"),
        ("starry night, and ship it to my mother", "ship it to my mother"),
        ('Sternennacht, und bitte den Text "Happy Birthday" drauf schreiben', "Happy Birthday"),
        ("Der Schrei auf Leinwand gedruckt bitte", "auf Leinwand gedruckt"),
        ("la nuit étoilée, livrée chez moi à Lyon", "livrée chez moi"),
        ("El grito impreso en lienzo por favor", "impreso en lienzo"),
        ("notte stellata, spedita a mia madre", "spedita a mia madre"),
        ('noite estrelada com a frase "Feliz aniversário"', "Feliz aniversário"),
        ("呐喊，打印在帆布上", "打印在帆布上"),
        ("星月夜で、母に届けてください", "母に届けて"),
        ("星月夜で、「おめでとう」と文字を入れてください", "「おめでとう」"),
        ("Starry night please. What does it cost?", "What does it cost"),
        ("Sternennacht bitte. Was kostet das?", "Was kostet das"),
        ("Nuit étoilée. C'est combien ?", "C'est combien"),
        ("La noche estrellada. ¿Cuánto cuesta?", "Cuánto cuesta"),
        ("Notte stellata, quanto costa?", "quanto costa"),
        ("Noite estrelada, quanto custa?", "quanto custa"),
        ("星夜，多少钱？", "多少钱"),
        ("星月夜で。いくらですか？", "いくらですか"),
    ],
)
def test_a_wish_that_no_painting_meets_is_told(text: str, told: str) -> None:
    paint = paint_of(text)
    assert paint.chosen == "named"
    assert any(told in said for said in paint.not_understood)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Starry night. Delete my photo afterwards please.", "Delete my photo afterwards"),
        ("Starry night please. P.S. please delete my photo", "delete my photo"),
        ("Starry night, and please delete my photo when you're done", "delete my photo when you're done"),
        ("Sternennacht bitte. Löscht mein Foto danach bitte.", "Löscht mein Foto danach"),
        ("Sternennacht bitte. PS: bitte mein Foto löschen", "mein Foto löschen"),
        ("La nuit étoilée. Supprimez ma photo après svp.", "Supprimez ma photo après"),
        ("Noche estrellada. PD: por favor, borren mis fotos", "borren mis fotos"),
        ("Notte stellata. Cancella la mia foto dopo per favore.", "Cancella la mia foto dopo"),
        ("Noite estrelada. Apaga a minha foto depois por favor.", "Apaga a minha foto depois"),
        ("星夜，谢谢。之后请删除我的照片。", "删除我的照片"),
        ("星月夜でお願いします。終わったら写真を削除してください。", "写真を削除して"),
    ],
)
def test_a_deletion_beside_a_style_is_told(text: str, told: str) -> None:
    paint = paint_of(text)
    assert [job.style for job in paint.jobs] == ["starry-night"]
    assert told in " ".join(paint.not_understood)


@pytest.mark.parametrize(
    "text",
    [
        "Starry night. I accidentally deleted my photos last year",
        "Starry night. I have to delete my photos soon",
        "Sternennacht. Ich habe mein Foto leider gelöscht, hier nochmal",
        "Noche estrellada. Mi hijo borró mis fotos",
        "Notte stellata. Ho cancellato le foto per sbaglio",
        "星夜。我不小心删了我的照片",
    ],
)
def test_a_tale_of_a_deletion_is_not(text: str) -> None:
    assert paint_of(text).not_understood == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Starry night. No people in the background please.", "No people in the background"),
        ("Starry night please. Without the car behind.", "Without the car behind"),
        ("Starry night. Text on it: Happy birthday", "Text on it"),
        ("Sternennacht bitte. Den Mann links bitte weg.", "Den Mann links weg"),
        ("Sternennacht bitte. Mach den Hund dicker.", "Mach den Hund dicker"),
        ("Sternennacht. Mit Text: Alles Gute", "Mit Text"),
        ("Sternennacht bitte. Schick es bitte auch an meine Schwester.", "auch an meine Schwester"),
        ("La nuit étoilée. Sans la voiture derrière.", "Sans la voiture derrière"),
        ("La nuit étoilée. Envoie-la aussi à ma sœur stp.", "Envoie la aussi à ma sœur"),
        ("Noche estrellada. Sin el coche de atrás", "Sin el coche de atrás"),
        ("Notte stellata. Senza la macchina dietro", "Senza la macchina dietro"),
        ("Noite estrelada. Tira a pessoa de trás.", "Tira a pessoa de trás"),
        ("Noite estrelada. Sem o carro atrás.", "Sem o carro atrás"),
        ("星夜。不要后面的人", "不要后面的人"),
        ("星月夜でお願いします。後ろの人は消してください", "後ろの人は消してください"),
        ("星月夜でお願いします。後ろの人を消してください", "後ろの人を消してください"),
    ],
)
def test_a_wish_behind_the_sentence_of_the_style_is_told(text: str, told: str) -> None:
    paint = paint_of(text)
    assert [job.style for job in paint.jobs] == ["starry-night"]
    assert told in " ".join(paint.not_understood)


@pytest.mark.parametrize(
    "text",
    [
        "Starry night. No worries if not.",
        "Starry night. Not the best photo.",
        "Starry night. No idea who took it.",
        "Sternennacht. Ohne den Hund geht nichts.",
        "Sternennacht. Wir fahren morgen weg.",
        "La nuit étoilée. Sans vous commander.",
        "Noche estrellada. Sin prisa.",
        "Notte stellata. Senza fretta per favore.",
        "星夜。不要着急",
    ],
)
def test_a_short_remark_behind_it_is_not(text: str) -> None:
    assert paint_of(text).not_understood == ()
