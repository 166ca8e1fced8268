"""What a style's page has for programs paints a photo, as it stands there."""

from __future__ import annotations

import asyncio
import html
import re
import shutil
import sys
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from registry.app import create_app
from registry.config import RegistryConfigFile
from tests.fakes.registry.validator import FakeValidator
from tests.fakes.runner.balancer import FakeBalancer, painted

PHOTO = b"\xff\xd8\xff a photo as it came"


@pytest.mark.parametrize(("place", "program"), [(0, ["sh", "-c"]), (1, [sys.executable, "-c"])])
async def test_a_snippet_paints(
    builtin: Path, tmp_path: Path, config: RegistryConfigFile, place: int, program: list[str]
) -> None:
    if program[0] == "sh" and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    (tmp_path / "photo.jpg").write_bytes(PHOTO)
    async with FakeBalancer(("udnie",)) as balancer:
        own = config.model_copy(
            update={"balancer": config.balancer.model_copy(update={"port": balancer.port})}
        )
        app = create_app(own, builtin, validator=FakeValidator())
        async with TestClient(TestServer(app)) as client:
            text = await (await client.get("/styles/udnie")).text()
            snippets = re.findall(r"<pre><code>(.*?)</code></pre>", text, re.DOTALL)
            command = [*program, html.unescape(snippets[place])]
            process = await asyncio.create_subprocess_exec(
                *command, cwd=tmp_path, stderr=asyncio.subprocess.PIPE
            )
            _, told = await process.communicate()
    assert process.returncode == 0, told.decode()
    assert (tmp_path / "painted.jpg").read_bytes() == painted(PHOTO)
