"""What mail programs write by themselves, by table."""

from __future__ import annotations

import pytest

from mailbot.parsing.text import text_cleanup


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Ta!\n\n----- Forwarded message -----\nFrom: Priya\nSubject: boat\n\nThe wave please.",
            "The wave please.",
        ),
        ("Grazie!\n\nDa: Luisa\nOggetto: cresima\n\nIl grido, piccolo\n\n--\nLuisa", "Il grido, piccolo"),
        ("From: here to the sea\nwas a long way", ""),
        ("", ""),
    ],
)
def test_a_forwarded_mail_is_told_from_what_stands_above_it(text: str, words: str) -> None:
    assert text_cleanup.forwarded(text) == words


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sent from Outlook for Android",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Holen Sie sich Outlook für Android<https://aka.ms/AAb9ysg>",
        "Outlook für iOS beziehen",
        "Télécharger Outlook pour Android",
        "Obtener Outlook para Android<https://aka.ms/AAb9ysg>",
        "Obter o Outlook para Android<https://aka.ms/AAb9ysg>",
        "获取适用于 iOS 的 Outlook",
        "Outlook for iOS を入手",
        "Von meinem iPhone gesendet",
        "Gesendet mit der GMX Mail App",
        "Diese Nachricht wurde von meinem Android-Gerät gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Inviato da iPhone",
        "Inviato dal mio Galaxy",
        "Verstuurd vanaf mijn iPhone",
        "Verzonden vanaf mijn iPhone",
        "Skickat från min iPhone",
        "Sendt fra min iPhone",
        "Lähetetty iPhonesta",
        "Wysłane z iPhone'a",
        "Odesláno z iPhonu",
        "Отправлено с iPhone",
        "iPhone'umdan gönderildi",
        "iPhoneから送信",
        "发自我的iPhone",
        "나의 iPhone에서 보냄",
        "נשלח מה-iPhone שלי",
        "أُرسلت من الـ iPhone",
    ],
)
def test_phones_sign(line: str) -> None:
    assert text_cleanup.is_end([line])


@pytest.mark.parametrize(
    "line", ["Send with love", "from my iPhone", "mosaic", "Send it from there", "enviado"]
)
def test_people_write(line: str) -> None:
    assert not text_cleanup.is_end([line])


@pytest.mark.parametrize(
    "lines",
    [
        ["On Tue, 24 Nov 2026 at 12:01, Jane Doe <jane@mail.example> wrote:"],
        ["On Tue, 24 Nov 2026 at 12:01,", "Jane Doe <jane@mail.example>", "wrote:"],
        ["Am 24.11.26 um 12:01 schrieb Jane Doe:"],
        ["Le mar. 24 nov. 2026 à 12:01, Jane <jane@mail.example> a écrit :"],
        ["El mar, 24 nov 2026 a las 12:01, Jane (<jane@mail.example>) escribió:"],
        ["Il giorno mar 24 nov 2026 alle ore 12:01 Jane <jane@mail.example> ha scritto:"],
        ["Op di 24 nov. 2026 om 12:01 schreef Jane <jane@mail.example>:"],
        ["Em ter., 24 de nov. de 2026 às 12:01, Jane <jane@mail.example> escreveu:"],
        ["Den tis 24 nov. 2026 kl 12:01 skrev Jane <jane@mail.example>:"],
        ["wt., 24 lis 2026 o 12:01 Jane <jane@mail.example> napisał(a):"],
        ["вт, 24 нояб. 2026 г. в 12:01, Jane <jane@mail.example>:"],
        ["Jane <jane@mail.example>, 24 Kas 2026 Sal, 12:01 tarihinde şunu yazdı:"],
        ["2026年11月24日(火) 12:01 Jane <jane@mail.example>:"],
        ["Jane <jane@mail.example> 于2026年11月24日周二 12:01写道："],
        ["Thu, 26 Jun 2014 14:00:51 +0400 от Alexander L <abc@example.com>:"],
        ["Вторник, 24 ноября 2026, 12:01 +03:00 от Jane Doe <jane@mail.example>:"],
        ['24.11.2026, 12:01, "Jane Doe" <jane@mail.example>:'],
        ["24 нояб. 2026 г., в 12:01, Jane Doe написал(а):"],
        ["24.11.2026 12:01, Jane Doe пишет:"],
        ["24 ноября 2026 г. пользователь Jane Doe", "<jane@mail.example> написал:"],
        ["Вы писали 24 ноября 2026 г., 12:01:48:"],
        ["Jane Doe писала 24.11.2026 12:01:"],
        ["Jane Doe <jane@mail.example> написал(а):"],
        ["Jane Doe <jane@hotmail.com> wrote:"],
        ["2026년 11월 24일 (화) 오후 12:01, Jane <jane@mail.example>님이 작성:"],
    ],
    ids=lambda lines: lines[0][:20],
)
def test_who_wrote_what_is_quoted(lines: list[str]) -> None:
    assert text_cleanup.attribution([*lines, "", "> hello"][:3]) == len(lines)


