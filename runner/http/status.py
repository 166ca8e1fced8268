"""Describe the queue, the runners and the last minute as JSON for /v1/status; docs/serving.md explains it.

It has no sender's address, only the number of senders. Times are seconds, sizes bytes, unknown values null. A
style in memory is named by its digest, a private one not at all; `styles` maps digests to names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from runner.balancer.balancer import Balancer
from runner.balancer.stats import Stats, mean, quantiles
from runner.balancer.style_resolver import StyleResolver
from runner.fleet.fleet import RunnerState
from runner.learning.queue import LearningQueue
from styles import __version__
from styles.contract import split_digest
from styles.errors import PainterError
from styles.service.problems import to_problem


def status(balancer: Balancer, resolver: StyleResolver, learning: LearningQueue) -> dict[str, Any]:
    """Return the whole status."""
    stats, runners, reasons = balancer.stats, balancer.fleet.runners(), unready(balancer, resolver)
    return {
        "version": __version__,
        "uptime": round(stats.uptime, 1),
        "ready": not reasons,
        "reasons": reasons,
        "draining": balancer.draining,
        "queued": len(balancer.queue),
        "in_flight": balancer.scheduler.in_flight,
        "painted": stats.painted,
        "failed": dict(stats.failed),
        "quarantined": balancer.quarantine.quarantined,
        "queue": _queue(balancer),
        "last_minute": _last_minute(stats),
        "runners": [_runner(balancer, runner) for runner in runners],
        "styles": _styles(resolver, runners),
        "learning": _learning(learning),
    }


def unready(balancer: Balancer, resolver: StyleResolver) -> list[str]:
    """List the reasons why no photo would be painted now."""
    found = {
        "it is shutting down": balancer.draining,
        "no runner is up": not any(runner.state == "ready" for runner in balancer.fleet.runners()),
        "the registry was not reached yet": not resolver.reached,
    }
    return [reason for reason, true in found.items() if true]


def _learning(learning: LearningQueue) -> dict[str, Any]:
    """Tell which paintings are learnt from, without names: they are their senders'."""
    running = [
        {
            "kind": "picture" if job.record.order.is_picture else "style",
            "phase": job.phase,
            "share": round(job.share, 3),
            "step": job.step,
            "seconds_left": learning.status(job)["seconds_left"],
        }
        for job in learning.running
    ]
    ended = dict(learning.ended)
    return {"queued": learning.waiting, "running": running, "ended": ended, "problem": _missing(learning)}


def _missing(learning: LearningQueue) -> dict[str, Any] | None:
    """Return why no painting can be learnt from, as a problem."""
    try:
        learning.require()
    except PainterError as error:
        return to_problem(error)
    return None


def _queue(balancer: Balancer) -> dict[str, Any]:
    admission, queue = balancer.admission, balancer.queue
    return {
        "photos": len(queue),
        "senders": queue.senders,
        "bytes": queue.bytes,
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
    state = asdict(runner)
    return {
        **state.pop("report"),
        **state,
        "since": round(balancer.stats.since(runner), 1),
        "held": [len(batch.photos) for batch in balancer.scheduler.held(runner.name)],
        "large": balancer.scheduler.large(runner.name) is not None,
        "photos": balancer.stats.photos[runner.name, runner.device],
        "resident": sorted(filter(_is_public, runner.report.resident)),
    }


def _is_public(digest: str) -> bool:
    """Tell whether anybody may hear of a style in memory: those of private ones have a key."""
    return not split_digest(digest)[1]


def _styles(resolver: StyleResolver, runners: Sequence[RunnerState]) -> dict[str, Any]:
    """Return name and version of each style in memory that a job or an event has named."""
    digests = frozenset[str]().union(*[runner.report.resident for runner in runners])
    return {
        digest: {"name": style.name, "version": style.version}
        for digest in sorted(digests)
        if (style := resolver.called.get(digest))
    }
