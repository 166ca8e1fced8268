"""One bot to a mailbox and to a ledger, and no games with the folder of the locks."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

import pytest

from mailbot import locks
from mailbot.config import Mail
from mailbot.locks import holder, lock_files, mailbox_lock, private_folder
from styles.service.config import ConfigError


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "TEMPORARY", tmp_path)
    for name in ("XDG_RUNTIME_DIR", "TMPDIR"):
        monkeypatch.delenv(name, raising=False)


def a_mail(ledger: Path, **imap: object) -> Mail:
    place = {"host": "imap.example.org", "username": "bot"}
    return Mail.model_validate(
        {"ledger": str(ledger), "imap": place | imap, "smtp": {"host": "smtp.example.org"}}
    )


async def holds(mail: Mail, stop: asyncio.Event | None = None) -> bool:
    async with mailbox_lock(mail, stop or asyncio.Event()) as held:
        return held


async def waits(mail: Mail) -> bool:
    """Whether it would wait; told to stop, it does."""
    stop = asyncio.Event()
    stop.set()
    return not await holds(mail, stop)


@pytest.mark.parametrize(
    ("ledger", "imap"),
    [("one.db", {"folder": "Other"}), ("two.db", {}), ("two.db", {"host": "IMAP.example.org"})],
)
async def test_the_same_ledger_or_the_same_mailbox_is_waited_for(
    tmp_path: Path, ledger: str, imap: dict[str, object]
) -> None:
    async with mailbox_lock(a_mail(tmp_path / "var" / "one.db"), asyncio.Event()) as held:
        assert held
        second = a_mail(tmp_path / "var" / ledger, **imap)
        assert await waits(second)
        waiting = asyncio.create_task(holds(second))
        done, _ = await asyncio.wait({waiting}, timeout=0.1)
        assert not done
    assert await asyncio.wait_for(waiting, 5)


@pytest.mark.parametrize("imap", [{"folder": "Other"}, {"username": "other"}, {"port": 1993}])
async def test_another_mailbox_is_another_lock(tmp_path: Path, imap: dict[str, object]) -> None:
    async with mailbox_lock(a_mail(tmp_path / "one.db"), asyncio.Event()):
        assert not await waits(a_mail(tmp_path / "two.db", **imap))


async def test_a_bot_that_waits_for_the_mailbox_lets_go_of_its_ledger_when_stopped(tmp_path: Path) -> None:
    async with mailbox_lock(a_mail(tmp_path / "one.db"), asyncio.Event()):
        assert await waits(a_mail(tmp_path / "two.db"))
        assert not await waits(a_mail(tmp_path / "two.db", folder="Other"))


async def test_who_holds_a_lock_is_told(tmp_path: Path) -> None:
    mail = a_mail(tmp_path / "one.db")
    files = lock_files(mail)
    assert {holder(file) for file in files.values()} == {""}
    async with mailbox_lock(mail, asyncio.Event()):
        assert {what: holder(file).endswith(f"with {tmp_path}/one.db") for what, file in files.items()} == {
            "ledger": True,
            "mailbox": True,
        }
    assert {holder(file) for file in files.values()} == {""}


def test_the_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert private_folder() == tmp_path / f"mailbot-{os.getuid()}"
    assert private_folder().stat().st_mode & 0o777 == 0o700


async def test_bots_of_a_shell_and_of_cron_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with mailbox_lock(a_mail(tmp_path / "one.db"), asyncio.Event()):
        for name in ("XDG_RUNTIME_DIR", "TMPDIR"):
            (tmp_path / name).mkdir(mode=0o700)
            monkeypatch.setenv(name, str(tmp_path / name))
        monkeypatch.setattr(tempfile, "tempdir", None)  # it is read from the environment anew
        assert await waits(a_mail(tmp_path / "two.db"))


def test_a_folder_that_others_made_or_may_enter_is_not_used(tmp_path: Path) -> None:
    folder = private_folder()
    folder.chmod(0o755)
    with pytest.raises(ConfigError, match="yours alone"):
        private_folder()
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="yours alone"):
        private_folder()
    folder.unlink()
    folder.touch()
    with pytest.raises(ConfigError, match="cannot be made"):
        private_folder()


async def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    mail = a_mail(tmp_path / "one.db")
    target = tmp_path / "precious"
    target.write_text("precious")
    lock_files(mail)["mailbox"].symlink_to(target)
    with pytest.raises(OSError, match="symbolic"):
        await holds(mail)
    assert target.read_text() == "precious"
