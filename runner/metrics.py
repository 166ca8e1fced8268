"""The balancer's numbers for Prometheus, text format 0.0.4; docs/serving.md has the table of them.

Counters of a runner begin at 0 again with each of its processes, which Prometheus' `rate` allows for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import TypeVar

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.process_collector import ProcessCollector

from runner.balancer import Balancer
from runner.fleet import RunnerState

#: What the text calls itself.
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: Labels of what is counted for each runner.
RUNNER = ("runner", "device")

L = TypeVar("L", bound=tuple[str, ...])


class Metrics:
    """What /metrics says of a balancer."""

    def __init__(self, balancer: Balancer) -> None:
        self._balancer = balancer
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)  # processor, memory, open files, start: of this process

    def text(self) -> bytes:
        """All of it."""
        return generate_latest(self._registry) + generate_latest(self._balancer.meter.registry)

    def collect(self) -> Iterator[Metric]:
        """See `prometheus_client.registry.Collector`."""
        balancer, meter = self._balancer, self._balancer.meter
        yield InfoMetricFamily("painter_build", "What runs.", {"version": version("mailbot")})
        yield _gauge("queued", "Photos that wait.", balancer.queued)
        yield _gauge("queued_bytes", "Bytes of photos that wait.", balancer.room.queue.bytes)
        yield _gauge("queued_senders", "Senders whose photos wait.", balancer.room.queue.senders)
        yield _gauge("arriving_bytes", "Bytes of photos that are being received.", balancer.room.arriving)
        yield _gauge("in_flight", "Photos that are with a runner.", balancer.in_flight)
        yield _gauge("quarantined", "Photos in quarantine.", balancer.quarantined)
        yield _gauge("draining", "1 while it takes no more photos.", balancer.draining)
        failed = {(name,): count for name, count in meter.failed.items()}
        yield _counter("failed", "Photos not painted, by reason.", ("error",), failed)
        yield from self._runners()

    def _runners(self) -> Iterator[Metric]:
        states = self._balancer.runners()
        up = sum(state.state == "ready" for state in states)
        yield _gauge("runners_up", "Runners that can paint.", up)
        yield _counter("painted", "Photos painted.", RUNNER, self._balancer.meter.photos)
        for family, name, help, of in (
            (_counter, "restarts", "Runners restarted.", lambda state: state.restarts),
            (_counter, "replaced", "Runners replaced with no gap.", lambda state: state.replaced),
            (_counter, "batches", "Batches painted.", lambda state: state.report.batches),
            (_counter, "loads", "Styles loaded into memory.", lambda state: state.report.loads),
            (_counter, "evictions", "Styles dropped to make room.", lambda state: state.report.evictions),
            (_gauges, "held_batches", "Batches that a runner holds.", self._held),
            (_gauges, "resident_bytes", "Memory of a runner.", lambda state: state.report.memory),
            (_gauges, "resident_styles", "Styles in its memory.", lambda state: len(state.report.resident)),
        ):
            yield family(name, help, RUNNER, {(state.name, state.device): of(state) for state in states})

    def _held(self, runner: RunnerState) -> int:
        return len(self._balancer.held(runner.name))


def _gauge(name: str, help: str, value: float) -> Metric:
    return GaugeMetricFamily(f"painter_{name}", help, value)


def _gauges(name: str, help: str, labels: Sequence[str], values: Mapping[L, float]) -> Metric:
    return _filled(GaugeMetricFamily(f"painter_{name}", help, labels=labels), values)


def _counter(name: str, help: str, labels: Sequence[str], values: Mapping[L, float]) -> Metric:
    return _filled(CounterMetricFamily(f"painter_{name}", help, labels=labels), values)


def _filled(family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[L, float]) -> Metric:
    for labels, value in sorted(values.items()):
        family.add_metric(labels, value)
    return family
