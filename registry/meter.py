"""What the registry counts, and the text in which Prometheus reads it.

A request is counted by its method, its route as it is declared and its status class: how many series there
are depends on the routes, never on what callers ask for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping

from aiohttp import web
from aiohttp.typedefs import Middleware

#: Method and route of requests that have no route: callers may make up any method.
NO_ROUTE = ("any", "none")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Meter:
    """The counts since the process began."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, str]] = Counter()  #: by method, route and status class
        self.uploads: Counter[str] = Counter(accepted=0, refused=0)
        self.trials = 0  #: that ran to the end
        self.trial_seconds = 0.0
        self.received_bytes = 0  #: of uploads, whatever became of them
        self.blobs = 0  #: answers with a blob, whole or in part

    def middleware(self) -> Middleware:
        """Counts every request; it stands before what turns errors into answers."""

        @web.middleware
        async def counting(request: web.Request, handler: Handler) -> web.StreamResponse:
            status = "cut off"  # the caller hung up, or the answer failed half-way
            try:
                response = await handler(request)
                status = f"{response.status // 100}xx"
            except web.HTTPException as answer:
                status = f"{answer.status // 100}xx"
                raise
            else:
                return response
            finally:
                self.answered(request, status)

        return counting

    def answered(self, request: web.Request, status: str) -> None:
        """A request was answered with a status of that class, such as `2xx`."""
        resource = request.match_info.route.resource
        method, route = (request.method, resource.canonical) if resource else NO_ROUTE
        self.requests[method, route, status] += 1


def prometheus(meter: Meter, *, waiting: int, styles: int, versions: int) -> str:
    """The text format of /metrics, version 0.0.4."""
    requests = {
        f'method="{method}",route="{route}",status="{status}"': count
        for (method, route, status), count in sorted(meter.requests.items())
    }
    uploads = {f'result="{result}"': count for result, count in sorted(meter.uploads.items())}
    lines = [
        *_metric("requests_total", "counter", "Requests answered.", requests),
        *_metric("uploads_total", "counter", "Uploads, by what became of them.", uploads),
        *_metric("trials_total", "counter", "Trials that passed.", meter.trials),
        *_metric("trial_seconds_total", "counter", "Seconds of trials that passed.", meter.trial_seconds),
        *_metric("received_bytes_total", "counter", "Bytes of uploads.", meter.received_bytes),
        *_metric("blobs_served_total", "counter", "Blobs sent, whole or in part.", meter.blobs),
        *_metric("events_waiting", "gauge", "Callers that wait for events.", waiting),
        *_metric("styles", "gauge", "Styles that can be asked for.", styles),
        *_metric("versions", "gauge", "Versions of those styles.", versions),
    ]
    return "\n".join(lines) + "\n"


def _metric(name: str, kind: str, help: str, value: float | Mapping[str, int]) -> Iterator[str]:
    yield f"# HELP registry_{name} {help}"
    yield f"# TYPE registry_{name} {kind}"
    if isinstance(value, Mapping):
        yield from (f"registry_{name}{{{labels}}} {count}" for labels, count in value.items())
    else:
        yield f"registry_{name} {value}"
