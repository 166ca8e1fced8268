"""The wheel holds all that the programs read, and paints a mail where nothing else is installed.

`make release` has these tests look at the wheel in dist/. Elsewhere they build one.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import yaml
from PIL import Image

from tests.fakes.mailbot.servers.dovecot import free_port

ROOT = Path(__file__).parent.parent
PACKAGES = ("mailbot", "registry", "runner", "styles")
#: Files of the tree that only developers read.
LEFT_OUT = re.compile(r"__pycache__|\.pyc$|/README\.md$")
#: Seconds for the download of the libraries.
INSTALL_SECONDS = 900
#: Seconds until the line “ready”, and until an answer, on a busy machine.
SECONDS = 180


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if given := os.environ.get("WHEEL"):
        return Path(given).absolute()
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"  # a build leaves its work in the folder of its source
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "config.toml"):
        shutil.copy(ROOT / name, source)
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, source / package, symlinks=True, ignore=ignored)
    left = Path("styles", "notes.txt")  # of somebody
    for path, content in ((left, ""), (Path("mail_painter.egg-info", "SOURCES.txt"), f"{left}\n")):
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(content)  # as an older build has listed it
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder), str(source)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    return next(folder.glob("*.whl"))


def test_it_holds_every_file_of_the_packages_and_no_other(wheel: Path) -> None:
    files = {
        str(file.relative_to(ROOT))
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file()
    }
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert archive.read("mailbot/config.toml") == (ROOT / "config.toml").read_bytes()
    assert names == {name for name in files if not LEFT_OUT.search(name)}
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    assert "mailbot/replies/templates/letter.html" in names


def test_ci_runs_on_every_python_that_the_wheel_names() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    tested = workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [line.rpartition(" ")[2] for line in project["classifiers"] if "Python :: 3" in line]
    assert tested == named
    assert project["requires-python"] == f">={tested[0]}"


@pytest.mark.slow
def test_in_an_empty_folder_it_paints_a_mail(wheel: Path, tmp_path: Path) -> None:
    """It is installed into a bare venv; then come `mailbot init`, `mailbot up` and `mailbot send`."""
    programs = tmp_path / "installed" / "bin"
    venv.create(tmp_path / "installed", with_pip=True)
    install = [
        str(programs / "python"),
        "-P",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    locked = ["--constraint", str(ROOT / "constraints.txt")]
    subprocess.run([*install, *locked, f"{wheel}[local,publish]"], check=True, timeout=INSTALL_SECONDS)
    folder = tmp_path / "empty"
    folder.mkdir()
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8"}

    def start(*words: str) -> subprocess.Popen[str]:
        command = [str(programs / "mailbot"), *words]
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    begun, _ = start("init").communicate(timeout=SECONDS)
    config = folder / "config.toml"
    config.write_text(
        re.sub(r"(?m)^(\w*port) = [48]\d{3}", lambda m: f"{m[1]} = {free_port()}", config.read_text())
    )
    with start("up") as system:
        lines = itertools.takewhile(lambda line: "Ctrl-C" not in line, system.stdout or ())
        hints = "".join(lines)
        photo = str(ROOT / "docs/photos/rocket.jpg")
        told, _ = start("send", photo, "--style", "great wave").communicate(timeout=SECONDS)
        system.send_signal(signal.SIGINT)
        log, _ = system.communicate(timeout=SECONDS)
    assert (folder / "rocket-great-wave.jpg").is_file(), begun + hints + told + log
    with Image.open(folder / "rocket-great-wave.jpg") as painting:
        assert painting.size == (640, 427)
    assert system.returncode == 0
    assert "mailbot send PHOTO.jpg" in hints
    assert not re.search(r"\.venv|\bmake\b|docs/", begun + hints)
    assert not list((tmp_path / "installed").rglob("site-packages/torch*"))
