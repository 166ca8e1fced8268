"""A dict that forgets what was used longest ago."""

from __future__ import annotations

from styles.service.bounded_dict import BoundedDict


def filled() -> BoundedDict[str, int]:
    entries: BoundedDict[str, int] = BoundedDict(3)
    for number, key in enumerate("abc"):
        entries[key] = number
    return entries


def test_the_least_recently_set_goes() -> None:
    entries = filled()
    entries["a"] = 7
    entries["d"] = 3
    assert entries == {"c": 2, "a": 7, "d": 3}


def test_reading_alone_uses_nothing() -> None:
    entries = filled()
    assert (entries["a"], entries.get("a")) == (0, 0)
    entries["d"] = 3
    assert "a" not in entries


def test_what_is_missing_is_made_once() -> None:
    entries = filled()
    assert entries.get_or_add("d", lambda: 3) == 3
    assert entries.get_or_add("d", lambda: 4) == 3
    assert entries.get_or_add("b", lambda: 5) == 1
    assert list(entries) == ["c", "d", "b"]


def test_a_default_is_kept_to_the_limit_too() -> None:
    entries = filled()
    assert entries.setdefault("d", 3) == 3
    assert list(entries) == ["b", "c", "d"]
