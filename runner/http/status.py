"""Describe the queue, the runners and the last minute as JSON for /v1/status; docs/serving.md explains it.

It has no sender's address, only the number of senders. Times are seconds, sizes bytes, unknown values null. A
style in memory is named by its digest; `styles` maps digests to names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from runner.balancer.balancer import Balancer
from runner.balancer.sliding_window import mean, quantiles
from runner.balancer.stats import Stats
from runner.balancer.style_resolver import StyleResolver
from runner.fleet.fleet import RunnerState


def status(balancer: Balancer, resolver: StyleResolver) -> dict[str, Any]:
    """Return the whole status."""
    stats, runners, reasons = balancer.stats, balancer.runners(), unready(balancer, resolver)
    return {
        "version": version("mailbot"),
        "uptime": round(stats.uptime, 1),
        "ready": not reasons,
        "reasons": reasons,
        "draining": balancer.draining,
        "queued": balancer.queued,
        "in_flight": balancer.in_flight,
        "painted": stats.painted,
        "failed": dict(stats.failed),
        "quarantined": balancer.quarantined,
        "queue": _queue(balancer),
        "last_minute": _last_minute(stats),
        "runners": [_runner(balancer, runner) for runner in runners],
        "styles": _styles(resolver, runners),
    }


def unready(balancer: Balancer, resolver: StyleResolver) -> list[str]:
    """List the reasons why no photo would be painted now."""
    found = {
        "it is shutting down": balancer.draining,
        "no runner is up": not any(runner.state == "ready" for runner in balancer.runners()),
        "the registry was not reached yet": not resolver.reached,
    }
    return [reason for reason, true in found.items() if true]


def _queue(balancer: Balancer) -> dict[str, Any]:
    admission = balancer.admission
    return {
        "photos": len(admission.queue),
        "senders": admission.queue.senders,
        "bytes": admission.queue.bytes,
        "arriving_bytes": admission.arriving,
        "longest_wait": round(admission.longest_wait, 3),
        "expected_wait": round(balancer.expected_wait(), 3),
        "max_photos": admission.config.max_queued,
        "max_bytes": admission.config.max_queued_bytes,
        "retry_after": round(admission.retry_after, 1),
    }


def _last_minute(stats: Stats) -> dict[str, Any]:
    return {
        "photos_per_second": round(stats.engine.rate(), 3),
        "batches_per_second": round(stats.sizes.rate(), 3),
        "batch_photos": _rounded(mean(stats.sizes.values())),
        "batch_fill": _rounded(mean(stats.fills.values())),
        "queue_seconds": _percentiles(stats.waits.values()),
        "engine_seconds": _percentiles(stats.engine.values()),
        "failed": dict(Counter(stats.failing.values())),
    }


def _percentiles(values: Sequence[float]) -> dict[str, float | None]:
    p50, p95 = quantiles(values, 0.5, 0.95)
    return {"p50": _rounded(p50), "p95": _rounded(p95)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _runner(balancer: Balancer, runner: RunnerState) -> dict[str, Any]:
    report = runner.report
    return {
        "name": runner.name,
        "device": runner.device,
        "pid": runner.pid,
        "state": runner.state,
        "since": round(balancer.stats.since(runner), 1),
        "restarts": runner.restarts,
        "replaced": runner.replaced,
        "replacing": runner.replacing,
        "credits": runner.credits,
        "held": balancer.held(runner.name),
        "photos": balancer.stats.photos[runner.name, runner.device],
        "batches": report.batches,
        "loads": report.loads,
        "evictions": report.evictions,
        "memory": report.memory,
        "resident": sorted(report.resident),
    }


def _styles(resolver: StyleResolver, runners: Sequence[RunnerState]) -> dict[str, Any]:
    """Return name and version of each style in memory that a job or an event has named."""
    digests = frozenset[str]().union(*[runner.report.resident for runner in runners])
    return {
        digest: {"name": style.name, "version": style.version}
        for digest in sorted(digests)
        if (style := resolver.called.get(digest))
    }
