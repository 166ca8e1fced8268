"""What a launcher reserves at Ray. With nodes of Ray: `tests/runner/cluster/test_ray_cluster.py`."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

pytest.importorskip("ray", reason="Ray is not installed: pip install '.[ray]'")

GPU, CORES = {"num_gpus": 1, "num_cpus": 0}, {"num_cpus": 4}


@pytest.mark.parametrize(
    ("device", "cluster", "reserved"),
    [
        ("cuda", {}, GPU),  # nodes that scale from zero
        ("cpu", {"GPU": 8.0}, CORES),
        ("auto", {"GPU": 8.0}, GPU),
        ("auto", {"CPU": 8.0}, CORES),
    ],
)
def test_a_gpu_or_cores(device: str, cluster: Mapping[str, float], reserved: Mapping[str, float]) -> None:
    from runner.cluster.ray_client import resources_of

    assert resources_of(device, 4, cluster) == reserved
