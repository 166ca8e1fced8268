"""What is said in a chat: of the sentences about mail, another form."""

from __future__ import annotations

import pytest

from mailbot.languages.translator import chat_translator, translator
from styles.language.lexicon import LANGUAGES


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_chat_hears_of_no_mail(code: str) -> None:
    mail, chat = translator(code), chat_translator(code)
    sentence = "I found no photo in your mail."
    assert chat.gettext(sentence) != mail.gettext(sentence)
    assert chat.gettext("help") == mail.gettext("help")
    kept = ("I had kept one mail of yours.", "I had kept {count} mails of yours.")
    assert chat.ngettext(*kept, 2) != mail.ngettext(*kept, 2)
    assert "2" in chat.ngettext(*kept, 2)
