"""Notices that mail systems write around a person's words."""

from __future__ import annotations

import pytest

from mailbot.parsing.text.notices import without_notices

WARNINGS = [
    "[EXT] CAUTION: This email originated from outside of the organization. Do not click links or open "
    "attachments unless you recognize the sender.",
    "CAUTION: This email originated from outside of the organization. Do not click links or\nopen "
    "attachments unless you recognize the sender and know the content is safe.",
    "⚠ EXTERNAL EMAIL: Use caution with links and attachments.",
    "[External sender]\nWarning!\nThis message was sent from outside the company.",
    "You don't often get email from jane@mail.example. Learn why this is important<https://aka.ms/Learn>",
    "ACHTUNG: Diese E-Mail stammt von einem externen Absender. Öffnen Sie keine Links oder Anhänge.",
    "ATTENTION : Ce courriel provient de l'extérieur de votre organisation. N'ouvrez pas les pièces jointes.",
    "ATENCIÓN: Este correo se ha originado fuera de la organización. No haga clic en enlaces.",
    "ATTENZIONE: questa e-mail proviene dall'esterno dell'organizzazione. Non aprire gli allegati.",
    "ATENÇÃO: Este e-mail foi enviado de fora da organização. Não clique em links.",
    "【外部邮件】此邮件来自组织外部，请勿点击链接或打开附件，除非您认识发件人。",
    "【注意】このメールは社外から送信されています。リンクや添付ファイルを開かないでください。",
]
DISCLAIMERS = [
    "This email and any attachments are confidential and intended solely for the individual to whom it is "
    "addressed.",
    "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der Adressat sind, vernichten Sie sie.",
    "Ce message et ses pièces jointes sont confidentiels.",
    "Este mensaje y sus adjuntos son confidenciales.",
    "Questo messaggio e gli allegati sono riservati.",
    "Esta mensagem e os seus anexos são confidenciais.",
    "本邮件及其附件含有保密信息，如果您错收了本邮件，请删除。",
    "このメールには機密情報が含まれています。誤って受信された場合は削除してください。",
    "Please consider the environment before printing this email.",
    "Virus-free. www.avast.com",
]


@pytest.mark.parametrize("warning", WARNINGS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_warning_above_the_words_is_removed(warning: str, gap: str) -> None:
    assert without_notices(f"{warning}{gap}der Schrei bitte") == "der Schrei bitte"


@pytest.mark.parametrize("disclaimer", DISCLAIMERS)
def test_a_disclaimer_below_the_words_is_removed(disclaimer: str) -> None:
    assert (
        without_notices(f"The scream, please.\n\n{disclaimer}\n\n{DISCLAIMERS[0]}") == "The scream, please."
    )


def test_of_nothing_but_notices_nothing_is_left() -> None:
    assert without_notices(f"{WARNINGS[0]}\n\n{DISCLAIMERS[0]}") == ""


@pytest.mark.parametrize(
    "text",
    [
        "Outside it was cold. Please do the scream.",
        "Caution, this dog bites! The scream, please.",
        "Warning!\nthe scream",
        "This mail has our house from outside. Van Gogh please.",
        "Links ist mein Vater. Öffne ich morgen. Der Schrei.",
        "Attention, la photo est sombre. Le Cri svp.",
        "The letter on the table is confidential, blur it.\n\nThe scream please",
        "The wave\n\nWe print it, and the environment is our garden.",
    ],
)
def test_what_a_person_writes_stays(text: str) -> None:
    assert without_notices(text) == text
