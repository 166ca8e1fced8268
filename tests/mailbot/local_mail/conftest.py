from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.mailbot.local_mail import LocalMail, local_mail


@pytest.fixture
async def server() -> AsyncIterator[LocalMail]:
    async with local_mail() as server:
        yield server
