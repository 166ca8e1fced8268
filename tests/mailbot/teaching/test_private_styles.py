from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from mailbot.teaching.private_styles import private_among, with_private
from registry.client import LearningClient
from registry.store.authors import private_alias
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, said
from tests.fakes.registry.service import BOT_TOKEN
from tests.fakes.registry.versions import publish
from tests.fakes.runner.balancer import FakeBalancer


@pytest.mark.parametrize("teachers", [[ANN, "eve@example.org"], []])
@pytest.mark.parametrize(("sender", "is_listed"), [(ANN, True), ("eve@example.org", False)])
async def test_an_author_finds_their_private_styles_in_the_list(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School,
    sender: str, is_listed: bool, teachers: list[str],
) -> None:  # fmt: skip
    secret = private_alias()
    publish(school.store, "zephyrine", alias=secret, author=ANN)
    folder = Folder(mail("styles", "", [], sender=sender))
    async with school.answering(folder, ledger, balancer, sink, teachers=teachers):
        (answer,) = await sink.wait_for(1)
    assert ("Only mails from your address can ask for “zephyrine”." in said(answer)) == is_listed
    assert ("- zephyrine: Zephyrine" in said(answer)) == is_listed
    assert secret not in answer.as_string()


async def test_an_author_gets_their_own_version_where_others_get_an_older_one(school: School) -> None:
    secret = private_alias()
    for alias in ("live", secret):
        publish(school.store, "zephyrine", alias=alias, author=ANN)
    client, listed = LearningClient(school.url, BOT_TOKEN), school.store.styles()
    (style,) = await with_private(client, listed, ANN)
    assert private_among([style]) == {"zephyrine": secret}
    assert await with_private(client, listed, "eve@example.org") == listed
