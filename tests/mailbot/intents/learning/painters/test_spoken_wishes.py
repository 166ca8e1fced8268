"""What clauses ask for a painting to be learnt, and which refuse it."""

from __future__ import annotations

import pytest

from mailbot.intents.learning.painters.refusals import refuses_to_teach
from mailbot.intents.learning.painters.spoken_wishes import asks_to_learn, says_to_learn


@pytest.mark.parametrize(
    "clause",
    [
        "I'd be thrilled if you would learn from it",
        "Study the enclosed oil painting with its thick layers",
        "can you copy my style with all its dots",
        "Nimm es bitte mit den anderen in dein Repertoire auf",
        "Je serais ravie que vous l'appreniez un jour",
        "Me haría mucha ilusión que aprendieras de él",
        "Vi prego di studiare l'olio allegato",
        "Ficaria muito feliz se aprendesse com ele",
        "如果您愿意学它，我会非常高兴",
        "これから学んでもらえたらとても嬉しいです",
    ],
)
def test_a_clause_that_asks_to_learn_may_have_other_words(clause: str) -> None:
    assert asks_to_learn([clause])


@pytest.mark.parametrize(
    "clause",
    [
        "My students learn about expressionism from this painting",
        "I've learnt so much about painting this year",
        "Could you paint what I learnt",
        "J'apprends la peinture depuis un an",
        "Mis alumnos aprenden pintura",
        "我的学生这学期在学画",
        "私は絵を学んでいます",
    ],
)
def test_who_tells_of_learning_asks_for_none(clause: str) -> None:
    assert not asks_to_learn([clause])


def test_that_with_mine_asks_for_what_was_told_before() -> None:
    told = "I heard that you learn styles from paintings"
    assert asks_to_learn([told, "Could you do that with mine?"])
    assert not asks_to_learn(["My neighbour frames pictures", "Could you do that with mine?"])


@pytest.mark.parametrize(
    "clause",
    [
        "Please don't learn this",
        "No need to learn it",
        "Bitte nicht lernen",
        "Pas besoin de l'apprendre",
        "No hace falta que lo aprendas",
        "Non serve che lo impari",
        "Não precisa aprender",
        "不用学它",
        "覚えなくていいです",
    ],
)
def test_refusals_are_read_in_all_languages(clause: str) -> None:
    assert refuses_to_teach([clause])


@pytest.mark.parametrize(
    "clause",
    ["Learn my painting, it is not famous", "学习别人的画法", "Ensine no ateliê", "I never learned to paint"],
)
def test_words_that_only_look_like_a_refusal_refuse_nothing(clause: str) -> None:
    assert not refuses_to_teach([clause])


def test_a_subject_may_say_no_more_than_to_learn() -> None:
    story = ["Watercolour, 40x60"]
    assert says_to_learn("For you to learn", story)
    assert says_to_learn("Zum Lernen für dich", story)
    assert says_to_learn("Da imparare", story)
    assert says_to_learn("学習のお願い", ["水彩、40x60"])
    assert not says_to_learn("For you to learn", ["My name is Ann"])
    assert not says_to_learn("How do you learn", story)
    assert not says_to_learn("Learning to swim", story)
    assert not says_to_learn("A study", story)


@pytest.mark.parametrize(
    "clause",
    [
        "Study of a painting, please",
        "A study for my painting, please",
        "My copy of your style, please",
        "Une copie de ma façon de peindre, s'il te plaît",
        "Una copia de mi estilo de pintar, por favor",
        "Una copia del mio modo di dipingere, per favore",
        "Uma cópia do meu jeito de pintar, por favor",
        "这张画的研究，请",
    ],
)
def test_a_study_and_a_copy_are_no_wish_to_learn(clause: str) -> None:
    assert not asks_to_learn([clause])


def test_what_is_learnt_is_no_poem() -> None:
    assert asks_to_learn(["Learn this with all its cracks"])
    assert not asks_to_learn(["Learn this poem by heart"])
