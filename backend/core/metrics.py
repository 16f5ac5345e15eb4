"""Numbers for Prometheus: requests, latency, sockets, modules. No label ever names a person, a file or an address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Hold the figures of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.requests = Counter(
            "homie_http_requests", "Answered requests.", ["area", "method", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "homie_http_seconds", "Time to the first byte of an answer.", ["area"], registry=self.registry
        )
        self.socket_events = Counter(
            "homie_socket_events", "Socket events by outcome.", ["direction", "outcome"], registry=self.registry
        )

    def gauge(self, name: str, about: str, read: Callable[[], float]) -> None:
        """Add a figure that is read when asked for."""
        Gauge(name, about, registry=self.registry).set_function(read)

    def count_unscoped(self, read: Callable[[], Mapping[str, Mapping[str, int]]]) -> None:
        """Add how often each database was read past the owners, by reason; `read` gives database -> reason -> count."""
        self.registry.register(_UnscopedWork(read))

    def text(self) -> bytes:
        """Return everything in the text format."""
        return generate_latest(self.registry)


class _UnscopedWork(Collector):
    """Read the databases' own counts when somebody asks."""

    def __init__(self, read: Callable[[], Mapping[str, Mapping[str, int]]]) -> None:
        self._read = read

    def collect(self) -> Iterable[CounterMetricFamily]:
        family = CounterMetricFamily(
            "homie_unscoped_work", "System work that looked past the owners, by reason.", labels=["database", "reason"]
        )
        for database, reasons in self._read().items():
            for reason, count in list(reasons.items()):
                family.add_metric([database, reason], count)
        yield family
