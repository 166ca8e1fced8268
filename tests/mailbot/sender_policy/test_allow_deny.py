"""Who is on a list."""

from __future__ import annotations

import pytest

from mailbot.parsing.headers import without_tag
from mailbot.sender_policy.allow_deny import listed, welcome


def test_a_tag_is_no_other_person() -> None:
    assert without_tag("Ann+Photos@Example.org") == "ann@example.org"
    assert without_tag("+ann@example.org") != "@example.org"


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("ann@example.org", True),
        ("ANN@Example.ORG", True),
        ("ann+photos@example.org", True),
        ("@example.org", True),
        ("*@example.org", True),
        ("a?n@*", True),
        ("[ab]nn@example.*", True),
        ("@ample.org", False),
        ("@org", False),
        ("*@*.example.org", False),
        ("bob@example.org", False),
        ("ann@example.orga", False),
        ("nn@example.org", False),
    ],
)
def test_patterns(pattern: str, found: bool) -> None:
    assert listed("Ann+photos@example.org", [pattern]) is found


def test_deny_wins_and_an_allow_list_names_all_who_may_come() -> None:
    ann, bob = "ann@example.org", "bob@example.net"
    assert welcome([ann], allow=(), deny=())
    assert welcome([ann], allow=["@example.org"], deny=())
    assert not welcome([bob], allow=["@example.org"], deny=())
    assert not welcome([ann], allow=["@example.org"], deny=["ann@*"])
    assert not welcome([ann, bob], allow=["@example.org"], deny=())
    assert not welcome([ann, bob], allow=(), deny=[bob])
