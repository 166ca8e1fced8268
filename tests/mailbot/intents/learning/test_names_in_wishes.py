"""The name of a style in a mail that teaches: behind a colon, behind “as”, in the future, with brackets."""

from __future__ import annotations

import pytest

from mailbot.intents.learning_intents import LearningAim, read
from tests.fakes.mailbot.parsing.asking import asks


@pytest.mark.parametrize(
    ("subject", "text", "name"),
    [
        ("learn: please call it Moss", "", "Moss"),
        ("learn this: it's called Moss", "", "Moss"),
        ("learn: the name is Moss", "", "Moss"),
        ("learn: name it Moss please", "", "Moss"),
        ("lerne: nenne es Moos", "", "Moos"),
        ("lerne: bitte nenn es Moos", "", "Moos"),
        ("lerne: es heißt Moos", "", "Moos"),
        ("lerne: es soll Moos heißen", "", "Moos"),
        ("apprends : appelle-le Mousse", "", "Mousse"),
        ("apprends : il s'appelle Mousse", "", "Mousse"),
        ("apprends ceci : il s'appellera Mousse", "", "Mousse"),
        ("aprende: llámalo Musgo", "", "Musgo"),
        ("aprende esto: se llama Musgo", "", "Musgo"),
        ("aprende: se llamará Musgo", "", "Musgo"),
        ("impara questo: si chiama Muschio", "", "Muschio"),
        ("impara: chiamalo Muschio", "", "Muschio"),
        ("impara: si chiamerà Muschio", "", "Muschio"),
        ("aprenda: chama-se Musgo", "", "Musgo"),
        ("aprenda: chame de Musgo", "", "Musgo"),
        ("学习：叫青苔", "", "青苔"),
        ("学习：名字叫青苔", "", "青苔"),
        ("学習：名前は苔", "", "苔"),
        ("学習：名前は「苔」です", "", "苔"),
        ("学習：苔と呼んでください", "", "苔"),
        ("学習：タイトルは苔です", "", "苔"),
        ("", "Fais un style de ce tableau. Il s'appellera Soleil noir.", "Soleil noir"),
        ("", "Impara questo quadro. Si chiamerà Sole nero.", "Sole nero"),
        ("", "Aprende este cuadro. Se llamará Sol negro.", "Sol negro"),
        ("", "Aprenda este quadro. Vai se chamar Sol negro.", "Sol negro"),
        ("", "Aprenda este quadro. Chamar-se-á Sol negro.", "Sol negro"),
        ("", "Lerne dieses Bild. Es wird Schwarze Sonne heißen.", "Schwarze Sonne"),
        ("", "Learn this painting. It will be called Black Sun.", "Black Sun"),
        ("", "この絵を学習してください。名前はジギタリスがいいです", "ジギタリス"),
        ("", "この絵を学習してください。「ジギタリス」がいいです", "ジギタリス"),
        ("", "この絵を学習してください。ジギタリスという名前がいいです", "ジギタリス"),
        ("learn", "title 'Quiet Harbour No. 3'", "Quiet Harbour No. 3"),
        ("learn this", "title: Quiet Harbour No. 3", "Quiet Harbour No. 3"),
        ("learn this", "Title Quiet Harbour", "Quiet Harbour"),
        ("", "Memorize this painting as Foxglove", "Foxglove"),
        ("", "Please memorise my painting as Foxglove.", "Foxglove"),
        ("", "Add my painting to your styles as Foxglove", "Foxglove"),
        ("", "Learn my painting as Foxglove, please", "Foxglove"),
        ("", "Merk dir diesen Stil als Fingerhut", "Fingerhut"),
        ("", "Lerne dieses Gemälde als Fingerhut", "Fingerhut"),
        ("", "Nimm mein Gemälde als Fingerhut in deine Stile auf", "Fingerhut"),
        ("", "Bitte lerne mein Bild als Fingerhut", "Fingerhut"),
        ("", "Mémorise ce tableau comme Digitale", "Digitale"),
        ("", "Ajoute mon tableau à tes styles sous le nom de Digitale", "Digitale"),
        ("", "Apprends ce tableau sous le titre Digitale", "Digitale"),
        ("", "Ajoute ma toile à tes styles comme Digitale", "Digitale"),
        ("", "Añade mi cuadro a tus estilos como Dedalera", "Dedalera"),
        ("", "Memoriza este cuadro como Dedalera", "Dedalera"),
        ("", "Aggiungi il mio quadro ai tuoi stili come Digitale", "Digitale"),
        ("", "Memorizza questo quadro come Digitale", "Digitale"),
        ("", "Impara questo quadro. Lo chiamerei Ulivi storti", "Ulivi storti"),
        ("", "Adicione meu quadro aos seus estilos como Dedaleira", "Dedaleira"),
        ("", "Memorize esta pintura como Dedaleira", "Dedaleira"),
        ("", "Aprenda este quadro. Eu o chamaria de Dedaleira", "Dedaleira"),
        ("", "Aprende este cuadro. Yo lo llamaría Dedalera", "Dedalera"),
        ("", "Apprends ce tableau. Je l'appellerais Digitale", "Digitale"),
        ("", "Lerne dieses Bild. Ich würde es Fingerhut nennen", "Fingerhut"),
        ("", "Learn this painting. I would call it Foxglove", "Foxglove"),
        ("", "把这幅画做一个新风格，叫毛地黄", "毛地黄"),
        ("", "请把这幅画做成新风格，名字叫毛地黄", "毛地黄"),
        ("", "请学习这幅画，就叫毛地黄", "毛地黄"),
        ("", "この絵で新しいスタイルを作ってください。名前はジギタリス", "ジギタリス"),
        ("", "この絵で新しいスタイルを作ってください。名前はジギタリスで", "ジギタリス"),
        ("", "この絵をジギタリスとして学習してください", "ジギタリス"),
        ("", "この絵を「ジギタリス」として覚えて", "ジギタリス"),
        ("learn: O'Brien & Söhne (2024)", "", "O'Brien & Söhne (2024)"),
        ("learn: my garden (oil on canvas, 40x60)", "", "my garden (oil on canvas, 40x60)"),
        ("学习：花园（二）", "", "花园（二）"),
        ("learn: (blue) hills", "", "(blue) hills"),
        ("learn: (my garden)", "", "my garden"),
        ("learn: café 'Noir'", "", "café 'Noir'"),
        ('learn: The "Old" Mill', "", 'The "Old" Mill'),
        ("learn: called by the sea", "", "called by the sea"),
        ("learn: name of the rose", "", "name of the rose"),
        ("learn: as I lay dying", "", "as I lay dying"),
        ("lerne: Namen im Sand", "", "Namen im Sand"),
        ("learn: title fight", "", "title fight"),
        ("学习：叫声", "", "叫声"),
        ("learn this: My Moss", "", "My Moss"),
        ("apprends : l'appel de la mer", "", "l'appel de la mer"),
    ],
)
def test_a_name_is_read_without_the_words_that_lead_to_it(subject: str, text: str, name: str) -> None:
    intent = read(asks(subject, text))
    assert intent is not None
    assert (intent.wanted, intent.called) == (LearningAim.LEARN, name)


@pytest.mark.parametrize(
    "text",
    [
        "Please learn this painting as soon as possible",
        "Memorize this painting as promised",
        "Add my painting to your styles as you like",
        "Learn this painting. Its name is not yet decided.",
        "Lerne dieses Gemälde als Vorlage",
        "Apprends ce tableau comme convenu",
        "Aprende este cuadro como siempre",
        "Impara come dipingo",
        "Aprenda este quadro como quiser",
        "请学习这幅画，叫我小王",
        "この絵を学習してください。名前は何でもいいです",
    ],
)
def test_other_words_there_are_no_name(text: str) -> None:
    intent = read(asks("", text))
    assert intent is not None
    assert (intent.wanted, intent.called) == (LearningAim.LEARN, "")
