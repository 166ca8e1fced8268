"""Write the metrics of the balancer for Prometheus; docs/serving.md lists them.

The counters of a runner restart at 0 with each process, as the `rate` of Prometheus expects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.process_collector import ProcessCollector

from runner.balancer.balancer import Balancer
from runner.fleet.fleet import RunnerState
from runner.learning.job import FINAL
from runner.learning.queue import LearningQueue
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
    errors.NotBlendable,
    errors.RegistryUnavailable,
    errors.RunnerDied,
    errors.UnknownStyle,
    errors.Unpaintable,
)
#: Labels of the metrics of a runner.
RUNNER = ("runner", "device")
#: Metrics of each runner: kind, name, help and value.
OF_RUNNER: tuple[tuple[Callable[..., Metric], str, str, Callable[[RunnerState], float]], ...] = (
    (counter, "restarts", "Runners restarted after a death.", lambda runner: runner.restarts),
    (counter, "replaced", "Runners replaced with no gap.", lambda runner: runner.replaced),
    (counter, "batches", "Batches painted.", lambda runner: runner.report.batches),
    (counter, "loads", "Styles loaded into memory.", lambda runner: runner.report.loads),
    (counter, "evictions", "Styles dropped to make room.", lambda runner: runner.report.evictions),
    (gauge, "resident_bytes", "Memory of a runner.", lambda runner: runner.report.memory),
    (gauge, "resident_styles", "Styles in a runner's memory.", lambda runner: len(runner.report.resident)),
)


class Metrics:
    """Collect the metrics of a balancer."""

    def __init__(self, balancer: Balancer, learning: LearningQueue) -> None:
        self._balancer, self._learning = balancer, learning
        self._process = CollectorRegistry()
        ProcessCollector(registry=self._process)  # of this process: processor, memory, open files, start

    def text(self) -> bytes:
        """Return all metrics as text."""
        metrics = [*self._of_all(), *self._of_runners(), *self._of_learning()]
        return text(metrics, self._balancer.stats.registry, self._process)

    def _of_all(self) -> Iterator[Metric]:
        balancer, admission, queue = self._balancer, self._balancer.admission, self._balancer.queue
        yield build("painter")
        for name, help, value in (
            ("queued", "Photos that wait.", len(queue)),
            ("queued_bytes", "Bytes of photos that wait.", queue.bytes),
            ("queued_senders", "Senders whose photos wait.", queue.senders),
            ("longest_wait_seconds", "Of the photo that has waited longest.", admission.longest_wait),
            ("expected_wait_seconds", "Until what waits now is painted.", balancer.expected_wait()),
            ("arriving_bytes", "Bytes of photos that come in and do not wait yet.", admission.arriving),
            ("in_flight", "Photos that are with a runner.", balancer.scheduler.in_flight),
            ("quarantined", "Photos in quarantine.", balancer.quarantine.quarantined),
            ("draining", "1 while it takes no more photos.", balancer.draining),
            (
                "runners_up",
                "Runners that can paint.",
                sum(r.state == "ready" for r in balancer.fleet.runners()),
            ),
        ):
            yield gauge(f"painter_{name}", help, value)
        failed = {(error.__name__,): 0 for error in FAILURES}
        failed |= {(name,): count for name, count in balancer.stats.failed.items()}
        yield counter("painter_failed", "Photos not painted, by reason.", failed, ["error"])
        yield counter("painter_painted", "Photos painted.", balancer.stats.photos, RUNNER)

    def _of_learning(self) -> Iterator[Metric]:
        yield gauge(
            "painter_learning_queued", "Paintings that wait to be learnt from.", self._learning.waiting
        )
        running = len(self._learning.running)
        yield gauge("painter_learning_running", "Paintings that are learnt from.", running)
        ended = {(state,): self._learning.ended[state] for state in FINAL}
        yield counter("painter_learnt", "Paintings whose learning has ended, by how.", ended, ["state"])

    def _of_runners(self) -> Iterator[Metric]:
        runners = {(runner.name, runner.device): runner for runner in self._balancer.fleet.runners()}
        for kind, name, help, value in OF_RUNNER:
            yield kind(f"painter_{name}", help, {key: value(each) for key, each in runners.items()}, RUNNER)
        held = {key: len(self._balancer.scheduler.held(key[0])) for key in runners}
        yield gauge("painter_held_batches", "Batches that a runner holds.", held, RUNNER)
