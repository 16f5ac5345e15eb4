"""What the front costs: a light request through it against the same request to a hub that answers itself.

    python -m benchmarks.front [--seconds 8]

Both hubs run at the same time and are asked in turns, so that a busy machine troubles both alike.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.latency import measure
from benchmarks.report import Figure, percentile, show
from tests.hub import Hub

TURNS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    seconds = parser.parse_args().seconds
    free = {"HOMIE_REQUESTS_PER_MINUTE": "1000000"}
    with (
        tempfile.TemporaryDirectory() as folder,
        Hub(Path(folder) / "app" / "data", free, app=True) as front,
        Hub(Path(folder) / "alone" / "data", free) as alone,
    ):
        tokens = {id(hub): hub.set_up() for hub in (front, alone)}
        taken: dict[int, list[float]] = {id(front): [], id(alone): []}
        for turn in range(TURNS + 1):
            for hub in (front, alone):
                values = measure(hub, tokens[id(hub)], seconds / TURNS / 2)
                taken[id(hub)] += values if turn else []  # the first turn warms up
    figures = [
        Figure(f"light request, p{share:.0%}".replace("%", ""), ours, "ms", peer, "direct")
        for share in (0.5, 0.95, 0.99)
        for ours, peer in [(percentile(taken[id(front)], share), percentile(taken[id(alone)], share))]
    ]
    show("The front", figures)


if __name__ == "__main__":
    main()