@pytest.mark.parametrize("between", [[""], []])
def test_a_line_with_a_number_above_an_attribution_is_the_persons_own(between: list[str]) -> None:
    wrote = "> On 26 Nov 2026, at 01:00, Jane <jane@mail.example> wrote:"
    assert text_cleanup.tidy("\n".join(["80% please", *between, wrote, "> ", "> hello"])) == "80% please"


@pytest.mark.parametrize(
    "line",
    [
        "On the beach, 10 of us: candy",
        "at 12:01 we met:",
        "mosaic 60%",
        "write to me <jane@mail.example>:",
        "мама пишет: 60%",
        "24 раза я написал маме",
        "Jane wrote: 60%",
    ],
)
def test_nobody_is_quoted(line: str) -> None:
    assert text_cleanup.attribution([line]) == 0


@pytest.mark.parametrize(
    "lines",
    [
        ["From: Jane", "Sent: today"],
        ["*From:* Jane", "*Date:* today"],
        ["Von: Jane", "Gesendet: heute"],
        ["De : Jane", "Envoyé : hier"],
        ["Da: Jane", "Inviato: oggi"],
        ["Van: Jane", "Verzonden: vandaag"],
        ["Från: Jane", "Skickat: idag"],
        ["От: Jane", "Отправлено: сегодня"],
        ["Date: Thu, 26 Jun 2014 13:53:45 +0400", "Subject: Test", "From: abc@example.com", "To: x"],
        ["Subject: Test", "From: bob@x.example", "To: jane@x.example", "Date: today"],
        ["Fecha: hoy", "Asunto: foto", "De: jane@x.example", "Para: bot"],
        ["差出人: Jane", "送信日時: 今日"],
        ["发件人: Jane", "发送时间: 今天"],
    ],
    ids=lambda lines: lines[0],
)
def test_the_head_of_an_old_mail(lines: list[str]) -> None:
    assert text_cleanup.is_end(lines)


def test_from_alone_is_no_head() -> None:
    assert not text_cleanup.is_end(["From: here to there", "mosaic"])
    assert not text_cleanup.is_end(["From: the sea"])


def test_one_field_before_from_is_no_head() -> None:
    assert not text_cleanup.is_end(["Subject: the sea", "From: here to there", "mosaic"])


@pytest.mark.parametrize(
    ("line", "separates"),
    [
        ("-----Original Message-----", True),
        ("---------- Forwarded message ---------", True),
        ("---------- Přeposlaná zpráva ---------", True),
        ("----- Исходное сообщение -----", True),
        ("Anfang der weitergeleiteten Nachricht:", True),
        ("________________________________", True),
        ("--", True),
        ("-- mosaic", False),
        ("---", False),
        ("mosaic - candy", False),
    ],
)
def test_separators(line: str, separates: bool) -> None:
    assert text_cleanup.is_end([line]) is separates
