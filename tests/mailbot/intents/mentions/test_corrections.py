"""A request that a mail takes back is not painted."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("the scream, no wait, the wave", "great-wave"),
        ("Starry night please. Actually no, scrap that, make it the wheat field", "wheat-field"),
        ("the scream. Hang on. The wave please", "great-wave"),
        ("starry night 40%, sorry I meant starry night", "starry-night"),
        ("Schrei. Ach nee, doch lieber die Sternennacht", "starry-night"),
        ("le cri... euh non, plutôt la vague", "great-wave"),
        ("el grito, digo, la gran ola", "great-wave"),
        ("l'urlo, anzi no, la notte stellata", "starry-night"),
        ("o grito, quer dizer, a noite estrelada", "starry-night"),
        ("呐喊,啊不对,还是星空吧", "starry-night"),
        ("叫び、いやごめん、やっぱり星月夜で", "starry-night"),
        ("scrap what I said about the hat lady, go with the mondrian one", "tableau-2"),
        ("ignore the bit about the scream, take mondrian", "tableau-2"),
        ("cancel the wave, I want mondrian", "tableau-2"),
        ("oublie ce que j'ai dit sur le cri, prends le mondrian", "tableau-2"),
        ("olvida lo que dije del grito, mejor el mondrian", "tableau-2"),
        ("lascia stare quello che ho detto sull'urlo, prendi il mondrian", "tableau-2"),
        ("esquece o que eu disse do grito, vai de mondrian", "tableau-2"),
        ("别管我说的呐喊了,用蒙德里安", "tableau-2"),
        ("the scream, I mean it", "the-scream"),
        ("I was thinking of Matisse. Then I saw the lights and said no: the night café", "night-cafe"),
        ("Der Schrei? Nein, zu gruselig. Die Welle!", "great-wave"),
        ("Mon mari réclame le Cri, ne l'écoutez pas, ce sera la Grande Vague.", "great-wave"),
        ("呐喊？不，星空吧。", "starry-night"),
        ("My brother wants it as the Scream. I don't. Use the amber Picabia instead.", "edtaonisl"),
        ("Als Schrei wäre es lustig. Nimm die Sternennacht stattdessen.", "starry-night"),
        ("hmm wave... no scream... no wave. yes wave", "great-wave"),
        ("Sorry, it isn't Turner, it's Munch, I mixed up the names in my last email.", "the-scream"),
        ("Perdón, no es Munch, es Turner, me confundí en el correo anterior.", "shipwreck-of-the-minotaur"),
        ("Desculpem, não é Mondrian, é Kandinsky, troquei os nomes no mail anterior.", "composition-vii"),
        ("Scusate, non è Mondrian, è Léger, ho sbagliato nella mail di prima.", "contrast-of-forms"),
    ],
)
def test_what_stands_before_a_correction_does_not_count(text: str, style: str) -> None:
    paint = paint_of(text)
    assert [job.style for job in paint.jobs] == [style]
    assert paint.chosen == "named"


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("Iba a pedir el Mondrian, me arrepentí. Denle con el de Léger.", "contrast-of-forms"),
        ("We nearly picked the wave. In the end the Turner won.", "shipwreck-of-the-minotaur"),
        ("Fast hätten wir die Welle genommen. Am Ende ist es Turner.", "shipwreck-of-the-minotaur"),
        ("Where I wrote Kandinsky yesterday please read Matisse.", "woman-with-a-hat"),
        ("Onde ontem escrevi Kandinsky leia-se Matisse.", "woman-with-a-hat"),
        ("昨日カンディンスキーと書いたのはマティスの間違いです。", "woman-with-a-hat"),
        ("I'd asked for the scream when what I really wanted was the lady with the hat.", "woman-with-a-hat"),
        ("前面说的夜间咖啡馆不要了，换星空。", "starry-night"),
        ("モンドリアンと書きかけましたが、レジェのほうにします。", "contrast-of-forms"),
        ("波にしかけたのですが、結局ターナーになりました。", "shipwreck-of-the-minotaur"),
        ("Fosse per me, l'onda. Ma il comitato ha votato Kandinskij.", "composition-vii"),
    ],
)
def test_a_style_that_was_only_thought_of_gives_way_to_the_last(text: str, style: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == [style]


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("In my last mail I wrote Udnie, I meant the other Picabia, Edtaonisl.", "edtaonisl"),
        ("Nella mail di prima ho scritto Udnie, intendevo l'altro Picabia.", "edtaonisl"),
        ("Gemeint war nicht Edtaonisl, sondern der andere Picabia.", "udnie"),
        ("毕卡比亚有两幅吧?不要乌德涅,要另一幅。", "edtaonisl"),
        ("ウドニーと書きましたが、ピカビアのもう一つのほう、エドタオニスルのことでした。", "edtaonisl"),
    ],
)
def test_an_artist_s_other_style_is_not_the_one_before(text: str, style: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == [style]


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("Sorry, it wasn't Turner I meant but Munch.", "the-scream"),
        ("No era Léger lo que quería sino Mondrian, siempre los confundo.", "tableau-2"),
        ("Desculpem, não é Mondrian, é Kandinsky, troquei os nomes no mail anterior.", "composition-vii"),
        ("ターナーではなくムンクでした、いつも間違えます", "the-scream"),
        ("J'avais écrit Udnie ce matin mais c'est l'autre Picabia que je voulais, Edtaonisl.", "edtaonisl"),
        ("Campo di grano a tutta forza. È il mio orto, deve sembrare un'altra cosa.", "wheat-field"),
    ],
)
def test_the_style_beside_a_refused_one_is_painted_and_no_surprise(text: str, style: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == [style]


@pytest.mark.parametrize(
    "text",
    [
        "La Nuit étoilée, tout le monde l'a déjà. Un autre style, n'importe lequel !",
        "Starry night, everyone has that. Any other style please!",
        "Sternennacht hat ja jeder. Irgendein anderer Stil bitte!",
        "La noche estrellada la tiene todo el mundo. Otro estilo, cualquiera.",
        "La notte stellata ce l'hanno tutti. Un altro stile, uno qualsiasi!",
        "A noite estrelada toda a gente tem. Outro estilo, qualquer um!",
        "星空大家都有了。换别的风格，随便！",
        "星月夜はみんな持っています。別のスタイルで、何でもいいです。",
    ],
)
def test_a_style_that_everybody_has_is_not_painted(text: str) -> None:
    paint = paint_of(text)
    assert paint.chosen == "surprise"
    assert paint.jobs[0].style != "starry-night"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Léger, mais pas léger. Je parle de Fernand, avec ses tuyaux.", "tuyaux"),
        ("不是构图七号那个荷兰人的,是俄国人的构图七号!", "俄国人"),
    ],
)
def test_a_refused_style_that_is_named_once_more_is_said(text: str, words: str) -> None:
    assert words in " ".join(paint_of(text).not_understood)


def test_not_more_and_not_less_takes_no_number_back() -> None:
    (job,) = paint_of("Sternennacht, bitte mit 65 Prozent, nicht mehr und nicht weniger.").jobs
    assert job.options.strength == 0.65


@pytest.mark.parametrize(
    "text",
    [
        "The wheat field I asked for earlier doesn't count, please use Turner.",
        "Das mit dem Weizenfeld vergessen Sie bitte, nehmen Sie Turner.",
        "Das Weizenfeld von vorhin zählt nicht, bitte Turner.",
        "Le champ de blé de tout à l'heure ne compte pas, plutôt Turner s'il vous plaît.",
        "Lo del campo de trigo no cuenta, pongan Turner por favor.",
        "Il campo di grano di prima non vale, fate Turner.",
        "O campo de trigo de há pouco não conta, quero Turner.",
        "麦田那个不算了，用透纳吧。",
        "さっきの麦畑は取り消します、ターナーでお願いします。",
        "先ほどの麦畑はなかったことにして、ターナーで。",
    ],
)
def test_a_style_that_no_longer_counts_is_refused(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["shipwreck-of-the-minotaur"]


@pytest.mark.parametrize(
    "text",
    [
        "Can't think of anything other than The Scream for this.",
        "Mir fällt nichts außer dem Schrei ein.",
        "Je ne pense à rien d'autre qu'au Cri.",
        "No se me ocurre otra cosa que El grito.",
        "Non mi viene in mente altro che l'Urlo.",
        "Não me ocorre nada a não ser O Grito.",
        "除了呐喊想不到别的。",
        "「叫び」以外に思いつきません。",
    ],
)
def test_the_only_style_that_comes_to_mind_is_wished(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["the-scream"]


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("We did all the Van Goghs already. Today it's Kandinsky for the square.", "composition-vii"),
        ("Van Gogh hatten wir schon. Heute ist Kandinsky dran, für den Marktplatz.", "composition-vii"),
        ("On a fait tous les Van Gogh. Aujourd'hui c'est Kandinsky, pour la place.", "composition-vii"),
        ("Ya hicimos todos los Van Gogh. Hoy toca Kandinsky para la plaza.", "composition-vii"),
        ("Abbiamo già fatto tutti i Van Gogh. Oggi è Kandinsky per la piazza.", "composition-vii"),
        ("Já fizemos os Van Gogh todos. Hoje é Kandinsky para a praça.", "composition-vii"),
        ("梵高的都做过了。今天轮到康定斯基，画广场。", "composition-vii"),
        ("Volevo l'Urlo, ma i bambini piangono. Meglio l'onda di Hokusai.", "great-wave"),
        ("Having looked at the poster again I'd go for Edtaonisl instead.", "edtaonisl"),
        ("Depois de olhar para a parede da sala eu ia de Edtaonisl. É a piscina.", "edtaonisl"),
        ("居間の壁をもう一度眺めて、エドタオニスルにしようと思います。", "edtaonisl"),
    ],
)
def test_the_style_of_today_is_wished(text: str, style: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == [style]
