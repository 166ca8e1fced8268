from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from mailbot.intents.commands import read
from mailbot.intents.jobs import versions_named
from mailbot.parsing.mail_parser import StyleRequest, parse_email
from tests.fakes.mailbot.mails import STYLES, mail, photo


def styles_of(subject: str, text: str = "", photos: int = 1) -> list[str]:
    request: StyleRequest = parse_email(
        mail(subject, text, [(f"{n}.jpg", photo(seed=n)) for n in range(photos)])
    )
    command = read(request, STYLES, "candy", "m1", own=frozenset(("bot@painter.example",)))
    assert isinstance(command, Paint)
    return [job.style for job in command.jobs]


@pytest.mark.parametrize(
    ("subject", "text", "style"),
    [
        ("great-wave@staged", "", "great-wave@staged"),
        ("great-wave@2", "", "great-wave@2"),
        ("Great_Wave@Staged at 60%", "", "great-wave@staged"),
        ("Re: great-wave@staged", "", "great-wave@staged"),
        ("", "Paint this as mosaic@12, please!", "mosaic@12"),
        ("mosaic@2.", "", "mosaic@2"),
        ("mosaic", "Sent from mosaic@2.example.org", "mosaic"),
        ("mosaic", "write to mosaic@example.org", "mosaic"),
        ("mosaic", "a.mosaic@2", "mosaic"),
        ("mosaic", "nobody@2", "mosaic"),
        ("mosaic@2@3", "", "mosaic"),
    ],
)
def test_a_version_is_named_behind_the_style(subject: str, text: str, style: str) -> None:
    assert styles_of(subject, text) == [style]


def test_it_counts_in_a_blend_and_for_its_style_alone() -> None:
    (blend,) = styles_of("half mosaic@2, half great-wave")
    assert sorted(blend.split(",")) == ["great-wave:0.5", "mosaic@2:0.5"]
    assert sorted(styles_of("photo 1: mosaic@2, photo 2: great-wave", photos=2)) == ["great-wave", "mosaic@2"]


def test_what_may_be_a_version_is_found_whether_listed_or_not() -> None:
    words = "Cubes_Two@Staged, and write to ann@example.org, or bo@work"
    request = parse_email(mail("cubes@3", words, [("1.jpg", photo())]))
    assert versions_named(request) == ["cubes@3", "cubes-two@staged", "bo@work"]
