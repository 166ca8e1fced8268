"""What deletes a person's photos, or silences the bot, asks for nothing else; in doubt both stay."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import DeletePhotos, Paint, Stop
from mailbot.intents.sender_orders.sender_commands import sender_command, unsure
from tests.fakes.mailbot.asks import read, request_of
from tests.fakes.mailbot.parsing.asking import asks


def _read(text: str) -> object:
    return read(request_of({"subject": "", "text": text, "photos": 0}))


@pytest.mark.parametrize(
    "text",
    [
        "Could you remove my photo background?",
        "Please remove my photo's background and paint it as udnie",
        "Can you erase my photo frame?",
        "I'd like you to remove my photos' red eyes",
        "Please remove my photobomber",
        "Please delete the photo I sent by mistake and use this one instead",
        "Please delete my photo of the dog and use the next one",
        "Can you delete the photos from my phone later? mum",
        "Bitte lösche mein Foto vom Hund",
        "Kannst du meine Fotos löschen und stattdessen das nächste nehmen?",
        "Efface ma photo de la liste, garde les autres",
        "Borra mi foto del perro y usa la siguiente",
        "Cancella la mia foto del cane e usa la prossima",
        "Apaga a minha foto do cachorro e usa a próxima",
        "请删除我的照片背景",
    ],
)
def test_a_wish_about_one_photo_deletes_nothing(text: str) -> None:
    assert not isinstance(_read(text), DeletePhotos)


@pytest.mark.parametrize(
    "text",
    [
        "Please delete all my photos from your server",
        "Please remove all the pictures that you have received from this address.",
        "Please delete my photos and my mails",
        "lösche bitte alle meine Fotos von euren Servern",
        "Supprimez toutes mes photos de vos serveurs s'il vous plaît",
        "Borren todas las fotos mías que tengan guardadas",
        "Vi chiedo di cancellare le mie foto dai vostri archivi",
        "apaga minhas fotos aí por favor moço",
    ],
)
def test_a_wish_about_all_photos_deletes_them(text: str) -> None:
    assert isinstance(_read(text), DeletePhotos)


@pytest.mark.parametrize(
    "text",
    [
        "Don't stop sending me paintings!",
        "never stop sending me mails",
        "could you stop mailing me such dark pictures",
        "stop sending me blends, I want the scream alone",
        "Nicht aufhören mir Mails zu schicken",
        "N'arrête pas de m'envoyer des mails",
        *("tamaño completo, y ya no te molesto", "já não te incomodo mais", "non ti disturbo più"),
        *("Espero no molestar más", "No quiero molestar más", "no quiero escribir más"),
        *("Não quero incomodar mais", "espero não incomodar", "não quero escrever mais"),
        *("Non voglio disturbare più", "Prometto di non disturbare più", "non voglio scrivere più"),
        *("I do not want to bother you any more", "I promise not to text you again"),
        *(
            "Je ne veux plus vous écrire",
            "Ich möchte euch nicht mehr schreiben",
            "ich will Sie nicht mehr belästigen",
        ),
        *(
            "cancellate le mail",
            "Para mañana",
            "para mañana, por favor",
            "para hoje",
            "Please remove me from the photo",
        ),
        *("ya no te escribo más", "não escrevo mais", "non scrivo più"),
        *("Elle n'a rien dit, c'est un triomphe. Tu me la refais en petit ?", "il ne m'a rien écrit"),
    ],
)
def test_a_word_of_stopping_in_another_wish_silences_nothing(text: str) -> None:
    assert not isinstance(_read(text), Stop)


@pytest.mark.parametrize(
    "text",
    [
        "Please stop sending me these mails",
        "Hör auf, mir zu schreiben",
        *("ya no me molestes", "não me incomodem mais", "non mi disturbare più", "smettetela di scrivermi"),
        *("Deja de molestar", "dejen de escribir", "parem de me incomodar", "para de escrever"),
        *("Smettete di disturbare", "smettila di scrivere", "Para, gracias"),
        *("no me escribáis más", "não me escrevam mais", "non scrivermi più"),
        "arrêtez de m'envoyer des messages svp c pas moi qui ai demandé",
    ],
)
def test_a_wish_for_silence_silences(text: str) -> None:
    assert isinstance(_read(text), Stop)


@pytest.mark.parametrize(
    ("text", "hint"), [("please stop it all", "stop"), ("Stop by!", ""), ("Full stop.", "")]
)
def test_a_word_of_a_story_is_no_hint_at_a_command(text: str, hint: str) -> None:
    assert unsure(asks("", text, photos=0)) == hint


@pytest.mark.parametrize(
    "text",
    [
        "Ich fordere Sie gemäß Art. 17 DSGVO auf, sämtliche von mir übersandten Fotos\nzu löschen.",
        "Conformément à l'article 17 du RGPD, je vous demande l'effacement\nde toutes mes photos.",
        "Boa noite. Agradecia que apagassem todas as fotografias que vos\nenviei.",
    ],
)
def test_a_line_that_the_mail_program_broke_ends_no_clause(text: str) -> None:
    assert isinstance(_read(text), DeletePhotos)


@pytest.mark.parametrize("subject", ["Fwd: Unsubscribe", "WG: Abmelden", "TR: stop", "转发: 删除我的照片"])
def test_the_subject_of_a_forwarded_mail_is_no_command(subject: str) -> None:
    got = read(request_of({"subject": subject, "text": "", "photos": 1}))
    assert isinstance(got, Paint)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Grazie, basta. Cancella le mie foto", DeletePhotos()),
        ("Gracias, basta. Borren mis fotos", DeletePhotos()),
        ("Obrigado, chega. Pare de enviar emails", Stop()),
    ],
)
def test_an_order_behind_thanks_that_end_the_talk_counts(text: str, expected: object) -> None:
    assert sender_command(request_of({"subject": "Re: the scream", "text": text, "photos": 0})) == expected


@pytest.mark.parametrize(
    "text",
    [
        "stop, that's perfect",
        "stopp, perfekt so",
        "stop c'est parfait",
        "para, así está bien",
        "stop, è perfetto",
        "para, ficou perfeito",
        "ストップ、これで完璧",
        "ストップ、ちょうどいい",
    ],
)
def test_a_reply_that_is_glad_and_ends_the_talk_silences_nothing(text: str) -> None:
    assert sender_command(request_of({"subject": "Re: the scream", "text": text, "photos": 0})) is None


@pytest.mark.parametrize("text", ["stop", "stop, thanks", "para por favor, obrigado", "ストップ", "basta!"])
def test_a_reply_that_stops_silences(text: str) -> None:
    assert sender_command(request_of({"subject": "Re: the scream", "text": text, "photos": 0})) == Stop()


@pytest.mark.parametrize(
    "text", ["baja un poco", "baja un poco el tamaño", "para un momento, un poquito menos"]
)
def test_a_step_of_a_change_stops_nothing(text: str) -> None:
    assert not isinstance(_read(text), Stop)
    assert isinstance(_read("baja"), Stop)
