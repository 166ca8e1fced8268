"""Rows of single words and stems."""

from __future__ import annotations

import pytest

from styles.language.word_rows import WordRow, command, guidance, reply

ROW = WordRow.of(("delet*", " erase", "löschen", "get rid", "删除"))


@pytest.mark.parametrize("word", ["delete", "deleting", "erase", "loschen", "get rid", "删除"])
def test_a_row_holds_its_words_and_all_endings_of_its_stems(word: str) -> None:
    assert word in ROW


@pytest.mark.parametrize("word", ["erased", "del", "rid", ""])
def test_a_row_holds_no_other_words(word: str) -> None:
    assert word not in ROW


@pytest.mark.parametrize(
    ("text", "is_in"),
    [("please get rid of it", True), ("i deleted it", True), ("undeleted", False), ("请删除吧", True)],
)
def test_a_text_holds_a_row_by_whole_words(text: str, is_in: bool) -> None:
    assert ROW.is_in(text) is is_in


def test_commands_are_known_in_all_languages_and_questions_in_those_of_the_mail() -> None:
    assert {"delete", "loschen", "apagar"} <= {
        word for word in ("delete", "loschen", "apagar", "paint") if word in command("deletion")["verb"]
    }
    assert "was" in guidance(("de", "en"))["what"]
    assert "was" not in guidance(("en",))["what"]
    assert "oui" in reply("yes")
