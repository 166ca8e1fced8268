"""Of the styles of a story, the one that is wished at its end."""

from __future__ import annotations

import pytest

from styles.errors import UnknownStyle
from tests.fakes.mailbot.asks import paint_of, read, request_of


@pytest.mark.parametrize(
    "text",
    [
        "Back in March you turned our yard into Mondrian and we looked for the cows all week. Then I asked "
        "for the Kandinsky, and my wife said it looked like spilt sprinkles. Third time lucky: the wheat "
        "field by van Gogh, please.",
        "Our bakery needs something for its bags. My brother kept pushing Munch, and the girl at the till "
        "thought Kandinsky more modern. I let them talk, for a bakery it has to be the wheat field.",
        "Vor Ostern haben Sie mir den Hof als Mondrian gemacht, da hat man die Kühe gesucht. Danach haben "
        "wir es mit Kandinsky versucht, das war noch schlimmer. Jetzt aber mal vernünftig: das Weizenfeld, "
        "bitte.",
        "Unsere Bäckerei braucht ein Bild für die Tüten. Mein Vater hätte am liebsten den Munch gehabt, "
        "der Lehrling war für Hokusai. Ich habe beide reden lassen und mich für das Weizenfeld entschieden.",
        "Au printemps vous m'aviez fait la cour en Mondrian, on a cherché les vaches. Ensuite j'ai essayé "
        "Kandinsky, et là c'est ma femme qui a crié. Cette fois, faites-la comme le champ de blé.",
        "Notre boulangerie cherche une image. Mon associée voulait à tout prix Munch, le facteur trouvait "
        "que Mondrian ferait plus sérieux. J'ai su tout de suite : il nous faut le champ de blé aux cyprès.",
        "La otra vez les pedí la ola y salió preciosa, pero mi madre se marea. Luego probé con Kandinsky y "
        "la abuela preguntó qué era aquello. A ver si a la tercera: el trigal de Van Gogh.",
        "Tenemos una panadería en Lugo. Mi mujer decía que Matisse, y el chico del almacén insistía con "
        "Munch. Lo he pensado bien y me quedo con el campo de trigo.",
        "A gennaio mi avete fatto il cortile come Mondrian e non si capiva dov'era la stalla. Poi ho "
        "provato con Kandinsky, peggio ancora. Stavolta vado sul sicuro: il campo di grano, per favore.",
        "Abbiamo un forno a Cervia. Il mio socio spingeva per Hokusai, mia cognata voleva Munch. Io li ho "
        "lasciati dire: per noi ci vuole il campo di grano con i cipressi.",
        "Em maio vocês fizeram o meu quintal em Kandinsky e a galinha sumiu no meio das cores. Depois "
        "tentei O Grito e a minha filha chorou. Agora vai o campo de trigo, por favor.",
        "Temos uma padaria em Viseu. O meu irmão teimava no Munch, a minha mãe achava o Mondrian mais "
        "limpo. Ouvi os dois, e fica o campo de trigo do Van Gogh.",
        "Chez le coiffeur on a mis un Mondrian en vitrine, la pharmacie prépare un Matisse et le fleuriste "
        "ne jure que par Hokusai. Nous, à la ferme, on voudrait le champ de blé aux cyprès.",
        "上个月您把我家院子画成了蒙德里安，全是格子，看不出是院子。后来又试了马蒂斯，鸡都变绿了。这回请用梵高的麦田，谢谢。",
        "我们开了一家面包店。我弟弟一直说要蒙克，我媳妇觉得康定斯基洋气。我想来想去，面包店就该用梵高的麦田。",
        "春に一度、うちの庭をカンディンスキーで描いていただきましたが、どこが鶏か分からなくなりました。次に"
        "モンドリアンをお願いしましたが、四角い鶏になりました。今回はゴッホの麦畑でお願いします。",
        "小さなパン屋をしております。常連さんはムンクがいいと言い、娘はマティスが明るいと言うのですが、"
        "私としてはやはりゴッホの麦畑です。写真は閉店後に撮りました。",
    ],
)
def test_what_was_before_and_what_others_wish_is_not_painted(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["wheat-field"]


@pytest.mark.parametrize(
    "text",
    [
        "We voted at the club. Munch got four votes, Mondrian got six and the wave got fifteen. I had "
        "voted for Mondrian, but there it is. The photo is from our outing by boat.",
        "Wir haben im Kegelklub abgestimmt. Drei Stimmen bekam Turner, zwei bekam Picabia, und mit elf "
        "Stimmen wurde es die große Welle. Das Foto ist vom letzten Mittwoch.",
        "Nous avons voté à main levée : quatre voix pour Munch, six pour Mondrian et quinze pour la Grande "
        "Vague. La photo est celle de notre sortie en bateau.",
        "Votamos en clase. Munch sacó cuatro votos, Mondrian sacó seis y la gran ola sacó quince. Yo voté "
        "a Mondrian, pero la democracia es así. La foto es de la excursión.",
        "Abbiamo votato in classe. Munch ha preso quattro voti, Mondrian sei e la grande onda quindici. Io "
        "avevo votato Mondrian, pazienza. La foto è della gita in barca.",
        "Fizemos uma votação no grupo. O Léger teve dois votos, o Munch teve cinco e a grande onda ganhou "
        "com onze. Eu tinha votado no Léger, paciência. A fotografia é do passeio de barco.",
        "部门里投票选风格，莱热得了三票，蒙克得了五票，神奈川冲浪里得了十二票。我自己投的莱热，没办法。照片是坐船那天拍的。",
        "町内会で投票しました。レジェが三票、ムンクが四票、北斎の波が十票でした。私はレジェに入れたのですが仕方ありません。"
        "写真は去年の船まつりです。",
    ],
)
def test_the_style_with_most_votes_is_painted(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["great-wave"]


@pytest.mark.parametrize(
    "text",
    [
        "My boss wants Starry Night, I would have picked Kandinsky for the office, but she pays the bills "
        "around here, so it's what she says. Thanks, Alvaro",
        "Mi jefa quiere Noche estrellada, yo habría puesto Kandinsky, pero donde manda capitán no manda "
        "marinero, así que lo que dice ella. Gracias, Álvaro",
    ],
)
def test_a_mail_can_do_what_others_wish(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["starry-night"]


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        (
            "We've been arguing since the tram. Tom wants the wave, I want the night café, neither of us "
            "is budging. Do both and we'll fight about it at home.",
            {"great-wave", "night-cafe"},
        ),
        (
            "Wir werden uns nicht einig, deshalb bitte von dem einen Foto drei Fassungen: für mich die "
            "Sternennacht, für meine Tochter den Schrei und für meinen Mann den Mondrian.",
            {"starry-night", "the-scream", "tableau-2"},
        ),
        (
            "Maître Duval voudrait deux images distinctes tirées de cette photo : l'une en Mondrian, "
            "l'autre en Kandinsky. Les enfants feront ensuite un débat.",
            {"tableau-2", "composition-vii"},
        ),
    ],
)
def test_what_several_people_wish_together_is_painted(text: str, styles: set[str]) -> None:
    assert {job.style for job in paint_of(text).jobs} == styles


def test_a_blend_of_what_two_people_wish_stays_one() -> None:
    text = (
        "I have been arguing with the cox about how. He wants Turner, I want Hokusai. Mix the two, please, "
        "and do your worst. The photo was taken by a man who was then sick."
    )
    (job,) = paint_of(text).jobs
    assert {part.partition(":")[0] for part in job.style.split(",")} == {
        "shipwreck-of-the-minotaur",
        "great-wave",
    }


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Portrait of my horse",
            "I would like a dignified portrait, as Velázquez painted for the court. My granddaughter "
            "showed me what you did to her face, in the style of Munch, and I nearly called the doctor. "
            "Velázquez and nothing else.",
        ),
        (
            "Bitte um Bleistiftzeichnung",
            "Für unsere Chronik brauche ich ein Bild unserer Stute, es soll eine Bleistiftzeichnung "
            "werden. Mein Neffe hat sich von Ihnen seinen Hund à la Matisse malen lassen, das kommt für "
            "uns nicht in Frage.",
        ),
    ],
)
def test_a_style_that_there_is_not_is_told_whatever_others_have(subject: str, text: str) -> None:
    assert isinstance(read(request_of({"subject": subject, "text": text, "photos": 1})), UnknownStyle)
