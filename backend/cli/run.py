"""`homie run`: become the server process."""

from __future__ import annotations

import os
import sys

import click


@click.command()
@click.option("--host", help="Address to listen on (HOMIE_HOST; 127.0.0.1 unless set).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (HOMIE_PORT; 8321 unless set).")
@click.option("--modules", help="Run only these modules, separated by commas (HOMIE_MODULES).")
@click.option("--workers", type=click.IntRange(0, 64), help="Number of job workers (HOMIE_WORKERS).")
@click.option("--no-app", is_flag=True, help="Serve the API only (HOMIE_APP=false).")
@click.option("--json", "as_json", is_flag=True, help="Log as JSON lines.")
def run(
    host: str | None, port: int | None, modules: str | None, workers: int | None, no_app: bool, as_json: bool
) -> None:
    """Start Homie: the server and its workers. Ctrl+C stops everything cleanly.

    The server must patch the standard library for gevent before anything else is imported, so this process is replaced
    by `python -m backend.main`.
    """
    environment = dict(os.environ)
    given = {
        "HOMIE_HOST": host,
        "HOMIE_PORT": None if port is None else str(port),
        "HOMIE_MODULES": modules,
        "HOMIE_WORKERS": None if workers is None else str(workers),
        "HOMIE_APP": "false" if no_app else None,
        "HOMIE_LOG_FORMAT": "json" if as_json else None,
    }
    environment.update({name: value for name, value in given.items() if value is not None})
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "backend.main"], environment)  # nosec B606: fixed arguments
