"""Write the metrics of the balancer for Prometheus; docs/serving.md lists them.

The counters of a runner restart at 0 with each process, as the `rate` of Prometheus expects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.process_collector import ProcessCollector

from runner.balancer.balancer import Balancer
from runner.fleet.fleet import RunnerState
from styles import errors
from styles.service.metrics import build, counter, gauge, text

#: Usual reasons of failures. They start at 0, since Prometheus sees growth only from a known value.
FAILURES: tuple[type[errors.PainterError], ...] = (
    errors.BadOption,
    errors.BalancerUnavailable,
    errors.Busy,
    errors.DeadlineExceeded,
    errors.ImageTooLarge,
    errors.NotAnImage,
    errors.RegistryUnavailable,
    errors.RunnerDied,
    errors.UnknownStyle,
    errors.Unpaintable,
)
#: Labels of the metrics of a runner.
RUNNER = ("runner", "device")


class Metrics:
    """Collect the metrics of a balancer."""

    def __init__(self, balancer: Balancer) -> None:
        self._balancer = balancer
        self._process = CollectorRegistry()
        ProcessCollector(registry=self._process)  # of this process: processor, memory, open files, start

    def text(self) -> bytes:
        """Return all metrics as text."""
        return text([*self._of_all(), *self._of_runners()], self._balancer.stats.registry, self._process)

    def _of_all(self) -> Iterator[Metric]:
        balancer, admission = self._balancer, self._balancer.admission
        yield build("painter")
        yield gauge("painter_queued", "Photos that wait.", balancer.queued)
        yield gauge("painter_queued_bytes", "Bytes of photos that wait.", admission.queue.bytes)
        yield gauge("painter_queued_senders", "Senders whose photos wait.", admission.queue.senders)
        longest, wait = admission.longest_wait, balancer.expected_wait()
        yield gauge("painter_longest_wait_seconds", "Of the photo that has waited longest.", longest)
        yield gauge("painter_expected_wait_seconds", "Until what waits now is painted.", wait)
        yield gauge(
            "painter_arriving_bytes", "Bytes of photos that come in and do not wait yet.", admission.arriving
        )
        yield gauge("painter_in_flight", "Photos that are with a runner.", balancer.in_flight)
        yield gauge("painter_quarantined", "Photos in quarantine.", balancer.quarantined)
        yield gauge("painter_draining", "1 while it takes no more photos.", balancer.draining)
        failed = {(error.__name__,): 0 for error in FAILURES}
        failed |= {(name,): count for name, count in balancer.stats.failed.items()}
        yield counter("painter_failed", "Photos not painted, by reason.", failed, ["error"])
        yield counter("painter_painted", "Photos painted.", balancer.stats.photos, RUNNER)
        up = sum(runner.state == "ready" for runner in balancer.runners())
        yield gauge("painter_runners_up", "Runners that can paint.", up)

    def _of_runners(self) -> Iterator[Metric]:
        def of(value: Callable[[RunnerState], float]) -> dict[tuple[str, str], float]:
            return {(runner.name, runner.device): value(runner) for runner in self._balancer.runners()}

        restarts, replaced = of(lambda r: r.restarts), of(lambda r: r.replaced)
        yield counter("painter_restarts", "Runners restarted after a death.", restarts, RUNNER)
        yield counter("painter_replaced", "Runners replaced with no gap.", replaced, RUNNER)
        batches, held = of(lambda r: r.report.batches), of(lambda r: len(self._balancer.held(r.name)))
        yield counter("painter_batches", "Batches painted.", batches, RUNNER)
        yield gauge("painter_held_batches", "Batches that a runner holds.", held, RUNNER)
        loads, evictions = of(lambda r: r.report.loads), of(lambda r: r.report.evictions)
        yield counter("painter_loads", "Styles loaded into memory.", loads, RUNNER)
        yield counter("painter_evictions", "Styles dropped to make room.", evictions, RUNNER)
        memory, styles = of(lambda r: r.report.memory), of(lambda r: len(r.report.resident))
        yield gauge("painter_resident_bytes", "Memory of a runner.", memory, RUNNER)
        yield gauge("painter_resident_styles", "Styles in a runner's memory.", styles, RUNNER)
