"""The figures of the server, as Prometheus reads them."""

from __future__ import annotations

from backend.core.metrics import Metrics


def test_work_past_the_owners_is_counted_by_reason() -> None:
    """Each reason of system work is a figure of its own, read when asked."""
    counts = {"core": {"housekeeping": 2}}
    metrics = Metrics()
    metrics.count_unscoped(lambda: counts)
    counts["core"]["housekeeping"] = 3
    assert b'homie_unscoped_work_total{database="core",reason="housekeeping"} 3.0' in metrics.text()
