"""What /v1/status says of balancers in different states: for the screen's tests and for its picture.

A test holds their keys to those of a real balancer.
"""

from __future__ import annotations

from typing import Any

STYLES = ("starry-night", "great-wave", "the-scream", "composition-vii", "edtaonisl", "wheat-field")
MIB = 1 << 20


def digest(number: int) -> str:
    """That of one of `STYLES`, or of one that nobody has named."""
    return f"sha256:{number:x}" + "0" * 60


def a_runner(name: str = "cpu-0", **fields: Any) -> dict[str, Any]:
    """A runner at work."""
    runner = {
        "name": name,
        "device": name.rpartition("-")[0],
        "node": "",
        "pid": 4711,
        "state": "ready",
        "since": 7500.0,
        "restarts": 0,
        "replaced": 1,
        "replacing": False,
        "credits": 2,
        "held": [4, 4],
        "large": False,
        "photos": 5216,
        "batches": 1410,
        "loads": 6,
        "evictions": 0,
        "memory": 612 * MIB,
        "resident": [digest(number) for number in range(len(STYLES))],
    }
    return runner | fields


def idle(name: str = "cpu-0", **fields: Any) -> dict[str, Any]:
    """A runner that waits for work."""
    return a_runner(name, held=[], **fields)


def down(name: str = "cpu-0", **fields: Any) -> dict[str, Any]:
    """A runner that has died and is about to be started again."""
    gone: dict[str, Any] = {
        "pid": None,
        "state": "down",
        "since": 1.5,
        "restarts": 3,
        "held": [],
        "memory": 0,
        "resident": [],
    }
    return a_runner(name, **gone | fields)


def a_status(*runners: dict[str, Any], waiting: int = 12, **fields: Any) -> dict[str, Any]:
    """A balancer at work, with some photos waiting; `fields` are put over its own."""
    held = sum(sum(runner["held"]) for runner in runners)
    status: dict[str, Any] = {
        "version": "0.1.0",
        "uptime": 7510.0,
        "ready": True,
        "reasons": [],
        "draining": False,
        "queued": waiting,
        "in_flight": held,
        "painted": sum(runner["photos"] for runner in runners),
        "failed": {"NotAnImage": 3, "Busy": 12},
        "quarantined": 1,
        "queue": {
            "photos": waiting,
            "senders": min(waiting, 3),
            "bytes": waiting * 2_830_000,
            "arriving_bytes": 0,
            "longest_wait": 2.1 if waiting else 0,
            "expected_wait": waiting / 10,
            "max_photos": 256,
            "max_bytes": 1 << 30,
            "retry_after": 1.0,
        },
        "last_minute": {
            "photos_per_second": 9.81,
            "batches_per_second": 2.72,
            "batch_photos": 3.6,
            "batch_fill": 0.9,
            "queue_seconds": {"p50": 0.42, "p95": 1.12},
            "engine_seconds": {"p50": 0.084, "p95": 0.121},
            "failed": {"Busy": 2},
        },
        "runners": list(runners),
        "styles": {digest(number): {"name": name, "version": 1} for number, name in enumerate(STYLES)},
        "learning": {"queued": 0, "running": [], "ended": {}},
    }
    return status | fields


def quiet(*runners: dict[str, Any]) -> dict[str, Any]:
    """A balancer that nobody asks anything."""
    none = {"p50": None, "p95": None}
    minute = {
        "photos_per_second": 0.0,
        "batches_per_second": 0.0,
        "batch_photos": None,
        "batch_fill": None,
        "queue_seconds": none,
        "engine_seconds": none,
        "failed": {},
    }
    return a_status(*runners, waiting=0, last_minute=minute, failed={}, quarantined=0)
