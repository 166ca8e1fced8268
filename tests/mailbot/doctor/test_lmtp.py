"""Where mail is handed over: whether the bot is there, and who may hand over."""

from __future__ import annotations

import asyncio
from pathlib import Path

from mailbot.config import Mail
from mailbot.doctor import lmtp
from mailbot.doctor.check_runner import CheckState
from mailbot.lmtp.server import listening
from mailbot.storage.ledger_rows import RawMessage


async def take(_raw: RawMessage) -> bool:
    return True


async def said(listen: str) -> dict[str, tuple[CheckState, str]]:
    mail = Mail.model_validate({"lmtp": {"listen": listen}, "smtp": {"host": "127.0.0.1"}})
    return {result.name: (result.state, result.words) for result in await lmtp.examine(mail)}


async def test_a_bot_at_work_a_folder_of_its_own_and_an_open_one(tmp_path: Path) -> None:
    await asyncio.to_thread(tmp_path.chmod, 0o750)
    place = f"unix:{tmp_path}/lmtp"
    assert (await said(place))["place"] == (CheckState.WELL, f"nobody listens at {place}: no bot is at work")
    mail = Mail.model_validate({"lmtp": {"listen": place}, "smtp": {"host": "127.0.0.1"}})
    async with listening(mail.lmtp, mail.own, 1000, take):
        found = await said(place)
        assert found["place"] == (CheckState.WELL, f"the bot takes mail at {place}")
        assert found["who may"] == (CheckState.WELL, f"those who may enter {tmp_path}")
        await asyncio.to_thread(tmp_path.chmod, 0o755)
        assert (await said(place))["who may"][0] == CheckState.WARN


async def test_a_missing_folder_and_a_port(tmp_path: Path) -> None:
    found = await said(f"unix:{tmp_path}/run/lmtp")
    assert found["place"] == (CheckState.FAILED, f"there is no folder {tmp_path}/run")
    assert (await said("127.0.0.1:1"))["who may"][0] == CheckState.WARN
