"""A word of thanks is left in peace, and no request is taken for one."""

from __future__ import annotations

import pytest

from mailbot.intents.thanks import is_thanks
from mailbot.parsing.mail_parser import parse_email
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder, answering, asking, text_of, until_census, until_settled
from tests.fakes.mailbot.ledger import census
from tests.fakes.mailbot.mails import STYLES, mail, photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer, painted
from tests.fakes.waiting import until


def reply(text: str, subject: str = "Re: starry-night", *images: tuple[str, bytes]) -> bytes:
    return mail(subject, text, images, In_Reply_To="<painted.1@painter.example>")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "thanks!!",
            "ありがとう、二枚並べて飾ります",
            "merci, les deux vont côte à côte au mur",
            "thanks, lovely!",
            "Thank you so much!\n\nJane",
            "thx",
            "Wow!! ❤️",
            "❤️",
            "👍👍",
            "Hi there,\n\n👍\n\nBest regards,\nTom Baker",
            "I love it",
            "Nice!! Love it",
        ),
        *(
            "Vielen Dank, wunderschön!",
            "Merci beaucoup !",
            "¡Muchas gracias!",
            "Grazie mille",
            "Tack så mycket",
        ),
        *(
            "Спасибо большое",
            "ありがとうございます",
            "谢谢",
            "最高",
            "素敵です",
            "ありがとうございました。良いお年をお迎えください",
        ),
        "ありがとう!\n\n2026年11月26日(木) 10:00 Bot <bot@painter.example> のメール:\n星月夜です。",
        "谢谢!\n\nBot <bot@painter.example> 于2026年11月26日周四 10:00写道：\n\n这是你的照片，画成了星空。",
        "谢谢\n\n发件人: Bot <bot@painter.example>\n日期: 2026年11月26日\n收件人: Jane\n主题: 照片\n\n星空",
        *("not much difference, I love both", "Kaum ein Unterschied zu einem echten, toll!"),
        *("和真的没什么区别,太棒了", "本物とほとんど変わらない、すごい！"),
        *("a bigger thank you than ever", "the bigger one looks great, thanks", "um grande obrigado"),
    ],
)
def test_thanks(text: str) -> None:
    assert is_thanks(parse_email(reply(text)), STYLES)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "lovely! and the roses like that too",
            "great. without the lamp though",
            "mum cried. crop it a little",
        ),
        *(
            "top. farben vom foto",
            "danke, die andere auch",
            "trop beau, et l'autre pareil",
            "génial, mais moins jaune",
        ),
        *(
            "ahora si. la de mi primo tb",
            "me encanta, más azul",
            "bellissima, anche le altre",
            "linda! as outras também",
        ),
        *(
            "太美了,另一张也要",
            "素敵!残りも同じで",
        ),
        *("quedó demasiado fuerte", "quedó un poco fuerte", "ficou forte demais", "ficou um pouco forte"),
        *("ficou pequeno demais", "ficou escuro demais", "素敵ですが少し強すぎます", "太好了，就是有点暗"),
        *("nice but too dark", "schön, aber zu bunt", "superbe mais trop sombre", "bella ma troppo scura"),
        "dans un autre style",
        "un peu trop fort",
        "c'est trop fort, baisse un peu",
        "great wave",
        "this last one in great wave too",
        "thanks, another one please",
        "thank you, now in mosaic",
        "thanks, how much is it?",
        "normal size would be fine, thanks",
        "Mittelgroß reicht mir, danke!",
        "entrambi in una sola mail, grazie",
        "help",
        "",
        "stop",
        "thanks, both side by side please",
    ],
)
def test_a_request_is_no_thanks(text: str) -> None:
    assert not is_thanks(parse_email(reply(text)), STYLES)


@pytest.mark.parametrize(
    "text",
    [
        "danke dir!! 🙏🙏",
        "mercii trop beau 😍",
        "あざす!!",
        "謝謝!太好看了",
        "omg thank u my sister is crying",
        "grazieeee",
    ],
)
def test_thanks_by_text_message_which_has_no_thread(text: str) -> None:
    assert is_thanks(parse_email(mail("", text, ())), STYLES)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("", "photo attached, thanks"),
        ("", "Danke im Voraus!"),
        ("", "great wave, thanks"),
        ("", "wow"),
        ("", "❤️"),
        ("Rex", "thanks!"),
        ("", "Thanks! " + "It was such a day. " * 8),
    ],
)
def test_who_forgot_a_photo_hears_of_it(subject: str, text: str) -> None:
    assert not is_thanks(parse_email(mail(subject, text, ())), STYLES)


def test_a_subject_that_names_a_style_and_a_photo_are_no_thanks() -> None:
    assert not is_thanks(parse_email(reply("thanks", subject="mosaic")), STYLES)
    assert not is_thanks(parse_email(reply("thanks", "Re: mosaic", ("new.jpg", photo()))), STYLES)


async def test_a_request_beside_thanks_waits_for_the_registry(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    balancer.has_list = False
    async with answering(Folder(reply("Thanks, and the scream")), ledger, balancer, sink):
        await until(lambda: balancer.lists > 0)
        balancer.has_list = True
        await until_settled(ledger, 1)
        await until_census(ledger, "outbox.sent")
    assert await census(ledger) == {"message.done": 1, "outbox.sent": 1}


async def test_thanks_get_silence_though_our_picture_is_quoted_and_a_request_an_answer(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    inbox = Folder(asking(1))
    async with answering(inbox, ledger, balancer, sink):
        await sink.wait_for(1)
        fields = {"In_Reply_To": str(sink.messages[0]["Message-ID"])}
        quoted = [("quoted.jpg", painted(photo(seed=100)))]
        inbox.put(mail("Re: mosaic", "Thanks, lovely!", quoted, message_id="<2@example.org>", **fields))
        await until_census(ledger, "message.silent")
        inbox.put(mail("candy", "", quoted, message_id="<3@example.org>", **fields))
        answer = (await sink.wait_for(2))[-1]
    assert "a painting of mine" in text_of(answer)
    assert len(balancer.jobs) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Thanks! the same again",
        "Thanks, perfect. Now smaller",
        "Thanks, but too dark",
        "Danke, dasselbe nochmal",
        "Merci, plus grand",
        "Gracias, otra vez",
        "Grazie, ma troppo scuro",
        "谢谢，再来一次",
        "ありがとう、もう一度",
        *("bigger thanks", "thanks bigger", "größer danke", "maior obrigado", "plus grand merci"),
        *("más grande gracias", "grazie più grande", "大一点谢谢", "もっと大きくありがとう"),
    ],
)
def test_thanks_with_a_wish_or_an_objection_in_them_are_answered(text: str) -> None:
    assert not is_thanks(parse_email(reply(text)), STYLES)


@pytest.mark.parametrize(
    "text",
    ["Thanks again!", "Nochmals vielen Dank!", "Perfekt, genau so hab ich mir das vorgestellt. Danke!"],
)
def test_thanks_that_sound_like_a_change_are_thanks(text: str) -> None:
    assert is_thanks(parse_email(reply(text)), STYLES)
