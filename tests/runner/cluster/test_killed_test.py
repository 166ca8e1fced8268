"""A test that is killed leaves nothing of its Ray cluster behind."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.runner.cluster.ray_cluster import ROOT, require_ray
from tests.fakes.runner.cluster.ray_remains import marked, space
from tests.fakes.waiting import until

pytestmark = pytest.mark.cluster

#: A test in a process of its own: it starts a cluster, prints the cluster's name and folder, and waits.
TEST = """
import asyncio, os, sys
sys.path.insert(0, sys.argv[1])
from styles.service.child_processes import die_with_parent
from tests.fakes.runner.cluster.ray_cluster import RayCluster

async def live():
    async with RayCluster(nodes=1) as cluster:
        print(cluster.name, cluster.folder, flush=True)
        await asyncio.Event().wait()

die_with_parent(os.getppid())
asyncio.run(live())
"""


def spaces() -> str:
    return subprocess.run(["ip", "netns"], check=True, capture_output=True, text=True).stdout


async def test_processes_and_namespaces_end_with_a_killed_test(tmp_path: Path) -> None:
    require_ray()
    (script := tmp_path / "killed.py").write_text(TEST)
    test = await asyncio.create_subprocess_exec(
        sys.executable, str(script), ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert test.stdout
    name, folder = (await test.stdout.readline()).decode().split()
    assert marked(name, "raylet")
    assert space(name, 0) in spaces()
    test.kill()
    await test.wait()
    await until(lambda: not Path(folder).exists() and space(name, 0) not in spaces(), 90)
    assert marked(name) == []
