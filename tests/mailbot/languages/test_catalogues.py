"""The catalogues are complete, and their placeholders are those of the source."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from mailbot.languages.chat_words import CHAT, CHAT_PLURALS
from styles.language.lexicon import LANGUAGES

ROOT = Path(__file__).parents[3]
LOCALES = ROOT / "mailbot" / "locales"
#: English stands in the code.
TRANSLATED = LANGUAGES[1:]
#: Parts of a text that are written for all alike.
ALIKE = re.compile(r"\{[^{}]*\}|[^\w]|\d|px")


@cache
def source() -> Catalog:
    """Every message of the code, as `make messages` finds them."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(str(each["pattern"]), str(each["method"])) for each in mappings]
    keywords = {**DEFAULT_KEYWORDS, "gettext_noop": None, "ngettext_noop": (1, 2)}
    found = Catalog()
    for folder in ("mailbot", "runner", "styles"):
        inner = [(p.removeprefix(f"{folder}/"), method) for p, method in methods if p.startswith(folder)]
        for _, _, message, _, context in extract_from_dir(ROOT / folder, inner, keywords=keywords):
            found.add(message, context=context)
    return found


@cache
def catalogue(code: str) -> Catalog:
    file = LOCALES / code / "LC_MESSAGES" / "mailbot.po"
    with file.open("rb") as opened:
        return read_po(opened, locale=code, abort_invalid=True)


def keys(messages: Catalog) -> set[tuple[object, str | None]]:
    return {(message.id, message.context) for message in messages if message.id}


def forms(message: Message) -> list[str]:
    """All texts of a translation, one for each number that the language tells apart."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def fields(text: str) -> set[tuple[str, str]]:
    """Names and formats of a text's placeholders; raises for a broken one."""
    return {(name, spec or "") for _, name, spec, _ in Formatter().parse(text) if name is not None}


def test_there_is_a_catalogue_for_every_language_of_the_grammar() -> None:
    assert sorted(folder.name for folder in LOCALES.iterdir()) == sorted(TRANSLATED)
    assert len(keys(source())) > 100


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_there_and_no_other(code: str) -> None:
    """If this fails: `make messages`, and fill in what is empty."""
    assert keys(catalogue(code)) - keys(source()) == set()
    assert keys(source()) - keys(catalogue(code)) == set()
    assert not catalogue(code).obsolete


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_translated(code: str) -> None:
    for message in catalogue(code):
        if message.id:
            assert not message.fuzzy, message.id
            assert all(forms(message)), message.id
            assert len(forms(message)) == (catalogue(code).num_plurals if message.pluralizable else 1)


@pytest.mark.parametrize("code", TRANSLATED)
def test_hardly_any_message_is_left_in_english(code: str) -> None:
    """What is alike in both, such as "{style}" and French "styles", has few words."""
    same = [m.id for m in catalogue(code) if m.id and m.id == m.string and len(ALIKE.sub("", str(m.id))) > 8]
    assert same == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_placeholders_are_those_of_the_source(code: str) -> None:
    for message in catalogue(code):
        if not message.id:
            continue
        one, many = (message.id, message.id) if isinstance(message.id, str) else message.id
        *first, last = forms(message)
        assert fields(last) == fields(many), message.id
        for text in first:  # of one: “{count}” may be a word
            assert fields(one) - {("count", "")} <= fields(text) <= fields(many), message.id


@pytest.mark.parametrize("code", TRANSLATED)
def test_each_number_has_a_form(code: str) -> None:
    """The formula for plurals can be read by gettext, and chooses one of the forms."""
    from mailbot.languages.translator import translator

    say = translator(code)
    said = [say.ngettext("I paint in one style.", "I paint in {count} styles.", n) for n in (1, 2, 5, 21)]
    assert len(set(said)) == 4
    assert all("I paint" not in each for each in said)


def test_every_sentence_of_the_table_for_chats_is_one_of_the_answers() -> None:
    """Else an answer that was reworded would speak of mails in a chat again."""
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in source()}
    assert set(CHAT) | {one for one, _ in CHAT_PLURALS} <= known
    assert all(fields(chat) <= fields(mail) for mail, chat in CHAT.items())
    assert all("mail" not in chat and "subject" not in chat for chat in CHAT.values())
