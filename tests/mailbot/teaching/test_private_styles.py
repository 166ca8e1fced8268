from __future__ import annotations

from mailbot.teaching.private_styles import private_among, with_private
from registry.client import LearningClient
from registry.store.authors import private_alias
from tests.fakes.mailbot.teaching import ANN, School
from tests.fakes.registry.service import BOT_TOKEN
from tests.fakes.registry.versions import publish


async def test_an_author_gets_their_own_version_where_others_get_an_older_one(school: School) -> None:
    secret = private_alias()
    for alias in ("live", secret):
        publish(school.store, "zephyrine", alias=alias, author=ANN)
    client, listed = LearningClient(school.url, BOT_TOKEN), school.store.styles()
    (style,) = await with_private(client, listed, ANN)
    assert private_among([style]) == {"zephyrine": secret}
    assert await with_private(client, listed, "eve@example.org") == listed
