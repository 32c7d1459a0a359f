"""GET /metrics: what the server does, in numbers for Prometheus. Nothing in it names a session."""

import shutil
import time
from collections.abc import Iterable, Iterator

from fastapi import FastAPI
from fastapi.responses import Response
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
# Of what is no route: files of the page, and what is not there.
OTHER = "other"


class Gauges:
    """The state at this moment, read when somebody asks for it."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def collect(self) -> Iterable[Metric]:
        for name, about, value in self._values():
            yield GaugeMetricFamily(f"backprop_{name}", about, value)
        about = "Bytes of BACKPROP_MEMORY_MB, by what they are for."
        taken = GaugeMetricFamily("backprop_memory_bytes", about, labels=["kind"])
        for kind, size in self._app.state.playground.memory.sizes().items():
            taken.add_metric([kind], size)
        yield taken
        waiting = GaugeMetricFamily("backprop_waiting", "Requests that wait, by the line.", labels=["line"])
        refused = CounterMetricFamily(
            "backprop_refused", "Requests that were refused because too many waited.", labels=["line"]
        )
        for name, line in self._app.state.playground.lines.items():
            waiting.add_metric([name], line.waiting)
            refused.add_metric([name], line.refused)
        yield waiting
        yield refused

    def _values(self) -> Iterator[tuple[str, str, float]]:
        playground = self._app.state.playground
        yield "open_sockets", "Pages that watch a session.", playground.watchers.count
        yield "trainings", "Live trainings that run.", playground.trainings.count
        yield "memory_limit_bytes", "BACKPROP_MEMORY_MB in bytes.", playground.memory.most
        crowd = self._app.state.crowd
        if crowd is not None:
            yield "connections", "Open connections, sockets among them.", len(crowd)
        try:
            yield (
                "disk_free_bytes",
                "Free on the disk of the data directory.",
                shutil.disk_usage(playground.settings.data_dir).free,
            )
        except OSError:
            # It has been removed; /health/ready reports that.
            return


class Measured:
    """Counts requests and their time by route, which are few, whatever addresses clients ask for."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self.app = app
        labels = ["method", "route"]
        self._requests = Counter("backprop_requests", "Requests.", [*labels, "status"], registry=registry)
        self._seconds = Histogram(
            "backprop_request_seconds", "From the head of a request to the end of its answer.", labels,
            buckets=SECONDS, registry=registry,
        )  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # As nginx has it for a client that has gone before it was answered.
        start, status = time.perf_counter(), 499

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            route = scope.get("route")
            # A method can be any word.
            is_known = route is not None and scope["method"] in METHODS
            labels = (scope["method"] if is_known else OTHER, getattr(route, "path", OTHER))
            self._requests.labels(*labels, str(status)).inc()
            self._seconds.labels(*labels).observe(time.perf_counter() - start)


class Metrics:
    """All numbers of one server; a process may have several."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)

    @property
    def middleware(self) -> Middleware:
        """Goes around everything else."""
        return Middleware(Measured, registry=self._registry)

    def add_to(self, app: FastAPI) -> None:
        """Answer /metrics."""
        self._registry.register(Gauges(app))

        @app.get("/metrics", include_in_schema=False)
        async def metrics() -> Response:
            return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)
