"""The programs of docs/applications.md, run as they stand there."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest

from tests.fakes.runner.fleet import inverted
from tests.fakes.runner.served import serving

PAGE = Path(__file__).parents[2] / "docs" / "applications.md"
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
CALLS = re.findall(r"^    (curl .*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
PHOTO = b"photo" * 1000


async def run(tmp_path: Path, *command: str) -> str:
    """Run a command in a folder with a photo, and return its output."""
    (tmp_path / "photo.jpg").write_bytes(PHOTO)
    pipe = asyncio.subprocess.PIPE
    ran = await asyncio.create_subprocess_exec(*command, cwd=tmp_path, stdout=pipe, stderr=pipe)
    told, complained = await ran.communicate()
    assert (ran.returncode, complained.decode()) == (0, "")
    return told.decode()


@pytest.mark.parametrize(
    ("program", "painted", "told"),
    [
        (PROGRAMS[0], ("painted.jpg", "blend.png"), "I know no style called “no-such-style”. \n"),
        (PROGRAMS[1], ("painted.jpg",), ""),
    ],
    ids=["runner.client", "tritonclient"],
)
async def test_a_program_of_the_page(
    tmp_path: Path, program: str, painted: tuple[str, ...], told: str
) -> None:
    async with serving() as served:
        for name in ("great-wave", "the-scream"):
            served.registry.publish(name, name.encode(), "base")
        here = program.replace("127.0.0.1:8481", served.url.removeprefix("http://"))
        assert here != program
        assert await run(tmp_path, sys.executable, "-c", here) == told
    assert [(tmp_path / name).read_bytes() for name in painted] == [inverted(PHOTO)] * len(painted)


async def test_the_calls_of_curl(tmp_path: Path) -> None:
    async with serving() as served:
        for name in ("great-wave", "the-scream"):
            served.registry.publish(name, name.encode(), "base")
        for call in CALLS:
            here = call.replace("http://127.0.0.1:8481", served.url).replace("curl ", "curl -sS ")
            await run(tmp_path, "sh", "-c", here)
    assert len(CALLS) == 3
    assert [(tmp_path / f"{name}.jpg").read_bytes() for name in ("painted", "blend")] == [inverted(PHOTO)] * 2


async def test_the_client_loads_nothing_that_opens_pixels(tmp_path: Path) -> None:
    program = "import sys, runner.client; print(*{'numpy', 'PIL', 'openvino', 'torch'} & set(sys.modules))"
    assert await run(tmp_path, sys.executable, "-c", program) == "\n"
