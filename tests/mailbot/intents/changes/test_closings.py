"""Replies that only end the talk."""

from __future__ import annotations

import pytest

from mailbot.intents.changes.closings import closes, hides_a_wish
from mailbot.intents.names.catalogue import Catalogue
from styles.language.language_detection import detect
from styles.language.lexicon import lexicon
from styles.language.tokens import tokenize
from tests.fakes.mailbot.asks import shipped


def _closes(text: str) -> bool:
    return closes(text, Catalogue.of(shipped()), lexicon(detect(tokenize(text))))


@pytest.mark.parametrize(
    "text",
    [
        "that will do",
        "ok, leave it like that",
        "That’s the one. Don’t change a thing.",
        "dann lass es so, passt schon",
        "Reicht!",
        *("done, thank you very much", "thanks, that's all", "No, that's fine, thank you"),
        "Tant pis, je le découperai. Gardons celle-ci.",
        "c'est bon",
        "Así la dejamos. Saludos desde Mendoza",
        "No necesito nada más.",
        "va bene così",
        "não preciso de mais nada",
        "就这样吧",
        "これで十分です",
        *(
            "Both are going in the hall.",
            "I'll sort the frame out myself, no worries",
            "the kids approve. bye",
        ),
        *("Dann kleb ich den Schriftzug selber drauf", "Opa hat Tränen gelacht 😂"),
        *("Je l'accroche ce soir dans le salon", "tant pis pour le texte, je l'écrirai à la main"),
        *("Ya la colgamos en la cocina. Un abrazo", "se la enseñé a mi jefe y flipó"),
        *("La appendo in cucina stasera", "a moldura eu mesmo faço", "minha avó chorou de rir kkk"),
        *("9 out of 10!", "9 out of 10, thanks", "9/10", "9 von 10!", "un 9 sur 10, merci"),
        *("10 de 10, gracias", "9 su 10, grazie", "9 em 10!", "满分！", "10点満点です"),
        *("已经挂在客厅了", "字我自己写就行", "玄関に飾りました!", "額は自分で入れます。"),
    ],
)
def test_the_end_of_a_talk(text: str) -> None:
    assert _closes(text)


@pytest.mark.parametrize(
    "text",
    [
        "that will do, but without the man",
        "leave it like that, only bigger",
        *("9/10 but weaker", "9 out of 10 please", "strength 8/10", "10/10, bigger please", "4/10"),
        "that will do for udnie, now the scream",
        "will that do?",
        "passt schon, nur den Rahmen weg",
        "c'est bon mais plus fort",
        "así está bien, a 60",
        "the dog is terrifying",
        "就这样，大一点",
        *(
            "my mum laughed. Now the dog",
            "Hängt schon im Flur, aber ohne den Mann",
            "ma mère a ri. le chat aussi",
        ),
        *(
            "my profile pic is cut off",
            "my new avatar should be square",
            "they are laughing at the wrong face",
        ),
        *("mein neues Profilbild müsste quadratisch sein", "la imprimo si me la mandas nítida"),
        *("mi madre se ríe. la de mi padre igual", "母が泣きました。父のも", "哈哈哈哈占位的也画了吧"),
        *("y más suave", "ahora más suave", "y mucho más suave", "más suave, gracias"),
        *("más clarito, gracias", "mais suave", "um pouco mais suave", "mais suave, obrigado"),
    ],
)
def test_a_wish_is_no_end(text: str) -> None:
    assert not _closes(text)


@pytest.mark.parametrize("text", ["thanks, brighter", "Danke! Der Himmel heller", "obrigado, mais claro"])
def test_a_change_without_a_verb_is_a_wish_behind_thanks(text: str) -> None:
    assert hides_a_wish(text, Catalogue.of(shipped()), lexicon(detect(tokenize(text))))


def test_no_end_of_a_talk_stands_within_a_change() -> None:
    """A change that holds "suave" would be silence in Spanish, if it ended a talk in Portuguese."""
    known = lexicon()
    steps = {
        phrase for phrase, row in known.changes.items() if row in ("stronger", "weaker", "larger", "smaller")
    }
    catalogue = Catalogue.of(shipped())
    assert not [phrase for phrase in steps if closes(phrase, catalogue, known)]
