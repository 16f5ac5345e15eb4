"""Notifications: read, put away and counted at once, taken back when the hub refuses."""

from __future__ import annotations

from typing import Any

from tests.frontend.screens.stage import NOW, V1, Stage, run
from tests.frontend.wire import refusal


def news(id_: str, text: str, *, unread: bool = True, route: str = "/more") -> dict[str, Any]:
    return {
        "id": id_,
        "space_id": "o1",
        "module": "core",
        "kind": "jobs.failed",
        "severity": "error",
        "text": text,
        "template": text,
        "params": {},
        "route": route,
        "count": 1,
        "unread": unread,
        "created_at": NOW,
        "changed_at": NOW,
    }


def told(*items: Any) -> dict[str, Any]:
    return {"items": list(items), "next_cursor": None, "unread": sum(one["unread"] for one in items)}


def test_opening_news_reads_it_and_leads_to_its_place() -> None:
    """The count falls at once."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/notifications", told(news("n1", "Work did not succeed")))
        stage.hub.on("POST", f"{V1}/notifications/n1/read", {"unread": 0})
        window = await stage.open("/notifications")
        await window.until(lambda: window.shows("Work did not succeed"))
        assert stage.session.notifications.unread == 1
        line = window.find("ListTile")[0]
        await window.fire(line, "click")
        await window.until(lambda: stage.hub.calls("POST", f"{V1}/notifications/n1/read"))
        assert stage.session.notifications.unread == 0

    run(scenario)


def test_putting_away_is_taken_back_when_the_hub_refuses() -> None:
    """The line comes back to its place."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/notifications", told(news("n1", "one"), news("n2", "two")))
        stage.hub.on("DELETE", f"{V1}/notifications/n1", refusal(409, "busy"))
        window = await stage.open("/notifications")
        await window.until(lambda: window.shows("one"))
        await window.click("Put away: one")
        await window.until(lambda: window.shows("Words about busy."))
        assert [one["id"] for one in stage.session.notifications.news.items] == ["n1", "n2"]

    run(scenario)


def test_news_arrive_live() -> None:
    """What happens while one looks is shown."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/notifications", told())
        window = await stage.open("/notifications")
        await window.until(lambda: window.shows("Nothing new"))
        stage.hub.on("GET", f"{V1}/notifications", told(news("n1", "A device was logged in")))
        await stage.hear("notifications.changed", 1, notification_id="n1", kind="x")
        await window.until(lambda: window.shows("A device was logged in"))

    run(scenario)


def test_kinds_of_news_are_switched_off_one_by_one() -> None:
    """Only the list of kinds that are off is changed; the rest of the preferences stays."""

    async def scenario() -> None:
        stage = Stage()
        kept = {"notifications": {"enabled": True, "off": ["a.one"]}}
        stage.hub.on("GET", f"{V1}/accounts/preferences", kept)
        stage.hub.on("PATCH", f"{V1}/accounts/preferences", kept)
        stage.hub.on("PUT", f"{V1}/accounts/preferences", kept)
        kinds = [{"kind": kind, "title": kind, "module": "core", "severity": "info"} for kind in ("a.one", "a.two")]
        stage.hub.on("GET", f"{V1}/notifications/kinds", {"items": kinds})
        window = await stage.open("/settings/notifications")
        await window.until(lambda: window.shows("a.two"))
        switches = window.find("Switch")
        assert [one.value for one in switches] == [True, False, False, True]  # all, quiet hours, a.one, a.two
        window.session.apply_patch(switches[3]._i, {"value": False})
        await window.fire(switches[3], "change", False)
        sent = [one for one in stage.hub.asked if one.url.path.endswith("/preferences") and one.method != "GET"]
        assert b"a.one" in sent[-1].content
        assert b"a.two" in sent[-1].content
        assert b"enabled" in sent[-1].content

    run(scenario)
