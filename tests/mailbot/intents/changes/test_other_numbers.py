"""Numbers in replies that are no strength: counts, ages, days, prices and refusals, in eight languages."""

from __future__ import annotations

import pytest

from mailbot.intents.changes.change_amounts import Amounts
from mailbot.intents.changes.relative_changes import read_change
from mailbot.intents.names.catalogue import Catalogue
from tests.fakes.mailbot.mails import STYLES


def read_amounts(text: str) -> Amounts:
    return read_change(text, Catalogue.of(STYLES)).amounts


@pytest.mark.parametrize(
    "text",
    ["See you at 7", "We leave at 10.", "I turn 50", "dinner at 8", "Wir sind um 20 da", "Ich bin 50",
     "Wir kommen zu 20", "on se voit à 20", "je pars à 10", "somos 20", "noi siamo in 10",
     "my brother wants 20 copies", "Oma wird 60", "60 und kein bisschen leise", "morgen um 20",
     "Wir wollen um 20 los", "am 20. feiern wir", "only 40 came", "on veut 20 exemplaires",
     "nos vemos a las 8", "hoy cumple 60", "ci vediamo alle 20", "minha avó faz 60", "他要20张", "我妈60了",
     "20枚ください", "30で結婚した", "母は60になった"],
)  # fmt: skip
def test_a_number_in_a_story_is_no_strength(text: str) -> None:
    assert read_amounts(text) == Amounts()


@pytest.mark.parametrize(
    "text",
    ["We need 10 for the party", "I want 15 for xmas cards", "They need 25", "brauchen 30 zur Hochzeit",
     "Ich hätte gern 20 für die Gäste", "Papa wünscht sich 50 zum Geburtstag", "on a besoin de 30",
     "Il nous en faut 20 pour la fête", "quiero 20 para la fiesta", "ne vogliamo 20 per la festa",
     "Quero 20 para a festa", "我们需要20", "パーティーに20欲しい", "Ich will 20 davon", "J'en veux 30",
     "Ne voglio 30", "I'd like to order 40"],
)  # fmt: skip
def test_a_number_of_things_is_no_strength(text: str) -> None:
    assert read_amounts(text) == Amounts()


@pytest.mark.parametrize(
    "text",
    ["Now he's 60, time flies", "he made it to 90", "Grandpa wants to live to 100", "It got to 40 today",
     "Oma will 90 werden und hängt es auf", "Danke! Jetzt 60 und immer noch schön", "Mamie va avoir 90",
     "ya tiene 60", "Siamo ora 20", "ele já tem 60", "他已经60了", "母はもう60です",
     "Papá quiere llegar a 100", "O pai quer chegar aos 100", "I'd give it 95"],
)  # fmt: skip
def test_an_age_is_no_strength(text: str) -> None:
    assert read_amounts(text) == Amounts()


@pytest.mark.parametrize(
    "text",
    ["we'd like it by the 20", "I need it by 10", "We want to meet at 20", "Ich brauche es bis 18",
     "wir brauchen es vor dem 20", "il me le faut avant le 20", "lo necesito antes del 20",
     "mi serve entro il 20", "preciso até o dia 20", "20之前要", "20までに欲しい"],
)  # fmt: skip
def test_a_day_or_an_hour_is_no_strength(text: str) -> None:
    assert read_amounts(text) == Amounts()


@pytest.mark.parametrize(
    "text",
    ["Can I have it for 20?", "how much is it, 20?", "Wie viel kostet das, 50?", "combien, 20 ?",
     "cuánto cuesta, 30?", "quanto costa, 30?", "quanto custa, 30?", "多少钱，20？", "いくらですか、20？"],
)  # fmt: skip
def test_a_price_is_no_strength(text: str) -> None:
    assert read_amounts(text) == Amounts()


@pytest.mark.parametrize(
    "text",
    ["she doesn't want 60", "he never wanted 60", "nobody wants 60", "keiner will 60",
     "elle ne veut pas de 60", "mi madre no quiere 60", "nunca pongas 60", "mia madre non vuole 60",
     "minha mãe não quer 60",
     "别改成60", "她不喜欢60", "60にしないで", "私は60がいいとは思わない"],
)  # fmt: skip
def test_a_refused_number_is_no_strength(text: str) -> None:
    assert read_amounts(text) == Amounts()
