"""What holds for every test."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Nothing is timed in tests: an example that takes 300 ms on a busy machine says nothing of what is tested.
settings.register_profile("homie", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("homie")

LINES_AT_ONCE = 25
"""How much of a failure's report is written at once; all of it stands at the end."""


@pytest.hookimpl(optionalhook=True)  # pytest-xdist is asked to be there only by who shares the tests among processes
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share the tests among processes one by one, but all browser tests to one of them.

    A file of browser tests makes its household once, and its tests go on in it: two processes would make it twice, and
    each would find only half of what happened. Two browsers at once also want more than the machine of CI has (a load
    of 9 on 2 cores), and what waits for the other's picture runs out of patience. The `xdist_group` mark could say the
    same, but pytest 9.2 takes no new id of a test from pytest-xdist 3.8, and the mark is without effect.
    """
    from xdist.scheduler import LoadScopeScheduling

    class OneBrowser(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "browser" if nodeid.startswith("tests/e2e/") else nodeid

    return OneBrowser(config, log)


class FailuresAtOnce:
    """Say what failed when it fails: a run that is cut off at the end must not keep it to itself."""

    def __init__(self, terminal: Any) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write the test's name and the end of its report, also where it is tried once more."""
        if report.outcome not in ("passed", "skipped"):
            self._terminal.ensure_newline()
            self._terminal.write_line(f"{report.outcome.upper()} NOW: {report.nodeid} ({report.when})", red=True)
            for line in report.longreprtext.splitlines()[-LINES_AT_ONCE:]:
                self._terminal.write_line(f"    {line[:200]}")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Say failures at once where tests are counted: not in the processes that share them."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(FailuresAtOnce(terminal), "failures-at-once")


@pytest.fixture(autouse=True, scope="module")
def leaks_show_where_they_were_made() -> Iterator[None]:
    """Collect garbage at the end of each file: a socket left open fails there, not in a later, innocent test."""
    yield
    gc.collect()
