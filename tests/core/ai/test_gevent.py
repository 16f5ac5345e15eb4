"""In the web process (gevent): calls of several people run side by side; in native threads each has its own client."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backend.sdk.actor import Actor
from backend.sdk.ai import AiSource
from backend.sdk.ids import new_id
from tests.core.ai.conftest import TASK, Hub, local_choice, payload_of
from tests.core.ai.wire_servers import WireServer

_PATCHED = """
from gevent import monkey
monkey.patch_all()
import sys
from pathlib import Path
import gevent
from gevent.threadpool import ThreadPool
from backend.core.ai.settings import AiConfig
from backend.sdk.actor import Actor
from backend.sdk.ids import new_id
from tests.core.ai.conftest import Hub, TASK, local_choice, payload_of

url, key, folder = sys.argv[1:]
hub = Hub(Path(folder), AiConfig(gemini_base_url=url))
hub.choose(provider="gemini")
hub.ai.keys.put("gemini", key)
hub.ai.warm_up()
actor = Actor.of(new_id())
hub.agree(actor)

def ask(number):
    payload = payload_of(f"file {'abcdefghijklmnop'[number]}.pdf")
    answer = hub.ai.run(actor, TASK, payload, local_choice(payload))
    return f"{answer.source} {answer.notice}"

greenlets = [gevent.spawn(ask, number) for number in range(10)]
gevent.joinall(greenlets, timeout=60)
print([greenlet.value for greenlet in greenlets])
pool = ThreadPool(1)
print([pool.apply(ask, (10,)), ask(11)])
hub.close()
"""


@pytest.mark.usefixtures("installation_engine")
def test_ten_calls_run_side_by_side_in_the_web_process(gemini: WireServer, tmp_path: Path) -> None:
    """The server answers only when all ten requests have arrived: a client that waits in turn would never finish.

    Afterwards a native thread of the same process asks with a client of its own.
    """
    gemini.together = 10
    command = [sys.executable, "-W", "error::ResourceWarning", "-c", _PATCHED, gemini.url, gemini.key, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=Path(__file__).parents[3])
    lines = [line for line in done.stdout.splitlines() if line.startswith("[")]
    assert lines == [repr(["gemini None"] * 10), repr(["gemini None"] * 2)], done.stdout[-2000:] + done.stderr[-3000:]


def test_native_threads_of_a_worker_ask_at_the_same_time(hub: Hub, gemini: WireServer) -> None:
    """Each thread has its own client; every call is booked once."""
    actor = Actor.of(new_id())
    hub.agree(actor)

    def ask(number: int) -> AiSource:
        payload = payload_of("file " + "x" * (number + 1))
        return hub.ai.run(actor, TASK, payload, local_choice(payload)).source

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(12))) == {AiSource.GEMINI}
    assert hub.ai.ledger.usage(actor)[0].calls == 12
