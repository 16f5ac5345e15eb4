"""On a real server: news and modules' states arrive at sockets, of one's own spaces only; who asks who the hub is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.core.runtime.conftest import Ear, Person, anna, bert, ear, eventually, hub
from tests.engines import installation_engine, postgres_server
from tests.hub import Hub

__all__ = ["anna", "bert", "ear", "hub", "installation_engine", "postgres_server"]

pytestmark = pytest.mark.usefixtures("installation_engine")


def told(listener: Ear, name: str) -> list[dict[str, Any]]:
    return [event for event in listener.all("event") if event["name"] == name]


def test_a_log_in_is_news_on_the_other_devices(hub: Hub, anna: Person, bert: Person, ear: Callable[..., Ear]) -> None:
    """Row, unread count and live event; the other person hears nothing."""
    mine, other = ear(anna.token).connect(), ear(bert.token).connect()
    before = hub.get("/api/v1/notifications/unread", token=anna.token).json["unread"]
    hub.log_in("anna")
    (event, *_) = eventually(lambda: told(mine, "notifications.changed"))
    assert (event["owner_id"], event["payload"]["kind"]) == (anna.space, "accounts.logged_in")
    assert hub.get("/api/v1/notifications/unread", token=anna.token).json["unread"] == before + 1
    newest = hub.get("/api/v1/notifications?limit=1", token=anna.token).json
    assert newest["items"][0]["kind"] == "accounts.logged_in"
    assert hub.post("/api/v1/notifications/read", token=anna.token).json == {"unread": 0}
    assert told(other, "notifications.changed") == []


def test_a_module_that_starts_or_fails_is_told_to_everybody(
    hub: Hub, anna: Person, bert: Person, ear: Callable[..., Ear]
) -> None:
    """Each in their own private room; a failure is news for the administrator."""
    listeners = [(anna, ear(anna.token).connect()), (bert, ear(bert.token).connect())]
    hub.post("/api/v1/modules/bad_setup/start", token=anna.token)
    for person, listener in listeners:
        states = eventually(
            lambda listener=listener: [
                event
                for event in told(listener, "modules.changed")
                if event["payload"] == {"module_id": "bad_setup", "state": "setup_error"}
            ]
        )
        assert states[0]["owner_id"] == person.space
    kinds = lambda who: [  # noqa: E731
        item["kind"] for item in hub.get("/api/v1/notifications", token=who.token).json["items"]
    ]
    eventually(lambda: "modules.failed" in kinds(anna))
    assert "modules.failed" not in kinds(bert)


def test_home_answers_while_modules_are_broken(hub: Hub, anna: Person) -> None:
    """The first answer wakes the modules; broken ones are shown with their reason and never again waited for."""
    hub.get("/api/v1/home", token=anna.token)

    def settled() -> Any:
        home = hub.get("/api/v1/home", token=anna.token).json
        states = {card["module"]: card["state"] for card in home["modules"]}
        return home if states["good"] == "running" and states["bad_models"] == "migration_error" else None

    home = eventually(settled)
    assert "secret" not in str(home)


def test_the_hub_says_who_it_is_to_anybody_and_nothing_more(hub: Hub, anna: Person) -> None:
    """Name, version and an id that stays; addresses need a log-in, and a hub on loopback says so."""
    who = hub.get("/api/v1/server")
    assert (who.status, set(who.json)) == (200, {"id", "name", "version", "api"})
    assert hub.get("/api/v1/server").json == who.json
    assert hub.get("/api/v1/server/addresses").status == 401
    where = hub.get("/api/v1/server/addresses", token=anna.token).json
    assert (where["reachable"], where["discovery"], where["qr"]) == (False, False, None)
    assert [address["url"] for address in where["addresses"]] == [f"{hub.url}/"]
    code = hub.post("/api/v1/server/qr", {"url": hub.url, "invitation": "ABC/1"}, token=anna.token).json
    assert code["text"] == f"{hub.url}/invite#code=ABC%2F1"
    assert len(code["rows"]) == code["size"] == len(code["rows"][0])
    assert hub.post("/api/v1/server/qr", {"url": "http://elsewhere/"}, token=anna.token).status == 422
