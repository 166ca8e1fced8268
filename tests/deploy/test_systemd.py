"""The units, judged by systemd itself, where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
#: Most exposure that `systemd-analyze security` may see, in tenths. It rates a unit without settings 96.
MOST_EXPOSED = 15

pytestmark = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with the programs of this installation, as systemd asks whether they are there."""
    for unit in UNITS.glob("mailbot*.[st]*"):
        text = unit.read_text().replace("/opt/mailbot/bin", str(Path(sys.executable).parent))
        (tmp_path / unit.name).write_text(text)
    return tmp_path


def analyze(*words: str | Path) -> tuple[int, str]:
    command = ["systemd-analyze", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_systemd_finds_nothing_wrong(units: Path) -> None:
    assert analyze("verify", "--man=no", *(units / name for name in (*SERVICES, "mailbot.target"))) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_exposes_little(units: Path, name: str) -> None:
    status, told = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", units / name)
    assert status == 0, told


def test_what_systemd_finds_wrong_fails(units: Path) -> None:
    unit = units / SERVICES[0]
    unit.write_text(re.sub(r"(?m)^ProtectSystem=.*$", "ProtectSistem=strict", unit.read_text()))
    assert "ProtectSistem" in analyze("verify", "--man=no", unit)[1]
