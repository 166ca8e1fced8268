"""The units, judged by systemd itself, where it is installed."""

from __future__ import annotations

import os
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

#: Makes systemd process 1 of its namespaces, where it sees one folder of units. It has to be told where
#: control groups are those of the first version.
PROCESS_1 = """
set -e
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mount --make-rshared /
if ! [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  umount -R /sys/fs/cgroup
  mount -t tmpfs tmpfs /sys/fs/cgroup
  mkdir /sys/fs/cgroup/systemd
  mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
fi
export container=lxc SYSTEMD_UNIT_PATH="$1" SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1
export SYSTEMD_PROC_CMDLINE="systemd.unified_cgroup_hierarchy=0 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"
exec /usr/lib/systemd/systemd --system --unit="$2" --log-target=console
"""
#: Status of mount, as of a container that may not.
MOUNT_FAILED = 32
#: Takes the secrets as the programs do, and shows them.
TAKE = """
import os, sys
sys.path.insert(0, sys.argv[1])
from styles.service.config import take_credentials
take_credentials(os.environ)
print(*(f"{name} {os.environ[name]}" for name in sys.argv[2:]), sep="\\n")
"""

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


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mailbot-registry.service", "mailbot.service"])
def test_systemd_hands_over_the_secrets_that_a_unit_names(tmp_path: Path, name: str) -> None:
    """Systemd itself runs the unit, with another program in it and without a user of its own."""
    if os.geteuid() != 0 or subprocess.run(["unshare", "--mount", "true"], check=False).returncode:
        pytest.skip("only root makes namespaces, and not everywhere")
    text = re.sub("(?m)^#LoadCredential", "LoadCredential", (UNITS / name).read_text())
    secrets = re.findall(r"(?m)^LoadCredential=(\w+):/etc/mailbot/secrets/\1$", text)
    for secret in secrets:
        (tmp_path / secret).write_text(f"the secret of {secret}\n")
    (tmp_path / "take.py").write_text(TAKE)
    root, shown = Path(__file__).parents[2], tmp_path / "shown"
    program = f"{sys.executable} {tmp_path}/take.py {root} {' '.join(secrets)}"
    for setting, value in {
        "Type": "oneshot",
        "User": "root",
        "Restart": "no",
        "ProtectHome": "no",  # of the Python that runs the tests
        "PrivateTmp": "no",
        "ExecStart": program,
        "PartOf": "",
        "Wants": "",
        "After": "",
    }.items():
        text = re.sub(f"(?m)^{setting}=.*$", f"{setting}={value}", text)
    ends = "DefaultDependencies=no\nSuccessAction=exit-force\nFailureAction=exit-force"
    text = text.replace("/etc/mailbot/secrets", str(tmp_path)).replace("[Unit]", f"[Unit]\n{ends}")
    text = text.replace("[Service]", f"[Service]\nStandardOutput=truncate:{shown}")
    (tmp_path / name).write_text(text)
    namespaces = ["--mount", "--pid", "--fork", "--uts", "--ipc", "--cgroup", "--kill-child"]
    command = ["unshare", *namespaces, "bash", "-c", PROCESS_1, "bash", str(tmp_path), name]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode == MOUNT_FAILED:
        pytest.skip(done.stderr)
    told = shown.read_text() if shown.exists() else done.stdout + done.stderr
    assert told.splitlines() == [f"{secret} the secret of {secret}" for secret in secrets]
