"""What must not change how a mail is read, tried on some mails of two tables.

`python -m benchmarks.mail.transforms` tries it on all of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.mail.ask_transforms import TRANSFORMS, transformed
from benchmarks.mail.transforms import Trial, main, trials
from tests.fakes.mailbot.asks import rows

FIXTURES = Path(__file__).parents[2] / "fixtures"
#: Every which mail of a table is tried.
EVERY = {"asks_bb": 40, "letters_e": 25}
#: The share of transformed mails that may be broken.
MOST = 0.04
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "zh", "ja")
#: Changes of which some change what is asked for: a list without commas is a blend.
LOOSE = ("without_marks", "misspelt")
STRICT = [name for name in TRANSFORMS if name not in LOOSE]


def ask(text: str, subject: str = "", language: str = "en") -> dict[str, object]:
    return {"subject": subject, "text": text, "photos": 1, "lang": language, "expect": {"style": "udnie"}}


@pytest.mark.parametrize("table", EVERY)
def test_words_around_a_mail_and_the_way_it_is_written_change_nothing(table: str) -> None:
    asks = rows(FIXTURES / f"{table}.jsonl")[:: EVERY[table]]
    made = [trial for each in asks for trial in trials(each, STRICT)]
    broken = [trial for trial in made if trial.kind in ("told", "wrong")]
    assert len(made) > 80
    assert len(broken) <= MOST * len(made), "\n".join(map(str, broken))
    assert not [trial for trial in made if trial.kind == "wrong"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_transform_has_words_in_every_language(language: str) -> None:
    mail = ask("Udnie, 60%, please and thank you.", "our dog", language)
    changed = {name for name in TRANSFORMS if transformed(name, mail)}
    assert set(TRANSFORMS) - changed <= {"moved", "photo_subject", "misspelt", "wrapped"}


def test_mails_are_changed_where_the_transform_says() -> None:
    assert transformed("upper", ask("Udnie please")) == ask("UDNIE PLEASE")
    assert transformed("moved", ask("Udnie please")) == ask("", "Udnie please")
    assert transformed("joined", ask("Our dog", "udnie")) == ask("udnie.\nOur dog")
    assert transformed("misspelt", ask("the edtaonisl")) == ask("the edtoanisl")
    assert transformed("wrapped", ask("udnie " * 20)) == ask(f"{'udnie ' * 11}udnie\n{'udnie ' * 7}udnie")
    assert transformed("moved", ask("Our dog", "udnie")) is None


def test_a_mail_that_is_not_understood_as_it_is_is_not_tried() -> None:
    assert trials(ask("the scream please"), ["upper"]) == []


def test_a_mail_that_becomes_another_one_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TRANSFORMS, "upper", lambda mail: {**mail, "text": "the scream please"})
    [trial] = trials(ask("udnie please"), ["upper"])
    assert isinstance(trial, Trial)
    assert trial.kind == "wrong"


def test_a_line_of_doubt_that_the_mail_did_not_get_before_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        TRANSFORMS, "upper", lambda mail: {**mail, "text": "udnie please, with a golden frame"}
    )
    assert [trial.kind for trial in trials(ask("udnie please"), ["upper"])] == ["remark"]


def test_the_table_is_printed_and_the_broken_mails_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failures = tmp_path / "failures"
    main([str(FIXTURES / "asks_bb.jsonl"), "--every", "100", "--only", "upper", "--failures", str(failures)])
    heading, *_ = capsys.readouterr().out.splitlines()
    assert heading.split() == ["transform", "mails", "told", "wrong", "remark"]
    assert failures.exists()
