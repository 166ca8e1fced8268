"""Write metrics for Prometheus: text format 0.0.4, by prometheus_client.

Names are in base units and end in their unit, those of counters in `_total`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from styles import __version__

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

#: Values of the labels, in their order.
L = TypeVar("L", bound=tuple[str, ...])


def gauge(name: str, help: str, value: float | Mapping[L, float], labels: Sequence[str] = ()) -> Metric:
    """Return a number that goes up and down, or one for each value of some labels."""
    return _filled(GaugeMetricFamily(name, help, labels=labels), value)


def counter(name: str, help: str, value: float | Mapping[L, float], labels: Sequence[str] = ()) -> Metric:
    """Return a number that only grows while the process runs; `name` is without its `_total`."""
    return _filled(CounterMetricFamily(name, help, labels=labels), value)


def build(prefix: str) -> Metric:
    """Return the info metric `PREFIX_build_info` with the installed version."""
    return InfoMetricFamily(f"{prefix}_build", "What runs.", {"version": __version__})


def text(families: Iterable[Metric], *registries: CollectorRegistry) -> bytes:
    """Return these metrics and those of `registries` as the body of /metrics, of `CONTENT_TYPE`."""
    registry = CollectorRegistry()
    registry.register(_Families(families))
    return b"".join(map(generate_latest, (registry, *registries)))


class _Families(Collector):
    """Collect metrics at the time of a request."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        return self._families


def _filled(
    family: GaugeMetricFamily | CounterMetricFamily, value: float | Mapping[L, float]
) -> GaugeMetricFamily | CounterMetricFamily:
    for labels, each in sorted(value.items()) if isinstance(value, Mapping) else [((), value)]:
        family.add_metric(labels, each)
    return family
