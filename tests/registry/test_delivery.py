from __future__ import annotations

import pytest

from registry.delivery import part_of


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-0", range(1)),
        ("bytes=0-", range(100)),
        ("bytes=90-200", range(90, 100)),
        ("bytes=-10", range(90, 100)),
        ("bytes=-200", range(100)),
        ("Bytes = 5 - 9", range(5, 10)),
    ],
)
def test_ranges(wanted: str, part: range) -> None:
    assert part_of(wanted, 100) == part


@pytest.mark.parametrize("wanted", ["lines=0-5", "bytes=0-1,5-6", "seconds=x"])
def test_what_is_not_served_in_parts_is_served_whole(wanted: str) -> None:
    assert part_of(wanted, 100) is None


@pytest.mark.parametrize(
    "wanted", ["bytes=100-", "bytes=9-5", "bytes=-0", "bytes=-", "bytes=a-b", "bytes", "bytes=٣-"]
)
def test_bad_ranges(wanted: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)range"):
        part_of(wanted, 100)


def test_nothing_has_no_parts() -> None:
    with pytest.raises(ValueError, match="range"):
        part_of("bytes=0-", 0)
