"""Start Homie's server: core services only; modules start when somebody uses them.

The standard library is patched for gevent before anything else is imported; a late patch is an error, not a warning.
"""

from __future__ import annotations

import warnings

from gevent import events, monkey

warnings.simplefilter("error", monkey.MonkeyPatchWarning)
# Before each of 25 patches gevent would look through all installed packages for one that wants to hear of it: none
# does, and none should, and looking takes longer than all patches together.
events.notify_and_call_entry_points = events.notify
monkey.patch_all()

from backend.sdk import thread_locks

thread_locks.install()

import argparse
import gc
import os
import signal
import sys
from typing import TYPE_CHECKING, Any


def _quit_while_starting(*_: object) -> None:
    """End at once: nothing has begun that a start could not take up again."""
    os._exit(130)


for _number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(_number, _quit_while_starting)

# Imports make objects that stay; looking for cycles among them again and again would be a quarter of the start.
gc.disable()

import gevent
from gevent.event import Event

from backend.core.lean_imports import unseen

with unseen("rich"):
    import structlog  # noqa: F401  # before whoever logs: it would print with rich, which our logs do not

from backend.core.logs import configure_logs
from backend.core.settings import HomieSettings, load_settings
from backend.sdk.errors import HomieError

if TYPE_CHECKING:
    from backend.core.hub import Hub


def main(argv: list[str] | None = None) -> int:
    """Run the server until Ctrl+C or SIGTERM; return the exit code."""
    stop = _stop_on_signals()
    settings = None
    try:
        settings = load_settings(**_options(argv))
        configure_logs(settings)
        hub = _open_hub(settings)
        address = hub.start()
        gc.freeze()
        gc.enable()
    except HomieError as error:
        _explain(error, settings)
        return 1
    _greet(hub, settings.public_url or address)
    stop.wait()
    print("Homie is stopping ...", flush=True)
    hub.stop()
    print("Homie has stopped.", flush=True)
    return 0


def _open_hub(settings: HomieSettings) -> Hub:
    """Import and make the server. Of what Socket.IO can work with it sees what the settings ask for."""
    queues = () if settings.redis else ("redis", "valkey")
    with unseen("aiohttp", "requests", "websocket", "kombu", "kafka", *queues):
        import flask_socketio  # noqa: F401

    from backend.core.hub import Hub
    from backend.core.platform import Platform

    return Hub(Platform.open(settings, role="web"))


def _options(argv: list[str] | None) -> dict[str, Any]:
    """Read the command line; what is given there also counts for the workers, which read the environment."""
    parse = argparse.ArgumentParser(prog="python -m backend.main", description="Start Homie's server.")
    parse.add_argument("--host", help="address to listen on (HOMIE_HOST)")
    parse.add_argument("--port", help="port to listen on (HOMIE_PORT)")
    parse.add_argument("--modules", help="run only these modules, separated by commas (HOMIE_MODULES)")
    given = {name: value for name, value in vars(parse.parse_args(argv)).items() if value is not None}
    os.environ.update({f"HOMIE_{name.upper()}": value for name, value in given.items()})
    return {}


def _stop_on_signals() -> Event:
    """Return an event that Ctrl+C or SIGTERM sets; a second one ends the process at once."""
    stop = Event()

    def on_signal() -> None:
        if stop.is_set():
            os._exit(130)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, on_signal)
    return stop


def _greet(hub: Hub, address: str) -> None:
    print(f"Homie {hub.platform.version} is ready at {address}", flush=True)
    if code := hub.platform.accounts.setup_code():
        print("Nobody has an account yet. Make the first one with this code, which works once:", flush=True)
        print(f"  Set-up code: {code}", flush=True)
    print("Stop it with Ctrl+C.", flush=True)


def _explain(error: HomieError, settings: HomieSettings | None) -> None:
    print(f"Homie cannot start: {error.message}", file=sys.stderr)
    for field in error.fields:
        print(f"  {field.name}: {field.problem} {field.remedy}".rstrip(), file=sys.stderr)
    if settings is None:
        return
    from backend.core.engine_diagnosis import check_engines
    from backend.core.findings import Level

    for finding in check_engines(settings):
        if finding.level is Level.ERROR:
            print(f"  {finding.subject}: {finding.says} {finding.remedy}", file=sys.stderr)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # The interpreter's own end takes half a second and may wait for native threads; everything is closed already.
    os._exit(code)
