"""What Ray runs on a node, without Ray: a launcher starts and ends, or does not start for a reason."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path

import pytest

from runner.cluster.launcher_actor import LauncherActor, launcher_environment
from runner.cluster.relay_messages import LauncherSettings
from runner.cluster.secure_connections import SECRET
from styles.service.logs import is_json_line
from tests.fakes.runner.cluster.ray_fleet import NETWORK, RELAY_SECRET

SETTINGS = LauncherSettings(
    host="127.0.0.1", port=9, tls=False, private_network=NETWORK, ticket="t", registry="http://127.0.0.1:9",
    cache="/no/such/folder", cache_disk_bytes=1, cache_bytes=1, device="cpu", threads=1, module="none",
    json_logs=False,
)  # fmt: skip


def test_the_reason_why_none_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET, raising=False)
    with pytest.raises(RuntimeError, match="RUNNER_RELAY_SECRET must be set"):
        LauncherActor(asdict(SETTINGS)).launch()


async def test_its_end_is_noticed_and_the_reason_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """One that cannot make its folder ends at once."""
    (tmp_path / "file").touch()
    monkeypatch.setenv(SECRET, RELAY_SECRET)
    for json_logs in (False, True):
        actor = LauncherActor(asdict(SETTINGS) | {"cache": str(tmp_path / "file"), "json_logs": json_logs})
        assert await asyncio.to_thread(actor.launch)
        await asyncio.wait_for(asyncio.to_thread(actor.wait), 60)
        said = capfd.readouterr().err
        assert str(tmp_path / "file") in said
        assert is_json_line(said) == json_logs


def test_a_launcher_sees_its_own_credentials_and_none_of_rays() -> None:
    environment = {
        "PATH": "/bin", "HOME": "/root", SECRET: "s", "RAY_AUTH_TOKEN": "t", "RAY_TLS_SERVER_KEY": "k",
        "RAY_ADDRESS": "a", "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "3",
    }  # fmt: skip
    seen = launcher_environment(environment)
    assert {name for name in environment if name in seen} == {
        "PATH", "HOME", SECRET, "RAY_TLS_SERVER_KEY", "CUDA_VISIBLE_DEVICES",
    }  # fmt: skip
