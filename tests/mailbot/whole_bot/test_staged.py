"""Versions that are not live, on the whole walk of a mail."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder, answering, asking, pictures_of, text_of
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer, painted


@pytest.mark.parametrize(
    ("asked", "style", "words"),
    [
        ("cubes@staged", "cubes@staged", "painted as Cubes (cubes@staged)."),
        ("Paint it as cubes@1 at 60%", "cubes@1", "painted as Cubes, the first (cubes@1)."),
        ("mosaic@2", "mosaic@2", "painted as Mosaic, finer (mosaic@2)."),
        ("half cubes@staged, half mosaic", "cubes@staged:0.5,mosaic:0.5", "Cubes (cubes@staged)"),
    ],
)
async def test_a_version_is_painted_and_called_by_its_title(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, asked: str, style: str, words: str
) -> None:
    balancer.staged = {"cubes@staged": "Cubes", "cubes@1": "Cubes, the first", "mosaic@2": "Mosaic, finer"}
    async with answering(Folder(asking(style=asked)), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert [job["style"] for job in balancer.jobs] == [style]
    assert pictures_of(answer) == [painted(balancer.photos[0])]
    text = " ".join(text_of(answer).split())
    assert words in text
    assert "- cubes" not in text  # what waits is not listed
    assert "did not understand" not in text


async def test_a_version_that_there_is_not_is_no_style(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    folder = Folder(asking(style="mosaic, for ann@work"), asking(2, style="cubes@staged"))
    async with answering(folder, ledger, balancer, sink):
        answers = await sink.wait_for(2)
    assert {job["style"] for job in balancer.jobs} == {"mosaic", "starry-night"}
    texts = [" ".join(text_of(answer).split()) for answer in answers]
    assert sum("You named no style that I know" in text for text in texts) == 1
