"""Home: what needs the person is shown in order, work is live, and every card leads somewhere."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from frontend.screens.home import greeting
from frontend.screens.home_cards import figure_value
from tests.frontend.screens.stage import V1, Stage, job, module, run
from tests.frontend.wire import page, refusal

LIVE_EVENTS = ["jobs.queued", "jobs.finished", "notifications.changed"]


def attention(kind: str, text: str, severity: str = "info", route: str = "/activity", **more: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "module": kind.partition(".")[0],
        "severity": severity,
        "count": 1,
        "text": text,
        "template": text,
        "params": {},
        "route": route,
        "since": None,
        "space_id": None,
        **more,
    }


def home(*items: Any, **more: Any) -> dict[str, Any]:
    card = {
        "module": "file_organizer",
        "title": "File Organizer",
        "icon": "folder",
        "state": "running",
        "reason": "",
        "answered": True,
        "text": "Nothing was tidied yet.",
        "template": "Nothing was tidied yet.",
        "params": {},
        "figures": [
            {"key": "suggestions", "text": "Suggestions", "template": "Suggestions", "value": 38.0, "unit": "count"}
        ],
        "route": "/file_organizer",
    }
    return {
        "attention": list(items),
        "modules": [card],
        "jobs": {"running": 0, "waiting": 0, "failed": 0},
        "backup": {"last_backup": None, "last_verified": None, "failing": False},
        "unread": 0,
        "refresh_on": LIVE_EVENTS,
        **more,
    }


def test_greeting_follows_the_time_of_day() -> None:
    """Nobody is wished a good morning at night."""
    assert [greeting(hour, "Anna").split(",")[0] for hour in (3, 6, 12, 20)] == [
        "Good evening",
        "Good morning",
        "Hello",
        "Good evening",
    ]


def test_what_needs_the_person_is_shown_most_urgent_first() -> None:
    """An error stands above advice, a module's own matter above core's of equal weight."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on(
            "GET",
            f"{V1}/home",
            home(
                attention("core.second_factor_off", "Protect your account."),
                attention("file_organizer.suggestions", "38 suggestions"),
                attention("core.backup_failed", "The last backup did not succeed.", "error", "/backups"),
                attention("core.jobs_running", "Work going on: 1"),
            ),
        )
        window = await stage.open("/")
        texts = window.texts()
        order = [texts.index(one) for one in ("The last backup did not succeed.", "38 suggestions")]
        assert order == sorted(order)
        assert texts.index("38 suggestions") < texts.index("Protect your account.")
        assert "Work going on: 1" not in texts  # running work is shown live instead
        assert window.shows("Anna")
        assert not window.shows("Berger")
        await window.click("38 suggestions")
        assert ("push_route", {"route": "/activity"}) in stage.window.wire.calls or window.page.route == "/activity"

    run(scenario)


def test_running_work_moves_by_events_and_can_be_stopped() -> None:
    """A tick changes the bar alone; stopping shows at once and is taken back when the hub refuses."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/home", home())
        stage.hub.on("GET", f"{V1}/jobs", page(job()))
        stage.hub.on("POST", f"{V1}/jobs/j1/cancel", refusal(409, "job_ended"))
        window = await stage.open("/")
        await window.until(lambda: window.shows("Make a backup"))
        await stage.hear("jobs.progressed", job_id="j1", kind="core.backup_module", progress=0.5, note="half way")
        assert window.shows("half way")
        assert [bar.value for bar in window.find("ProgressBar") if bar.value] == [0.5]
        await window.click("Stop Make a backup")
        assert stage.hub.calls("POST", f"{V1}/jobs/j1/cancel")
        assert window.shows("half way")  # refused: it goes on
        stage.hub.on("GET", f"{V1}/jobs/j1", job(state="done"))
        await stage.hear("jobs.finished", 2, job_id="j1", kind="core.backup_module", result=None)
        await window.until(lambda: not window.shows("Make a backup"))

    run(scenario)


def test_home_looks_again_after_the_events_that_the_hub_names() -> None:
    """Other events cost nothing."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/home", home())
        window = await stage.open("/")
        assert window.shows("All is well")
        before = len(stage.hub.calls("GET", f"{V1}/home"))
        await stage.hear("accounts.logged_in", 1)
        assert len(stage.hub.calls("GET", f"{V1}/home")) == before
        stage.hub.on("GET", f"{V1}/home", home(attention("core.no_backup", "There is no backup yet!", "warning")))
        await stage.hear("notifications.changed", 2)
        await window.until(lambda: window.shows("There is no backup yet!"))

    run(scenario)


@pytest.mark.parametrize("admin", [True, False])
def test_a_household_without_folders_is_led_to_its_first_ones(admin: bool) -> None:
    """Who may choose gets the button; the others are told whom to ask."""

    async def scenario() -> None:
        stage = Stage(admin=admin)
        stage.hub.on("GET", f"{V1}/home", home(attention("core.no_folders", "Choose folders", "warning", "/folders")))
        window = await stage.open("/")
        assert window.shows("Let us begin with your folders")
        assert window.shows("Choose folders") == admin
        assert window.shows("Ask the administrator") != admin

    run(scenario)


def test_home_that_cannot_be_read_says_what_to_do_and_tries_again() -> None:
    """Offline shows words and a button, and the button works."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/home", httpx.ConnectError("nobody"))
        window = await stage.open("/")
        await window.until(lambda: window.shows("No connection to Homie"))
        stage.hub.on("GET", f"{V1}/home", home())
        await window.click("Try again")
        await window.until(lambda: window.shows("All is well"))

    run(scenario)


def test_home_speaks_german() -> None:
    """Texts of the app follow the language."""

    async def scenario() -> None:
        stage = Stage(language="de")
        stage.hub.on("GET", f"{V1}/home", home())
        window = await stage.open("/")
        assert window.shows("Alles in Ordnung")
        assert window.shows("Was dich braucht")

    run(scenario)


def test_a_broken_module_says_why_on_its_card() -> None:
    """Instead of figures there is the reason."""

    async def scenario() -> None:
        stage = Stage()
        broken = home()
        broken["modules"][0] |= {
            "state": "setup_error",
            "answered": False,
            "reason": "A program is missing.",
            "figures": [],
        }
        stage.hub.on("GET", f"{V1}/home", broken)
        stage.hub.on("GET", f"{V1}/modules", {"items": [module(state="setup_error")]})
        window = await stage.open("/")
        assert window.shows("A program is missing.")
        assert window.shows("Does not work")

    run(scenario)


@pytest.mark.parametrize(
    ("value", "unit", "shown"), [(1200.0, "count", "1,200"), (2_000_000.0, "bytes", "2 MB"), (81.0, "percent", "81%")]
)
def test_figures_are_written_as_their_unit_asks(value: float, unit: str, shown: str) -> None:
    """Counts have separators, bytes units, hundredths a sign."""
    figure: Any = {"key": "k", "text": "", "template": "", "value": value, "unit": unit}
    assert figure_value(figure) == shown
