"""Tell the name of a style from those of other things: “the name of my dog is Rex”, “Name: Ada, Phone: 12”.

A name whose owner is neither a style nor a painting is no style's name. Where a sentence has words that no
wish for a name needs (“my gallery has the name Blue Door”), its name is asked back before a style has it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from mailbot.intents.learning.answers import longest_first
from mailbot.intents.learning.learning_words import SENTENCE, folded, has, row, small, tokens, without
from mailbot.intents.learning.spoken_names import FIRST_CJK
from styles.language.tokens import key

#: Words of an owner: “the name of our new gallery”.
LONGEST_OWNER = 4
#: Rows of words for a thing whose name is the style's.
_STYLES = ("own_thing", "canvas", "as_painting", "pictures")
#: Rows of words around a name in a sentence that gives it.
_GIVING = (
    "name_noun", "name_lead", "name_end", "change_lead", "agreed", "first_of_all", "regret", "better",
    "own_thing", "please",
)  # fmt: skip
#: Rows of words that say of a name that it is another one.
_ANOTHER = ("name_amiss", "changing")
#: Rows of words of a sentence about another picture: “my first painting had the title Red”.
_OTHER = ("other_one", "first_picture", "second_picture")
#: A line such as “Phone: 12”; two of them are a card with the writer's address.
_LABELLED = re.compile(r"\s*[^\W\d_][^:：\n]{0,20}[:：]\s*\S")
#: Signs around a word, those that end an owner, and the end of an English genitive.
_AROUND, _ENDS, _GENITIVE = '"“”„«»()', (",", ";", ":", "."), ("'s", "’s", "s'", "s’")


def is_of_other(sentence: str) -> bool:
    """Tell whether the name in a sentence is that of another thing: “my dog's name”, “le nom du lac”."""
    nouns, words = row("name_noun"), [word.strip(_AROUND) for word in sentence.split()]
    places = [at for at, word in enumerate(words) if key(word) in nouns]
    owners = [owner for at in places for owner in (_before(words[:at]), _behind(words[at + 1 :]))]
    runs = [sentence.partition(noun)[0] for noun in nouns if noun > FIRST_CJK and noun in sentence]
    return any(map(_is_other, [*owners, *map(_run_before, runs)]))


def is_given(text: str, name: str) -> bool:
    """Tell whether the sentence that has a name says no more than that a style is to have it.

    A sentence that another name is wrong or is to be changed leaves no doubt either.
    """
    said = folded(text)
    if any(has(another, said) for another in _ANOTHER):
        return True
    before, _, behind = text.partition(name)
    sentence = f"{SENTENCE.split(before)[-1]} {SENTENCE.split(behind)[0]}"
    left = without(f" {' '.join(tokens(sentence))} ", longest_first(*_GIVING))
    is_question = behind.lstrip(f" {_AROUND}").startswith(("?", "？"))  # “do you know the name Vermeer?”
    is_other = is_question or any(has(other, folded(sentence)) for other in _OTHER)
    return small().issuperset(left.split()) and not is_other


def is_card(lines: Sequence[str]) -> bool:
    """Tell whether lines are a card with somebody's name: “Name: Ada”, “Phone: 12”."""
    return sum(bool(_LABELLED.match(line)) for line in lines) > 1


def _before(words: Sequence[str]) -> str:
    """Return the owner before a name: “my dog's”; “let's” is none."""
    owner = words[-1] if words else ""
    return owner[:-2] if owner.endswith(_GENITIVE) and key(owner) not in small() else ""


def _behind(words: Sequence[str]) -> str:
    """Return the owner behind a name: “of my dog”; in “the name of Blue Hills” there is none."""
    said = " ".join(words).replace("’", "'").replace("'", "' ").split()
    lead = next((n for n in (2, 1) if key(" ".join(said[:n])) in row("name_owner")), 0)
    owner: list[str] = []
    for word in islice(said, lead, lead + LONGEST_OWNER):
        if is_end := key(word) in row("name_lead") - row("name_owner"):
            break
        owner.append(word)
        if is_end := word.endswith(_ENDS):
            break
    else:
        is_end = False
    is_owner = bool(lead and owner) and (is_end or owner[0][0].islower())
    return " ".join(owner) if is_owner else ""


def _run_before(run: str) -> str:
    """Return the owner in the Chinese or Japanese words before a name: 我的狗的."""
    end = next((end for end in row("name_owner") if end > FIRST_CJK and run.endswith(end)), "")
    return re.split(r"[，、,。！]", run.removesuffix(end))[-1] if end else ""


def _is_other(owner: str) -> bool:
    said = folded(owner)
    return bool(owner) and not any(has(name, said) for name in _STYLES)
